use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use scim_provider::filter::{AttributePath, PathTarget};
use scim_provider::schema::ResourceType;
use serde_json::Value;
use thiserror::Error;

use super::MergeConflict;

/// What becomes of each attribute in a merge.
///
/// ```
/// use scim_ops::provider::schema::ResourceTypes;
/// use scim_ops::{MergeRule, MergeRules};
///
/// let types = ResourceTypes::rfc7643();
/// let user = types.get("User").unwrap();
/// // The directory is right about titles, and nobody is locked by a decision on stale data.
/// let rules = MergeRules::default()
///     .with_attribute(user, "title", MergeRule::RemoteWins)?
///     .with_attribute(user, "active", MergeRule::Fail)?;
/// assert!(rules.with_attribute(user, "shoeSize", MergeRule::Merge).is_err());
/// # Ok::<(), scim_ops::UnknownAttribute>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct MergeRules {
    otherwise: MergeRule,
    /// By resource type and the path of the attribute in the spelling of its schema.
    by_attribute: HashMap<(String, String), MergeRule>,
}

impl MergeRules {
    /// The same rule for all attributes.
    pub fn new(rule: MergeRule) -> Self {
        Self {
            otherwise: rule,
            by_attribute: HashMap::new(),
        }
    }

    /// The same rules, but `rule` for the attribute at `path` of resources of this type:
    /// `userName`, or `urn:…:User:department` for one of an extension, in whatever case. A
    /// sub-attribute has no rule of its own.
    ///
    /// # Errors
    ///
    /// If there is no such attribute.
    pub fn with_attribute(
        mut self,
        resource_type: &ResourceType,
        path: &str,
        rule: MergeRule,
    ) -> Result<Self, UnknownAttribute> {
        let unknown = || UnknownAttribute {
            resource_type: resource_type.name().to_owned(),
            path: path.to_owned(),
        };
        let parsed: AttributePath = path.parse().map_err(|_| unknown())?;
        let found = match resource_type.resolve_path(&parsed) {
            Some(PathTarget::Attribute(found)) if found.sub().is_none() => found,
            _ => return Err(unknown()),
        };
        let extension = found.extension().map(|found| found.schema().id());
        let key = (
            resource_type.name().to_owned(),
            key(extension, found.attribute().name()),
        );
        self.by_attribute.insert(key, rule);
        Ok(self)
    }

    /// What becomes of `attribute`, in the spelling of its schema.
    pub(super) fn of(
        &self,
        resource_type: &ResourceType,
        extension: Option<&str>,
        attribute: &str,
    ) -> &MergeRule {
        if self.by_attribute.is_empty() {
            return &self.otherwise;
        }
        let key = (resource_type.name().to_owned(), key(extension, attribute));
        self.by_attribute.get(&key).unwrap_or(&self.otherwise)
    }

    /// What becomes of attributes that no rule is about.
    pub(super) const fn otherwise(&self) -> &MergeRule {
        &self.otherwise
    }
}

fn key(extension: Option<&str>, attribute: &str) -> String {
    match extension {
        Some(extension) => format!("{extension}:{attribute}"),
        None => attribute.to_owned(),
    }
}

/// What becomes of an attribute in a merge.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum MergeRule {
    /// What only one side has changed is as that side wants it; where both have changed the same
    /// and not alike, there is a conflict.
    #[default]
    Merge,
    /// Whatever the other side has changed here is a conflict, unless ours says the same: for what
    /// must not be decided on stale data.
    Fail,
    /// Ours stands as it is, whatever the other side has made of it: the last writer wins, and an
    /// update of the other side may be lost.
    LocalWins,
    /// The other side's stands as it is: the first writer wins, and our update may be lost.
    RemoteWins,
    /// As [`Merge`](Self::Merge), but conflicts are for the application to resolve.
    Ask(Arc<dyn Resolve>),
}

