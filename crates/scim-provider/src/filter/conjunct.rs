use super::condition::Condition;
use super::modified::modified;
use super::node::Node;
use super::place::Place;
use super::text::Text;
use super::{CompareOp, Matcher};
use crate::storage::ModifiedRange;

/// One of the conditions that a resource has to meet, for stores that can find some by an index.
///
/// See [`Matcher::conjuncts`].
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Conjunct<'a> {
    /// An attribute has this value.
    Equal(Equality<'a>),
    /// `meta.lastModified` lies in a range.
    Modified(ModifiedRange),
    /// What no resource meets.
    Never,
    /// What only [`Matcher::matches`] can tell.
    Other,
}

impl std::fmt::Debug for Conjunct<'_> {
    /// Without values: filters hold personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Equal(equality) => write!(f, "Equal({equality:?})"),
            Self::Modified(_) => f.write_str("Modified(…)"),
            Self::Never => f.write_str("Never"),
            Self::Other => f.write_str("Other"),
        }
    }
}

/// A string attribute that one value of has to equal a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Equality<'a> {
    extension: Option<&'a str>,
    attribute: &'a str,
    sub: Option<&'a str>,
    value: &'a Text,
}

impl<'a> Equality<'a> {
    /// The URI of the extension that the attribute belongs to, in the schema's spelling;
    /// `None` for common attributes and those of the core schema.
    pub const fn extension(&self) -> Option<&'a str> {
        self.extension
    }

    /// The attribute, in the schema's spelling.
    pub const fn attribute(&self) -> &'a str {
        self.attribute
    }

    /// The sub-attribute, in the schema's spelling.
    pub const fn sub(&self) -> Option<&'a str> {
        self.sub
    }

    /// The text, folded as [`ResourceType::fold`](crate::schema::ResourceType::fold) does it, as
    /// unique keys and index entries are.
    pub fn value(&self) -> &'a str {
        self.value.as_str()
    }

    /// Whether the case counts, so that [`value`](Self::value) is the text as it was given.
    pub const fn case_exact(&self) -> bool {
        self.value.case_exact()
    }

    /// The path as [`ResourceType::index_entries`](crate::schema::ResourceType::index_entries)
    /// spells it: `emails.value`.
    pub fn path(&self) -> String {
        let mut path = String::new();
        if let Some(extension) = self.extension {
            path.push_str(extension);
            path.push(':');
        }
        path.push_str(self.attribute);
        if let Some(sub) = self.sub {
            path.push('.');
            path.push_str(sub);
        }
        path
    }

    fn of(place: &'a Place, inner: Option<&'a Place>, condition: &'a Condition) -> Option<Self> {
        let Condition::Text(CompareOp::Eq, value) = condition else {
            return None;
        };
        let sub = place.sub.as_deref();
        Some(Self {
            extension: place.extension.as_deref(),
            attribute: place.attribute.as_deref()?,
            sub: sub.or_else(|| inner.and_then(|inner| inner.sub.as_deref())),
            value,
        })
    }
}

impl std::fmt::Debug for Equality<'_> {
    /// The path only: values are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Equality({})", self.path())
    }
}

impl Matcher {
    /// Conditions that have to hold all, and if all of them do, the resource matches.
    ///
    /// So a store that finds resources by one of them has found all that may match; and if
    /// there is no other one, it has found those that do. `emails[value eq "a" and type eq "b"]`
    /// has three: two equalities, and that both hold for one value, which is
    /// [`Other`](Conjunct::Other).
    ///
    /// ```
    /// use scim_provider::filter::{Conjunct, Filter};
    /// use scim_provider::schema::ResourceTypes;
    ///
    /// let types = ResourceTypes::rfc7643();
    /// let filter: Filter = r#"EMAILS eq "B@example.com" and title pr"#.parse()?;
    /// let matcher = types.get("User").unwrap().compile(&filter)?;
    ///
    /// let conjuncts: Vec<_> = matcher.conjuncts().collect();
    /// let [Conjunct::Equal(email), Conjunct::Other] = conjuncts[..] else { panic!() };
    /// assert_eq!(email.path(), "emails.value");
    /// assert_eq!(email.value(), "b@example.com");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn conjuncts(&self) -> impl Iterator<Item = Conjunct<'_>> {
        let mut conjuncts = Vec::new();
        collect(&self.node, &mut conjuncts);
        conjuncts.into_iter()
    }
}

