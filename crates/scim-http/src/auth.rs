//! Who asks, and what they may.

use std::error::Error as StdError;
use std::sync::Arc;

use async_trait::async_trait;
use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use http::request::Parts;
use scim_ops::provider::Scope;
use thiserror::Error;

use crate::ScimError;

/// Finds out who sent a request and what they may do.
///
/// It is asked first, before anything else of the request is looked at: who is not
/// known learns nothing of what is there.
///
/// ```
/// use async_trait::async_trait;
/// use http::request::Parts;
/// use scim_http::provider::TenantId;
/// use scim_http::{AuthError, Authenticator, Grant, bearer_token};
///
/// struct OneToken { hash: [u8; 32], tenant: TenantId }
///
/// # fn sha256(_: &str) -> [u8; 32] { [0; 32] }
/// #[async_trait]
/// impl Authenticator for OneToken {
///     async fn authenticate(&self, request: &Parts) -> Result<Grant, AuthError> {
///         let token = bearer_token(&request.headers).ok_or(AuthError::no_bearer())?;
///         if sha256(token) != self.hash {
///             return Err(AuthError::invalid_bearer());
///         }
///         Ok(Grant::new(self.tenant.clone()))
///     }
/// }
/// ```
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// What the sender of `request` may do. The request has its extensions, where a server
    /// may have put the peer's address or certificate.
    ///
    /// # Errors
    ///
    /// [`AuthError`] refuses the request.
    async fn authenticate(&self, request: &Parts) -> Result<Grant, AuthError>;
}

#[async_trait]
impl<A: Authenticator + ?Sized> Authenticator for Arc<A> {
    async fn authenticate(&self, request: &Parts) -> Result<Grant, AuthError> {
        (**self).authenticate(request).await
    }
}

/// What somebody may do: read, or read and write, the resources of a scope.
///
/// ```
/// use scim_http::Grant;
/// use scim_http::provider::Scope;
///
/// let grant = Grant::new(Scope::Single).read_only().with_subject("reporting");
/// assert!(!grant.may_write());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    scope: Scope,
    write: bool,
    subject: Option<Arc<str>>,
    me: Option<(Arc<str>, Arc<str>)>,
}

impl Grant {
    /// Reading and writing within `scope`: a [`TenantId`](scim_ops::provider::TenantId), or
    /// [`Scope::Single`] where there are no tenants.
    pub fn new(scope: impl Into<Scope>) -> Self {
        Self {
            scope: scope.into(),
            write: true,
            subject: None,
            me: None,
        }
    }

    /// The same without writing: every method but GET, HEAD and OPTIONS is answered with 403, a
    /// POST that searches aside.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self {
            write: false,
            ..self
        }
    }

    /// The same with a name for logs: that of a client or token, never the token itself.
    #[must_use]
    pub fn with_subject(self, subject: impl Into<Arc<str>>) -> Self {
        Self {
            subject: Some(subject.into()),
            ..self
        }
    }

    /// The same, for somebody whom the resource `id` of type `resource_type` (such as `User`)
    /// stands for: that is what `/Me` is to them (RFC 7644 §3.11). To all others `/Me` is
    /// answered with 501.
    ///
    /// It gives no access that they would not have under the resource's own URL.
    #[must_use]
    pub fn with_me(self, resource_type: impl Into<Arc<str>>, id: impl Into<Arc<str>>) -> Self {
        Self {
            me: Some((resource_type.into(), id.into())),
            ..self
        }
    }

    /// Whose resources.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Whether writing is allowed.
    pub const fn may_write(&self) -> bool {
        self.write
    }

    /// The name for logs.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Type and id of the resource that stands for who asks.
    pub fn me(&self) -> Option<(&str, &str)> {
        let (resource_type, id) = self.me.as_ref()?;
        Some((resource_type, id))
    }
}

/// Why a request is not served.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AuthError {
    /// It is not known who asks: 401.
    #[error("not authenticated")]
    Unauthorized {
        /// The value of `WWW-Authenticate`, which a 401 has to have (RFC 9110 §15.5.2).
        challenge: HeaderValue,
    },
    /// It is known who asks, and they may not: 403.
    #[error("not allowed")]
    Forbidden,
    /// It could not be found out: 503. The cause is logged, not shown.
    #[error("authentication is unavailable")]
    Unavailable {
        /// The cause.
        source: Box<dyn StdError + Send + Sync>,
    },
}

impl From<&AuthError> for ScimError {
    fn from(error: &AuthError) -> Self {
        match error {
            AuthError::Unauthorized { challenge } => {
                Self::new(StatusCode::UNAUTHORIZED, error.to_string())
                    .with_header(WWW_AUTHENTICATE, challenge.clone())
            }
            AuthError::Forbidden => Self::new(StatusCode::FORBIDDEN, error.to_string()),
            AuthError::Unavailable { .. } => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
                    .with_header(RETRY_AFTER, HeaderValue::from_static("5"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authenticators_work_as_objects() {
        fn authenticator<A: Authenticator>() {}
        authenticator::<Arc<dyn Authenticator>>();
    }

    #[test]
    fn the_cause_of_an_outage_is_not_shown() {
        let error = AuthError::Unavailable {
            source: "ldap://10.0.0.7 refused".into(),
        };
        assert_eq!(
            ScimError::from(&error).detail(),
            "authentication is unavailable"
        );
    }
}
