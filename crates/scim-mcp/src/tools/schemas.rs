use rmcp::model::Tool;
use scim_ops::provider::ResourceProvider;
use scim_ops::provider::schema::{ResourceType, ResourceTypes};
use serde_json::{Value, json};

use super::{Effect, describe};
use crate::arguments::Arguments;
use crate::call::{Answer, Call};
use crate::failure::Failure;
use crate::schema;

pub(super) fn tool(types: &ResourceTypes) -> Tool {
    let names: Vec<&str> = types.iter().map(ResourceType::name).collect();
    let properties = json!({
        "resource_type": {
            "type": "string",
            "enum": names,
            "description": "The type whose schemas are shown in full; without it only the types are",
        },
    });
    describe(
        "describe_schemas".into(),
        "Describe schemas".into(),
        "Shows which types of resources there are, with the tools for them, and for one of them its schemas: every attribute with its type, whether it is required, unique, read-only or never shown (RFC 7643 section 7).".into(),
        schema::arguments(properties, &[]),
        schema::schemas(),
        Effect::Reads,
    )
}

impl<P: ResourceProvider> Call<'_, P> {
    /// `describe_schemas`.
    pub(crate) fn describe_schemas(&self, mut arguments: Arguments) -> Result<Answer, Failure> {
        let place = arguments.place("resource_type");
        let wanted = arguments.text("resource_type")?;
        arguments.finish()?;
        let described: Vec<Value> = self
            .types()
            .iter()
            .map(|known| self.described(known))
            .collect();
        let mut answer = json!({ "resource_types": described });
        if let Some(name) = wanted {
            let known = self.types().get(&name);
            let known = known.ok_or_else(|| Failure::argument(&place, "no such type"))?;
            let schemas = std::iter::once(known.schema()).chain(
                known
                    .extensions()
                    .iter()
                    .map(|extension| extension.schema()),
            );
            let schemas: Result<Vec<Value>, _> = schemas.map(serde_json::to_value).collect();
            answer["schemas"] = schemas.map_err(|_| self.unexpected())?.into();
        }
        Ok(answer.into())
    }

    fn described(&self, known: &ResourceType) -> Value {
        let extensions: Vec<&str> = known
            .extensions()
            .iter()
            .map(|extension| extension.schema().id())
            .collect();
        let tools = self.shared.tools.iter().filter(|entry| {
            entry.action.resource_type() == Some(known.name())
                && (self.may_write() || !entry.action.writes())
        });
        let tools: Vec<&str> = tools.map(|entry| &*entry.tool.name).collect();
        json!({
            "name": known.name(),
            "description": known.description(),
            "schema": known.schema().id(),
            "extensions": extensions,
            "tools": tools,
        })
    }
}
