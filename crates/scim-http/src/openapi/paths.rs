//! The paths of a service, and what can be done there.

use http::StatusCode;
use scim_ops::provider::schema::ResourceType;
use serde_json::{Map, Value, json};

use super::example;
use super::messages;
use super::operation::{Operation, Shared, head, options};
use super::parameters::{PROJECTION, if_match_of_change, of_lists};
use super::responses::{OF_RESOURCE, empty, with_content};

/// Describes paths, with the components that they refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paths<'a> {
    pub(super) shared: Shared<'a>,
    /// The components for refusals.
    pub(super) refusals: &'a Map<String, Value>,
    /// Where the resources of examples are.
    pub(super) base_url: &'a str,
}

pub(super) const BULK: &str = "Bulk";
pub(super) const ALL: &str = "All resources";
pub(super) const DISCOVERY: &str = "Discovery";
pub(super) const ME: &str = "Me";

/// What can go wrong wherever the store is asked.
const OF_STORE: [StatusCode; 2] = [
    StatusCode::INTERNAL_SERVER_ERROR,
    StatusCode::SERVICE_UNAVAILABLE,
];
/// What can be wrong with content, or with what is wanted in its place.
const OF_CONTENT: [StatusCode; 3] = [
    StatusCode::NOT_ACCEPTABLE,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
];

/// Where a resource is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Id,
    Me,
}

impl<'a> Paths<'a> {
    /// All path items, by their path below the base URL; `/Me` stands for a resource of type `me`.
    pub(super) fn all(self, me: Option<&ResourceType>) -> Map<String, Value> {
        let mut paths = Map::new();
        let types = &self.shared.served.types;
        for known in types {
            let endpoint = format!("/{}", known.endpoint());
            paths.insert(format!("{endpoint}/.search"), self.search(Some(known)));
            paths.insert(format!("{endpoint}/{{id}}"), self.single(known, At::Id));
            paths.insert(endpoint, self.collection(known));
        }
        if types.iter().next().is_some() {
            paths.insert("/".into(), self.root());
            paths.insert("/.search".into(), self.search(None));
        }
        paths.insert("/Bulk".into(), self.bulk());
        if let Some(me) = me {
            paths.insert("/Me".into(), self.single(me, At::Me));
        }
        for (path, item) in self.discovery() {
            paths.insert(path, item);
        }
        paths
    }

    /// The tag of operations on resources of a type.
    fn tag(resource_type: &ResourceType) -> &str {
        resource_type.endpoint()
    }

