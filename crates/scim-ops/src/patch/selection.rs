use scim_provider::schema::{Attribute, ResourceType, UnknownAttributes};
use scim_provider::storage::{LinkKey, LinkSelection};
use serde_json::Value;

use super::message::Operation;
use super::plan::{Action, Change, plan};
use super::target::Target;

/// Which links `operations` have to see, and may change.
pub(super) fn links(operations: &[Operation], resource_type: &ResourceType) -> LinkSelection {
    // Operations that can't be applied change nothing, whatever is there.
    let Ok(steps) = plan(operations, resource_type, UnknownAttributes::Ignore) else {
        return LinkSelection::None;
    };
    // Whether a required attribute still has a value shows in all of them only.
    let required = |name| {
        resource_type
            .attribute(name)
            .is_some_and(Attribute::required)
    };
    if resource_type.links().any(required) {
        return LinkSelection::All;
    }
    let mut keys = Vec::new();
    for step in &steps {
        let Action::Change(target, change) = &step.action else {
            continue;
        };
        if !target.linked {
            continue;
        }
        match targets(target, change) {
            Some(targets) => {
                let name = target.attribute.name();
                keys.extend(targets.into_iter().map(|id| LinkKey::new(name, id)));
            }
            None => return LinkSelection::All,
        }
    }
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        LinkSelection::None
    } else {
        LinkSelection::Of(keys)
    }
}

/// The ids of all links that `change` may see or change, if they can be told from it.
fn targets<'a>(target: &'a Target<'_>, change: &'a Change) -> Option<Vec<&'a str>> {
    // At most one of them is primary.
    if target.attribute.sub_attribute("primary").is_some() {
        return None;
    }
    let given: &[Value] = match change {
        Change::Add(Value::Array(values)) | Change::RemoveValues(values) => values,
        Change::Add(value @ Value::Object(_)) | Change::Replace(value @ Value::Object(_)) => {
            std::slice::from_ref(value)
        }
        Change::Add(_) | Change::Replace(_) | Change::Remove => &[],
    };
    let mut ids: Vec<&str> = match (&target.selector, target.sub) {
        (Some(selector), _) => {
            let candidates = selector.candidates.as_ref()?;
            candidates.iter().map(String::as_str).collect()
        }
        (None, None) if matches!(change, Change::Add(_) | Change::RemoveValues(_)) => Vec::new(),
        (None, _) => return None,
    };
    ids.extend(given.iter().filter_map(|value| value["value"].as_str()));
    // A link that is given another `value` is the other link from then on.
    if let Change::Add(Value::String(id)) | Change::Replace(Value::String(id)) = change
        && target.sub.is_some_and(|sub| sub.name() == "value")
    {
        ids.push(id);
    }
    Some(ids)
}

#[cfg(test)]
mod tests {
    use scim_provider::schema::ResourceTypes;
    use serde_json::json;

    use crate::Patch;

    use super::*;

    fn selected(resource_type: &str, operations: Value) -> LinkSelection {
        let types = ResourceTypes::rfc7643();
        let patch = Patch::from_json(json!({ "Operations": operations })).unwrap();
        patch.links(types.get(resource_type).unwrap())
    }

    fn of(ids: &[&str]) -> LinkSelection {
        LinkSelection::Of(ids.iter().map(|id| LinkKey::new("members", *id)).collect())
    }

    #[test]
    fn named_members_are_all_that_is_needed() {
        for (operation, ids) in [
            (
                json!({ "op": "add", "path": "members", "value": [{ "value": "b" }, { "value": "a" }] }),
                ["a", "b"].as_slice(),
            ),
            (
                json!({ "op": "Add", "path": "MEMBERS", "value": "a" }),
                &["a"],
            ),
            (
                json!({ "op": "add", "value": { "members": [{ "value": "a" }] } }),
                &["a"],
            ),
            (
                json!({ "op": "remove", "path": "members", "value": [{ "value": "a" }] }),
                &["a"],
            ),
            (
                json!({ "op": "remove", "path": "members[value eq \"a\"]" }),
                &["a"],
            ),
            (
                json!({ "op": "remove", "path": "members[value eq \"a\" or value eq \"b\"]" }),
                &["a", "b"],
            ),
            (
                json!({ "op": "add", "path": "members[value eq \"a\"].display", "value": "A" }),
                &["a"],
            ),
            (
                json!({ "op": "replace", "path": "members[value eq \"a\"]", "value": { "value": "b" } }),
                &["a", "b"],
            ),
        ] {
            assert_eq!(
                selected("Group", json!([operation])),
                of(ids),
                "{operation}"
            );
        }
    }

    #[test]
    fn what_may_touch_any_member_needs_all() {
        for operation in [
            json!({ "op": "replace", "path": "members", "value": [{ "value": "a" }] }),
            json!({ "op": "replace", "value": { "members": [{ "value": "a" }] } }),
            json!({ "op": "remove", "path": "members" }),
            json!({ "op": "remove", "path": "members", "value": null }),
            json!({ "op": "remove", "path": "members[type eq \"User\"]" }),
            json!({ "op": "remove", "path": "members.display" }),
        ] {
            let add = json!({ "op": "add", "path": "members", "value": "b" });
            let found = selected("Group", json!([add, operation]));
            assert_eq!(found, LinkSelection::All, "{operation}");
        }
    }

    #[test]
    fn other_attributes_need_none() {
        let rename = json!([{ "op": "replace", "path": "displayName", "value": "x" }]);
        assert_eq!(selected("Group", rename), LinkSelection::None);
        let nobody = json!([{ "op": "add", "path": "members", "value": [] }]);
        assert_eq!(selected("Group", nobody), LinkSelection::None);
        let emails = json!([{ "op": "remove", "path": "emails" }]);
        assert_eq!(selected("User", emails), LinkSelection::None);
        // Refused anyway.
        let nowhere = json!([{ "op": "remove", "path": "members" }, { "op": "remove" }]);
        assert_eq!(selected("Group", nowhere), LinkSelection::None);
    }
}
