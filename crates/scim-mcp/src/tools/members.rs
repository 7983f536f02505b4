use rmcp::model::Tool;
use scim_ops::provider::ResourceProvider;
use scim_ops::{Patch, Preconditions};
use serde_json::{Value, json};

use super::shown::{expected, identified};
use super::{Effect, Subject, describe};
use crate::arguments::{Arguments, check_id};
use crate::call::{Answer, Call};
use crate::failure::Failure;
use crate::schema;

fn properties(of: &Subject, description: &str) -> Value {
    json!({
        "id": schema::id(&of.resource_type),
        "members": {
            "type": "array",
            "minItems": 1,
            "items": schema::id("member"),
            "description": description,
        },
        "expected_version": schema::expected_version(false),
    })
}

pub(super) fn add(of: &Subject, links: &str, both: &str) -> Tool {
    let name = &of.resource_type;
    let mut properties = properties(
        of,
        "The ids of those that are to be in it; they have to exist",
    );
    properties["member_type"] = json!({
        "type": "string",
        "description": "The resource type of all of them, such as \"User\"; only needed if ids of several types are alike",
    });
    describe(
        format!("add_{both}"),
        format!("Add {links} to {name}"),
        format!(
            "Adds to the {links} of a {name} and leaves those that are there. Others may add and remove at the same time without a conflict; who is in it already stays. expected_version is only for when the addition depends on what else the {name} says."
        ),
        schema::arguments(properties, &["id", "members"]),
        schema::member_change(),
        Effect::Adds { idempotent: true },
    )
}

pub(super) fn remove(of: &Subject, links: &str, both: &str) -> Tool {
    let name = &of.resource_type;
    let properties = properties(of, "The ids of those that are to be in it no longer");
    describe(
        format!("remove_{both}"),
        format!("Remove {links} from {name}"),
        format!(
            "Removes from the {links} of a {name} and leaves all others. Who is not in it is passed over. The resources themselves are not deleted."
        ),
        schema::arguments(properties, &["id", "members"]),
        schema::member_change(),
        Effect::Overwrites { idempotent: true },
    )
}

/// What the arguments of both tools say.
struct Change {
    id: String,
    members: Vec<String>,
    preconditions: Preconditions,
}

fn change(arguments: &mut Arguments) -> Result<Change, Failure> {
    let id = arguments.id("id")?;
    let place = arguments.place("members");
    let members = arguments.texts("members")?;
    let members = members.ok_or_else(|| arguments.missing("members"))?;
    if members.is_empty() {
        return Err(Failure::argument(&place, "is empty"));
    }
    for (index, member) in members.iter().enumerate() {
        check_id(&format!("{place}[{index}]"), member)?;
    }
    Ok(Change {
        id,
        members,
        preconditions: expected(arguments, false)?,
    })
}

impl<P: ResourceProvider> Call<'_, P> {
    /// `add_group_members`.
    pub(crate) async fn add_members(
        &self,
        of: &Subject,
        links: &str,
        mut arguments: Arguments,
    ) -> Result<Answer, Failure> {
        let change = change(&mut arguments)?;
        let place = arguments.place("member_type");
        let member_type = arguments.text("member_type")?;
        arguments.finish()?;
        if member_type
            .as_deref()
            .is_some_and(|name| self.types().get(name).is_none())
        {
            return Err(Failure::argument(&place, "no such type"));
        }
        let values = change.members.iter().map(|member| match &member_type {
            Some(name) => json!({ "value": member, "type": name }),
            None => json!({ "value": member }),
        });
        let values: Vec<Value> = values.collect();
        self.change_members(of, "add", links, values, change).await
    }

    /// `remove_group_members`.
    pub(crate) async fn remove_members(
        &self,
        of: &Subject,
        links: &str,
        mut arguments: Arguments,
    ) -> Result<Answer, Failure> {
        let change = change(&mut arguments)?;
        arguments.finish()?;
        let values = change.members.iter();
        let values: Vec<Value> = values.map(|member| json!({ "value": member })).collect();
        self.change_members(of, "remove", links, values, change)
            .await
    }

    async fn change_members(
        &self,
        of: &Subject,
        op: &str,
        links: &str,
        values: Vec<Value>,
        change: Change,
    ) -> Result<Answer, Failure> {
        let message = json!({ "Operations": [{ "op": op, "path": links, "value": values }] });
        let patch = Patch::from_json(message).map_err(|error| self.failure(of, &error.into()))?;
        let (resource, changed, _) = self
            .apply(of, &change.id, patch, change.preconditions)
            .await?;
        let mut answer = identified(&resource);
        answer.insert("changed".into(), changed.into());
        Ok(Value::Object(answer).into())
    }
}
