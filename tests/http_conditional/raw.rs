//! What ordinary clients don't send.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::scene::{Scene, changed};

/// The status code of the answer to a PUT of the user with these lines among its header, octet by
/// octet as they are.
fn put(scene: &Scene, lines: &[&[u8]]) -> u16 {
    let path = scene.location.split_once("/scim").expect("the base path").1;
    let body = changed().to_string();
    let mut request = format!(
        "PUT /scim{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
         Content-Type: application/scim+json\r\nContent-Length: {}\r\n",
        scene.server.address(),
        body.len()
    )
    .into_bytes();
    for line in lines {
        request.extend_from_slice(line);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(body.as_bytes());

    let mut stream = TcpStream::connect(scene.server.address()).unwrap();
    stream.write_all(&request).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let status = answer
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3));
    status
        .unwrap_or_else(|| panic!("{answer}"))
        .parse()
        .unwrap()
}

fn if_match(value: &[u8]) -> Vec<u8> {
    [b"If-Match: ", value].concat()
}

#[test]
fn several_field_lines_are_one_list() {
    let scene = Scene::new();
    let stale = if_match(scene.stale.as_bytes());
    let current = if_match(scene.current.as_bytes());
    let (star, malformed) = (if_match(b"*"), if_match(b"\"unclosed"));

    assert_eq!(put(&scene, &[&stale, b"if-match: \"x\""]), 412);
    // `*` stands alone, and one malformed line spoils all, wherever it stands.
    for lines in [
        [&current, &malformed],
        [&malformed, &current],
        [&current, &star],
        [&star, &current],
        [&star, &star],
    ] {
        assert_eq!(put(&scene, &lines.map(Vec::as_slice)), 400, "{lines:?}");
    }
    scene.is_unchanged();
    assert_eq!(put(&scene, &[&stale, b"X-Between: 1", &current]), 200);
}

#[test]
fn octets_above_ascii_are_legal_in_a_tag_and_match_nothing() {
    let scene = Scene::new();
    assert_eq!(put(&scene, &[&if_match(b"\"\xFCber\"")]), 412);
    assert_eq!(put(&scene, &[&if_match(b"W/\"\x80\xFF\"")]), 412);
    assert_eq!(put(&scene, &[&if_match(b"\xFCber")]), 400);
    scene.is_unchanged();
    let list = [b"\"\xFC\", ".as_slice(), scene.current.as_bytes()].concat();
    assert_eq!(put(&scene, &[&if_match(&list)]), 200);
}

#[test]
fn control_characters_and_blanks_inside_a_tag_refuse_the_request() {
    let scene = Scene::new();
    let tag = scene.current.trim_end_matches('"').as_bytes();
    for octet in [b"\0", b"\x01", b"\x7F", b"\t", b" "] {
        let inside = [tag, octet, b"\""].concat();
        assert_eq!(put(&scene, &[&if_match(&inside)]), 400, "{octet:?}");
    }
    scene.is_unchanged();
}

#[test]
fn blanks_around_a_tag_do_not_count() {
    let scene = Scene::new();
    let padded = [b"If-Match:\t ", scene.current.as_bytes(), b" \t"].concat();
    assert_eq!(put(&scene, &[&padded]), 200);
}

#[test]
fn a_long_list_is_judged_to_its_end_or_refused_but_never_passed_over() {
    let scene = Scene::new();
    let others = "\"x\", ".repeat(1_000);
    assert_eq!(put(&scene, &[&if_match(others.as_bytes())]), 412);
    let malformed = [others.as_bytes(), b"x"].concat();
    assert_eq!(put(&scene, &[&if_match(&malformed)]), 400);
    scene.is_unchanged();
    let hit = [others.as_bytes(), scene.current.as_bytes()].concat();
    assert_eq!(put(&scene, &[&if_match(&hit)]), 200);
}
