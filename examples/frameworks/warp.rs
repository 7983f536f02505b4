//! Run with `cargo run --example with_warp`, then `curl -i http://127.0.0.1:3000/notes/1` and
//! `curl -i http://127.0.0.1:3000/scim/v2/Users`.

#[path = "application.rs"]
mod application;

use std::io;
use std::net::TcpListener;

use futures_util::TryStreamExt;
use http::{HeaderMap, Method, Response};
use http_body::Frame;
use http_body_util::StreamBody;
use scim_http::{ConditionalRequest, Refused, versioned_response};
use warp::header::headers_cloned;
use warp::path::{FullPath, full};
use warp::{Filter, Rejection, Reply};

use application::{LIMIT, Notes, Scim};

// Mounting.
fn mounted(scim: Scim) -> impl Filter<Extract: Reply, Error = Rejection> + Clone {
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    let head = warp::method().and(full()).and(query).and(headers_cloned());
    let answer = move |method: Method, path: FullPath, query: String, headers: HeaderMap, body| {
        let body = StreamBody::new(TryStreamExt::map_ok(body, Frame::data));
        let target = format!("{}?{query}", path.as_str());
        let scim = scim.clone();
        async move {
            let answer = scim.handle_request_of(method, target, &headers, body).await;
            answer.map(|body| body.into_bytes().to_vec())
        }
    };
    let below = warp::path!("scim" / "v2" / ..).and(head);
    below.and(warp::body::stream()).then(answer)
}

// By hand.
fn answer(
    name: String,
    method: Method,
    headers: HeaderMap,
    new: Option<String>,
    notes: Notes,
) -> Response<Vec<u8>> {
    let request = ConditionalRequest::new(&method, &headers);
    let note = request.and_then(|request| notes.note(&name, request, new));
    note.map_or_else(Refused::into_response, |(text, version)| {
        versioned_response(text, &version)
    })
}

// The rest.
fn notes(notes: Notes) -> impl Filter<Extract: Reply, Error = Rejection> + Clone {
    let (method, headers) = (warp::method(), headers_cloned());
    let read = warp::get().or(warp::head()).unify().map(|| None);
    let text = warp::body::content_length_limit(LIMIT as u64).and(warp::body::bytes());
    let text = text.map(|text: bytes::Bytes| Some(String::from_utf8_lossy(&text).into_owned()));
    let named = warp::path!("notes" / String).and(method).and(headers);
    // The path comes first, since a body can be read but once.
    let note = named.and(read.or(warp::put().and(text)).unify());
    note.and(warp::any().map(move || notes.clone())).map(answer)
}

pub(crate) fn serve(listener: TcpListener) -> io::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let routes = notes(Notes::default()).or(mounted(application::scim()));
        warp::serve(routes).incoming(listener).run().await;
        Ok(())
    })
}

fn main() -> io::Result<()> {
    serve(application::listener()?)
}
