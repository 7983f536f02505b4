use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;
use uuid::Uuid;

use crate::standard::PasswordMemo;
use crate::unique::unique_id;

/// Who a request is for, and the name it goes by in logs.
///
/// Make one for each request: clones share what it cost the request to find out, such as
/// hashes of its passwords.
///
/// The context is the only way a tenant reaches a provider: no method takes a
/// tenant beside it, so none can be forgotten.
///
/// ```
/// use scim_provider::{RequestContext, Scope, TenantId};
///
/// let context = RequestContext::with_generated_id();
/// assert_eq!(context.scope(), &Scope::Single);
///
/// let acme: TenantId = "acme".parse()?;
/// let context = RequestContext::new("req-1").with_tenant(acme.clone());
/// assert_eq!(context.request_id(), "req-1");
/// assert_eq!(context.tenant(), Some(&acme));
/// # Ok::<(), scim_provider::TenantIdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestContext {
    request_id: Arc<str>,
    scope: Scope,
    passwords: PasswordMemo,
}

impl RequestContext {
    /// A context for a request that already has an id, in a deployment of one
    /// tenant.
    pub fn new(request_id: impl Into<Arc<str>>) -> Self {
        Self {
            request_id: request_id.into(),
            scope: Scope::Single,
            passwords: PasswordMemo::default(),
        }
    }

    /// A context with a request id that no other request has, in this process or another. It is
    /// no secret: who has seen one can guess the next.
    pub fn with_generated_id() -> Self {
        Self::new(
            &*unique_id()
                .hyphenated()
                .encode_lower(&mut Uuid::encode_buffer()),
        )
    }

    /// The same request on behalf of `tenant`.
    #[must_use]
    pub fn with_tenant(self, tenant: TenantId) -> Self {
        self.with_scope(Scope::Tenant(tenant))
    }

    /// The same request within `scope`.
    #[must_use]
    pub fn with_scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// The id that log lines and traces of this request carry.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Whose resources the request may see.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// What the request has found out about its passwords.
    pub(crate) const fn passwords(&self) -> &PasswordMemo {
        &self.passwords
    }

    /// The tenant, where the deployment has several.
    pub fn tenant(&self) -> Option<&TenantId> {
        match &self.scope {
            Scope::Single => None,
            Scope::Tenant(tenant) => Some(tenant),
        }
    }
}

/// Whose resources are meant: those of the one tenant there is, or of a named
/// one.
///
/// "No tenant" is not a tenant with a special name, so no name that a tenant
/// chooses can reach the resources of [`Scope::Single`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a store has to place every scope; a third kind would be a breaking change"
)]
pub enum Scope {
    /// A deployment without tenants.
    #[default]
    Single,
    /// One of several tenants.
    Tenant(TenantId),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single => f.write_str("-"),
            Self::Tenant(tenant) => tenant.fmt(f),
        }
    }
}

impl From<TenantId> for Scope {
    fn from(tenant: TenantId) -> Self {
        Self::Tenant(tenant)
    }
}

/// The name of a tenant: 1 to [`TenantId::MAX_LEN`] octets without control
/// characters, compared octet by octet.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(Arc<str>);

impl TenantId {
    /// The longest name, in octets: what an index of any SQL store can hold.
    pub const MAX_LEN: usize = 255;

    /// The name as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for TenantId {
    type Err = TenantIdError;

    fn from_str(name: &str) -> Result<Self, TenantIdError> {
        if name.is_empty() {
            Err(TenantIdError(Reason::Empty))
        } else if name.len() > Self::MAX_LEN {
            Err(TenantIdError(Reason::TooLong(name.len())))
        } else if let Some(at) = name.find(char::is_control) {
            Err(TenantIdError(Reason::Control(at)))
        } else {
            Ok(Self(name.into()))
        }
    }
}

impl TryFrom<String> for TenantId {
    type Error = TenantIdError;

    fn try_from(name: String) -> Result<Self, TenantIdError> {
        name.parse()
    }
}

/// Why a string is no [`TenantId`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct TenantIdError(Reason);

#[derive(Debug, Clone, PartialEq, Eq, Error)]
enum Reason {
    #[error("a tenant's name is empty")]
    Empty,
    #[error("a tenant's name has {0} octets, more than {max}", max = TenantId::MAX_LEN)]
    TooLong(usize),
    #[error("a tenant's name has a control character at octet {0}")]
    Control(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenant_names_without_text_or_with_control_characters_are_refused() {
        for name in ["", "a\nb", "a\0", &"x".repeat(256)] {
            assert!(name.parse::<TenantId>().is_err(), "{name:?}");
        }
    }

    #[test]
    fn a_tenant_called_dash_is_not_the_single_scope() {
        let tenant: TenantId = "-".parse().unwrap();
        assert_ne!(Scope::from(tenant), Scope::Single);
    }
}
