use scim_http::provider::storage::Retention;

use super::ConfigError;
use super::settings::Settings;
use super::units::Size;

const DEFAULT_BYTES: Size = Size::mib(64);

/// How much is kept of versions that have been replaced, if anything is.
pub(super) fn retention(settings: &Settings) -> Result<Option<Retention>, ConfigError> {
    let versions = settings.keep_versions.unwrap_or(0);
    let nothing = |option| ConfigError::Limit {
        option,
        bounds: "more than nothing",
    };
    if versions == 0 {
        let useless = [
            ("keep-age", settings.keep_age.is_some()),
            ("keep-bytes", settings.keep_bytes.is_some()),
        ];
        let useless = useless.into_iter().find(|(_, is_given)| *is_given);
        return match useless {
            Some((option, _)) => Err(ConfigError::KeepsNothing { option }),
            None => Ok(None),
        };
    }
    let bytes = settings.keep_bytes.unwrap_or(DEFAULT_BYTES).octets();
    if bytes == 0 {
        return Err(nothing("keep-bytes"));
    }
    let retention = Retention::new(versions, u64::try_from(bytes).unwrap_or(u64::MAX));
    match settings.keep_age {
        None => Ok(Some(retention)),
        Some(age) if age.duration().is_zero() => Err(nothing("keep-age")),
        Some(age) => Ok(Some(retention.with_age(age.duration()))),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::Config;
    use super::*;

    fn kept(args: &[&str]) -> Result<Option<Retention>, ConfigError> {
        Config::from_args([&["scimd"], args].concat()).map(|config| config.retention)
    }

    #[test]
    fn nothing_is_kept_unless_somebody_wants_it() {
        assert_eq!(kept(&[]).unwrap(), None);
        assert_eq!(kept(&["--keep-versions=0"]).unwrap(), None);
    }

    #[test]
    fn versions_are_kept_by_count_age_and_octets() {
        let default = Retention::new(8, 64 << 20);
        assert_eq!(kept(&["--keep-versions=8"]).unwrap(), Some(default));
        let args = ["--keep-versions=8", "--keep-age=2h", "--keep-bytes=1GiB"];
        let all = Retention::new(8, 1 << 30).with_age(Duration::from_secs(7200));
        assert_eq!(kept(&args).unwrap(), Some(all));
    }

    #[test]
    fn bounds_of_what_is_not_kept_are_a_mistake() {
        for option in ["keep-age", "keep-bytes"] {
            let bound = format!("--{option}=1");
            for args in [&[&*bound][..], &["--keep-versions=0", &bound]] {
                let error = kept(args).unwrap_err();
                let ConfigError::KeepsNothing { option: named } = error else {
                    panic!("{error:?}")
                };
                assert_eq!(named, option);
                assert!(error.to_string().contains("--keep-versions"), "{error}");
            }
        }
    }

    #[test]
    fn bounds_that_let_nothing_be_kept_are_a_mistake() {
        for option in ["keep-age", "keep-bytes"] {
            let error = kept(&["--keep-versions=1", &format!("--{option}=0")]).unwrap_err();
            assert!(
                matches!(error, ConfigError::Limit { option: named, .. } if named == option),
                "{error:?}"
            );
        }
    }
}
