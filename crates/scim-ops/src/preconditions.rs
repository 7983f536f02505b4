use scim_provider::version::{Precondition, ScimVersion};

/// The preconditions of a request: what it says of the version it meets.
///
/// Each was parsed before it got here. A precondition that could not be parsed has
/// refused its request; it never turns into an absent one.
///
/// ```
/// use scim_ops::version::ScimVersion;
/// use scim_ops::{Access, Judgement, Preconditions};
///
/// let (old, new) = (ScimVersion::from_revision(1), ScimVersion::from_revision(2));
/// let preconditions = Preconditions::new().with_if_match(old.clone());
/// assert_eq!(preconditions.judge(Access::Write, &old), Judgement::Proceed);
/// assert_eq!(preconditions.judge(Access::Write, &new), Judgement::IfMatchFailed);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preconditions {
    if_match: Option<Precondition>,
    if_none_match: Option<Precondition>,
    merge_base: Option<ScimVersion>,
}

impl Preconditions {
    /// None: whatever the version is.
    pub const fn new() -> Self {
        Self {
            if_match: None,
            if_none_match: None,
            merge_base: None,
        }
    }

    /// Only if the current version is among these (RFC 9110 §13.1.1).
    #[must_use]
    pub fn with_if_match(mut self, precondition: impl Into<Precondition>) -> Self {
        self.if_match = Some(precondition.into());
        self
    }

    /// Only if the current version is none of these (RFC 9110 §13.1.2).
    #[must_use]
    pub fn with_if_none_match(mut self, precondition: impl Into<Precondition>) -> Self {
        self.if_none_match = Some(precondition.into());
        self
    }

    /// The change was made to this version, and should be merged with what has come between: for
    /// updates and patches. A delete of a version that has been replaced is refused.
    ///
    /// Beside an `If-Match` it says nothing: that is always as strict as RFC 9110 §13.1.1 has it.
    #[must_use]
    pub fn with_merge_base(mut self, version: ScimVersion) -> Self {
        self.merge_base = Some(version);
        self
    }

    /// The version that the change was made to, if it should be merged.
    pub fn merge_base(&self) -> Option<&ScimVersion> {
        self.merge_base.as_ref().filter(|_| self.if_match.is_none())
    }

    /// Whether the request says which version it was made for.
    pub(crate) fn name_a_version(&self) -> bool {
        self.if_match.is_some() || self.merge_base.is_some()
    }

    /// The same for who can't merge: only if the version is still the current one.
    pub(crate) fn without_merge(mut self) -> Self {
        if let Some(version) = self.merge_base.take()
            && self.if_match.is_none()
        {
            self.if_match = Some(version.into());
        }
        self
    }

    /// What `If-Match` said, if it was there.
    pub const fn if_match(&self) -> Option<&Precondition> {
        self.if_match.as_ref()
    }

    /// What `If-None-Match` said, if it was there.
    pub const fn if_none_match(&self) -> Option<&Precondition> {
        self.if_none_match.as_ref()
    }

    /// Whether a request for a resource that exists in the version `current` proceeds:
    /// `If-Match` first, then `If-None-Match` (RFC 9110 §13.2.2).
    ///
    /// A resource that is missing is not found whatever the preconditions are: they count
    /// only if the request would otherwise succeed (§13.2.1).
    pub fn judge(&self, access: Access, current: &ScimVersion) -> Judgement {
        if self
            .if_match
            .as_ref()
            .is_some_and(|tags| !tags.matches(current))
        {
            return Judgement::IfMatchFailed;
        }
        if self
            .if_none_match
            .as_ref()
            .is_some_and(|tags| tags.matches(current))
        {
            return match access {
                Access::Read => Judgement::NotModified,
                Access::Write => Judgement::IfNoneMatchFailed,
            };
        }
        Judgement::Proceed
    }

    /// The version, if the only one with which the request proceeds is known
    /// beforehand: then the provider's own comparison is the whole judgement.
    pub(crate) fn only_version(&self) -> Option<ScimVersion> {
        match (&self.if_match, &self.if_none_match) {
            (Some(Precondition::Tags(tags)), None) => match tags.as_slice() {
                [tag] => tag.version(),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Whether a request reads or writes: the two answer differently to a matching
/// `If-None-Match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "RFC 9110 §13.2.2 knows these two")]
pub enum Access {
    /// GET, HEAD.
    Read,
    /// Everything else.
    Write,
}

/// What becomes of a request by its preconditions.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "RFC 9110 §13.2.2 knows these outcomes"
)]
pub enum Judgement {
    /// It is carried out.
    Proceed,
    /// It reads what the client has already.
    NotModified,
    /// `If-Match` names other versions than the current one.
    IfMatchFailed,
    /// `If-None-Match` names the current version, and the request would write.
    IfNoneMatchFailed,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(revision: u64) -> ScimVersion {
        ScimVersion::from_revision(revision)
    }

    fn tags(revisions: &[u64]) -> Precondition {
        Precondition::Tags(revisions.iter().map(|&r| version(r).to_etag()).collect())
    }

    #[test]
    fn if_match_is_judged_before_if_none_match() {
        let both = Preconditions::new()
            .with_if_match(tags(&[1]))
            .with_if_none_match(tags(&[2]));
        assert_eq!(
            both.judge(Access::Read, &version(2)),
            Judgement::IfMatchFailed
        );
        assert_eq!(both.judge(Access::Read, &version(1)), Judgement::Proceed);
    }

    #[test]
    fn a_matching_if_none_match_is_not_modified_for_reads_and_fails_writes() {
        let none = Preconditions::new().with_if_none_match(Precondition::Any);
        assert_eq!(
            none.judge(Access::Read, &version(1)),
            Judgement::NotModified
        );
        assert_eq!(
            none.judge(Access::Write, &version(1)),
            Judgement::IfNoneMatchFailed
        );
    }

    #[test]
    fn an_empty_list_matches_nothing() {
        let empty = Preconditions::new().with_if_match(tags(&[]));
        assert_eq!(
            empty.judge(Access::Write, &version(1)),
            Judgement::IfMatchFailed
        );
    }

    #[test]
    fn only_a_single_tag_without_if_none_match_is_one_version() {
        let one = Preconditions::new().with_if_match(tags(&[1]));
        assert_eq!(one.only_version(), Some(version(1)));
        assert_eq!(one.with_if_none_match(tags(&[2])).only_version(), None);
        assert_eq!(
            Preconditions::new()
                .with_if_match(tags(&[1, 2]))
                .only_version(),
            None
        );
        assert_eq!(
            Preconditions::new()
                .with_if_match(Precondition::Any)
                .only_version(),
            None
        );
    }
}
