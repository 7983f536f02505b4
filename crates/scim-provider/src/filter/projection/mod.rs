//! Which attributes of a resource an answer shows (RFC 7644 §3.4.2.5, §3.9).

mod parts;
mod projector;
mod view;

use super::{AttributePath, FilterError, FilterErrorKind, MAX_LENGTH};
use crate::schema::ResourceType;
pub use projector::Projector;

/// Which attributes a client wants to see: `attributes` or `excludedAttributes` (RFC 7644 §3.9).
///
/// Paths may name attributes, sub-attributes, or whole schemas by their URI. Those that lead
/// nowhere in a type of resources are passed over.
///
/// ```
/// use scim_provider::filter::Projection;
/// use scim_provider::schema::ResourceTypes;
/// use serde_json::json;
///
/// let types = ResourceTypes::rfc7643();
/// let projection = Projection::parse_include("userName, emails.value")?;
/// let user = json!({
///     "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "2819c223",
///     "userName": "bjensen", "title": "Tour Guide",
///     "emails": [{ "value": "b@example.com", "type": "work" }],
/// });
/// let shown = types.get("User").unwrap().project(&projection, user.as_object().unwrap().clone());
/// assert_eq!(serde_json::Value::Object(shown), json!({
///     "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "2819c223",
///     "userName": "bjensen",
///     "emails": [{ "value": "b@example.com" }],
/// }));
/// # Ok::<(), scim_provider::filter::FilterError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Projection {
    mode: Mode,
    paths: Vec<AttributePath>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Default,
    Include,
    Exclude,
    Written,
}

impl Projection {
    /// These attributes, and those that are always returned. If there are none, the client did
    /// not say anything (RFC 7643 §2.5), and sees what is returned by default.
    pub fn include(paths: impl IntoIterator<Item = AttributePath>) -> Self {
        Self::new(Mode::Include, paths.into_iter().collect())
    }

    /// What is returned by default, without these attributes.
    pub fn exclude(paths: impl IntoIterator<Item = AttributePath>) -> Self {
        Self::new(Mode::Exclude, paths.into_iter().collect())
    }

    /// What is returned by default, and of what is returned on request only these: what is
    /// shown to a client that did not say anything, but has written these attributes (RFC 7643
    /// §7, `returned`).
    pub fn written(paths: impl IntoIterator<Item = AttributePath>) -> Self {
        Self::new(Mode::Written, paths.into_iter().collect())
    }

    /// [`include`](Self::include) of paths with commas between, as they stand in a query.
    ///
    /// # Errors
    ///
    /// If the text is longer than [`MAX_LENGTH`], or one of them is no path.
    pub fn parse_include(text: &str) -> Result<Self, FilterError> {
        paths(text).map(Self::include)
    }

    /// [`exclude`](Self::exclude) of paths with commas between, as they stand in a query.
    ///
    /// # Errors
    ///
    /// If the text is longer than [`MAX_LENGTH`], or one of them is no path.
    pub fn parse_exclude(text: &str) -> Result<Self, FilterError> {
        paths(text).map(Self::exclude)
    }

    const fn new(mode: Mode, paths: Vec<AttributePath>) -> Self {
        let mode = if paths.is_empty() {
            Mode::Default
        } else {
            mode
        };
        Self { mode, paths }
    }

    /// Whether the client wants what is returned by default.
    pub fn is_default(&self) -> bool {
        matches!(self.mode, Mode::Default | Mode::Written)
    }

    /// Whether anything of the attribute `name` of the core schema is shown, so that it has to
    /// be read.
    pub fn wants(&self, resource_type: &ResourceType, name: &str) -> bool {
        resource_type.projector(self).wants(name)
    }
}

impl ResourceType {
    /// What `projection` leaves of `resource`, a whole resource of this type.
    ///
    /// See [`Projector::project`].
    pub fn project(
        &self,
        projection: &Projection,
        resource: serde_json::Map<String, serde_json::Value>,
    ) -> serde_json::Map<String, serde_json::Value> {
        self.projector(projection).project(resource)
    }

