use std::sync::atomic::Ordering;

use scim_provider::RequestContext;
use scim_provider::schema::ResourceTypes;

use super::ConflictMetrics;

/// What is counted of one write, if anybody counts.
#[derive(Clone, Copy)]
pub(crate) struct Tally<'a>(Option<Write<'a>>);

#[derive(Clone, Copy)]
struct Write<'a> {
    metrics: &'a ConflictMetrics,
    types: &'a ResourceTypes,
    resource_type: &'a str,
    id: &'a str,
    context: &'a RequestContext,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(
        metrics: Option<&'a ConflictMetrics>,
        types: &'a ResourceTypes,
        resource_type: &'a str,
        id: &'a str,
        context: &'a RequestContext,
    ) -> Self {
        Self(metrics.map(|metrics| Write {
            metrics,
            types,
            resource_type,
            id,
            context,
        }))
    }

    /// The write was compared with the version that is there.
    pub(crate) fn attempt(self) {
        if let Some(write) = self.0 {
            write.metrics.record_attempt();
        }
    }

    /// It was another version.
    pub(crate) fn conflict(self) {
        if let Some(write) = self.0 {
            write.metrics.record_conflict();
            let scope = write.context.scope();
            let mut hottest = write.metrics.hottest();
            hottest.count(scope, write.resource_type, write.id);
            drop(hottest);
            write.count("scim_conflicts_total");
        }
    }

    /// It is tried again.
    pub(crate) fn retry(self) {
        if let Some(write) = self.0 {
            write.metrics.retries.fetch_add(1, Ordering::Relaxed);
            write.count("scim_retries_total");
        }
    }

    /// It was merged with what had come between.
    pub(crate) fn merge(self) {
        if let Some(write) = self.0 {
            write.metrics.merges.fetch_add(1, Ordering::Relaxed);
            write.count("scim_merges_total");
        }
    }

    /// It was carried out after so many lost races.
    pub(crate) fn done(self, lost: u32) {
        if let Some(write) = self.0 {
            write.count("scim_writes_total");
            let [resource_type, tenant] = write.labels();
            metrics::histogram!(
                "scim_retry_depth", "resource_type" => resource_type, "tenant" => tenant
            )
            .record(lost);
        }
    }
}

impl Write<'_> {
    fn count(&self, name: &'static str) {
        let [resource_type, tenant] = self.labels();
        metrics::counter!(name, "resource_type" => resource_type, "tenant" => tenant).increment(1);
    }

    /// Clients must not be able to make up labels: each is a series that is kept.
    fn labels(&self) -> [String; 2] {
        let known = self.types.get(self.resource_type).is_some();
        let resource_type = if known { self.resource_type } else { "other" };
        let tenant = self.context.tenant().map(ToString::to_string);
        [resource_type.to_owned(), tenant.unwrap_or_default()]
    }
}
