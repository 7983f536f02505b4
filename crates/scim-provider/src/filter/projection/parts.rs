use crate::schema::{Attribute, Returned};

/// Which sub-attributes of an attribute are shown, besides those that always are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parts<'a> {
    /// Those that are by default, and these.
    And(&'a [&'a str]),
    /// These.
    Only(&'a [&'a str]),
    /// Those that are by default, but these.
    Without(&'a [&'a str]),
}

impl Parts<'_> {
    /// Whether `sub` is shown.
    pub(super) fn show(self, sub: &Attribute) -> bool {
        let named = |names: &[&str]| names.contains(&sub.name());
        if sub.is_never_shown() {
            return false;
        }
        match (self, sub.returned()) {
            (_, Returned::Never) => false,
            (_, Returned::Always) | (Parts::And(_), Returned::Default) => true,
            (Parts::And(names) | Parts::Only(names), _) => named(names),
            (Parts::Without(names), Returned::Default) => !named(names),
            (Parts::Without(_), Returned::Request) => false,
        }
    }
}

/// Whether one of `attributes`, or a part of one, is not shown by default.
///
/// What is never shown is kept apart from the document, but a document may be older than a
/// schema that says so. No password was ever in one.
pub(super) fn hides(attributes: &[Attribute]) -> bool {
    let hidden = |attribute: &Attribute| {
        attribute.returned() == Returned::Request || attribute.is_never_shown()
    };
    attributes.iter().any(|attribute| {
        (hidden(attribute) && !attribute.is_password())
            || attribute.sub_attributes().iter().any(hidden)
    })
}
