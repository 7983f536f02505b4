use std::net::SocketAddr;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, ETAG, IF_NONE_MATCH, LOCATION};
use axum::http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use crate::program::Program;

/// A client that knows beforehand that the server speaks HTTP/2.
struct Client(SendRequest<Body>);

impl Client {
    async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        Self(sender)
    }

    async fn send(&mut self, request: Request<Body>) -> Response<Incoming> {
        self.0.send_request(request).await.unwrap()
    }
}

const USERS: &str = "http://localhost/scim/v2/Users";

#[tokio::test]
async fn header_lines_are_counted_in_http2_too() {
    let scimd = Program::start(&["--max-headers", "10"]);
    let mut client = Client::connect(scimd.address).await;
    for (lines, status) in [
        (10, StatusCode::OK),
        (11, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
    ] {
        let mut request = Request::get(USERS);
        for _ in 0..lines {
            request = request.header("x", "y");
        }
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status(), status);
    }
}

#[tokio::test]
async fn an_answer_without_content_says_nothing_of_its_length() {
    let scimd = Program::start(&[]);
    let mut client = Client::connect(scimd.address).await;
    let create = Request::post(USERS).body(Body::from(r#"{"userName":"a"}"#));
    let created = client.send(create.unwrap()).await;
    assert_eq!(created.status(), StatusCode::CREATED);
    let (user, etag) = (
        created.headers()[LOCATION].to_str().unwrap(),
        &created.headers()[ETAG],
    );
    for (method, status) in [
        (Method::GET, StatusCode::NOT_MODIFIED),
        (Method::HEAD, StatusCode::NOT_MODIFIED),
        (Method::DELETE, StatusCode::NO_CONTENT),
    ] {
        let mut request = Request::builder().method(&method).uri(user);
        if method != Method::DELETE {
            request = request.header(IF_NONE_MATCH, etag);
        }
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers().get(CONTENT_LENGTH), None, "{method}");
    }
}
