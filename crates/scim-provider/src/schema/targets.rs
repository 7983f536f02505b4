use super::Attribute;
use super::reference::{Endpoint, Endpoints};

/// What the values of an attribute that is kept as links may point to.
///
/// That is what the `referenceTypes` of its `$ref` name (RFC 7643 §7); without such, resources of
/// any type. Where they name `external` or `uri`, a value may point to anything, and nothing is
/// checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Targets<'a> {
    reference_types: &'a [String],
    endpoints: &'a Endpoints,
    type_says: TypeSays,
}

/// What the sub-attribute `type` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypeSays {
    /// The type of the resource, as its canonical values show.
    Target,
    /// Whatever a client likes, which may be the type of the resource.
    Anything,
    /// Something else, as its canonical values show; or there is no such sub-attribute.
    SomethingElse,
}

impl<'a> Targets<'a> {
    /// What `attribute` may point to, among the types at `endpoints`.
    pub(super) fn of(attribute: &'a Attribute, endpoints: &'a Endpoints) -> Self {
        let reference = attribute.parts().find_exact("$ref");
        let targets = Self {
            reference_types: reference.map_or(&[], Attribute::reference_types),
            endpoints,
            type_says: TypeSays::SomethingElse,
        };
        let type_says = match attribute.parts().find_exact("type") {
            None => TypeSays::SomethingElse,
            Some(label) if label.canonical_values().is_empty() => TypeSays::Anything,
            Some(label) => {
                let mut values = label.canonical_values().iter();
                let named = values.any(|value| targets.all().any(|target| target.is_named(value)));
                if named {
                    TypeSays::Target
                } else {
                    TypeSays::SomethingElse
                }
            }
        };
        Self {
            type_says,
            ..targets
        }
    }

    /// Whether a value may point to what is no resource of ours.
    pub(crate) fn are_open(&self) -> bool {
        let open = |name: &String| {
            name.eq_ignore_ascii_case("external") || name.eq_ignore_ascii_case("uri")
        };
        self.reference_types.iter().any(open)
    }

    /// The names of the resource types that a value may point to, in the order in which the
    /// schema has them.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.all().map(|target| &*target.name)
    }

    fn all(&self) -> impl Iterator<Item = &'a Endpoint> + use<'a> {
        let (named, endpoints) = (self.reference_types, self.endpoints);
        let any = endpoints.iter().filter(move |_| named.is_empty());
        named
            .iter()
            .filter_map(|name| endpoints.of_type(name))
            .chain(any)
    }

    pub(super) fn include(&self, target: &Endpoint) -> bool {
        self.are_open() || self.all().any(|known| known.name == target.name)
    }

    /// Whether the sub-attribute `type` tells the type of the resource.
    pub(crate) const fn are_told_by_type(&self) -> bool {
        !matches!(self.type_says, TypeSays::SomethingElse)
    }

    pub(super) const fn type_says(&self) -> TypeSays {
        self.type_says
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::schema::ResourceTypes;

    fn attribute(reference_types: &[&str], labels: &[&str]) -> Attribute {
        let form = json!({ "name": "owners", "type": "complex", "multiValued": true,
            "subAttributes": [
                { "name": "value", "required": true },
                { "name": "$ref", "type": "reference", "referenceTypes": reference_types },
                { "name": "type", "canonicalValues": labels },
            ] });
        serde_json::from_value(form).unwrap()
    }

    fn with_targets<T>(attribute: &Attribute, f: impl FnOnce(Targets<'_>) -> T) -> T {
        let types = ResourceTypes::rfc7643();
        f(Targets::of(
            attribute,
            types.get("User").unwrap().endpoints(),
        ))
    }

    #[test]
    fn reference_types_say_what_values_point_to() {
        for (named, open, found) in [
            (&["Group", "user"][..], false, &["Group", "User"][..]),
            (&["Robot", "User"], false, &["User"]),
            (&["Robot"], false, &[]),
            (&[], false, &["User", "Group"]),
            (&["External", "User"], true, &["User"]),
            (&["uri"], true, &[]),
        ] {
            with_targets(&attribute(named, &[]), |targets| {
                assert_eq!(targets.are_open(), open, "{named:?}");
                assert_eq!(targets.names().collect::<Vec<_>>(), found, "{named:?}");
            });
        }
    }

    #[test]
    fn an_attribute_without_reference_points_to_any_resource() {
        let form: Value = json!({ "name": "crew", "subAttributes": [{ "name": "value" }] });
        let crew: Attribute = serde_json::from_value(form).unwrap();
        with_targets(&crew, |targets| {
            assert_eq!(targets.names().collect::<Vec<_>>(), ["User", "Group"]);
            assert_eq!(targets.type_says(), TypeSays::SomethingElse);
        });
    }

    #[test]
    fn canonical_values_show_what_the_type_tells() {
        for (labels, says) in [
            (&["user", "Robot"][..], TypeSays::Target),
            (&["first", "second"], TypeSays::SomethingElse),
            (&[], TypeSays::Anything),
        ] {
            with_targets(&attribute(&["User"], labels), |targets| {
                assert_eq!(targets.type_says(), says, "{labels:?}");
            });
        }
    }
}
