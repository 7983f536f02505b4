use http::StatusCode;
use scim_ops::provider::schema::{ResourceType, Schema};
use serde_json::{Map, Value, json};

use super::attribute::Form;
use super::names::Names;
use super::operation::Shared;
use super::paths::{ALL, BULK, DISCOVERY, ME, Paths};
use super::served::Served;
use super::{OpenApiError, discovery, merge, messages, parameters, resource, responses, security};
use crate::{BasePath, BaseUrl};

/// A [`ScimService`](crate::ScimService) described in OpenAPI 3.1: as a
/// [document](Self::document) of its own, or as [part](Self::merge_into) of another one.
///
/// It is made of the resource types and the configuration of the service, so that resource types of
/// an application's own are in it, and nothing that the service does not do. Names of attributes are
/// spelt as the schemas spell them; the service itself takes them in whatever case (RFC 7643 §2.1).
///
/// ```
/// use scim_http::ScimService;
/// use scim_http::ops::ScimOperationHandler;
/// use scim_http::provider::InMemoryProvider;
///
/// let service = ScimService::new(ScimOperationHandler::new(InMemoryProvider::default()));
/// let document = service.openapi().with_title("Accounts").document();
/// assert_eq!(document["openapi"], "3.1.1");
/// let read = &document["paths"]["/Users/{id}"]["get"];
/// assert_eq!(read["responses"]["304"]["headers"]["ETag"]["$ref"], "#/components/headers/ETag");
/// ```
#[derive(Debug, Clone)]
pub struct OpenApi {
    served: Served,
    title: String,
    version: String,
    description: String,
    prefix: String,
    me: Option<String>,
    refusals: Vec<(StatusCode, String)>,
}

impl OpenApi {
    pub(crate) fn new(served: Served) -> Self {
        Self {
            served,
            title: "SCIM 2.0".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            description: DESCRIPTION.into(),
            prefix: String::new(),
            me: None,
            refusals: Vec::new(),
        }
    }

    /// The same under another title than `SCIM 2.0`.
    #[must_use]
    pub fn with_title(self, title: impl Into<String>) -> Self {
        let title = title.into();
        Self { title, ..self }
    }

    /// The same as this version of what is described, instead of that of this crate.
    #[must_use]
    pub fn with_version(self, version: impl Into<String>) -> Self {
        let version = version.into();
        Self { version, ..self }
    }

    /// The same with another introduction, in CommonMark.
    #[must_use]
    pub fn with_description(self, description: impl Into<String>) -> Self {
        let description = description.into();
        Self {
            description,
            ..self
        }
    }

    /// The same for clients that reach the service under `base_url`. The default is that of the
    /// service; if it has none, the [base path](Self::with_base_path) on the host that the document
    /// comes from.
    #[must_use]
    pub fn with_base_url(mut self, base_url: BaseUrl) -> Self {
        self.served.base_url = Some(base_url);
        self
    }

    /// The same behind `base_path`, which stands in front of every path of a
    /// [fragment](Self::fragment). The default is that of the service. A router that strips a prefix
    /// (axum's `nest_service`) has to say it here.
    #[must_use]
    pub fn with_base_path(mut self, base_path: BasePath) -> Self {
        self.served.base_path = base_path;
        self
    }

    /// The same with `prefix` in front of the name of each component and operation, so that they are
    /// none of another document: `ScimUser`, `scimCreateUser`.
    ///
    /// # Errors
    ///
    /// [`OpenApiError::Prefix`] if it has other characters than ASCII letters, digits and
    /// underscores, or begins with something else than a letter.
    pub fn with_prefix(self, prefix: impl Into<String>) -> Result<Self, OpenApiError> {
        let prefix = prefix.into();
        let is_legal = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if prefix.starts_with(|c: char| c.is_ascii_alphabetic()) && prefix.chars().all(is_legal) {
            Ok(Self { prefix, ..self })
        } else {
            Err(OpenApiError::Prefix)
        }
    }

