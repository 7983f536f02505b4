//! Lists of several types as one.

mod rival;

use rival::Rival;
use scim_ops::provider::{InMemoryProvider, ListQuery, RequestContext};
use scim_ops::{ErrorKind, ScimOperationHandler, ScimOperationRequest};
use serde_json::json;

#[tokio::test]
async fn several_types_are_one_list_over_a_provider_that_can() {
    let handler = ScimOperationHandler::new(InMemoryProvider::default());
    let context = RequestContext::with_generated_id();
    for (kind, data) in [
        ("Group", json!({ "displayName": "Tour Guides" })),
        (
            "User",
            json!({ "userName": "bjensen", "displayName": "Tourist" }),
        ),
        ("User", json!({ "userName": "jsmith" })),
    ] {
        let request = ScimOperationRequest::create(kind, data, context.clone());
        handler.handle_operation(request).await.unwrap();
    }
    let query = ListQuery::new().with_filter("displayName sw \"tour\"".parse().unwrap());
    let page = handler.search(&["User", "Group"], &query, &context).await;
    let page = page.unwrap();
    let kinds = page
        .items
        .iter()
        .map(|item| item.resource().resource_type());
    assert_eq!(kinds.collect::<Vec<_>>(), ["User", "Group"]);
    assert_eq!(page.total, 2);
}

#[tokio::test]
async fn a_provider_that_can_not_is_asked_for_no_more_than_one_type() {
    let handler = ScimOperationHandler::new(Rival::that_comes(0));
    let context = RequestContext::with_generated_id();
    for types in [&["User", "Group"][..], &[]] {
        let refused = handler.search(types, &ListQuery::new(), &context).await;
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Unsupported);
    }
    let only = handler.search(&["User"], &ListQuery::new(), &context).await;
    assert_eq!(only.unwrap().total, 0);
    assert_eq!(handler.provider().attempts(), 0);
}
