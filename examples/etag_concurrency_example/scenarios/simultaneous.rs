use std::sync::Arc;

use scim_ops::provider::{
    ConditionalProvider, InMemoryProvider, ProviderError, RequestContext, VersionedResource,
};
use scim_ops::version::ConditionalResult;
use serde_json::json;
use tokio::sync::Barrier;

use super::{id, with};
use crate::Error;
use crate::journal::Journal;

/// Payroll sets the title while the help desk sets the nickname, both on the version
/// that both have read.
pub(crate) async fn run(journal: &mut Journal<'_>) -> Result<(), Error> {
    journal.scene("Simultaneous updates")?;
    let provider = Arc::new(InMemoryProvider::default());
    let context = RequestContext::with_generated_id();
    let user = json!({ "userName": "bjensen" });
    let user = provider
        .create_versioned_resource("User", user, &context)
        .await?;
    let v1 = journal.label(user.version());
    journal.say(format_args!("payroll and help desk read {v1}"))?;

    let gate = Arc::new(Barrier::new(2));
    let start = |client| {
        let (provider, user, gate) = (provider.clone(), user.clone(), gate.clone());
        tokio::spawn(async move {
            gate.wait().await;
            set(&provider, client, &user).await
        })
    };
    let (payroll, help_desk) = (start(PAYROLL), start(HELP_DESK));
    let (payroll, help_desk) = (payroll.await??, help_desk.await??);

    let (winner, won, loser, conflict) = match (payroll, help_desk) {
        (ConditionalResult::Success(won), ConditionalResult::VersionMismatch(conflict)) => {
            (PAYROLL, won, HELP_DESK, conflict)
        }
        (ConditionalResult::VersionMismatch(conflict), ConditionalResult::Success(won)) => {
            (HELP_DESK, won, PAYROLL, conflict)
        }
        both => return Err(format!("not one winner and one conflict: {both:?}").into()),
    };
    let v2 = journal.label(won.version());
    journal.say(format_args!("{} replaces {v1} by {v2}", winner.name))?;
    let current = journal.label(&conflict.current);
    let name = loser.name;
    journal.say(format_args!(
        "{name} names {v1}, current is {current}: refused, nothing written"
    ))?;

    // The loser's next step: read what there is now, and make the same change to that.
    let current = provider
        .get_versioned_resource("User", id(&user), &context)
        .await?
        .ok_or("nobody deletes it")?;
    let ConditionalResult::Success(stored) = set(&provider, loser, &current).await? else {
        return Err("a conflict without a rival".into());
    };
    let (read, v3) = (
        journal.label(current.version()),
        journal.label(stored.version()),
    );
    journal.say(format_args!(
        "{name} reads {read}, makes its change to that, and replaces it by {v3}"
    ))?;
    for Client {
        attribute, value, ..
    } in [PAYROLL, HELP_DESK]
    {
        if stored.resource().attribute(attribute) != Some(&json!(value)) {
            return Err(format!("{attribute} was lost").into());
        }
        journal.say(format_args!("{v3} has the {attribute} {value:?}"))?;
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Client {
    name: &'static str,
    attribute: &'static str,
    value: &'static str,
}

const PAYROLL: Client = Client {
    name: "payroll",
    attribute: "title",
    value: "Tour Guide",
};

const HELP_DESK: Client = Client {
    name: "help desk",
    attribute: "nickName",
    value: "Babs",
};

/// The client's change to what it has read, on the condition that this is still current.
async fn set(
    provider: &InMemoryProvider,
    client: Client,
    read: &VersionedResource,
) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
    let context = RequestContext::new(client.name);
    let data = with(read, client.attribute, client.value);
    provider
        .conditional_update("User", id(read), data, read.version(), &context)
        .await
}
