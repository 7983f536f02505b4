//! What holds for all resources there could be, tried on random ones.

mod generate;
mod secrets;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value};

use self::generate::{junk, text, thing, things};
use super::{NormalForm, ResourceTypes, UnknownAttributes};
use crate::storage::Link;

fn normalise(value: Value) -> Result<NormalForm, TestCaseError> {
    let form = thing().normalise(value.clone(), UnknownAttributes::Refuse);
    form.map_err(|e| TestCaseError::reject(format!("{e}: {value}")))
}

/// The links as a client sees them.
fn shown(links: &[Link], base_url: &str) -> Value {
    let show = |link: &Link| {
        let mut member: Map<String, Value> = serde_json::from_slice(&link.detail).unwrap();
        member.insert("value".into(), (*link.key.target).into());
        if let Some(reference) = &link.reference {
            member.insert("$ref".into(), format!("{base_url}{reference}").into());
        }
        Value::Object(member)
    };
    links.iter().map(show).collect()
}

fn reordered(attributes: &Map<String, Value>, at: Index) -> Map<String, Value> {
    let reorder = |value: &Value| match value {
        Value::Array(items) if !items.is_empty() => {
            let mut items = items.clone();
            let at = at.index(items.len());
            items.rotate_left(at);
            items.push(items[0].clone());
            Value::Array(items)
        }
        other => other.clone(),
    };
    attributes
        .iter()
        .map(|(name, value)| (name.clone(), reorder(value)))
        .collect()
}

proptest! {
    #[test]
    fn normalising_never_panics(value in junk()) {
        let types = ResourceTypes::rfc7643();
        for resource_type in &types {
            for unknown in [UnknownAttributes::Refuse, UnknownAttributes::Ignore] {
                if let Ok(form) = resource_type.normalise(value.clone(), unknown) {
                    resource_type.document(&form);
                    prop_assert!(resource_type.same(&form.attributes, &form.attributes));
                    resource_type.unique_keys(&form.attributes);
                    resource_type.index_entries(&form.attributes);
                }
            }
        }
    }

    #[test]
    fn a_normal_form_is_its_own_normal_form((value, _) in things()) {
        let form = normalise(value)?;
        let mut shown_again = Value::Object(form.attributes.clone());
        shown_again["members"] = shown(&form.links, "https://example.com/v2/");
        prop_assert_eq!(normalise(shown_again)?, form);
    }

    #[test]
    fn a_document_says_what_its_form_says((value, _) in things()) {
        let form = normalise(value)?;
        let document = thing().document(&form);
        let read: Map<String, Value> = serde_json::from_slice(&document).unwrap();
        prop_assert_eq!(&read, &form.attributes);
        prop_assert_eq!(document, scim_version::canonical_json(&Value::Object(read)));
    }

    #[test]
    fn the_case_of_names_does_not_count((value, other) in things()) {
        prop_assert_eq!(normalise(value)?, normalise(other)?);
    }

    #[test]
    fn sets_are_the_same_in_any_order_and_any_number((value, _) in things(), at: Index) {
        let form = normalise(value)?;
        let other = reordered(&form.attributes, at);
        prop_assert!(thing().same(&form.attributes, &form.attributes));
        prop_assert!(thing().same(&form.attributes, &other));
        prop_assert!(thing().same(&other, &form.attributes));
        let mut reordered = form.clone();
        reordered.attributes = other.clone();
        let documents = (thing().document(&form), thing().document(&reordered));
        prop_assert!(thing().same_documents(&documents.0, &documents.1).unwrap_or(false));
        prop_assert_eq!(thing().unique_keys(&other), thing().unique_keys(&form.attributes));
    }

    #[test]
    fn what_is_the_same_is_so_both_ways_and_has_the_same_keys(
        (a, _) in things(),
        (b, _) in things(),
    ) {
        let (a, b) = (normalise(a)?, normalise(b)?);
        let documents = (thing().document(&a), thing().document(&b));
        let (a, b) = (a.attributes, b.attributes);
        let same = thing().same(&a, &b);
        prop_assert_eq!(thing().same_documents(&documents.0, &documents.1).ok(), Some(same));
        prop_assert_eq!(same, thing().same(&b, &a));
        prop_assert!(!same || thing().unique_keys(&a) == thing().unique_keys(&b));
    }

    #[test]
    fn a_text_changed_is_not_the_same(
        (value, _) in things(),
        label in text(),
    ) {
        let form = normalise(value)?;
        let mut other = form.attributes.clone();
        let before = other.insert("label".into(), label.clone().into());
        let expected = before.as_ref().and_then(Value::as_str) == Some(&label);
        prop_assert_eq!(thing().same(&form.attributes, &other), expected);
    }

    #[test]
    fn links_are_the_same_in_any_order((value, _) in things(), at: Index) {
        let form = normalise(value)?;
        let mut other = form.attributes.clone();
        other.insert("members".into(), shown(&form.links, "https://elsewhere.example/"));
        let other = reordered(&other, at);
        prop_assert_eq!(normalise(Value::Object(other))?.links, form.links);
    }
}
