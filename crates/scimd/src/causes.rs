use std::error::Error;
use std::fmt;

/// An error with all its causes in one line, for a log: of a value that is an error itself, the log
/// in JSON shows the outermost text alone.
pub(crate) struct Causes<'a>(pub(crate) &'a dyn Error);

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::RunError;

    #[test]
    fn causes_follow_what_they_caused() {
        let error = RunError::Signals(io::Error::other("no signals here"));
        let line = Causes(&error).to_string();
        assert_eq!(line, "cannot handle signals: no signals here");
    }
}
