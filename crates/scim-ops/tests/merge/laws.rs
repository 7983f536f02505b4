//! The laws, for any merge.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use scim_ops::provider::filter::PatchPath;
use serde_json::Value;

use crate::claims::disjoint;
use crate::edits::Edit;
use crate::generate::{changed, edits, shouted, thing};
use crate::support::{Document, Merge, is_valid, right, same};

/// How often each law is tried.
const CASES: u32 = 10_000;

/// What a law is tried with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cases {
    /// Others in each run; what breaks the law is made small.
    New,
    /// The same in each run, so that a wrong merge is found each time. Nobody looks at what found it.
    Same,
}

/// A law: `Ok` if it held for all cases.
pub(crate) type Law = fn(Merge, Cases) -> Result<(), String>;

pub(crate) const LAWS: [(&str, Law); 6] = [
    ("an unchanged side gives the other side", unchanged),
    ("equal edits have no conflict", equal),
    ("the names of the sides do not count", symmetric),
    ("disjoint edits always merge", disjoint_edits),
    ("what is merged is valid", valid),
    ("the case of names does not count", caseless),
];

fn check<S: Strategy>(
    cases: Cases,
    strategy: S,
    law: impl Fn(S::Value) -> Result<(), TestCaseError>,
) -> Result<(), String> {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: match cases {
            Cases::New => 4096,
            Cases::Same => 0,
        },
        rng_seed: match cases {
            Cases::New => RngSeed::Random,
            Cases::Same => RngSeed::Fixed(7644),
        },
        max_global_rejects: 1 << 20,
        ..Config::default()
    };
    let done = TestRunner::new(config).run(&strategy, law);
    done.map_err(|error| error.to_string())
}

/// What two have made of one thing.
fn sides() -> impl Strategy<Value = (Document, Document, Document)> {
    let twice = || proptest::option::weighted(0.2, edits(1));
    (thing(), edits(5), edits(5), twice(), twice())
        .prop_map(|(base, local, remote, again, more)| {
            let first =
                |edits: &Option<Vec<Edit>>| edits.as_ref().and_then(|edits| edits.first().cloned());
            let local = changed(&base, &local, first(&again).as_ref());
            let remote = changed(&base, &remote, first(&more).as_ref());
            (base, local, remote)
        })
        .prop_filter("both sides are valid", |(_, local, remote)| {
            is_valid(local) && is_valid(remote)
        })
}

fn merged(merge: Merge, sides: [&Document; 3]) -> Result<Document, TestCaseError> {
    let [base, local, remote] = sides;
    merge(base, local, remote).map_err(|conflicts| {
        TestCaseError::fail(format!("{conflicts}: {base:?}\n{local:?}\n{remote:?}"))
    })
}

fn unchanged(merge: Merge, cases: Cases) -> Result<(), String> {
    check(cases, sides(), |(base, other, _)| {
        let ours = merged(merge, [&base, &other, &base])?;
        prop_assert!(same(&ours, &other), "ours {:?}\nis {:?}", other, ours);
        let theirs = merged(merge, [&base, &base, &other])?;
        prop_assert!(same(&theirs, &other), "theirs {:?}\nis {:?}", other, theirs);
        Ok(())
    })
}

fn equal(merge: Merge, cases: Cases) -> Result<(), String> {
    check(cases, sides(), |(base, both, _)| {
        let all = merged(merge, [&base, &both, &both])?;
        prop_assert!(same(&all, &both), "both {:?}\nis {:?}", both, all);
        Ok(())
    })
}

fn symmetric(merge: Merge, cases: Cases) -> Result<(), String> {
    check(cases, sides(), |(base, local, remote)| {
        match (merge(&base, &local, &remote), merge(&base, &remote, &local)) {
            (Ok(one), Ok(other)) => {
                prop_assert!(same(&one, &other), "{:?}\n{:?}", one, other);
            }
            (Err(one), Err(other)) => {
                let told = one
                    .iter()
                    .map(|c| (c.path(), c.base(), c.local(), c.remote()));
                let swapped = other
                    .iter()
                    .map(|c| (c.path(), c.base(), c.remote(), c.local()));
                let (mut told, mut swapped): (Vec<_>, Vec<_>) = (told.collect(), swapped.collect());
                told.sort_by_key(|(path, ..)| *path);
                swapped.sort_by_key(|(path, ..)| *path);
                prop_assert_eq!(told, swapped);
            }
            (one, other) => prop_assert!(false, "{:?}\n{:?}", one, other),
        }
        Ok(())
    })
}

