use std::collections::HashMap;

use async_trait::async_trait;
use http::request::Parts;
use scim_http::{AuthError, Authenticator, Grant, bearer_token};
use sha2::{Digest, Sha256};

type Hash = [u8; 32];

/// Long random strings that the application handed out, and what each admits to. Only their hashes
/// are kept: who reads them can't send them.
#[derive(Default)]
pub(crate) struct Tokens(HashMap<Hash, Grant>);

impl Tokens {
    pub(crate) fn with(mut self, token: &str, grant: Grant) -> Self {
        self.0.insert(Sha256::digest(token).into(), grant);
        self
    }
}

#[async_trait]
impl Authenticator for Tokens {
    async fn authenticate(&self, request: &Parts) -> Result<Grant, AuthError> {
        let token = bearer_token(&request.headers).ok_or(AuthError::no_bearer())?;
        // What the time of a look-up tells of a hash is no help in finding a token that has it.
        let hash: Hash = Sha256::digest(token).into();
        let grant = self.0.get(&hash).cloned();
        grant.ok_or(AuthError::invalid_bearer())
    }
}
