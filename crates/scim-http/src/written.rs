//! What a client says something of when it writes: the paths in its content.
//!
//! An attribute that is returned on request only is shown to whoever has written it (RFC 7643
//! §7, `returned`).

use std::collections::BTreeSet;

use scim_ops::provider::filter::AttributePath;
use serde_json::Value;

/// The attributes of a resource that `content`, a resource, says something of.
pub(crate) fn by_resource(content: &Value) -> Vec<AttributePath> {
    let mut names = BTreeSet::new();
    collect(&mut names, "", content, 0);
    paths(names)
}

/// The attributes of a resource that `message`, a PATCH, is about.
pub(crate) fn by_patch(message: &Value) -> Vec<AttributePath> {
    let mut names = BTreeSet::new();
    let operations = member(message, "Operations").and_then(Value::as_array);
    for operation in operations.into_iter().flatten() {
        let path = member(operation, "path").and_then(Value::as_str);
        let path = path.map(without_filter).unwrap_or_default();
        if !path.is_empty() {
            names.insert(path.clone());
        }
        if let Some(value) = member(operation, "value") {
            collect(&mut names, &path, value, 0);
        }
    }
    paths(names)
}

/// How deep attributes stand within each other: an extension, its attributes, their parts.
const DEEPEST: usize = 3;

/// Adds the names in `value`, which is what the attribute or schema at `path` is given.
fn collect(names: &mut BTreeSet<String>, path: &str, value: &Value, depth: usize) {
    match value {
        Value::Object(members) if depth < DEEPEST => {
            for (name, value) in members {
                let mut add = |name: String| {
                    collect(names, &name, value, depth + 1);
                    names.insert(name);
                };
                if path.is_empty() {
                    add(without_filter(name));
                } else {
                    add(format!("{path}.{name}"));
                }
                // It may be the URI of a schema. What leads nowhere does no harm.
                if path.contains(':') {
                    add(format!("{path}:{name}"));
                }
            }
        }
        Value::Array(items) => {
            let objects = items.iter().filter(|item| item.is_object());
            objects.for_each(|item| collect(names, path, item, depth));
        }
        _ => {}
    }
}

/// `emails[type eq "work"].value` as `emails.value`.
fn without_filter(path: &str) -> String {
    match (path.find('['), path.rfind(']')) {
        (Some(start), Some(end)) if start < end => [&path[..start], &path[end + 1..]].concat(),
        _ => path.to_owned(),
    }
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let mut members = value.as_object()?.iter();
    let found = members.find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}

fn paths(names: BTreeSet<String>) -> Vec<AttributePath> {
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(paths: &[AttributePath]) -> Vec<&str> {
        paths.iter().map(AttributePath::as_str).collect()
    }

    #[test]
    fn a_resource_says_something_of_all_its_members() {
        let paths = by_resource(&json!({
            "title": "x", "name": { "givenName": "a" }, "tags": ["t"],
            "emails": [{ "value": "a" }, { "type": "b" }, { "value": "c" }],
            "urn:x:1.0": { "boss": { "value": "1" } },
            "not a name": 1,
        }));
        let paths = shown(&paths);
        for path in [
            "title",
            "name",
            "name.givenName",
            "tags",
            "emails",
            "emails.value",
            "emails.type",
            "urn:x:1.0",
            "urn:x:1.0:boss",
            "urn:x:1.0:boss.value",
        ] {
            assert_eq!(
                paths.iter().filter(|found| **found == path).count(),
                1,
                "{path}"
            );
        }
        assert!(by_resource(&json!([1, "x"])).is_empty());
    }

    #[test]
    fn a_patch_is_about_its_paths_and_what_is_in_its_values() {
        let paths = by_patch(&json!({ "operations": [
            { "op": "add", "path": "emails[type eq \"]\"].value", "value": "a" },
            { "op": "remove", "PATH": "title" },
            { "op": "replace", "value": { "nickName": "b", "name.givenName": "c" } },
            { "op": "add", "path": "name", "value": { "familyName": "d" } },
            { "op": "add", "path": "urn:x", "value": { "boss": "1" } },
            7,
        ] }));
        let paths = shown(&paths);
        for path in [
            "emails.value",
            "title",
            "nickName",
            "name.givenName",
            "name",
            "name.familyName",
            "urn:x:boss",
        ] {
            assert!(paths.contains(&path), "{path} in {paths:?}");
        }
        assert!(by_patch(&json!({ "Operations": 7 })).is_empty());
    }
}
