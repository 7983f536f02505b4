use std::collections::HashSet;

use serde_json::Value;

/// Drops each of `items` that says what one before it says (RFC 7643 §2.4: the same value
/// should not be there twice). What says so is the normal form: texts that differ in case
/// are two.
pub(in crate::schema) fn drop_repeated(items: &mut Vec<Value>) {
    /// Up to here comparing all with all is faster.
    const FEW: usize = 8;
    if items.len() <= FEW {
        let mut at = 1;
        while at < items.len() {
            if items[..at].contains(&items[at]) {
                items.remove(at);
            } else {
                at += 1;
            }
        }
        return;
    }
    let mut known = HashSet::with_capacity(items.len());
    items.retain(|item| known.insert(scim_version::canonical_json(item)));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_of_those_that_are_equal_stays() {
        for others in [0, 20] {
            let mut items = vec![
                json!({ "value": "a", "type": "work" }),
                json!({ "value": "A", "type": "work" }),
                json!({ "type": "work", "value": "a" }),
                json!({ "value": "a" }),
                json!({ "value": "a" }),
            ];
            items.extend((0..others).map(Value::from));
            let expected = [&items[..2], &items[3..4], &items[5..]].concat();
            drop_repeated(&mut items);
            assert_eq!(items, expected);
        }
    }
}
