use std::collections::VecDeque;
use std::io::Cursor;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{Method, Response, StatusCode};
use axum::middleware::{self, Next};
use http_body::Frame;
use scim_http::{BasePath, ScimService};
use scim_ops::ScimOperationHandler;
use scim_ops::provider::InMemoryProvider;
use serde_json::json;

use super::client::{Client, Refused};
use super::patterns::reapply;
use super::{object, show};

/// What goes wrong with a change on its way.
#[derive(Debug, Clone, Copy)]
enum Fault {
    /// 503, at once again.
    Busy,
    /// The server never sees it.
    RequestLost,
    /// It is done, and its answer is lost.
    AnswerLost,
}

type Faults = Arc<Mutex<VecDeque<Fault>>>;

/// A body that breaks off.
struct Broken;

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())))
    }
}

async fn meddle(State(faults): State<Faults>, request: Request, next: Next) -> Response<Body> {
    let fault = match *request.method() {
        Method::PUT => faults.lock().unwrap().pop_front(),
        _ => None,
    };
    match fault {
        None => next.run(request).await,
        Some(Fault::Busy) => {
            let busy = Response::builder().status(StatusCode::SERVICE_UNAVAILABLE);
            busy.header("retry-after", "0").body(Body::empty()).unwrap()
        }
        Some(Fault::RequestLost) => Response::new(Body::new(Broken)),
        Some(Fault::AnswerLost) => {
            next.run(request).await;
            Response::new(Body::new(Broken))
        }
    }
}

/// A server whose changes meet these faults, one after the other.
async fn server(requires_version: bool, faults: &[Fault]) -> Client {
    let handler = ScimOperationHandler::new(InMemoryProvider::default())
        .with_version_required(requires_version);
    let service = ScimService::new(handler).with_base_path(BasePath::parse("/scim/v2").unwrap());
    let faults = Faults::new(Mutex::new(faults.iter().copied().collect()));
    let router = Router::new()
        .fallback_service(service)
        .layer(middleware::from_fn_with_state(faults, meddle));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Client::new(format!("http://{address}/scim/v2"))
}

#[tokio::test]
async fn each_pattern_is_shown() {
    let client = server(true, &[]).await;
    let (mut person, mut screen) = (Cursor::new("y\nt\n"), Vec::new());
    show(&client, "bjensen", &mut person, &mut screen)
        .await
        .unwrap();
    let expected = r#"409: the name is taken, so that nobody is there twice
applied again: nickName "Babs", locale "en-US"
merged here: title "Tour Guide", displayName "Barbara Jensen"
both have changed:
  nickName
      was     "Babs"
    - theirs  "B."
    + yours   "Barb"
    [y]ours or [t]heirs? y
  title
      was     "Tour Guide"
    - theirs  "Driver"
    + yours   "Lead"
    [y]ours or [t]heirs? t
as you said: title "Driver", nickName "Barb"
"#;
    assert_eq!(String::from_utf8(screen).unwrap(), expected);
}

#[tokio::test]
async fn a_change_is_made_once_whatever_happens_on_the_way() {
    for faults in [
        &[Fault::Busy, Fault::Busy][..],
        &[Fault::RequestLost],
        &[Fault::AnswerLost],
        &[Fault::RequestLost, Fault::Busy, Fault::AnswerLost],
    ] {
        let client = server(false, faults).await;
        let user = object(json!({ "userName": "bjensen", "title": "1" }));
        let created = client.create(&user).await.unwrap();
        let counted = reapply(&client, &created.path, |user| {
            let count: u32 = user["title"].as_str().unwrap().parse().unwrap();
            user.insert("title".into(), (count + 1).to_string().into());
        });
        assert_eq!(counted.await.unwrap().user["title"], "2", "{faults:?}");
        assert_eq!(client.get(&created.path).await.unwrap().user["title"], "2");
    }
}

#[tokio::test]
async fn a_server_that_stays_busy_is_left_alone() {
    let client = server(false, &[Fault::Busy; 5]).await;
    let user = object(json!({ "userName": "bjensen" }));
    let created = client.create(&user).await.unwrap();
    let refused = client.put(&created.path, Some(&created.etag), &user).await;
    assert_eq!(refused, Err(Refused::Away));
}

#[tokio::test]
async fn a_version_is_named_where_one_is_wanted() {
    let client = server(true, &[]).await;
    let user = object(json!({ "userName": "bjensen" }));
    let created = client.create(&user).await.unwrap();
    let refused = client.put(&created.path, None, &user).await;
    assert_eq!(refused, Err(Refused::VersionWanted));
    let done = reapply(&client, &created.path, |user| {
        user.insert("title".into(), "Guide".into());
    });
    assert_eq!(done.await.unwrap().user["title"], "Guide");
}
