//! The page of conformance names files that are there, and has no requirement without one.

use std::fs;
use std::path::Path;

const PAGE: &str = include_str!("../docs/conformance.md");

/// The rows of the tables of requirements, by cells.
fn requirements() -> Vec<Vec<&'static str>> {
    let (requirements, _) = PAGE.split_once("## Errata").expect("errata come last");
    requirements
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| §"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

#[test]
fn every_requirement_has_a_place_and_a_test() {
    let rows = requirements();
    assert!(rows.len() > 100, "{} rows", rows.len());
    for row in rows {
        assert_eq!(row.len(), 4, "{row:?}");
        assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
    }
}

#[test]
fn every_file_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut missing = Vec::new();
    for row in requirements() {
        for path in row
            .iter()
            .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        {
            let folder = match path.split('/').next() {
                Some("tests") => root.clone(),
                Some(name) if name.starts_with("scim") && path.contains('/') => root.join("crates"),
                _ => continue,
            };
            if fs::metadata(folder.join(path)).is_err() {
                missing.push(format!("{} {path}", row[0]));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
