use std::io::{BufRead, BufReader, Write};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::client::{connect, read_answer, read_to_close, request};
use crate::program::{Program, command};

fn event(scimd: &Program, text: &str) -> Value {
    serde_json::from_str(&scimd.logged(text)).unwrap()
}

#[test]
fn answers_that_never_get_to_the_service_have_a_name_and_a_line_too() {
    let scimd = Program::start(&["--log-format", "json", "--request-timeout", "1s"]);
    let named = |line| [line, "x-request-id: req-7"];
    for (line, status) in [("host: evil.example", 421), ("host: a b", 400)] {
        let refused = scimd.send("GET", "/scim/v2/Users", &named(line), "");
        assert_eq!(refused.status, status);
        assert_eq!(refused.header("x-request-id"), Some("req-7"));
        let event = event(&scimd, "answered");
        assert_eq!(
            (&event["status"], &event["request_id"]),
            (&status.into(), &"req-7".into())
        );
    }

    let mut stream = connect(scimd.address);
    let half = request("POST", "/scim/v2/Users", &["content-length: 9"], "");
    stream.write_all(half.as_bytes()).unwrap();
    let late = read_answer(&mut stream);
    let event = event(&scimd, "answered");
    assert_eq!((late.status, &event["status"]), (408, &408.into()));
    assert_eq!(event["request_id"], late.header("x-request-id").unwrap());
}

#[test]
fn a_request_that_is_given_up_leaves_a_line_too() {
    let scimd = Program::start(&["--log-format", "json", "--shutdown-timeout", "0s"]);
    let mut stream = connect(scimd.address);
    let lines = [
        "expect: 100-continue",
        "x-request-id: req-8",
        "content-length: 9",
    ];
    let half = request("POST", "/scim/v2/Users", &lines, "");
    stream.write_all(half.as_bytes()).unwrap();
    assert_eq!(read_answer(&mut stream).status, 100);
    scimd.signal(Signal::TERM);
    let event = event(&scimd, "given up");
    assert_eq!(
        (&event["request_id"], &event["status"]),
        (&"req-8".into(), &Value::Null)
    );
}

#[test]
fn long_paths_are_cut() {
    let scimd = Program::start(&["--log-format", "json"]);
    let path = format!("/scim/v2/Users/{}", "x".repeat(5000));
    assert_eq!(scimd.send("GET", &path, &[], "").status, 404);
    assert_eq!(event(&scimd, "answered")["span"]["path"], path[..256]);
}

#[test]
fn who_does_not_read_the_log_does_not_stop_the_server() {
    let mut child = command(&["--listen", "127.0.0.1:0"]).spawn().unwrap();
    // Held open and never read.
    let _log = child.stderr.take().unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let address = line.split('/').nth(2).unwrap().parse().unwrap();

    // More than a pipe holds, which is 64 KiB.
    let path = format!("/scim/v2/Users/{}", "x".repeat(240));
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    let mut stream = connect(address);
    for _ in 0..500 {
        stream.write_all(request.as_bytes()).unwrap();
        assert_eq!(read_answer(&mut stream).status, 404);
    }
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(read_to_close(&mut stream), b"");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
