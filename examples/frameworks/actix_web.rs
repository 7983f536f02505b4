//! Run with `cargo run --example with_actix_web`, then `curl -i http://127.0.0.1:3000/notes/1` and
//! `curl -i http://127.0.0.1:3000/scim/v2/Users`.

#[path = "application.rs"]
mod application;

use std::io;
use std::net::TcpListener;

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, BytesMut, Data, Path, Payload};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use futures_util::StreamExt;
use http::{Request, Response};
use http_body_util::Full;
use scim_http::version::ScimVersion;
use scim_http::{ConditionalRequest, Refused, ScimBody, add_etag_to_response};

use application::{Notes, SCIM, Scim};

// Mounting: actix-web has the types of an older `http`.
fn newer<B>(request: &HttpRequest, body: B) -> Result<Request<B>, http::Error> {
    let newer = Request::builder().method(request.method().as_str());
    let newer = newer.uri(request.uri().to_string());
    let headers = request.headers().iter();
    let newer = headers.fold(newer, |all, (n, v)| all.header(n.as_str(), v.as_bytes()));
    newer.body(body)
}

fn older(response: Response<ScimBody>) -> HttpResponse {
    let status = StatusCode::from_u16(response.status().as_u16());
    let mut older = HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    for (name, value) in response.headers() {
        older.append_header((name.as_str(), value.as_bytes()));
    }
    older.body(response.into_body().into_bytes())
}

async fn mounted(
    request: HttpRequest,
    body: Payload,
    scim: Data<Scim>,
) -> actix_web::Result<HttpResponse> {
    let body = Full::new(some_more(body, 64 * 1024).await?);
    let request = newer(&request, body).map_err(actix_web::error::ErrorBadRequest)?;
    Ok(older(scim.handle(request).await))
}

// By hand.
fn conditional(request: &HttpRequest) -> Result<ConditionalRequest, Refused> {
    let request = newer(request, ()).map_err(|_| Refused::NotFound)?;
    ConditionalRequest::new(request.method(), request.headers())
}

fn answer(answer: Result<(String, ScimVersion), Refused>) -> HttpResponse {
    older(
        answer.map_or_else(Refused::into_response, |(text, version)| {
            let mut response = Response::new(ScimBody::from(text.into_bytes()));
            add_etag_to_response(&mut response, &version);
            response
        }),
    )
}

async fn read(request: HttpRequest, name: Path<String>, notes: Data<Notes>) -> HttpResponse {
    answer(conditional(&request).and_then(|named| notes.read(&name, &named)))
}

async fn replace(
    request: HttpRequest,
    name: Path<String>,
    notes: Data<Notes>,
    text: String,
) -> HttpResponse {
    answer(conditional(&request).and_then(|named| notes.replace(&name, named, text)))
}

// The rest.
/// All of a body, or more than `limit` octets of it, which the service refuses.
async fn some_more(mut body: Payload, limit: usize) -> actix_web::Result<Bytes> {
    let mut read = BytesMut::new();
    while read.len() <= limit
        && let Some(chunk) = body.next().await
    {
        read.extend_from_slice(&chunk?);
    }
    Ok(read.freeze())
}

pub(crate) fn serve(listener: TcpListener) -> io::Result<()> {
    let (scim, notes) = (Data::new(application::scim()), Data::new(Notes::default()));
    let app = move || {
        let note = web::resource("/notes/{name}")
            .route(web::get().to(read))
            .route(web::head().to(read))
            .route(web::put().to(replace));
        let scim_route = web::resource(format!("{SCIM}/{{rest:.*}}")).to(mounted);
        App::new()
            .app_data(scim.clone())
            .app_data(notes.clone())
            .service(note)
            .service(scim_route)
    };
    let server = HttpServer::new(app)
        .workers(2)
        .disable_signals()
        .listen(listener)?;
    actix_web::rt::System::new().block_on(server.run())
}

fn main() -> io::Result<()> {
    serve(TcpListener::bind("127.0.0.1:3000")?)
}
