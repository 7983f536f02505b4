use std::fmt;

use serde_json::{Map, Value};

use super::compile::Compiler;
use super::node::Node;
use super::place::Subject;
use super::{CompileError, Filter};
use crate::schema::ResourceType;

/// A filter for the resources of one type.
///
/// - Types compare as the schema says: strings and references by code points, without case
///   unless the attribute is case-exact (references are); numbers by value, exactly; dateTimes
///   as instants; booleans and binaries by `eq` and `ne` only. A boolean may be given as a string.
/// - A comparison with a complex attribute is one with its `value`. A URI of a resource (`$ref`,
///   `meta.location`) is found under any base URL.
/// - The values at a path such as `emails.type` are those in all values of the list, and one of
///   them has to pass. Where there is none, `ne` passes and all others fail.
/// - `pr` wants one that is not empty: `""`, `[]` and `{}` say nothing. `eq null` is the opposite
///   of `pr`, `ne null` is the same.
/// - A value path fails where the attribute has no value.
#[derive(Clone, PartialEq, Eq)]
pub struct Matcher {
    pub(super) node: Node,
}

impl Matcher {
    /// Whether `resource` matches: the whole of it, as
    /// [`Resource::as_object`](crate::Resource::as_object) gives it.
    pub fn matches(&self, resource: &Map<String, Value>) -> bool {
        self.node.matches(Subject::Resource(resource))
    }

    /// Whether the answer depends on the attribute `name` of the core schema, so that it has to
    /// be there; `name` is in the schema's spelling.
    pub fn reads(&self, name: &str) -> bool {
        self.node.reads(name)
    }
}

impl fmt::Debug for Matcher {
    /// Nothing of it: filters hold personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matcher").finish_non_exhaustive()
    }
}

impl ResourceType {
    /// Makes `filter` ready for resources of this type.
    ///
    /// ```
    /// use scim_provider::filter::Filter;
    /// use scim_provider::schema::ResourceTypes;
    /// use serde_json::json;
    ///
    /// let types = ResourceTypes::rfc7643();
    /// let filter: Filter = r#"emails[type eq "work"] and active eq true"#.parse()?;
    /// let matcher = types.get("User").unwrap().compile(&filter)?;
    ///
    /// let user = json!({ "active": true, "emails": [{ "type": "Work", "value": "b@example.com" }] });
    /// assert!(matcher.matches(user.as_object().unwrap()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first attribute that can't be used as the filter wants.
    pub fn compile(&self, filter: &Filter) -> Result<Matcher, CompileError> {
        let node = Compiler::of_resource(self, false).compile(filter)?;
        Ok(Matcher { node })
    }

