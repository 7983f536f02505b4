//! All that is asked after each commit.

use scim_provider::storage::{
    IndexEntry, LinkKey, LinkSelection, ModifiedRange, Query, Selection, Start, UniqueKey,
};
use scim_provider::{Scope, Timestamp};

use crate::plans::{NAMES, TYPES};

pub(crate) fn micros(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).expect("in range")
}

fn selections() -> impl Iterator<Item = Selection> {
    let by_name = NAMES.into_iter().flat_map(|name| {
        [
            Selection::Unique(UniqueKey::new("rule", name)),
            Selection::Indexed(IndexEntry::new("attribute", name)),
            Selection::Linked(vec![LinkKey::new("members", name)]),
            Selection::Linked(vec![LinkKey::new("owners", name)]),
        ]
    });
    let linked = [
        vec![],
        vec![("members", "a"), ("owners", "b"), ("members", "c")],
        vec![("owners", "c"), ("owners", "c")],
    ];
    let linked = linked.into_iter().map(|keys| {
        let keys = keys.into_iter();
        Selection::Linked(keys.map(|(name, to)| LinkKey::new(name, to)).collect())
    });
    let ids = [vec![], vec!["b"], vec!["c", "x", "a", "c"]];
    let ids = ids.into_iter().map(|ids| {
        let ids = ids.into_iter().map(|id| id.parse().expect("legal"));
        Selection::Ids(ids.collect())
    });
    let ranges = [
        (None, None),
        (Some(2), Some(2)),
        (Some(1), Some(3)),
        (Some(3), None),
        (None, Some(0)),
        (Some(4), Some(1)),
    ];
    let modified = ranges.into_iter().map(|(from, to)| {
        Selection::Modified(ModifiedRange::new(from.map(micros), to.map(micros)))
    });
    [Selection::All]
        .into_iter()
        .chain(by_name)
        .chain(linked)
        .chain(ids)
        .chain(modified)
}

pub(crate) fn queries() -> impl Iterator<Item = Query> {
    selections().flat_map(|selection| {
        TYPES.into_iter().flat_map(move |kind| {
            let all = Query::new(Scope::Single, kind, 10).selecting(selection.clone());
            let mut second = all.clone().starting(Start::Offset(1));
            second.limit = 1;
            let after = all
                .clone()
                .starting(Start::After("a".parse().expect("legal")));
            [all, second, after.with_links(LinkSelection::AtMost(1))]
        })
    })
}

pub(crate) fn link_selections() -> [LinkSelection; 4] {
    let keys = [("owners", "a"), ("members", "c"), ("members", "a")];
    let keys = keys.map(|(attribute, target)| LinkKey::new(attribute, target));
    [
        LinkSelection::None,
        LinkSelection::All,
        LinkSelection::AtMost(1),
        LinkSelection::Of(keys.to_vec()),
    ]
}
