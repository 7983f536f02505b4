use serde_json::{Map, Value};

use super::fault::{Checked, Fault};
use super::names::{Spelling, respell, retain, spelling};
use super::positions::Positions;
use super::value::{is_unassigned, require};
use super::{NormalForm, Normaliser};
use crate::resource::{ResourceError, ResourceErrorKind, take};
use crate::schema::{Attribute, InputRules, ResourceType};
use crate::storage::Link;

/// Links, each with its place in the list that it stood in.
type PlacedLinks = Vec<(Link, usize)>;

impl ResourceType {
    /// Checks `value` against the schemas and brings it into normal form:
    ///
    /// - names in the schema's spelling; without `null`, `[]` and `{}` (RFC 7643 §2.5);
    ///   without what only the service provider sets (`id`, `meta`, `groups`, …), whatever
    ///   a client says there (RFC 7644 §3.3);
    /// - `schemas` names the core schema and the extensions that have data, whether or
    ///   not the client named them;
    /// - dateTimes in UTC, a missing zone taken as UTC; whole numbers without fraction;
    /// - a `$ref` to a resource of ours relative to the base URL (`Users/2819c223`), where
    ///   it says the same as the `value` beside it;
    /// - attributes that are kept as links and those that are never shown taken out of the rest.
    ///   A link learns its `type` from its `$ref`, and its reference from its `type`: the `$ref` of a
    ///   link is the service's to say, so that one that leads to no resource of ours is not kept
    ///   (unless the attribute may point elsewhere).
    ///
    /// - no value twice in a list.
    ///
    /// Lists keep their order; [`same`](Self::same) compares them as sets.
    /// A normal form is its own normal form.
    ///
    /// # Errors
    ///
    /// What breaks a rule first, with its path: an attribute that no schema has (unless
    /// `unknown` is [`Ignore`](crate::schema::UnknownAttributes::Ignore)), one that is missing, given
    /// twice in different case, or of another type, two primary values in one list, and links to
    /// what their attribute can't point to.
    /// A required text must not be empty.
    pub fn normalise(
        &self,
        value: Value,
        rules: impl Into<InputRules>,
    ) -> Result<NormalForm, ResourceError> {
        let form = self.normalise_part(value, rules)?;
        if let Some(name) = self.missing_links(&form).next() {
            return Err(ResourceError::new(name, ResourceErrorKind::Missing));
        }
        Ok(form)
    }

    /// [`normalise`](Self::normalise) for a part of a resource, whose other links are elsewhere.
    pub(crate) fn normalise_part(
        &self,
        value: Value,
        rules: impl Into<InputRules>,
    ) -> Result<NormalForm, ResourceError> {
        match value {
            Value::Object(map) => Ok(self.normal_form(map, rules.into())?),
            other => Err(Fault::wrong_type("an object", &other).into()),
        }
    }

    /// The required attributes that are kept as links and of which `form` has none.
    pub(crate) fn missing_links(&self, form: &NormalForm) -> impl Iterator<Item = &str> {
        self.links().filter(|name| {
            let attribute = self.top().find_exact(name);
            attribute.is_some_and(Attribute::required)
                && !form.links.iter().any(|link| *link.key.attribute == **name)
        })
    }

    fn normal_form(&self, map: Map<String, Value>, rules: InputRules) -> Checked<NormalForm> {
        let (mut map, mut links) = self.normal_parts(map, rules)?;
        let secrets = self.take_secrets(&mut map)?;
        let schemas = self.schemas_of(&map, &secrets)?;
        map.insert("schemas".into(), schemas);
        require(self.top(), &map, |name| {
            self.links().any(|link| link == name) || secrets.mention(name)
        })?;
        // One attribute after the other, each of them in order already.
        links.sort_by(|(a, _), (b, _)| a.key.attribute.cmp(&b.key.attribute));
        let (links, positions) = Positions::unzip(links);
        Ok(NormalForm {
            attributes: map,
            links,
            secrets,
            positions,
        })
    }

