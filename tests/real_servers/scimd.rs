use std::net::TcpStream;

use http::Method;
use scim_tests::Scimd;
use serde_json::json;

const SCIMD: &str = env!("CARGO_BIN_EXE_scimd-under-test");

#[test]
fn it_comes_back_where_it_was() {
    let scimd = Scimd::start(SCIMD, &["--store", "memory"]);
    let client = scimd.client();
    let user = json!({ "userName": "bjensen" });
    let created = client.send_json(Method::POST, "/Users", &[], &user);
    assert_eq!(created.status, 201, "{created:?}");

    scimd.kill();
    assert!(TcpStream::connect(scimd.address()).is_err());
    assert!(client.try_send(Method::GET, "/Users", &[], None).is_none());

    scimd.restart();
    let list = client.get("/Users");
    assert_eq!(list.json()["totalResults"], 0);
}

#[test]
fn it_stops_when_asked_to() {
    let scimd = Scimd::start(SCIMD, &["--store", "memory"]);
    assert!(scimd.stop().success());
    scimd.restart();
    assert_eq!(scimd.client().get("/Users").status, 200);
}
