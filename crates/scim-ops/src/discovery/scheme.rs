use serde_json::{Value, json};

/// A way in which clients may say who they are (RFC 7643 §5, `authenticationSchemes`).
///
/// ```
/// use scim_ops::{AuthenticationScheme, AuthenticationSchemeType};
///
/// let bearer = AuthenticationScheme::bearer_token();
/// assert_eq!(bearer.scheme_type(), AuthenticationSchemeType::OAuthBearerToken);
///
/// let certificate = AuthenticationScheme::new(
///     AuthenticationSchemeType::HttpBasic,
///     "HTTP Basic",
///     "Name and password of an administrator",
/// )
/// .with_documentation_uri("https://example.com/help/basic");
/// assert_eq!(certificate.name(), "HTTP Basic");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticationScheme {
    scheme_type: AuthenticationSchemeType,
    name: String,
    description: String,
    spec_uri: Option<String>,
    documentation_uri: Option<String>,
}

/// The kinds of authentication that RFC 7643 §5 has words for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthenticationSchemeType {
    /// OAuth 1.0 (RFC 5849).
    OAuth,
    /// OAuth 2.0 (RFC 6749).
    OAuth2,
    /// Bearer tokens (RFC 6750).
    OAuthBearerToken,
    /// A name and a password (RFC 7617).
    HttpBasic,
    /// A digest of them (RFC 7616).
    HttpDigest,
}

impl AuthenticationSchemeType {
    /// The keyword.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OAuth => "oauth",
            Self::OAuth2 => "oauth2",
            Self::OAuthBearerToken => "oauthbearertoken",
            Self::HttpBasic => "httpbasic",
            Self::HttpDigest => "httpdigest",
        }
    }
}

impl AuthenticationScheme {
    /// A scheme with a name and a description for people.
    pub fn new(
        scheme_type: AuthenticationSchemeType,
        name: impl Into<String>,
        description: impl Into<String>,
    ) -> Self {
        Self {
            scheme_type,
            name: name.into(),
            description: description.into(),
            spec_uri: None,
            documentation_uri: None,
        }
    }

    /// Bearer tokens in the `Authorization` header (RFC 6750 §2.1).
    pub fn bearer_token() -> Self {
        Self::new(
            AuthenticationSchemeType::OAuthBearerToken,
            "OAuth Bearer Token",
            "Authentication scheme using the OAuth Bearer Token Standard",
        )
        .with_spec_uri("https://www.rfc-editor.org/info/rfc6750")
    }

    /// Says where the scheme is specified.
    #[must_use]
    pub fn with_spec_uri(mut self, uri: impl Into<String>) -> Self {
        self.spec_uri = Some(uri.into());
        self
    }

    /// Says where people read how to use it here.
    #[must_use]
    pub fn with_documentation_uri(mut self, uri: impl Into<String>) -> Self {
        self.documentation_uri = Some(uri.into());
        self
    }

    /// Which kind it is of.
    pub const fn scheme_type(&self) -> AuthenticationSchemeType {
        self.scheme_type
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn to_json(&self) -> Value {
        let mut json = json!({
            "type": self.scheme_type.as_str(),
            "name": self.name,
            "description": self.description,
        });
        for (name, uri) in [
            ("specUri", &self.spec_uri),
            ("documentationUri", &self.documentation_uri),
        ] {
            if let Some(uri) = uri {
                json[name] = uri.as_str().into();
            }
        }
        json
    }
}
