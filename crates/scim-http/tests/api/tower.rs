//! The service as one of tower's.

use std::convert::Infallible;

use http::{Request, Response, StatusCode};
use scim_http::ScimBody;
use tower_service::Service;

use crate::support::{get, service};

#[tokio::test]
async fn it_answers_like_handle_and_fits_where_servers_want_it() {
    async fn serve<S, B>(mut service: S, request: Request<B>) -> S::Response
    where
        S: Service<Request<B>, Response = Response<ScimBody>, Error = Infallible>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        let Ok(answer) = service.call(request).await;
        answer
    }
    let answer = serve(service(), get("/Users").request()).await;
    assert_eq!(answer.status(), StatusCode::OK);
}
