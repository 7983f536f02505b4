use std::collections::HashMap;
use std::fmt;

use scim_http::Grant;
use scim_http::provider::{Scope, TenantId, TenantIdError};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use thiserror::Error;

/// What bearer tokens admit to.
///
/// Only SHA-256 of a token is kept. A plain hash would not do for passwords; a token is a
/// long random string, of which no amount of guessing finds one by its hash. For that
/// the least length is [`MIN_LEN`](Self::MIN_LEN); that the characters are random is up to who makes it.
#[derive(Default)]
pub(crate) struct Tokens {
    // By the first eight octets of the hash, which only find the candidates: who knows
    // them from the time a look-up takes is no nearer to a token. The whole hash is
    // compared in constant time.
    by_prefix: HashMap<[u8; 8], Vec<(Hash, Grant)>>,
    len: usize,
    of_tenants: bool,
}

/// What a token's bearer may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Only read.
    ReadOnly,
    /// Read and write.
    ReadWrite,
}

type Hash = [u8; 32];

impl Tokens {
    /// The fewest characters of a token: 32 hexadecimal digits carry 128 random bits.
    pub(crate) const MIN_LEN: usize = 32;

    /// Adds `text`, `TOKEN` or `sha256:HEX`, which admits to the only tenant there is.
    pub(crate) fn add(&mut self, text: &str, access: Access) -> Result<(), TokenError> {
        self.insert(hash(text)?, Scope::Single, access)
    }

    /// Adds `text`, `NAME=TOKEN` or `NAME=sha256:HEX`, which admits to the tenant called so.
    pub(crate) fn add_tenant(&mut self, text: &str, access: Access) -> Result<(), TokenError> {
        let (name, token) = text.split_once('=').ok_or(TokenError::NoTenant)?;
        let tenant: TenantId = name.parse()?;
        self.insert(hash(token)?, tenant.into(), access)
    }

    fn insert(&mut self, hash: Hash, scope: Scope, access: Access) -> Result<(), TokenError> {
        let grant = Grant::new(scope).with_subject(name(&hash));
        let grant = match access {
            Access::ReadOnly => grant.read_only(),
            Access::ReadWrite => grant,
        };
        let of_tenants = matches!(grant.scope(), Scope::Tenant(_));
        let candidates = self.by_prefix.entry(prefix(&hash)).or_default();
        if candidates.iter().any(|(known, _)| *known == hash) {
            return Err(TokenError::Repeated);
        }
        candidates.push((hash, grant));
        self.len += 1;
        self.of_tenants |= of_tenants;
        Ok(())
    }

    /// What `token` admits to, if it is one of these.
    pub(crate) fn grant(&self, token: &str) -> Option<&Grant> {
        let hash: Hash = Sha256::digest(token).into();
        let candidates = self.by_prefix.get(&prefix(&hash))?;
        candidates
            .iter()
            .find(|(known, _)| known.ct_eq(&hash).into())
            .map(|(_, grant)| grant)
    }

