//! One operation: a method of a path.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::names::Names;
use super::responses::{JSON, SCIM_JSON, empty, refusal};
use super::security;
use super::served::Served;

/// What all operations have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shared<'a> {
    pub(super) served: &'a Served,
    pub(super) names: &'a Names,
    /// What whoever serves the service refuses requests with besides.
    pub(super) refusals: &'a [(StatusCode, String)],
}

/// An operation that is being described.
#[derive(Debug, Clone)]
pub(super) struct Operation<'a> {
    shared: Shared<'a>,
    members: Map<String, Value>,
    parameters: Vec<Value>,
    responses: Map<String, Value>,
    is_open: bool,
}

impl<'a> Operation<'a> {
    /// The operation called `id`, in a few words, among those with `tag`.
    pub(super) fn new(shared: Shared<'a>, id: String, tag: &str, summary: &str) -> Self {
        let mut members = Map::new();
        members.insert("operationId".into(), id.into());
        members.insert("tags".into(), json!([tag]));
        members.insert("summary".into(), summary.into());
        Self {
            shared,
            members,
            parameters: Vec::new(),
            responses: Map::new(),
            is_open: false,
        }
    }

    /// The same in more words.
    pub(super) fn described(mut self, description: &str) -> Self {
        self.members
            .insert("description".into(), description.into());
        self
    }

    /// The same with these parameters.
    pub(super) fn taking(mut self, parameters: &[&str]) -> Self {
        let names = self.shared.names;
        let parameters = parameters.iter();
        self.parameters
            .extend(parameters.map(|name| names.reference("parameters", name)));
        self
    }

    /// The same with content.
    pub(super) fn reading(mut self, schema: &Value, example: Option<Value>) -> Self {
        let mut content = json!({ "schema": schema });
        if let Some(example) = example {
            content["example"] = example;
        }
        let body = json!({
            "required": true,
            "content": { SCIM_JSON: content.clone(), JSON: content },
        });
        self.members.insert("requestBody".into(), body);
        self
    }

    /// The same, answered with `response` where all is well.
    pub(super) fn answering(mut self, status: StatusCode, response: Value) -> Self {
        self.responses.insert(status.as_str().to_owned(), response);
        self
    }

    /// The same, refused with these, too.
    pub(super) fn refusing(mut self, statuses: &[StatusCode]) -> Self {
        for status in statuses {
            let name = refusal(*status);
            let refusal = self.shared.names.reference("responses", &name);
            self.responses.insert(status.as_str().to_owned(), refusal);
        }
        self
    }

    /// The same without asking who it is, if the service is set up like that for discovery.
    pub(super) fn of_discovery(mut self) -> Self {
        self.is_open = self.shared.served.open_discovery;
        self
    }

    /// The Operation Object.
    pub(super) fn finish(self) -> Value {
        let Shared {
            served,
            names,
            refusals,
        } = self.shared;
        let is_open = self.is_open;
        let mut everywhere = vec![StatusCode::BAD_REQUEST, StatusCode::URI_TOO_LONG];
        if served.authenticates && !is_open {
            everywhere.extend([
                StatusCode::UNAUTHORIZED,
                StatusCode::FORBIDDEN,
                StatusCode::SERVICE_UNAVAILABLE,
            ]);
        }
        everywhere.extend(refusals.iter().map(|(status, _)| *status));
        let Self {
            mut members,
            parameters,
            responses,
            ..
        } = self.refusing(&everywhere);
        let security = if is_open {
            Some(json!([]))
        } else {
            security::required(served, names)
        };
        if let Some(security) = security {
            members.insert("security".into(), security);
        }
        if !parameters.is_empty() {
            members.insert("parameters".into(), parameters.into());
        }
        members.insert("responses".into(), responses.into());
        members.into()
    }
}

/// HEAD: what the operation `get` answers, without content. Its responses can't be those of
/// `components`, which have some.
pub(super) fn head(get: &Value, id: String, components: &Map<String, Value>) -> Value {
    let mut head = get.clone();
    head["operationId"] = id.into();
    head["summary"] = "The same without content".into();
    if let Value::Object(members) = &mut head {
        members.remove("description");
    }
    let responses = head.get_mut("responses").and_then(Value::as_object_mut);
    for response in responses.into_iter().flat_map(Map::values_mut) {
        let shared = response.get("$ref").and_then(Value::as_str);
        let shared = shared.and_then(|reference| reference.rsplit('/').next());
        if let Some(shared) = shared.and_then(|name| components.get(name)) {
            *response = shared.clone();
        }
        if let Value::Object(response) = response {
            response.remove("content");
        }
    }
    head
}

/// OPTIONS, which says which methods there are.
pub(super) fn options<'a>(shared: Shared<'a>, id: String, tag: &str) -> Operation<'a> {
    let allow = empty(
        shared.names,
        "The methods are in `Allow`.",
        &[("Allow", "Allow")],
    );
    Operation::new(shared, id, tag, "Which methods there are")
        .answering(StatusCode::NO_CONTENT, allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_answers_what_get_does_without_content() {
        let get = json!({
            "operationId": "get", "summary": "s", "description": "d",
            "responses": {
                "200": { "description": "ok", "headers": { "A": {} }, "content": {} },
                "404": { "$ref": "#/components/responses/NotFound" },
            },
        });
        let not_found = json!({ "description": "none", "content": {} });
        let components = Map::from_iter([("NotFound".to_owned(), not_found)]);
        assert_eq!(
            head(&get, "head".into(), &components),
            json!({
                "operationId": "head", "summary": "The same without content",
                "responses": {
                    "200": { "description": "ok", "headers": { "A": {} } },
                    "404": { "description": "none" },
                },
            })
        );
    }
}
