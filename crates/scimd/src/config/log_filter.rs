use std::str::FromStr;

use thiserror::Error;
use tracing_subscriber::filter::Targets;

/// What is logged, as an option gives it: `warn`, or `info,scimd=debug`.
#[derive(Debug, Clone)]
pub(crate) struct LogFilter(Targets);

impl LogFilter {
    /// The same for the layers of a subscriber.
    pub(crate) fn into_targets(self) -> Targets {
        self.0
    }
}

impl Default for LogFilter {
    fn default() -> Self {
        Self(Targets::new().with_default(tracing::Level::INFO))
    }
}

impl FromStr for LogFilter {
    type Err = LogFilterError;

    fn from_str(text: &str) -> Result<Self, LogFilterError> {
        // `Targets` takes nothing, also between commas, for `error`.
        if text.split(',').any(|part| part.trim().is_empty()) {
            return Err(LogFilterError);
        }
        text.parse().map(Self).map_err(|_| LogFilterError)
    }
}

/// Why a text is no [`LogFilter`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a filter such as warn, off or info,scimd=debug")]
pub(crate) struct LogFilterError;

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn parts_of_the_program_may_have_levels_of_their_own() {
        let targets = "warn,scimd=debug".parse::<LogFilter>().unwrap().0;
        assert!(targets.would_enable("scimd::app", &Level::DEBUG));
        assert!(!targets.would_enable("hyper", &Level::INFO));
        assert!(LogFilter::default().0.would_enable("hyper", &Level::INFO));
        let off = "off".parse::<LogFilter>().unwrap().0;
        assert!(!off.would_enable("scimd", &Level::ERROR));
    }

    #[test]
    fn a_filter_of_nothing_is_none() {
        for text in ["", " ", ",", "info,", "scimd=loud"] {
            assert_eq!(
                text.parse::<LogFilter>().err(),
                Some(LogFilterError),
                "{text:?}"
            );
        }
    }
}
