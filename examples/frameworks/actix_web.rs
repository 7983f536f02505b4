//! Run with `cargo run --example with_actix_web`, then `curl -i http://127.0.0.1:3000/notes/1` and
//! `curl -i http://127.0.0.1:3000/scim/v2/Users`.

#![expect(clippy::future_not_send, reason = "requests stay on a thread")]

#[path = "application.rs"]
mod application;

use std::io;
use std::net::TcpListener;

use actix_web::error::ErrorBadRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Path, PayloadConfig, resource};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, Result, guard};
use http::{Method, Response};
use http_body_util::Full;
use scim_http::{ConditionalRequest, Refused, ScimBody, request_of, versioned_response};

use application::{LIMIT, Notes, Scim};

type All = (Scim, Notes);
type Answer = Result<HttpResponse>;

// Mounting.
async fn mounted(head: HttpRequest, body: Result<Bytes>, all: Data<All>) -> Answer {
    // Too long, unless the client is gone: for the service too, which says so in SCIM's words.
    let body = Full::new(body.unwrap_or_else(|_| vec![b' '; LIMIT + 1].into()));
    let (method, target, headers) = (head.method(), head.uri().to_string(), head.headers());
    let answer = all.0.handle_request_of(method, target, headers, body);
    older(answer.await)
}

/// As actix-web wants it, which has the types of an older `http`.
fn older(newer: Response<ScimBody>) -> Answer {
    let status = StatusCode::from_u16(newer.status().as_u16());
    let mut older = HttpResponse::build(status.map_err(ErrorBadRequest)?);
    let headers = newer.headers().iter();
    headers.for_each(|(n, v)| _ = older.append_header((n.as_str(), v.as_bytes())));
    Ok(older.body(newer.into_body().into_bytes()))
}

// By hand.
async fn note(head: HttpRequest, name: Path<String>, text: String, all: Data<All>) -> Answer {
    let request = request_of(head.method(), head.uri().to_string(), head.headers(), ());
    let request = request.map_err(ErrorBadRequest)?;
    let new = (request.method() == Method::PUT).then_some(text);
    let request = ConditionalRequest::new(request.method(), request.headers());
    let note = request.and_then(|request| all.1.note(&name, request, new));
    older(note.map_or_else(Refused::into_response, |(text, version)| {
        versioned_response(text, &version)
    }))
}

// The rest.
pub(crate) fn serve(listener: TcpListener) -> io::Result<()> {
    let all = Data::new((application::scim(), Notes::default()));
    let server = HttpServer::new(move || {
        let served = guard::Any(guard::Get()).or(guard::Head()).or(guard::Put());
        let note = resource("/notes/{name}").guard(served).to(note);
        let scim = resource("/scim/v2/{rest:.*}").to(mounted);
        let limit = PayloadConfig::new(LIMIT);
        let app = App::new().app_data(all.clone()).app_data(limit);
        app.service(note).service(scim)
    });
    let server = server.workers(2).disable_signals().listen(listener)?;
    actix_web::rt::System::new().block_on(server.run())
}

fn main() -> io::Result<()> {
    serve(application::listener()?)
}
