use super::condition::Condition;
use super::node::Node;
use super::place::Place;
use super::{
    AttributePath, Comparand, CompareOp, CompileError, CompileErrorKind, Filter, MAX_DEPTH,
};
use crate::schema::{Attribute, ResourceType};

/// How deep a filter may be that was parsed: in each pair of brackets there may be an `or` of an
/// `and` of what is in the next pair.
const MAX_LEVELS: usize = 3 * (MAX_DEPTH + 1);

/// Makes a [`Node`] of a [`Filter`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Compiler<'a> {
    scope: Scope<'a>,
    /// Whether an attribute that there is not counts as one without a value.
    lenient: bool,
}

/// What the names of a filter are looked up in.
#[derive(Debug, Clone, Copy)]
enum Scope<'a> {
    Resource(&'a ResourceType),
    /// A value of this attribute.
    Value(&'a Attribute),
}

/// An attribute that was found.
struct Found<'a> {
    place: Place,
    leaf: &'a Attribute,
    /// The URI of a resource of the service.
    is_location: bool,
}

impl<'a> Compiler<'a> {
    pub(super) const fn of_resource(resource_type: &'a ResourceType, lenient: bool) -> Self {
        Self {
            scope: Scope::Resource(resource_type),
            lenient,
        }
    }

    pub(super) const fn of_value(attribute: &'a Attribute) -> Self {
        Self {
            scope: Scope::Value(attribute),
            lenient: false,
        }
    }

    pub(super) fn compile(self, filter: &Filter) -> Result<Node, CompileError> {
        self.node(filter, 0)
    }

    fn node(self, filter: &Filter, depth: usize) -> Result<Node, CompileError> {
        if depth > MAX_LEVELS {
            return Err(CompileError::new("", CompileErrorKind::TooDeep));
        }
        let all = |terms: &[Filter]| {
            let nodes = terms.iter().map(|term| self.node(term, depth + 1));
            nodes.collect::<Result<_, _>>()
        };
        match filter {
            Filter::Compare(path, op, value) => self.comparison(path, *op, value),
            Filter::Present(path) => self.presence(path, true),
            Filter::Not(inner) => Ok(Node::Not(Box::new(self.node(inner, depth + 1)?))),
            Filter::And(terms) => Ok(Node::All(all(terms)?)),
            Filter::Or(terms) => Ok(Node::Any(all(terms)?)),
            Filter::ValuePath(path, inner) => {
                let Some(found) = self.find(path)? else {
                    return Ok(Node::Constant(false));
                };
                let inside = Self {
                    scope: Scope::Value(found.leaf),
                    lenient: self.lenient,
                };
                let inner = inside.node(inner, depth + 1)?;
                Ok(Node::Within(found.place, Box::new(inner)))
            }
        }
    }

    fn presence(self, path: &AttributePath, present: bool) -> Result<Node, CompileError> {
        Ok(match self.find(path)? {
            Some(found) => Node::At(found.place, Condition::presence(found.leaf, present)),
            None => Node::Constant(!present),
        })
    }

    fn comparison(
        self,
        path: &AttributePath,
        op: CompareOp,
        value: &Comparand,
    ) -> Result<Node, CompileError> {
        let refuse = |kind| self.error(path, kind);
        if *value == Comparand::Null {
            return match op {
                CompareOp::Eq => self.presence(path, false),
                CompareOp::Ne => self.presence(path, true),
                _ => Err(refuse(CompileErrorKind::WrongOperator)),
            };
        }
        let without_value = Node::Constant(op == CompareOp::Ne);
        let Some(mut found) = self.find(path)? else {
            return Ok(without_value);
        };
        if found.leaf.is_complex() {
            let part = found.leaf.sub_attribute("value");
            let part = part.ok_or_else(|| refuse(CompileErrorKind::Complex))?;
            if part.is_never_shown() {
                return Err(refuse(CompileErrorKind::NeverReturned));
            }
            found.leaf = part;
            found.place.sub = Some(part.name().into());
        }
        match Condition::comparison(found.leaf, found.is_location, op, value) {
            Ok(condition) => Ok(Node::At(found.place, condition)),
            Err(CompileErrorKind::WrongType) if self.lenient => Ok(without_value),
            Err(kind) => Err(refuse(kind)),
        }
    }

    /// The attribute at `path`; `None` if there is none, and that is no error.
    fn find(self, path: &AttributePath) -> Result<Option<Found<'a>>, CompileError> {
        let found = match self.scope {
            Scope::Resource(resource_type) => in_resource(resource_type, path),
            Scope::Value(attribute) => in_value(attribute, path),
        };
        match found {
            Some(Ok(found)) => Ok(Some(found)),
            Some(Err(kind)) => Err(self.error(path, kind)),
            None if self.lenient => Ok(None),
            None => Err(self.error(path, CompileErrorKind::UnknownAttribute)),
        }
    }

    fn error(self, path: &AttributePath, kind: CompileErrorKind) -> CompileError {
        match self.scope {
            Scope::Resource(_) => CompileError::new(path.as_str(), kind),
            Scope::Value(owner) => CompileError::new(&format!("{}.{path}", owner.name()), kind),
        }
    }
}

fn in_resource<'a>(
    resource_type: &'a ResourceType,
    path: &AttributePath,
) -> Option<Result<Found<'a>, CompileErrorKind>> {
    let found = resource_type.resolve(path.as_str())?;
    if found.attribute().is_never_shown() || found.leaf().is_never_shown() {
        return Some(Err(CompileErrorKind::NeverReturned));
    }
    let in_meta = found.extension().is_none() && found.attribute().name() == "meta";
    Some(Ok(Found {
        place: Place {
            extension: found.extension().map(|own| own.schema().id().into()),
            attribute: Some(found.attribute().name().into()),
            sub: found.sub().map(|sub| sub.name().into()),
        },
        leaf: found.leaf(),
        is_location: match found.sub().map(Attribute::name) {
            Some("$ref") => true,
            Some("location") => in_meta,
            _ => false,
        },
    }))
}

