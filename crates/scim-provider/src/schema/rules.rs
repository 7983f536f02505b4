use super::{CanonicalValues, UnknownAttributes};

/// How strictly what clients write is read, beyond what the schemas say.
///
/// Every type of a registry goes by the same: see
/// [`ResourceTypes::rules`](super::ResourceTypes::rules).
///
/// ```
/// use scim_provider::schema::{CanonicalValues, InputRules, ResourceTypes, UnknownAttributes};
///
/// let types = ResourceTypes::rfc7643()
///     .with_unknown_attributes(UnknownAttributes::Ignore)
///     .with_canonical_values(CanonicalValues::Restrict);
/// let rules = InputRules::new(UnknownAttributes::Ignore, CanonicalValues::Restrict);
/// assert_eq!(types.rules(), rules);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputRules {
    /// What happens to attributes that no schema has.
    pub unknown_attributes: UnknownAttributes,
    /// What happens to values that are none of the canonical ones.
    pub canonical_values: CanonicalValues,
}

impl InputRules {
    /// These two.
    pub const fn new(
        unknown_attributes: UnknownAttributes,
        canonical_values: CanonicalValues,
    ) -> Self {
        Self {
            unknown_attributes,
            canonical_values,
        }
    }
}

impl From<UnknownAttributes> for InputRules {
    fn from(unknown_attributes: UnknownAttributes) -> Self {
        Self {
            unknown_attributes,
            ..Self::default()
        }
    }
}
