use rmcp::model::Tool;
use scim_ops::provider::ResourceProvider;
use scim_ops::provider::schema::{ResourceType, ResourceTypes};
use serde_json::json;

use super::list::{query, tool_for};
use super::shown::projection;
use crate::arguments::Arguments;
use crate::call::{Answer, Call};
use crate::config::Config;
use crate::failure::Failure;

pub(super) fn tool(types: &ResourceTypes, config: &Config) -> Tool {
    let names: Vec<&str> = types.iter().map(ResourceType::name).collect();
    let properties = json!({
        "resource_types": {
            "type": "array",
            "minItems": 1,
            "items": { "type": "string", "enum": names },
            "description": "Of which types; of all unless you say so",
        },
    });
    tool_for(
        "search_resources".into(),
        "Search".into(),
        "Shows a page of the resources of several types, each with its type and version, mostly with a filter (RFC 7644 section 3.4.3). An attribute that a type does not have counts as one without a value.".into(),
        properties,
        config,
    )
}

impl<P: ResourceProvider> Call<'_, P> {
    /// `search_resources`.
    pub(crate) async fn search(&self, mut arguments: Arguments) -> Result<Answer, Failure> {
        let place = arguments.place("resource_types");
        let wanted = arguments.texts("resource_types")?;
        let query = query(&mut arguments, &self.config().limits)?;
        let projection = projection(&mut arguments)?;
        arguments.finish()?;
        let names = match wanted {
            None => self.types().iter().map(ResourceType::name).collect(),
            Some(wanted) => self.names(&place, &wanted)?,
        };
        self.pages(&names, query, &projection).await
    }

    /// The types that are wanted, each once.
    fn names(&self, place: &str, wanted: &[String]) -> Result<Vec<&str>, Failure> {
        if wanted.is_empty() {
            return Err(Failure::argument(place, "is empty"));
        }
        let mut names: Vec<&str> = Vec::new();
        for (index, name) in wanted.iter().enumerate() {
            let place = || format!("{place}[{index}]");
            let known = self.types().get(name);
            let known = known.ok_or_else(|| Failure::argument(&place(), "no such type"))?;
            if names.contains(&known.name()) {
                return Err(Failure::argument(&place(), "is named twice"));
            }
            names.push(known.name());
        }
        Ok(names)
    }
}
