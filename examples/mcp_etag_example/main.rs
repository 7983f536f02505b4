//! Run with `cargo run --example mcp_etag_example`.
//!
//! Two AI agents and a person work on one user and one group at the same time. How does nobody
//! overwrite what somebody else has done? Each step is printed with the version that it is about; versions
//! are printed as `v1`, `v2` … in the order in which they replaced each other.

mod agent;

use std::io::{self, Write};
use std::sync::Arc;

use agent::Agent;
use scim_mcp::McpServer;
use scim_mcp::ops::{Patch, ScimOperationHandler, ScimOperationRequest};
use scim_mcp::provider::{InMemoryProvider, RequestContext};
use serde_json::{Value, json};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Prints what is done, with short names for versions.
struct Journal<'a> {
    out: &'a mut (dyn Write + Send),
    versions: Vec<String>,
}

impl Journal<'_> {
    fn version(&mut self, version: &Value) -> String {
        let version = version.as_str().unwrap_or_default();
        let known = self.versions.iter().position(|known| known == version);
        let index = known.unwrap_or_else(|| {
            self.versions.push(version.to_owned());
            self.versions.len() - 1
        });
        format!("v{}", index + 1)
    }

    fn say(&mut self, who: &str, what: &str, version: &Value) -> io::Result<()> {
        let version = self.version(version);
        writeln!(self.out, "{who:>8}  {what}: {version}")
    }
}

async fn run(out: &mut (dyn Write + Send)) -> Result<(), Error> {
    let versions = Vec::new();
    let mut journal = Journal { out, versions };
    let handler = Arc::new(ScimOperationHandler::new(InMemoryProvider::default()));
    let server = McpServer::new(Arc::clone(&handler));
    let hr = Agent::connect("hr", &server).await?;
    let it = Agent::connect("it", &server).await?;

    let data = json!({ "userName": "bjensen", "title": "Guide" });
    let created = expect(hr.call("create_user", json!({ "data": data })).await?)?;
    let user = created["id"].clone();
    journal.say(hr.name, "creates the user bjensen", &created["version"])?;

    // Both read the same version, and each decides something else.
    let seen = expect(hr.call("get_user", json!({ "id": user })).await?)?;
    journal.say(hr.name, "reads the user", &seen["version"])?;
    let seen_by_it = expect(it.call("get_user", json!({ "id": user })).await?)?;
    journal.say(it.name, "reads the user", &seen_by_it["version"])?;

    // A person is faster than both, over whatever else writes to the store: SCIM over HTTP, say.
    let title =
        json!({ "Operations": [{ "op": "replace", "path": "title", "value": "Tour Guide" }] });
    let context = RequestContext::with_generated_id();
    let id = user.as_str().ok_or("ids are texts")?;
    let patch = ScimOperationRequest::patch("User", id, Patch::from_json(title)?, context);
    let patched = handler.handle_operation(patch).await?;
    let version = patched.current_version().ok_or("it has a version")?;
    journal.say("person", "makes her a Tour Guide", &version.as_str().into())?;

    // The first agent would undo that. It is shown what there is now, and does what it meant on top of it.
    let mut mine = seen["resource"].clone();
    mine["nickName"] = "Babs".into();
    let write = json!({ "id": user, "data": mine, "expected_version": seen["version"] });
    let refused = it_is_refused(hr.call("replace_user", write).await?)?;
    journal.say(
        hr.name,
        "is refused a nickname on the grounds of",
        &refused["expected_version"],
    )?;
    journal.say(
        hr.name,
        "is shown the user as it is",
        &refused["current_version"],
    )?;
    let mut both = refused["current"].clone();
    both["nickName"] = "Babs".into();
    let write = json!({ "id": user, "data": both, "expected_version": refused["current_version"] });
    let written = expect(hr.call("replace_user", write).await?)?;
    journal.say(hr.name, "adds the nickname to that", &written["version"])?;

    // The other one first asks whether what it builds upon still holds.
    let check = json!({ "id": user, "unless_version": seen_by_it["version"] });
    let now = expect(it.call("get_user", check).await?)?;
    journal.say(
        it.name,
        "checks what it has read, and finds it changed",
        &now["version"],
    )?;
    let operations = json!([{ "op": "add", "path": "active", "value": true }]);
    let write = json!({ "id": user, "operations": operations, "expected_version": now["version"] });
    let written = expect(it.call("patch_user", write).await?)?;
    journal.say(it.name, "activates the user", &written["version"])?;
    let resource = &written["resource"];
    let (title, nick) = (&resource["title"], &resource["nickName"]);
    writeln!(
        journal.out,
        "          all of it is there: title {title}, nickName {nick}, active {}",
        resource["active"]
    )?;

    // Members come and go without a conflict, whoever adds them.
    journal.versions.clear();
    let data = json!({ "displayName": "Guides" });
    let group = expect(it.call("create_group", json!({ "data": data })).await?)?;
    journal.say(it.name, "creates the group Guides", &group["version"])?;
    for agent in [&hr, &it] {
        let data = json!({ "userName": format!("{}-guide", agent.name) });
        let guide = expect(agent.call("create_user", json!({ "data": data })).await?)?;
        let add = json!({ "id": group["id"], "members": [guide["id"], user] });
        let added = expect(agent.call("add_group_members", add).await?)?;
        journal.say(agent.name, "adds a member and bjensen", &added["version"])?;
    }
    let seen = expect(hr.call("get_group", json!({ "id": group["id"] })).await?)?;
    let members = seen["resource"]["members"].as_array().map_or(0, Vec::len);
    journal.say(
        hr.name,
        &format!("reads the group with its {members} members"),
        &seen["version"],
    )?;

    // What is to be deleted has to be what was seen.
    let delete = json!({ "id": group["id"], "expected_version": group["version"] });
    let refused = it_is_refused(it.call("delete_group", delete).await?)?;
    journal.say(
        it.name,
        "is refused to delete the group it created",
        &refused["expected_version"],
    )?;
    Ok(())
}

/// What a call did that has to succeed.
fn expect(called: Result<Value, Value>) -> Result<Value, Error> {
    called.map_err(|error| format!("it is refused: {error}").into())
}

/// The error of a call that has to meet a conflict.
fn it_is_refused(called: Result<Value, Value>) -> Result<Value, Error> {
    match called {
        Err(error) if error["kind"] == "version_conflict" => Ok(error),
        other => Err(format!("it is to meet a conflict: {other:?}").into()),
    }
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    run(&mut io::stdout()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_overwrites_anybody() {
        let mut out = Vec::new();
        run(&mut out).await.unwrap();
        let told = String::from_utf8(out).unwrap();
        assert_eq!(
            told,
            "      hr  creates the user bjensen: v1\n\
             \x20     hr  reads the user: v1\n\
             \x20     it  reads the user: v1\n\
             \x20 person  makes her a Tour Guide: v2\n\
             \x20     hr  is refused a nickname on the grounds of: v1\n\
             \x20     hr  is shown the user as it is: v2\n\
             \x20     hr  adds the nickname to that: v3\n\
             \x20     it  checks what it has read, and finds it changed: v3\n\
             \x20     it  activates the user: v4\n\
             \x20         all of it is there: title \"Tour Guide\", nickName \"Babs\", active true\n\
             \x20     it  creates the group Guides: v1\n\
             \x20     hr  adds a member and bjensen: v2\n\
             \x20     it  adds a member and bjensen: v3\n\
             \x20     hr  reads the group with its 3 members: v3\n\
             \x20     it  is refused to delete the group it created: v1\n"
        );
    }
}
