use std::thread;

use serde_json::json;

use crate::server::Server;

pub(crate) fn a_version_goes_round(server: &Server) {
    let (url, tag) = server.user("bjensen");
    let read = server.get(&url, &[]);
    assert_eq!((read.status, read.header("etag")), (200, tag.clone()));
    assert_eq!(read.json()["meta"]["version"], tag);
    assert_eq!(read.header("content-type"), "application/scim+json");

    for method in ["GET", "HEAD"] {
        let known = server.send(method, &url, &[("if-none-match", &tag)], ());
        assert_eq!((known.status, known.header("etag")), (304, tag.clone()));
        assert_eq!(
            (known.text.as_str(), known.header("content-type")),
            ("", String::new())
        );
    }
    let head = server.send("HEAD", &url, &[], ());
    assert_eq!((head.status, head.header("etag")), (200, tag.clone()));

    let user = json!({ "userName": "bjensen", "title": "a" });
    let put = server.scim("PUT", &url, &[("if-match", &tag)], &user);
    assert_eq!(put.status, 200, "{put:?}");
    assert_ne!(put.header("etag"), tag);
    assert_eq!(put.json()["meta"]["version"], put.header("etag"));

    let patch = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "title", "value": "b" }],
    });
    let current = put.header("etag");
    let patched = server.scim("PATCH", &url, &[("if-match", &current)], &patch);
    assert_eq!(
        (patched.status, &patched.json()["title"]),
        (200, &json!("b"))
    );

    let current = patched.header("etag");
    let deleted = server.send("DELETE", &url, &[("if-match", &current)], ());
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    server.get(&url, &[]).scim_error(404);
}

pub(crate) fn a_stale_write_changes_nothing(server: &Server) {
    let (url, stale) = server.user("bjensen");
    let user = |title: &str| json!({ "userName": "bjensen", "title": title });
    let put = server.scim("PUT", &url, &[("if-match", &stale)], &user("first"));
    let current = put.header("etag");
    for method in ["PUT", "PATCH", "DELETE"] {
        let refused = server.scim(method, &url, &[("if-match", &stale)], &user("never"));
        refused.scim_error(412);
        assert_eq!(refused.header("etag"), current);
        assert!(refused.text.contains(&current.replace('"', "\\\"")));
        let read = server.get(&url, &[]);
        assert_eq!(
            (read.header("etag"), &read.json()["title"]),
            (current.clone(), &json!("first"))
        );
    }
}

pub(crate) fn a_precondition_that_cannot_be_read_changes_nothing(server: &Server) {
    let (url, tag) = server.user("bjensen");
    let unquoted = tag.replace('"', "");
    for named in [unquoted.as_str(), "*, \"a\"", "w/\"a\"", "\"a"] {
        for header in ["if-match", "if-none-match"] {
            let never = json!({ "userName": "never" });
            let refused = server.scim("PUT", &url, &[(header, named)], &never);
            assert_eq!(
                refused.scim_error(400),
                "invalidSyntax",
                "{header}: {named}"
            );
        }
    }
    assert_eq!(server.get(&url, &[]).header("etag"), tag);
}

pub(crate) fn several_lines_are_one_list(server: &Server) {
    let (url, tag) = server.user("bjensen");
    let user = json!({ "userName": "bjensen", "title": "a" });
    let lines = [("if-match", "\"x\""), ("if-match", tag.as_str())];
    assert_eq!(server.scim("PUT", &url, &lines, &user).status, 200);
    assert_eq!(server.scim("PUT", &url, &lines, &user).status, 412);
}

pub(crate) fn no_increment_is_lost(server: &Server) {
    const EACH: usize = 20;
    let (url, _) = server.user("bjensen");
    let increment = || {
        for _ in 0..EACH {
            loop {
                let read = server.get(&url, &[]);
                let count: u32 = read.json()["title"]
                    .as_str()
                    .unwrap_or("0")
                    .parse()
                    .unwrap();
                let user = json!({ "userName": "bjensen", "title": (count + 1).to_string() });
                let tag = read.header("etag");
                match server
                    .scim("PUT", &url, &[("if-match", &tag)], &user)
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
    assert_eq!(
        server.get(&url, &[]).json()["title"],
        (4 * EACH).to_string()
    );
}
