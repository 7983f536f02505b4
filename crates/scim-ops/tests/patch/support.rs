use scim_ops::provider::schema::ResourceTypes;
use scim_ops::{Patch, PatchError, PatchErrorKind, PatchRules};
use serde_json::{Value, json};

pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// What `resource` says after `operations`.
pub(crate) fn try_patch(
    resource_type: &str,
    resource: &Value,
    operations: Value,
    rules: &PatchRules,
) -> Result<Value, PatchError> {
    let message = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    });
    let types = ResourceTypes::rfc7643();
    let resource_type = types.get(resource_type).unwrap();
    let resource = resource.as_object().unwrap();
    let patched = Patch::from_json(message)?.apply(resource_type, resource, rules)?;
    Ok(Value::Object(patched))
}

/// The user after the one `operation`.
pub(crate) fn user(user: Value, operation: Value) -> Value {
    try_patch("User", &user, json!([operation]), &PatchRules::default())
        .unwrap_or_else(|error| panic!("{operation}: {error}"))
}

/// The group after the one `operation`.
pub(crate) fn group(group: Value, operation: Value) -> Value {
    try_patch("Group", &group, json!([operation]), &PatchRules::default())
        .unwrap_or_else(|error| panic!("{operation}: {error}"))
}

/// Why the one `operation` on the user is refused.
pub(crate) fn refused(user: Value, operation: Value) -> PatchErrorKind {
    match try_patch("User", &user, json!([operation]), &PatchRules::default()) {
        Ok(patched) => panic!("{operation} gave {patched}"),
        Err(error) => error.kind(),
    }
}