    fn operation(self, verb: &str, noun: &str, tag: &str, summary: &str) -> Operation<'a> {
        let id = self.shared.names.operation(verb, noun);
        Operation::new(self.shared, id, tag, summary)
    }

    fn head(self, get: &Value, noun: &str) -> Value {
        let id = self.shared.names.operation("head", noun);
        head(get, id, self.refusals)
    }

    fn options(self, noun: &str, tag: &str) -> Operation<'a> {
        let id = self.shared.names.operation("options", noun);
        options(self.shared, id, tag)
    }

    /// A path with these methods, which every request may give a name.
    fn item(self, methods: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
        let request_id = self.shared.names.reference("parameters", "RequestId");
        let mut item = Map::new();
        item.insert("parameters".into(), json!([request_id]));
        item.extend(
            methods
                .into_iter()
                .map(|(method, operation)| (method.to_owned(), operation)),
        );
        item.into()
    }

    fn root(self) -> Value {
        let get = self
            .list(None)
            .described("Of all types; an attribute that one type has not counts as one without a value there.")
            .finish();
        let head = self.head(&get, "All");
        self.item([
            ("get", get),
            ("head", head),
            ("options", self.options("All", ALL).finish()),
        ])
    }

    fn collection(self, resource_type: &ResourceType) -> Value {
        let noun = format!("{}List", self.shared.names.stem(resource_type));
        let get = self.list(Some(resource_type)).finish();
        let head = self.head(&get, &noun);
        let options = self.options(&noun, Self::tag(resource_type)).finish();
        self.item([
            ("get", get),
            ("head", head),
            ("post", self.create(resource_type)),
            ("options", options),
        ])
    }

    /// A list, of all types if none is named.
    fn list(self, resource_type: Option<&ResourceType>) -> Operation<'a> {
        let (noun, tag) = self.noun_and_tag(resource_type);
        self.operation("list", &noun, tag, "List resources")
            .taking(&of_lists(self.shared.served))
            .answering(StatusCode::OK, self.page(resource_type))
            .refusing(&[StatusCode::NOT_ACCEPTABLE])
            .refusing(&OF_STORE)
            .refusing(self.of_search())
    }

    fn search(self, resource_type: Option<&ResourceType>) -> Value {
        let (noun, tag) = self.noun_and_tag(resource_type);
        let searches = self.shared.served.searches;
        let mut example = json!({ "schemas": [messages::SEARCH_REQUEST], "count": 10 });
        if searches {
            example["filter"] = example::filter(resource_type).into();
        }
        let post = self
            .operation(
                "search",
                &noun,
                tag,
                "List resources, asked for in the content",
            )
            .described("For filters that are long, or should stand in no log.")
            .reading(&self.shared.names.schema("SearchRequest"), Some(example))
            .answering(StatusCode::OK, self.page(resource_type))
            .refusing(&OF_CONTENT)
            .refusing(&OF_STORE)
            .refusing(self.of_search())
            .finish();
        let options = self.options(&format!("{noun}Search"), tag).finish();
        self.item([("post", post), ("options", options)])
    }

    fn noun_and_tag(self, resource_type: Option<&ResourceType>) -> (String, &str) {
        match resource_type {
            Some(known) => (self.shared.names.stem(known).to_owned(), Self::tag(known)),
            None => ("All".to_owned(), ALL),
        }
    }

    /// What a provider that does not search refuses.
    fn of_search(self) -> &'static [StatusCode] {
        if self.shared.served.searches {
            &[]
        } else {
            &[StatusCode::NOT_IMPLEMENTED]
        }
    }

    /// 200 with a page.
    fn page(self, resource_type: Option<&ResourceType>) -> Value {
        let names = self.shared.names;
        let schema = match resource_type {
            Some(known) => names.schema(&format!("{}List", names.stem(known))),
            None => names.schema("AllList"),
        };
        let mut types = self.shared.served.types.iter();
        let shown = resource_type.or_else(|| types.next());
        let example =
            shown.map(|known| messages::list_example(&example::shown(known, self.base_url)));
        with_content(names, "A page of the list.", &[], &schema, example)
    }

    fn create(self, resource_type: &ResourceType) -> Value {
        let names = self.shared.names;
        let noun = names.stem(resource_type);
        let mut created = self.shown(resource_type, "It was created.");
        created["headers"]["Location"] = names.reference("headers", "Location");
        created["headers"]["Preference-Applied"] = names.reference("headers", "PreferenceApplied");
        created["links"] = self.links(resource_type);
        self.operation(
            "create",
            noun,
            Self::tag(resource_type),
            "Create a resource",
        )
        .taking(&PROJECTION)
        .taking(&["OnlyNew", "PreferReturn"])
        .reading(
            &names.schema(&format!("{noun}Request")),
            Some(example::written(resource_type)),
        )
        .answering(StatusCode::CREATED, created)
        .refusing(&[
            StatusCode::CONFLICT,
            StatusCode::PRECONDITION_FAILED,
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        ])
        .refusing(&OF_CONTENT)
        .refusing(&OF_STORE)
        .finish()
    }

    /// What can be done with what was created, under the condition that it is still the same.
    fn links(self, resource_type: &ResourceType) -> Value {
        let noun = self.shared.names.stem(resource_type);
        let mut links = Map::new();
        for verb in ["read", "replace", "patch", "delete"] {
            let mut parameters = json!({ "path.id": "$response.body#/id" });
            if verb != "read" {
                parameters["header.If-Match"] = "$response.header.ETag".into();
            }
            let link = json!({
                "operationId": self.shared.names.operation(verb, noun),
                "parameters": parameters,
            });
            links.insert(verb.to_owned(), link);
        }
        links.into()
    }

    /// An answer with the resource.
    fn shown(self, resource_type: &ResourceType, description: &str) -> Value {
        let names = self.shared.names;
        let schema = names.schema(names.stem(resource_type));
        let example = example::shown(resource_type, self.base_url);
        with_content(names, description, &OF_RESOURCE, &schema, Some(example))
    }

    fn single(self, resource_type: &ResourceType, at: At) -> Value {
        let stem = self.shared.names.stem(resource_type);
        let (noun, tag) = match at {
            At::Id => (stem, Self::tag(resource_type)),
            At::Me => ("Me", ME),
        };
        let get = self.read(resource_type, at, noun, tag);
        let head = self.head(&get, noun);
        let options = self.options(noun, tag).refusing(&self.of_id(at)).finish();
        let mut item = self.item([
            ("get", get),
            ("head", head),
            (
                "put",
                self.change(resource_type, at, (noun, tag), Change::Replace),
            ),
            (
                "patch",
                self.change(resource_type, at, (noun, tag), Change::Patch),
            ),
            ("delete", self.delete(at, noun, tag)),
            ("options", options),
        ]);
        if at == At::Id
            && let Some(Value::Array(parameters)) = item.get_mut("parameters")
        {
            parameters.push(self.shared.names.reference("parameters", "Id"));
        }
        item
    }

    /// What can be wrong with a path that ends in an id.
    fn of_id(self, at: At) -> Vec<StatusCode> {
        match at {
            At::Id => vec![StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED],
            // Nobody has to be somebody (RFC 7644 §3.11).
            At::Me => vec![StatusCode::NOT_FOUND, StatusCode::NOT_IMPLEMENTED],
        }
    }

    fn read(self, resource_type: &ResourceType, at: At, noun: &str, tag: &str) -> Value {
        let unchanged = "The client has it in this version already.";
        let unchanged = empty(self.shared.names, unchanged, &OF_RESOURCE);
        self.operation("read", noun, tag, "Read a resource")
            .taking(&PROJECTION)
            .taking(&["IfNoneMatch", "IfMatch"])
            .answering(StatusCode::OK, self.shown(resource_type, "The resource."))
            .answering(StatusCode::NOT_MODIFIED, unchanged)
            .refusing(&self.of_id(at))
            .refusing(&[
                StatusCode::NOT_ACCEPTABLE,
                StatusCode::PRECONDITION_FAILED,
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            ])
            .refusing(&OF_STORE)
            .finish()
    }

    fn change(
        self,
        resource_type: &ResourceType,
        at: At,
        (noun, tag): (&str, &str),
        change: Change,
    ) -> Value {
        let names = self.shared.names;
        let applied = names.reference("headers", "PreferenceApplied");
        let mut shown = self.shown(resource_type, "The resource as it is now.");
        shown["headers"]["Preference-Applied"] = applied.clone();
        let mut unshown = empty(names, "It was changed, and is not shown.", &OF_RESOURCE);
        unshown["headers"]["Preference-Applied"] = applied;
        let (verb, summary, schema, example) = match change {
            Change::Replace => (
                "replace",
                "Replace a resource",
                names.schema(&format!("{}Request", names.stem(resource_type))),
                example::written(resource_type),
            ),
            Change::Patch => (
                "patch",
                "Change a part of a resource",
                names.schema("PatchRequest"),
                example::patched(resource_type),
            ),
        };
        self.operation(verb, noun, tag, summary)
            .taking(&PROJECTION)
            .taking(&[
                if_match_of_change(self.shared.served),
                "IfNoneMatch",
                "Prefer",
            ])
            .reading(&schema, Some(example))
            .answering(StatusCode::OK, shown)
            .answering(StatusCode::NO_CONTENT, unshown)
            .refusing(&[StatusCode::CONFLICT])
            .refusing(&self.of_change(at))
            .refusing(&OF_CONTENT)
            .refusing(&OF_STORE)
            .finish()
    }

    fn delete(self, at: At, noun: &str, tag: &str) -> Value {
        let deleted = empty(self.shared.names, "It is gone.", &[]);
        self.operation("delete", noun, tag, "Delete a resource")
            .taking(&[if_match_of_change(self.shared.served), "IfNoneMatch"])
            .answering(StatusCode::NO_CONTENT, deleted)
            .refusing(&self.of_change(at))
            .refusing(&OF_STORE)
            .finish()
    }

    /// What can be wrong with a write to a resource that should be there.
    fn of_change(self, at: At) -> Vec<StatusCode> {
        let mut statuses = self.of_id(at);
        statuses.extend([
            StatusCode::PRECONDITION_FAILED,
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        ]);
        if self.shared.served.version_required {
            statuses.push(StatusCode::PRECONDITION_REQUIRED);
        }
        statuses
    }

    fn bulk(self) -> Value {
        let names = self.shared.names;
        let served = self.shared.served;
        let (request, response) = messages::bulk_example(&served.types).unzip();
        let done = with_content(
            names,
            "What became of each operation.",
            &[],
            &names.schema("BulkResponse"),
            response,
        );
        let mut statuses = Vec::new();
        if served.atomic {
            // The whole is refused like the operation that failed.
            statuses.extend([
                StatusCode::NOT_FOUND,
                StatusCode::CONFLICT,
                StatusCode::PRECONDITION_FAILED,
            ]);
            if served.version_required {
                statuses.push(StatusCode::PRECONDITION_REQUIRED);
            }
        } else {
            statuses.push(StatusCode::NOT_IMPLEMENTED);
        }
        let post = self
            .operation("send", BULK, BULK, "Several operations in one request")
            .described("Each has its own preconditions, in its `version`.")
            .reading(&names.schema("BulkRequest"), request)
            .answering(StatusCode::OK, done)
            .refusing(&statuses)
            .refusing(&OF_CONTENT)
            .refusing(&OF_STORE)
            .finish();
        self.item([
            ("post", post),
            ("options", self.options(BULK, BULK).finish()),
        ])
    }

    /// What the service says about itself (RFC 7644 §4).
    fn discovery(self) -> Vec<(String, Value)> {
        let names = self.shared.names;
        let mut items = Vec::new();
        for (path, noun, schema, summary) in [
            (
                "/ServiceProviderConfig",
                "ServiceProviderConfig",
                "ServiceProviderConfig",
                "What the service can do",
            ),
            (
                "/ResourceTypes",
                "ResourceTypes",
                "ResourceTypeList",
                "All resource types",
            ),
            (
                "/ResourceTypes/{name}",
                "ResourceType",
                "ResourceType",
                "A resource type",
            ),
            ("/Schemas", "Schemas", "SchemaList", "All schemas"),
            ("/Schemas/{uri}", "Schema", "Schema", "A schema"),
        ] {
            let document = with_content(names, "As it is.", &[], &names.schema(schema), None);
            let mut get = self
                .operation("read", noun, DISCOVERY, summary)
                .of_discovery()
                .answering(StatusCode::OK, document)
                .refusing(&[StatusCode::NOT_ACCEPTABLE, StatusCode::FORBIDDEN]);
            let mut options = self.options(noun, DISCOVERY).of_discovery();
            let mut parameter = None;
            if let Some((_, name)) = path.split_once('{') {
                get = get.refusing(&[StatusCode::NOT_FOUND]);
                options = options.refusing(&[StatusCode::NOT_FOUND]);
                parameter = Some(self.segment(name.trim_end_matches('}')));
            }
            let get = get.finish();
            let head = self.head(&get, noun);
            let mut item = self.item([("get", get), ("head", head), ("options", options.finish())]);
            if let Some(Value::Array(parameters)) = item.get_mut("parameters") {
                parameters.extend(parameter);
            }
            items.push((path.to_owned(), item));
        }
        items
    }

    /// A path parameter that is the name of a resource type or the URI of a schema.
    fn segment(self, name: &str) -> Value {
        let first = self.shared.served.types.iter().next();
        let example = first.map(|known| match name {
            "uri" => known.schema().id(),
            _ => known.name(),
        });
        let mut parameter = json!({
            "name": name,
            "in": "path",
            "required": true,
            "schema": { "type": "string", "minLength": 1, "not": { "enum": [".", ".."] } },
        });
        if let Some(example) = example {
            parameter["example"] = example.into();
        }
        parameter
    }
}

/// How a resource is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Replace,
    Patch,
}