impl Matcher {
    /// Whether one of the conditions that are [`Other`](Conjunct::Other) depends on the attribute
    /// `name` of the core schema; `name` is in the schema's spelling.
    pub(crate) fn others_read(&self, name: &str) -> bool {
        others_read(&self.node, name)
    }
}

fn others_read(node: &Node, name: &str) -> bool {
    if let Node::All(nodes) = node {
        return nodes.iter().any(|node| others_read(node, name));
    }
    let mut conjuncts = Vec::new();
    collect(node, &mut conjuncts);
    conjuncts.contains(&Conjunct::Other) && node.reads(name)
}

fn collect<'a>(node: &'a Node, conjuncts: &mut Vec<Conjunct<'a>>) {
    match node {
        Node::Constant(true) => {}
        Node::All(nodes) => nodes.iter().for_each(|node| collect(node, conjuncts)),
        Node::At(place, condition) => conjuncts.push(
            Equality::of(place, None, condition)
                .map(Conjunct::Equal)
                .or_else(|| modified(place, condition).map(Conjunct::Modified))
                .unwrap_or(Conjunct::Other),
        ),
        Node::Within(place, inner) => collect_within(place, inner, conjuncts),
        Node::Constant(false) => conjuncts.push(Conjunct::Never),
        Node::Not(_) | Node::Any(_) => conjuncts.push(Conjunct::Other),
    }
}

