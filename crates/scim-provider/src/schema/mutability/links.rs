use std::sync::Arc;

use serde_json::{Map, Value};

use super::{immutable_parts, keep_one};
use crate::resource::ResourceError;
use crate::schema::normal::{Checked, NormalForm};
use crate::schema::{Attribute, ResourceType};
use crate::storage::Link;

impl ResourceType {
    /// Gives the links of `form` the immutable parts of the stored links `before` that they leave
    /// out. Both are in the order of their keys.
    ///
    /// # Errors
    ///
    /// [`ResourceErrorKind::Immutable`](crate::ResourceErrorKind::Immutable) if a link says
    /// another value of one.
    pub(crate) fn keep_immutable_links(
        &self,
        before: &[Link],
        form: &mut NormalForm,
    ) -> Result<(), ResourceError> {
        let mut before = before.iter().peekable();
        let mut last = Last::default();
        let mut refused = None;
        for (at, link) in form.links.iter_mut().enumerate() {
            while before.next_if(|old| old.key < link.key).is_some() {}
            let Some(old) = before.next_if(|old| old.key == link.key) else {
                continue;
            };
            if old.detail == link.detail || points_elsewhere(old, link) {
                continue;
            }
            let Some(attribute) = self.top().find_exact(&link.key.attribute) else {
                continue;
            };
            if let Err(fault) = last.keep(attribute, old, link) {
                refused = Some((at, fault));
                break;
            }
        }
        let Some((at, fault)) = refused else {
            return Ok(());
        };
        let fault = ResourceError::from(fault);
        let path = format!("{}.{}", form.first_path(&[at]), fault.attribute());
        Err(ResourceError::new(path, fault.kind().clone()))
    }
}

/// A link to another resource is another link, as far as what it says goes.
fn points_elsewhere(old: &Link, new: &Link) -> bool {
    new.reference.is_some() && new.reference != old.reference
}

/// The members of a group mostly differ in nothing but their target: what became of the
/// details of the last one is what becomes of those of the next.
#[derive(Default)]
struct Last(Option<Details>);

struct Details {
    attribute: Arc<str>,
    old: Arc<[u8]>,
    new: Arc<[u8]>,
    kept: Arc<[u8]>,
}

impl Last {
    fn keep(&mut self, attribute: &Attribute, old: &Link, link: &mut Link) -> Checked<()> {
        if let Some(last) = &self.0
            && last.attribute == link.key.attribute
            && last.old == old.detail
            && last.new == link.detail
        {
            link.detail = Arc::clone(&last.kept);
            return Ok(());
        }
        let kept = keep(attribute, &old.detail, &link.detail)?;
        let kept = kept.unwrap_or_else(|| Arc::clone(&link.detail));
        let new = std::mem::replace(&mut link.detail, Arc::clone(&kept));
        self.0 = Some(Details {
            attribute: Arc::clone(&link.key.attribute),
            old: Arc::clone(&old.detail),
            new,
            kept,
        });
        Ok(())
    }
}

/// The details `new` with what is immutable of `old`; `None` if they have it.
fn keep(attribute: &Attribute, old: &[u8], new: &[u8]) -> Checked<Option<Arc<[u8]>>> {
    // Target and reference tell which link it is.
    let told = |part: &&Attribute| !matches!(part.name(), "value" | "$ref");
    let parts: Vec<_> = immutable_parts(attribute).filter(told).collect();
    if parts.is_empty() {
        return Ok(None);
    }
    let old: Map<String, Value> = object(old);
    let before = object(new);
    let mut now = before.clone();
    for part in parts {
        if let Some(old) = old.get(part.name()) {
            keep_one(part, old, &mut now).map_err(|fault| fault.within(part.name()))?;
        }
    }
    let kept = || scim_version::canonical_json(&Value::Object(now.clone())).into();
    Ok((now != before).then(kept))
}

fn object(json: &[u8]) -> Map<String, Value> {
    serde_json::from_slice(json).unwrap_or_default()
}
