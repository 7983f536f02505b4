//! What does not go together, as the client who wanted a merge is told.

use std::fmt;

use scim_ops::{MergeConflict, MergeConflicts};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// The URN of the member of an error that tells of the conflicts of a merge, which the RFC does not
/// know.
pub(crate) const MERGE_CONFLICT: &str = "urn:x-scim:versioned:2.0:MergeConflict";

/// Conflicts, each with its path and the three values. They are for the client, who may write the
/// resource, and for nobody else: `Debug` output shows how many there are.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Conflicts(Vec<Value>);

impl Conflicts {
    /// More than these are not shown: what a client can't look through helps nobody.
    const MOST: usize = 100;

    pub(crate) fn of(conflicts: &MergeConflicts) -> Self {
        Self(conflicts.iter().take(Self::MOST).map(shown).collect())
    }
}

/// Absent is what has no value.
fn shown(conflict: &MergeConflict) -> Value {
    let mut members = Map::new();
    members.insert("path".into(), conflict.path().into());
    for (name, value) in [
        ("base", conflict.base()),
        ("local", conflict.local()),
        ("remote", conflict.remote()),
    ] {
        if let Some(value) = value {
            members.insert(name.into(), value.clone());
        }
    }
    Value::Object(members)
}

impl Serialize for Conflicts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("conflicts", &self.0)])
    }
}

impl fmt::Debug for Conflicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} conflicts", self.0.len())
    }
}