/// A single equality in brackets is one without brackets. Of several, each has to hold, and that
/// they do so for one value is a further condition.
fn collect_within<'a>(place: &'a Place, inner: &'a Node, conjuncts: &mut Vec<Conjunct<'a>>) {
    let equality = |node: &'a Node| match node {
        Node::At(inner, condition) => Equality::of(place, Some(inner), condition),
        _ => None,
    };
    if let Some(only) = equality(inner) {
        return conjuncts.push(Conjunct::Equal(only));
    }
    if let Node::All(nodes) = inner {
        conjuncts.extend(nodes.iter().filter_map(equality).map(Conjunct::Equal));
    }
    conjuncts.push(Conjunct::Other);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::schema::ResourceTypes;

    fn shown(filter: &str) -> Vec<String> {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        let matcher = user.compile(&filter.parse().unwrap()).unwrap();
        matcher
            .conjuncts()
            .map(|conjunct| match conjunct {
                Conjunct::Equal(equality) => format!("{}={}", equality.path(), equality.value()),
                Conjunct::Modified(range) => {
                    let shown = |stamp: Option<Timestamp>| {
                        stamp.map(|stamp| stamp.to_string()).unwrap_or_default()
                    };
                    format!("{}..={}", shown(range.from), shown(range.to))
                }
                Conjunct::Never => "never".to_owned(),
                Conjunct::Other => "other".to_owned(),
            })
            .collect()
    }

    #[test]
    fn equalities_are_told_by_path_and_folded_value() {
        const URN: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let number = format!("{URN}:employeeNumber=a1");
        for (filter, conjuncts) in [
            (r#"USERNAME eq "BJ""#, &["userName=bj"][..]),
            (r#"externalId eq "BJ""#, &["externalId=BJ"]),
            (r#"id eq "BJ""#, &["id=BJ"]),
            (r#"emails eq "BJ""#, &["emails.value=bj"]),
            (r#"emails.value eq "BJ""#, &["emails.value=bj"]),
            (r#"emails[value eq "BJ"]"#, &["emails.value=bj"]),
            (
                r#"emails[value eq "BJ" and type eq "work" and primary eq true]"#,
                &["emails.value=bj", "emails.type=work", "other"],
            ),
            (
                r#"userName eq "a" and (title pr and id eq "b")"#,
                &["userName=a", "other", "id=b"],
            ),
            (r#"userName eq "a" or id eq "b""#, &["other"]),
            (r#"not (userName eq "a")"#, &["other"]),
            (r#"userName ne "a""#, &["other"]),
            (r#"userName sw "a""#, &["other"]),
            (r#"userName eq null"#, &["other"]),
            (r#"emails[value ne "a"]"#, &["other"]),
            (r#"groups.$ref eq "a""#, &["other"]),
        ] {
            assert_eq!(shown(filter), conjuncts, "{filter}");
        }
        assert_eq!(shown(&format!("{URN}:EMPLOYEENUMBER eq \"A1\"")), [number]);
    }

    #[test]
    fn times_of_change_are_ranges_of_whole_microseconds() {
        for (filter, range) in [
            (
                "eq \"2011-05-13T04:42:34Z\"",
                "2011-05-13T04:42:34.000000Z..=2011-05-13T04:42:34.000000Z",
            ),
            (
                "gt \"2011-05-13T04:42:34Z\"",
                "2011-05-13T04:42:34.000001Z..=",
            ),
            (
                "ge \"2011-05-13T06:42:34+02:00\"",
                "2011-05-13T04:42:34.000000Z..=",
            ),
            (
                "lt \"2011-05-13T04:42:34Z\"",
                "..=2011-05-13T04:42:33.999999Z",
            ),
            (
                "le \"2011-05-13T04:42:34Z\"",
                "..=2011-05-13T04:42:34.000000Z",
            ),
            (
                "gt \"2011-05-13T04:42:34.0000005Z\"",
                "2011-05-13T04:42:34.000001Z..=",
            ),
            (
                "ge \"2011-05-13T04:42:34.0000005Z\"",
                "2011-05-13T04:42:34.000001Z..=",
            ),
            (
                "lt \"2011-05-13T04:42:34.0000005Z\"",
                "..=2011-05-13T04:42:34.000000Z",
            ),
            (
                "le \"1960-05-13T04:42:34.0000005Z\"",
                "..=1960-05-13T04:42:34.000000Z",
            ),
            ("ne \"2011-05-13T04:42:34Z\"", "other"),
        ] {
            assert_eq!(
                shown(&format!("meta.lastModified {filter}")),
                [range],
                "{filter}"
            );
        }
        assert_eq!(shown("meta.created gt \"2011-05-13T04:42:34Z\""), ["other"]);
        let nothing = shown("meta.lastModified eq \"2011-05-13T04:42:34.0000005Z\"");
        assert_eq!(
            nothing,
            ["2011-05-13T04:42:34.000001Z..=2011-05-13T04:42:34.000000Z"]
        );
    }

    #[test]
    fn what_is_known_to_hold_is_no_condition() {
        let types = ResourceTypes::rfc7643();
        let group = types.get("Group").unwrap();
        let filter = "userName ne \"a\" and displayName eq \"b\""
            .parse()
            .unwrap();
        let matcher = group.compile_lenient(&filter).unwrap();
        let conjuncts: Vec<_> = matcher.conjuncts().collect();
        assert!(
            matches!(conjuncts[..], [Conjunct::Equal(name)] if name.attribute() == "displayName")
        );
        let filter = "userName eq \"a\" and displayName pr".parse().unwrap();
        let matcher = group.compile_lenient(&filter).unwrap();
        let conjuncts: Vec<_> = matcher.conjuncts().collect();
        assert_eq!(conjuncts, [Conjunct::Never, Conjunct::Other]);
    }

    #[test]
    fn what_only_a_look_can_tell_is_known_by_attribute() {
        let types = ResourceTypes::rfc7643();
        let group = types.get("Group").unwrap();
        for (filter, read) in [
            ("members eq \"a\"", false),
            (
                "members eq \"a\" and (displayName pr and id eq \"b\")",
                false,
            ),
            ("members[value eq \"a\"] and displayName sw \"b\"", false),
            ("members[value eq \"a\" and type eq \"b\"]", true),
            ("displayName pr and not (members eq \"a\")", true),
            ("displayName pr or members eq \"a\"", true),
            ("members pr", true),
        ] {
            let matcher = group.compile(&filter.parse().unwrap()).unwrap();
            assert_eq!(matcher.others_read("members"), read, "{filter}");
        }
    }

    #[test]
    fn debug_output_shows_no_value() {
        let types = ResourceTypes::rfc7643();
        let filter = "userName eq \"secret\"".parse().unwrap();
        let matcher = types.get("User").unwrap().compile(&filter).unwrap();
        let shown = format!("{:?}", matcher.conjuncts().collect::<Vec<_>>());
        assert_eq!(shown, "[Equal(Equality(userName))]");
    }
}
