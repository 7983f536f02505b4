//! How clients say who they are.

use scim_ops::{AuthenticationScheme, AuthenticationSchemeType};
use serde_json::{Map, Value, json};

use super::names::Names;
use super::served::Served;

/// The security schemes, by name.
pub(super) fn schemes(served: &Served, names: &Names) -> Map<String, Value> {
    let schemes = served.authentication_schemes.iter();
    schemes
        .map(|scheme| (names.component(word(scheme)), scheme_of(scheme)))
        .collect()
}

/// What an operation requires: one of the schemes. `None` if nothing is known of it.
pub(super) fn required(served: &Served, names: &Names) -> Option<Value> {
    if !served.authenticates {
        return Some(json!([]));
    }
    let mut alternatives: Vec<Value> = Vec::new();
    for scheme in &served.authentication_schemes {
        let mut required = Map::new();
        required.insert(names.component(word(scheme)), json!([]));
        let required = Value::Object(required);
        if !alternatives.contains(&required) {
            alternatives.push(required);
        }
    }
    (!alternatives.is_empty()).then(|| alternatives.into())
}

fn word(scheme: &AuthenticationScheme) -> &'static str {
    match scheme.scheme_type() {
        AuthenticationSchemeType::OAuthBearerToken => "bearer",
        kind => kind.as_str(),
    }
}

fn scheme_of(scheme: &AuthenticationScheme) -> Value {
    // As the `Authorization` header has it (RFC 9110 §11.4). Where tokens of OAuth 2.0 come from is
    // not for this service to say; it takes them as bearer tokens.
    let auth_scheme = match scheme.scheme_type() {
        AuthenticationSchemeType::OAuth => "oauth",
        AuthenticationSchemeType::HttpBasic => "basic",
        AuthenticationSchemeType::HttpDigest => "digest",
        _ => "bearer",
    };
    json!({ "type": "http", "scheme": auth_scheme, "description": scheme.name() })
}
