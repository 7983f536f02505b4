//! Requests that nobody means well with. None of them is answered with a 5xx.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST};
use http::{Method, Request, StatusCode};
use http_body::{Body, Frame};
use scim_http::ops::ScimOperationHandler;
use scim_http::provider::InMemoryProvider;
use scim_http::{Limits, ScimService};
use serde_json::json;

use crate::support::{OneUser, call, get, post, put, service};

#[tokio::test]
async fn long_preconditions_are_judged_like_short_ones() {
    let one = OneUser::new().await;
    let many = vec!["\"0123456789\""; 4_300].join(",");
    assert!(many.len() > 55_000);
    let refused = one
        .send(put(&one.path, json!({ "userName": "x" })).if_match(&many))
        .await;
    let (_, detail) = refused.refusal(412);
    assert!(detail.len() < 1_000, "{} octets of detail", detail.len());
    let one_tag = format!("\"{}\"", "x".repeat(60_000));
    one.send(put(&one.path, json!({ "userName": "x" })).if_match(one_tag))
        .await
        .refusal(412);
    one.assert_unchanged().await;
}

#[tokio::test]
async fn quotes_and_commas_by_the_thousand_are_judged_by_the_grammar() {
    let one = OneUser::new().await;
    let write = || put(&one.path, json!({ "userName": "x" }));
    one.send(write().if_match(",".repeat(64 << 10)))
        .await
        .refusal(412);
    one.send(write().if_match("\"".repeat(64 << 10)))
        .await
        .refusal(400);
    // Commas between quotes are tags; with an odd number of quotes the last has no end.
    one.send(write().if_match("\",".repeat(32 << 10)))
        .await
        .refusal(412);
    one.send(write().if_match("\",".repeat((32 << 10) - 1)))
        .await
        .refusal(400);
    one.send(write().if_none_match("*".repeat(64 << 10)))
        .await
        .refusal(400);
    one.send(write().if_match(",".repeat((64 << 10) + 1)))
        .await
        .refusal(431);
    one.assert_unchanged().await;
}

/// A body that goes on for ever.
struct Endless(Arc<AtomicUsize>);

impl Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b' '; 1024])))))
    }
}

#[tokio::test]
async fn a_body_is_read_no_further_than_the_limit() {
    let service = ScimService::new(ScimOperationHandler::new(InMemoryProvider::default()))
        .with_limits(Limits::default().with_body(10 * 1024));
    let frames = Arc::new(AtomicUsize::new(0));
    let request = |length: Option<&str>| {
        let request = Request::post("/Users").header(HOST, "example.com");
        let request = match length {
            Some(length) => request.header(CONTENT_LENGTH, length),
            None => request,
        };
        request.body(Endless(frames.clone())).unwrap()
    };
    let answer = service.handle(request(Some("20000000"))).await;
    assert_eq!(
        (answer.status().as_u16(), frames.load(Ordering::Relaxed)),
        (413, 0)
    );
    let answer = service.handle(request(None)).await;
    assert_eq!(
        (answer.status().as_u16(), frames.load(Ordering::Relaxed)),
        (413, 11)
    );
}

#[tokio::test]
async fn a_body_of_20_mb_is_413() {
    let one = OneUser::new().await;
    let body = json!({ "userName": "x".repeat(20 << 20) }).to_string();
    for (method, path) in [
        (Method::POST, "/Users"),
        (Method::PUT, &*one.path),
        (Method::PATCH, &*one.path),
        (Method::POST, "/Users/.search"),
        (Method::POST, "/.search"),
        (Method::POST, "/Bulk"),
    ] {
        let answer = one.send(call(method, path).body(&*body)).await;
        answer.refusal(413);
    }
    one.assert_unchanged().await;
}

#[tokio::test]
async fn deep_nesting_is_400_wherever_json_is_read() {
    let one = OneUser::new().await;
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let filter = format!("{}id pr{}", "(".repeat(4_000), ")".repeat(4_000));
    for (method, path) in [
        (Method::POST, "/Users"),
        (Method::PUT, &*one.path),
        (Method::PATCH, &*one.path),
        (Method::POST, "/.search"),
        (Method::POST, "/Bulk"),
    ] {
        let answer = one.send(call(method, path).body(&*deep)).await;
        assert_eq!(
            answer.refusal(400).0.as_deref(),
            Some("invalidSyntax"),
            "{path}"
        );
    }
    for request in [
        post("/.search", json!({ "filter": filter })),
        get(format!("/Users?filter={}", filter.replace(' ', "%20"))),
    ] {
        let (scim_type, _) = one.send(request).await.refusal(400);
        assert_eq!(scim_type.as_deref(), Some("invalidFilter"));
    }
    let path = format!("emails[{filter}].value");
    let operations = json!([{ "op": "add", "path": path, "value": "x" }]);
    let patch = json!({ "Operations": operations }).to_string();
    one.send(call(Method::PATCH, &one.path).body(patch))
        .await
        .refusal(400);
    one.assert_unchanged().await;
}