    /// Whether there are none, so that everybody is admitted.
    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether there are several tenants. Without any token there is one.
    pub(crate) const fn of_tenants(&self) -> bool {
        self.of_tenants
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}

/// Why a text of the configuration names no token. It never shows the text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It is too short to be beyond guessing.
    #[error("a token has {len} characters, fewer than {min}", min = Tokens::MIN_LEN)]
    TooShort {
        /// How many it has.
        len: usize,
    },
    /// No request could carry it (RFC 6750 §2.1, `b64token`).
    #[error("a token has characters other than letters, digits and -._~+/ with = at the end")]
    Characters,
    /// After `sha256:` comes something else than 64 hexadecimal digits.
    #[error("sha256: is not followed by 64 hexadecimal digits")]
    Hash,
    /// There is no `NAME=` before the token.
    #[error("a tenant's token is not of the form NAME=TOKEN")]
    NoTenant,
    /// What is before the `=` cannot be a tenant's name.
    #[error("a tenant cannot be called so")]
    Tenant(#[from] TenantIdError),
    /// The same token was given before.
    #[error("the same token is given twice")]
    Repeated,
}

fn hash(text: &str) -> Result<Hash, TokenError> {
    match text.strip_prefix("sha256:") {
        Some(digits) => parse_hash(digits).ok_or(TokenError::Hash),
        None => {
            check(text)?;
            Ok(Sha256::digest(text).into())
        }
    }
}

fn check(token: &str) -> Result<(), TokenError> {
    let legal = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~+/".contains(&octet);
    let body = token.trim_end_matches('=');
    if body.is_empty() || !body.bytes().all(legal) {
        return Err(TokenError::Characters);
    }
    // The padding is no secret.
    let len = body.len();
    if len < Tokens::MIN_LEN {
        Err(TokenError::TooShort { len })
    } else {
        Ok(())
    }
}

fn parse_hash(digits: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if pairs.len() != hash.len() || !rest.is_empty() {
        return None;
    }
    for (octet, pair) in hash.iter_mut().zip(pairs) {
        let [high, low] = pair.map(|digit| char::from(digit).to_digit(16));
        *octet = u8::try_from(high? * 16 + low?).ok()?;
    }
    Some(hash)
}

/// A name by which logs tell tokens apart: as much of the hash as `sha256sum` begins with.
fn name(hash: &Hash) -> String {
    let [a, b, c, d, ..] = *hash;
    format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
}

fn prefix(hash: &Hash) -> [u8; 8] {
    let [a, b, c, d, e, f, g, h, ..] = *hash;
    [a, b, c, d, e, f, g, h]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";
    // printf %s 0123456789abcdef0123456789abcdef | sha256sum
    const TOKEN_SHA256: &str = "3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9";

    #[test]
    fn a_token_admits_to_what_it_was_given_for() {
        let mut tokens = Tokens::default();
        tokens
            .add_tenant(&format!("acme={TOKEN}"), Access::ReadWrite)
            .unwrap();
        tokens
            .add_tenant(&format!("acme=x{TOKEN}"), Access::ReadOnly)
            .unwrap();
        tokens
            .add_tenant(&format!("beta=y{TOKEN}"), Access::ReadWrite)
            .unwrap();

        let acme = Scope::Tenant("acme".parse().unwrap());
        let grant = tokens.grant(TOKEN).unwrap();
        assert_eq!((grant.scope(), grant.may_write()), (&acme, true));
        assert_eq!(grant.subject(), TOKEN_SHA256.get(..8));
        let grant = tokens.grant(&format!("x{TOKEN}")).unwrap();
        assert_eq!((grant.scope(), grant.may_write()), (&acme, false));
        assert_eq!(tokens.grant(&format!("z{TOKEN}")), None);
        assert_eq!(tokens.grant(""), None);
        assert_eq!(tokens.len(), 3);
    }

    #[test]
    fn a_token_may_be_given_as_its_hash() {
        let mut tokens = Tokens::default();
        tokens
            .add(&format!("sha256:{TOKEN_SHA256}"), Access::ReadWrite)
            .unwrap();
        assert!(tokens.grant(TOKEN).is_some());
        assert!(tokens.grant(TOKEN_SHA256).is_none());
        assert_eq!(
            tokens.add(TOKEN, Access::ReadOnly),
            Err(TokenError::Repeated)
        );
        for digits in [
            "",
            "00",
            &TOKEN_SHA256[1..],
            &format!("{TOKEN_SHA256}0"),
            &TOKEN_SHA256.replace('c', "g"),
        ] {
            let text = format!("sha256:{digits}");
            assert_eq!(
                tokens.add(&text, Access::ReadOnly),
                Err(TokenError::Hash),
                "{text}"
            );
        }
    }

    #[test]
    fn what_could_be_guessed_or_never_be_sent_is_refused() {
        let mut tokens = Tokens::default();
        let mut refused = |text: &str| tokens.add(text, Access::ReadWrite).unwrap_err();
        assert_eq!(refused(&TOKEN[1..]), TokenError::TooShort { len: 31 });
        assert_eq!(
            refused(&format!("{}========", &TOKEN[1..])),
            TokenError::TooShort { len: 31 }
        );
        for text in [
            "",
            "===",
            &format!("{TOKEN} "),
            &format!("{TOKEN},"),
            &format!("{TOKEN}=a"),
            &format!("{TOKEN}ä"),
        ] {
            assert_eq!(refused(text), TokenError::Characters, "{text}");
        }
        assert!(tokens.is_empty());
    }

    #[test]
    fn a_tenants_token_needs_the_tenants_name() {
        let mut tokens = Tokens::default();
        let refused = tokens.add_tenant(TOKEN, Access::ReadWrite);
        assert_eq!(refused, Err(TokenError::NoTenant));
        let refused = tokens.add_tenant(&format!("={TOKEN}"), Access::ReadWrite);
        assert!(matches!(refused, Err(TokenError::Tenant(_))), "{refused:?}");
    }

    #[test]
    fn debug_shows_no_hash() {
        let mut tokens = Tokens::default();
        tokens.add(TOKEN, Access::ReadWrite).unwrap();
        assert_eq!(format!("{tokens:?}"), "Tokens { len: 1, .. }");
    }
}
