//! Filters against a plain evaluator that shares no code with the one under test.
//!
//! Random expressions are printed in random style, read, made ready and applied to random
//! resources; the reference walks the expression and the JSON as the RFC tells it, slowly.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod evaluate;
mod expression;
mod literal;
mod model;
mod print;
mod resource;

use proptest::prelude::*;
use scim_provider::filter::{Conjunct, Filter, PatchPath};
use serde_json::{Map, Value};

use self::evaluate::{matches, matches_value};
use self::expression::{expressions, terms, value_expressions};
use self::model::{List, thing};
use self::print::print;
use self::resource::{list_values, resources};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_matcher_finds_what_the_reference_finds(
        expression in expressions(),
        resources in proptest::collection::vec(resources(), 1..5),
        style: u64,
    ) {
        let text = print(&expression, style);
        let filter: Filter = text.parse().map_err(|e| fail(&text, &e))?;
        let matcher = thing().compile(&filter).map_err(|e| fail(&text, &e))?;
        let lenient = thing().compile_lenient(&filter).map_err(|e| fail(&text, &e))?;
        for resource in &resources {
            let expected = matches(&expression, resource);
            prop_assert_eq!(matcher.matches(resource), expected, "{} on {:?}", text, resource);
            prop_assert_eq!(lenient.matches(resource), expected, "{} on {:?}", text, resource);
        }
    }

    #[test]
    fn a_filter_prints_as_one_that_is_the_same(expression in expressions(), style: u64) {
        let text = print(&expression, style);
        let filter: Filter = text.parse().map_err(|e| fail(&text, &e))?;
        let printed = filter.to_string();
        let again: Filter = printed.parse().map_err(|e| fail(&printed, &e))?;
        prop_assert_eq!(&again, &filter, "{} printed as {}", text, printed);
        prop_assert_eq!(again.to_string(), printed);
    }

    #[test]
    fn style_does_not_count(expression in expressions(), resource in resources(), style: u64) {
        let plain: Filter = print(&expression, 0).parse().unwrap();
        let styled: Filter = print(&expression, style).parse().unwrap();
        let thing = thing();
        prop_assert_eq!(
            thing.compile(&plain).unwrap().matches(&resource),
            thing.compile(&styled).unwrap().matches(&resource)
        );
    }

    #[test]
    fn the_filter_of_a_patch_finds_the_values_that_the_reference_finds(
        (list, expression, values) in List::any().prop_flat_map(|list| {
            (Just(list), value_expressions(list), list_values(list))
        }),
        style: u64,
    ) {
        let path = format!("{}[{}]", list.path(), print(&expression, style));
        let path: PatchPath = path.parse().map_err(|e| fail(&path, &e))?;
        let thing = thing();
        let attribute = thing.attribute(list.path()).unwrap();
        let matcher = attribute.compile_value_filter(path.filter().unwrap());
        let matcher = matcher.map_err(|e| fail(&path.to_string(), &e))?;
        for value in &values {
            let expected = matches_value(&expression, value);
            prop_assert_eq!(matcher.matches(value), expected, "{} on {:?}", path, value);
        }
        let again: PatchPath = path.to_string().parse().unwrap();
        prop_assert_eq!(again, path);
    }

    #[test]
    fn conjuncts_are_met_by_what_matches_and_tell_all_if_none_is_other(
        // A range is only telling if the filter is about that attribute alone.
        expression in prop_oneof![
            expressions(),
            terms(model::Path::find("meta.lastModified")),
            terms(model::Path::find("rooms")),
        ],
        resource in resources(),
    ) {
        let filter: Filter = print(&expression, 0).parse().unwrap();
        let matcher = thing().compile(&filter).unwrap();
        let mut complete = true;
        let mut met = true;
        for conjunct in matcher.conjuncts() {
            match conjunct {
                Conjunct::Equal(equality) => {
                    met &= index(&resource, &equality.path()).contains(&equality.value().to_owned());
                }
                Conjunct::Modified(range) => {
                    let modified = resource["meta"]["lastModified"].as_str().unwrap();
                    met &= range.contains(modified.parse().unwrap());
                }
                _ => complete = false,
            }
        }
        let expected = matches(&expression, &resource);
        prop_assert!(met || !expected, "{}", filter);
        prop_assert!(!complete || met == expected, "{}", filter);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text: String, expression in expressions(), cut: usize) {
        let filter = print(&expression, 1);
        let middle = filter.floor_char_boundary(cut % (filter.len() + 1));
        let (head, tail) = filter.split_at(middle);
        for text in [&text, &format!("{head}{text}{tail}"), &format!("{tail}{head}")] {
            if let Ok(filter) = text.parse::<Filter>() {
                prop_assert_eq!(filter.to_string().parse::<Filter>(), Ok(filter.clone()));
                let _ = thing().compile(&filter);
            }
            if let Ok(path) = text.parse::<PatchPath>() {
                prop_assert_eq!(path.to_string().parse::<PatchPath>(), Ok(path.clone()));
                thing().resolve_path(path.attribute());
            }
        }
    }
}

/// The entries that an index for the attribute at `path` has for `resource`.
fn index(resource: &Map<String, Value>, path: &str) -> Vec<String> {
    let values = evaluate::values(&model::Path::find(path), resource);
    let texts = values.iter().filter_map(|value| value.as_str());
    texts.map(|text| thing().fold(path, text)).collect()
}

fn fail(text: &str, error: &dyn std::error::Error) -> TestCaseError {
    TestCaseError::fail(format!("{text}: {error}"))
}
