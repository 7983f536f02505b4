//! Run with `cargo run --example with_hyper`, then `curl -i http://127.0.0.1:3000/notes/1` and
//! `curl -i http://127.0.0.1:3000/scim/v2/Users`.

#[path = "application.rs"]
mod application;

use std::io;
use std::net::TcpListener;

use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use scim_http::{ConditionalRequest, Refused, ScimBody, ScimError, add_etag_to_response};

use application::{Notes, Scim};

// Mounting.
async fn answer(scim: Scim, notes: Notes, request: Request<Incoming>) -> Response<ScimBody> {
    match request.uri().path().strip_prefix("/notes/") {
        Some(name) => {
            let name = name.to_owned();
            let answer = note(&notes, &name, request).await;
            answer.unwrap_or_else(Refused::into_response)
        }
        None => scim.handle(request).await,
    }
}

// By hand.
async fn note(
    notes: &Notes,
    name: &str,
    request: Request<Incoming>,
) -> Result<Response<ScimBody>, Refused> {
    let conditional = ConditionalRequest::new(request.method(), request.headers())?;
    let (text, version) = match *request.method() {
        Method::GET | Method::HEAD => notes.read(name, &conditional)?,
        Method::PUT => match text(request.into_body()).await {
            Ok(text) => notes.replace(name, conditional, text)?,
            Err(status) => return Ok(ScimError::new(status, "no text").into_response()),
        },
        _ => return Ok(ScimError::new(StatusCode::METHOD_NOT_ALLOWED, "GET, PUT").into_response()),
    };
    let mut response = Response::new(ScimBody::from(text.into_bytes()));
    add_etag_to_response(&mut response, &version);
    Ok(response)
}

// The rest.
async fn text(body: Incoming) -> Result<String, StatusCode> {
    let collected = Limited::new(body, 64 * 1024).collect().await;
    let octets = collected
        .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?
        .to_bytes();
    String::from_utf8(octets.into()).map_err(|_| StatusCode::BAD_REQUEST)
}

pub(crate) fn serve(listener: TcpListener) -> io::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (scim, notes) = (application::scim(), Notes::default());
        loop {
            let (stream, _) = listener.accept().await?;
            let (scim, notes) = (scim.clone(), notes.clone());
            tokio::spawn(async move {
                let service = service_fn(move |request| {
                    let (scim, notes) = (scim.clone(), notes.clone());
                    async move { Ok::<_, std::convert::Infallible>(answer(scim, notes, request).await) }
                });
                let connections = Builder::new(TokioExecutor::new());
                // A client that goes away is no error of the server.
                let _ = connections.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    })
}

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:3000")?;
    listener.set_nonblocking(true)?;
    serve(listener)
}
