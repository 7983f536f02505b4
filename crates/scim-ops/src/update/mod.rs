//! Read, change, write, and what to do about whoever came between.

mod error;
mod policy;

use scim_provider::schema::{ResourceType, ResourceTypes};
use scim_provider::version::{ConditionalResult, ScimVersion};
use scim_provider::{ConditionalProvider, ProviderError, RequestContext, VersionedResource};
use serde_json::Value;

pub use self::error::{BoxError, ConflictError, ConflictErrorKind};
pub use self::policy::{ConflictStrategy, UpdatePolicy};

use crate::contention::Tally;
use crate::merge::{MergeRules, ThreeWay, merge};
use crate::retry::Turns;

/// Which resource is updated, and on whose behalf.
#[derive(Debug, Clone, Copy)]
pub struct UpdateTarget<'a> {
    resource_type: &'a str,
    id: &'a str,
    context: &'a RequestContext,
}

impl<'a> UpdateTarget<'a> {
    /// The resource `id` of type `resource_type`, as far as `context` can see.
    pub const fn new(resource_type: &'a str, id: &'a str, context: &'a RequestContext) -> Self {
        Self {
            resource_type,
            id,
            context,
        }
    }
}

/// What came of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Updated {
    /// The resource as it is now.
    pub resource: VersionedResource,
    /// How often it was tried to write, the time that succeeded included.
    pub attempts: u32,
    /// Whether it says what both we and somebody else have changed.
    pub merged: bool,
}

/// Reads a resource, has `change` say what it should be, and writes that on the version that was
/// read. If somebody else was faster, what happens next is for the strategy of `policy` to say, and
/// how often for its [`RetryPolicy`](crate::RetryPolicy).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use scim_ops::provider::{ConditionalProvider, InMemoryProvider, RequestContext};
/// use scim_ops::{RetryPolicy, UpdateTarget, update_with_retry};
/// use serde_json::json;
///
/// let provider = InMemoryProvider::default();
/// let context = RequestContext::with_generated_id();
/// let data = json!({ "userName": "bjensen" });
/// let user = provider.create_versioned_resource("User", data, &context).await?;
/// let id = user.resource().id().ok_or("it has an id")?;
///
/// let target = UpdateTarget::new("User", id, &context);
/// let updated = update_with_retry(&provider, target, &RetryPolicy::default().into(), |current| {
///     let mut user = current.resource().to_json();
///     user["title"] = json!("Tour Guide");
///     Ok(user)
/// })
/// .await?;
/// assert_eq!(updated.resource.resource().attribute("title"), Some(&json!("Tour Guide")));
/// assert_eq!(updated.attempts, 1);
/// # Ok(()) }
/// ```
///
/// `change` is given the whole resource and may be called again on a newer one, if the strategy is
/// [`Reapply`](ConflictStrategy::Reapply); with the others it is called once. It should have no
/// effects of its own.
///
/// A future that is dropped has written wholly or not at all.
///
/// # Errors
///
/// [`ConflictError`] says why nothing was written, unless its [`kind`](ConflictError::kind) is
/// [`Provider`](ConflictErrorKind::Provider) with
/// [`OutcomeUnknown`](scim_provider::ProviderErrorKind::OutcomeUnknown).
pub async fn update_with_retry<P, F>(
    provider: &P,
    target: UpdateTarget<'_>,
    policy: &UpdatePolicy,
    mut change: F,
) -> Result<Updated, ConflictError>
where
    P: ConditionalProvider + ?Sized,
    F: FnMut(&VersionedResource) -> Result<Value, BoxError> + Send,
{
    let UpdateTarget {
        resource_type,
        id,
        context,
    } = target;
    let default_types = ResourceTypes::default();
    let types = provider.resource_types().unwrap_or(&default_types);
    let tally = Tally::new(policy.metrics(), types, resource_type, id, context);
    let mut turns = Turns::new(policy.retry(), policy.time());

    let base = read(provider, target).await?;
    let local = change(&base).map_err(ConflictError::Change)?;
    let mut data = local.clone();
    let mut version = base.version().clone();
    let mut merged = false;
    loop {
        let written = provider
            .conditional_update(resource_type, id, data, &version, context)
            .await?;
        let conflict = match written {
            ConditionalResult::Success(resource) => {
                tally.attempt();
                tally.done(turns.lost());
                if merged {
                    tally.merge();
                }
                return Ok(Updated {
                    resource,
                    attempts: turns.lost() + 1,
                    merged,
                });
            }
            ConditionalResult::NotFound => return Err(ConflictError::ResourceNotFound),
            ConditionalResult::VersionMismatch(conflict) => conflict,
        };
        tally.attempt();
        tally.conflict();
        log_conflict(target, &version, &conflict.current);
        if matches!(policy.strategy(), ConflictStrategy::Fail) {
            return Err(ConflictError::VersionMismatch {
                expected: version.to_etag(),
                current: conflict.current.to_etag(),
                resource_id: id.to_owned(),
            });
        }
        if let Err(gave_up) = turns.lose().await {
            return Err(ConflictError::GaveUp {
                resource_id: id.to_owned(),
                attempts: gave_up.attempts,
                late: gave_up.late,
            });
        }
        tally.retry();
        // What came between may have been more than what lost us the race.
        let current = read(provider, target).await?;
        data = match policy.strategy() {
            ConflictStrategy::Reapply => change(&current).map_err(ConflictError::Change)?,
            ConflictStrategy::LastWriterWins | ConflictStrategy::Fail => local.clone(),
            ConflictStrategy::Merge(rules) => {
                let known = types.get(resource_type);
                let known = known.ok_or_else(|| ProviderError::UnknownResourceType {
                    resource_type: resource_type.to_owned(),
                })?;
                merged = true;
                merge_all(known, rules, &base, &local, &current)?
            }
        };
        version = current.version().clone();
    }
}

async fn read<P: ConditionalProvider + ?Sized>(
    provider: &P,
    target: UpdateTarget<'_>,
) -> Result<VersionedResource, ConflictError> {
    let UpdateTarget {
        resource_type,
        id,
        context,
    } = target;
    let found = provider
        .get_versioned_resource(resource_type, id, context)
        .await?;
    found.ok_or(ConflictError::ResourceNotFound)
}

fn merge_all(
    resource_type: &ResourceType,
    rules: &MergeRules,
    base: &VersionedResource,
    local: &Value,
    remote: &VersionedResource,
) -> Result<Value, ConflictError> {
    // Nothing to merge with: the provider will say what is wrong with it.
    let Value::Object(local) = local else {
        return Ok(local.clone());
    };
    let three = ThreeWay {
        base: base.resource().as_object(),
        local,
        remote: remote.resource().as_object(),
    };
    let merged = merge(resource_type, three, rules)?;
    Ok(Value::Object(merged))
}

fn log_conflict(target: UpdateTarget<'_>, expected: &ScimVersion, current: &ScimVersion) {
    tracing::info!(
        request_id = target.context.request_id(),
        tenant = target.context.tenant().map(tracing::field::display),
        resource_type = target.resource_type,
        id = target.id,
        %expected,
        %current,
        "version conflict",
    );
}
