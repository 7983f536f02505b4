use std::fmt;

use scim_provider::filter::{Comparand, CompareOp, Filter, PatchPath, PathTarget, ValueMatcher};
use scim_provider::schema::{Attribute, AttributeType, Extension, ResourceType, UnknownAttributes};
use serde_json::{Map, Value};

use super::given::{Reader, is_read_only};
use super::{PatchProblem, member};

/// Where a path leads.
pub(super) enum Place<'t> {
    /// The resource itself.
    Resource,
    /// All attributes of an extension.
    Extension(&'t Extension),
    Attribute(Box<Target<'t>>),
}

/// An attribute, some values of it, or a sub-attribute of those.
pub(super) struct Target<'t> {
    /// The URI of the extension that has it.
    pub(super) extension: Option<&'t str>,
    pub(super) attribute: &'t Attribute,
    pub(super) selector: Option<Selector<'t>>,
    pub(super) sub: Option<&'t Attribute>,
    /// Whether the attribute is kept as links, whose values differ in their `value`.
    pub(super) linked: bool,
}

/// Which values of an attribute are meant.
pub(super) struct Selector<'t> {
    matcher: ValueMatcher,
    /// How many comparisons it makes at most.
    pub(super) terms: usize,
    /// What every value has that matches.
    conjuncts: Vec<(&'t Attribute, Value)>,
    /// If only links to some targets can match, these.
    pub(super) candidates: Option<Vec<String>>,
}

impl<'t> Place<'t> {
    /// Where `path` leads to in resources of type `resource_type`; `None` if it leads nowhere.
    ///
    /// # Errors
    ///
    /// If its filter can't be used there.
    pub(super) fn find(
        path: &PatchPath,
        resource_type: &'t ResourceType,
    ) -> Result<Option<Self>, PatchProblem> {
        let resolved = match (resource_type.resolve_path(path.attribute()), path.filter()) {
            (Some(PathTarget::Attribute(resolved)), _) => resolved,
            (Some(PathTarget::Core(_)), None) => return Ok(Some(Self::Resource)),
            (Some(PathTarget::Extension(extension)), None) => {
                return Ok(Some(Self::Extension(extension)));
            }
            (_, _) => return Ok(None),
        };
        let attribute = resolved.attribute();
        let sub = match path.sub() {
            Some(name) => match attribute.sub_attribute(name) {
                Some(sub) => Some(sub),
                None => return Ok(None),
            },
            None => None,
        };
        let extension = resolved.extension().map(|own| own.schema().id());
        let mut target = Target::new(resource_type, extension, attribute);
        target.sub = sub;
        target.selector = match path.filter() {
            Some(filter) => Some(Selector::new(attribute, filter, target.linked)?),
            None => None,
        };
        Ok(Some(Self::Attribute(Box::new(target))))
    }
}

impl<'t> Target<'t> {
    /// The whole `attribute` of the core schema or of `extension`.
    pub(super) fn new(
        resource_type: &ResourceType,
        extension: Option<&'t str>,
        attribute: &'t Attribute,
    ) -> Self {
        let linked =
            extension.is_none() && resource_type.links().any(|link| link == attribute.name());
        Self {
            extension,
            attribute,
            selector: None,
            sub: None,
            linked,
        }
    }

    /// What the path leads to: the sub-attribute, or else the attribute.
    pub(super) fn leaf(&self) -> &'t Attribute {
        self.sub.unwrap_or(self.attribute)
    }

    pub(super) fn is_read_only(&self) -> bool {
        is_read_only(self.attribute) || self.sub.is_some_and(is_read_only)
    }
}

impl fmt::Display for Target<'_> {
    /// The path, without what the filter says.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(extension) = self.extension {
            write!(f, "{extension}:")?;
        }
        f.write_str(self.attribute.name())?;
        if self.selector.is_some() {
            f.write_str("[…]")?;
        }
        match self.sub {
            Some(sub) => write!(f, ".{}", sub.name()),
            None => Ok(()),
        }
    }
}

