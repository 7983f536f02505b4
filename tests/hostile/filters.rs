//! Filters that are too long or too deep.

use crate::victim::Victim;

/// Filters of one megabyte.
fn megabytes() -> Vec<String> {
    let million = 1_000_000;
    vec![
        format!("userName eq \"{}\"", "a".repeat(million)),
        format!("{} eq \"a\"", "a".repeat(million)),
        format!(
            "{}userName pr{}",
            "(".repeat(million / 2),
            ")".repeat(million / 2)
        ),
        "(".repeat(million),
        "not (".repeat(million / 5),
        format!("{}title pr", "title pr or ".repeat(million / 12)),
        format!(
            "{}title pr",
            "title pr and not (nickName pr) or ".repeat(million / 34)
        ),
        format!("emails[{}]", "type eq \"work\" and ".repeat(million / 19)),
        "emails[".repeat(million / 7),
        "\"".repeat(million),
        "\\".repeat(million),
        " ".repeat(million),
        "urn:".repeat(million / 4),
    ]
}

/// Whether it is the target or the whole head that is too long, is for the HTTP layer to say: neither
/// reaches the service.
#[test]
fn a_filter_of_1_mb_in_a_url_is_414_or_431() {
    let victim = Victim::start();
    for filter in megabytes() {
        let filter = encoded(&filter);
        for target in ["/Users", "/Groups", "/", &victim.user] {
            let answer = victim.get(&format!("{target}?filter={filter}"));
            assert!([414, 431].contains(&answer.status), "{answer:.400?}");
        }
    }
    victim.survives();
}

#[test]
fn a_filter_that_makes_a_url_too_long_is_414() {
    let victim = Victim::start();
    for length in [10_000, 60_000] {
        let filter = format!("userName%20eq%20%22{}%22", "a".repeat(length));
        victim.get(&format!("/Users?filter={filter}")).refuses(414);
    }
    let filter = format!("userName%20eq%20%22{}%22", "a".repeat(100_000));
    assert_eq!(victim.get(&format!("/Users?filter={filter}")).status, 414);
    victim.survives();
}

#[test]
fn a_filter_of_1_mb_in_a_search_is_400() {
    let victim = Victim::start();
    for filter in megabytes() {
        for target in ["/.search", "/Users/.search"] {
            let body = serde_json::json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
                "filter": filter,
            });
            let body = body.to_string();
            let answer = victim.post(target, body.as_bytes());
            // Escaped, some are longer than any body may be.
            if body.len() > 1 << 20 {
                answer.refuses(413);
            } else {
                answer.refuses_as(400, "invalidFilter");
            }
        }
    }
    victim.survives();
}

/// What fits into a URL is as deep as it gets there.
#[test]
fn a_filter_that_fits_is_judged_or_refused_for_its_depth() {
    let victim = Victim::start();
    for filter in [
        format!("{}userName pr{}", "(".repeat(1_000), ")".repeat(1_000)),
        format!("{}userName pr{}", "not (".repeat(500), ")".repeat(500)),
        format!("{}userName pr", "userName pr and ".repeat(150)),
        "(".repeat(2_000),
    ] {
        let answer = victim.get(&format!("/Users?filter={}", encoded(&filter)));
        if answer.status != 200 {
            answer.refuses_as(400, "invalidFilter");
        }
    }
    victim.survives();
}

#[test]
fn a_path_of_1_mb_in_a_patch_is_400() {
    let victim = Victim::start();
    for filter in megabytes() {
        for path in [filter.clone(), format!("emails[{filter}].value")] {
            let body = serde_json::json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{ "op": "remove", "path": path }],
            });
            let body = body.to_string();
            let answer = victim.send("PATCH", &victim.user, &[], body.as_bytes());
            answer.refuses(if body.len() > 1 << 20 { 413 } else { 400 });
        }
    }
    victim.survives();
}

#[test]
fn other_parameters_of_a_search_that_make_no_sense_are_400_or_change_nothing() {
    let victim = Victim::start();
    let long = "a".repeat(100_000);
    for (name, value) in [
        ("attributes", serde_json::json!(vec!["title"; 100_000])),
        ("attributes", serde_json::json!([long])),
        (
            "excludedAttributes",
            serde_json::json!(vec!["title"; 100_000]),
        ),
        ("sortBy", serde_json::json!(long)),
        ("sortOrder", serde_json::json!(long)),
        ("startIndex", serde_json::json!(u64::MAX)),
        ("startIndex", serde_json::json!(i64::MIN)),
        ("startIndex", serde_json::json!(1.5)),
        ("count", serde_json::json!(u64::MAX)),
        ("count", serde_json::json!("9".repeat(100_000))),
        ("cursor", serde_json::json!(long)),
    ] {
        let mut body = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        });
        body[name] = value;
        let answer = victim.post("/Users/.search", body.to_string().as_bytes());
        if answer.status != 200 {
            answer.refuses(400);
        }
    }
    victim.survives();
}

fn encoded(filter: &str) -> String {
    filter
        .replace(' ', "%20")
        .replace('"', "%22")
        .replace('\\', "%5C")
        .replace('[', "%5B")
        .replace(']', "%5D")
}
