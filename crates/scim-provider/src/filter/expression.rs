use std::ops::Deref;
use std::slice;

use super::{AttributePath, Comparand, CompareOp};

/// An expression that a resource matches or does not (RFC 7644 §3.4.2.2).
///
/// It says what the client wrote, and nothing about schemas: whether the attributes exist is
/// found out by [`ResourceType::compile`](crate::schema::ResourceType::compile).
///
/// A filter that was parsed has few levels, about three times [`MAX_DEPTH`](super::MAX_DEPTH) at most,
/// however many terms it has, so that functions over it may call themselves for each. One that was
/// put together by a program is as deep as that makes it.
///
/// It prints as a filter that parses to an equal one, unless that is longer than
/// [`MAX_LENGTH`](super::MAX_LENGTH): `1e20` prints with all its zeros. `Debug` shows no values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the grammar of RFC 7644 §3.4.2.2; stores translate every form"
)]
pub enum Filter {
    /// `userName eq "bjensen"`: the attribute compares with the value.
    Compare(AttributePath, CompareOp, Comparand),
    /// `title pr`: the attribute has a value.
    Present(AttributePath),
    /// `not (…)`: it does not match.
    Not(Box<Filter>),
    /// `… and …`: all match.
    And(Terms),
    /// `… or …`: one of them matches.
    Or(Terms),
    /// `emails[…]`: one value of the attribute matches; paths inside are those of its
    /// sub-attributes.
    ValuePath(AttributePath, Box<Filter>),
}

impl Filter {
    /// Both match.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::all(vec![self, other])
    }

    /// One of the two matches.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::any(vec![self, other])
    }

    /// All of `filters` match; there has to be one at least.
    pub(super) fn all(filters: Vec<Self>) -> Self {
        let flat = |filter| match filter {
            Self::And(terms) => Ok(terms),
            other => Err(other),
        };
        join(filters, flat).map_or_else(|single| single, Self::And)
    }

    /// One of `filters` matches; there has to be one at least.
    pub(super) fn any(filters: Vec<Self>) -> Self {
        let flat = |filter| match filter {
            Self::Or(terms) => Ok(terms),
            other => Err(other),
        };
        join(filters, flat).map_or_else(|single| single, Self::Or)
    }
}

/// The terms of `filters`, those that `flat` takes apart replaced by their own; or the only
/// filter there is.
fn join(
    mut filters: Vec<Filter>,
    flat: impl Fn(Filter) -> Result<Terms, Filter>,
) -> Result<Terms, Filter> {
    if filters.len() == 1
        && let Some(single) = filters.pop()
    {
        return Err(single);
    }
    let first = |filter| flat(filter).map_or_else(|other| vec![other], |terms| terms.0);
    let mut filters = filters.into_iter();
    // The first one's list is gone on with, so that joining one by one copies nothing.
    let mut terms = filters.next().map_or_else(Vec::new, first);
    for filter in filters {
        match flat(filter) {
            Ok(inner) => terms.extend(inner.0),
            Err(other) => terms.push(other),
        }
    }
    Ok(Terms(terms))
}

/// Two or more filters that `and` or `or` stands between, in the order of the text.
///
/// `a and (b and c)` has three terms: what means the same is the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Terms(Vec<Filter>);

impl Deref for Terms {
    type Target = [Filter];

    fn deref(&self) -> &[Filter] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Terms {
    type Item = &'a Filter;
    type IntoIter = slice::Iter<'a, Filter>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn present(name: &str) -> Filter {
        Filter::Present(name.parse().unwrap())
    }

    #[test]
    fn joined_filters_are_as_if_parsed() {
        for text in [
            "a pr and b pr and c pr",
            "a pr or b pr or c pr",
            "a pr and b pr or c pr",
        ] {
            let [a, b, c] = ["a", "b", "c"].map(present);
            let joined = match text {
                "a pr and b pr and c pr" => a.and(b.and(c)),
                "a pr or b pr or c pr" => a.or(b).or(c),
                _ => a.and(b).or(c),
            };
            assert_eq!(joined, text.parse().unwrap());
            assert_eq!(joined.to_string(), text);
        }
    }

    #[test]
    fn debug_output_shows_no_value() {
        let filter: Filter = "name.familyName eq \"secret\"".parse().unwrap();
        let shown = format!("{filter:?}");
        assert!(
            shown.contains("name.familyName") && !shown.contains("secret"),
            "{shown}"
        );
    }
}