    /// The same with `/Me`, which stands for a resource of type `resource_type`: for services whose
    /// authenticator says so ([`Grant::with_me`](crate::Grant::with_me)).
    ///
    /// # Errors
    ///
    /// [`OpenApiError::UnknownResourceType`].
    pub fn with_me(self, resource_type: impl Into<String>) -> Result<Self, OpenApiError> {
        let name = resource_type.into();
        if self.served.types.get(&name).is_none() {
            return Err(OpenApiError::UnknownResourceType { name });
        }
        let me = Some(name);
        Ok(Self { me, ..self })
    }

    /// The same where any request may also be refused with `status`, by what stands in front of the
    /// service or by the provider behind it. The content is a SCIM error.
    #[must_use]
    pub fn with_refusal(mut self, status: StatusCode, description: impl Into<String>) -> Self {
        self.refusals.push((status, description.into()));
        self
    }

    /// The whole document.
    pub fn document(&self) -> Value {
        let Parts {
            paths,
            components,
            tags,
        } = self.parts();
        let mut document = json!({
            "openapi": "3.1.1",
            "info": {
                "title": self.title,
                "version": self.version,
                "description": self.description,
            },
            "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
            "paths": paths,
            "components": components,
            "tags": tags,
        });
        let base_path = self.served.base_path.as_str();
        let server = match &self.served.base_url {
            Some(url) => url.as_str(),
            None => base_path,
        };
        // Without, it is the root of where the document is.
        if !server.is_empty() {
            document["servers"] = json!([{ "url": server }]);
        }
        document
    }

    /// `paths`, `components` and `tags` for another document, whose paths begin with the
    /// [base path](Self::with_base_path). [`merge_into`](Self::merge_into) puts them there.
    pub fn fragment(&self) -> Value {
        let Parts {
            paths,
            components,
            tags,
        } = self.parts();
        let base_path = self.served.base_path.as_str();
        let paths = paths.into_iter();
        let paths: Map<String, Value> = paths
            .map(|(path, item)| ([base_path, &path].concat(), item))
            .collect();
        json!({ "paths": paths, "components": components, "tags": tags })
    }

    /// Adds the [fragment](Self::fragment) to `document`, of OpenAPI 3.1, too. What both say alike is
    /// there once.
    ///
    /// ```
    /// # use scim_http::{BasePath, OpenApiError, ScimService};
    /// # use scim_http::ops::ScimOperationHandler;
    /// # use scim_http::provider::InMemoryProvider;
    /// # let handler = ScimOperationHandler::new(InMemoryProvider::default());
    /// # let service = ScimService::new(handler).with_base_path(BasePath::parse("/scim")?);
    /// let mut ours = serde_json::json!({
    ///     "openapi": "3.1.0",
    ///     "info": { "title": "Orders", "version": "7" },
    ///     "paths": { "/orders": {} },
    /// });
    /// service.openapi().with_prefix("Scim")?.merge_into(&mut ours)?;
    /// assert!(ours["paths"]["/orders"].is_object());
    /// assert!(ours["paths"]["/scim/Users"]["post"].is_object());
    /// assert!(ours["components"]["schemas"]["ScimUser"].is_object());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`OpenApiError::NotADocument`], and [`OpenApiError::Taken`] if the document says something
    /// else in a place that is needed; it is not changed then.
    pub fn merge_into(&self, document: &mut Value) -> Result<(), OpenApiError> {
        merge::merge(document, &self.fragment())
    }

    fn parts(&self) -> Parts {
        let served = &self.served;
        let names = Names::new(&self.prefix, &served.types);
        let responses = responses::refusals(&names, &self.refusals);
        let base_url = match &served.base_url {
            Some(url) => url.as_str().to_owned(),
            None => ["https://example.com", served.base_path.as_str()].concat(),
        };
        let paths = Paths {
            shared: Shared {
                served,
                names: &names,
                refusals: &self.refusals,
            },
            refusals: &responses,
            base_url: &base_url,
        };
        let me = self.me.as_deref().and_then(|name| served.types.get(name));
        let paths = paths.all(me);
        let parameters = parameters::all(served).into_iter();
        let parameters: Map<String, Value> = parameters
            .map(|(name, parameter)| (names.component(&name), parameter))
            .collect();
        let mut components = json!({
            "schemas": self.schemas(&names),
            "parameters": parameters,
            "headers": responses::headers(&names),
            "responses": responses,
        });
        let schemes = security::schemes(served, &names);
        if !schemes.is_empty() {
            components["securitySchemes"] = schemes.into();
        }
        Parts {
            paths,
            components,
            tags: self.tags(),
        }
    }

