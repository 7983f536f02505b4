//! A resource: `/{Endpoint}/{id}`, and `/Me`.

use http::StatusCode;
use scim_ops::provider::schema::ResourceType;
use serde_json::Value;

use super::{ME, OF_CONTENT, OF_STORE, Paths};
use crate::openapi::example;
use crate::openapi::parameters::{PROJECTION, if_match_of_change};
use crate::openapi::responses::{OF_RESOURCE, empty, with_content};

/// Where a resource is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Id,
    Me,
}

/// How a resource is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Replace,
    Patch,
}

impl Paths<'_> {
    pub(super) fn single(self, resource_type: &ResourceType, at: At) -> Value {
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

    /// An answer with the resource.
    pub(super) fn shown(self, resource_type: &ResourceType, description: &str) -> Value {
        let names = self.shared.names;
        let schema = names.schema(names.stem(resource_type));
        let example = example::shown(resource_type, self.base_url);
        with_content(names, description, &OF_RESOURCE, &schema, Some(example))
    }

    /// What can be wrong with a path that ends in an id.
    fn of_id(self, at: At) -> Vec<StatusCode> {
        match at {
            At::Id => vec![StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED],
            // Nobody has to be somebody (RFC 7644 §3.11).
            At::Me => vec![StatusCode::NOT_FOUND, StatusCode::NOT_IMPLEMENTED],
        }
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
}
