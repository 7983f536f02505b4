use scim_provider::schema::UnknownAttributes;

/// What a service provider decides about PATCH where RFC 7644 leaves it a choice, or where it
/// wants to be more lenient.
///
/// ```
/// use scim_ops::PatchRules;
///
/// assert!(!PatchRules::default().creates_missing());
/// assert!(PatchRules::default().with_creates_missing(true).creates_missing());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PatchRules {
    creates_missing: bool,
    unknown: UnknownAttributes,
}

impl PatchRules {
    /// Those of the RFC.
    pub const fn new() -> Self {
        Self {
            creates_missing: false,
            unknown: UnknownAttributes::Refuse,
        }
    }

    /// Says whether a `replace` whose filter matches no value creates one, as an `add` does.
    /// Without, it is refused as having no target (§3.5.2.3).
    #[must_use]
    pub const fn with_creates_missing(mut self, creates: bool) -> Self {
        self.creates_missing = creates;
        self
    }

    /// Says what happens to attributes that no schema has: an operation on one is refused, or
    /// changes nothing.
    #[must_use]
    pub const fn with_unknown_attributes(mut self, unknown: UnknownAttributes) -> Self {
        self.unknown = unknown;
        self
    }

    /// Whether a `replace` whose filter matches no value creates one.
    pub const fn creates_missing(&self) -> bool {
        self.creates_missing
    }

    /// What happens to attributes that no schema has.
    pub const fn unknown_attributes(&self) -> UnknownAttributes {
        self.unknown
    }
}
