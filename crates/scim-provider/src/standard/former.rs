use async_trait::async_trait;
use scim_version::ScimVersion;

use super::{StandardResourceProvider, key, versioned};
use crate::storage::{Retention, Storage};
use crate::{ProviderError, RequestContext, RetainingProvider, VersionedResource};

impl<S> StandardResourceProvider<S> {
    /// The same provider, which keeps so much of the versions that it replaces, for each tenant; a
    /// store that [can't](Storage::keeps_former) keeps none. Unless this is called, none is kept, and
    /// nothing is paid for it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use scim_provider::storage::Retention;
    /// use scim_provider::{ConditionalProvider, InMemoryProvider, RequestContext, RetainingProvider};
    /// use serde_json::json;
    ///
    /// let provider = InMemoryProvider::default().with_retention(Retention::new(8, 1 << 20));
    /// let context = RequestContext::with_generated_id();
    /// let data = json!({ "userName": "bjensen" });
    /// let user = provider.create_versioned_resource("User", data, &context).await?;
    /// let id = user.resource().id().ok_or("it has an id")?;
    ///
    /// let data = json!({ "userName": "babs" });
    /// provider.conditional_update("User", id, data, user.version(), &context).await?;
    /// let former = provider.former_version("User", id, user.version(), &context).await?;
    /// let former = former.ok_or("it is kept")?;
    /// assert_eq!(former.resource().attribute("userName"), Some(&json!("bjensen")));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with_retention(self, retention: Retention) -> Self {
        let retention = Some(retention);
        Self { retention, ..self }
    }
}

#[async_trait]
impl<S: Storage> RetainingProvider for StandardResourceProvider<S> {
    async fn former_version(
        &self,
        resource_type: &str,
        id: &str,
        version: &ScimVersion,
        context: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError> {
        let resource_type = self.resource_type(resource_type)?;
        let (Some(key), Some(retention)) = (key(resource_type, id, context), self.retention) else {
            return Ok(None);
        };
        let Some(former) = self.storage().former(&key, version).await? else {
            return Ok(None);
        };
        // The store drops what is too old when it is written to.
        if retention.is_over(former.replaced, self.clock.now()) {
            return Ok(None);
        }
        Ok(Some(versioned(former.stored, resource_type)?))
    }
}
