use std::collections::HashMap;

use super::document::{ExtensionDocument, TypeDocument};
use super::{DefinitionsError, DefinitionsErrorKind};
use crate::schema::{
    Attribute, AttributeType, InputRules, ResourceType, ResourceTypes, Schema, SchemaError,
    Uniqueness,
};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// Definitions of schemas and of types that name them.
pub(super) struct Definitions {
    /// By their URIs in lower case.
    schemas: HashMap<String, Known>,
    types: Vec<TypeDefinition>,
}

struct Known {
    schema: Schema,
    is_new: bool,
}

struct TypeDefinition {
    place: String,
    name: String,
    endpoint: String,
    description: String,
    schema: String,
    extensions: Vec<ExtensionDocument>,
    links: Keys,
    indexes: Keys,
    /// What is derived, and from which links.
    derived: Keys<(String, String)>,
    is_new: bool,
}

/// Which attributes are kept in a way of their own.
enum Keys<T = String> {
    /// The definition says which.
    Declared(Vec<T>),
    /// Those of the definition whose place this one takes, as far as there are such.
    Inherited(Vec<T>),
    /// Those for which the schema speaks.
    Usual,
}

impl Definitions {
    /// Those of `types`.
    pub(super) fn of(types: &ResourceTypes) -> Self {
        let mut schemas = HashMap::new();
        let mut add = |schema: &Schema| {
            let known = Known {
                schema: schema.clone(),
                is_new: false,
            };
            schemas.insert(key(schema.id()), known);
        };
        // Known wherever they are not registered, too.
        for resource_type in ResourceTypes::rfc7643().iter().chain(types) {
            add(resource_type.schema());
            for extension in resource_type.extensions() {
                add(extension.schema());
            }
        }
        let types = types.iter().map(TypeDefinition::of).collect();
        Self { schemas, types }
    }

    pub(super) fn add_schema(
        &mut self,
        place: String,
        schema: Schema,
    ) -> Result<(), DefinitionsError> {
        let known = Known {
            schema,
            is_new: true,
        };
        let replaced = self.schemas.insert(key(known.schema.id()), known);
        if replaced.is_some_and(|known| known.is_new) {
            return Err(DefinitionsError::new(place, DefinitionsErrorKind::Repeated));
        }
        Ok(())
    }

    pub(super) fn add_type(
        &mut self,
        place: String,
        document: TypeDocument,
    ) -> Result<(), DefinitionsError> {
        let mut all = self.types.iter_mut();
        let same = all.find(|known| known.name == document.name);
        if same.as_ref().is_some_and(|known| known.is_new) {
            return Err(DefinitionsError::new(place, DefinitionsErrorKind::Repeated));
        }
        let storage = document.storage;
        let derived = storage.derived.map(|derived| derived.into_iter().collect());
        let before = same.as_deref();
        let links = Keys::of(storage.links, before.map(|known| &known.links));
        let indexes = Keys::of(storage.indexes, before.map(|known| &known.indexes));
        let derived = Keys::of(derived, before.map(|known| &known.derived));
        let definition = TypeDefinition {
            place,
            // As the RFC has it, with a slash in front.
            endpoint: match document.endpoint.strip_prefix('/') {
                Some(endpoint) => endpoint.into(),
                None => document.endpoint,
            },
            name: document.name,
            description: document.description,
            schema: document.schema,
            extensions: document.schema_extensions,
            links,
            indexes,
            derived,
            is_new: true,
        };
        match same {
            Some(known) => *known = definition,
            None => self.types.push(definition),
        }
        Ok(())
    }

    pub(super) fn assemble(self, rules: InputRules) -> Result<ResourceTypes, DefinitionsError> {
        let mut types = ResourceTypes::empty()
            .with_unknown_attributes(rules.unknown_attributes)
            .with_canonical_values(rules.canonical_values);
        for definition in &self.types {
            let resource_type = self.resource_type(definition)?;
            types = types
                .with(resource_type)
                .map_err(|error| DefinitionsError::rule(&definition.place, &error))?;
        }
        Ok(types)
    }

    fn resource_type(&self, definition: &TypeDefinition) -> Result<ResourceType, DefinitionsError> {
        let place = &definition.place;
        let rule = |error: SchemaError| DefinitionsError::rule(place, &error);
        let (name, endpoint) = (&*definition.name, &*definition.endpoint);
        let schema = self.schema(place, &definition.schema)?;
        let mut resource_type = ResourceType::new(name, endpoint, schema)
            .map_err(rule)?
            .with_description(&*definition.description);
        for extension in &definition.extensions {
            let schema = self.schema(place, &extension.schema)?;
            resource_type = resource_type
                .with_extension(schema, extension.required)
                .map_err(rule)?;
        }
        let links = match &definition.links {
            Keys::Usual => &Keys::Inherited(usual_links(&resource_type)),
            said => said,
        };
        resource_type = links
            .apply(resource_type, |it, name| it.with_links(name))
            .map_err(rule)?;
        let derived = match &definition.derived {
            Keys::Usual => &Keys::Inherited(usual_derived(&resource_type)),
            said => said,
        };
        resource_type = derived
            .apply(resource_type, |it, (name, links)| {
                it.with_derived(name, links)
            })
            .map_err(rule)?;
        let indexes = match &definition.indexes {
            Keys::Usual => &Keys::Inherited(usual_indexes(&resource_type)),
            said => said,
        };
        indexes
            .apply(resource_type, |it, path| it.with_index(path))
            .map_err(rule)
    }

