use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use async_trait::async_trait;
use axum::http::request::Parts;
use scim_http::provider::Scope;
use scim_http::{AuthError, Authenticator, Grant, bearer_token};
use tracing::Span;

use crate::tokens::Tokens;

/// Admits the bearers of tokens (RFC 6750 §2.1), or everybody where there are none.
#[derive(Debug)]
pub(crate) struct Bearers {
    tokens: RwLock<Arc<Tokens>>,
    /// There are no tokens. Every request asks, hence without the lock.
    admits_everybody: AtomicBool,
}

impl Bearers {
    /// The bearers of `tokens`.
    pub(crate) fn new(tokens: Arc<Tokens>) -> Self {
        Self {
            admits_everybody: tokens.is_empty().into(),
            tokens: RwLock::new(tokens),
        }
    }

    /// The tokens that count at this moment.
    pub(crate) fn tokens(&self) -> Arc<Tokens> {
        Arc::clone(&self.read())
    }

    /// Whether there are none.
    pub(crate) fn admit_everybody(&self) -> bool {
        self.admits_everybody.load(Ordering::Acquire)
    }

    /// From now on the bearers of `tokens`, and nobody else.
    pub(crate) fn replace(&self, tokens: Arc<Tokens>) {
        let is_empty = tokens.is_empty();
        let mut known = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        *known = tokens;
        // Under the lock, so that of two that replace the last one has both.
        self.admits_everybody.store(is_empty, Ordering::Release);
    }

    fn admit(&self, request: &Parts) -> Result<Grant, AuthError> {
        if self.admit_everybody() {
            return Ok(Grant::new(Scope::Single));
        }
        let token = bearer_token(&request.headers).ok_or(AuthError::no_bearer())?;
        let grant = self.read().grant(token).cloned();
        grant.ok_or(AuthError::invalid_bearer())
    }

    fn read(&self) -> RwLockReadGuard<'_, Arc<Tokens>> {
        self.tokens.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Authenticator for Bearers {
    async fn authenticate(&self, request: &Parts) -> Result<Grant, AuthError> {
        let grant = self.admit(request)?;
        let span = Span::current();
        if let Scope::Tenant(tenant) = grant.scope() {
            span.record("tenant", tenant.as_str());
        }
        if let Some(token) = grant.subject() {
            span.record("token", token);
        }
        Ok(grant)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use axum::http::header::AUTHORIZATION;

    use super::*;
    use crate::tokens::Access;

    const MISSING: &str = r#"Bearer realm="scim""#;
    const UNKNOWN: &str = r#"Bearer realm="scim", error="invalid_token""#;
    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn bearers(tokens: &[&str]) -> Bearers {
        let mut known = Tokens::default();
        for token in tokens {
            known.add(token, Access::ReadWrite).unwrap();
        }
        Bearers::new(Arc::new(known))
    }

    fn admit(bearers: &Bearers, lines: &[&str]) -> Result<Grant, String> {
        let mut request = Request::new(());
        for line in lines {
            request
                .headers_mut()
                .append(AUTHORIZATION, line.parse().unwrap());
        }
        bearers
            .admit(&request.into_parts().0)
            .map_err(|error| match error {
                AuthError::Unauthorized { challenge } => challenge.to_str().unwrap().to_owned(),
                other => panic!("{other:?}"),
            })
    }

    #[test]
    fn who_bears_nothing_is_told_no_error_and_who_bears_something_else_is() {
        let bearers = bearers(&[TOKEN]);
        for line in ["Basic dTpw", "Bearer", "Bearer ", TOKEN] {
            assert_eq!(admit(&bearers, &[line]).unwrap_err(), MISSING, "{line}");
        }
        assert_eq!(admit(&bearers, &[]).unwrap_err(), MISSING);
        for line in [
            "Bearer x",
            &format!("Bearer {TOKEN}x"),
            &format!("Bearer x {TOKEN}"),
        ] {
            assert_eq!(admit(&bearers, &[line]).unwrap_err(), UNKNOWN, "{line}");
        }
    }

    #[test]
    fn without_tokens_everybody_is_admitted_to_the_only_tenant() {
        assert_eq!(admit(&bearers(&[]), &[]), Ok(Grant::new(Scope::Single)));
    }

    #[test]
    fn replaced_tokens_no_longer_count() {
        let bearers = bearers(&[TOKEN]);
        let newer = format!("x{TOKEN}");
        bearers.replace(self::bearers(&[&newer]).tokens());
        assert!(admit(&bearers, &[&format!("Bearer {TOKEN}")]).is_err());
        assert!(admit(&bearers, &[&format!("Bearer {newer}")]).is_ok());
    }
}
