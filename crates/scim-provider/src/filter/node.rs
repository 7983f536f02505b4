use super::condition::Condition;
use super::place::{Place, Subject};

/// A filter as it is evaluated: every attribute resolved, every value of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// The same for every subject.
    Constant(bool),
    /// The values at the place meet the condition.
    At(Place, Condition),
    Not(Box<Node>),
    All(Box<[Node]>),
    Any(Box<[Node]>),
    /// One value at the place matches.
    Within(Place, Box<Node>),
}

impl Node {
    pub(super) fn matches(&self, subject: Subject<'_>) -> bool {
        match self {
            Self::Constant(answer) => *answer,
            Self::At(place, condition) => condition.holds(place, subject),
            Self::Not(inner) => !inner.matches(subject),
            Self::All(nodes) => nodes.iter().all(|node| node.matches(subject)),
            Self::Any(nodes) => nodes.iter().any(|node| node.matches(subject)),
            Self::Within(place, inner) => {
                place.any(subject, |value| inner.matches(Subject::Value(value)))
            }
        }
    }

    /// Whether an attribute of the core schema called `name` is looked at.
    pub(super) fn reads(&self, name: &str) -> bool {
        let starts_at = |place: &Place| {
            place.extension.is_none() && place.attribute.as_deref().is_some_and(|own| own == name)
        };
        match self {
            Self::Constant(_) => false,
            Self::At(place, _) | Self::Within(place, _) => starts_at(place),
            Self::Not(inner) => inner.reads(name),
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().any(|node| node.reads(name)),
        }
    }
}
