//! Providers that go wrong with a password.

use async_trait::async_trait;
use scim_provider::version::{ConditionalResult, ScimVersion};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, PasswordHashing, ProviderError, RequestContext,
    Resource, VersionedResource,
};
use serde_json::Value;

use crate::flaw::{Flaw, Target, Updated};

fn provider() -> InMemoryProvider {
    let cheap = PasswordHashing::new(8, 1, 1).expect("legal parameters");
    InMemoryProvider::default().with_password_hashing(cheap)
}

/// Who sets a password is told it again.
pub(crate) struct ShownToItsWriter(InMemoryProvider);

impl Default for ShownToItsWriter {
    fn default() -> Self {
        Self(provider())
    }
}

#[async_trait]
impl Flaw for ShownToItsWriter {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.0
    }

    async fn create(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        let password = data.get("password").cloned();
        let created = self
            .0
            .create_versioned_resource(resource_type, data, context);
        let (resource, version) = created.await?.into_parts();
        let mut json = resource.into_json();
        if let Some(password) = password {
            json["password"] = password;
        }
        let resource = Resource::from_json(resource_type, json)?;
        Ok(VersionedResource::with_version(resource, version))
    }
}

/// What a write does not mention is gone.
pub(crate) struct LostByAWriteWithout(InMemoryProvider);

impl Default for LostByAWriteWithout {
    fn default() -> Self {
        Self(provider())
    }
}

#[async_trait]
impl Flaw for LostByAWriteWithout {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.0
    }

    async fn update(&self, target: Target<'_>, mut data: Value, expected: &ScimVersion) -> Updated {
        if let Value::Object(attributes) = &mut data {
            attributes.entry("password").or_insert(Value::Null);
        }
        target.update(&self.0, data, expected).await
    }
}

/// A password is hashed anew with every write, and the hash is part of the version.
pub(crate) struct HashedEveryTime(InMemoryProvider);

impl Default for HashedEveryTime {
    fn default() -> Self {
        Self(provider())
    }
}

#[async_trait]
impl Flaw for HashedEveryTime {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.0
    }

    async fn update(&self, target: Target<'_>, data: Value, expected: &ScimVersion) -> Updated {
        let mut without = data.clone();
        if let Value::Object(attributes) = &mut without {
            attributes.insert("password".into(), Value::Null);
        }
        match target.update(&self.0, without, expected).await? {
            ConditionalResult::Success(removed) if data.get("password").is_some() => {
                target.update(&self.0, data, removed.version()).await
            }
            ConditionalResult::Success(removed) => Ok(ConditionalResult::Success(removed)),
            refused => Ok(refused),
        }
    }
}
