//! Prompts: the ways of working that keep agents from overwriting each other.

use rmcp::model::{GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role};
use serde_json::Value;
use thiserror::Error;

/// A prompt, and what it says with `{argument}`s to be filled in.
struct Workflow {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    arguments: &'static [(&'static str, &'static str)],
    text: &'static str,
}

const WORKFLOWS: [Workflow; 3] = [
    Workflow {
        name: "read_change_write",
        title: "Change a resource safely",
        description: "Read, decide, write with the version read, and see what to do if somebody was faster",
        arguments: &[
            ("resource", "Which resource, such as `the user bjensen` or `Group 2819c223`"),
            ("change", "What is to change"),
        ],
        text: "\
Make this change: {change}
To this resource: {resource}

1. Find the resource (a list tool with a filter, or a get tool if you know its id). If several match, ask which is meant.
2. Read it with its get tool. Remember `version`, and decide from what it says now. If it says already what is wanted, stop and report that.
3. Write the smallest change: add_ and remove_ tools for members, a patch_ tool for single attributes, a replace_ tool only if all of it is to be replaced. Pass the `version` that you have read as `expected_version`.
4. If the result is an error of kind `version_conflict`, nothing was changed: decide anew from `error.current`, and write once more with `error.current_version`. Do not repeat the first write as it was. After three conflicts, report what is going on.
5. If the kind is `outcome_unknown`, read before anything else: the change may have been made.
6. Report what changed, and the version that it has now.",
    },
    Workflow {
        name: "resolve_conflict",
        title: "Resolve a conflict",
        description: "What to do when a write met a version that was not expected",
        arguments: &[
            ("intended", "What you had read, and what you wanted to change"),
            ("error", "The `error` of the result"),
        ],
        text: "\
A write was refused, because the resource had changed since it was read. Nothing was changed.

Intended: {intended}
The error: {error}

1. Compare `current` in the error, attribute by attribute, with what had been read. If there is no `current`, read the resource.
2. What somebody else changed and you did not mean to: keep theirs.
3. What you meant to change and nobody else did: make your change to what is there now.
4. What both changed: if both say the same, there is nothing to do. If not, ask whoever wanted your change, and show both values; do not decide by who came last.
5. Write the result with `expected_version` set to `current_version`, as a patch_ of the attributes that differ. If that meets a conflict again, begin anew with the newer `current`.
6. Report what was kept of theirs and what was changed by you.",
    },
    Workflow {
        name: "long_running_work",
        title: "Long work that checks its assumptions",
        description: "Work in several steps, during which others may change what it builds upon",
        arguments: &[("task", "What is to be done")],
        text: "\
Do this: {task}

Others work on the same resources while you do.

1. Write down, for every resource that your plan builds upon: resource_type, id, version, and which of its attributes you assume to stay as they are.
2. Before each step that changes something, check each assumption of that step: call the get tool with `unless_version` set to the version you wrote down. `unchanged: true` means that it still holds and costs nothing.
3. If a resource has changed, compare it with what you assumed. If only other attributes changed, write down the new version and go on. If an assumption no longer holds, stop before changing anything more, and plan anew from what there is.
4. Write with `expected_version` wherever the step is only right for what you have read. For additions that are right in any case (a member more), leave it out.
5. Changes that only make sense together: use bulk with `atomic: true`, each operation with its `expected_version`.
6. After each write, write down the version that it gave.
7. At the end, report what was done, what was found changed by others, and what was left undone.",
    },
];

/// Why there is no prompt.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum PromptError {
    #[error("unknown prompt")]
    Unknown,
    #[error("the argument {0} is required, as text")]
    Missing(&'static str),
    #[error("an argument is unknown")]
    UnknownArgument,
}

/// All prompts.
pub(crate) fn all() -> Vec<Prompt> {
    let prompts = WORKFLOWS.iter().map(|workflow| {
        let arguments = workflow.arguments.iter();
        let arguments = arguments.map(|(name, description)| {
            PromptArgument::new(*name)
                .with_description(*description)
                .with_required(true)
        });
        Prompt::new(
            workflow.name,
            Some(workflow.description),
            Some(arguments.collect()),
        )
        .with_title(workflow.title)
    });
    prompts.collect()
}

/// The prompt called `name` with its arguments filled in.
pub(crate) fn fill(name: &str, arguments: &JsonObject) -> Result<GetPromptResult, PromptError> {
    let mut workflows = WORKFLOWS.iter();
    let workflow = workflows.find(|workflow| workflow.name == name);
    let workflow = workflow.ok_or(PromptError::Unknown)?;
    let known = |name: &String| workflow.arguments.iter().any(|(known, _)| known == name);
    if !arguments.keys().all(known) {
        return Err(PromptError::UnknownArgument);
    }
    // In one pass, so that what an argument says is not filled in itself.
    let mut text = String::with_capacity(workflow.text.len());
    let mut rest = workflow.text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let argument = workflow.arguments.iter().find(|(known, _)| *known == name);
        let (name, _) = argument.ok_or(PromptError::UnknownArgument)?;
        let Some(Value::String(value)) = arguments.get(*name) else {
            return Err(PromptError::Missing(name));
        };
        text.push_str(before);
        text.push_str(value);
        rest = after;
    }
    text.push_str(rest);
    let message = PromptMessage::new_text(Role::User, text);
    Ok(GetPromptResult::new(vec![message]).with_description(workflow.description))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn filled(name: &str, arguments: Value) -> Result<String, PromptError> {
        let prompt = fill(name, arguments.as_object().unwrap())?;
        let message = serde_json::to_value(&prompt.messages[0]).unwrap();
        Ok(message["content"]["text"].as_str().unwrap().to_owned())
    }

    #[test]
    fn every_prompt_can_be_filled_in_with_its_arguments() {
        for prompt in all() {
            let arguments = prompt.arguments.unwrap();
            let given: JsonObject = arguments
                .iter()
                .map(|argument| (argument.name.clone(), "{task}".into()))
                .collect();
            let text = filled(&prompt.name, Value::Object(given)).unwrap();
            assert_eq!(
                text.matches("{task}").count(),
                arguments.len(),
                "{}",
                prompt.name
            );
        }
    }

    #[test]
    fn arguments_that_are_missing_or_unknown_are_refused() {
        assert_eq!(filled("nope", json!({})), Err(PromptError::Unknown));
        let name = "long_running_work";
        assert_eq!(filled(name, json!({})), Err(PromptError::Missing("task")));
        assert_eq!(
            filled(name, json!({ "task": 1 })),
            Err(PromptError::Missing("task"))
        );
        let unknown = filled(name, json!({ "task": "x", "tenant": "acme" }));
        assert_eq!(unknown, Err(PromptError::UnknownArgument));
    }
}
