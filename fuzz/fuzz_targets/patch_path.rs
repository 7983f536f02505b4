#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use scim_provider::filter::{AttributePath, MAX_LENGTH, PatchPath, PathTarget, Projection};
use scim_provider::schema::ResourceTypes;
use serde_json::{Map, Value, json};

static TYPES: LazyLock<ResourceTypes> = LazyLock::new(ResourceTypes::rfc7643);

fuzz_target!(|text: &str| {
    if let Ok(path) = text.parse::<PatchPath>() {
        check_patch_path(&path);
    }
    if let Ok(path) = text.parse::<AttributePath>() {
        assert_eq!(path.as_str(), text);
        assert_eq!(path.to_string().parse().as_ref(), Ok(&path));
        for resource_type in &*TYPES {
            if let Ok(sorter) = resource_type.sort_key(&path) {
                let key = sorter.key(&USER);
                let text = serde_json::to_string(&key).expect("keys are simple values");
                assert_eq!(serde_json::from_str(&text).ok().as_ref(), Some(&key));
            }
        }
    }
    let include = Projection::parse_include(text);
    let exclude = Projection::parse_exclude(text);
    assert_eq!(include.is_ok(), exclude.is_ok());
    let user = TYPES.get("User").expect("RFC 7643 has it");
    for projection in [include, exclude].iter().flatten() {
        let shown = user.project(projection, USER.clone());
        assert!(shown.contains_key("id") && shown.contains_key("schemas"));
        assert!(!shown.contains_key("password"));
        for name in USER.keys().filter(|name| !name.contains(':')) {
            assert!(
                !shown.contains_key(name) || projection.wants(user, name),
                "{name}"
            );
        }
        // What is shown once is shown again.
        assert_eq!(user.project(projection, shown.clone()), shown);
    }
});

fn check_patch_path(path: &PatchPath) {
    let printed = path.to_string();
    if printed.len() <= MAX_LENGTH {
        assert_eq!(printed.parse::<PatchPath>().as_ref(), Ok(path), "{printed}");
    }
    for resource_type in &*TYPES {
        if let Some(PathTarget::Attribute(found)) = resource_type.resolve_path(path.attribute())
            && let Some(Ok(matcher)) = path
                .filter()
                .map(|filter| found.leaf().compile_value_filter(filter))
        {
            let values = USER.get(found.attribute().name()).and_then(Value::as_array);
            for value in values.into_iter().flatten() {
                matcher.matches(value);
            }
        }
    }
}

static USER: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "2819c223", "userName": "bjensen@example.com", "password": "t1meMa$heen",
        "displayName": "ΣΑΣ İ ß", "active": true,
        "name": { "familyName": "Jensen" },
        "emails": [{ "value": "bjensen@example.com", "type": "work", "primary": true }, {}, null],
        "members": [{ "value": "2819c223" }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "employeeNumber": "701984", "manager": { "value": "26118915", "$ref": "Users/26118915" },
        },
        "meta": { "resourceType": "User", "lastModified": "2011-05-13T04:42:34.000001Z" },
    });
    user.as_object().cloned().expect("written as an object")
});
