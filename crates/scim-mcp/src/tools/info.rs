use rmcp::model::Tool;
use scim_ops::provider::ResourceProvider;
use scim_ops::provider::schema::ResourceType;
use serde_json::json;

use super::{Effect, describe};
use crate::arguments::Arguments;
use crate::call::{Answer, Call};
use crate::failure::Failure;
use crate::schema;

pub(super) fn tool() -> Tool {
    describe(
        "server_info".into(),
        "Server info".into(),
        "Says what this server is, whether you may write, which versions it wants, and how much it takes and shows at a time.".into(),
        schema::arguments(json!({}), &[]),
        schema::info(),
        Effect::Reads,
    )
}

impl<P: ResourceProvider> Call<'_, P> {
    /// `server_info`.
    pub(crate) fn server_info(&self, arguments: Arguments) -> Result<Answer, Failure> {
        arguments.finish()?;
        let (config, provider) = (self.config(), self.handler().provider());
        let limits = &config.limits;
        let types: Vec<&str> = self.types().iter().map(ResourceType::name).collect();
        Ok(json!({
            "name": config.name,
            "version": config.version,
            "may_write": self.may_write(),
            "expected_version_required": config.version_required,
            "resource_types": types,
            "filter_and_sort": provider.as_search().is_some(),
            "atomic_bulk": provider.as_atomic().is_some(),
            "limits": {
                "message_octets": limits.message(),
                "filter_octets": limits.filter(),
                "list_octets": limits.list(),
                "answer_octets": limits.answer(),
                "answer_links": limits.answer_links(),
                "default_page": limits.default_page(),
                "max_page": limits.max_page(),
                "bulk_operations": limits.bulk_operations(),
            },
        })
        .into())
    }
}
