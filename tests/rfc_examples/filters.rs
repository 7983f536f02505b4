//! RFC 7644 §3.4.2.2.

use crate::scene::Scene;

/// Four users and the filters of Figure 2, each with those it lets through.
#[test]
fn section_3_4_2_2_the_example_filters() {
    let scene = population();
    for (filter, names) in [
        (r#"userName eq "bjensen""#, &["bjensen"][..]),
        (r#"name.familyName co "O'Malley""#, &["jomalley"]),
        (r#"userName sw "J""#, &["jomalley", "jsmith"]),
        (
            r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#,
            &["jomalley", "jsmith"],
        ),
        ("title pr", &["bjensen", "jsmith"]),
        (
            r#"meta.lastModified gt "2011-05-13T04:42:34Z""#,
            &["bjensen", "jomalley", "jsmith", "mpepperidge"],
        ),
        (
            r#"meta.lastModified ge "2011-05-13T04:42:34Z""#,
            &["bjensen", "jomalley", "jsmith", "mpepperidge"],
        ),
        (r#"meta.lastModified lt "2011-05-13T04:42:34Z""#, &[]),
        (r#"meta.lastModified le "2011-05-13T04:42:34Z""#, &[]),
        (r#"title pr and userType eq "Employee""#, &["bjensen"]),
        (
            r#"title pr or userType eq "Intern""#,
            &["bjensen", "jsmith", "mpepperidge"],
        ),
        (
            r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
            &["jomalley"],
        ),
        (
            r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
            &["bjensen", "jomalley"],
        ),
        (
            r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#,
            &["mpepperidge"],
        ),
        (
            r#"userType eq "Employee" and (emails.type eq "work")"#,
            &["bjensen", "jomalley"],
        ),
        (
            r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#,
            &["bjensen"],
        ),
        (
            r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#,
            &["bjensen", "jsmith"],
        ),
    ] {
        assert_eq!(matches(&scene, filter), names, "{filter}");
    }
}

#[test]
fn section_3_4_2_2_names_and_operators_are_case_insensitive() {
    let scene = population();
    for filter in [
        r#"userName Eq "jsmith""#,
        r#"Username eq "jsmith""#,
        r#"USERNAME EQ "JSMITH""#,
        r#"userName eq "jsmith" AND NOT (title EQ "x")"#,
    ] {
        assert_eq!(matches(&scene, filter), ["jsmith"], "{filter}");
    }
}

#[test]
fn section_3_4_2_2_not_goes_before_and_which_goes_before_or() {
    let scene = population();
    for (filter, names) in [
        (
            r#"userName eq "bjensen" or userName eq "jsmith" and title eq "x""#,
            &["bjensen"][..],
        ),
        (
            r#"(userName eq "bjensen" or userName eq "jsmith") and title eq "x""#,
            &[],
        ),
        (
            r#"not (title pr) and userType pr or userName eq "bjensen""#,
            &["bjensen", "jomalley", "mpepperidge"],
        ),
    ] {
        assert_eq!(matches(&scene, filter), names, "{filter}");
    }
}

#[test]
fn section_3_4_2_2_what_is_no_filter_is_400_invalid_filter() {
    let scene = population();
    for filter in [
        r#"userName regex "j.*""#,
        "userName",
        "userName eq",
        r#"userName eq "jsmith"#,
        r#"userName eq 'jsmith'"#,
        "userName eq jsmith",
        r#"(userName eq "jsmith""#,
        r#"userName eq "jsmith")"#,
        r#"userName eq "jsmith" and"#,
        r#"not userName eq "jsmith""#,
        r#"emails[type eq "work""#,
        // Booleans and binary values have no order.
        "active gt false",
        r#"x509Certificates.value lt "MII=""#,
    ] {
        let answer = scene.ask(&format!("GET /Users?filter={filter}\nHost: example.com\n"));
        scene.is_answer(
            &answer,
            r#"
HTTP/1.1 400 Bad Request
Content-Type: application/scim+json

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
  "scimType": "invalidFilter",
  "detail": "The operator 'regex' is not supported.",
  "status": "400"
}
"#,
        );
    }
}

#[test]
fn section_3_4_2_2_case_counts_where_the_attribute_is_case_exact() {
    let scene = Scene::new();
    scene.create("/Users", r#"{ "userName": "a", "externalId": "Bjensen" }"#);
    assert_eq!(matches(&scene, r#"externalId eq "Bjensen""#), ["a"]);
    assert_eq!(matches(&scene, r#"externalId eq "bjensen""#), [""; 0]);
}

fn population() -> Scene {
    let scene = Scene::new();
    for user in [
        r#"{ "userName": "bjensen", "title": "Tour Guide", "userType": "Employee",
             "emails": [{ "value": "bjensen@example.com", "type": "work" },
                        { "value": "babs@jensen.org", "type": "home" }] }"#,
        r#"{ "userName": "jomalley", "userType": "Employee",
             "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
                         "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
                 { "employeeNumber": "701984" },
             "name": { "familyName": "O'Malley" },
             "emails": [{ "value": "jo@example.org", "type": "work" },
                        { "value": "jo@example.com", "type": "home" }] }"#,
        r#"{ "userName": "jsmith", "title": "Guest", "userType": "External",
             "emails": [{ "value": "js@example.com", "type": "home" }],
             "ims": [{ "value": "js@foo.com", "type": "xmpp" }] }"#,
        r#"{ "userName": "mpepperidge", "userType": "Intern",
             "ims": [{ "value": "mp@foo.com", "type": "aim" }] }"#,
    ] {
        scene.create("/Users", user);
    }
    scene
}

/// The names of the users that a filter lets through.
fn matches(scene: &Scene, filter: &str) -> Vec<String> {
    let answer = scene.ask(&format!("GET /Users?filter={filter}\nHost: example.com\n"));
    assert_eq!(answer.status, 200, "{filter}: {answer:?}");
    let list = answer.json();
    let users = list["Resources"].as_array().cloned().unwrap_or_default();
    assert_eq!(list["totalResults"], users.len(), "{filter}");
    let mut names: Vec<String> = users
        .iter()
        .map(|user| user["userName"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}
