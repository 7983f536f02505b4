use serde_json::{Map, Value};

use super::fault::{Checked, Fault};
use crate::resource::ResourceErrorKind;
use crate::schema::UnknownAttributes;
use crate::schema::attributes::Attributes;

/// How the schema spells a name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spelling<'a> {
    AsGiven,
    Otherwise(&'a str),
    Unknown,
}

/// How `attributes` spell `name`.
pub(super) fn spelling<'a>(attributes: &'a Attributes, name: &str) -> Spelling<'a> {
    if attributes.find_exact(name).is_some() {
        Spelling::AsGiven
    } else {
        match attributes.find(name) {
            Some(attribute) => Spelling::Otherwise(attribute.name()),
            None => Spelling::Unknown,
        }
    }
}

/// Gives every member of `map` the schema's spelling of its name.
///
/// Nearly every client uses it anyway; then nothing is moved.
pub(super) fn respell<'a>(
    map: &mut Map<String, Value>,
    unknown: UnknownAttributes,
    spell: impl Fn(&str) -> Spelling<'a>,
) -> Checked<()> {
    if map
        .keys()
        .all(|name| matches!(spell(name), Spelling::AsGiven))
    {
        return Ok(());
    }
    for (given, value) in std::mem::take(map) {
        let name = match (spell(&given), unknown) {
            (Spelling::AsGiven, _) => given,
            (Spelling::Otherwise(name), _) => name.into(),
            (Spelling::Unknown, UnknownAttributes::Ignore) => continue,
            (Spelling::Unknown, UnknownAttributes::Refuse) => {
                return Err(Fault::new(ResourceErrorKind::Unknown).within(&given));
            }
        };
        if map.contains_key(&name) {
            return Err(Fault::new(ResourceErrorKind::Repeated).within(&name));
        }
        map.insert(name, value);
    }
    Ok(())
}

/// Drops the members that `keep` does not want; the first fault ends it.
pub(super) fn retain(
    map: &mut Map<String, Value>,
    mut keep: impl FnMut(&str, &mut Value) -> Checked<bool>,
) -> Checked<()> {
    let mut fault = None;
    map.retain(|name, value| {
        fault.is_some()
            || keep(name, value).unwrap_or_else(|found| {
                fault = Some(found.within(name));
                true
            })
    });
    fault.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ResourceError;

    fn respelt(value: Value, unknown: UnknownAttributes) -> Result<Value, ResourceError> {
        let attributes: Attributes =
            serde_json::from_value(json!([{ "name": "userName" }, { "name": "title" }])).unwrap();
        let mut map = serde_json::from_value(value).unwrap();
        respell(&mut map, unknown, |name| spelling(&attributes, name))?;
        Ok(Value::Object(map))
    }

    #[test]
    fn names_get_the_spelling_of_the_schema() {
        let value = json!({ "USERNAME": 1, "title": 2 });
        let expected = json!({ "userName": 1, "title": 2 });
        assert_eq!(respelt(value, UnknownAttributes::Refuse), Ok(expected));
    }

    #[test]
    fn a_name_given_twice_is_refused_even_if_one_says_nothing() {
        let value = json!({ "USERNAME": null, "userName": "x" });
        let error = respelt(value, UnknownAttributes::Ignore).unwrap_err();
        assert_eq!(
            (error.attribute(), error.kind()),
            ("userName", &ResourceErrorKind::Repeated)
        );
    }

    #[test]
    fn unknown_names_are_refused_or_ignored() {
        let value = json!({ "title": 2, "tītle": 1, "x": {} });
        let error = respelt(value.clone(), UnknownAttributes::Refuse).unwrap_err();
        assert_eq!(error.kind(), &ResourceErrorKind::Unknown);
        assert_eq!(
            respelt(value, UnknownAttributes::Ignore),
            Ok(json!({ "title": 2 }))
        );
    }
}
