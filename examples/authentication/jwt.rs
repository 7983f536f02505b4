use async_trait::async_trait;
use http::request::Parts;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use scim_http::provider::TenantId;
use scim_http::{AuthError, Authenticator, Grant, bearer_token};
use serde::Deserialize;

/// Tokens that an identity provider signs (RFC 7519, 9068). Its keys are those of its `jwks_uri`; an
/// application gets them anew when it meets a `kid` that it does not know.
pub(crate) struct Signed {
    keys: JwkSet,
    validation: Validation,
}

/// What of a token counts here, the names of RFC 7519 aside, which `jsonwebtoken` looks at.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    tenant: String,
    scope: String,
}

impl Signed {
    pub(crate) fn new(keys: JwkSet, issuer: &str, audience: &str) -> Self {
        // Named here and not taken from the token, which its sender wrote.
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[issuer]);
        // A token for another service is none for this one.
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        // Clocks differ: so many seconds.
        validation.leeway = 30;
        Self { keys, validation }
    }

    fn claims(&self, token: &str) -> Option<Claims> {
        let header = decode_header(token).ok()?;
        // Who signs access tokens signs other things as well (RFC 9068 §4).
        let is_for_access = header.typ?.eq_ignore_ascii_case("at+jwt");
        let key = DecodingKey::from_jwk(self.keys.find(&header.kid?)?).ok()?;
        let token = decode(token, &key, &self.validation).ok()?;
        is_for_access.then_some(token.claims)
    }
}

#[async_trait]
impl Authenticator for Signed {
    async fn authenticate(&self, request: &Parts) -> Result<Grant, AuthError> {
        let token = bearer_token(&request.headers).ok_or(AuthError::no_bearer())?;
        let claims = self.claims(token).ok_or(AuthError::invalid_bearer())?;
        let tenant: TenantId = claims.tenant.parse().map_err(|_| AuthError::Forbidden)?;
        let grant = Grant::new(tenant).with_subject(claims.sub);
        let may = |scope| claims.scope.split(' ').any(|named| named == scope);
        match (may("scim.write"), may("scim.read")) {
            (true, _) => Ok(grant),
            (false, true) => Ok(grant.read_only()),
            (false, false) => Err(AuthError::Forbidden),
        }
    }
}
