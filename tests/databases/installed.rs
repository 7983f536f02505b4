use std::env;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;

/// What makes a missing program a failure.
const VARIABLE: &str = "SCIM_TEST_DATABASES";

/// A file of a database is not on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotInstalled {
    file: &'static str,
    package: &'static str,
}

impl fmt::Display for NotInstalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, package } = self;
        write!(
            f,
            "there is no {file}, which is in Debian's package {package}"
        )
    }
}

impl std::error::Error for NotInstalled {}

/// What a test needs, or nothing where that is not to be had: the test is to return then, and one
/// line on stderr says that it was left out.
///
/// # Panics
///
/// If it is not to be had although `SCIM_TEST_DATABASES=required` is set, as it is in `.ci/run`.
pub fn or_left_out<T, E: fmt::Display>(needed: Result<T, E>) -> Option<T> {
    let required = env::var_os(VARIABLE).is_some_and(|value| value == "required");
    needed
        .inspect_err(|missing| left_out(missing, required))
        .ok()
}

fn left_out(missing: &impl fmt::Display, required: bool) {
    assert!(!required, "{VARIABLE}=required, but {missing}");
    let test = thread::current();
    let test = test.name().unwrap_or("a test");
    // Not by `eprintln!`, which is shown for tests that fail only.
    let _ = writeln!(io::stderr(), "{test} is left out: {missing}");
}

/// The program `name`, which `package` has, in one of `folders` or where programs are.
pub(super) fn program(
    name: &'static str,
    package: &'static str,
    folders: &[PathBuf],
) -> Result<PathBuf, NotInstalled> {
    let path = env::var_os("PATH").unwrap_or_default();
    // Not in every user's PATH.
    let system = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    let mut folders = folders
        .iter()
        .cloned()
        .chain(env::split_paths(&path))
        .chain(system);
    folders
        .find_map(|folder| file(name, package, &folder.join(name)).ok())
        .ok_or(NotInstalled {
            file: name,
            package,
        })
}

/// The file at `path`, called `name` when it is missing.
pub(super) fn file(
    name: &'static str,
    package: &'static str,
    path: &Path,
) -> Result<PathBuf, NotInstalled> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(path.to_owned()),
        _ => Err(NotInstalled {
            file: name,
            package,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_its_package() {
        let missing = program("no-such-program", "no-package", &[]).unwrap_err();
        assert_eq!(
            missing.to_string(),
            "there is no no-such-program, which is in Debian's package no-package"
        );
    }

    #[test]
    #[should_panic(expected = "SCIM_TEST_DATABASES=required, but there is no no-such-program")]
    fn what_is_required_must_not_be_missing() {
        let missing = program("no-such-program", "no-package", &[]).unwrap_err();
        left_out(&missing, true);
    }

    #[test]
    fn folders_named_come_before_the_path() {
        let found = program("sh", "dash", &[PathBuf::from("/usr/bin")]).unwrap();
        assert_eq!(found, Path::new("/usr/bin/sh"));
    }
}
