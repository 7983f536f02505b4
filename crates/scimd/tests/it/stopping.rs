use std::io::Write;
use std::net::TcpStream;

use rustix::process::Signal;

use crate::client::{connect, read_answer, read_to_close, request};
use crate::program::Program;

/// A connection on which a request has begun and waits for its last octet. Whether the server has
/// seen that is known from its asking for the body.
fn half_sent(scimd: &Program) -> (TcpStream, String) {
    let mut stream = connect(scimd.address);
    let whole = request(
        "POST",
        "/scim/v2/Users",
        &["expect: 100-continue"],
        r#"{"userName":"bjensen"}"#,
    );
    let (head, body) = whole.split_once("\r\n\r\n").unwrap();
    write!(stream, "{head}\r\n\r\n").unwrap();
    assert_eq!(read_answer(&mut stream).status, 100);
    (stream, body.to_owned())
}

#[test]
fn a_request_under_way_is_finished() {
    for signal in [Signal::TERM, Signal::INT] {
        let scimd = Program::start(&[]);
        let (mut stream, body) = half_sent(&scimd);
        let mut idle = connect(scimd.address);
        idle.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n")
            .unwrap();
        assert_eq!(read_answer(&mut idle).status, 200);

        scimd.signal(signal);
        scimd.logged("stopping");
        // Who asks nothing is let go, and nobody new is taken in.
        assert_eq!(read_to_close(&mut idle), b"");
        assert!(TcpStream::connect(scimd.address).is_err());

        stream.write_all(body.as_bytes()).unwrap();
        assert_eq!(read_answer(&mut stream).status, 201);
        let (status, stdout, log) = scimd.ended();
        assert_eq!((status.code(), stdout.len()), (Some(0), 0), "{log:?}");
    }
}

#[test]
fn a_server_that_stopped_leaves_everything_in_the_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let url = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let scimd = Program::start(&["--store", &url("a.db")]);
    let user = r#"{"userName":"bjensen"}"#;
    assert_eq!(scimd.send("POST", "/scim/v2/Users", &[], user).status, 201);
    scimd.signal(Signal::TERM);
    assert_eq!(scimd.ended().0.code(), Some(0));

    let [from, to] = ["a.db", "b.db"].map(|name| folder.path().join(name));
    std::fs::copy(from, to).unwrap();
    let scimd = Program::start(&["--store", &url("b.db")]);
    let found = scimd.send("GET", "/scim/v2/Users", &[], "");
    assert!(found.body.contains("bjensen"), "{found:?}");
}

#[test]
fn a_request_that_takes_too_long_is_cut_off() {
    let scimd = Program::start(&["--shutdown-timeout", "50ms"]);
    let (mut stream, _) = half_sent(&scimd);
    scimd.signal(Signal::TERM);
    scimd.logged("cut off");
    assert_eq!(read_to_close(&mut stream), b"");
    assert_eq!(scimd.ended().0.code(), Some(0));
}

#[test]
fn a_second_signal_waits_for_nothing() {
    let scimd = Program::start(&["--shutdown-timeout", "10m"]);
    let (mut stream, _) = half_sent(&scimd);
    scimd.signal(Signal::TERM);
    scimd.logged("stopping");
    scimd.signal(Signal::TERM);
    scimd.logged("at once");
    assert_eq!(read_to_close(&mut stream), b"");
    assert_eq!(scimd.ended().0.code(), Some(1));
}

#[test]
fn half_a_head_is_nothing_to_wait_for() {
    for beginning in [
        "GET / HT",
        "GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\nGET /readyz HT",
    ] {
        let scimd = Program::start(&["--shutdown-timeout", "10m", "--header-timeout", "10m"]);
        let mut stream = connect(scimd.address);
        stream.write_all(beginning.as_bytes()).unwrap();
        // The later connection is answered, so the earlier one is being served.
        assert_eq!(scimd.send("GET", "/healthz", &[], "").status, 200);
        scimd.signal(Signal::TERM);
        read_to_close(&mut stream);
        let (status, _, log) = scimd.ended();
        assert_eq!(status.code(), Some(0));
        assert!(!log.iter().any(|line| line.contains("cut off")), "{log:?}");
    }
}

#[test]
fn a_connection_on_which_nothing_is_under_way_is_not_said_to_be_cut_off() {
    let scimd = Program::start(&["--shutdown-timeout", "0s"]);
    let mut stream = connect(scimd.address);
    stream.write_all(b"GET / HT").unwrap();
    assert_eq!(scimd.send("GET", "/healthz", &[], "").status, 200);
    scimd.signal(Signal::TERM);
    read_to_close(&mut stream);
    let (status, _, log) = scimd.ended();
    assert_eq!(status.code(), Some(0));
    assert!(!log.iter().any(|line| line.contains("cut off")), "{log:?}");
}
