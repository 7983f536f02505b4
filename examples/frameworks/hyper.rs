//! Run with `cargo run --example with_hyper`, then `curl -i http://127.0.0.1:3000/notes/1` and
//! `curl -i http://127.0.0.1:3000/scim/v2/Users`.

#[path = "application.rs"]
mod application;

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;

use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use scim_http::{ConditionalRequest, Refused, ScimBody, ScimError, versioned_response};

use application::{LIMIT, Notes, Scim};

// Mounting.
async fn answer(scim: Scim, notes: Notes, request: Request<Incoming>) -> Response<ScimBody> {
    match request.uri().path().strip_prefix("/notes/") {
        Some(name) => note(notes, name.to_owned(), request).await,
        None => scim.handle(request).await,
    }
}

// By hand.
async fn note(notes: Notes, name: String, request: Request<Incoming>) -> Response<ScimBody> {
    let named = ConditionalRequest::new(request.method(), request.headers());
    let new = match *request.method() {
        Method::GET | Method::HEAD => None,
        Method::PUT => match Limited::new(request, LIMIT).collect().await {
            Ok(text) => Some(String::from_utf8_lossy(&text.to_bytes()).into_owned()),
            Err(_) => {
                return ScimError::new(StatusCode::PAYLOAD_TOO_LARGE, "too long").into_response();
            }
        },
        _ => return ScimError::new(StatusCode::METHOD_NOT_ALLOWED, "GET, PUT").into_response(),
    };
    let note = named.and_then(|named| notes.note(&name, named, new));
    note.map_or_else(Refused::into_response, |(text, version)| {
        versioned_response(text, &version)
    })
}

// The rest.
pub(crate) fn serve(listener: TcpListener) -> io::Result<()> {
    let (scim, notes) = (application::scim(), Notes::default());
    let service = service_fn(move |request| {
        let answer = answer(scim.clone(), notes.clone(), request);
        async { Ok::<_, Infallible>(answer.await) }
    });
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        loop {
            let (stream, service) = (listener.accept().await?.0, service.clone());
            tokio::spawn(async {
                let connections = Builder::new(TokioExecutor::new());
                // A client that goes away is no error of the server.
                _ = connections
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    })
}

fn main() -> io::Result<()> {
    serve(application::listener()?)
}
