use std::sync::Arc;

use serde_json::{Map, Value};

use super::Normaliser;
use super::fault::{Checked, Fault};
use super::value::{is_unassigned, one_primary};
use crate::resource::ResourceErrorKind;
use crate::schema::reference::Endpoint;
use crate::schema::targets::TypeSays;
use crate::schema::{Attribute, Targets};
use crate::storage::{Link, LinkKey};

impl<'a> Normaliser<'a> {
    /// The values of `attribute`, which is kept as links, in the order of their targets, each
    /// with its position in the list.
    ///
    /// The same value twice is one link; if the other sub-attributes differ, it is
    /// refused, because one of them would be lost.
    pub(super) fn links(
        self,
        attribute: &Attribute,
        name: &Arc<str>,
        value: Value,
    ) -> Checked<Vec<(Link, usize)>> {
        if is_unassigned(&value) {
            return Ok(Vec::new());
        }
        let Value::Array(mut items) = value else {
            return Err(Fault::wrong_type("an array", &value));
        };
        self.list(attribute, &mut items)?;
        one_primary(&items)?;
        let targets = Targets::of(attribute, self.endpoints);
        let mut detail = Detail::default();
        let mut links: Vec<(Link, usize)> = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let Value::Object(members) = item else {
                return Err(Fault::wrong_type("an object", &item).at(index));
            };
            let link = self.link(targets, name, members, &mut detail);
            links.push((link.map_err(|fault| fault.at(index))?, index));
        }
        links.sort_unstable_by(|(a, i), (b, j)| a.key.target.cmp(&b.key.target).then(i.cmp(j)));
        for pair in links.windows(2) {
            let ((a, _), (b, index)) = (&pair[0], &pair[1]);
            if a.key == b.key && a != b {
                return Err(Fault::new(ResourceErrorKind::Repeated).at(*index));
            }
        }
        links.dedup_by(|(a, _), (b, _)| a.key == b.key);
        Ok(links)
    }

    fn link(
        self,
        targets: Targets<'_>,
        name: &Arc<str>,
        mut members: Map<String, Value>,
        detail: &mut Detail,
    ) -> Checked<Link> {
        let target = match members.remove("value") {
            Some(Value::String(id)) => id,
            _ => return Err(Fault::new(ResourceErrorKind::Missing).within("value")),
        };
        let given = match members.remove("$ref") {
            Some(Value::String(uri)) => Some(uri),
            _ => None,
        };
        let by_reference = given
            .as_deref()
            .and_then(|uri| self.endpoints.of_reference(uri, &target));
        let by_type = self.target_by_type(targets, &members)?;
        if let Some(endpoint) = by_reference {
            allowed(targets, endpoint).map_err(|fault| fault.within("$ref"))?;
            if by_type.is_some_and(|named| named.name != endpoint.name) {
                return Err(Fault::new(ResourceErrorKind::Contradictory).within("type"));
            }
        }
        let reference = match by_reference.or(by_type) {
            Some(endpoint) => {
                if targets.are_told_by_type() && !members.contains_key("type") {
                    members.insert("type".into(), (*endpoint.name).into());
                }
                Some(endpoint.relative(&target).into())
            }
            // What is no resource of ours is the client's to say.
            None if targets.are_open() => given.map(Into::into),
            None => None,
        };
        Ok(Link::new(
            LinkKey::new(name.clone(), target),
            reference,
            detail.of(members),
        ))
    }

    /// Where the resource is found if `type` names its type.
    fn target_by_type(
        self,
        targets: Targets<'_>,
        members: &Map<String, Value>,
    ) -> Checked<Option<&'a Endpoint>> {
        let Some(Value::String(name)) = members.get("type") else {
            return Ok(None);
        };
        let endpoint = match targets.type_says() {
            TypeSays::SomethingElse => None,
            TypeSays::Anything | TypeSays::Target => self.endpoints.of_type(name),
        };
        match endpoint {
            Some(endpoint) => {
                allowed(targets, endpoint).map_err(|fault| fault.within("type"))?;
                Ok(Some(endpoint))
            }
            None if targets.type_says() == TypeSays::Target && !targets.are_open() => {
                Err(Fault::new(ResourceErrorKind::NotATarget).within("type"))
            }
            None => Ok(None),
        }
    }
}

