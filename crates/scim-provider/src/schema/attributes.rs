use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Attribute, Returned};

/// The attributes of one level, found by name without a scan and without an
/// allocation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Attribute>", into = "Vec<Attribute>")]
pub(crate) struct Attributes {
    list: Vec<Attribute>,
    /// Names and their positions in `list`, by length and then octets. Names that differ
    /// in case only have one length, hence stand in one run.
    by_name: Vec<(Box<str>, usize)>,
    /// Where in `by_name` the names of each length begin, and behind the longest the end.
    runs: Vec<usize>,
    /// There are both `value` and the `$ref` that says the same as a URI.
    has_reference: bool,
    /// One of them, or a part of one, is never shown.
    has_secrets: bool,
    /// One of them, or a part of one, is immutable and shown.
    has_immutable: bool,
    /// One of them other than a password, or a part of one, is not shown unless it is asked for.
    hides_by_default: bool,
}

impl Attributes {
    pub(super) fn as_slice(&self) -> &[Attribute] {
        &self.list
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) const fn has_reference(&self) -> bool {
        self.has_reference
    }

    pub(super) const fn has_secrets(&self) -> bool {
        self.has_secrets
    }

    pub(super) const fn has_immutable(&self) -> bool {
        self.has_immutable
    }

    pub(crate) const fn hides_by_default(&self) -> bool {
        self.hides_by_default
    }

    /// The attribute called `name`, octet by octet.
    pub(super) fn find_exact(&self, name: &str) -> Option<&Attribute> {
        self.find_by(name, |known| known == name)
    }

    /// The attribute called `name`, exactly or else in another case.
    pub(crate) fn find(&self, name: &str) -> Option<&Attribute> {
        self.find_exact(name)
            .or_else(|| self.find_by(name, |known| known.eq_ignore_ascii_case(name)))
    }

    /// The first attribute of which `is_it` says so, of those whose names are as long as `name`:
    /// in all schemas there are, a few.
    fn find_by(&self, name: &str, is_it: impl Fn(&str) -> bool) -> Option<&Attribute> {
        let run = self.runs.get(name.len()..)?;
        let run = match run {
            [begin, end, ..] => self.by_name.get(*begin..*end)?,
            _ => return None,
        };
        let (_, at) = run.iter().find(|(known, _)| is_it(known))?;
        self.list.get(*at)
    }
}

fn by_length(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

impl From<Vec<Attribute>> for Attributes {
    fn from(mut list: Vec<Attribute>) -> Self {
        list.iter_mut().for_each(Attribute::settle);
        let mut by_name: Vec<(Box<str>, usize)> = list
            .iter()
            .enumerate()
            .map(|(at, attribute)| (attribute.name().into(), at))
            .collect();
        by_name.sort_by(|(a, _), (b, _)| by_length(a, b));
        let longest = by_name.last().map_or(0, |(name, _)| name.len());
        let begin = |length| by_name.partition_point(|(name, _)| name.len() < length);
        let runs = (0..=longest + 1).map(begin).collect();
        let mut attributes = Self {
            list,
            by_name,
            runs,
            has_reference: false,
            has_secrets: false,
            has_immutable: false,
            hides_by_default: false,
        };
        attributes.has_reference = ["value", "$ref"]
            .iter()
            .all(|name| attributes.find_exact(name).is_some());
        attributes.has_secrets = attributes.list.iter().any(Attribute::holds_secrets);
        // What is never shown is kept apart from the document, but a document may be older than a
        // schema that says so. No password was ever in one.
        attributes.hides_by_default = attributes.list.iter().any(|attribute| {
            (is_hidden(attribute) && !attribute.is_password())
                || attribute.sub_attributes().iter().any(is_hidden)
        });
        attributes.has_immutable = attributes.list.iter().any(Attribute::holds_immutable);
        attributes
    }
}

fn is_hidden(attribute: &Attribute) -> bool {
    attribute.returned() == Returned::Request || attribute.is_never_shown()
}

impl From<Attributes> for Vec<Attribute> {
    fn from(attributes: Attributes) -> Self {
        attributes.list
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn attributes(names: &[&str]) -> Attributes {
        let list = names.iter().map(|name| json!({ "name": name })).collect();
        serde_json::from_value(list).unwrap()
    }

    #[test]
    fn a_name_is_found_in_whatever_case() {
        let attributes = attributes(&["userName", "title", "nickName", "$ref", "userType", "name"]);
        for (name, found) in [
            ("userName", Some("userName")),
            ("USERNAME", Some("userName")),
            ("usertype", Some("userType")),
            ("$REF", Some("$ref")),
            ("title", Some("title")),
            ("titles", None),
            ("", None),
            ("ſub", None),
        ] {
            assert_eq!(attributes.find(name).map(Attribute::name), found, "{name}");
        }
        assert!(attributes.find_exact("USERNAME").is_none());
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        assert!(Attributes::default().find("name").is_none());
    }

    #[test]
    fn the_order_of_the_schema_is_kept() {
        let names = ["zeta", "a", "mid"];
        let list: Vec<Attribute> = attributes(&names).into();
        assert_eq!(list.iter().map(Attribute::name).collect::<Vec<_>>(), names);
    }
}
