//! The service as one of `tower`, for axum, hyper-util, tonic and others.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use scim_ops::provider::ResourceProvider;
use tower_service::Service;

use super::ScimService;
use crate::ScimBody;

/// Always ready; see [`ScimService::handle`].
impl<P, B> Service<Request<B>> for ScimService<P>
where
    P: ResourceProvider + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    type Response = Response<ScimBody>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<ScimBody>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.handle(request).await) })
    }
}