fn allowed(targets: Targets<'_>, endpoint: &Endpoint) -> Checked<()> {
    if targets.include(endpoint) {
        Ok(())
    } else {
        Err(Fault::new(ResourceErrorKind::NotATarget))
    }
}

/// The octets of details. The members of a group mostly differ in nothing but their
/// target: what is like the last one shares its octets.
#[derive(Default)]
struct Detail {
    last: Arc<[u8]>,
    buffer: Vec<u8>,
}

impl Detail {
    fn of(&mut self, members: Map<String, Value>) -> Arc<[u8]> {
        self.buffer.clear();
        scim_version::write_canonical_json(&Value::Object(members), &mut self.buffer);
        if *self.last != *self.buffer {
            self.last = self.buffer.as_slice().into();
        }
        self.last.clone()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ResourceError;
    use crate::schema::{ResourceTypes, UnknownAttributes};

    fn links(members: Value) -> Result<Vec<Link>, ResourceError> {
        let types = ResourceTypes::rfc7643();
        let group = json!({ "displayName": "g", "members": members });
        let form = types
            .get("Group")
            .unwrap()
            .normalise(group, UnknownAttributes::Refuse)?;
        assert!(!form.attributes.contains_key("members"));
        Ok(form.links)
    }

    fn link(target: &str, reference: Option<&str>, detail: Value) -> Link {
        let detail = scim_version::canonical_json(&detail);
        Link::new(
            LinkKey::new("members", target),
            reference.map(Into::into),
            detail,
        )
    }

    #[test]
    fn members_are_links_in_the_order_of_their_targets() {
        let members =
            json!([{ "value": "b" }, { "VALUE": "a", "display": "A" }, {}, { "value": "B" }]);
        assert_eq!(
            links(members),
            Ok(vec![
                link("B", None, json!({})),
                link("a", None, json!({ "display": "A" })),
                link("b", None, json!({})),
            ])
        );
    }

    #[test]
    fn type_and_reference_follow_from_each_other() {
        let user = link("1", Some("Users/1"), json!({ "type": "User" }));
        for member in [
            json!({ "value": "1", "type": "User" }),
            json!({ "value": "1", "$ref": "https://example.com/v2/Users/1" }),
            json!({ "value": "1", "$ref": "../Users/1", "type": "User" }),
            json!({ "value": "1", "$ref": "https://example.com/elsewhere", "type": "User" }),
        ] {
            assert_eq!(links(json!([member])), Ok(vec![user.clone()]), "{member}");
        }
        assert_eq!(
            links(json!([{ "value": "1", "$ref": "Groups/1" }])),
            Ok(vec![link(
                "1",
                Some("Groups/1"),
                json!({ "type": "Group" })
            )])
        );
    }

    #[test]
    fn type_and_reference_must_agree_and_be_allowed() {
        for (member, path, kind) in [
            (
                json!({ "value": "1", "type": "Robot", "$ref": "Robots/1" }),
                "members[0].type",
                ResourceErrorKind::NotATarget,
            ),
            (
                json!({ "value": "1", "type": "Group", "$ref": "Users/1" }),
                "members[0].type",
                ResourceErrorKind::Contradictory,
            ),
        ] {
            let error = links(json!([member])).unwrap_err();
            assert_eq!((error.attribute(), error.kind()), (path, &kind));
        }
    }

    #[test]
    fn one_member_given_twice_is_one_link_unless_the_two_differ() {
        let twice = json!([{ "value": "1" }, { "value": "2" }, { "value": "1" }]);
        assert_eq!(links(twice).map(|links| links.len()), Ok(2));
        let differing =
            json!([{ "value": "1" }, { "value": "2" }, { "value": "1", "display": "x" }]);
        let error = links(differing).unwrap_err();
        assert_eq!(
            (error.attribute(), error.kind()),
            ("members[2]", &ResourceErrorKind::Repeated)
        );
    }

    #[test]
    fn a_member_has_a_value() {
        for member in [
            json!({ "type": "User" }),
            json!({ "value": "", "type": "User" }),
        ] {
            let error = links(json!([{ "value": "1" }, member])).unwrap_err();
            assert_eq!(error.attribute(), "members[1].value");
            assert_eq!(error.kind(), &ResourceErrorKind::Missing);
        }
        assert_eq!(
            links(json!({ "value": "1" })).unwrap_err().attribute(),
            "members"
        );
        assert_eq!(links(json!(null)), Ok(Vec::new()));
    }
}