    fn schema(&self, place: &str, id: &str) -> Result<Schema, DefinitionsError> {
        match self.schemas.get(&key(id)) {
            Some(known) => Ok(known.schema.clone()),
            None => {
                let place = format!("{place}: {id}");
                Err(DefinitionsError::new(
                    place,
                    DefinitionsErrorKind::NoSuchSchema,
                ))
            }
        }
    }
}

/// URIs of schemas are compared without case (RFC 7644 §3.10).
fn key(id: &str) -> String {
    id.to_ascii_lowercase()
}

impl TypeDefinition {
    fn of(resource_type: &ResourceType) -> Self {
        let extensions = resource_type.extensions().iter();
        Self {
            place: resource_type.name().into(),
            name: resource_type.name().into(),
            endpoint: resource_type.endpoint().into(),
            description: resource_type.description().into(),
            schema: resource_type.schema().id().into(),
            extensions: extensions
                .map(|extension| ExtensionDocument {
                    schema: extension.schema().id().into(),
                    required: extension.required(),
                })
                .collect(),
            links: Keys::Inherited(resource_type.links().map(str::to_owned).collect()),
            indexes: Keys::Inherited(resource_type.indexed().map(str::to_owned).collect()),
            derived: Keys::Inherited(
                resource_type
                    .derived()
                    .map(|(name, links)| (name.to_owned(), links.to_owned()))
                    .collect(),
            ),
            is_new: false,
        }
    }
}

impl<T: Clone> Keys<T> {
    /// What is `declared`, or else what the definition `before` has.
    fn of(declared: Option<Vec<T>>, before: Option<&Self>) -> Self {
        match (declared, before) {
            (Some(names), _) => Self::Declared(names),
            (None, Some(Self::Declared(names) | Self::Inherited(names))) => {
                Self::Inherited(names.clone())
            }
            (None, Some(Self::Usual) | None) => Self::Usual,
        }
    }

    /// `resource_type` with all of them; what nobody asked for is left out where it does
    /// not fit.
    fn apply(
        &self,
        mut resource_type: ResourceType,
        with: impl Fn(ResourceType, &T) -> Result<ResourceType, SchemaError>,
    ) -> Result<ResourceType, SchemaError> {
        match self {
            Self::Declared(names) => names.iter().try_fold(resource_type, with),
            Self::Inherited(names) => {
                for name in names {
                    if let Ok(more) = with(resource_type.clone(), name) {
                        resource_type = more;
                    }
                }
                Ok(resource_type)
            }
            Self::Usual => Ok(resource_type),
        }
    }
}

/// The lists of the core schema that point to resources and to nothing else.
fn usual_links(resource_type: &ResourceType) -> Vec<String> {
    let points_to_resources = |attribute: &&Attribute| {
        let reference = attribute.sub_attribute("$ref");
        let types = reference.map_or(&[][..], Attribute::reference_types);
        let elsewhere = |name: &String| {
            name.eq_ignore_ascii_case("external") || name.eq_ignore_ascii_case("uri")
        };
        !types.is_empty() && !types.iter().any(elsewhere)
    };
    let all = resource_type.schema().attributes().iter();
    all.filter(points_to_resources)
        .map(|attribute| attribute.name().to_owned())
        .collect()
}

/// The `groups` of users (RFC 7643 §4.1.2).
fn usual_derived(resource_type: &ResourceType) -> Vec<(String, String)> {
    let is_user = resource_type.schema().id().eq_ignore_ascii_case(USER);
    let groups = is_user.then(|| ("groups".to_owned(), "members".to_owned()));
    groups.into_iter().collect()
}

/// What clients look for.
fn usual_indexes(resource_type: &ResourceType) -> Vec<String> {
    let mut paths = vec!["externalId".to_owned()];
    let display = resource_type.attribute("displayName");
    if display.is_some_and(|name| name.attribute_type() == AttributeType::String) {
        paths.push("displayName".into());
    }
    let extensions = resource_type.extensions().iter();
    let extensions =
        extensions.map(|extension| (Some(extension.schema().id()), extension.schema()));
    for (prefix, schema) in std::iter::once((None, resource_type.schema())).chain(extensions) {
        let prefix = prefix.map_or_else(String::new, |id| format!("{id}:"));
        for attribute in schema.attributes() {
            let is_unique = |attribute: &Attribute| attribute.uniqueness() != Uniqueness::None;
            let name = attribute.name();
            if is_unique(attribute) {
                paths.push(format!("{prefix}{name}"));
            }
            for part in attribute
                .sub_attributes()
                .iter()
                .filter(|part| is_unique(part))
            {
                paths.push(format!("{prefix}{name}.{}", part.name()));
            }
        }
    }
    paths
}
