use proptest::prelude::*;
use scim_ops::provider::schema::UnknownAttributes;
use scim_ops::provider::storage::LinkSelection;
use scim_ops::{Patch, PatchError, PatchErrorKind, PatchRules};
use serde_json::{Value, json};

use crate::generate::{member_operations, operations, resource, single_operations, style};
use crate::message::{Style, patch};
use crate::model::{ATTRS, Op, Operation, Refusal, Target, thing};
use crate::reference::patched;

const PLAIN: Style = Style {
    shouts: false,
    sloppy: false,
};

fn apply(patch: &Patch, resource: &Value, creates: bool) -> Result<Value, PatchError> {
    let rules = PatchRules::new().with_creates_missing(creates);
    let patched = patch.apply(thing(), resource.as_object().unwrap(), &rules)?;
    Ok(Value::Object(patched))
}

fn refusal(error: &PatchError) -> (usize, Refusal) {
    let refusal = match error.kind() {
        PatchErrorKind::NoTarget => Refusal::NoTarget,
        PatchErrorKind::Mutability => Refusal::Mutability,
        PatchErrorKind::InvalidValue => Refusal::InvalidValue,
        other => panic!("{other:?}: {error}"),
    };
    (error.operation().unwrap(), refusal)
}

/// `resource` with those members only that `links` selects, or only the others.
fn members(resource: &Value, links: &LinkSelection, selected: bool) -> Value {
    let mut resource = resource.clone();
    if let Some(Value::Array(members)) = resource.get_mut("members") {
        members.retain(|member| {
            let is_selected = match links {
                LinkSelection::All => true,
                LinkSelection::Of(keys) => keys
                    .iter()
                    .any(|key| Some(&*key.target) == member["value"].as_str()),
                _ => false,
            };
            is_selected == selected
        });
        if members.is_empty() {
            resource.as_object_mut().unwrap().remove("members");
        }
    }
    resource
}

/// The resource, its members in the order of their ids.
fn in_order(mut resource: Value) -> Value {
    if let Some(Value::Array(members)) = resource.get_mut("members") {
        members.sort_by_key(|member| (member["value"].to_string(), member.to_string()));
    }
    resource
}

fn has_nulls(operation: &Operation) -> bool {
    let values = match &operation.target {
        Target::Several(members) => members.iter().map(|(_, value)| value.clone()).collect(),
        _ => operation.value.clone().unwrap_or_default(),
    };
    values.to_string().contains("null")
}

proptest! {
    #[test]
    fn a_patch_does_what_the_reference_does(
        resource in resource(),
        operations in operations(),
        style in style(),
        creates: bool,
    ) {
        let expected = patched(&resource, &operations, creates);
        let found = apply(&patch(&operations, style), &resource, creates);
        prop_assert_eq!(found.map_err(|error| refusal(&error)), expected);
    }

    #[test]
    fn so_does_a_patch_of_members(
        resource in resource(),
        operations in member_operations(),
        style in style(),
        creates: bool,
    ) {
        let expected = patched(&resource, &operations, creates);
        let found = apply(&patch(&operations, style), &resource, creates);
        prop_assert_eq!(found.map_err(|error| refusal(&error)), expected);
    }

    #[test]
    fn so_does_a_patch_of_single_values(
        resource in resource(),
        operations in single_operations(),
        style in style(),
    ) {
        let expected = patched(&resource, &operations, false);
        let found = apply(&patch(&operations, style), &resource, false);
        prop_assert_eq!(found.map_err(|error| refusal(&error)), expected);
    }

    #[test]
    fn the_links_that_a_patch_selects_are_all_it_needs(
        resource in resource(),
        operations in member_operations(),
        creates: bool,
    ) {
        let patch = patch(&operations, PLAIN);
        let links = patch.links(thing());
        let whole = apply(&patch, &resource, creates);
        let part = apply(&patch, &members(&resource, &links, true), creates);
        // What is not selected stays as it is; what is, is as the patch has left it.
        let written = part.map(|mut part| {
            let others = members(&resource, &links, false);
            let mut all = part["members"].as_array().cloned().unwrap_or_default();
            all.extend(others["members"].as_array().cloned().unwrap_or_default());
            if !all.is_empty() {
                part["members"] = all.into();
            } else if let Some(part) = part.as_object_mut() {
                part.remove("members");
            }
            in_order(part)
        });
        prop_assert_eq!(written, whole.map(in_order));
    }

    #[test]
    fn operations_together_do_what_they_do_one_by_one(
        resource in resource(),
        operations in operations(),
    ) {
        let together = apply(&patch(&operations, PLAIN), &resource, false);
        let one_by_one = operations.iter().try_fold(resource, |resource, operation| {
            apply(&patch(std::slice::from_ref(operation), PLAIN), &resource, false)
        });
        // Which operation is refused may differ: what no resource could take is found first.
        prop_assert_eq!(together.ok(), one_by_one.ok());
    }

    #[test]
    fn what_is_added_or_replaced_twice_is_so_once(
        resource in resource(),
        operation in operations(),
    ) {
        let operation = &operation[..1];
        // A filter may find something else once what it found has changed, and to add null is
        // to remove.
        let filtered = matches!(operation[0].target, Target::Some(..) | Target::SomePart(..));
        if operation[0].op == Op::Remove || filtered || has_nulls(&operation[0]) {
            return Ok(());
        }
        let patch = patch(operation, PLAIN);
        if let Ok(once) = apply(&patch, &resource, false)
            && let Ok(twice) = apply(&patch, &once, false)
        {
            prop_assert_eq!(twice, once);
        }
    }

    #[test]
    fn a_new_value_that_is_removed_again_was_never_there(
        resource in resource(),
        at in proptest::sample::select(vec!["rooms", "members", "crew"]),
    ) {
        let attr = ATTRS.iter().find(|attr| attr.name == at).unwrap();
        let operation = |op| Operation {
            op,
            target: Target::Whole(attr),
            value: Some(json!([{ "value": "never seen", "type": "new" }])),
        };
        let there_and_back = [operation(Op::Add), operation(Op::Remove)];
        prop_assert_eq!(apply(&patch(&there_and_back, PLAIN), &resource, false), Ok(resource));
    }

    #[test]
    fn a_resource_that_is_sent_back_stays_as_it_is(resource in resource()) {
        for op in ["add", "replace"] {
            let message = json!({ "Operations": [{ "op": op, "value": resource }] });
            let patch = Patch::from_json(message).unwrap();
            let same = apply(&patch, &resource, false);
            if op == "replace" {
                prop_assert_eq!(same, Ok(resource.clone()));
            } else {
                // A value that is there twice may lose nothing, and gains nothing.
                prop_assert!(same.is_ok());
            }
        }
    }

    #[test]
    fn what_is_patched_is_a_resource_or_is_refused(
        resource in resource(),
        operations in operations(),
        style in style(),
    ) {
        if let Ok(patched) = apply(&patch(&operations, style), &resource, true)
            && let Ok(form) = thing().normalise(patched, UnknownAttributes::Refuse)
        {
            prop_assert!(!form.attributes.values().any(Value::is_null));
        }
    }
}
