use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::Attribute;

/// The attributes of one level, found by name without a scan and without an
/// allocation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Attribute>", into = "Vec<Attribute>")]
pub(crate) struct Attributes {
    list: Vec<Attribute>,
    /// Names and their positions in `list`, by length and then octets. Names that differ
    /// in case only have one length, hence stand in one run.
    by_name: Vec<(Box<str>, usize)>,
    /// There are both `value` and the `$ref` that says the same as a URI.
    has_reference: bool,
    /// One of them, or a part of one, is never shown.
    has_secrets: bool,
    /// One of them, or a part of one, is immutable and shown.
    has_immutable: bool,
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

    /// The attribute called `name`, octet by octet.
    pub(super) fn find_exact(&self, name: &str) -> Option<&Attribute> {
        let at = self
            .by_name
            .binary_search_by(|(known, _)| by_length(known, name))
            .ok()?;
        Some(&self.list[self.by_name[at].1])
    }

    /// The attribute called `name`, exactly or else in another case.
    pub(crate) fn find(&self, name: &str) -> Option<&Attribute> {
        self.find_exact(name).or_else(|| {
            let run = self
                .by_name
                .partition_point(|(known, _)| known.len() < name.len());
            self.by_name[run..]
                .iter()
                .take_while(|(known, _)| known.len() == name.len())
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|&(_, at)| &self.list[at])
        })
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
        let mut attributes = Self {
            list,
            by_name,
            has_reference: false,
            has_secrets: false,
            has_immutable: false,
        };
        attributes.has_reference = ["value", "$ref"]
            .iter()
            .all(|name| attributes.find_exact(name).is_some());
        attributes.has_secrets = attributes.list.iter().any(Attribute::holds_secrets);
        attributes.has_immutable = attributes.list.iter().any(Attribute::holds_immutable);
        attributes
    }
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
