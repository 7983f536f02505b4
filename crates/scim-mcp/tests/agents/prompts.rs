use rmcp::model::GetPromptRequestParams;
use serde_json::json;

use crate::support::{Agent, server};

#[tokio::test]
async fn the_workflows_are_prompts() {
    let agent = Agent::of(&server()).await;
    let prompts = agent.0.list_all_prompts().await.unwrap();
    let names: Vec<_> = prompts.iter().map(|prompt| &*prompt.name).collect();
    assert_eq!(
        names,
        ["read_change_write", "resolve_conflict", "long_running_work"]
    );

    let arguments = json!({ "task": "Move all guides to Oslo" });
    let request = GetPromptRequestParams::new("long_running_work")
        .with_arguments(arguments.as_object().cloned().unwrap());
    let prompt = agent.0.get_prompt(request).await.unwrap();
    let text = serde_json::to_string(&prompt.messages).unwrap();
    assert!(text.contains("Oslo") && text.contains("unless_version"));

    let without = GetPromptRequestParams::new("long_running_work");
    let error = agent.0.get_prompt(without).await.unwrap_err();
    assert!(error.to_string().contains("task"), "{error}");
}

#[tokio::test]
async fn prompts_and_errors_name_tools_that_there_are() {
    let tools = Agent::of(&server()).await.tools().await;
    for tool in ["get_user", "patch_user", "describe_schemas", "bulk"] {
        assert!(tools.iter().any(|known| known.name == tool), "{tool}");
    }
}
