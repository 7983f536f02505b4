//! Run with `cargo run --example axum_minimal`, then `curl -i http://127.0.0.1:3000/notes/1`.
//!
//! How do handlers that an application has already learn of versions? With the header
//! helpers: no `ScimService`, no provider, data of the application's own.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use scim_http::ops::Preconditions;
use scim_http::version::ScimVersion;
use scim_http::{
    Decision, HeaderError, ScimError, add_etag_to_response, handle_conditional_request,
    not_modified_response, preconditions,
};
use serde::{Deserialize, Serialize};

/// The application's notes, each with the number of its revision.
type Notes = Arc<Mutex<BTreeMap<String, (Note, u64)>>>;

#[derive(PartialEq, Serialize, Deserialize)]
struct Note {
    text: String,
}

/// The application apart from its socket, so that tests need none.
fn app() -> Router {
    let text = "call Babs".into();
    let notes = BTreeMap::from([("1".into(), (Note { text }, 1))]);
    Router::new()
        .route("/notes/{id}", get(read).put(replace))
        .with_state(Notes::new(Mutex::new(notes)))
}

async fn read(
    State(notes): State<Notes>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let named = preconditions(&headers)?;
    let notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    let (note, revision) = notes.get(&id).ok_or(Refusal::Missing)?;
    let current = ScimVersion::from_revision(*revision);
    match decide(&Method::GET, &named, &current) {
        Decision::Proceed => Ok(answer(note, &current)),
        Decision::NotModified => Ok(not_modified_response(&current, None)),
        Decision::Failed => Err(Refusal::Stale(current)),
        Decision::NotFound => Err(Refusal::Missing),
    }
}

async fn replace(
    State(notes): State<Notes>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(new): Json<Note>,
) -> Result<Response<Body>, Refusal> {
    // A header that can't be read ends here: it must not turn into an unconditional write.
    let named = preconditions(&headers)?;
    // One lock over comparison and write; over a database, `… WHERE id = ? AND revision = ?`.
    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    let (note, revision) = notes.get_mut(&id).ok_or(Refusal::Missing)?;
    let current = ScimVersion::from_revision(*revision);
    match decide(&Method::PUT, &named, &current) {
        Decision::Proceed if named.if_match().is_none() => Err(Refusal::VersionRequired),
        Decision::Proceed => {
            if *note != new {
                (*note, *revision) = (new, *revision + 1);
            }
            Ok(answer(note, &ScimVersion::from_revision(*revision)))
        }
        Decision::Failed | Decision::NotModified => Err(Refusal::Stale(current)),
        Decision::NotFound => Err(Refusal::Missing),
    }
}

fn decide(method: &Method, named: &Preconditions, current: &ScimVersion) -> Decision {
    handle_conditional_request(
        method,
        named.if_match(),
        named.if_none_match(),
        Some(current),
    )
}

fn answer(note: &Note, version: &ScimVersion) -> Response<Body> {
    let mut response = Json(note).into_response();
    add_etag_to_response(&mut response, version);
    response
}

enum Refusal {
    Malformed(HeaderError),
    Missing,
    /// With the current version.
    Stale(ScimVersion),
    VersionRequired,
}

