//! Bodies that are too much, too deep, or no text.

use std::thread;

use crate::victim::Victim;

const MEGABYTES_20: usize = 20_000_000;

#[test]
fn a_body_of_20_mb_is_413() {
    let victim = Victim::start();
    let body = format!("{{\"userName\":\"{}\"}}", "x".repeat(MEGABYTES_20)).into_bytes();
    for (method, target) in [
        ("POST", "/Users"),
        ("PUT", victim.user.as_str()),
        ("PATCH", victim.user.as_str()),
        ("POST", "/.search"),
        ("POST", "/Users/.search"),
        ("POST", "/Bulk"),
    ] {
        victim.send(method, target, &[], &body).refuses(413);
        victim.send_chunked(method, target, &body).refuses(413);
    }
    victim.survives();
}

#[test]
fn many_bodies_of_20_mb_at_once_are_413() {
    let victim = Victim::start();
    let body = vec![b' '; MEGABYTES_20];
    thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| victim.send_chunked("POST", "/Bulk", &body).refuses(413));
        }
    });
    victim.survives();
}

#[test]
fn nesting_of_ten_thousand_is_400() {
    let victim = Victim::start();
    let arrays = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let objects = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let open = "[".repeat(500_000);
    for value in [&arrays, &objects, &open] {
        for (method, target, body) in [
            ("POST", "/Users", value.clone()),
            (
                "POST",
                "/Users",
                format!("{{\"userName\":\"x\",\"name\":{value}}}"),
            ),
            (
                "PUT",
                victim.user.as_str(),
                format!("{{\"userName\":{value}}}"),
            ),
            ("PATCH", victim.user.as_str(), patch(value)),
            ("POST", "/.search", format!("{{\"attributes\":{value}}}")),
            ("POST", "/Bulk", bulk(value)),
        ] {
            let answer = victim.send(method, target, &[], body.as_bytes());
            answer.refuses_as(400, "invalidSyntax");
        }
    }
    victim.survives();
}

#[test]
fn what_is_no_utf_8_is_400() {
    let victim = Victim::start();
    let invalid: [&[u8]; 6] = [
        b"\xFF",
        b"\xC3\x28",
        b"\xC0\xAF",
        b"\xED\xA0\x80",
        b"\xF5\x80\x80\x80",
        b"\xE2\x82",
    ];
    for octets in invalid {
        for (method, target, before, after) in [
            ("POST", "/Users", &b"{\"userName\":\""[..], &b"\"}"[..]),
            ("POST", "/Users", b"{\"userName\":\"x\",\"", b"\":1}"),
            ("PUT", victim.user.as_str(), b"{\"userName\":\"", b"\"}"),
            (
                "PATCH",
                victim.user.as_str(),
                b"{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"add\",\"path\":\"title\",\"value\":\"",
                b"\"}]}",
            ),
            ("POST", "/.search", b"{\"filter\":\"userName eq \\\"", b"\\\"\"}"),
            ("POST", "/Bulk", b"{\"Operations\":[{\"method\":\"", b"\"}]}"),
        ] {
            let body = [before, octets, after].concat();
            victim.send(method, target, &[], &body).refuses_as(400, "invalidSyntax");
        }
    }
    for filter in [
        "%FF",
        "userName%20eq%20%22%C3%28%22",
        "%",
        "%zz",
        "userName%20eq%20%22%00%22",
    ] {
        let answer = victim.get(&format!("/Users?filter={filter}"));
        // A zero is a character, and nobody has it in a name.
        if answer.status != 200 {
            answer.refuses(400);
        }
    }
    victim.survives();
}

#[test]
fn what_is_no_json_is_400() {
    let victim = Victim::start();
    for body in [
        &b"{"[..],
        b"{\"userName\":\"x\"",
        b"{\"userName\":\"x\"} {}",
        b"[]",
        b"null",
        b"\"User\"",
        b"{\"userName\":NaN}",
        b"{\"userName\":1e999}",
        b"{'userName':'x'}",
        b"{\"userName\":\"\x00\"}",
        b"\xEF\xBB\xBF{\"userName\":\"x\"}",
        b"<user/>",
    ] {
        for (method, target) in [
            ("POST", "/Users"),
            ("PUT", victim.user.as_str()),
            ("PATCH", victim.user.as_str()),
            ("POST", "/.search"),
            ("POST", "/Bulk"),
        ] {
            let answer = victim.send(method, target, &[], body);
            answer.refuses_as(400, "invalidSyntax");
        }
    }
    victim.survives();
}

/// Many members, none of which is known: time and memory follow the body's length.
#[test]
fn a_hundred_thousand_members_and_values_are_400_or_left_out() {
    let victim = Victim::start();
    let members: Vec<String> = (0..60_000)
        .map(|number| format!("\"a{number}\":1"))
        .collect();
    let unknown = format!("{{\"userName\":\"bjensen\",{}}}", members.join(","));
    let values = vec!["{}"; 300_000].join(",");
    let values = format!("{{\"userName\":\"bjensen\",\"emails\":[{values}]}}");
    for body in [unknown, values] {
        let answer = victim.send("PUT", &victim.user, &[], body.as_bytes());
        if answer.status != 200 {
            answer.refuses(400);
        }
    }
    victim.survives();
}

fn patch(value: &str) -> String {
    format!(
        "{{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\
         \"Operations\":[{{\"op\":\"add\",\"path\":\"name\",\"value\":{value}}}]}}"
    )
}

fn bulk(value: &str) -> String {
    format!(
        "{{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],\
         \"Operations\":[{{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"1\",\"data\":{value}}}]}}"
    )
}
