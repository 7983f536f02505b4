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
use scim_http::version::ScimVersion;
use scim_http::{ConditionalRequest, Refused, add_etag_to_response};
use warp::path::FullPath;
use warp::{Buf, Filter, Rejection, Reply};

use application::{Notes, Scim};

type Answer = Response<Vec<u8>>;

// Mounting.
async fn mounted(
    method: Method,
    path: FullPath,
    query: String,
    headers: HeaderMap,
    body: impl Stream<Item = Result<impl Buf + Send, warp::Error>> + Send,
    scim: Scim,
) -> Result<Answer, Rejection> {
    let mut request = Request::new(StreamBody::new(body.map_ok(Frame::data)));
    *request.method_mut() = method;
    *request.headers_mut() = headers;
    let target = format!("{}?{query}", path.as_str());
    *request.uri_mut() = target.parse().map_err(|_| warp::reject())?;
    Ok(scim
        .handle(request)
        .await
        .map(|body| body.into_bytes().into()))
}

// By hand.
fn note(answer: Result<(String, ScimVersion), Refused>) -> Answer {
    match answer {
        Ok((text, version)) => {
            let mut response = Response::new(text.into_bytes());
            add_etag_to_response(&mut response, &version);
            response
        }
        Err(refused) => refused.into_response(),
    }
}

// The rest.
fn routes(scim: Scim, notes: Notes) -> impl Filter<Extract: Reply, Error = Rejection> + Clone {
    let with_notes = warp::any().map(move || notes.clone());
    let with_scim = warp::any().map(move || scim.clone());
    let named = warp::path!("notes" / String)
        .and(warp::method())
        .and(warp::header::headers_cloned());
    let read = warp::get()
        .or(warp::head())
        .unify()
        .and(named)
        .and(with_notes.clone())
        .map(|name: String, method, headers, notes: Notes| {
            let request = ConditionalRequest::new(&method, &headers);
            note(request.and_then(|request| notes.read(&name, &request)))
        });
    let text = warp::body::content_length_limit(64 * 1024).and(warp::body::bytes());
    let replace = warp::put().and(named).and(text).and(with_notes).map(
        |name: String, method, headers, text: bytes::Bytes, notes: Notes| {
            let text = String::from_utf8_lossy(&text).into_owned();
            let request = ConditionalRequest::new(&method, &headers);
            note(request.and_then(|request| notes.replace(&name, request, text)))
        },
    );
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    let scim = warp::path!("scim" / "v2" / ..)
        .and(warp::method())
        .and(warp::path::full())
        .and(query)
        .and(warp::header::headers_cloned())
        .and(warp::body::stream())
        .and(with_scim)
        .and_then(mounted);
    read.or(replace).or(scim)
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
    let listener = TcpListener::bind("127.0.0.1:3000")?;
    listener.set_nonblocking(true)?;
    serve(listener)
}
