//! Run with `cargo run --example with_hyper`, then `curl -i http://127.0.0.1:3000/notes/1` and
//! `curl -i http://127.0.0.1:3000/scim/v2/Users`.

#[path = "application.rs"]
mod application;

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;

use http::header::{ALLOW, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use scim_http::{ConditionalRequest, Refused, ScimBody, ScimError};
use scim_http::{read_content, versioned_response};

use application::{LIMIT, Notes, Scim};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, PUT");
/// Where notes of the application's own are.
const NOTES: &str = "/notes/";

// Mounting.
async fn answer(scim: Scim, notes: Notes, request: Request<Incoming>) -> Response<ScimBody> {
    if request.uri().path().starts_with(NOTES) {
        let note = note(notes, request).await;
        return note.unwrap_or_else(Refused::into_response);
    }
    scim.handle(request).await
}

// By hand.
async fn note(notes: Notes, request: Request<Incoming>) -> Result<Response<ScimBody>, Refused> {
    let named = ConditionalRequest::new(request.method(), request.headers())?;
    let name = request.uri().path().strip_prefix(NOTES);
    let name = name.unwrap_or_default().to_owned();
    let new = match *request.method() {
        Method::GET | Method::HEAD => None,
        Method::PUT => Some(read_content(request.into_body(), LIMIT).await?),
        _ => Err(not_allowed())?,
    };
    let new = new.map(|text| String::from_utf8_lossy(&text).into_owned());
    let (text, version) = notes.note(&name, named, new)?;
    Ok(versioned_response(text, &version))
}

// The rest.
fn not_allowed() -> ScimError {
    ScimError::new(StatusCode::METHOD_NOT_ALLOWED, "GET or PUT").with_header(ALLOW, METHODS)
}

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
