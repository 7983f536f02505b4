//! What an agent passes to a tool, read strictly: an argument of another type, out of bounds or unknown refuses
//! the call before anything is done. One that is passed over could be the version that was to protect a resource.

use scim_ops::provider::filter::AttributePath;
use scim_ops::provider::storage::ResourceId;
use scim_ops::version::ScimVersion;
use serde_json::{Map, Value};

use crate::failure::Failure;

/// Arguments that are still to be read; `place` is where they stand, with a dot at its end, or nothing.
#[derive(Debug)]
pub(crate) struct Arguments {
    place: String,
    members: Map<String, Value>,
}

impl Arguments {
    /// The arguments of a call.
    pub(crate) fn of_call(arguments: Option<Map<String, Value>>) -> Self {
        Self {
            place: String::new(),
            members: arguments.unwrap_or_default(),
        }
    }

    /// An object within the arguments.
    pub(crate) fn of_object(place: &str, value: Value) -> Result<Self, Failure> {
        match value {
            Value::Object(members) => Ok(Self {
                place: format!("{place}."),
                members,
            }),
            other => Err(mismatch(place, "an object", &other)),
        }
    }

    /// Where the argument `name` stands.
    pub(crate) fn place(&self, name: &str) -> String {
        [&self.place, name].concat()
    }

    /// Refuses what has not been read.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self.members.keys().next() {
            None => Ok(()),
            Some(_) => {
                // The name is the agent's own, and may be of any length.
                let place = self.place.trim_end_matches('.');
                let place = if place.is_empty() { "arguments" } else { place };
                let mut names: Vec<String> =
                    self.members.keys().map(|name| in_short(name)).collect();
                names.truncate(5);
                let names = names.join(", ");
                Err(Failure::argument(place, format_args!("unknown: {names}")))
            }
        }
    }

    /// The error of an argument that has to be there and is not.
    pub(crate) fn missing(&self, name: &str) -> Failure {
        Failure::argument(&self.place(name), "is required")
    }

    /// The argument `name`, whatever it is.
    pub(crate) fn any(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name)
    }

    /// A text.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, Failure> {
        match self.any(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(mismatch(&self.place(name), "a string", &other)),
        }
    }

    /// `true` or `false`; `false` if it is not there.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Failure> {
        match self.any(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(other) => Err(mismatch(&self.place(name), "true or false", &other)),
        }
    }

    /// A whole number, `least` or more.
    pub(crate) fn integer(&mut self, name: &str, least: u64) -> Result<Option<u64>, Failure> {
        match self.any(name) {
            None => Ok(None),
            Some(value) => match value.as_u64() {
                Some(number) if number >= least => Ok(Some(number)),
                Some(_) => Err(Failure::argument(
                    &self.place(name),
                    format_args!("less than {least}"),
                )),
                None => Err(mismatch(
                    &self.place(name),
                    "a whole number that is not negative",
                    &value,
                )),
            },
        }
    }

    /// An object that has to be there.
    pub(crate) fn object(&mut self, name: &str) -> Result<Value, Failure> {
        match self.any(name) {
            None => Err(self.missing(name)),
            Some(value @ Value::Object(_)) => Ok(value),
            Some(other) => Err(mismatch(&self.place(name), "an object", &other)),
        }
    }

    /// A list.
    pub(crate) fn list(&mut self, name: &str) -> Result<Option<Vec<Value>>, Failure> {
        match self.any(name) {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items)),
            Some(other) => Err(mismatch(&self.place(name), "an array", &other)),
        }
    }

    /// A list that has to be there, and to hold something.
    pub(crate) fn items(&mut self, name: &str) -> Result<Vec<Value>, Failure> {
        match self.list(name)? {
            None => Err(self.missing(name)),
            Some(items) if items.is_empty() => {
                Err(Failure::argument(&self.place(name), "is empty"))
            }
            Some(items) => Ok(items),
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, Failure> {
        let Some(items) = self.list(name)? else {
            return Ok(None);
        };
        let place = self.place(name);
        let texts = items
            .into_iter()
            .enumerate()
            .map(|(index, item)| match item {
                Value::String(text) => Ok(text),
                other => Err(mismatch(&format!("{place}[{index}]"), "a string", &other)),
            });
        texts.collect::<Result<_, _>>().map(Some)
    }

    /// Paths of attributes.
    pub(crate) fn paths(&mut self, name: &str) -> Result<Option<Vec<AttributePath>>, Failure> {
        let place = self.place(name);
        let Some(texts) = self.texts(name)? else {
            return Ok(None);
        };
        let paths = texts.iter().enumerate().map(|(index, text)| {
            text.parse()
                .map_err(|error| Failure::argument(&format!("{place}[{index}]"), error))
        });
        paths.collect::<Result<_, _>>().map(Some)
    }

    /// The id of a resource, which has to be there. One that no resource can have is refused here, so that it
    /// need not be looked for, nor be shown in an error.
    pub(crate) fn id(&mut self, name: &str) -> Result<String, Failure> {
        let id = self.text(name)?.ok_or_else(|| self.missing(name))?;
        check_id(&self.place(name), &id)?;
        Ok(id)
    }

    /// A version, as reads show it. As an entity tag it is taken, too: that is what `meta.version` of a document
    /// says.
    pub(crate) fn version(&mut self, name: &str) -> Result<Option<ScimVersion>, Failure> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let version = if text.contains('"') {
            ScimVersion::parse_http_header(&text)
        } else {
            ScimVersion::from_hash(&text)
        };
        version.map(Some).map_err(|error| {
            Failure::argument(&self.place(name), format_args!("no version: {error}")).then(
                "read the resource and pass the version that it is shown with; nothing was changed",
            )
        })
    }
}