#[tokio::test]
async fn ten_thousand_paths_are_taken_or_refused() {
    let one = OneUser::new().await;
    let paths = vec!["emails.value"; 10_000];
    let found = one
        .send(post("/.search", json!({ "attributes": paths })))
        .await;
    assert_eq!(found.status, StatusCode::OK);
    let junk = vec!["emails[x].value"; 10_000];
    let refused = one
        .send(post("/.search", json!({ "attributes": junk })))
        .await;
    let (_, detail) = refused.refusal(400);
    assert!(detail.len() < 200, "{detail}");
}

#[tokio::test]
async fn bodies_that_are_no_json_objects_are_400() {
    let service = service();
    for body in [
        &b""[..],
        b"{",
        b"[]",
        b"null",
        b"\"User\"",
        b"{} {}",
        b"\xEF\xBB\xBF{}",
        b"{\"userName\":\"\xFF\"}",
        b"{\"userName\":\"\\ud800\"}",
        b"{\"userName\":1e999}",
        b"{\"userName\":NaN}",
        "[".repeat(10_000).as_bytes(),
        format!("{{\"a\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000)).as_bytes(),
    ] {
        let answer = call(Method::POST, "/Users").body(body).on(&service).await;
        let (scim_type, _) = answer.refusal(400);
        assert_eq!(
            scim_type.as_deref(),
            Some("invalidSyntax"),
            "{:?}",
            body.escape_ascii().to_string()
        );
    }
    assert_eq!(get("/Users").on(&service).await.json()["totalResults"], 0);
}

#[tokio::test]
async fn strange_paths_are_not_found() {
    let one = OneUser::new().await;
    for path in [
        "//",
        "/users",
        "//Users",
        "/Users/../Users",
        "/Users/%2e%2e/Groups",
        "/Users/%FF",
        "/Users/%",
        "/Users/%00",
        "/Users/..",
        "/Users/%0d%0aSet-Cookie:%20a=b",
        &format!("{}/", one.path),
        &format!("{}%20", one.path),
        &format!("/Users/{}", "x".repeat(8_000)),
    ] {
        let answer = one.send(get(path)).await;
        answer.refusal(404);
        assert!(
            answer.octets.iter().all(|octet| !octet.is_ascii_control()),
            "{path}"
        );
    }
    one.send(get(format!("/Users/{}", "x".repeat(9_000))))
        .await
        .refusal(414);
}

#[tokio::test]
async fn huge_numbers_are_numbers() {
    let one = OneUser::new().await;
    for start in [
        "18446744073709551615",
        "18446744073709551616",
        &"9".repeat(1_000),
    ] {
        let page = one
            .send(get(format!("/Users?startIndex={start}&count={start}")))
            .await;
        assert_eq!(page.status, StatusCode::OK, "{start}");
        assert_eq!(
            (&page.json()["totalResults"], &page.json()["itemsPerPage"]),
            (&json!(1), &json!(0))
        );
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_400() {
    struct Broken;
    impl Body for Broken {
        type Data = Bytes;
        type Error = &'static str;
        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
            Poll::Ready(Some(Err("connection reset by 10.0.0.7")))
        }
    }
    let answer = service()
        .handle(Request::post("/Users").body(Broken).unwrap())
        .await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert!(
        !answer
            .into_body()
            .into_bytes()
            .windows(8)
            .any(|octets| octets == b"10.0.0.7")
    );
}

#[tokio::test]
async fn a_request_that_is_given_up_while_its_body_arrives_changes_nothing() {
    struct Slow(Option<Bytes>);
    impl Body for Slow {
        type Data = Bytes;
        type Error = Infallible;
        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            match self.0.take() {
                Some(start) => Poll::Ready(Some(Ok(Frame::data(start)))),
                None => Poll::Pending,
            }
        }
    }
    let one = OneUser::new().await;
    // A whole document: only its end was not announced yet.
    let start = Bytes::from_static(br#"{"userName":"x"}"#);
    let request = Request::put(&one.path).body(Slow(Some(start))).unwrap();
    let mut answer = Box::pin(one.service.handle(request));
    let polled = answer
        .as_mut()
        .poll(&mut Context::from_waker(std::task::Waker::noop()));
    assert!(polled.is_pending());
    drop(answer);
    one.assert_unchanged().await;
}
