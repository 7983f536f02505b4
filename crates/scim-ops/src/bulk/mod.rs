//! Several operations sent together (RFC 7644 §3.7).

mod atomic;
mod job;
mod order;
mod references;
mod request;
mod response;

pub use atomic::AtomicBulkError;
pub use request::{BulkAction, BulkOperation, BulkRequest, RepeatedBulkId};
pub use response::{BulkOutcome, BulkResult};

use scim_provider::ResourceProvider;

use self::job::Job;
use crate::ScimOperationHandler;

impl<P: ResourceProvider> ScimOperationHandler<P> {
    /// Carries out the operations of `request`, each for itself on the one write path, and gives
    /// what came of each that was begun, in the order of the request.
    ///
    /// - A creation comes before the first operation that names it (RFC 7644 §3.7.2); otherwise
    ///   the order is that of the request.
    /// - Creations that name each other in a circle (§3.7.1) are resolved: one of them is created
    ///   without what it can't name yet, and given the rest afterwards.
    /// - An operation that fails leaves the others alone, until
    ///   [`fail_on_errors`](BulkRequest::with_fail_on_errors) is reached.
    ///
    /// # Cancellation
    ///
    /// A future that is dropped has carried out some of the operations, each wholly or not at all.
    pub async fn handle_bulk(&self, request: BulkRequest) -> Vec<BulkResult> {
        Job::new(self, request).run().await
    }
}