    fn schemas(&self, names: &Names) -> Map<String, Value> {
        let served = &self.served;
        let rules = served.types.rules();
        let mut schemas = Map::new();
        let mut add = |name: &str, schema: Value| schemas.insert(names.component(name), schema);
        let mut any = Vec::new();
        for known in &served.types {
            let stem = names.stem(known);
            add(stem, resource::shown(known, names));
            let written = resource::written(known, names, rules);
            add(&format!("{stem}Request"), written);
            let page = messages::list(&names.schema(stem));
            add(&format!("{stem}List"), page);
            any.push(names.schema(stem));
        }
        for schema in self.extensions() {
            let stem = names.extension(schema);
            add(stem, resource::extension(schema, Form::Shown));
            let written = resource::extension(schema, Form::Written(rules));
            add(&format!("{stem}Request"), written);
        }
        if !any.is_empty() {
            add("AllList", messages::list(&json!({ "anyOf": any })));
        }
        add("Error", messages::error());
        add("SearchRequest", messages::search_request(served.searches));
        add("PatchRequest", messages::patch_request());
        let bulk = messages::bulk_request(&served.limits, served.atomic);
        add("BulkRequest", bulk);
        add("BulkResponse", messages::bulk_response(names));
        let documents = &served.documents;
        for (name, schema) in [
            ("ServiceProviderConfig", &documents.config),
            ("ResourceType", &documents.resource_type),
        ] {
            add(name, discovery::document(schema));
        }
        let schema = &documents.schema;
        add("Schema", discovery::schema_document(schema, names));
        let attribute = discovery::attribute(schema, names);
        add(discovery::ATTRIBUTE, attribute);
        for name in ["ResourceType", "Schema"] {
            let page = messages::list(&names.schema(name));
            add(&format!("{name}List"), page);
        }
        schemas
    }

    fn extensions(&self) -> Vec<&Schema> {
        let mut known: Vec<&Schema> = Vec::new();
        let types = self.served.types.iter();
        for extension in types.flat_map(ResourceType::extensions) {
            let schema = extension.schema();
            // Types may share one.
            if known.iter().all(|known| known.id() != schema.id()) {
                known.push(schema);
            }
        }
        known
    }

    fn tags(&self) -> Value {
        let types = self.served.types.iter();
        let mut tags: Vec<Value> = types
            .map(|known| {
                let mut tag = json!({ "name": known.endpoint() });
                if !known.description().is_empty() {
                    tag["description"] = known.description().into();
                }
                tag
            })
            .collect();
        let me = self
            .me
            .as_ref()
            .map(|_| (ME, "Whoever asks (RFC 7644 §3.11)."));
        let others = [
            (ALL, "Resources of all types together."),
            (BULK, "Several operations in one request (RFC 7644 §3.7)."),
            (
                DISCOVERY,
                "What the service says about itself (RFC 7644 §4).",
            ),
        ];
        for (name, description) in me.into_iter().chain(others) {
            tags.push(json!({ "name": name, "description": description }));
        }
        tags.into()
    }
}

const DESCRIPTION: &str = "Users, groups and other resources by SCIM 2.0 \
    ([RFC 7643](https://www.rfc-editor.org/rfc/rfc7643), [RFC 7644](https://www.rfc-editor.org/rfc/rfc7644)), \
    with a version each: what a write names in `If-Match` is replaced, or nothing is.\n\n\
    Names of attributes are taken in whatever case; here they are spelt as the schemas spell them. \
    What only the service sets may be sent back as it was read, and is ignored.";

struct Parts {
    paths: Map<String, Value>,
    components: Value,
    tags: Value,
}
