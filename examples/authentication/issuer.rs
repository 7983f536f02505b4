use std::error::Error;
use std::iter::repeat_with;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;

/// An identity provider, so that the example needs none: it signs with a key that it has just made.
/// The generator of that key is none for secrets.
pub(crate) struct Issuer {
    url: String,
    key: EncodingKey,
    public: Jwk,
}

/// Before the 32 octets of an Ed25519 key, to make it PKCS #8 (RFC 8410 §7).
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// The only key.
const KEY: &str = "2026";

impl Issuer {
    pub(crate) fn new(url: &str) -> Result<Self, jsonwebtoken::errors::Error> {
        let secret = repeat_with(|| fastrand::u8(..)).take(32);
        let pkcs8: Vec<u8> = PKCS8.into_iter().chain(secret).collect();
        let key = EncodingKey::from_ed_der(&pkcs8);
        let mut public = Jwk::from_encoding_key(&key, Algorithm::EdDSA)?;
        public.common.key_id = Some(KEY.to_owned());
        Ok(Self {
            url: url.to_owned(),
            key,
            public,
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What it publishes.
    pub(crate) fn keys(&self) -> JwkSet {
        JwkSet {
            keys: vec![self.public.clone()],
        }
    }

    /// A token for access that expires in so many seconds.
    pub(crate) fn token(
        &self,
        audience: &str,
        tenant: &str,
        scope: &str,
        seconds: i64,
    ) -> Result<String, Box<dyn Error + Send + Sync>> {
        self.signed("at+jwt", audience, tenant, scope, seconds)
    }

    /// A token that says who somebody is, and happens to have the same claims.
    pub(crate) fn id_token(
        &self,
        audience: &str,
        tenant: &str,
    ) -> Result<String, Box<dyn Error + Send + Sync>> {
        self.signed("JWT", audience, tenant, "scim.write", 60)
    }

    fn signed(
        &self,
        typ: &str,
        audience: &str,
        tenant: &str,
        scope: &str,
        seconds: i64,
    ) -> Result<String, Box<dyn Error + Send + Sync>> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let claims = json!({
            "iss": self.url,
            "aud": audience,
            "sub": "hr-sync",
            "exp": now.saturating_add_signed(seconds),
            "tenant": tenant,
            "scope": scope,
        });
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(KEY.to_owned());
        header.typ = Some(typ.to_owned());
        Ok(encode(&header, &claims, &self.key)?)
    }
}

/// The same token with the algorithm `none`, which says that there is nothing to verify.
pub(crate) fn unsigned(token: &str) -> Result<String, &'static str> {
    let claims = token.split('.').nth(1).ok_or("a token has three parts")?;
    let header =
        BASE64_URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"none","typ":"at+jwt","kid":"{KEY}"}}"#));
    Ok(format!("{header}.{claims}."))
}
