use crate::filter::{Conjunct, Equality};
use crate::list::Criteria;
use crate::schema::{ResourceType, fold};
use crate::storage::{LinkKey, LinkSelection, ModifiedRange, ResourceId, Selection};

/// How the resources of one type that match are found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Which records the store is asked for; `None` if no resource can match.
    pub(super) selection: Option<Selection>,
    /// Whether all of those match, so that none has to be looked at.
    pub(super) exact: bool,
    /// Which links filter and order look at.
    pub(super) links: LinkSelection,
}

/// What the store can find by an index, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// One record at most.
    One,
    Indexed,
    Linked,
    Modified,
}

impl Plan {
    pub(super) fn of(resource_type: &ResourceType, criteria: &Criteria) -> Self {
        let mut planner = Planner::default();
        let conjuncts = criteria
            .matcher()
            .into_iter()
            .flat_map(|matcher| matcher.conjuncts());
        for conjunct in conjuncts {
            planner.take(resource_type, &conjunct);
        }
        let links = planner.links(resource_type, criteria);
        if planner.impossible {
            return Self {
                selection: None,
                exact: true,
                links,
            };
        }
        let range = planner.range.map(Selection::Modified);
        let range = range.map(|selection| (Rank::Modified, selection));
        let conditions = planner.others + planner.found.len() + usize::from(range.is_some());
        let best = planner
            .found
            .into_iter()
            .chain(range)
            .min_by_key(|(rank, _)| *rank);
        Self {
            exact: conditions == usize::from(best.is_some()),
            selection: Some(best.map_or(Selection::All, |(_, selection)| selection)),
            links,
        }
    }
}

#[derive(Debug, Default)]
struct Planner {
    found: Vec<(Rank, Selection)>,
    range: Option<ModifiedRange>,
    /// How many conditions no index serves.
    others: usize,
    /// Which links are asked for one by one.
    named_links: Vec<LinkKey>,
    /// Whether links are asked for by something else than what they lead to.
    any_link: bool,
    impossible: bool,
}

impl Planner {
    fn take(&mut self, resource_type: &ResourceType, conjunct: &Conjunct<'_>) {
        match conjunct {
            Conjunct::Equal(equality) => self.equal(resource_type, equality),
            Conjunct::Modified(range) => {
                let known = self.range.unwrap_or_default();
                let from = known.from.max(range.from);
                let to = [known.to, range.to].into_iter().flatten().min();
                self.range = Some(ModifiedRange::new(from, to));
                self.impossible |= from.zip(to).is_some_and(|(from, to)| to < from);
            }
            Conjunct::Never => self.impossible = true,
            Conjunct::Other => self.others += 1,
        }
    }

    fn equal(&mut self, resource_type: &ResourceType, equality: &Equality<'_>) {
        let (path, value) = (equality.path(), equality.value());
        let is_link = equality.extension().is_none()
            && resource_type
                .links()
                .any(|name| name == equality.attribute());
        if is_link {
            // A value that is folded can't be looked up among such as are not.
            if equality.sub() != Some("value") || !equality.case_exact() {
                self.others += 1;
                self.any_link = true;
                return;
            }
            let key = LinkKey::new(equality.attribute(), value);
            self.named_links.push(key.clone());
            return self
                .found
                .push((Rank::Linked, Selection::Linked(vec![key])));
        }
        match path.as_str() {
            "id" => match value.parse::<ResourceId>() {
                Ok(id) => self.found.push((Rank::One, Selection::Ids(vec![id]))),
                Err(_) => self.impossible = true,
            },
            // Of a query over several types, all but one can be left out.
            "meta.resourceType" => {
                let name = resource_type.name();
                let same = if equality.case_exact() {
                    value == name
                } else {
                    value == fold(name)
                };
                self.impossible |= !same;
            }
            _ => {
                let unique = resource_type.unique_key(&path, value);
                let unique = unique.map(|key| (Rank::One, Selection::Unique(key)));
                let found = unique.or_else(|| {
                    let entry = resource_type.index_entry(&path, value)?;
                    Some((Rank::Indexed, Selection::Indexed(entry)))
                });
                match found {
                    Some(found) => self.found.push(found),
                    None => self.others += 1,
                }
            }
        }
    }