fn disjoint_edits(merge: Merge, cases: Cases) -> Result<(), String> {
    let strategy = (thing(), edits(10), any::<u16>());
    check(cases, strategy, |(base, edits, which)| {
        let edits = disjoint(edits, &base);
        let (mut local, mut remote, mut all) = (base.clone(), base.clone(), base.clone());
        for (at, edit) in edits.iter().enumerate() {
            edit.apply(if which >> at & 1 == 0 {
                &mut local
            } else {
                &mut remote
            });
        }
        // What each side has to say has to be sayable, and both together.
        edits.iter().for_each(|edit| edit.apply(&mut all));
        for document in [&mut local, &mut remote, &mut all] {
            crate::generate::fix_schemas(document);
        }
        prop_assume!([&local, &remote, &all].into_iter().all(is_valid));
        let merged = merged(merge, [&base, &local, &remote])?;
        prop_assert!(
            same(&merged, &all),
            "all {:?}\nis {:?}\nof {:?}",
            all,
            merged,
            edits
        );
        Ok(())
    })
}

fn valid(merge: Merge, cases: Cases) -> Result<(), String> {
    check(cases, sides(), |(base, local, remote)| {
        if let Ok(merged) = merge(&base, &local, &remote) {
            prop_assert!(is_valid(&merged), "{:?}", merged);
            prop_assert_eq!(merged.get("id"), remote.get("id"));
            prop_assert_eq!(merged.get("serial"), remote.get("serial"));
        }
        Ok(())
    })
}

fn caseless(merge: Merge, cases: Cases) -> Result<(), String> {
    check(cases, sides(), |(base, local, remote)| {
        let shout = |document: &Document| match shouted(&Value::Object(document.clone())) {
            Value::Object(members) => members,
            _ => unreachable!("an object stays one"),
        };
        let plain = merge(&base, &local, &remote);
        for (local, remote) in [
            (shout(&local), remote.clone()),
            (local.clone(), shout(&remote)),
        ] {
            match (&plain, merge(&base, &local, &remote)) {
                (Ok(plain), Ok(other)) => {
                    prop_assert!(same(plain, &other), "{:?}\n{:?}", plain, other);
                }
                (Err(plain), Err(other)) => {
                    let paths = |c: &scim_ops::MergeConflicts| -> Vec<String> {
                        c.iter().map(|c| c.path().to_owned()).collect()
                    };
                    prop_assert_eq!(paths(plain), paths(&other));
                }
                (plain, other) => prop_assert!(false, "{:?}\n{:?}", plain, other),
            }
        }
        Ok(())
    })
}

#[test]
fn an_unchanged_side_gives_the_other_side() {
    unchanged(right, Cases::New).unwrap();
}

#[test]
fn equal_edits_have_no_conflict() {
    equal(right, Cases::New).unwrap();
}

#[test]
fn the_names_of_the_sides_do_not_count() {
    symmetric(right, Cases::New).unwrap();
}

#[test]
fn disjoint_edits_always_merge() {
    disjoint_edits(right, Cases::New).unwrap();
}

#[test]
fn what_is_merged_is_valid() {
    valid(right, Cases::New).unwrap();
}

#[test]
fn the_case_of_names_does_not_count() {
    caseless(right, Cases::New).unwrap();
}

#[test]
fn conflicts_lead_somewhere_and_show_no_secret() {
    let strategy = sides().prop_map(|(base, mut local, mut remote)| {
        let secret = |document: &mut Document, pin: &str| {
            document.insert("pin".into(), pin.into());
            for badge in document
                .get_mut("badges")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                badge["pin"] = pin.into();
            }
        };
        secret(&mut local, "secret 1");
        secret(&mut remote, "secret 2");
        (base, local, remote)
    });
    let law = |(base, local, remote): (Document, Document, Document)| {
        let conflicts = right(&base, &local, &remote).unwrap_err();
        for conflict in &conflicts {
            let path: PatchPath = conflict
                .path()
                .parse()
                .map_err(|error| TestCaseError::fail(format!("{}: {error}", conflict.path())))?;
            let found = crate::support::thing().resolve_path(path.attribute());
            prop_assert!(found.is_some(), "{}", conflict.path());
            let values = [conflict.base(), conflict.local(), conflict.remote()];
            let shown = format!("{values:?} {}", conflict.path());
            prop_assert!(!shown.contains("secret"), "{}", shown);
            prop_assert!(conflict.is_withheld() || conflict.local() != conflict.remote());
        }
        prop_assert!(conflicts.iter().any(|conflict| conflict.path() == "pin"));
        Ok(())
    };
    check(Cases::New, strategy, law).unwrap();
}
