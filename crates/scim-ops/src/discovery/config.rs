use serde_json::{Value, json};

use super::{AuthenticationScheme, Document};

/// What a service provider can do (RFC 7643 §5): what of SCIM is optional, and how much of it
/// is taken at a time.
///
/// Entity tags are supported always. Everything else has to be said; say no more than is
/// enforced.
///
/// ```
/// use scim_ops::provider::schema::ResourceTypes;
/// use scim_ops::{Discovery, Pagination, ServiceProviderConfig};
///
/// let config = ServiceProviderConfig::new()
///     .with_patch(true)
///     .with_filter(1_000)
///     .with_pagination(Pagination::by_index(100, 1_000));
/// let discovery = Discovery::new(&ResourceTypes::rfc7643(), &config);
/// let json: serde_json::Value =
///     serde_json::from_slice(&discovery.service_provider_config().to_json("https://example.com"))?;
/// assert_eq!(json["etag"]["supported"], true);
/// assert_eq!(json["filter"]["maxResults"], 1_000);
/// assert_eq!(json["sort"]["supported"], false);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceProviderConfig {
    documentation_uri: Option<String>,
    patch: bool,
    bulk: Option<BulkLimits>,
    filter: Option<u32>,
    change_password: bool,
    sort: bool,
    pagination: Option<Pagination>,
    authentication_schemes: Vec<AuthenticationScheme>,
}

/// How much one bulk request may hold (RFC 7644 §3.7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BulkLimits {
    /// The most operations.
    pub max_operations: u32,
    /// The most octets of its content.
    pub max_payload_size: u64,
}

impl BulkLimits {
    /// At most so many operations in so many octets.
    pub const fn new(max_operations: u32, max_payload_size: u64) -> Self {
        Self {
            max_operations,
            max_payload_size,
        }
    }
}

/// How lists are paged (RFC 9865 §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pagination {
    cursor: bool,
    default_page_size: u32,
    max_page_size: u32,
}

impl Pagination {
    /// Pages by `startIndex`, with so many resources unless a client asks for another number,
    /// and never more than so many.
    pub const fn by_index(default_page_size: u32, max_page_size: u32) -> Self {
        Self {
            cursor: false,
            default_page_size,
            max_page_size,
        }
    }

    /// The same with cursors for those who ask for them. They do not run out.
    #[must_use]
    pub const fn with_cursors(mut self) -> Self {
        self.cursor = true;
        self
    }

    fn to_json(self) -> Value {
        // RFC 9865 §2.4 recommends the index where clients may not know cursors.
        json!({
            "cursor": self.cursor,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": self.default_page_size,
            "maxPageSize": self.max_page_size,
        })
    }
}

impl ServiceProviderConfig {
    /// A service provider that supports nothing but entity tags.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says where people read about this service.
    #[must_use]
    pub fn with_documentation_uri(mut self, uri: impl Into<String>) -> Self {
        self.documentation_uri = Some(uri.into());
        self
    }

    /// Says whether resources can be changed in part (RFC 7644 §3.5.2).
    #[must_use]
    pub const fn with_patch(mut self, supported: bool) -> Self {
        self.patch = supported;
        self
    }

    /// Bulk requests (§3.7) are taken within these limits.
    #[must_use]
    pub const fn with_bulk(mut self, limits: BulkLimits) -> Self {
        self.bulk = Some(limits);
        self
    }

    /// Filters (§3.4.2.2) are taken, and answered with at most `max_results` resources at a
    /// time.
    #[must_use]
    pub const fn with_filter(mut self, max_results: u32) -> Self {
        self.filter = Some(max_results);
        self
    }

    /// Says whether passwords can be set.
    #[must_use]
    pub const fn with_change_password(mut self, supported: bool) -> Self {
        self.change_password = supported;
        self
    }

    /// Says whether lists can be sorted (§3.4.2.3).
    #[must_use]
    pub const fn with_sort(mut self, supported: bool) -> Self {
        self.sort = supported;
        self
    }

    /// Says how lists are paged.
    #[must_use]
    pub const fn with_pagination(mut self, pagination: Pagination) -> Self {
        self.pagination = Some(pagination);
        self
    }

    /// Says in which ways, besides those said before, clients may authenticate.
    #[must_use]
    pub fn with_authentication_scheme(mut self, scheme: AuthenticationScheme) -> Self {
        self.authentication_schemes.push(scheme);
        self
    }

    pub(super) fn document(&self) -> Document {
        let supported = |supported: bool| json!({ "supported": supported });
        let schemes = self.authentication_schemes.iter();
        let schemes: Vec<Value> = schemes.map(AuthenticationScheme::to_json).collect();
        let bulk = self.bulk.unwrap_or(BulkLimits::new(0, 0));
        let mut json = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
            "patch": supported(self.patch),
            "bulk": {
                "supported": self.bulk.is_some(),
                "maxOperations": bulk.max_operations,
                "maxPayloadSize": bulk.max_payload_size,
            },
            "filter": {
                "supported": self.filter.is_some(),
                "maxResults": self.filter.unwrap_or(0),
            },
            "changePassword": supported(self.change_password),
            "sort": supported(self.sort),
            "etag": supported(true),
            "authenticationSchemes": schemes,
        });
        if let Some(uri) = &self.documentation_uri {
            json["documentationUri"] = uri.as_str().into();
        }
        if let Some(pagination) = self.pagination {
            json["pagination"] = pagination.to_json();
        }
        Document::only("ServiceProviderConfig", &json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(config: &ServiceProviderConfig) -> Value {
        serde_json::from_slice(&config.document().to_json("https://h")).unwrap()
    }

    #[test]
    fn what_is_not_said_is_not_supported() {
        assert_eq!(
            json(&ServiceProviderConfig::new()),
            json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
                "patch": { "supported": false },
                "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
                "filter": { "supported": false, "maxResults": 0 },
                "changePassword": { "supported": false },
                "sort": { "supported": false },
                "etag": { "supported": true },
                "authenticationSchemes": [],
                "meta": {
                    "resourceType": "ServiceProviderConfig",
                    "location": "https://h/ServiceProviderConfig",
                },
            })
        );
    }

    #[test]
    fn all_that_is_said_is_shown() {
        let shown = json(
            &ServiceProviderConfig::new()
                .with_documentation_uri("https://h/help")
                .with_patch(true)
                .with_bulk(BulkLimits::new(10, 1_000))
                .with_filter(200)
                .with_change_password(true)
                .with_sort(true)
                .with_pagination(Pagination::by_index(100, 200).with_cursors())
                .with_authentication_scheme(AuthenticationScheme::bearer_token()),
        );
        for feature in ["patch", "bulk", "filter", "changePassword", "sort", "etag"] {
            assert_eq!(shown[feature]["supported"], true, "{feature}");
        }
        assert_eq!(shown["documentationUri"], "https://h/help");
        assert_eq!(
            shown["pagination"],
            json!({
                "cursor": true, "index": true, "defaultPaginationMethod": "index",
                "defaultPageSize": 100, "maxPageSize": 200,
            })
        );
        assert_eq!(
            shown["authenticationSchemes"][0],
            json!({
                "type": "oauthbearertoken",
                "name": "OAuth Bearer Token",
                "description": "Authentication scheme using the OAuth Bearer Token Standard",
                "specUri": "https://www.rfc-editor.org/info/rfc6750",
            })
        );
    }
}
