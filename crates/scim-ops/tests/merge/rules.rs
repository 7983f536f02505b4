use scim_ops::{MergeConflict, MergeRule, MergeRules, Resolution};
use serde_json::{Value, json};

use crate::support::{MORE, document, merge_by, thing};

fn merged(rules: &MergeRules, base: Value, local: Value, remote: Value) -> Result<Value, String> {
    let merged = merge_by(rules, &document(base), &document(local), &document(remote));
    merged
        .map(Value::Object)
        .map_err(|conflicts| conflicts.to_string())
}

fn rules(attribute: &str, rule: MergeRule) -> MergeRules {
    MergeRules::default()
        .with_attribute(thing(), attribute, rule)
        .unwrap()
}

#[test]
fn a_side_that_wins_stands_as_it_is() {
    let sides = || {
        (
            json!({ "label": "a", "tags": ["a"] }),
            json!({ "label": "b", "tags": ["a", "b"] }),
            json!({ "label": "c", "tags": ["c"] }),
        )
    };
    let (base, local, remote) = sides();
    let both = rules("label", MergeRule::LocalWins)
        .with_attribute(thing(), "tags", MergeRule::RemoteWins)
        .unwrap();
    let result = merged(&both, base, local, remote);
    assert_eq!(result, Ok(json!({ "label": "b", "tags": ["c"] })));

    let (base, local, remote) = sides();
    let result = merged(
        &MergeRules::new(MergeRule::LocalWins),
        base,
        local.clone(),
        remote,
    );
    assert_eq!(result, Ok(local));
}

#[test]
fn nothing_may_come_between_where_that_fails() {
    let fail = rules("count", MergeRule::Fail);
    let count = |count: i32| json!({ "label": "a", "count": count });
    let conflict = Err("both sides changed count".to_owned());
    assert_eq!(merged(&fail, count(1), count(1), count(2)), conflict);
    assert_eq!(merged(&fail, count(1), count(3), count(2)), conflict);
    assert_eq!(merged(&fail, count(1), count(2), count(2)), Ok(count(2)));
    assert_eq!(merged(&fail, count(1), count(2), count(1)), Ok(count(2)));
}

#[test]
fn the_application_decides_on_conflicts_only() {
    let rules = MergeRules::new(MergeRule::ask(|conflict: &MergeConflict| {
        match conflict.path() {
            "label" => Resolution::Value(json!("both")),
            "code" => Resolution::Base,
            "count" => Resolution::Local,
            "urn:more:1.0:grade" => Resolution::Remote,
            "owner.value" => Resolution::Value(json!("9")),
            path if path.starts_with("emails[value") => Resolution::Value(Value::Null),
            _ => Resolution::Conflict,
        }
    }));
    let side = |n: i32| {
        json!({
            "label": n.to_string(), "code": n.to_string(), "count": n, MORE: { "grade": n.to_string() },
            "owner": { "value": n.to_string(), "$ref": format!("Users/{n}"), "note": "n" },
        })
    };
    let (base, mut local, mut remote) = (side(1), side(2), side(3));
    local["emails"] = json!([{ "value": "a", "display": "1" }]);
    remote["emails"] = json!([{ "value": "a", "display": "2" }]);
    assert_eq!(
        merged(&rules, base.clone(), local, remote),
        Ok(json!({
            "label": "both", "code": "1", "count": 2, MORE: { "grade": "3" },
            "owner": { "value": "9", "note": "n" }, "emails": [{ "value": "a" }],
        })),
    );

    let (mut local, remote) = (side(2), side(3));
    local["name"] = json!({ "given": "a" });
    let mut remote_too = remote;
    remote_too["name"] = json!({ "given": "b" });
    let result = merged(&rules, base, local, remote_too);
    assert_eq!(result, Err("both sides changed name.given".to_owned()));
}

#[test]
fn the_application_may_choose_the_primary_value_and_whether_a_value_stays() {
    let ask = |resolution: Resolution| {
        rules(
            "emails",
            MergeRule::ask(move |_: &MergeConflict| resolution.clone()),
        )
    };
    let email = |chosen: &[&str]| {
        let one = |value: &str| match chosen.contains(&value) {
            true => json!({ "value": value, "primary": true }),
            false => json!({ "value": value }),
        };
        json!({ "label": "a", "emails": [one("1"), one("2")] })
    };
    for (resolution, chosen) in [
        (Resolution::Base, &[][..]),
        (Resolution::Local, &["1"]),
        (Resolution::Remote, &["2"]),
        (Resolution::Value(json!({ "value": "1" })), &["1"]),
        (Resolution::Value(json!({ "value": "7" })), &[]),
    ] {
        let result = merged(&ask(resolution), email(&[]), email(&["1"]), email(&["2"]));
        assert_eq!(result, Ok(email(chosen)));
    }

    let (base, gone) = (
        email(&[]),
        json!({ "label": "a", "emails": [{ "value": "2" }] }),
    );
    let local = merged(
        &ask(Resolution::Local),
        base.clone(),
        email(&["1"]),
        gone.clone(),
    );
    let stays = json!([{ "value": "2" }, { "value": "1", "primary": true }]);
    assert_eq!(local, Ok(json!({ "label": "a", "emails": stays })));
    let remote = merged(&ask(Resolution::Remote), base, email(&["1"]), gone.clone());
    assert_eq!(remote, Ok(gone));
}