impl<'t> Selector<'t> {
    fn new(attribute: &'t Attribute, filter: &Filter, linked: bool) -> Result<Self, PatchProblem> {
        if !attribute.multi_valued() {
            return Err(PatchProblem::NotMultiValued);
        }
        let matcher = attribute.compile_value_filter(filter);
        let mut conjuncts = Vec::new();
        collect_conjuncts(attribute, filter, &mut conjuncts);
        let by_target = linked
            && attribute
                .sub_attribute("value")
                .is_some_and(Attribute::case_exact);
        Ok(Self {
            matcher: matcher.map_err(PatchProblem::UnfitFilter)?,
            terms: count_terms(filter),
            conjuncts,
            candidates: if by_target { candidates(filter) } else { None },
        })
    }

    pub(super) fn matches(&self, value: &Value) -> bool {
        self.matcher.matches(value)
    }

    /// The least that a value of `attribute` has to say to match, if that can be said.
    pub(super) fn seed(&self, attribute: &Attribute) -> Value {
        if attribute.attribute_type() != AttributeType::Complex {
            let value = self.conjuncts.first().map(|(_, value)| value.clone());
            return value.unwrap_or_default();
        }
        let mut seed = Map::new();
        for (sub, value) in &self.conjuncts {
            member::set(&mut seed, sub.name(), value.clone());
        }
        Value::Object(seed)
    }
}

/// What `filter` says that a value of `attribute` equals.
fn collect_conjuncts<'t>(
    attribute: &'t Attribute,
    filter: &Filter,
    found: &mut Vec<(&'t Attribute, Value)>,
) {
    match filter {
        Filter::And(terms) => terms
            .iter()
            .for_each(|term| collect_conjuncts(attribute, term, found)),
        Filter::Compare(path, CompareOp::Eq, comparand) => {
            let part = if attribute.attribute_type() == AttributeType::Complex {
                attribute.sub_attribute(path.name())
            } else {
                Some(attribute)
            };
            let unknown = UnknownAttributes::Refuse;
            let value = part.map(|part| (part, Reader { unknown }.single(part, &json(comparand))));
            if let Some((part, Ok(value))) = value
                && !value.is_null()
                && !is_read_only(part)
            {
                found.push((part, value));
            }
        }
        _ => {}
    }
}

fn json(comparand: &Comparand) -> Value {
    match comparand {
        Comparand::String(text) => text.as_str().into(),
        Comparand::Number(number) => Value::Number(number.clone()),
        Comparand::Boolean(flag) => Value::Bool(*flag),
        Comparand::Null => Value::Null,
    }
}

/// All the texts that the `value` of something that matches can be, if that follows from
/// `filter`. Only true of a `value` that is compared with its case.
fn candidates(filter: &Filter) -> Option<Vec<String>> {
    match filter {
        Filter::Compare(path, CompareOp::Eq, Comparand::String(text)) => {
            let is_value = path.uri().is_none() && path.name().eq_ignore_ascii_case("value");
            is_value.then(|| vec![text.clone()])
        }
        Filter::And(terms) => terms.iter().find_map(candidates),
        Filter::Or(terms) => {
            let each: Option<Vec<_>> = terms.iter().map(candidates).collect();
            each.map(|each| each.concat())
        }
        Filter::Compare(..) | Filter::Present(_) | Filter::Not(_) | Filter::ValuePath(..) => None,
    }
}

fn count_terms(filter: &Filter) -> usize {
    match filter {
        Filter::Compare(..) | Filter::Present(_) => 1,
        Filter::Not(inner) | Filter::ValuePath(_, inner) => count_terms(inner),
        Filter::And(terms) | Filter::Or(terms) => terms.iter().map(count_terms).sum(),
    }
}

#[cfg(test)]
mod tests {
    use scim_provider::schema::ResourceTypes;
    use serde_json::json;

