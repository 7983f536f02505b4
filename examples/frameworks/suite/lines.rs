use std::fs;

/// The lines of `text` that do something.
fn lines(text: &str) -> usize {
    let lines = text.lines().map(str::trim_start);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .count()
}

/// What stands in `text` between the comments that begin with `from` and with `to`.
fn part<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("\n// {from}")).unwrap();
    rest.split_once(&format!("\n// {to}")).unwrap().0
}

/// Lines to mount and lines by hand are as the guide says, and no more than 15.
#[test]
fn the_guide_counts_the_lines_as_they_are() {
    let guide = fs::read_to_string("../docs/frameworks.md").unwrap();
    for (name, framework) in [
        ("axum", "axum 0.8"),
        ("hyper", "hyper 1"),
        ("warp", "warp 0.4"),
        ("actix_web", "actix-web 4"),
    ] {
        let example = fs::read_to_string(format!("frameworks/{name}.rs")).unwrap();
        assert!(example.lines().count() <= 80, "{name} has 80 lines at most");
        // The first line of a part is the rest of its comment.
        let counted = [("Mounting.", "By hand."), ("By hand.", "The rest.")]
            .map(|(from, to)| lines(part(&example, from, to)));
        assert!(
            counted.iter().all(|lines| *lines <= 15),
            "{name}: {counted:?}"
        );
        let row = guide
            .lines()
            .find(|line| line.starts_with(&format!("| {framework} |")));
        let told = format!("| {} | {} |", counted[0], counted[1]);
        let row = row.unwrap_or_default();
        assert!(row.ends_with(&told), "{row} ends with {told}");
    }
}