    /// The links that filter and order look at: those that are named, as long as it is known
    /// that there are no others.
    fn links(&self, resource_type: &ResourceType, criteria: &Criteria) -> LinkSelection {
        let mut names = resource_type.links();
        let all = |name: &str| {
            let matcher = criteria.matcher();
            criteria.order_reads(name) || matcher.is_some_and(|matcher| matcher.others_read(name))
        };
        if self.any_link || names.any(all) {
            LinkSelection::All
        } else if self.named_links.is_empty() {
            LinkSelection::None
        } else {
            LinkSelection::Of(self.named_links.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ResourceTypes;
    use crate::storage::{IndexEntry, UniqueKey};
    use crate::{ListQuery, SortOrder};

    fn plan(kind: &str, query: &ListQuery) -> Plan {
        let types = ResourceTypes::rfc7643();
        let resource_type = types.get(kind).unwrap();
        let criteria = Criteria::of_one_of_several(resource_type, query).unwrap();
        Plan::of(resource_type, &criteria)
    }

    fn of(kind: &str, filter: &str) -> Plan {
        plan(kind, &ListQuery::new().with_filter(filter.parse().unwrap()))
    }

    fn ids(id: &str) -> Selection {
        Selection::Ids(vec![id.parse().unwrap()])
    }

    fn unique(name: &str) -> Selection {
        Selection::Unique(UniqueKey::new("User:userName", name))
    }

    fn indexed(path: &str, value: &str) -> Selection {
        Selection::Indexed(IndexEntry::new(path, value))
    }

    fn linked(target: &str) -> Selection {
        Selection::Linked(vec![LinkKey::new("members", target)])
    }

    fn modified(from: Option<i64>, to: Option<i64>) -> Selection {
        let at = |micros| crate::Timestamp::from_micros(micros).unwrap();
        Selection::Modified(ModifiedRange::new(from.map(at), to.map(at)))
    }

    #[test]
    fn what_an_index_has_is_not_searched_for() {
        for (kind, filter, selection) in [
            ("User", r#"id eq "A1""#, ids("A1")),
            ("User", r#"userName eq "BJ""#, unique("bj")),
            ("User", r#"externalId eq "BJ""#, indexed("externalId", "BJ")),
            (
                "User",
                r#"displayName eq "BJ""#,
                indexed("displayName", "bj"),
            ),
            (
                "User",
                r#"emails.value eq "BJ""#,
                indexed("emails.value", "bj"),
            ),
            ("User", r#"emails eq "BJ""#, indexed("emails.value", "bj")),
            (
                "User",
                r#"emails[value eq "BJ"]"#,
                indexed("emails.value", "bj"),
            ),
            (
                "Group",
                r#"displayName eq "BJ""#,
                indexed("displayName", "bj"),
            ),
            ("Group", r#"members eq "A1""#, linked("A1")),
            ("Group", r#"members.value eq "A1""#, linked("A1")),
            ("Group", r#"members[value eq "A1"]"#, linked("A1")),
            (
                "User",
                r#"meta.lastModified ge "1970-01-01T00:00:00Z""#,
                modified(Some(0), None),
            ),
            (
                "User",
                r#"meta.lastModified gt "1970-01-01T00:00:00Z" and meta.lastModified le "1970-01-01T00:00:01Z" and meta.lastModified lt "1970-01-01T00:00:02Z""#,
                modified(Some(1), Some(1_000_000)),
            ),
            ("User", r#"meta.resourceType eq "User""#, Selection::All),
            (
                "User",
                r#"meta.resourceType eq "User" and id eq "A1""#,
                ids("A1"),
            ),
        ] {
            let plan = of(kind, filter);
            assert_eq!(
                (plan.selection, plan.exact),
                (Some(selection), true),
                "{filter}"
            );
        }
        let all = plan("User", &ListQuery::new());
        assert_eq!((all.selection, all.exact), (Some(Selection::All), true));
    }

    #[test]
    fn the_best_index_is_asked_and_the_rest_looked_at() {
        for (kind, filter, selection) in [
            (
                "User",
                r#"emails.value eq "b" and userName eq "a""#,
                unique("a"),
            ),
            ("User", r#"userName eq "a" and id eq "b""#, unique("a")),
            (
                "User",
                r#"title pr and displayName eq "a""#,
                indexed("displayName", "a"),
            ),
            (
                "User",
                r#"emails[type eq "work" and value eq "a"]"#,
                indexed("emails.value", "a"),
            ),
            (
                "User",
                r#"meta.lastModified gt "1970-01-01T00:00:00Z" and title pr"#,
                modified(Some(1), None),
            ),
            (
                "Group",
                r#"members eq "a" and displayName eq "b""#,
                indexed("displayName", "b"),
            ),
            ("Group", r#"members eq "a" and members eq "b""#, linked("a")),
            (
                "Group",
                r#"members[value eq "a" and display eq "b"]"#,
                linked("a"),
            ),
            ("User", r#"userName sw "a""#, Selection::All),
            ("User", r#"userName eq "a" or id eq "b""#, Selection::All),
            ("User", r#"not (userName eq "a")"#, Selection::All),
            ("User", r#"groups eq "a""#, Selection::All),
            ("Group", r#"members.display eq "a""#, Selection::All),
            ("User", r#"members eq "a" or title pr"#, Selection::All),
        ] {
            let plan = of(kind, filter);
            assert_eq!(
                (plan.selection, plan.exact),
                (Some(selection), false),
                "{filter}"
            );
        }
    }

    #[test]
    fn what_no_resource_can_match_is_not_asked_for() {
        let long = format!("id eq \"{}\"", "x".repeat(256));
        for filter in [
            r#"id eq """#,
            r#"id eq "a\u0000b""#,
            &long,
            r#"meta.resourceType eq "Group""#,
            r#"meta.lastModified lt "1970-01-01T00:00:00Z" and meta.lastModified gt "1970-01-01T00:00:00Z""#,
            r#"meta.lastModified eq "2011-05-13T04:42:34.0000005Z""#,
            r#"members eq "a" and title pr"#,
        ] {
            assert_eq!(of("User", filter).selection, None, "{filter}");
        }
    }

    #[test]
    fn no_more_links_are_read_than_filter_and_order_look_at() {
        let of_links = |targets: &[&str]| {
            let keys = targets
                .iter()
                .map(|target| LinkKey::new("members", *target));
            LinkSelection::Of(keys.collect())
        };
        for (filter, links) in [
            ("displayName pr", LinkSelection::None),
            (r#"members eq "a""#, of_links(&["a"])),
            (r#"id eq "b" and members eq "a""#, of_links(&["a"])),
            (
                r#"members eq "a" and members eq "b""#,
                of_links(&["a", "b"]),
            ),
            (r#"members eq "a" and displayName pr"#, of_links(&["a"])),
            (r#"members eq "a" or members eq "b""#, LinkSelection::All),
            (r#"members.display eq "a""#, LinkSelection::All),
            ("members pr", LinkSelection::All),
            (
                r#"members[value eq "a" and type eq "User"]"#,
                LinkSelection::All,
            ),
        ] {
            assert_eq!(of("Group", filter).links, links, "{filter}");
        }
        let sorted = |path: &str| {
            let query = ListQuery::new().with_sort(path.parse().unwrap(), SortOrder::Ascending);
            plan("Group", &query).links
        };
        assert_eq!(sorted("members.value"), LinkSelection::All);
        assert_eq!(sorted("displayName"), LinkSelection::None);
    }
}
