//! One file for each scenario, and what they share.

pub(crate) mod bulk;
pub(crate) mod life;
pub(crate) mod mixed;
pub(crate) mod retry;
pub(crate) mod simultaneous;
pub(crate) mod tenants;

use scim_ops::provider::VersionedResource;
use serde_json::Value;

/// What `user` says, with `attribute` set to `value`: the change that a client makes to
/// what it has read.
fn with(user: &VersionedResource, attribute: &str, value: impl Into<Value>) -> Value {
    let mut json = user.resource().to_json();
    json[attribute] = value.into();
    json
}

fn id(user: &VersionedResource) -> &str {
    let id = user.resource().id();
    id.expect("a provider gives each user that it stores an id")
}
