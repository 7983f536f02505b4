use crate::schema::ResourceType;
use crate::storage::{Link, LinkSelection, Selection};

use super::plan::Plan;

/// Which links of the resources that a list looks at are read, and when.
///
/// A search through all groups should not read all of their members, where it shows ten.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LinkNeeds {
    /// What is read of all that is looked at.
    pub(super) first: LinkSelection,
    /// Whether what is shown has to be read once more.
    pub(super) again: bool,
}

impl LinkNeeds {
    pub(super) const fn once(first: LinkSelection) -> Self {
        Self {
            first,
            again: false,
        }
    }

    /// Of a list that shows `view`, `narrow` as long as it may be read in two steps.
    pub(super) fn of(
        resource_type: &ResourceType,
        plan: &Plan,
        view: &LinkSelection,
        narrow: bool,
    ) -> Self {
        if resource_type.links().next().is_none() {
            return Self::once(LinkSelection::None);
        }
        let both = plan.links.joined(view);
        let is_search = matches!(
            plan.selection,
            Some(Selection::All | Selection::Modified(_))
        );
        if narrow && is_search && both != plan.links {
            Self {
                first: plan.links.clone(),
                again: true,
            }
        } else {
            Self::once(both)
        }
    }
}

impl LinkSelection {
    /// All links that one of the two selects; more, where there is no word for that.
    fn joined(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => Self::All,
            (Self::None, selection) | (selection, Self::None) => selection.clone(),
            (Self::AtMost(one), Self::AtMost(other)) => Self::AtMost(*one.max(other)),
            (Self::Of(one), Self::Of(other)) => {
                let mut keys = [one.as_slice(), other].concat();
                keys.sort_unstable();
                keys.dedup();
                Self::Of(keys)
            }
            (Self::AtMost(_), Self::Of(_)) | (Self::Of(_), Self::AtMost(_)) => Self::All,
        }
    }

    /// Takes from `links`, which are in the order of their keys, what is not selected.
    pub(crate) fn cut(&self, links: &mut Vec<Link>) {
        match self {
            Self::All => {}
            Self::None => links.clear(),
            Self::AtMost(most) => links.truncate(usize::try_from(*most).unwrap_or(usize::MAX)),
            Self::Of(keys) => links.retain(|link| keys.contains(&link.key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::LinkKey;

    fn key(target: &str) -> LinkKey {
        LinkKey::new("members", target)
    }

    #[test]
    fn joined_selections_have_what_either_has_and_are_cut_to_one_again() {
        let links: Vec<_> = ["a", "b", "c"]
            .map(|id| Link::new(key(id), None, *b"{}"))
            .into();
        let selected = |selection: &LinkSelection| {
            let mut links = links.clone();
            selection.cut(&mut links);
            links
        };
        let all = [
            LinkSelection::None,
            LinkSelection::All,
            LinkSelection::AtMost(1),
            LinkSelection::AtMost(2),
            LinkSelection::Of(vec![key("c"), key("b")]),
            LinkSelection::Of(vec![key("a"), key("x")]),
        ];
        for one in &all {
            for other in &all {
                let joined = selected(&one.joined(other));
                for part in [one, other] {
                    assert!(selected(part).iter().all(|link| joined.contains(link)));
                    let mut again = joined.clone();
                    part.cut(&mut again);
                    assert_eq!(again, selected(part), "{one:?} and {other:?}");
                }
            }
        }
    }

    #[test]
    fn a_search_reads_the_links_that_it_shows_last() {
        let types = crate::schema::ResourceTypes::rfc7643();
        let group = types.get("Group").unwrap();
        let plan = |selection, links| Plan {
            selection: Some(selection),
            exact: false,
            links,
        };
        let needs = |plan: &Plan, view, narrow| LinkNeeds::of(group, plan, &view, narrow);
        let search = plan(Selection::All, LinkSelection::None);
        let two_steps = needs(&search, LinkSelection::All, true);
        assert_eq!(
            (two_steps.first, two_steps.again),
            (LinkSelection::None, true)
        );
        let one_step = needs(&search, LinkSelection::All, false);
        assert_eq!(
            (one_step.first, one_step.again),
            (LinkSelection::All, false)
        );
        assert!(!needs(&search, LinkSelection::None, true).again);

        let found = plan(
            Selection::Ids(Vec::new()),
            LinkSelection::Of(vec![key("a")]),
        );
        let one_step = needs(&found, LinkSelection::All, true);
        assert_eq!(
            (one_step.first, one_step.again),
            (LinkSelection::All, false)
        );

        let user = types.get("User").unwrap();
        let needs = LinkNeeds::of(user, &search, &LinkSelection::All, true);
        assert_eq!((needs.first, needs.again), (LinkSelection::None, false));
    }
}
