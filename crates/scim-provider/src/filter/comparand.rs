use std::fmt;

use serde_json::Number;

/// What an attribute is compared with: a simple JSON value.
///
/// Its `Debug` output tells only of which kind it is, since filters hold personal data.
#[derive(Clone, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the rule compValue of RFC 7644 §3.4.2.2"
)]
pub enum Comparand {
    /// A text; also what dateTimes, references and binaries are compared with.
    String(String),
    /// A number.
    Number(Number),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`: the attribute has no value (RFC 7643 §2.5).
    Null,
}

impl fmt::Display for Comparand {
    /// As JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(text) => {
                let json = serde_json::to_string(text).map_err(|_| fmt::Error)?;
                f.write_str(&json)
            }
            Self::Number(number) => write!(f, "{number}"),
            Self::Boolean(flag) => write!(f, "{flag}"),
            Self::Null => f.write_str("null"),
        }
    }
}

impl fmt::Debug for Comparand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String(_) => "String(…)",
            Self::Number(_) => "Number(…)",
            Self::Boolean(_) => "Boolean(…)",
            Self::Null => "Null",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_no_value() {
        let shown = format!(
            "{:?} {:?}",
            Comparand::String("secret".into()),
            Comparand::Number(42.into())
        );
        assert_eq!(shown, "String(…) Number(…)");
    }
}
