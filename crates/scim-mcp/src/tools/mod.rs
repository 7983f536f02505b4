//! The tools: what each is called, what it takes and gives, and what it does.

mod bulk;
mod create;
mod delete;
mod get;
mod info;
mod list;
mod members;
mod patch;
mod replace;
mod schemas;
mod search;
mod shown;

use std::collections::HashSet;
use std::sync::Arc;

use rmcp::model::{Tool, ToolAnnotations};
use scim_ops::provider::schema::ResourceTypes;
use serde_json::{Map, Value};

use crate::config::Config;
use crate::names;

/// What a tool does.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    Create(Subject),
    Get(Subject),
    Replace(Subject),
    Patch(Subject),
    Delete(Subject),
    List(Subject),
    AddMembers(Subject, Arc<str>),
    RemoveMembers(Subject, Arc<str>),
    Search,
    Bulk,
    DescribeSchemas,
    ServerInfo,
}

/// The type of resources that a tool is for.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// The name of the resource type, such as `User`.
    pub(crate) resource_type: Arc<str>,
    /// The word for it in the names of tools, such as `user`.
    pub(crate) one: Arc<str>,
}

/// All tools, in the order in which they are shown.
#[derive(Debug, Clone)]
pub(crate) struct Tools(Vec<Entry>);

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) tool: Tool,
    pub(crate) action: Action,
}

impl Action {
    /// Whether it may change something.
    pub(crate) const fn writes(&self) -> bool {
        match self {
            Self::Create(_)
            | Self::Replace(_)
            | Self::Patch(_)
            | Self::Delete(_)
            | Self::AddMembers(..)
            | Self::RemoveMembers(..)
            | Self::Bulk => true,
            Self::Get(_)
            | Self::List(_)
            | Self::Search
            | Self::DescribeSchemas
            | Self::ServerInfo => false,
        }
    }

    /// The name of the type whose resources it is for, if it is for those of one.
    pub(crate) fn resource_type(&self) -> Option<&str> {
        match self {
            Self::Create(of)
            | Self::Get(of)
            | Self::Replace(of)
            | Self::Patch(of)
            | Self::Delete(of)
            | Self::List(of)
            | Self::AddMembers(of, _)
            | Self::RemoveMembers(of, _) => Some(&of.resource_type),
            Self::Search | Self::Bulk | Self::DescribeSchemas | Self::ServerInfo => None,
        }
    }
}

impl Tools {
    /// The tools for resources of `types`.
    pub(crate) fn new(types: &ResourceTypes, config: &Config) -> Self {
        let mut tools = Vec::new();
        let mut names_of_lists = HashSet::new();
        for (resource_type, name) in types.iter().zip(names::of_types(types)) {
            let of = Subject {
                resource_type: resource_type.name().into(),
                one: name.one.into(),
            };
            let mut add = |tool, action| tools.push(Entry { tool, action });
            add(create::tool(&of, resource_type), Action::Create(of.clone()));
            add(get::tool(&of), Action::Get(of.clone()));
            add(replace::tool(&of, config), Action::Replace(of.clone()));
            add(patch::tool(&of), Action::Patch(of.clone()));
            add(delete::tool(&of, config), Action::Delete(of.clone()));
            add(
                list::tool(&of, &name.many, config),
                Action::List(of.clone()),
            );
            for links in resource_type.links() {
                let both = [&*of.one, &names::snake_case(links)].join("_");
                let both = names::unique(&mut names_of_lists, both);
                let links: Arc<str> = links.into();
                add(
                    members::add(&of, &links, &both),
                    Action::AddMembers(of.clone(), links.clone()),
                );
                add(
                    members::remove(&of, &links, &both),
                    Action::RemoveMembers(of.clone(), links),
                );
            }
        }
        let mut add = |tool, action| tools.push(Entry { tool, action });
        add(search::tool(types, config), Action::Search);
        add(bulk::tool(types, config), Action::Bulk);
        add(schemas::tool(types), Action::DescribeSchemas);
        add(info::tool(), Action::ServerInfo);
        Self(tools)
    }

    /// Those that are called so.
    pub(crate) fn retain(&mut self, names: &HashSet<String>) {
        self.0.retain(|entry| names.contains(&*entry.tool.name));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }

    /// The tool called `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.tool.name == name)
    }
}

/// What calling a tool does beyond giving an answer; all that they deal with is in the store.
#[derive(Debug, Clone, Copy)]
enum Effect {
    /// Nothing.
    Reads,
    /// Something is there that was not.
    Adds { idempotent: bool },
    /// Something may be lost.
    Overwrites { idempotent: bool },
}

fn describe(
    name: String,
    title: String,
    description: String,
    arguments: Map<String, Value>,
    result: Map<String, Value>,
    effect: Effect,
) -> Tool {
    let annotations = ToolAnnotations::with_title(title.clone()).open_world(false);
    let annotations = match effect {
        Effect::Reads => annotations
            .read_only(true)
            .destructive(false)
            .idempotent(true),
        Effect::Adds { idempotent } => annotations
            .read_only(false)
            .destructive(false)
            .idempotent(idempotent),
        Effect::Overwrites { idempotent } => annotations
            .read_only(false)
            .destructive(true)
            .idempotent(idempotent),
    };
    Tool::new(name, description, arguments)
        .with_title(title)
        .with_raw_output_schema(Arc::new(result))
        .with_annotations(annotations)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tools() -> Tools {
        Tools::new(&ResourceTypes::rfc7643(), &Config::default())
    }

    #[test]
    fn every_type_has_its_tools() {
        let tools = tools();
        let names: Vec<&str> = tools.iter().map(|entry| &*entry.tool.name).collect();
        assert_eq!(
            names,
            [
                "create_user",
                "get_user",
                "replace_user",
                "patch_user",
                "delete_user",
                "list_users",
                "create_group",
                "get_group",
                "replace_group",
                "patch_group",
                "delete_group",
                "list_groups",
                "add_group_members",
                "remove_group_members",
                "search_resources",
                "bulk",
                "describe_schemas",
                "server_info",
            ]
        );
    }

    #[test]
    fn hints_say_what_the_actions_do() {
        for entry in tools().iter() {
            let hints = entry.tool.annotations.as_ref().unwrap();
            assert_eq!(hints.read_only_hint, Some(!entry.action.writes()));
            assert_eq!(hints.open_world_hint, Some(false));
            let destroys = matches!(
                entry.action,
                Action::Replace(_)
                    | Action::Patch(_)
                    | Action::Delete(_)
                    | Action::RemoveMembers(..)
                    | Action::Bulk
            );
            assert_eq!(
                hints.destructive_hint,
                Some(destroys),
                "{}",
                entry.tool.name
            );
        }
    }

    #[test]
    fn every_tool_describes_itself_and_both_its_ends() {
        for entry in tools().iter() {
            let tool = &entry.tool;
            assert!(tool.title.is_some() && tool.description.is_some());
            assert_eq!(tool.input_schema["type"], "object");
            assert_eq!(tool.input_schema["additionalProperties"], false);
            let output = tool.output_schema.as_ref().unwrap();
            assert_eq!(output["type"], "object");
            assert!(output["properties"].get("error").is_some());
        }
    }
}
