use std::sync::Arc;

use scim_ops::provider::{RequestContext, Scope};

/// On whose behalf an agent works: whose resources it sees, whether it may change them, and what
/// logs call it.
///
/// It comes from the transport's authentication and from nowhere else; no tool has an argument
/// for it.
///
/// ```
/// use scim_mcp::Caller;
/// use scim_mcp::provider::TenantId;
///
/// let acme: TenantId = "acme".parse()?;
/// let caller = Caller::new(acme).read_only().with_subject("reporting");
/// assert!(!caller.may_write());
/// # Ok::<(), scim_mcp::provider::TenantIdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    scope: Scope,
    write: bool,
    subject: Option<Arc<str>>,
}

impl Caller {
    /// Somebody who may read and write within `scope`: a
    /// [`TenantId`](scim_ops::provider::TenantId), or [`Scope::Single`] where there are no tenants.
    pub fn new(scope: impl Into<Scope>) -> Self {
        Self {
            scope: scope.into(),
            write: true,
            subject: None,
        }
    }

    /// The same without writing: tools that write are neither shown nor carried out.
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

    /// The context of one more request.
    pub(crate) fn context(&self) -> RequestContext {
        RequestContext::with_generated_id().with_scope(self.scope.clone())
    }
}