impl MergeRule {
    /// Has `resolve` decide on conflicts: a closure will do.
    ///
    /// ```
    /// use scim_ops::{MergeConflict, MergeRule, Resolution};
    ///
    /// let longest = MergeRule::ask(|conflict: &MergeConflict| {
    ///     let length = |value: Option<&serde_json::Value>| {
    ///         value.and_then(serde_json::Value::as_str).map(str::len)
    ///     };
    ///     if length(conflict.local()) > length(conflict.remote()) {
    ///         Resolution::Local
    ///     } else {
    ///         Resolution::Remote
    ///     }
    /// });
    /// # let _ = longest;
    /// ```
    pub fn ask(resolve: impl Resolve + 'static) -> Self {
        Self::Ask(Arc::new(resolve))
    }
}

impl fmt::Debug for MergeRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Merge => "Merge",
            Self::Fail => "Fail",
            Self::LocalWins => "LocalWins",
            Self::RemoteWins => "RemoteWins",
            Self::Ask(_) => "Ask(..)",
        })
    }
}

/// An application's own way out of conflicts.
pub trait Resolve: Send + Sync {
    /// What becomes of `conflict`. It may be asked more than once about the same one, and about
    /// ones that come to nothing, since another may stay a conflict.
    fn resolve(&self, conflict: &MergeConflict) -> Resolution;
}

impl<F> Resolve for F
where
    F: Fn(&MergeConflict) -> Resolution + Send + Sync,
{
    fn resolve(&self, conflict: &MergeConflict) -> Resolution {
        self(conflict)
    }
}

/// What becomes of a conflict.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resolution {
    /// It stays one.
    Conflict,
    /// What it was before either changed it.
    Base,
    /// What we want.
    Local,
    /// What the other side has made of it.
    Remote,
    /// Another value, of the kind that the conflict shows. A `null` is none.
    Value(Value),
}

impl fmt::Debug for Resolution {
    /// Not the value: it is personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Conflict => "Conflict",
            Self::Base => "Base",
            Self::Local => "Local",
            Self::Remote => "Remote",
            Self::Value(_) => "Value(..)",
        })
    }
}

/// A [rule](MergeRules::with_attribute) is about an attribute that there is not.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{resource_type} has no attribute {}", .path.escape_debug())]
pub struct UnknownAttribute {
    resource_type: String,
    path: String,
}

impl UnknownAttribute {
    /// The type whose resources were meant.
    pub fn resource_type(&self) -> &str {
        &self.resource_type
    }

    /// What was taken for the path of an attribute.
    pub fn path(&self) -> &str {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use scim_provider::schema::ResourceTypes;

    use super::*;

    #[test]
    fn a_rule_is_found_whatever_the_case_it_was_given_in() {
        const MORE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let types = ResourceTypes::rfc7643();
        let (user, group) = (types.get("User").unwrap(), types.get("Group").unwrap());
        let rules = MergeRules::new(MergeRule::Fail)
            .with_attribute(user, "DISPLAYNAME", MergeRule::LocalWins)
            .and_then(|rules| {
                let path = format!("{}:costcenter", MORE.to_uppercase());
                rules.with_attribute(user, &path, MergeRule::RemoteWins)
            })
            .unwrap();
        let rule = |resource_type, extension, name| {
            format!("{:?}", rules.of(resource_type, extension, name))
        };
        assert_eq!(rule(user, None, "displayName"), "LocalWins");
        assert_eq!(rule(group, None, "displayName"), "Fail");
        assert_eq!(rule(user, Some(MORE), "costCenter"), "RemoteWins");
        assert_eq!(rule(user, None, "title"), "Fail");
    }

    #[test]
    fn what_is_no_attribute_has_no_rule() {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        for path in ["shoeSize", "", "name.givenName", "a b", "costCenter"] {
            let error = MergeRules::default()
                .with_attribute(user, path, MergeRule::Merge)
                .unwrap_err();
            assert_eq!((error.resource_type(), error.path()), ("User", path));
        }
    }
}