/// A sub-attribute of `attribute`, or `value`, by which a simple value of a list is called.
fn in_value<'a>(
    attribute: &'a Attribute,
    path: &AttributePath,
) -> Option<Result<Found<'a>, CompileErrorKind>> {
    if path.uri().is_some() || path.sub().is_some() {
        return None;
    }
    let (leaf, sub) = if attribute.is_complex() {
        let sub = attribute.sub_attribute(path.name())?;
        (sub, Some(sub.name().into()))
    } else if attribute.multi_valued() && path.name().eq_ignore_ascii_case("value") {
        (attribute, None)
    } else {
        return None;
    };
    if leaf.is_never_shown() || attribute.is_never_shown() {
        return Some(Err(CompileErrorKind::NeverReturned));
    }
    Some(Ok(Found {
        place: Place {
            extension: None,
            attribute: None,
            sub,
        },
        leaf,
        is_location: leaf.name() == "$ref",
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::filter::Filter;
    use crate::schema::ResourceTypes;

    fn refusal(filter: &str) -> Option<(String, CompileErrorKind)> {
        let types = ResourceTypes::rfc7643();
        let filter: Filter = filter.parse().unwrap();
        let error = types.get("User").unwrap().compile(&filter).err()?;
        Some((error.attribute().to_owned(), error.kind()))
    }

    #[test]
    fn attributes_are_used_as_the_schema_has_them() {
        use CompileErrorKind::*;
        for (filter, attribute, kind) in [
            ("shoeSize eq 1", "shoeSize", UnknownAttribute),
            ("a pr and not (b pr)", "a", UnknownAttribute),
            ("userName.value pr", "userName.value", UnknownAttribute),
            ("emails[shoeSize eq 1]", "emails.shoeSize", UnknownAttribute),
            (
                "emails[emails.type pr]",
                "emails.emails.type",
                UnknownAttribute,
            ),
            ("userName[value pr]", "userName.value", UnknownAttribute),
            ("costCenter pr", "costCenter", UnknownAttribute),
            ("urn:x:userName pr", "urn:x:userName", UnknownAttribute),
            ("password pr", "password", NeverReturned),
            (
                "userName pr or PASSWORD sw \"a\"",
                "PASSWORD",
                NeverReturned,
            ),
            ("password[value pr]", "password", NeverReturned),
            ("name eq \"x\"", "name", Complex),
            ("userName eq 1", "userName", WrongType),
            ("userName eq true", "userName", WrongType),
            ("active eq \"yes\"", "active", WrongType),
            ("active eq 1", "active", WrongType),
            ("active gt true", "active", WrongOperator),
            ("active co \"true\"", "active", WrongOperator),
            ("meta.created eq \"yesterday\"", "meta.created", WrongType),
            ("meta.created eq 5", "meta.created", WrongType),
            (
                "meta.created sw \"2011-05-13T04:42:34Z\"",
                "meta.created",
                WrongOperator,
            ),
            (
                "x509Certificates.value gt \"AAAA\"",
                "x509Certificates.value",
                WrongOperator,
            ),
            (
                "x509Certificates co \"AAAA\"",
                "x509Certificates",
                WrongOperator,
            ),
            ("userName gt null", "userName", WrongOperator),
        ] {
            assert_eq!(
                refusal(filter),
                Some((attribute.to_owned(), kind)),
                "{filter}"
            );
        }
    }

    #[test]
    fn long_names_are_shortened_in_errors() {
        let (attribute, _) = refusal(&format!("{} pr", "a".repeat(10_000))).unwrap();
        assert_eq!(attribute.chars().count(), 201);
    }

    #[test]
    fn a_hidden_value_can_not_be_searched_through_its_owner() {
        let attribute = |value: serde_json::Value| -> Attribute {
            serde_json::from_value(json!({
                "name": "keys", "type": "complex", "multiValued": true,
                "subAttributes": [value, { "name": "type" }],
            }))
            .unwrap()
        };
        let keys = attribute(json!({ "name": "value", "returned": "never" }));
        for filter in ["value pr", "value eq \"x\"", "type pr and value ne null"] {
            let error = keys
                .compile_value_filter(&filter.parse().unwrap())
                .unwrap_err();
            assert_eq!(error.kind(), CompileErrorKind::NeverReturned, "{filter}");
            assert_eq!(error.attribute(), "keys.value");
        }
        let keys = attribute(json!({ "name": "value", "mutability": "writeOnly" }));
        assert!(
            keys.compile_value_filter(&"value pr".parse().unwrap())
                .is_err()
        );
        assert!(
            keys.compile_value_filter(&"type pr".parse().unwrap())
                .is_ok()
        );
    }

    #[test]
    fn whatever_parses_is_shallow_enough() {
        let level = "userName pr or title pr and not (";
        let deepest = format!(
            "{}emails[value pr or value pr and value pr]{}",
            level.repeat(MAX_DEPTH - 1),
            ")".repeat(MAX_DEPTH - 1)
        );
        assert_eq!(refusal(&deepest), None);
        let mut filter: Filter = "userName pr".parse().unwrap();
        for _ in 0..1000 {
            filter = Filter::Not(Box::new(filter));
        }
        let types = ResourceTypes::rfc7643();
        let error = types.get("User").unwrap().compile(&filter).unwrap_err();
        assert_eq!(error.kind(), CompileErrorKind::TooDeep);
    }
}