impl From<HeaderError> for Refusal {
    fn from(error: HeaderError) -> Self {
        Self::Malformed(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response<Body> {
        match self {
            Self::Malformed(error) => ScimError::from(error).into_response(),
            Self::Missing => StatusCode::NOT_FOUND.into_response(),
            Self::Stale(current) => {
                let mut response = StatusCode::PRECONDITION_FAILED.into_response();
                add_etag_to_response(&mut response, &current);
                response
            }
            Self::VersionRequired => StatusCode::PRECONDITION_REQUIRED.into_response(),
        }
    }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app()).await
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use axum::http::header::{CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH};
    use tower::ServiceExt;

    use super::*;

    /// Status, entity tag and body of the answer to a request with these headers.
    async fn ask(
        app: &Router,
        method: Method,
        uri: &str,
        headers: &[(axum::http::HeaderName, &str)],
        text: &str,
    ) -> (u16, Option<String>, String) {
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header(CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let body = serde_json::json!({ "text": text }).to_string();
        let request = request.body(Body::from(body)).unwrap();
        let (head, body) = app.clone().oneshot(request).await.unwrap().into_parts();
        let body = axum::body::to_bytes(body, 10_000).await.unwrap();
        let etag = head
            .headers
            .get(ETAG)
            .map(|tag| tag.to_str().unwrap().into());
        (
            head.status.as_u16(),
            etag,
            String::from_utf8(body.to_vec()).unwrap(),
        )
    }

    async fn read(app: &Router) -> (u16, Option<String>, String) {
        ask(app, Method::GET, "/notes/1", &[], "").await
    }

    async fn put(app: &Router, if_match: Option<&str>, text: &str) -> (u16, Option<String>) {
        let headers: Vec<_> = if_match.map(|tag| (IF_MATCH, tag)).into_iter().collect();
        let (status, etag, _) = ask(app, Method::PUT, "/notes/1", &headers, text).await;
        (status, etag)
    }

    fn tag(revision: u64) -> Option<String> {
        Some(format!("W/\"{revision}\""))
    }

    #[tokio::test]
    async fn a_client_with_the_current_version_gets_304() {
        let app = app();
        let body = r#"{"text":"call Babs"}"#.to_owned();
        assert_eq!(read(&app).await, (200, tag(1), body.clone()));
        let known = |value| [(IF_NONE_MATCH, value)];
        let answer = ask(&app, Method::GET, "/notes/1", &known(r#""x", W/"1""#), "").await;
        assert_eq!(answer, (304, tag(1), String::new()));
        let answer = ask(&app, Method::GET, "/notes/1", &known("W/\"0\""), "").await;
        assert_eq!(answer, (200, tag(1), body));
        let answer = ask(&app, Method::HEAD, "/notes/1", &known("*"), "").await;
        assert_eq!(answer, (304, tag(1), String::new()));
        let answer = ask(&app, Method::GET, "/notes/1", &[(IF_MATCH, "W/\"0\"")], "").await;
        assert_eq!((answer.0, answer.1), (412, tag(1)));
    }

    #[tokio::test]
    async fn a_write_replaces_the_version_it_names_and_no_other() {
        let app = app();
        assert_eq!(
            put(&app, Some("W/\"1\""), "call Barbara").await,
            (200, tag(2))
        );
        let stored = (200, tag(2), r#"{"text":"call Barbara"}"#.to_owned());
        for (named, status, etag) in [
            (Some("W/\"1\""), 412, tag(2)),
            (Some(""), 412, tag(2)),
            (None, 428, None),
            (Some("W/2"), 400, None),
            (Some("*, \"2\""), 400, None),
        ] {
            assert_eq!(put(&app, named, "never").await, (status, etag), "{named:?}");
            assert_eq!(read(&app).await, stored, "after {named:?}");
        }
        let none = [(IF_MATCH, "*"), (IF_NONE_MATCH, "\"2\"")];
        let answer = ask(&app, Method::PUT, "/notes/1", &none, "never").await;
        assert_eq!((answer.0, answer.1), (412, tag(2)));
        assert_eq!(read(&app).await, stored);
    }

    #[tokio::test]
    async fn a_write_of_the_same_keeps_the_version() {
        let app = app();
        assert_eq!(put(&app, Some("*"), "call Babs").await, (200, tag(1)));
    }

    #[tokio::test]
    async fn what_is_missing_is_missing_whatever_was_named() {
        let app = app();
        for headers in [&[][..], &[(IF_MATCH, "W/\"1\"")], &[(IF_NONE_MATCH, "*")]] {
            for method in [Method::GET, Method::PUT] {
                let answer = ask(&app, method, "/notes/2", headers, "x").await;
                assert_eq!((answer.0, answer.1), (404, None));
            }
        }
    }
}
