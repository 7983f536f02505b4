use std::sync::Arc;

use async_trait::async_trait;
use scim_version::ConditionalResult;

use crate::{ConditionalProvider, ProviderError, RequestContext};

/// A provider that can make several writes one: all of them happen or none.
///
/// [`ResourceProvider::as_atomic`](crate::ResourceProvider::as_atomic) tells whether a provider
/// can.
pub trait AtomicProvider: ConditionalProvider {
    /// Begins a transaction on behalf of `context`, whose scope all that it does must be in.
    fn begin(&self, context: &RequestContext) -> Box<dyn Transaction>;
}

/// Writes that have not happened yet.
///
/// # For callers
///
/// Write through [`provider`](Self::provider), then [`commit`](Self::commit). A transaction that
/// is dropped has changed nothing.
///
/// # For implementers
///
/// - What was written through it is seen by reads through it, and by no other.
/// - The versions it gives out are those that the resources have after the commit.
/// - The commit judges, in one step with its writes, that each resource that was written still
///   has the version it had when the transaction first read it, and that unique attributes are
///   unique.
#[async_trait]
pub trait Transaction: Send + Sync {
    /// The provider through which the transaction reads and writes.
    fn provider(&self) -> Arc<dyn ConditionalProvider>;

    /// Stores all that was written, in one step, or nothing.
    ///
    /// [`ConditionalResult::VersionMismatch`] and [`ConditionalResult::NotFound`] mean that
    /// another writer came between; begin again to meet it.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Duplicate`] if another writer took a unique value meanwhile.
    async fn commit(self: Box<Self>) -> Result<ConditionalResult<()>, ProviderError>;
}
