//! What any version and any result can be relied on for.

use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;
use scim_version::{
    ConditionalResult, ETag, Precondition, ScimVersion, VersionConflict, VersionError,
    VersionErrorKind,
};

const fn shareable<T: Send + Sync + 'static>() {}

const _: () = {
    shareable::<ScimVersion>();
    shareable::<ETag>();
    shareable::<Precondition>();
    shareable::<VersionConflict>();
    shareable::<ConditionalResult<String>>();
    shareable::<VersionError>();
    shareable::<VersionErrorKind>();
};

#[test]
fn known_sha_256_vectors() {
    // FIPS 180-2, appendix B: "abc", and 56 octets that spill into a second block.
    for (content, version) in [
        ("abc", "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "JI1qYdIGOLjlwCaTDD5gOaM85Flk_yFn9uzt1BnbBsE",
        ),
    ] {
        assert_eq!(ScimVersion::from_content(content).as_str(), version);
    }
}

#[test]
fn revisions_are_decimal() {
    assert_eq!(
        ScimVersion::from_revision(u64::MAX).as_str(),
        "18446744073709551615"
    );
}

#[test]
fn a_comma_inside_quotes_belongs_to_the_version() {
    let version = ScimVersion::parse_http_header(r#"W/"a,b""#).unwrap();
    assert_eq!(version.as_str(), "a,b");
}

#[test]
fn versions_are_keys() {
    let version = ScimVersion::from_hash("a").unwrap();
    let same: ScimVersion = "a".parse().unwrap();
    let map = HashMap::from([(version.clone(), 1)]);
    assert_eq!(map.get(&same), Some(&1));
    assert_eq!(BTreeSet::from([version, same]).len(), 1);
}

#[test]
fn every_way_in_from_text_checks_alike() {
    for text in [
        "",
        " ",
        "a b",
        "a\r\nX: y",
        "\"a\"",
        "W/\"a\"",
        "a\x7F",
        "a\0b",
        "é",
        "\u{feff}a",
    ] {
        let error = ScimVersion::from_hash(text).unwrap_err();
        assert_eq!(text.parse::<ScimVersion>(), Err(error), "{text:?}");
        assert_eq!(ScimVersion::try_from(text.to_owned()), Err(error));
        let json = serde_json::to_string(text).unwrap();
        assert!(serde_json::from_str::<ScimVersion>(&json).is_err());
    }
    // A tag's text without quotes in it is a version, if a strange one.
    assert!(ScimVersion::from_hash("W/a").is_ok());
}

#[test]
fn errors_work_as_errors() {
    let error: Box<dyn std::error::Error + Send + Sync> =
        Box::new(ScimVersion::from_hash("").unwrap_err());
    assert_eq!(error.to_string(), "missing version at octet 0");
    let version = ScimVersion::from_revision(1);
    let conflict = VersionConflict::new("User", "1", &version, version.clone());
    let error: Box<dyn std::error::Error + Send + Sync> = Box::new(conflict);
    assert!(error.source().is_none());
}

proptest! {
    #[test]
    fn content_decides_and_nothing_else(a in any::<Vec<u8>>(), b in any::<Vec<u8>>()) {
        let version = ScimVersion::from_content(&a);
        prop_assert_eq!(&version, &ScimVersion::from_content(a.clone()));
        prop_assert_eq!(version == ScimVersion::from_content(&b), a == b);
        prop_assert_eq!(version.as_str().len(), 43);
    }

    #[test]
    fn any_boundary_between_parts_counts(content in proptest::collection::vec(any::<u8>(), 1..200), at in any::<(prop::sample::Index, prop::sample::Index)>()) {
        let (one, other) = (at.0.index(content.len()), at.1.index(content.len()));
        let split = |at: usize| ScimVersion::from_parts([&content[..at], &content[at..]]);
        prop_assert_eq!(split(one) == split(other), one == other);
        prop_assert_ne!(split(one), ScimVersion::from_content(&content));
        prop_assert_ne!(split(one), ScimVersion::from_parts([&content[..]]));
    }

    #[test]
    fn whatever_is_a_version_survives_header_and_json(text in any::<String>()) {
        if let Ok(version) = ScimVersion::from_hash(&text) {
            prop_assert!(text.bytes().all(|octet| octet.is_ascii_graphic() && octet != b'"'));
            prop_assert_eq!(version.as_str(), &text);
        } else {
            prop_assert!(text.is_empty() || text.bytes().any(|octet| !octet.is_ascii_graphic() || octet == b'"'));
        }
    }

    #[test]
    fn a_version_comes_back_from_all_its_forms(text in "[!#-~]{1,80}") {
        let version = ScimVersion::from_hash(&text).unwrap();
        prop_assert_eq!(&ScimVersion::parse_http_header(&version.to_http_header()).unwrap(), &version);
        prop_assert_eq!(version.to_etag().to_string(), version.to_http_header());
        prop_assert_eq!(version.to_etag().version(), Some(version.clone()));
        prop_assert_eq!(&version.to_string().parse::<ScimVersion>().unwrap(), &version);
        let json = serde_json::to_value(&version).unwrap();
        prop_assert_eq!(json.as_str(), Some(&*text));
        prop_assert_eq!(&serde_json::from_value::<ScimVersion>(json).unwrap(), &version);
        prop_assert!(Precondition::from(&version).matches(&version));
    }

    #[test]
    fn a_conflict_survives_json_and_prints_one_line(kind in any::<String>(), id in any::<String>(), expected in "[!#-~\u{80}-\u{ff}]{0,20}") {
        let expected: ETag = format!("\"{expected}\"").parse().unwrap();
        let conflict = VersionConflict::new(kind, id, expected, ScimVersion::from_revision(2));
        let json = serde_json::to_string(&conflict).unwrap();
        prop_assert_eq!(&serde_json::from_str::<VersionConflict>(&json).unwrap(), &conflict);
        prop_assert!(!conflict.message().chars().any(char::is_control));
    }
}
