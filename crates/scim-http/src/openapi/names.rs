//! What components and operations are called.

use std::collections::HashSet;

use scim_ops::provider::schema::{ResourceType, ResourceTypes, Schema};
use serde_json::{Value, json};

/// The names of a document, none of which is there twice, whatever the resource types are called.
#[derive(Debug, Clone)]
pub(super) struct Names {
    prefix: String,
    /// By resource type.
    types: Vec<(String, String)>,
    /// By URI.
    extensions: Vec<(String, String)>,
}

/// Names that are used whatever the resource types are called.
const FIXED: [&str; 14] = [
    "All",
    "BulkRequest",
    "BulkResponse",
    "Error",
    "Me",
    "PatchRequest",
    "ResourceType",
    "ResourceTypes",
    "Schema",
    "SchemaAttribute",
    "Schemas",
    "Search",
    "SearchRequest",
    "ServiceProviderConfig",
];

/// What is put behind the name of a type for what else there is of it.
const ENDINGS: [&str; 3] = ["", "Request", "List"];

impl Names {
    /// The names of a description of `types`, those of components with `prefix` in front.
    pub(super) fn new(prefix: &str, types: &ResourceTypes) -> Self {
        let mut taken: HashSet<String> = FIXED
            .iter()
            .flat_map(|name| ENDINGS.map(|ending| format!("{name}{ending}").to_lowercase()))
            .collect();
        let mut names = Self {
            prefix: prefix.to_owned(),
            types: Vec::new(),
            extensions: Vec::new(),
        };
        for known in types {
            let stem = free(&identifier(known.name()), &mut taken);
            names.types.push((known.name().to_owned(), stem));
        }
        for extension in types.iter().flat_map(ResourceType::extensions) {
            let schema = extension.schema();
            if names.extensions.iter().all(|(uri, _)| uri != schema.id()) {
                let stem = free(&name_of(schema), &mut taken);
                names.extensions.push((schema.id().to_owned(), stem));
            }
        }
        names
    }

    /// What the resources of a type are called in names.
    pub(super) fn stem(&self, resource_type: &ResourceType) -> &str {
        find(&self.types, resource_type.name())
    }

    /// The same for the data of an extension.
    pub(super) fn extension(&self, schema: &Schema) -> &str {
        find(&self.extensions, schema.id())
    }

    /// The component `name`.
    pub(super) fn component(&self, name: &str) -> String {
        [&self.prefix, name].concat()
    }

    /// A reference to the component `name` of this kind.
    pub(super) fn reference(&self, kind: &str, name: &str) -> Value {
        json!({ "$ref": format!("#/components/{kind}/{}", self.component(name)) })
    }

    /// A reference to a schema.
    pub(super) fn schema(&self, name: &str) -> Value {
        self.reference("schemas", name)
    }

    /// The operation that does `verb` to `noun`.
    pub(super) fn operation(&self, verb: &str, noun: &str) -> String {
        let mut prefix = self.prefix.chars();
        match prefix.next() {
            None => [verb, noun].concat(),
            Some(first) => {
                let rest = prefix.as_str();
                format!("{}{rest}{}{noun}", first.to_lowercase(), capitalised(verb))
            }
        }
    }
}

fn find<'a>(names: &'a [(String, String)], key: &str) -> &'a str {
    let found = names.iter().find(|(known, _)| known == key);
    found
        .map(|(_, name)| name.as_str())
        .expect("all types and extensions were named")
}

/// `stem`, or with a number behind it the first that is not taken.
fn free(stem: &str, taken: &mut HashSet<String>) -> String {
    let all = |stem: &str| ENDINGS.map(|ending| format!("{stem}{ending}").to_lowercase());
    let numbered = (2..).map(|number: u32| format!("{stem}{number}"));
    let stem = std::iter::once(stem.to_owned())
        .chain(numbered)
        .find(|stem| all(stem).iter().all(|name| !taken.contains(name)))
        .expect("numbers do not run out");
    taken.extend(all(&stem));
    stem
}

/// An extension by the name that people have for it, or else by the end of its URI.
fn name_of(schema: &Schema) -> String {
    match schema.name() {
        "" => {
            let ends = schema.id().rsplit([':', '/']);
            let mut words = ends.filter(|end| end.chars().any(char::is_alphabetic));
            identifier(words.next().unwrap_or_default())
        }
        name => identifier(name),
    }
}

/// `text` as one word of ASCII letters and digits that begins with a letter.
fn identifier(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let word: String = words.map(capitalised).collect();
    match word.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => word,
        _ => format!("Type{word}"),
    }
}

fn capitalised(word: &str) -> String {
    let mut rest = word.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(names: &[&str]) -> ResourceTypes {
        let mut types = ResourceTypes::empty();
        for (at, name) in names.iter().enumerate() {
            let schema = json!({ "id": format!("urn:{at}"), "attributes": [] });
            let schema = serde_json::from_value(schema).unwrap();
            let known = ResourceType::new(*name, format!("e{at}"), schema).unwrap();
            types = types.with(known).unwrap();
        }
        types
    }

    #[test]
    fn no_two_things_have_one_name() {
        for (of, stems) in [
            (&["User", "Group"][..], ["User", "Group"]),
            (&["a-b", "AB"], ["AB", "AB2"]),
            (&["User", "UserRequest"], ["User", "UserRequest2"]),
            (&["Error", "Schema"], ["Error2", "Schema2"]),
            (&["1st", "~"], ["Type1st", "Type"]),
        ] {
            let types = types(of);
            let names = Names::new("", &types);
            let found: Vec<_> = types.iter().map(|known| names.stem(known)).collect();
            assert_eq!(found, stems);
        }
    }

    #[test]
    fn an_extension_goes_by_its_name_or_the_end_of_its_uri() {
        let schema = |json: Value| serde_json::from_value::<Schema>(json).unwrap();
        let named = schema(json!({ "id": "urn:x", "name": "Enterprise User", "attributes": [] }));
        assert_eq!(name_of(&named), "EnterpriseUser");
        let unnamed = schema(json!({ "id": "urn:x:badge:1.0", "attributes": [] }));
        assert_eq!(name_of(&unnamed), "Badge");
    }

    #[test]
    fn a_prefix_stands_in_front_of_everything() {
        let names = Names::new("Scim", &types(&["User"]));
        assert_eq!(names.component("User"), "ScimUser");
        assert_eq!(names.operation("create", "User"), "scimCreateUser");
        let names = Names::new("", &types(&["User"]));
        assert_eq!(names.operation("create", "User"), "createUser");
        assert_eq!(
            names.schema("User"),
            json!({ "$ref": "#/components/schemas/User" })
        );
    }
}
