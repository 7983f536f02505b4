use std::sync::Arc;

use serde_json::{Map, Value};

use crate::storage::Link;

/// Writes `type` into the details of links.
///
/// The members of a group mostly differ in nothing but their target: who is like the one
/// before costs no parsing and shares its octets.
#[derive(Default)]
pub(super) struct Details {
    written: Option<Written>,
    /// Which detail, and the type that it tells.
    read: Option<(Arc<[u8]>, Option<String>)>,
}

struct Written {
    detail: Arc<[u8]>,
    name: String,
    with_name: Arc<[u8]>,
}

impl Details {
    /// Has `link` say what `stored`, which points to the same, says of its target.
    pub(super) fn inherit(&mut self, link: &mut Link, stored: &Link) {
        link.reference.clone_from(&stored.reference);
        if let Some(name) = self.type_of(&stored.detail) {
            self.set_type(link, &name);
        }
    }

    /// Has `link` say that its target is of the type `name`, unless it tells a type.
    pub(super) fn set_type(&mut self, link: &mut Link, name: &str) {
        if let Some(last) = &self.written
            && last.detail == link.detail
            && last.name == name
        {
            link.detail = Arc::clone(&last.with_name);
            return;
        }
        let mut members: Map<String, Value> =
            serde_json::from_slice(&link.detail).expect("a normal form prints details as objects");
        if !members.contains_key("type") {
            members.insert("type".into(), name.into());
        }
        let with_name: Arc<[u8]> = scim_version::canonical_json(&Value::Object(members)).into();
        self.written = Some(Written {
            detail: std::mem::replace(&mut link.detail, Arc::clone(&with_name)),
            name: name.into(),
            with_name,
        });
    }

    fn type_of(&mut self, detail: &Arc<[u8]>) -> Option<String> {
        if let Some((known, name)) = &self.read
            && known == detail
        {
            return name.clone();
        }
        // What a store can't give back is for those to tell who show it.
        let members: Option<Map<String, Value>> = serde_json::from_slice(detail).ok();
        let name = members.and_then(|members| Some(members.get("type")?.as_str()?.to_owned()));
        self.read = Some((Arc::clone(detail), name.clone()));
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::LinkKey;

    fn link(reference: Option<&str>, detail: &str) -> Link {
        let reference = reference.map(Into::into);
        Link::new(LinkKey::new("members", "1"), reference, detail.as_bytes())
    }

    #[test]
    fn a_type_is_written_unless_there_is_one() {
        let mut details = Details::default();
        for (before, after) in [
            ("{}", r#"{"type":"User"}"#),
            (r#"{"display":"x"}"#, r#"{"display":"x","type":"User"}"#),
            (r#"{"display":"x"}"#, r#"{"display":"x","type":"User"}"#),
            (r#"{"type":"user"}"#, r#"{"type":"user"}"#),
        ] {
            let mut changed = link(None, before);
            details.set_type(&mut changed, "User");
            assert_eq!(changed, link(None, after), "{before}");
        }
        let mut other = link(None, r#"{"type":"user"}"#);
        details.set_type(&mut other, "Group");
        assert_eq!(other, link(None, r#"{"type":"user"}"#));
    }

    #[test]
    fn equal_details_share_their_octets() {
        let mut details = Details::default();
        let [mut a, mut b] = [link(None, "{}"), link(None, "{}")];
        details.set_type(&mut a, "User");
        details.set_type(&mut b, "User");
        assert!(Arc::ptr_eq(&a.detail, &b.detail));
    }

    #[test]
    fn what_is_stored_of_a_target_is_inherited_word_for_word() {
        let mut details = Details::default();
        for stored in [
            link(Some("Users/1"), r#"{"display":"x","type":"user"}"#),
            link(Some("Groups/1"), r#"{"type":"Group"}"#),
            link(Some("Users/1"), "{}"),
        ] {
            let mut new = link(None, "{}");
            details.inherit(&mut new, &stored);
            let name = details.type_of(&stored.detail);
            assert_eq!(details.type_of(&new.detail), name);
            assert_eq!(new.reference, stored.reference);
        }
    }
}