    /// What `map` says in normal form, secrets included, and its links apart.
    pub(super) fn normal_parts(
        &self,
        mut map: Map<String, Value>,
        rules: InputRules,
    ) -> Checked<(Map<String, Value>, PlacedLinks)> {
        let normaliser = Normaliser {
            endpoints: self.endpoints(),
            rules,
        };
        let unknown = rules.unknown_attributes;
        let mut links = Vec::new();
        respell(&mut map, unknown, |name| self.spelling(name))?;
        retain(&mut map, |name, value| {
            let Some(attribute) = self.top().find_exact(name) else {
                return self.extension_data(name, value, normaliser);
            };
            if attribute.is_read_only() {
                return Ok(false);
            }
            if name == "schemas" {
                self.check_schemas(value, unknown)?;
                return Ok(false);
            }
            if let Some(link) = self.link_names().iter().find(|link| ***link == *name) {
                links.append(&mut normaliser.links(attribute, link, value.take())?);
                return Ok(false);
            }
            normaliser.attribute(attribute, value)
        })?;
        Ok((map, links))
    }

    fn spelling(&self, name: &str) -> Spelling<'_> {
        match spelling(self.top(), name) {
            Spelling::Unknown => match self.extension(name).map(|found| found.schema().id()) {
                Some(id) if id == name => Spelling::AsGiven,
                Some(id) => Spelling::Otherwise(id),
                None => Spelling::Unknown,
            },
            known => known,
        }
    }

    fn extension_data(
        &self,
        id: &str,
        value: &mut Value,
        normaliser: Normaliser<'_>,
    ) -> Checked<bool> {
        let extension = self
            .extension(id)
            .expect("names were respelt as the schema has them");
        if is_unassigned(value) {
            value.take();
            return Ok(extension.schema().names().has_secrets());
        }
        let Value::Object(map) = value else {
            return Err(Fault::wrong_type("an object", value));
        };
        // Some clients repeat here which schema it is.
        if extension.schema().attribute("schemas").is_none() {
            take(map, "schemas");
        }
        normaliser.complex(extension.schema().names(), map)?;
        Ok(!map.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::resource::ResourceErrorKind;
    use crate::schema::{ResourceTypes, Schema, UnknownAttributes};

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

    fn normal(value: Value, unknown: UnknownAttributes) -> Result<Value, ResourceError> {
        let types = ResourceTypes::rfc7643();
        let form = types.get("User").unwrap().normalise(value, unknown)?;
        Ok(Value::Object(form.attributes))
    }

    fn refusal(value: Value) -> (String, ResourceErrorKind) {
        let error = normal(value, UnknownAttributes::Refuse).unwrap_err();
        (error.attribute().to_owned(), error.kind().clone())
    }

    #[test]
    fn what_only_the_provider_sets_is_ignored() {
        let value = json!({
            "userName": "a", "ID": 7, "meta": "x", "groups": [[]], "Schemas": null,
        });
        let expected = json!({ "schemas": [USER], "userName": "a" });
        assert_eq!(normal(value, UnknownAttributes::Refuse), Ok(expected));
    }

    #[test]
    fn refusals_name_the_path() {
        let wrong = |expected, found| ResourceErrorKind::WrongType { expected, found };
        let unknown = || ResourceErrorKind::Unknown;
        for (value, path, kind) in [
            (json!([]), "", wrong("an object", "an array")),
            (json!({}), "userName", ResourceErrorKind::Missing),
            (
                json!({ "userName": "" }),
                "userName",
                ResourceErrorKind::Missing,
            ),
            (
                json!({ "userName": null }),
                "userName",
                ResourceErrorKind::Missing,
            ),
            (
                json!({ "userName": "a", "USERNAME": "b" }),
                "userName",
                ResourceErrorKind::Repeated,
            ),
            (json!({ "shoeSize": 1 }), "shoeSize", unknown()),
            (
                json!({ "emails": [{}, { "val": 1 }] }),
                "emails[1].val",
                unknown(),
            ),
            (
                json!({ "emails": [{ "value": "a" }, { "VALUE": 1 }] }),
                "emails[1].value",
                wrong("a string", "a number"),
            ),
            (
                json!({ "active": "true" }),
                "active",
                wrong("a boolean", "a string"),
            ),
            (
                json!({ "schemas": "x" }),
                "schemas",
                wrong("an array", "a string"),
            ),
            (
                json!({ "schemas": [USER, "urn:x"] }),
                "schemas[1]",
                unknown(),
            ),
            (
                json!({ "schemas": [1] }),
                "schemas[0]",
                wrong("a string", "a number"),
            ),
            (
                json!({ ENTERPRISE: "x" }),
                ENTERPRISE,
                wrong("an object", "a string"),
            ),
            (
                json!({ ENTERPRISE: { "manager": { "value": true } } }),
                &format!("{ENTERPRISE}:manager.value"),
                wrong("a string", "a boolean"),
            ),
            (
                json!({ ENTERPRISE: { "x": 1 } }),
                &format!("{ENTERPRISE}:x"),
                unknown(),
            ),
            (
                json!({ "x509Certificates": [{ "value": "-----BEGIN CERTIFICATE" }] }),
                "x509Certificates[0].value",
                ResourceErrorKind::Malformed { expected: "base64" },
            ),
        ] {
            assert_eq!(refusal(value.clone()), (path.to_owned(), kind), "{value}");
        }
    }

    #[test]
    fn unknown_attributes_are_dropped_where_they_are_to_be_ignored() {
        let value = json!({
            "schemas": [USER, "urn:x"], "userName": "a", "shoeSize": [1, { "x": {} }],
            "urn:x": { "y": 1 }, "name": { "givenName": "g", "x": 1 },
        });
        let expected = json!({ "schemas": [USER], "userName": "a", "name": { "givenName": "g" } });
        assert_eq!(normal(value, UnknownAttributes::Ignore), Ok(expected));
    }

    #[test]
    fn an_extension_may_repeat_which_schema_it_is() {
        let value = json!({
            "userName": "a", ENTERPRISE: { "SCHEMAS": [ENTERPRISE], "division": "d" },
        });
        let form = normal(value, UnknownAttributes::Refuse).unwrap();
        assert_eq!(form[ENTERPRISE], json!({ "division": "d" }));
    }

    #[test]
    fn what_is_never_shown_is_kept_apart() {
        let types = ResourceTypes::rfc7643();
        let user = json!({ "userName": "a", "PassWord": "secret" });
        let form = types
            .get("User")
            .unwrap()
            .normalise(user, UnknownAttributes::Refuse)
            .unwrap();
        assert_eq!(form.secrets.passwords()[0].text(), "secret");
        assert!(!form.attributes.contains_key("password"));
    }

    #[test]
    fn required_attributes_kept_apart_are_not_missing() {
        let schema: Schema = serde_json::from_value(json!({ "id": "urn:team", "attributes": [
            { "name": "crew", "type": "complex", "multiValued": true, "required": true,
              "subAttributes": [{ "name": "value", "required": true }] },
        ] }))
        .unwrap();
        let team = ResourceType::new("Team", "Teams", schema)
            .unwrap()
            .with_links("crew")
            .unwrap();
        let full = json!({ "crew": [{ "value": "1" }] });
        assert!(team.normalise(full, UnknownAttributes::Refuse).is_ok());
        let error = team
            .normalise(json!({ "crew": [] }), UnknownAttributes::Refuse)
            .unwrap_err();
        assert_eq!(
            (error.attribute(), error.kind()),
            ("crew", &ResourceErrorKind::Missing)
        );
    }
}
