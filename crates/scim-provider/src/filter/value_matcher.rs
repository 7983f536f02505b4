use std::fmt;

use serde_json::Value;

use super::compile::Compiler;
use super::node::Node;
use super::place::Subject;
use super::{CompileError, Filter};
use crate::schema::Attribute;

/// A filter for the values of one attribute, as it stands in brackets.
///
/// It compares as a [`Matcher`](super::Matcher) does.
#[derive(Clone, PartialEq, Eq)]
pub struct ValueMatcher {
    node: Node,
}

impl ValueMatcher {
    /// Whether `value` matches: one value of the attribute, with names in the schema's spelling.
    pub fn matches(&self, value: &Value) -> bool {
        self.node.matches(Subject::Value(value))
    }
}

impl fmt::Debug for ValueMatcher {
    /// Nothing of it: filters hold personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValueMatcher").finish_non_exhaustive()
    }
}

impl Attribute {
    /// Makes `filter`, which stood in brackets behind this attribute, ready for its values.
    ///
    /// Names are those of sub-attributes; a simple value of a list is called `value`.
    ///
    /// ```
    /// use scim_provider::filter::PatchPath;
    /// use scim_provider::schema::ResourceTypes;
    /// use serde_json::json;
    ///
    /// let types = ResourceTypes::rfc7643();
    /// let emails = types.get("User").unwrap().attribute("emails").unwrap();
    /// let path: PatchPath = r#"emails[primary eq "True"].value"#.parse()?;
    /// let matcher = emails.compile_value_filter(path.filter().unwrap())?;
    /// assert!(matcher.matches(&json!({ "value": "b@example.com", "primary": true })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first attribute that can't be used as the filter wants.
    pub fn compile_value_filter(&self, filter: &Filter) -> Result<ValueMatcher, CompileError> {
        let node = Compiler::of_value(self).compile(filter)?;
        Ok(ValueMatcher { node })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::schema::ResourceTypes;

    #[test]
    fn a_value_is_looked_at_by_itself() {
        let types = ResourceTypes::rfc7643();
        let emails = types.get("User").unwrap().attribute("emails").unwrap();
        let value = json!({ "value": "B@example.com", "type": "work", "primary": true });
        for (filter, expected) in [
            ("value eq \"b@EXAMPLE.com\"", true),
            ("TYPE eq \"work\" and primary eq true", true),
            ("primary eq \"False\"", false),
            ("primary ne \"False\"", true),
            ("display pr", false),
            ("not (display pr) and (type eq \"home\" or value pr)", true),
            ("display eq null", true),
        ] {
            let matcher = emails
                .compile_value_filter(&filter.parse().unwrap())
                .unwrap();
            assert_eq!(matcher.matches(&value), expected, "{filter}");
        }
    }

    #[test]
    fn simple_values_of_a_list_are_called_value() {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        let schemas = user.attribute("schemas").unwrap();
        let matcher = schemas
            .compile_value_filter(&"Value ew \":User\"".parse().unwrap())
            .unwrap();
        assert!(matcher.matches(&json!("urn:ietf:params:scim:schemas:core:2.0:User")));
        assert!(!matcher.matches(&json!("urn:ietf:params:scim:schemas:core:2.0:Group")));
        let title = user.attribute("title").unwrap();
        assert!(
            title
                .compile_value_filter(&"value pr".parse().unwrap())
                .is_err()
        );
    }

    #[test]
    fn values_that_are_no_objects_have_no_parts() {
        let types = ResourceTypes::rfc7643();
        let emails = types.get("User").unwrap().attribute("emails").unwrap();
        let matcher = emails.compile_value_filter(&"value pr or type eq \"x\"".parse().unwrap());
        let matcher = matcher.unwrap();
        for value in [json!(null), json!("x"), json!(1), json!([]), json!({})] {
            assert!(!matcher.matches(&value), "{value}");
        }
    }
}
