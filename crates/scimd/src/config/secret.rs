use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// Text from the configuration that must not show: it has no `Display`, and `Debug` hides it.
///
/// Taking it in never fails, because who refuses an argument prints it.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl Secret {
    /// The text itself, for who checks or hashes it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.into()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_text() {
        let secret: Secret = "open sesame".parse().unwrap();
        assert_eq!(format!("{secret:?}"), "[hidden]");
        assert_eq!(secret.expose(), "open sesame");
    }
}
