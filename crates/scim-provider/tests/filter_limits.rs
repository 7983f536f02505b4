//! Filters from clients are bounded in length, depth and number of terms.

use scim_provider::filter::{
    Filter, FilterErrorKind, MAX_DEPTH, MAX_LENGTH, MAX_TERMS, PatchPath, Projection,
};

fn parsed(text: &str) -> Filter {
    Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refusal(text: &str) -> (FilterErrorKind, usize) {
    match Filter::parse(text) {
        Ok(filter) => panic!("{filter} is none"),
        Err(error) => (error.kind(), error.position()),
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |open: &str, close: &str, depth: usize| {
        format!("{}a pr{}", open.repeat(depth), close.repeat(depth))
    };
    for open in ["(", "not (", "not("] {
        assert!(
            Filter::parse(&nested(open, ")", MAX_DEPTH)).is_ok(),
            "{open}"
        );
        let (kind, position) = refusal(&nested(open, ")", MAX_DEPTH + 1));
        assert_eq!(kind, FilterErrorKind::TooDeep);
        assert_eq!(position, open.len() * (MAX_DEPTH + 1) - 1);
    }
    let deepest = nested("(", ")", MAX_DEPTH - 1);
    assert!(Filter::parse(&format!("a[{deepest}]")).is_ok());
    assert_eq!(
        refusal(&format!("a[({deepest})]")).0,
        FilterErrorKind::TooDeep
    );
}

#[test]
fn many_terms_are_one_level_and_bounded() {
    for connective in [" or ", " and "] {
        let text = vec!["a pr"; MAX_TERMS].join(connective);
        let filter = parsed(&text);
        let (Filter::Or(terms) | Filter::And(terms)) = &filter else {
            panic!("{connective}")
        };
        assert_eq!(terms.len(), MAX_TERMS);
        assert_eq!(filter.to_string(), text);
        let text = format!("{text}{connective}a pr");
        assert_eq!(
            refusal(&text),
            (FilterErrorKind::TooManyTerms, text.len() - 4)
        );
    }
}

#[test]
fn hostile_texts_are_refused_at_once() {
    use FilterErrorKind::*;
    for (text, kind) in [
        ("(".repeat(100_000), TooLong),
        ("(".repeat(60_000), TooDeep),
        ("not ".repeat(15_000), UnknownOperator),
        ("not(".repeat(15_000), TooDeep),
        ("a[".repeat(30_000), NestedValuePath),
        (format!("a eq {}", "9".repeat(60_000)), MalformedValue),
        (
            format!("a eq \"{}", "\\\"".repeat(30_000)),
            UnterminatedString,
        ),
        (
            format!("a eq \"{}\"", "\\ud800".repeat(10_000)),
            MalformedValue,
        ),
        ("a".repeat(1_000_000), TooLong),
        ("a pr or ".repeat(125_000), TooLong),
        (" ".repeat(60_000), ExpectedAttribute),
    ] {
        assert_eq!(refusal(&text).0, kind, "{}…", &text[..20]);
    }
}

#[test]
fn paths_have_the_limits_of_filters() {
    for text in [
        "a".repeat(MAX_LENGTH + 1),
        format!("a[{}b pr", "(".repeat(MAX_DEPTH)),
        format!("a[{}]", vec!["b pr"; MAX_TERMS + 1].join(" or ")),
    ] {
        let kind = PatchPath::parse(&text).unwrap_err().kind();
        assert!(
            matches!(
                kind,
                FilterErrorKind::TooLong | FilterErrorKind::TooDeep | FilterErrorKind::TooManyTerms
            ),
            "{kind:?}"
        );
    }
    let error = Projection::parse_include(&"a,".repeat(MAX_LENGTH)).unwrap_err();
    assert_eq!(error.kind(), FilterErrorKind::TooLong);
}

#[test]
fn octets_that_are_no_text_of_a_filter_are_refused_wherever_they_stand() {
    let filter = r#"a eq "b" and not (c[d gt 1.5e3] or e pr)"#;
    parsed(filter);
    for at in 0..=filter.len() {
        for octet in ["\0", "\u{7f}", "\u{a0}", "\u{fffd}", "]", ")", "(", "["] {
            let text = format!("{}{octet}{}", &filter[..at], &filter[at..]);
            let in_string = (6..=7).contains(&at);
            let accepted = in_string && octet != "\0";
            assert_eq!(Filter::parse(&text).is_ok(), accepted, "{text:?}");
        }
        // What is cut off is no filter either.
        let head = &filter[..at];
        let complete = at == 8 || at == 9 || at == filter.len();
        assert_eq!(Filter::parse(head).is_ok(), complete, "{head:?}");
    }
}
