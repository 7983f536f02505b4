use std::fs;

use rustix::process::Signal;
use tempfile::NamedTempFile;

use crate::program::Program;

const OLD: &str = "old-0123456789abcdef0123456789abcdef";
const NEW: &str = "new-0123456789abcdef0123456789abcdef";

fn started(tokens: &str) -> (NamedTempFile, Program) {
    let file = NamedTempFile::new().unwrap();
    fs::write(&file, tokens).unwrap();
    let scimd = Program::start(&["--config", file.path().to_str().unwrap()]);
    (file, scimd)
}

fn status(scimd: &Program, token: &str) -> u16 {
    scimd
        .send(
            "GET",
            "/scim/v2/Users",
            &[&format!("authorization: Bearer {token}")],
            "",
        )
        .status
}

#[test]
fn tokens_of_the_file_are_taken_over() {
    let (file, scimd) = started(&format!("token = ['{OLD}']"));
    assert_eq!((status(&scimd, OLD), status(&scimd, NEW)), (200, 401));

    fs::write(&file, format!("token = ['{NEW}']")).unwrap();
    scimd.signal(Signal::HUP);
    scimd.logged("reloaded");
    assert_eq!((status(&scimd, OLD), status(&scimd, NEW)), (401, 200));
}

#[test]
fn a_file_that_is_wrong_or_empty_changes_nothing() {
    let (file, scimd) = started(&format!("token = ['{OLD}']"));
    for wrong in [
        &format!("token = ['{NEW}'"),
        &format!("token = ['{NEW}']\nno-such-key = 1"),
        "token = ['s3cret']",
        "",
    ] {
        fs::write(&file, wrong).unwrap();
        scimd.signal(Signal::HUP);
        let line = scimd.logged("not reloaded");
        assert!(!line.contains(NEW) && !line.contains("s3cret"), "{line}");
        assert_eq!(
            (status(&scimd, OLD), status(&scimd, NEW)),
            (200, 401),
            "{wrong}"
        );
    }
}

#[test]
fn a_refused_reload_says_why_in_either_format() {
    for format in ["text", "json"] {
        let file = NamedTempFile::new().unwrap();
        fs::write(&file, format!("token = ['{OLD}']")).unwrap();
        let path = file.path().to_str().unwrap();
        let scimd = Program::start(&["--config", path, "--log-format", format]);
        fs::write(&file, "").unwrap();
        scimd.signal(Signal::HUP);
        let line = scimd.logged("not reloaded");
        assert!(line.contains("it has no token any more"), "{line}");
    }
}
