//! Members that are there twice: in the same letters, or in others that mean the same (RFC 7643 §2.1).

use serde_json::Value;

use crate::victim::{Answer, Victim};

#[test]
fn a_name_that_is_there_twice_is_400_or_has_one_value() {
    let victim = Victim::start();
    for body in [
        r#"{ "userName": "a", "userName": "b" }"#,
        r#"{ "userName": "a", "username": "b" }"#,
        r#"{ "USERNAME": "a", "userName": "b" }"#,
        r#"{ "userName": "a", "\u0075serName": "b" }"#,
    ] {
        one_or_refused(
            &victim.post("/Users", body.as_bytes()),
            "userName",
            &["a", "b"],
            &victim,
        );
    }
    for body in [
        r#"{ "userName": "a", "title": "x", "title": "y" }"#,
        r#"{ "userName": "a", "title": "x", "Title": "y" }"#,
        r#"{ "userName": "a", "title": null, "TITLE": "x" }"#,
    ] {
        one_or_refused(
            &victim.post("/Users", body.as_bytes()),
            "title",
            &["x", "y"],
            &victim,
        );
    }
    victim.survives();
}

#[test]
fn a_name_that_is_there_twice_below_is_400_or_has_one_value() {
    let victim = Victim::start();
    for (member, twice) in [
        ("name", r#"{ "givenName": "a", "GIVENNAME": "b" }"#),
        ("name", r#"{ "givenName": "a", "givenName": "b" }"#),
        ("emails", r#"[{ "value": "a", "Value": "b" }]"#),
    ] {
        let body = format!("{{ \"userName\": \"x\", \"{member}\": {twice} }}");
        let answer = victim.post("/Users", body.as_bytes());
        if answer.status == 201 {
            let shown = answer.json()[member].to_string();
            assert_ne!(shown.contains("\"a\""), shown.contains("\"b\""), "{shown}");
            delete(&victim, &answer);
        } else {
            answer.refuses(400);
        }
    }
    victim.survives();
}

#[test]
fn an_extension_that_is_there_twice_is_400_or_has_one_value() {
    let victim = Victim::start();
    let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    for (first, second) in [
        (urn.to_owned(), urn.to_owned()),
        (urn.to_owned(), urn.to_uppercase()),
    ] {
        let body = format!(
            "{{ \"userName\": \"x\", \"{first}\": {{ \"division\": \"a\" }}, \"{second}\": {{ \"division\": \"b\" }} }}"
        );
        let answer = victim.post("/Users", body.as_bytes());
        if answer.status == 201 {
            assert!(["a", "b"].contains(&answer.json()[urn]["division"].as_str().unwrap()));
            delete(&victim, &answer);
        } else {
            answer.refuses(400);
        }
    }
    victim.survives();
}

/// Nobody says which operation is meant, so none is done, or all is one of them.
#[test]
fn members_of_messages_that_are_there_twice_are_400_or_have_one_value() {
    let victim = Victim::start();
    let schemas = r#""schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]"#;
    for operations in [
        r#""Operations": [{ "op": "add", "op": "remove", "path": "title", "value": "x" }]"#,
        r#""Operations": [{ "op": "add", "path": "title", "value": "x", "value": "y" }]"#,
        r#""Operations": [{ "op": "add", "path": "title", "PATH": "nickName", "value": "x" }]"#,
        r#""Operations": [], "Operations": [{ "op": "add", "path": "title", "value": "x" }]"#,
        r#""operations": [], "Operations": [{ "op": "add", "path": "title", "value": "x" }]"#,
    ] {
        let body = format!("{{ {schemas}, {operations} }}");
        let answer = victim.send("PATCH", &victim.user, &[], body.as_bytes());
        if answer.status != 200 {
            answer.refuses(400);
        }
    }
    let answer = victim.post(
        "/.search",
        br#"{ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
              "filter": "userName pr", "filter": "title eq \"nobody\"" }"#,
    );
    if answer.status != 200 {
        answer.refuses(400);
    }
    let answer =
        victim.get("/Users?filter=userName%20pr&filter=title%20eq%20%22nobody%22&count=1&count=2");
    if answer.status != 200 {
        answer.refuses(400);
    }
    victim.survives();
}

fn one_or_refused(answer: &Answer, name: &str, values: &[&str], victim: &Victim) {
    if answer.status != 201 {
        answer.refuses(400);
        return;
    }
    let user = answer.json();
    let members: Vec<(&String, &Value)> = user
        .as_object()
        .unwrap()
        .iter()
        .filter(|(member, _)| member.eq_ignore_ascii_case(name))
        .collect();
    assert_eq!(members.len(), 1, "{user}");
    assert_eq!(members[0].0, name);
    assert!(values.contains(&members[0].1.as_str().unwrap()), "{user}");
    delete(victim, answer);
}

fn delete(victim: &Victim, created: &Answer) {
    let id = created.json()["id"].as_str().unwrap().to_owned();
    let deleted = victim.send("DELETE", &format!("/Users/{id}"), &[], b"");
    assert_eq!(deleted.status, 204, "{deleted:?}");
}
