use std::fmt;

use serde_json::Value;

use super::place::Place;
use super::three::Three;

/// One attribute, or one value of a list, that two have changed in ways that don't go together.
///
/// `Display` and `Debug` show where it is and no values: those are personal data. They are for who
/// may read the resource.
///
/// ```
/// use scim_ops::provider::schema::ResourceTypes;
/// use scim_ops::{MergeRules, ThreeWay, merge};
/// use serde_json::json;
///
/// let types = ResourceTypes::rfc7643();
/// let user = types.get("User").unwrap();
/// let (base, local, remote) = (
///     json!({ "userName": "bjensen", "title": "Guide" }),
///     json!({ "userName": "bjensen", "title": "Tour Guide" }),
///     json!({ "userName": "bjensen", "title": "Lead" }),
/// );
/// let three = ThreeWay {
///     base: base.as_object().unwrap(),
///     local: local.as_object().unwrap(),
///     remote: remote.as_object().unwrap(),
/// };
/// let conflicts = merge(user, three, &MergeRules::default()).unwrap_err();
/// let conflict = conflicts.first();
/// assert_eq!(conflict.path(), "title");
/// assert_eq!(conflict.local(), Some(&json!("Tour Guide")));
/// assert_eq!(conflict.base(), Some(&json!("Guide")));
/// assert_eq!(conflict.remote(), Some(&json!("Lead")));
/// assert_eq!(conflicts.to_string(), "both sides changed title");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct MergeConflict {
    path: String,
    outline: String,
    values: Option<[Option<Value>; 3]>,
}

impl MergeConflict {
    /// A conflict at `place`, of values that may be shown.
    pub(super) fn new(place: &Place<'_>, values: Three<Option<Value>>) -> Self {
        Self {
            path: place.path(),
            outline: place.outline(),
            values: Some([values.base, values.local, values.remote]),
        }
    }

    /// A conflict of values that are never returned.
    pub(super) fn withheld(place: &Place<'_>) -> Self {
        Self {
            path: place.path(),
            outline: place.outline(),
            values: None,
        }
    }

    /// Where it is, as a path of RFC 7644 §3.5.2: `name.familyName`, or
    /// `emails[value eq "b@example.com" and type eq "work"].display` for a part of one value of a
    /// list. It may hold values of the resource, so it is not for logs.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The same without what the resource says: `emails[…].display`.
    pub fn outline(&self) -> &str {
        &self.outline
    }

    /// What it was when both began; `None` if it had no value.
    pub fn base(&self) -> Option<&Value> {
        self.value(0)
    }

    /// What the one who merges wants it to be; `None` if it should have no value.
    pub fn local(&self) -> Option<&Value> {
        self.value(1)
    }

    /// What somebody else has made of it meanwhile; `None` if it has no value.
    pub fn remote(&self) -> Option<&Value> {
        self.value(2)
    }

    /// Whether the values are never returned (RFC 7643 §7, `returned`), and so not told here
    /// either: all three are `None` then.
    pub const fn is_withheld(&self) -> bool {
        self.values.is_none()
    }

    fn value(&self, at: usize) -> Option<&Value> {
        self.values.as_ref().and_then(|values| values[at].as_ref())
    }
}

impl fmt::Debug for MergeConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MergeConflict")
            .field("outline", &self.outline)
            .field("withheld", &self.is_withheld())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for MergeConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "both sides changed {}", self.outline.escape_debug())
    }
}

/// All conflicts of a merge, one at least, in the order of the schema. Nothing was merged.
#[derive(Clone, PartialEq, Eq)]
pub struct MergeConflicts {
    /// Never empty.
    all: Vec<MergeConflict>,
}

impl MergeConflicts {
    /// `None` if there are none.
    pub(super) fn of(all: Vec<MergeConflict>) -> Option<Self> {
        (!all.is_empty()).then_some(Self { all })
    }

    /// The first one.
    pub fn first(&self) -> &MergeConflict {
        &self.all[0]
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, MergeConflict> {
        self.all.iter()
    }

    /// How many there are: one at least.
    pub const fn count(&self) -> usize {
        self.all.len()
    }
}

impl<'a> IntoIterator for &'a MergeConflicts {
    type Item = &'a MergeConflict;
    type IntoIter = std::slice::Iter<'a, MergeConflict>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for MergeConflicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl fmt::Display for MergeConflicts {
    /// Names the first few: a list may have thousands.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 8;
        write!(f, "{}", self.first())?;
        for conflict in self.all.iter().take(SHOWN).skip(1) {
            write!(f, ", {}", conflict.outline.escape_debug())?;
        }
        match self.count().checked_sub(SHOWN) {
            Some(more) if more > 0 => write!(f, " and {more} more"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for MergeConflicts {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn conflict(attribute: &str) -> MergeConflict {
        let place = Place::of(None, attribute).value("value eq \"secret\"");
        let said = |text: &str| Some(json!(text));
        MergeConflict::new(
            &place,
            Three {
                base: said("secret 1"),
                local: said("secret 2"),
                remote: None,
            },
        )
    }

    #[test]
    fn neither_text_nor_debug_output_shows_a_value() {
        let conflicts = MergeConflicts::of(vec![conflict("emails"), conflict("roles")]).unwrap();
        let shown = format!("{conflicts} {conflicts:?}");
        assert!(!shown.contains("secret"), "{shown}");
        assert_eq!(
            conflicts.to_string(),
            "both sides changed emails[…], roles[…]"
        );
        assert!(conflicts.first().path().contains("secret"));
    }

    #[test]
    fn of_many_the_first_are_named_and_the_others_counted() {
        let all = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        let conflicts = MergeConflicts::of(all.map(conflict).into()).unwrap();
        assert_eq!((conflicts.count(), conflicts.iter().count()), (10, 10));
        let text = conflicts.to_string();
        assert!(text.ends_with("g[…], h[…] and 2 more"), "{text}");
        assert!(MergeConflicts::of(Vec::new()).is_none());
    }
}