/// Refuses what can be no id.
pub(crate) fn check_id(place: &str, id: &str) -> Result<(), Failure> {
    let checked = id.parse::<ResourceId>();
    checked
        .map(drop)
        .map_err(|error| Failure::argument(place, error))
}

/// The error of an argument that is of another type.
pub(crate) fn mismatch(place: &str, expected: &str, found: &Value) -> Failure {
    let found = match found {
        Value::Null => "null; leave it out instead",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    Failure::argument(place, format_args!("expected {expected}, found {found}"))
}

/// A name that an agent chose, fit for an error.
fn in_short(name: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = name
        .chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect();
    if name.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn arguments(value: Value) -> Arguments {
        Arguments::of_call(value.as_object().cloned())
    }

    fn message(failure: &Failure) -> String {
        failure.clone().into_error()["message"]
            .as_str()
            .unwrap()
            .into()
    }

    #[test]
    fn a_version_is_taken_raw_and_as_an_entity_tag() {
        for text in ["abc", "W/\"abc\"", "\"abc\""] {
            let version = arguments(json!({ "v": text })).version("v").unwrap();
            assert_eq!(version.unwrap().as_str(), "abc", "{text}");
        }
        assert_eq!(arguments(json!({})).version("v").unwrap(), None);
    }

    #[test]
    fn whatever_is_no_version_is_refused_and_never_taken_for_none() {
        for value in [
            json!(3),
            json!(null),
            json!(true),
            json!(["abc"]),
            json!({ "version": "abc" }),
            json!(""),
            json!(" abc"),
            json!("a b"),
            json!("abc\n"),
            json!("é"),
            json!("\"abc"),
            json!("W/\"a\", \"b\""),
            json!("\"\""),
        ] {
            let refused = arguments(json!({ "v": value })).version("v");
            let refused = refused.expect_err(&value.to_string());
            assert!(message(&refused).starts_with("v: "), "{refused:?}");
        }
    }

    #[test]
    fn unknown_arguments_are_refused_by_name() {
        let mut given = arguments(json!({ "id": "1", "expectedVersion": "x" }));
        given.id("id").unwrap();
        let refused = given.finish().unwrap_err();
        assert_eq!(message(&refused), "arguments: unknown: expectedVersion");

        let long = arguments(json!({ "x\n".repeat(10_000): 1 }));
        assert!(message(&long.finish().unwrap_err()).len() < 200);
    }

    #[test]
    fn numbers_are_whole_and_within_bounds() {
        let integer = |value: Value| arguments(json!({ "n": value })).integer("n", 1);
        assert_eq!(integer(json!(7)).unwrap(), Some(7));
        for value in [
            json!(0),
            json!(-1),
            json!(1.5),
            json!("1"),
            json!(null),
            json!(1e300),
        ] {
            assert!(integer(value.clone()).is_err(), "{value}");
        }
    }

    #[test]
    fn errors_show_where_and_not_what() {
        let mut given = arguments(json!({ "attributes": ["userName", "se cret"] }));
        let refused = message(&given.paths("attributes").unwrap_err());
        assert!(refused.starts_with("attributes[1]: "), "{refused}");
        let refused = arguments(json!({ "id": "x".repeat(300) }))
            .id("id")
            .unwrap_err();
        assert!(message(&refused).len() < 100);
    }
}
