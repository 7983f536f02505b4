//! What a request may say besides its content.

use serde_json::{Map, Value, json};

use super::attribute::any_case;
use super::example;
use super::served::Served;

pub(super) const ATTRIBUTES: &str = "Only these attributes are shown, and those that always are (RFC 7644 §3.9). \
     Not together with `excludedAttributes`.";
pub(super) const EXCLUDED: &str = "These attributes are not shown.";
pub(super) const FILTER: &str = "Only resources that match are listed (RFC 7644 §3.4.2.2).";
pub(super) const SORT_BY: &str = "The attribute to sort by (RFC 7644 §3.4.2.3).";
pub(super) const SORT_ORDER: &str = "In whatever case.";
pub(super) const START_INDEX: &str = "The place of the first resource of the page, from 1. Below 1 means 1. Not together with `cursor`.";
pub(super) const COUNT: &str =
    "How many resources the page has at most; the service may return fewer.";
pub(super) const CURSOR: &str = "The cursor of the page, from `nextCursor` or `previousCursor` of another one; empty \
     asks for the first page (RFC 9865).";

const IF_MATCH: &str = "Only if the resource has one of these versions, else 412. `*` is any.";
const IF_NONE_MATCH: &str =
    "Only if the resource has none of these versions: else GET and HEAD are 304, others 412.";
const ONLY_NEW: &str = "`*`: create only if no resource has the same unique value, else 412.";
/// A list of entity tags, which may be empty and have empty elements (RFC 9110 §5.6.1).
const TAGS: &str = "^(?:\\*|(?:(?:W/)?\"[!#-~]*\")?(?:[ \\t]*,[ \\t]*(?:(?:W/)?\"[!#-~]*\")?)*)$";

/// All parameters that operations refer to, by name.
pub(super) fn all(served: &Served) -> Map<String, Value> {
    let mut all = Map::new();
    let mut add = |name: &str, parameter| all.insert(name.to_owned(), parameter);
    add("Id", id());
    add("RequestId", request_id());
    add("IfMatch", tags("If-Match", IF_MATCH, example::TAG));
    if served.version_required && !served.retains {
        let mut required = tags("If-Match", IF_MATCH, example::TAG);
        required["required"] = true.into();
        add("IfMatchRequired", required);
    }
    add(
        "IfNoneMatch",
        tags("If-None-Match", IF_NONE_MATCH, example::TAG),
    );
    add("OnlyNew", tags("If-None-Match", ONLY_NEW, "*"));
    add("Prefer", prefer(served.retains));
    add("PreferReturn", prefer(false));
    for (name, description) in [("attributes", ATTRIBUTES), ("excludedAttributes", EXCLUDED)] {
        let schema = json!({ "type": "array", "items": { "type": "string" } });
        let mut parameter = query(name, description, schema);
        parameter["style"] = "form".into();
        parameter["explode"] = false.into();
        add(component(name), parameter);
    }
    let number = json!({ "type": "integer" });
    let start_index = query("startIndex", START_INDEX, number.clone());
    add("StartIndex", start_index);
    let count = format!(
        "{COUNT} {} if it is not said, {} in any case.",
        served.limits.default_page(),
        served.limits.max_page(),
    );
    add("Count", query("count", &count, number));
    if served.searches {
        let text = json!({ "type": "string" });
        add("Filter", query("filter", FILTER, text.clone()));
        add("SortBy", query("sortBy", SORT_BY, text.clone()));
        add("SortOrder", query("sortOrder", SORT_ORDER, sort_order()));
        add("Cursor", query("cursor", CURSOR, text));
    }
    all
}

/// The components for what is shown of a resource.
pub(super) const PROJECTION: [&str; 2] = ["Attributes", "ExcludedAttributes"];

/// The components for a list.
pub(super) fn of_lists(served: &Served) -> Vec<&'static str> {
    let mut names = PROJECTION.to_vec();
    names.extend(["StartIndex", "Count"]);
    if served.searches {
        names.extend(["Filter", "SortBy", "SortOrder", "Cursor"]);
    }
    names
}

/// The component for `If-Match` of a change.
pub(super) fn if_match_of_change(served: &Served) -> &'static str {
    if served.version_required && !served.retains {
        "IfMatchRequired"
    } else {
        "IfMatch"
    }
}

/// `sortOrder` as a schema.
pub(super) fn sort_order() -> Value {
    let orders = ["ascending", "descending"];
    json!({ "type": "string", "pattern": any_case(&orders), "examples": orders })
}

fn component(name: &str) -> &'static str {
    match name {
        "attributes" => PROJECTION[0],
        _ => PROJECTION[1],
    }
}

fn id() -> Value {
    json!({
        "name": "id",
        "in": "path",
        "required": true,
        "description": "The `id` of the resource.",
        "schema": { "type": "string", "minLength": 1 },
        "example": example::ID,
    })
}

fn request_id() -> Value {
    json!({
        "name": "X-Request-Id",
        "in": "header",
        "description": "What the request is called in logs; a name is made up if there is none, or none \
                        that is fit for logs.",
        "schema": { "type": "string" },
    })
}

fn tags(name: &str, description: &str, example: &str) -> Value {
    json!({
        "name": name,
        "in": "header",
        "description": description,
        "schema": { "type": "string", "pattern": TAGS },
        "example": example,
    })
}

fn prefer(merges: bool) -> Value {
    let description = if merges {
        "`return=minimal` for an answer without the resource. `merge=VERSION` for a change of that version \
         to be merged with what others have made of it meanwhile, in the place of `If-Match`."
    } else {
        "`return=minimal` for an answer without the resource (RFC 7240)."
    };
    json!({
        "name": "Prefer",
        "in": "header",
        "description": description,
        "schema": { "type": "string" },
        "example": "return=representation",
    })
}

fn query(name: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": schema })
}
