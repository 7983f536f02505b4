use scim_ops::provider::{InMemoryProvider, RequestContext, VersionedResource};
use scim_ops::version::Precondition;
use scim_ops::{ErrorKind, Outcome, ScimOperationHandler, ScimOperationRequest};
use serde_json::json;

use crate::Error;
use crate::journal::Journal;

/// One user from its first version to its last, and what clients can name meanwhile.
pub(crate) async fn run(journal: &mut Journal<'_>) -> Result<(), Error> {
    journal.scene("The life of a version")?;
    let mut life = Life {
        handler: ScimOperationHandler::new(InMemoryProvider::default()),
        journal,
    };

    let user = || json!({ "userName": "bjensen", "title": "Guide" });
    let create = || ScimOperationRequest::create("User", user(), context());
    let created = life.tell("created", create()).await?;
    let (id, v1) = (super::id(&created), created.version());

    let put = |data| ScimOperationRequest::update("User", id, data, context());
    let same = json!({ "TITLE": "Guide", "userName": "bjensen", "emails": [], "nickName": null });
    life.tell("the same in other words", put(same)).await?;
    let other = json!({ "userName": "bjensen", "title": "Tour Guide" });
    life.tell("another title", put(other)).await?;
    let back = life.tell("the first title again", put(user())).await?;
    let v3 = back.version();

    let get = ScimOperationRequest::get("User", id, context());
    life.tell("read with If-None-Match: v3", get.with_if_none_match(v3))
        .await?;
    let nick = |name: &str| put(json!({ "userName": "bjensen", "nickName": name }));
    let stale = nick("a").with_if_match(v1);
    life.refused("write with If-Match: v1", stale).await?;
    let either = format!("{}, {}", v1.to_http_header(), v3.to_http_header());
    let either: Precondition = either.parse()?;
    life.tell(
        "write with If-Match: v1, v3",
        nick("b").with_if_match(either),
    )
    .await?;
    let any = nick("c").with_if_match(Precondition::Any);
    let v5 = life.tell("write with If-Match: *", any).await?;
    let v5 = v5.version();
    // Never taken for "no precondition": such a request gets nowhere.
    let malformed = v5.as_str().parse::<Precondition>();
    let malformed = malformed.expect_err("a tag has quotes");
    life.journal
        .say(format_args!("If-Match: v5 without its quotes: {malformed}"))?;

    let delete = || ScimOperationRequest::delete("User", id, context()).with_if_match(v5);
    life.handler.handle_operation(delete()).await?;
    life.journal.say("deleted with If-Match: v5: gone")?;
    life.refused("deleted again", delete()).await?;
    life.tell("created again, as another resource", create())
        .await?;
    Ok(())
}

struct Life<'a, 'b> {
    handler: ScimOperationHandler<InMemoryProvider>,
    journal: &'a mut Journal<'b>,
}

impl Life<'_, '_> {
    /// Carries out `request`, which succeeds, and tells the version that it answers with.
    async fn tell(
        &mut self,
        what: &str,
        request: ScimOperationRequest,
    ) -> Result<VersionedResource, Error> {
        let response = self.handler.handle_operation(request).await?;
        let resource = response.resource().ok_or("an answer with a resource")?;
        let label = self.journal.label(resource.version());
        let how = match response.outcome() {
            Outcome::Updated { changed: false, .. } => "nothing changed, still ",
            Outcome::NotModified(_) => "not modified, still ",
            _ => "",
        };
        self.journal.say(format_args!("{what}: {how}{label}"))?;
        let shown = &resource.to_json()["meta"]["version"];
        if *shown != resource.version().to_http_header() {
            return Err(format!("meta.version is {shown}, not the entity tag").into());
        }
        Ok(resource.clone())
    }

    /// Carries out `request`, which is refused, and tells why.
    async fn refused(&mut self, what: &str, request: ScimOperationRequest) -> Result<(), Error> {
        let why = match self.handler.handle_operation(request).await {
            Ok(_) => return Err(format!("{what}: it was carried out").into()),
            Err(error) => match error.version_conflict() {
                Some(conflict) => {
                    let current = self.journal.label(&conflict.current);
                    format!("refused, current is {current}")
                }
                None if error.kind() == ErrorKind::NotFound => "not found".into(),
                None => return Err(error.into()),
            },
        };
        self.journal.say(format_args!("{what}: {why}"))?;
        Ok(())
    }
}

fn context() -> RequestContext {
    RequestContext::with_generated_id()
}
