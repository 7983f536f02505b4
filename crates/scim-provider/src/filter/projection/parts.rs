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
