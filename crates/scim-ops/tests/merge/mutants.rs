//! Merges that are wrong in the ways that come to mind. A law that none of them breaks is no use.

use serde_json::Value;

use crate::generate::LISTS;
use crate::laws::{Cases, LAWS};
use crate::support::{Document, Merge, Merged, right};

fn drops_theirs(_: &Document, local: &Document, _: &Document) -> Merged {
    Ok(local.clone())
}

fn drops_ours(_: &Document, _: &Document, remote: &Document) -> Merged {
    Ok(remote.clone())
}

fn values<'d>(document: &'d Document, list: &str) -> &'d [Value] {
    crate::edits::list_of(document, list)
}

/// Takes values of lists for one another by where they stand.
fn ignores_identity(base: &Document, local: &Document, remote: &Document) -> Merged {
    let mut merged = right(base, local, remote)?;
    for list in LISTS {
        let (base, local, remote) = (
            values(base, list),
            values(local, list),
            values(remote, list),
        );
        let longest = local.len().max(remote.len());
        let at = |place: usize| match (base.get(place), local.get(place), remote.get(place)) {
            (base, local, remote) if base == local => remote.cloned(),
            (_, local, _) => local.cloned(),
        };
        let items: Vec<Value> = (0..longest).filter_map(at).collect();
        merged.remove(list);
        if !items.is_empty() {
            merged.insert(list.into(), items.into());
        }
    }
    Ok(merged)
}

/// Has each value that both sides have twice.
fn duplicates_values(base: &Document, local: &Document, remote: &Document) -> Merged {
    let mut merged = right(base, local, remote)?;
    for list in LISTS {
        let items = [values(remote, list), values(local, list)].concat();
        if !items.is_empty() {
            merged.insert(list.into(), items.into());
        }
    }
    Ok(merged)
}

/// Puts what ours says over what is there.
fn overlays(_: &Document, local: &Document, remote: &Document) -> Merged {
    let mut merged = remote.clone();
    merged.extend(local.clone());
    Ok(merged)
}

/// Has both sides' primary values.
fn keeps_both_primaries(base: &Document, local: &Document, remote: &Document) -> Merged {
    let mut merged = right(base, local, remote)?;
    for list in ["emails", "addresses"] {
        let chosen: Vec<Value> = [local, remote]
            .iter()
            .flat_map(|side| values(side, list))
            .filter(|item| item.get("primary") == Some(&Value::Bool(true)))
            .cloned()
            .collect();
        let items = merged.get_mut(list).and_then(Value::as_array_mut);
        for item in items.into_iter().flatten() {
            if chosen
                .iter()
                .any(|chosen| crate::edits::is_one(list, chosen, item))
            {
                item["primary"] = true.into();
            }
        }
    }
    Ok(merged)
}

/// Goes by the schema's spelling of names.
fn minds_case(base: &Document, local: &Document, remote: &Document) -> Merged {
    let spelt = |document: &Document| -> Document {
        let known = |name: &str| name.contains(':') || name != name.to_uppercase();
        document
            .iter()
            .filter(|(name, _)| known(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    };
    right(&spelt(base), &spelt(local), &spelt(remote))
}

/// Whatever both have changed, ours is right.
fn prefers_ours(base: &Document, local: &Document, remote: &Document) -> Merged {
    let rules =
        scim_ops::MergeRules::new(scim_ops::MergeRule::ask(|_: &scim_ops::MergeConflict| {
            scim_ops::Resolution::Local
        }));
    crate::support::merge_by(&rules, base, local, remote)
}

#[test]
fn a_wrong_merge_breaks_a_law() {
    let mutants: [(&str, Merge, &str); 8] = [
        ("drops theirs", drops_theirs, "disjoint edits always merge"),
        ("drops ours", drops_ours, "disjoint edits always merge"),
        (
            "ignores identity",
            ignores_identity,
            "disjoint edits always merge",
        ),
        (
            "duplicates values",
            duplicates_values,
            "disjoint edits always merge",
        ),
        (
            "overlays",
            overlays,
            "an unchanged side gives the other side",
        ),
        (
            "keeps both primaries",
            keeps_both_primaries,
            "what is merged is valid",
        ),
        ("minds case", minds_case, "the case of names does not count"),
        (
            "prefers ours",
            prefers_ours,
            "the names of the sides do not count",
        ),
    ];
    for (name, mutant, law) in mutants {
        let (_, law) = LAWS.iter().find(|(known, _)| *known == law).unwrap();
        assert!(law(mutant, Cases::Same).is_err(), "{name}");
    }
}

#[test]
fn a_merge_that_drops_a_side_or_values_breaks_more_than_one_law() {
    for mutant in [drops_theirs as Merge, drops_ours, overlays] {
        let broken = LAWS
            .iter()
            .filter(|(_, law)| law(mutant, Cases::Same).is_err())
            .count();
        assert!(broken >= 2, "{broken}");
    }
}
