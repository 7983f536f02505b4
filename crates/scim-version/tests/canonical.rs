//! The canonical form against RFC 8785, against another implementation, and against itself.

use proptest::prelude::*;
use scim_version::{ScimVersion, canonical_json, write_canonical_json};
use serde_json::{Map, Number, Value, json};

fn canonical(value: &Value) -> String {
    String::from_utf8(canonical_json(value)).expect("canonical text is UTF-8")
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("the test's JSON is legal")
}

#[test]
fn rfc_8785_section_3_2_2() {
    let input = r#"{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
    }"#;
    assert_eq!(
        canonical(&parse(input)),
        concat!(
            r#"{"literals":[null,true,false],"#,
            r#""numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#,
            r#""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        )
    );
}

#[test]
fn rfc_8785_section_3_2_3() {
    let input = r#"{
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\ud83d\ude00": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis"
    }"#;
    let Value::Object(sorted) = parse(input) else {
        unreachable!()
    };
    let text = canonical(&Value::Object(sorted));
    let order = [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O",
        "Euro Sign",
        "Emoji",
        "Hebrew",
    ];
    let found: Vec<_> = order.iter().map(|name| text.find(name).unwrap()).collect();
    assert!(found.is_sorted(), "{text}");
}

#[test]
fn rfc_8785_appendix_b() {
    let vectors: [(u64, &str); 24] = [
        (0x0000_0000_0000_0000, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
        (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
        (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
    ];
    for (bits, expected) in vectors {
        let float = f64::from_bits(bits);
        assert_eq!(canonical(&json!(float)), expected, "{bits:016x}");
    }
}

#[test]
fn integers_are_exact() {
    for text in [
        "0",
        "-1",
        "9007199254740992",
        "9007199254740993",
        "-9007199254740993",
        "9223372036854775808",
        "-9223372036854775808",
        "18446744073709551615",
    ] {
        assert_eq!(canonical(&parse(text)), text);
    }
    assert_ne!(
        ScimVersion::from_resource(&json!({ "n": (1_u64 << 53) })),
        ScimVersion::from_resource(&json!({ "n": (1_u64 << 53) + 1 })),
    );
}

#[test]
fn equal_numbers_have_one_text() {
    for (one, other) in [
        ("1", "1.0"),
        ("-0.0", "0"),
        ("-0", "0"),
        ("1e2", "100"),
        ("0.5", "5e-1"),
    ] {
        assert_eq!(canonical(&parse(one)), canonical(&parse(other)));
    }
}

#[test]
fn different_numbers_have_different_texts() {
    for (one, other) in [
        ("1152921504606846976.0", "1152921504606847000"),
        ("-1152921504606846976.0", "-1152921504606847000"),
        ("18446744073709551615", "18446744073709551616"),
    ] {
        assert_ne!(canonical(&parse(one)), canonical(&parse(other)));
    }
}

#[test]
fn appending_keeps_what_is_there() {
    let mut out = b"x".to_vec();
    write_canonical_json(&json!(null), &mut out);
    write_canonical_json(&json!([]), &mut out);
    assert_eq!(out, b"xnull[]");
}

#[test]
fn version_of_a_resource_is_the_hash_of_its_canonical_text() {
    let mut members: Vec<Value> = (0..500)
        .map(|n| json!({ "value": n.to_string(), "type": "User" }))
        .collect();
    members.push(json!({ "note": "x".repeat(5000) }));
    let group = json!({ "displayName": "Tour Guides", "members": members });
    assert_eq!(
        ScimVersion::from_resource(&group),
        ScimVersion::from_content(canonical_json(&group))
    );
}

/// The versions of resources that are stored somewhere: if this fails, they would all be out of date.
#[test]
fn versions_never_change_with_a_release() {
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "2819c223-7f76-453a-919d-413861904646",
        "userName": "bjensen@example.com",
        "name": { "formatted": "Ms. Barbara J Jensen, III \"Babs\"" },
        "emails": [{ "value": "bjensen@example.com", "type": "work", "primary": true }],
        "groups": [{ "value": "e9e30dba", "$ref": "https://example.com/v2/Groups/e9e30dba" }],
        "x-score": 0.1,
        "meta": {
            "resourceType": "User",
            "created": "2010-01-23T04:56:22Z",
            "lastModified": "2011-05-13T04:42:34Z",
            "version": "W/\"3694e05e9dff590\"",
            "location": "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646"
        }
    });
    let text = concat!(
        r#"{"emails":[{"primary":true,"type":"work","value":"bjensen@example.com"}],"#,
        r#""groups":[{"value":"e9e30dba"}],"id":"2819c223-7f76-453a-919d-413861904646","#,
        r#""meta":{"created":"2010-01-23T04:56:22Z","lastModified":"2011-05-13T04:42:34Z","#,
        r#""resourceType":"User"},"name":{"formatted":"Ms. Barbara J Jensen, III \"Babs\""},"#,
        r#""schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"#,
        r#""userName":"bjensen@example.com","x-score":0.1}"#
    );
    assert_eq!(
        ScimVersion::from_resource(&user),
        ScimVersion::from_content(text)
    );
    assert_eq!(
        ScimVersion::from_resource(&user).as_str(),
        "J1Qkt31wLSdoI6lSjpOPeqQwKh68pCqHTPaoAb3Wq5M"
    );
}

/// The same document with the members of every object inserted in the opposite order.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(reversed).collect(),
        Value::Object(members) => members
            .iter()
            .rev()
            .map(|(name, value)| (name.clone(), reversed(value)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// Numbers that RFC 8785 and we print alike: all but those from 2^53 to 2^64.
fn number() -> impl Strategy<Value = Value> {
    const EXACT: i64 = 1 << 53;
    prop_oneof![
        (-EXACT + 1..EXACT).prop_map(Value::from),
        any::<u32>().prop_map(Value::from),
        any::<f64>().prop_filter_map("printed alike", |f| {
            let ours = (2f64.powi(53)..2f64.powi(64)).contains(&f.abs());
            Number::from_f64(f).filter(|_| !ours).map(Value::Number)
        }),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z$:]{0,12}",
        any::<String>(),
        // Around the places where UTF-8 and UTF-16 order differently, and around what is escaped.
        proptest::collection::vec(
            proptest::sample::select(vec![
                '\0',
                '\u{8}',
                '\n',
                '\u{1f}',
                ' ',
                '"',
                '\\',
                '\u{7f}',
                'a',
                '\u{80}',
                '\u{d7ff}',
                '\u{e000}',
                '\u{fb33}',
                '\u{ffff}',
                '\u{10000}',
                '\u{10ffff}',
            ]),
            0..40,
        )
        .prop_map(String::from_iter),
    ]
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((text(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn another_implementation_agrees(document in document()) {
        let theirs = serde_json_canonicalizer::to_vec(&document).unwrap();
        prop_assert_eq!(
            String::from_utf8(canonical_json(&document)).unwrap(),
            String::from_utf8(theirs).unwrap()
        );
    }

    #[test]
    fn member_order_does_not_show(document in document()) {
        let reversed = reversed(&document);
        prop_assert_eq!(canonical_json(&document), canonical_json(&reversed));
        prop_assert_eq!(
            ScimVersion::from_resource(&document),
            ScimVersion::from_resource(&reversed)
        );
    }

    #[test]
    fn canonical_text_is_json_and_its_own_canonical_text(document in document()) {
        let text = canonical_json(&document);
        let parsed: Value = serde_json::from_slice(&text).unwrap();
        // Printing may turn 1.0 into 1, but not twice; floats beyond 2^53 print as integers that are then exact.
        prop_assert_eq!(canonical_json(&parsed), text);
    }

    #[test]
    fn different_members_give_different_versions(a in document(), b in document()) {
        prop_assume!(canonical_json(&a) != canonical_json(&b));
        let (a, b) = (json!({ "x": a }), json!({ "x": b }));
        // Both may differ in nothing but what is derived.
        let plain = |value: &Value| !canonical(value).to_ascii_lowercase().contains("$ref");
        prop_assume!(plain(&a) && plain(&b));
        prop_assert_ne!(ScimVersion::from_resource(&a), ScimVersion::from_resource(&b));
    }

    #[test]
    fn stamping_a_version_and_a_location_keeps_the_version(document in document()) {
        let resource = json!({ "data": document });
        let version = ScimVersion::from_resource(&resource);
        let mut stamped = resource;
        stamped["meta"] = json!({ "version": version.to_http_header(), "location": "/Users/1" });
        prop_assert_eq!(ScimVersion::from_resource(&stamped), version);
    }

    #[test]
    fn integers_print_as_themselves(signed in any::<i64>(), unsigned in any::<u64>()) {
        prop_assert_eq!(canonical(&json!(signed)), signed.to_string());
        prop_assert_eq!(canonical(&json!(unsigned)), unsigned.to_string());
    }
}
