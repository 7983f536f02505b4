#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use scim_provider::filter::{Conjunct, Filter, MAX_LENGTH, Matcher};
use scim_provider::schema::ResourceTypes;
use serde_json::{Map, Value, json};

static TYPES: LazyLock<ResourceTypes> = LazyLock::new(ResourceTypes::rfc7643);

fuzz_target!(|text: &str| {
    let Ok(filter) = Filter::parse(text) else {
        return;
    };
    let printed = filter.to_string();
    if printed.len() <= MAX_LENGTH {
        assert_eq!(printed.parse::<Filter>().as_ref(), Ok(&filter), "{printed}");
    }
    for (name, resource) in &*RESOURCES {
        let resource_type = TYPES.get(name).expect("RFC 7643 has it");
        let strict = resource_type.compile(&filter);
        let lenient = resource_type.compile_lenient(&filter);
        if let (Ok(strict), Ok(lenient)) = (&strict, &lenient) {
            assert_eq!(
                strict.matches(resource),
                lenient.matches(resource),
                "{printed}"
            );
        }
        for matcher in [strict, lenient].iter().flatten() {
            check_conjuncts(matcher, resource);
        }
        for attribute in resource_type.attributes() {
            if let Ok(matcher) = attribute.compile_value_filter(&filter)
                && let Some(value) = resource.get(attribute.name())
            {
                matcher.matches(value);
            }
        }
    }
});

/// What an index tells must agree with what is found without one.
fn check_conjuncts(matcher: &Matcher, resource: &Map<String, Value>) {
    let (mut met, mut complete) = (true, true);
    for conjunct in matcher.conjuncts() {
        match conjunct {
            Conjunct::Modified(range) => {
                let modified = resource["meta"]["lastModified"].as_str();
                met &= modified.is_some_and(|at| at.parse().is_ok_and(|at| range.contains(at)));
            }
            Conjunct::Equal(equality) if equality.path() == "id" => {
                met &= resource["id"] == *equality.value();
            }
            _ => complete = false,
        }
    }
    let matches = matcher.matches(resource);
    assert!(met || !matches);
    assert!(!complete || met == matches);
}

static RESOURCES: LazyLock<[(&str, Map<String, Value>); 2]> = LazyLock::new(|| {
    let object = |value: Value| value.as_object().cloned().expect("written as an object");
    let meta = |resource_type: &str| {
        json!({
            "resourceType": resource_type, "created": "2011-05-13T04:42:34.000000Z",
            "lastModified": "2011-05-13T04:42:34.000001Z", "location": "Users/2819c223",
            "version": "W/\"a\"",
        })
    };
    let user = json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        "id": "2819c223", "externalId": "701984", "userName": "bjensen@example.com",
        "name": { "formatted": "Ms. Barbara J Jensen, III", "familyName": "Jensen" },
        "displayName": "ΣΑΣ İ ß", "title": "", "active": true, "profileUrl": "https://example.com/b",
        "emails": [
            { "value": "bjensen@example.com", "type": "work", "primary": true },
            { "value": "babs@jensen.org", "type": "home" },
            {}, null,
        ],
        "x509Certificates": [{ "value": "-_8=" }],
        "groups": [{ "value": "e9e30dba", "$ref": "Groups/e9e30dba", "display": "Tour Guides" }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "employeeNumber": "701984", "manager": { "value": "26118915", "$ref": "Users/26118915" },
        },
        "meta": meta("User"),
    });
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "id": "e9e30dba", "displayName": "Tour Guides",
        "members": [{ "value": "2819c223", "$ref": "Users/2819c223", "type": "User" }],
        "meta": meta("Group"),
    });
    [("User", object(user)), ("Group", object(group))]
});
