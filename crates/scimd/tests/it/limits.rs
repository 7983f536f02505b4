use std::io::Write;
use std::net::Shutdown;

use crate::client::{connect, read_answer, read_to_close, request};
use crate::program::Program;

#[test]
fn a_body_over_the_limit_is_refused_from_its_length_alone() {
    let scimd = Program::start(&["--max-body", "1KiB"]);
    let mut stream = connect(scimd.address);
    let head =
        "POST /scim/v2/Users HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    write!(stream, "{head}content-length: 1025\r\n\r\n").unwrap();
    let answer = read_answer(&mut stream);
    assert_eq!(
        (answer.status, answer.json()["status"].as_str()),
        (413, Some("413"))
    );
}

#[test]
fn a_body_without_a_length_is_refused_when_it_passes_the_limit() {
    let scimd = Program::start(&["--max-body", "1KiB"]);
    let mut stream = connect(scimd.address);
    let head =
        "POST /scim/v2/Users HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    write!(
        stream,
        "{head}transfer-encoding: chunked\r\n\r\n401\r\n{}\r\n",
        " ".repeat(1025)
    )
    .unwrap();
    assert_eq!(read_answer(&mut stream).status, 413);
}

#[test]
fn too_many_or_too_long_headers_are_refused() {
    let scimd = Program::start(&["--max-headers", "10", "--max-header-size", "8KiB"]);
    let (few, many) = (["x: y"; 5], ["x: y"; 20]);
    assert_eq!(scimd.send("GET", "/scim/v2/Users", &few, "").status, 200);
    assert_eq!(scimd.send("GET", "/scim/v2/Users", &many, "").status, 431);
    let long = format!("x: {}", "y".repeat(16 * 1024));
    assert_eq!(
        scimd.send("GET", "/scim/v2/Users", &[&long], "").status,
        431
    );
}

#[test]
fn who_never_finishes_a_head_is_cut() {
    let scimd = Program::start(&["--header-timeout", "500ms"]);
    let beginnings = [
        "",
        "G",
        "GET /scim/v2/Users HTTP/1.1\r\nhost: localhost\r\n",
        "PRI * HTTP/2.0\r\n",
    ];
    let streams = beginnings.map(|beginning| {
        let mut stream = connect(scimd.address);
        stream.write_all(beginning.as_bytes()).unwrap();
        (beginning, stream)
    });
    for (beginning, mut stream) in streams {
        let answer = String::from_utf8_lossy(&read_to_close(&mut stream)).into_owned();
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{beginning:?}: {answer}"
        );
    }
}

#[test]
fn a_connection_that_asks_nothing_more_is_cut() {
    let scimd = Program::start(&["--header-timeout", "500ms"]);
    let mut stream = connect(scimd.address);
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .unwrap();
    assert_eq!(read_answer(&mut stream).status, 200);
    assert_eq!(read_to_close(&mut stream), b"");
}

#[test]
fn a_body_that_does_not_come_is_given_up() {
    let scimd = Program::start(&["--request-timeout", "1s"]);
    let mut stream = connect(scimd.address);
    let whole = request("POST", "/scim/v2/Users", &[], r#"{"userName":"bjensen"}"#);
    stream
        .write_all(&whole.as_bytes()[..whole.len() - 1])
        .unwrap();
    let answer = read_answer(&mut stream);
    assert_eq!(
        (answer.status, answer.json()["status"].as_str()),
        (408, Some("408"))
    );
    assert_eq!(read_to_close(&mut stream), b"");
    let list = scimd.send("GET", "/scim/v2/Users", &[], "").json();
    assert_eq!(list["totalResults"], 0);
}

#[test]
fn a_connection_beyond_the_bound_waits_for_another_to_end() {
    let scimd = Program::start(&["--max-connections", "1"]);
    let mut first = connect(scimd.address);
    first
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .unwrap();
    assert_eq!(read_answer(&mut first).status, 200);

    let mut second = connect(scimd.address);
    second
        .write_all(request("GET", "/readyz", &[], "").as_bytes())
        .unwrap();
    // The first is still the one that is served.
    first
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .unwrap();
    assert_eq!(read_answer(&mut first).status, 200);
    drop(first);
    assert_eq!(read_answer(&mut second).status, 200);
}

#[test]
fn who_has_nothing_more_to_say_is_answered() {
    let scimd = Program::start(&[]);
    let mut stream = connect(scimd.address);
    let whole = request("POST", "/scim/v2/Users", &[], r#"{"userName":"a"}"#);
    stream.write_all(whole.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_answer(&mut stream).status, 201);
}

#[test]
fn an_answer_without_content_says_nothing_of_its_length() {
    let scimd = Program::start(&[]);
    let created = scimd.send("POST", "/scim/v2/Users", &[], r#"{"userName":"a"}"#);
    let path = format!("/scim/v2/Users/{}", created.json()["id"].as_str().unwrap());
    let held = format!("if-none-match: {}", created.header("etag").unwrap());
    for method in ["GET", "HEAD"] {
        let unchanged = scimd.send(method, &path, &[&held], "");
        assert_eq!(unchanged.status, 304);
        assert_eq!(unchanged.header("etag"), created.header("etag"));
        assert_eq!(unchanged.header("content-length"), None, "{method}");
    }
    let deleted = scimd.send("DELETE", &path, &[], "");
    assert_eq!(
        (deleted.status, deleted.header("content-length")),
        (204, None)
    );
}
