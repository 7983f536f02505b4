use std::str::FromStr;

use scim_http::provider::UnknownTargets;
use scim_http::provider::schema::{CanonicalValues, UnknownAttributes};
use thiserror::Error;

/// What has to happen before a write is acknowledged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Durable {
    /// It is on the disk.
    #[default]
    Full,
    /// It is on its way there.
    Relaxed,
}

impl FromStr for Durable {
    type Err = DurableError;

    fn from_str(text: &str) -> Result<Self, DurableError> {
        match text {
            "full" => Ok(Self::Full),
            "relaxed" => Ok(Self::Relaxed),
            _ => Err(DurableError),
        }
    }
}

/// Why a text is no [`Durable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("neither `full` nor `relaxed`")]
pub(crate) struct DurableError;

/// What becomes of attributes that no schema has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Unknown(pub(crate) UnknownAttributes);

impl FromStr for Unknown {
    type Err = UnknownError;

    fn from_str(text: &str) -> Result<Self, UnknownError> {
        match text {
            "refuse" => Ok(Self(UnknownAttributes::Refuse)),
            "ignore" => Ok(Self(UnknownAttributes::Ignore)),
            _ => Err(UnknownError),
        }
    }
}

/// Why a text is no [`Unknown`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("neither `refuse` nor `ignore`")]
pub(crate) struct UnknownError;

/// What becomes of values that are none of the canonical ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Canonical(pub(crate) CanonicalValues);

impl FromStr for Canonical {
    type Err = CanonicalError;

    fn from_str(text: &str) -> Result<Self, CanonicalError> {
        match text {
            "suggest" => Ok(Self(CanonicalValues::Suggest)),
            "restrict" => Ok(Self(CanonicalValues::Restrict)),
            _ => Err(CanonicalError),
        }
    }
}

/// Why a text is no [`Canonical`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("neither `suggest` nor `restrict`")]
pub(crate) struct CanonicalError;

/// What becomes of members that do not exist.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Members(pub(crate) UnknownTargets);

impl FromStr for Members {
    type Err = MembersError;

    fn from_str(text: &str) -> Result<Self, MembersError> {
        match text {
            "refuse" => Ok(Self(UnknownTargets::Refuse)),
            "leave-out" => Ok(Self(UnknownTargets::LeaveOut)),
            _ => Err(MembersError),
        }
    }
}

/// Why a text is no [`Members`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("neither `refuse` nor `leave-out`")]
pub(crate) struct MembersError;

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl FromStr for LogFormat {
    type Err = LogFormatError;

    fn from_str(text: &str) -> Result<Self, LogFormatError> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(LogFormatError),
        }
    }
}

/// Why a text is no [`LogFormat`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("neither `text` nor `json`")]
pub(crate) struct LogFormatError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_attributes_are_refused_or_ignored() {
        assert_eq!("refuse".parse(), Ok(Unknown::default()));
        assert_eq!("ignore".parse(), Ok(Unknown(UnknownAttributes::Ignore)));
        assert_eq!("keep".parse::<Unknown>(), Err(UnknownError));
    }

    #[test]
    fn canonical_values_are_suggested_or_restrict() {
        assert_eq!("suggest".parse(), Ok(Canonical::default()));
        assert_eq!("restrict".parse(), Ok(Canonical(CanonicalValues::Restrict)));
        assert_eq!("refuse".parse::<Canonical>(), Err(CanonicalError));
    }

    #[test]
    fn unknown_members_are_refused_or_left_out() {
        assert_eq!("refuse".parse(), Ok(Members::default()));
        assert_eq!("leave-out".parse(), Ok(Members(UnknownTargets::LeaveOut)));
        assert_eq!("ignore".parse::<Members>(), Err(MembersError));
    }

    #[test]
    fn logs_are_text_or_json() {
        assert_eq!("text".parse(), Ok(LogFormat::Text));
        assert_eq!("json".parse(), Ok(LogFormat::Json));
        assert_eq!("xml".parse::<LogFormat>(), Err(LogFormatError));
    }
}
