//! What is shipped beside the program, against the program.

use std::collections::BTreeMap;
use std::fs;

use tempfile::TempDir;

use crate::program::{Program, command};
use crate::tls::renew;

const EXAMPLE: &str = include_str!("../../../../packaging/scimd.toml");
const IMAGE: &str = include_str!("../../../../Dockerfile");
const GUIDE: &str = include_str!("../../../../docs/operating.md");

/// Every option that `--help` names, with its default if it has one.
fn options() -> BTreeMap<String, Option<String>> {
    let output = command(&["--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let mut options = BTreeMap::new();
    let mut last = None;
    for line in help.lines().map(str::trim) {
        if let Some(option) = line.strip_prefix("--") {
            let end = option.find([' ', '[']).unwrap_or(option.len());
            last = Some(option[..end].to_owned());
        } else if let Some(name) = last.take_if(|_| !line.is_empty()) {
            let default = line.split_once("[default: ").map(|(_, rest)| rest);
            let default = default.and_then(|rest| rest.strip_suffix(']'));
            let default = default.filter(|text| !text.starts_with("as "));
            options.insert(name, default.map(str::to_owned));
        }
    }
    options.retain(|name, _| name != "config");
    assert!(options.len() > 30, "{help}");
    options
}

/// The lines of the example that set an option, those that are commented out too.
fn settings() -> BTreeMap<&'static str, &'static str> {
    let lines = EXAMPLE.lines().map(|line| line.trim_start_matches('#'));
    let settings = lines.filter_map(|line| line.split_once(" = "));
    settings
        .filter(|(name, _)| !name.is_empty() && !name.contains(|it| !matches!(it, 'a'..='z' | '-')))
        .collect()
}

#[test]
fn the_example_serves_as_it_is_shipped() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("scimd.toml");
    fs::write(&path, EXAMPLE).unwrap();
    let scimd = Program::start(&["--config", path.to_str().unwrap()]);
    assert_eq!(scimd.send("GET", "/scim/v2/Users", &[], "").status, 200);
}

#[test]
fn the_example_serves_with_all_its_options() {
    let folder = TempDir::new().unwrap();
    renew(&folder);
    fs::write(folder.path().join("badge.json"), "[]").unwrap();
    // Tokens of one tenant and of several exclude each other.
    for other in [["token", "read-only-token"], ["tenant", "tenant-read-only"]] {
        let chosen = settings()
            .into_iter()
            .filter(|(name, _)| !other.contains(name));
        let chosen: String = chosen
            .map(|(name, value)| match name {
                // The two beside it are about what it keeps.
                "keep-versions" => "keep-versions = 16\n".to_owned(),
                // Whatever is on its port meanwhile.
                "metrics-listen" => format!("{name} = \"127.0.0.1:0\"\n"),
                _ => format!("{name} = {value}\n"),
            })
            .collect();
        let chosen = chosen.replace("/etc/scimd", folder.path().to_str().unwrap());
        let path = folder.path().join("scimd.toml");
        fs::write(&path, chosen).unwrap();
        let scimd = Program::start(&["--config", path.to_str().unwrap()]);
        assert!(
            scimd.line.starts_with("listening on https://"),
            "{}",
            scimd.line
        );
    }
}

#[test]
fn the_example_names_every_option_with_its_default() {
    let (options, settings) = (options(), settings());
    let named: Vec<_> = settings.keys().map(|name| (*name).to_owned()).collect();
    assert_eq!(named, options.keys().cloned().collect::<Vec<_>>());
    for (name, default) in options {
        let value = settings[&*name].trim_matches('"');
        // A package keeps its file where the operating system wants it.
        if let Some(default) = default.filter(|_| name != "store") {
            assert_eq!(value, default, "{name}");
        }
    }
}

#[test]
fn the_variables_of_the_image_are_options() {
    let options = options();
    for word in IMAGE.split([' ', '\n', '=', '"', '$', '(', ')']) {
        if let Some(variable) = word.strip_prefix("SCIMD_") {
            let name = variable.to_lowercase().replace('_', "-");
            assert!(options.contains_key(&name), "{word}");
        }
    }
}

#[test]
fn the_guide_mentions_every_option() {
    for name in options().keys() {
        assert!(
            GUIDE.contains(&format!("`--{name}")) || GUIDE.contains(&format!("`{name}`")),
            "docs/operating.md says nothing of --{name}"
        );
    }
}
