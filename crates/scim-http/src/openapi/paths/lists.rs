//! Lists, and what is asked for or created there: `/`, `/{Endpoint}` and `/.search`.

use http::StatusCode;
use scim_ops::provider::schema::ResourceType;
use serde_json::{Map, Value, json};

use super::{ALL, OF_CONTENT, OF_STORE, Paths};
use crate::openapi::operation::Operation;
use crate::openapi::parameters::{PROJECTION, of_lists};
use crate::openapi::responses::with_content;
use crate::openapi::{example, messages};

impl<'a> Paths<'a> {
    pub(super) fn root(self) -> Value {
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

    pub(super) fn collection(self, resource_type: &ResourceType) -> Value {
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

    pub(super) fn search(self, resource_type: Option<&ResourceType>) -> Value {
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
}
