//! Run with `cargo run --example with_warp`, then `curl -i http://127.0.0.1:3000/notes/1` and
//! `curl -i http://127.0.0.1:3000/scim/v2/Users`.

#[path = "application.rs"]
mod application;

use std::io;
use std::net::TcpListener;

use futures_util::{Stream, TryStreamExt};
use http::{HeaderMap, Method, Request, Response};
use http_body::Frame;
use http_body_util::StreamBody;
use scim_http::{ConditionalRequest, Refused, versioned_response};
use warp::path::FullPath;
use warp::{Buf, Filter, Rejection, Reply};

use application::{LIMIT, Notes, Scim};

// Mounting.
async fn mounted(
    method: Method,
    path: FullPath,
    query: String,
    headers: HeaderMap,
    body: impl Stream<Item = Result<impl Buf + Send, warp::Error>> + Send,
    scim: Scim,
) -> Result<Response<Vec<u8>>, Rejection> {
    let mut request = Request::new(StreamBody::new(body.map_ok(Frame::data)));
    (*request.method_mut(), *request.headers_mut()) = (method, headers);
    let target = format!("{}?{query}", path.as_str());
    *request.uri_mut() = target.parse().map_err(|_| warp::reject())?;
    let answer = scim.handle(request).await;
    Ok(answer.map(|body| body.into_bytes().into()))
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
fn routes(scim: Scim, notes: Notes) -> impl Filter<Extract: Reply, Error = Rejection> + Clone {
    let (method, headers) = (warp::method(), warp::header::headers_cloned());
    let read = warp::get().or(warp::head()).unify().map(|| None);
    let text = warp::body::content_length_limit(LIMIT as u64).and(warp::body::bytes());
    let text = text.map(|text: bytes::Bytes| Some(String::from_utf8_lossy(&text).into_owned()));
    let named = warp::path!("notes" / String).and(method).and(headers);
    // The path comes first, since a body can be read but once.
    let note = named.and(read.or(warp::put().and(text)).unify());
    let note = note.and(warp::any().map(move || notes.clone())).map(answer);
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    let head = method.and(warp::path::full()).and(query).and(headers);
    let scim = warp::any().map(move || scim.clone());
    let rest = head.and(warp::body::stream()).and(scim);
    note.or(warp::path!("scim" / "v2" / ..).and(rest).and_then(mounted))
}

pub(crate) fn serve(listener: TcpListener) -> io::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let routes = routes(application::scim(), Notes::default());
        warp::serve(routes).incoming(listener).run().await;
        Ok(())
    })
}

fn main() -> io::Result<()> {
    serve(application::listener()?)
}