    /// Makes `projection` ready for many resources of this type.
    pub fn projector<'a>(&'a self, projection: &Projection) -> Projector<'a> {
        Projector::new(self, projection)
    }

    /// Whether something of a resource is not shown unless a client asks for it, so that even
    /// the [default](Projection::default) projection has to look at each.
    ///
    /// The password does not count: it is kept apart from the rest.
    pub fn hides_by_default(&self) -> bool {
        self.levels().any(|level| level.hides_by_default())
    }
}

/// The paths in `text`; elements without any text are passed over.
fn paths(text: &str) -> Result<Vec<AttributePath>, FilterError> {
    if text.len() > MAX_LENGTH {
        return Err(FilterError::new(FilterErrorKind::TooLong, MAX_LENGTH));
    }
    let mut paths = Vec::new();
    let mut position = 0;
    for element in text.split(',') {
        let path = element.trim_ascii_start();
        let at = position + element.len() - path.len();
        position += element.len() + 1;
        let path = path.trim_ascii_end();
        if !path.is_empty() {
            paths.push(AttributePath::of_attribute_or_schema(path, at)?);
        }
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ResourceTypes;

    #[test]
    fn lists_are_split_at_commas() {
        let shown = |text: &str| -> Vec<String> {
            let paths = paths(text).unwrap();
            paths.iter().map(ToString::to_string).collect()
        };
        assert_eq!(shown("userName"), ["userName"]);
        assert_eq!(shown(" a , b.c,,urn:x:1.0 ,"), ["a", "b.c", "urn:x:1.0"]);
        assert!(shown("").is_empty() && shown(" , ").is_empty());
    }

    #[test]
    fn what_is_no_path_is_refused_with_its_place() {
        for (text, kind, position) in [
            ("a,b c", FilterErrorKind::MalformedPath, 3),
            ("a, 1", FilterErrorKind::MalformedPath, 3),
            ("a,  b.c.d", FilterErrorKind::MalformedPath, 4),
            ("a;b", FilterErrorKind::MalformedPath, 0),
            ("é", FilterErrorKind::MalformedPath, 0),
        ] {
            let error = Projection::parse_include(text).unwrap_err();
            assert_eq!((error.kind(), error.position()), (kind, position), "{text}");
        }
        let error = Projection::parse_exclude(&"a,".repeat(MAX_LENGTH)).unwrap_err();
        assert_eq!(error.kind(), FilterErrorKind::TooLong);
    }

    #[test]
    fn an_empty_list_says_nothing() {
        for text in ["", ",", " "] {
            assert!(Projection::parse_include(text).unwrap().is_default());
            assert_eq!(
                Projection::parse_exclude(text).unwrap(),
                Projection::default()
            );
        }
        assert!(!Projection::parse_include("a").unwrap().is_default());
    }

    #[test]
    fn what_is_not_wanted_need_not_be_read() {
        let types = ResourceTypes::rfc7643();
        let group = types.get("Group").unwrap();
        let wants = |projection: Result<Projection, FilterError>| {
            projection.unwrap().wants(group, "members")
        };
        assert!(Projection::default().wants(group, "members"));
        assert!(wants(Projection::parse_include("members.value")));
        assert!(wants(Projection::parse_include(group.schema().id())));
        assert!(!wants(Projection::parse_include("displayName")));
        assert!(wants(Projection::parse_exclude(
            "members.value,displayName"
        )));
        assert!(!wants(Projection::parse_exclude("MEMBERS")));
        assert!(Projection::parse_exclude("id").unwrap().wants(group, "id"));
    }

    #[test]
    fn the_types_of_the_rfc_hide_nothing_by_default() {
        for resource_type in &ResourceTypes::rfc7643() {
            assert!(!resource_type.hides_by_default(), "{resource_type:?}");
        }
    }
}
