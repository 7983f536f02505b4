//! The pages for people: their links lead somewhere, and each page can be reached from the front page.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Every page, by its path from the root of the repository.
fn pages() -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut pages = BTreeMap::new();
    for folder in ["", "docs", "crates/scimd", "fuzz"] {
        for entry in fs::read_dir(root.join(folder)).expect("the folder is there") {
            let name = entry.expect("it can be read").file_name();
            let path = Path::new(folder).join(name);
            if path.extension().is_some_and(|extension| extension == "md") {
                let text = fs::read_to_string(root.join(&path)).expect("a page is text");
                pages.insert(path, text);
            }
        }
    }
    pages
}

/// The lines of a page without its code.
fn prose(page: &str) -> impl Iterator<Item = &str> {
    let mut code = false;
    page.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    })
}

/// The targets of the links of a page, but for those to other sites.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let parts = prose(page).flat_map(|line| line.split("](").skip(1));
    parts
        .filter_map(|part| part.split_once(')'))
        .map(|(target, _)| target)
        .filter(|target| !target.contains("://"))
}

/// What the headings of a page are linked by.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = prose(page).filter(|line| line.starts_with('#'));
    headings
        .map(|heading| {
            let text = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = text.chars().filter_map(|it| match it {
                ' ' => Some('-'),
                '-' | '_' => Some(it),
                _ => it.is_alphanumeric().then_some(it),
            });
            kept.collect()
        })
        .collect()
}

/// Where `target`, which stands on the page `from`, leads: a path from the root, and an anchor.
fn resolve<'t>(from: &Path, target: &'t str) -> (PathBuf, Option<&'t str>) {
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (target, None),
    };
    if path.is_empty() {
        return (from.to_owned(), anchor);
    }
    let mut resolved = PathBuf::new();
    for part in from.parent().unwrap_or(from).join(path).components() {
        match part {
            Component::ParentDir => assert!(resolved.pop(), "{target} leads out of the repository"),
            part => resolved.push(part),
        }
    }
    (resolved, anchor)
}

#[test]
fn every_link_leads_to_something() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let pages = pages();
    let mut dead = Vec::new();
    for (from, text) in &pages {
        for target in links(text) {
            let (path, anchor) = resolve(from, target);
            let there = match (pages.get(&path), anchor) {
                (Some(page), Some(anchor)) => anchors(page).contains(anchor),
                _ => root.join(&path).exists(),
            };
            if !there {
                dead.push(format!("{}: {target}", from.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn every_page_is_reached_from_the_front_page() {
    let pages = pages();
    let mut open = vec![PathBuf::from("README.md")];
    let mut reached = BTreeSet::new();
    while let Some(page) = open.pop() {
        if let Some(text) = pages.get(&page).filter(|_| reached.insert(page.clone())) {
            open.extend(links(text).map(|target| resolve(&page, target).0));
        }
    }
    let all: BTreeSet<_> = pages.into_keys().collect();
    assert_eq!(all, reached);
}

#[test]
fn links_are_found_outside_of_code_and_resolved() {
    let page = "# A `b` of c\n[x](y.md#z), [w](../v)\n```\n[no](link)\n```\n[far](https://a)\n";
    assert_eq!(links(page).collect::<Vec<_>>(), ["y.md#z", "../v"]);
    assert!(anchors(page).contains("a-b-of-c"));
    let from = Path::new("docs/p.md");
    assert_eq!(resolve(from, "y.md#z"), ("docs/y.md".into(), Some("z")));
    assert_eq!(resolve(from, "../v"), ("v".into(), None));
    assert_eq!(resolve(from, "#here"), (from.into(), Some("here")));
}
