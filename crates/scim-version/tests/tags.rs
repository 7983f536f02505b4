//! Entity tags and lists of them: round trips, and input from anybody.

use proptest::collection::vec;
use proptest::prelude::*;
use scim_version::{ETag, Precondition, ScimVersion, VersionErrorKind};

fn tag() -> impl Strategy<Value = ETag> {
    let etagc = prop_oneof![
        Just(0x21),
        0x23..=0x7E_u8,
        0x80..=0xFF_u8,
        Just(b','),
        Just(b'*')
    ];
    (any::<bool>(), vec(etagc, 0..24)).prop_map(|(weak, opaque)| {
        let opening: &[u8] = if weak { b"W/\"" } else { b"\"" };
        ETag::parse([opening, &opaque, b"\""].concat()).expect("octets of etagc only")
    })
}

/// Octets that tags and lists are made of, in any order.
fn near_miss() -> impl Strategy<Value = Vec<u8>> {
    let piece = proptest::sample::select(vec![
        "\"", ",", "W/", "w/", "*", " ", "\t", "a", "\"a\"", "W/\"b\"", "\r\n", "\\", "\u{e4}",
        "\0",
    ]);
    vec(piece, 0..40).prop_map(|pieces| pieces.concat().into_bytes())
}

fn anything() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![any::<Vec<u8>>(), near_miss()]
}

/// Reads a list the slow way: char by char, with a flag for being inside quotes.
fn members_by_hand(line: &[u8]) -> Vec<Vec<u8>> {
    let (mut members, mut member, mut quoted) = (Vec::new(), Vec::new(), false);
    for &octet in line {
        if octet == b',' && !quoted {
            members.push(std::mem::take(&mut member));
            continue;
        }
        quoted ^= octet == b'"';
        member.push(octet);
    }
    members.push(member);
    members
        .iter()
        .map(|member| {
            let space = |octet: &&u8| matches!(**octet, b' ' | b'\t');
            let start = member.iter().take_while(space).count();
            let end = member.len() - member[start..].iter().rev().take_while(space).count();
            member[start..end].to_vec()
        })
        .filter(|member| !member.is_empty())
        .collect()
}

proptest! {
    #[test]
    fn a_tag_comes_back_from_all_its_forms(tag in tag()) {
        prop_assert_eq!(&ETag::parse(tag.to_bytes()).unwrap(), &tag);
        prop_assert_eq!(&tag.to_string().parse::<ETag>().unwrap(), &tag);
        let json = serde_json::to_string(&tag).unwrap();
        prop_assert_eq!(&serde_json::from_str::<ETag>(&json).unwrap(), &tag);
    }

    #[test]
    fn a_tag_is_a_version_unless_empty_or_above_ascii(tag in tag()) {
        let plain = !tag.opaque_tag().is_empty() && tag.opaque_tag().is_ascii();
        prop_assert_eq!(tag.version().is_some(), plain);
        if let Some(version) = tag.version() {
            prop_assert!(tag.matches_version(&version));
            prop_assert_eq!(version.to_etag().weak_eq(&tag), true);
            prop_assert_eq!(ETag::strong(version) == tag, !tag.is_weak());
        }
    }

    #[test]
    fn a_list_comes_back_from_all_its_forms(tags in vec(tag(), 0..8)) {
        let list = Precondition::Tags(tags);
        prop_assert_eq!(&list.to_http_header().parse::<Precondition>().unwrap(), &list);
        let json = serde_json::to_string(&list).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Precondition>(&json).unwrap(), &list);
    }

    #[test]
    fn commas_spaces_and_lines_between_tags_do_not_show(tags in vec((tag(), "[ \t]{0,2}(,[ \t]{0,2}){1,3}", any::<bool>()), 0..8)) {
        let mut lines = vec![Vec::new()];
        for (tag, between, next_line) in &tags {
            let line = lines.last_mut().unwrap();
            line.extend(tag.to_bytes());
            line.extend(between.bytes());
            if *next_line {
                lines.push(Vec::new());
            }
        }
        let tags = tags.into_iter().map(|(tag, ..)| tag).collect();
        prop_assert_eq!(Precondition::parse(&lines).unwrap(), Precondition::Tags(tags));
    }

    #[test]
    fn whatever_comes_is_read_as_by_hand_or_refused(line in anything()) {
        let members = members_by_hand(&line);
        let tags: Result<Vec<_>, _> = members.iter().map(ETag::parse).collect();
        match (Precondition::parse([&line]), tags) {
            (Ok(Precondition::Tags(read)), Ok(tags)) => prop_assert_eq!(read, tags),
            (Ok(Precondition::Any), _) => prop_assert_eq!(line.trim_ascii(), b"*"),
            (Err(error), Err(_)) => prop_assert!(error.offset() <= line.len()),
            (read, tags) => prop_assert!(false, "{read:?} but by hand {tags:?}"),
        }
    }

    #[test]
    fn one_tag_is_read_alike_by_all_parsers(line in anything()) {
        if let Ok(tag) = ETag::parse(&line) {
            prop_assert_eq!(Precondition::parse([&line]).unwrap(), Precondition::from(tag.clone()));
            if let Ok(text) = str::from_utf8(&line) {
                prop_assert_eq!(ScimVersion::parse_http_header(text).ok(), tag.version());
            }
        } else if let Ok(text) = str::from_utf8(&line) {
            prop_assert!(ScimVersion::parse_http_header(text).is_err());
        }
    }

    #[test]
    fn any_lines_are_one_list(lines in vec(anything(), 0..5)) {
        let joined = lines.join(&b", "[..]);
        match (Precondition::parse(&lines), Precondition::parse([joined])) {
            (Ok(apart), Ok(joined)) => prop_assert_eq!(apart, joined),
            (Err(error), Err(_)) => {
                prop_assert!(error.line() < lines.len());
                prop_assert!(error.offset() <= lines[error.line()].len());
            }
            // Joining may close a quote that a line left open; apart is the stricter.
            (Err(error), Ok(_)) => prop_assert_eq!(error.kind(), VersionErrorKind::MissingClosingQuote),
            (apart, joined) => prop_assert!(false, "{apart:?} but joined {joined:?}"),
        }
    }
}

/// Each would take minutes if parsing were anything but linear.
#[test]
fn sixty_four_kibibytes_of_anything_just_parse_or_fail() {
    const SIZE: usize = 64 * 1024;
    for pattern in [
        "\"", ",", "W/", "w/", "*", " ", "\t", "\"\",", "\"\"", "W/\"\",", "\"a\" ,", " ,", "\",",
        "W/\"", "\"a\", ", "a", "*,", "\u{ff}", "\0",
    ] {
        let line = pattern.repeat(SIZE / pattern.len());
        for _ in 0..50 {
            let _ = Precondition::parse([&line]);
            let _ = ETag::parse(&line);
            let _ = ScimVersion::parse_http_header(&line);
        }
        // As many lines as octets.
        let _ = Precondition::parse(line.as_bytes().iter().map(std::slice::from_ref));
    }
    let list = "\"\",".repeat(SIZE / 3);
    let Ok(Precondition::Tags(tags)) = Precondition::parse([list]) else {
        panic!("a list");
    };
    assert_eq!(tags.len(), SIZE / 3);
}
