//! Run with `cargo run --example with_actix_web`, then `curl -i http://127.0.0.1:3000/notes/1` and
//! `curl -i http://127.0.0.1:3000/scim/v2/Users`.

#![expect(clippy::future_not_send, reason = "requests stay on a thread")]

#[path = "application.rs"]
mod application;

use std::io;
use std::net::TcpListener;

use actix_web::error::ErrorBadRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload, resource};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, Result, guard};
use http::{Method, Request, Response};
use http_body_util::Full;
use scim_http::{ConditionalRequest, Refused, ScimBody, versioned_response};

use application::{LIMIT, Notes, Scim};

type All = (Scim, Notes);
type Answer = Result<HttpResponse>;

// Mounting: actix-web has the types of an older `http`.
fn newer<B>(head: &HttpRequest, body: B) -> Result<Request<B>> {
    let newer = Request::builder().method(head.method().as_str());
    let newer = newer.uri(head.uri().to_string());
    let headers = head.headers().iter();
    let newer = headers.fold(newer, |all, (n, v)| all.header(n.as_str(), v.as_bytes()));
    newer.body(body).map_err(ErrorBadRequest)
}

fn older(response: Response<ScimBody>) -> Answer {
    let status = StatusCode::from_u16(response.status().as_u16());
    let mut older = HttpResponse::build(status.map_err(ErrorBadRequest)?);
    let headers = response.headers().iter();
    headers.for_each(|(n, v)| _ = older.append_header((n.as_str(), v.as_bytes())));
    Ok(older.body(response.into_body().into_bytes()))
}

async fn mounted(head: HttpRequest, body: Payload, all: Data<All>) -> Answer {
    let body = body.to_bytes_limited(LIMIT).await;
    // Too long for the service too, which says so in SCIM's words.
    let body = body.unwrap_or_else(|_| Ok(vec![b' '; LIMIT + 1].into()))?;
    older(all.0.handle(newer(&head, Full::new(body))?).await)
}

// By hand.
async fn note(head: HttpRequest, name: Path<String>, text: String, all: Data<All>) -> Answer {
    let request = newer(&head, ())?;
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
        App::new().app_data(all.clone()).service(note).service(scim)
    });
    let server = server.workers(2).disable_signals().listen(listener)?;
    actix_web::rt::System::new().block_on(server.run())
}

fn main() -> io::Result<()> {
    serve(application::listener()?)
}
