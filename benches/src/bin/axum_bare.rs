//! What `scimd` is measured against: axum that answers GET with 1.7 kB that never change, and PUT with its own body
//! parsed and printed.

use axum::Router;
use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::routing::{get, post};
use scim_benches::document::user;
use serde_json::Value;
use tokio::net::TcpListener;

const SCIM: (HeaderName, HeaderValue) = (
    CONTENT_TYPE,
    HeaderValue::from_static("application/scim+json"),
);
const TAG: (HeaderName, HeaderValue) = (
    ETAG,
    HeaderValue::from_static(r#"W/"ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0""#),
);
const CREATED: (HeaderName, HeaderValue) = (
    LOCATION,
    HeaderValue::from_static("/scim/v2/Users/2819c223-7f76-453a-919d-413861904646"),
);

#[tokio::main]
async fn main() {
    let user = Bytes::from(user().to_string());
    let one =
        get(async || ([SCIM, TAG], user)).put(async |body: Bytes| ([SCIM, TAG], again(&body)));
    let all = post(async |body: Bytes| (StatusCode::CREATED, [SCIM, TAG, CREATED], again(&body)));
    let app = Router::new()
        .route("/scim/v2/Users/{id}", one)
        .route("/scim/v2/Users", all);
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback has a free port");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    println!("listening on http://{address}/scim/v2");
    axum::serve(listener, app).await.expect("loopback stays");
}

fn again(body: &[u8]) -> Vec<u8> {
    let parsed: Value = serde_json::from_slice(body).expect("the load is JSON");
    serde_json::to_vec(&parsed).expect("JSON prints into memory")
}
