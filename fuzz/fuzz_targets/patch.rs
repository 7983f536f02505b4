#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use scim_ops::{Patch, PatchRules};
use scim_provider::schema::{ResourceType, ResourceTypes, UnknownAttributes};
use scim_provider::storage::LinkSelection;
use serde_json::{Map, Value, json};

static TYPES: LazyLock<ResourceTypes> = LazyLock::new(ResourceTypes::rfc7643);

fuzz_target!(|text: &[u8]| {
    let Ok(patch) = serde_json::from_slice(text).map(Patch::from_json) else {
        return;
    };
    let patch = match patch {
        Ok(patch) => patch,
        Err(error) => {
            error.to_string();
            return;
        }
    };
    for (name, resource) in &*RESOURCES {
        let resource_type = TYPES.get(name).expect("RFC 7643 has it");
        for creates in [false, true] {
            for unknown in [UnknownAttributes::Refuse, UnknownAttributes::Ignore] {
                let rules = PatchRules::new()
                    .with_creates_missing(creates)
                    .with_unknown_attributes(unknown);
                check(&patch, resource_type, resource, &rules);
            }
        }
    }
});

fn check(
    patch: &Patch,
    resource_type: &ResourceType,
    resource: &Map<String, Value>,
    rules: &PatchRules,
) {
    let links = patch.links(resource_type);
    let part = patch.apply(resource_type, &members(resource, &links, true), rules);
    let whole = match patch.apply(resource_type, resource, rules) {
        Ok(whole) => whole,
        Err(error) => {
            assert_eq!(part.as_ref().map_err(ToString::to_string), Err(error.to_string()));
            return;
        }
    };
    // What the provider sets stays, and nothing is left of what was only crossed out.
    for name in ["id", "meta", "groups"] {
        assert_eq!(whole.get(name), resource.get(name));
    }
    for list in whole.values().filter_map(Value::as_array) {
        assert!(!list.is_empty() && !list.iter().any(Value::is_null));
    }
    // A part that is put back in its place is the whole.
    let mut part = part.expect("the whole could be patched");
    let mut all = list(&part);
    all.extend(list(&members(resource, &links, false)));
    if all.is_empty() {
        part.remove("members");
    } else {
        part.insert("members".into(), all.into());
    }
    assert_eq!(in_order(part), in_order(whole.clone()));
    // It is a resource, or it is refused as a whole.
    let normal = resource_type.normalise(Value::Object(whole), rules.unknown_attributes());
    if let Err(error) = normal {
        error.to_string();
    }
}

fn list(resource: &Map<String, Value>) -> Vec<Value> {
    let members = resource.get("members").and_then(Value::as_array);
    members.cloned().unwrap_or_default()
}

/// `resource` with those members only that `links` selects, or only the others.
fn members(
    resource: &Map<String, Value>,
    links: &LinkSelection,
    selected: bool,
) -> Map<String, Value> {
    let mut resource = resource.clone();
    let mut kept = list(&resource);
    kept.retain(|member| {
        let is_selected = match links {
            LinkSelection::All => true,
            LinkSelection::Of(keys) => {
                keys.iter().any(|key| Some(&*key.target) == member["value"].as_str())
            }
            _ => false,
        };
        is_selected == selected
    });
    resource.remove("members");
    if !kept.is_empty() {
        resource.insert("members".into(), kept.into());
    }
    resource
}

/// The members in the order of their ids: they are a set.
fn in_order(mut resource: Map<String, Value>) -> Map<String, Value> {
    if let Some(Value::Array(members)) = resource.get_mut("members") {
        members.sort_by_key(|member| (member["value"].to_string(), member.to_string()));
    }
    resource
}

static RESOURCES: LazyLock<[(&str, Map<String, Value>); 2]> = LazyLock::new(|| {
    let object = |value: Value| value.as_object().cloned().expect("written as an object");
    let user = json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        "id": "2819c223", "externalId": "701984", "userName": "bjensen@example.com",
        "name": { "familyName": "Jensen", "givenName": "Barbara" },
        "displayName": "Babs", "active": true,
        "emails": [
            { "value": "bjensen@example.com", "type": "work", "primary": true },
            { "value": "babs@jensen.org", "type": "home" },
        ],
        "addresses": [{ "type": "work", "country": "US" }],
        "x509Certificates": [{ "value": "-_8=" }],
        "groups": [{ "value": "e9e30dba", "$ref": "Groups/e9e30dba", "display": "Tour Guides" }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "employeeNumber": "701984", "manager": { "value": "26118915", "$ref": "Users/26118915" },
        },
        "meta": { "resourceType": "User", "version": "W/\"a\"" },
    });
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "id": "e9e30dba", "displayName": "Tour Guides",
        "members": [
            { "value": "1", "$ref": "Users/1", "type": "User" },
            { "value": "2", "$ref": "Users/2", "type": "User", "display": "Two" },
            { "value": "a", "$ref": "Groups/a", "type": "Group" },
        ],
        "meta": { "resourceType": "Group", "version": "W/\"a\"" },
    });
    [("User", object(user)), ("Group", object(group))]
});