    use super::*;
    use crate::patch::PatchErrorKind;

    fn with_target<T>(path: &str, look: impl Fn(&Target<'_>) -> T) -> Option<T> {
        let types = ResourceTypes::rfc7643();
        let path = path.parse().unwrap();
        ["User", "Group"].iter().find_map(|name| {
            match Place::find(&path, types.get(name).unwrap()).unwrap()? {
                Place::Attribute(target) => Some(look(&target)),
                _ => None,
            }
        })
    }

    #[test]
    fn a_path_is_shown_without_its_filter() {
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        for (path, shown) in [
            ("USERNAME", "userName".to_owned()),
            (
                "emails[type eq \"secret\"].VALUE",
                "emails[…].value".to_owned(),
            ),
            (
                &format!("{}:manager.value", enterprise.to_lowercase()),
                format!("{enterprise}:manager.value"),
            ),
        ] {
            assert_eq!(with_target(path, |target| target.to_string()), Some(shown));
        }
    }

    #[test]
    fn schemas_are_places_too() {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        let find = |path: &str| Place::find(&path.parse().unwrap(), user);
        let core = find("urn:ietf:params:scim:schemas:core:2.0:User");
        assert!(matches!(core, Ok(Some(Place::Resource))));
        let extension = find("URN:ietf:params:scim:schemas:extension:enterprise:2.0:user");
        assert!(matches!(extension, Ok(Some(Place::Extension(_)))));
        for nowhere in [
            "shoeSize",
            "name.shoeSize",
            "userName.value",
            "urn:x:y",
            "department",
        ] {
            assert!(matches!(find(nowhere), Ok(None)), "{nowhere}");
        }
    }

    #[test]
    fn a_filter_needs_several_values_and_known_attributes() {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        for (path, kind) in [
            (
                "name[givenName eq \"a\"].familyName",
                PatchErrorKind::InvalidPath,
            ),
            ("emails[shoeSize eq 1]", PatchErrorKind::InvalidFilter),
            ("emails[primary eq 1]", PatchErrorKind::InvalidFilter),
        ] {
            let problem = Place::find(&path.parse().unwrap(), user).err().unwrap();
            assert_eq!(problem.kind(), kind, "{path}");
        }
    }

    #[test]
    fn the_links_that_can_match_follow_from_the_filter() {
        for (filter, expected) in [
            ("value eq \"a\"", Some(vec!["a"])),
            ("VALUE eq \"a\" and type eq \"User\"", Some(vec!["a"])),
            (
                "type eq \"User\" and (value eq \"a\" or value eq \"b\")",
                Some(vec!["a", "b"]),
            ),
            ("value eq \"a\" or type eq \"User\"", None),
            ("not (value eq \"a\")", None),
            ("value sw \"a\"", None),
            ("display eq \"a\"", None),
        ] {
            let path = format!("members[{filter}]");
            let found = with_target(&path, |t| t.selector.as_ref().unwrap().candidates.clone());
            let expected = expected.map(|all| all.iter().map(|t| (*t).to_owned()).collect());
            assert_eq!(found, Some(expected), "{filter}");
        }
        // Nothing is known of values that are no links.
        let path = "emails[value eq \"a\"]";
        let found = with_target(path, |t| t.selector.as_ref().unwrap().candidates.clone());
        assert_eq!(found, Some(None));
    }

    #[test]
    fn a_seed_says_what_the_filter_wants() {
        for (filter, seed) in [
            ("type eq \"work\"", json!({ "type": "work" })),
            (
                "TYPE eq \"work\" and primary eq \"True\" and value pr",
                json!({ "type": "work", "primary": true }),
            ),
            ("type eq \"work\" or type eq \"home\"", json!({})),
        ] {
            let path = format!("emails[{filter}]");
            let found = with_target(&path, |t| t.selector.as_ref().unwrap().seed(t.attribute));
            assert_eq!(found, Some(seed), "{filter}");
        }
    }
}