    /// The same for a query over several types: attributes that this type does not have, or has
    /// with another type, count as attributes without a value (RFC 7644 §3.4.2.1).
    ///
    /// # Errors
    ///
    /// An attribute that is never returned, or an operator that its type does not have.
    pub fn compile_lenient(&self, filter: &Filter) -> Result<Matcher, CompileError> {
        let node = Compiler::of_resource(self, true).compile(filter)?;
        Ok(Matcher { node })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::ResourceTypes;

    const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

    fn user() -> Value {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
            "id": "2819C223",
            "userName": "BJensen@example.com",
            "externalId": "Ext-1",
            "title": "",
            "active": true,
            "profileUrl": "https://example.com/BJ",
            "name": { "familyName": "O'Malley", "givenName": "Bárbara" },
            "emails": [
                { "value": "b@example.com", "type": "work", "primary": true },
                { "value": "b@home.example.org", "type": "home" },
                { "value": "untyped@example.net" },
            ],
            "x509Certificates": [{ "value": "-_8=" }],
            "groups": [{ "value": "g1", "$ref": "Groups/g1" }],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                "manager": { "value": "26118915", "$ref": "Users/26118915" },
            },
            "meta": {
                "resourceType": "User",
                "created": "2011-05-13T04:42:34.000000Z",
                "lastModified": "2011-05-13T04:42:34.000001Z",
                "location": "Users/2819C223",
                "version": "W/\"a\"",
            },
        })
    }

    fn matches(filter: &str) -> bool {
        let types = ResourceTypes::rfc7643();
        let filter: Filter = filter.parse().unwrap();
        let matcher = types.get("User").unwrap().compile(&filter);
        let matcher = matcher.unwrap_or_else(|error| panic!("{filter}: {error}"));
        matcher.matches(user().as_object().unwrap())
    }

    #[test]
    fn values_compare_by_their_type() {
        for (filter, expected) in [
            (r#"userName eq "bjensen@EXAMPLE.com""#, true),
            (r#"userName ne "bjensen@EXAMPLE.com""#, false),
            (r#"USERNAME SW "bj""#, true),
            (r#"userName gt "b""#, true),
            (r#"userName lt "b""#, false),
            (r#"externalId eq "ext-1""#, false),
            (r#"externalId eq "Ext-1""#, true),
            (r#"id eq "2819c223""#, false),
            (r#"name.familyName co "O'M""#, true),
            (r#"name.givenName eq "BÁRBARA""#, true),
            (r#"profileUrl eq "https://example.com/bj""#, false),
            (r#"profileUrl ew "/BJ""#, true),
            ("active eq true", true),
            ("active ne TRUE", false),
            (r#"active eq "True""#, true),
            (r#"active eq "False""#, false),
            (r#"meta.created eq "2011-05-13T06:42:34+02:00""#, true),
            (r#"meta.lastModified gt "2011-05-13T04:42:34Z""#, true),
            (
                r#"meta.lastModified ge "2011-05-13T04:42:34.000001Z""#,
                true,
            ),
            (
                r#"meta.lastModified gt "2011-05-13T04:42:34.0000005Z""#,
                true,
            ),
            (
                r#"meta.lastModified le "2011-05-13T04:42:34.0000005Z""#,
                false,
            ),
            (r#"meta.created lt "2011-05-14T00:00:00Z""#, true),
            (r#"x509Certificates.value eq "+/8""#, true),
            (r#"x509Certificates ne "+/8""#, false),
            (
                r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
                true,
            ),
            (
                r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:Group""#,
                false,
            ),
            (r#"meta.version eq "W/\"a\"""#, true),
        ] {
            assert_eq!(matches(filter), expected, "{filter}");
        }
    }

    #[test]
    fn one_of_many_values_is_enough() {
        for (filter, expected) in [
            (r#"emails co "example.org""#, true),
            (r#"emails.value eq "B@EXAMPLE.COM""#, true),
            (
                r#"emails.type eq "work" and emails.value sw "b@home""#,
                true,
            ),
            (r#"emails[type eq "work" and value sw "b@home"]"#, false),
            (r#"emails[type eq "home" and value sw "b@home"]"#, true),
            (r#"emails[not (type pr)]"#, true),
            (r#"emails[type ne "work" and value ew ".net"]"#, true),
            (r#"emails.type ne "work""#, true),
            (r#"phoneNumbers[value pr]"#, false),
            (r#"not (phoneNumbers[value pr])"#, true),
            (
                r#"emails[value eq "x" or (type eq "work" and primary eq true)]"#,
                true,
            ),
        ] {
            assert_eq!(matches(filter), expected, "{filter}");
        }
    }

    #[test]
    fn absent_values_are_not_equal_to_any() {
        for (filter, expected) in [
            ("nickName pr", false),
            ("nickName eq \"x\"", false),
            ("nickName ne \"x\"", true),
            ("nickName gt \"\"", false),
            ("nickName le \"\"", false),
            ("nickName co \"\"", false),
            ("nickName eq null", true),
            ("nickName ne null", false),
            ("title pr", false),
            ("title eq null", true),
            ("title eq \"\"", true),
            ("userName eq null", false),
            ("userName ne null", true),
            ("emails pr", true),
            ("emails eq null", false),
            ("phoneNumbers ne \"x\"", true),
            ("name pr and meta pr and active pr", true),
            ("name.middleName pr", false),
        ] {
            assert_eq!(matches(filter), expected, "{filter}");
        }
    }

    #[test]
    fn references_to_resources_are_found_under_any_base_url() {
        for (filter, expected) in [
            (
                r#"meta.location eq "https://example.com/v2/Users/2819C223""#,
                true,
            ),
            (r#"meta.location eq "Users/2819C223""#, true),
            (
                r#"meta.location ne "https://example.com/v2/Users/2819C223""#,
                false,
            ),
            (
                r#"meta.location eq "https://example.com/v2/XUsers/2819C223""#,
                false,
            ),
            (r#"groups.$ref eq "https://example.com/v2/Groups/g1""#, true),
            (
                r#"groups[$ref eq "https://example.com/v2/Groups/g2"]"#,
                false,
            ),
            (r#"groups.$ref co "Groups/""#, true),
        ] {
            assert_eq!(matches(filter), expected, "{filter}");
        }
        assert!(matches(&format!(
            "{MANAGER}.$ref eq \"https://x/Users/26118915\""
        )));
        assert!(matches(&format!("{MANAGER} eq \"26118915\"")));
        assert!(matches(&format!(
            "{}[value sw \"26\"]",
            MANAGER.to_uppercase()
        )));
    }

    #[test]
    fn over_several_types_an_unknown_attribute_has_no_value() {
        let types = ResourceTypes::rfc7643();
        let group = types.get("Group").unwrap();
        let resource = json!({ "displayName": "Tour Guides" });
        let lenient = |filter: &str| {
            let matcher = group.compile_lenient(&filter.parse().unwrap())?;
            Ok::<_, CompileError>(matcher.matches(resource.as_object().unwrap()))
        };
        for (filter, expected) in [
            ("userName pr", false),
            ("userName eq \"x\"", false),
            ("userName ne \"x\"", true),
            ("userName eq null", true),
            ("not (userName pr)", true),
            ("userName eq \"x\" or displayName sw \"tour\"", true),
            ("emails[type pr]", false),
            ("not (emails[type pr])", true),
            ("displayName eq 5", false),
            ("displayName ne 5", true),
        ] {
            assert_eq!(lenient(filter), Ok(expected), "{filter}");
        }
        let user = types.get("User").unwrap();
        let error = user
            .compile_lenient(&"password eq \"x\"".parse().unwrap())
            .unwrap_err();
        assert_eq!(error.kind(), super::super::CompileErrorKind::NeverReturned);
    }

    #[test]
    fn what_is_read_is_known() {
        let types = ResourceTypes::rfc7643();
        let filter = "displayName pr or not (members[value eq \"x\"] and id pr)";
        let matcher = types
            .get("Group")
            .unwrap()
            .compile(&filter.parse().unwrap())
            .unwrap();
        let read: Vec<_> = ["displayName", "members", "id", "meta"]
            .into_iter()
            .filter(|name| matcher.reads(name))
            .collect();
        assert_eq!(read, ["displayName", "members", "id"]);
    }

    #[test]
    fn a_matcher_can_go_to_another_task() {
        const fn assert<T: Send + Sync + Clone + 'static>() {}
        assert::<Matcher>();
        assert::<crate::filter::ValueMatcher>();
        assert::<crate::filter::Sorter>();
    }

    #[test]
    fn debug_output_shows_no_value() {
        let types = ResourceTypes::rfc7643();
        let filter = "userName eq \"secret\"".parse().unwrap();
        let shown = format!("{:?}", types.get("User").unwrap().compile(&filter));
        assert!(!shown.contains("secret"), "{shown}");
    }
}
