//! What came of a conditional operation.

use crate::conflict::VersionConflict;

/// What came of an operation on the condition of a version.
///
/// All three are answers, none is a failure: an operation that could not be carried out is the `Err` of a `Result` around
/// this. A missing resource is `NotFound` whatever was expected of it (RFC 9110 §13.2.1: 404 goes before 412).
///
/// ```
/// use scim_version::{ConditionalResult, ScimVersion, VersionConflict};
///
/// fn replace(expected: &ScimVersion, current: &ScimVersion) -> ConditionalResult<&'static str> {
///     if expected.matches(current) {
///         ConditionalResult::Success("stored")
///     } else {
///         VersionConflict::new("User", "2819c223", expected, current.clone()).into()
///     }
/// }
///
/// let (old, new) = (ScimVersion::from_revision(1), ScimVersion::from_revision(2));
/// assert_eq!(replace(&new, &new).into_success(), Some("stored"));
/// assert_eq!(replace(&old, &new).into_conflict().unwrap().current, new);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a write may have been refused"]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever translates a result has to think of each; a fourth would be a new contract"
)]
pub enum ConditionalResult<T> {
    /// It was done.
    Success(T),
    /// Nothing was changed: the resource has another version.
    VersionMismatch(VersionConflict),
    /// Nothing was changed: there is no such resource.
    NotFound,
}

impl<T> ConditionalResult<T> {
    /// Whether it was done.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self, Self::Success(_))
    }

    /// Whether the resource has another version.
    #[must_use]
    pub const fn is_version_mismatch(&self) -> bool {
        matches!(self, Self::VersionMismatch(_))
    }

    /// Whether there is no such resource.
    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }

    /// The outcome, if it was done.
    #[must_use]
    pub const fn success(&self) -> Option<&T> {
        match self {
            Self::Success(value) => Some(value),
            Self::VersionMismatch(_) | Self::NotFound => None,
        }
    }

    /// The conflict, if there is one.
    #[must_use]
    pub const fn conflict(&self) -> Option<&VersionConflict> {
        match self {
            Self::VersionMismatch(conflict) => Some(conflict),
            Self::Success(_) | Self::NotFound => None,
        }
    }

    /// The outcome, if it was done.
    #[must_use]
    pub fn into_success(self) -> Option<T> {
        match self {
            Self::Success(value) => Some(value),
            Self::VersionMismatch(_) | Self::NotFound => None,
        }
    }

    /// The conflict, if there is one.
    #[must_use]
    pub fn into_conflict(self) -> Option<VersionConflict> {
        match self {
            Self::VersionMismatch(conflict) => Some(conflict),
            Self::Success(_) | Self::NotFound => None,
        }
    }

    /// The same with the outcome borrowed; a conflict is cloned.
    pub fn as_ref(&self) -> ConditionalResult<&T> {
        match self {
            Self::Success(value) => ConditionalResult::Success(value),
            Self::VersionMismatch(conflict) => ConditionalResult::VersionMismatch(conflict.clone()),
            Self::NotFound => ConditionalResult::NotFound,
        }
    }

    /// The same with another outcome.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> ConditionalResult<U> {
        self.and_then(|value| ConditionalResult::Success(f(value)))
    }

    /// What comes of the next operation, if this one was done.
    pub fn and_then<U>(self, f: impl FnOnce(T) -> ConditionalResult<U>) -> ConditionalResult<U> {
        match self {
            Self::Success(value) => f(value),
            Self::VersionMismatch(conflict) => ConditionalResult::VersionMismatch(conflict),
            Self::NotFound => ConditionalResult::NotFound,
        }
    }

    /// The same as a `Result`, for `?`.
    ///
    /// # Errors
    ///
    /// The conflict. A missing resource is `Ok(None)`.
    ///
    /// ```
    /// # use scim_version::{ConditionalResult, VersionConflict};
    /// fn describe(result: ConditionalResult<u32>) -> Result<String, VersionConflict> {
    ///     Ok(match result.into_result()? {
    ///         Some(size) => format!("{size} octets"),
    ///         None => "gone".to_owned(),
    ///     })
    /// }
    /// assert_eq!(describe(ConditionalResult::NotFound)?, "gone");
    /// # Ok::<(), VersionConflict>(())
    /// ```
    pub fn into_result(self) -> Result<Option<T>, VersionConflict> {
        match self {
            Self::Success(value) => Ok(Some(value)),
            Self::VersionMismatch(conflict) => Err(conflict),
            Self::NotFound => Ok(None),
        }
    }
}

impl<T> From<Result<Option<T>, VersionConflict>> for ConditionalResult<T> {
    /// The inverse of [`into_result`](ConditionalResult::into_result).
    fn from(result: Result<Option<T>, VersionConflict>) -> Self {
        match result {
            Ok(Some(value)) => Self::Success(value),
            Ok(None) => Self::NotFound,
            Err(conflict) => Self::VersionMismatch(conflict),
        }
    }
}

impl<T> From<ConditionalResult<T>> for Result<Option<T>, VersionConflict> {
    /// As [`into_result`](ConditionalResult::into_result).
    fn from(result: ConditionalResult<T>) -> Self {
        result.into_result()
    }
}

impl<T> From<VersionConflict> for ConditionalResult<T> {
    fn from(conflict: VersionConflict) -> Self {
        Self::VersionMismatch(conflict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::ScimVersion;

    fn all() -> [ConditionalResult<u8>; 3] {
        let (old, new) = (ScimVersion::from_revision(1), ScimVersion::from_revision(2));
        [
            ConditionalResult::Success(1),
            VersionConflict::new("User", "1", old, new).into(),
            ConditionalResult::NotFound,
        ]
    }

    #[test]
    fn each_result_is_exactly_one_of_three() {
        let told = all().map(|r| (r.is_success(), r.is_version_mismatch(), r.is_not_found()));
        assert_eq!(
            told,
            [
                (true, false, false),
                (false, true, false),
                (false, false, true)
            ]
        );
        let parts = all().map(|r| (r.success().is_some(), r.conflict().is_some()));
        assert_eq!(parts, [(true, false), (false, true), (false, false)]);
        let parts = all().map(|r| {
            (
                r.clone().into_success().is_some(),
                r.into_conflict().is_some(),
            )
        });
        assert_eq!(parts, [(true, false), (false, true), (false, false)]);
    }

    #[test]
    fn a_result_and_back_is_the_same() {
        for result in all() {
            assert_eq!(
                ConditionalResult::from(result.clone().into_result()),
                result
            );
            let plain: Result<Option<u8>, VersionConflict> = result.clone().into();
            assert_eq!(ConditionalResult::from(plain), result);
        }
    }

    #[test]
    fn only_success_is_mapped() {
        let [success, mismatch, missing] = all();
        assert_eq!(success.as_ref().map(|n| n + 1).into_success(), Some(2));
        assert!(success.and_then(|_| missing.clone()).is_not_found());
        assert_eq!(
            mismatch.as_ref().map(|_| ()).into_conflict(),
            mismatch.into_conflict()
        );
        assert!(missing.map(|_| ()).is_not_found());
    }
}
