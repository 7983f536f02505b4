use serde_json::{Map, Value};

use super::fault::Fault;
use crate::resource::ResourceError;
use crate::schema::{InputRules, ResourceType};

impl ResourceType {
    /// [`normalise`](Self::normalise) without taking anything apart: one object, as
    /// [`Resource::as_object`](crate::Resource::as_object) shows a stored resource, but for what only
    /// the service provider sets. So the two can be compared, and merged.
    ///
    /// What is said of attributes that are never shown is in it, in clear text. Whether all is there
    /// that is required is not looked at.
    ///
    /// ```
    /// use scim_provider::schema::{InputRules, ResourceTypes};
    /// use serde_json::json;
    ///
    /// let types = ResourceTypes::rfc7643();
    /// let group = json!({
    ///     "DISPLAYNAME": "Guides", "id": "ignored",
    ///     "members": [{ "value": "1", "$ref": "https://example.com/v2/Users/1" }],
    /// });
    /// let normal = types.get("Group").unwrap().normal_object(group, InputRules::default())?;
    /// assert_eq!(
    ///     serde_json::Value::Object(normal),
    ///     json!({
    ///         "displayName": "Guides",
    ///         "members": [{ "value": "1", "$ref": "Users/1", "type": "User" }],
    ///     })
    /// );
    /// # Ok::<(), scim_provider::ResourceError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`normalise`](Self::normalise).
    pub fn normal_object(
        &self,
        value: Value,
        rules: impl Into<InputRules>,
    ) -> Result<Map<String, Value>, ResourceError> {
        let Value::Object(map) = value else {
            return Err(Fault::wrong_type("an object", &value).into());
        };
        let (mut normal, links) = self.normal_parts(map, rules.into())?;
        for (link, _) in links {
            let mut item: Map<String, Value> = serde_json::from_slice(&link.detail)
                .expect("the detail of a link was printed from an object");
            item.insert("value".into(), (*link.key.target).into());
            if let Some(reference) = link.reference {
                item.insert("$ref".into(), (*reference).into());
            }
            let list = normal.entry(&*link.key.attribute);
            if let Value::Array(items) = list.or_insert_with(|| Value::Array(Vec::new())) {
                items.push(item.into());
            }
        }
        Ok(normal)
    }
}
