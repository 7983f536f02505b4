//! The paths of a service, and what can be done there.

mod bulk;
mod discovery;
mod lists;
mod single;

use http::StatusCode;
use scim_ops::provider::schema::ResourceType;
use serde_json::{Map, Value, json};

use self::single::At;
use super::operation::{Operation, Shared, head, options};

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
}
