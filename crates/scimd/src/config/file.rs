use std::fs;
use std::path::Path;

use super::ConfigError;
use super::settings::Settings;

/// What the configuration file says.
pub(super) fn read(path: &Path) -> Result<Settings, ConfigError> {
    let text = fs::read_to_string(path).map_err(|source| ConfigError::ReadFile {
        path: path.into(),
        source,
    })?;
    // TOML's own error prints the line it stumbled over, which may hold a token.
    toml::from_str(&text).map_err(|error| {
        let before = error
            .span()
            .and_then(|span| text.get(..span.start))
            .unwrap_or_default();
        ConfigError::File {
            path: path.into(),
            line: before.matches('\n').count() + 1,
            reason: error.message().into(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Settings, ConfigError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, text).unwrap();
        read(file.path())
    }

    #[test]
    fn keys_are_named_as_the_flags() {
        let settings = read_text(
            "listen = '[::1]:1'\nmax-body = 10\nrequire-version = true\ntenant = ['a=b']",
        );
        let settings = settings.unwrap();
        assert_eq!(settings.listen, Some("[::1]:1".parse().unwrap()));
        assert_eq!(settings.max_body.unwrap().octets(), 10);
        assert_eq!(settings.require_version, Some(true));
        assert_eq!(settings.tenant.unwrap().len(), 1);
    }

    #[test]
    fn unknown_keys_are_named_with_their_line() {
        let error = read_text("max-page = 7\n\nmax_body = 1").unwrap_err();
        let ConfigError::File { line, reason, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(*line, 3);
        assert!(reason.contains("max_body"), "{reason}");
    }

    #[test]
    fn no_error_shows_a_token() {
        for text in [
            "tokn = ['s3cret']",
            "token = 's3cret",
            "token = ['s3cret'",
            "token = { a = 's3cret' }",
            "token = [['s3cret']]",
        ] {
            let error = read_text(text).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("s3cret"), "{shown}");
        }
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = read(Path::new("/does/not/exist.toml")).unwrap_err();
        assert!(
            error.to_string().contains("/does/not/exist.toml"),
            "{error}"
        );
    }
}
