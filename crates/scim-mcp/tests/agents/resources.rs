use rmcp::model::ReadResourceRequestParams;
use serde_json::{Value, json};

use crate::support::{Agent, server};

#[tokio::test]
async fn every_type_has_a_template() {
    let agent = Agent::of(&server()).await;
    let templates = agent.0.list_all_resource_templates().await.unwrap();
    let uris: Vec<_> = templates.iter().map(|t| &*t.uri_template).collect();
    assert_eq!(uris, ["scim://User/{id}", "scim://Group/{id}"]);
}

#[tokio::test]
async fn a_resource_is_read_with_its_version() {
    let agent = Agent::of(&server()).await;
    let (id, version) = agent.user("a").await;
    let uri = format!("scim://User/{id}");
    let request = ReadResourceRequestParams::new(uri.clone());
    let read = agent.0.read_resource(request).await.unwrap();
    let contents = serde_json::to_value(&read.contents[0]).unwrap();
    assert_eq!(contents["uri"], uri);
    assert_eq!(contents["mimeType"], "application/scim+json");
    assert_eq!(contents["_meta"]["version"], version);
    let document: Value = serde_json::from_str(contents["text"].as_str().unwrap()).unwrap();
    let shown = agent.done("get_user", json!({ "id": id })).await;
    assert_eq!(document, shown["resource"]);
}

#[tokio::test]
async fn whatever_names_no_resource_is_not_found() {
    let agent = Agent::of(&server()).await;
    let (id, _) = agent.user("a").await;
    let mut answers = Vec::new();
    for uri in [
        "scim://User/nobody".to_owned(),
        format!("scim://Group/{id}"),
        format!("scim://user/{id}"),
        format!("scim://Users/{id}"),
        format!("scim://User/{id}/x"),
        format!("scim://User/../User/{id}"),
        "scim://User/%00".to_owned(),
        format!("scim://User/{}", "x".repeat(10_000)),
        "file:///etc/passwd".to_owned(),
        String::new(),
    ] {
        let request = ReadResourceRequestParams::new(uri);
        answers.push(
            agent
                .0
                .read_resource(request)
                .await
                .unwrap_err()
                .to_string(),
        );
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}
