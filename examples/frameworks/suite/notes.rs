use std::thread;

use crate::server::Server;

const NOTE: &str = "/notes/1";

fn tag(revision: u64) -> String {
    format!("W/\"{revision}\"")
}

pub(crate) fn a_note_has_versions(server: &Server) {
    let read = server.get(NOTE, &[]);
    assert_eq!(
        (read.status, read.header("etag"), &*read.text),
        (200, tag(1), "call Babs")
    );
    for method in ["GET", "HEAD"] {
        let known = server.send(method, NOTE, &[("if-none-match", "\"x\", W/\"1\"")], ());
        assert_eq!(
            (known.status, known.header("etag"), &*known.text),
            (304, tag(1), "")
        );
    }
    let head = server.send("HEAD", NOTE, &[], ());
    assert_eq!(
        (head.status, head.header("etag"), &*head.text),
        (200, tag(1), "")
    );
    server.get("/notes/2", &[]).scim_error(404);
    let again = server.get(NOTE, &[("if-match", "\"0\"")]);
    again.scim_error(412);
}

pub(crate) fn a_note_is_replaced_only_as_it_was_seen(server: &Server) {
    let put = |named: &[(&str, &str)], text: &str| server.send("PUT", NOTE, named, text);
    let done = put(&[("if-match", "W/\"1\"")], "call Barbara");
    assert_eq!(
        (done.status, done.header("etag"), &*done.text),
        (200, tag(2), "call Barbara")
    );
    let stale = put(&[("if-match", "W/\"1\"")], "never");
    stale.scim_error(412);
    assert_eq!(stale.header("etag"), tag(2));
    put(&[], "never").scim_error(428);
    assert_eq!(
        put(&[("if-match", "2")], "never").scim_error(400),
        "invalidSyntax"
    );
    put(&[("if-match", "*"), ("if-none-match", "\"2\"")], "never").scim_error(412);
    assert_eq!(
        put(&[("if-match", "*")], "call Barbara").header("etag"),
        tag(2)
    );
    let missing = server.send("PUT", "/notes/2", &[("if-match", "\"1\"")], "never");
    missing.scim_error(404);
    let read = server.get(NOTE, &[]);
    assert_eq!((read.header("etag"), &*read.text), (tag(2), "call Barbara"));
}

pub(crate) fn no_increment_of_a_note_is_lost(server: &Server) {
    const EACH: usize = 25;
    let increment = || {
        for _ in 0..EACH {
            loop {
                let read = server.get(NOTE, &[]);
                let count: usize = read.text.parse().unwrap_or(0);
                let named = read.header("etag");
                let next = (count + 1).to_string();
                match server
                    .send("PUT", NOTE, &[("if-match", &named)], &*next)
                    .status
                {
                    200 => break,
                    412 => {}
                    other => panic!("{other}"),
                }
            }
        }
    };
    thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(increment))));
    assert_eq!(server.get(NOTE, &[]).text, (4 * EACH).to_string());
}
