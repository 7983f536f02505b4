use std::io;
use std::sync::Arc;
use std::time::Duration;

use scim_ops::provider::{ConditionalProvider, InMemoryProvider, RequestContext};
use scim_ops::version::{ConditionalResult, ScimVersion};
use serde_json::{Value, json};
use tokio::sync::Barrier;

use super::{id, with};
use crate::Error;
use crate::journal::Journal;

const CLIENTS: [&str; 4] = ["payroll", "help desk", "directory", "portal"];

/// Four clients add an e-mail address each; who meets a rival backs off and tries again.
pub(crate) async fn run(journal: &mut Journal<'_>) -> Result<(), Error> {
    journal.scene("Retry with backoff")?;
    let provider = Arc::new(InMemoryProvider::default());
    let context = RequestContext::with_generated_id();
    let user = json!({ "userName": "bjensen" });
    let user = provider
        .create_versioned_resource("User", user, &context)
        .await?;
    let (id, gate) = (id(&user), Arc::new(Barrier::new(CLIENTS.len())));
    let tasks = CLIENTS.map(|client| {
        let (provider, id, gate) = (provider.clone(), id.to_owned(), gate.clone());
        tokio::spawn(async move { add_email(&provider, &id, client, &gate).await })
    });
    let mut histories = Vec::new();
    for (client, task) in CLIENTS.into_iter().zip(tasks) {
        histories.push((client, task.await??));
    }

    // Tell it in the order in which the versions replaced each other.
    let mut at = user.version().clone();
    let v1 = journal.label(&at);
    journal.say(format_args!(
        "all {} clients read {v1} before the first of them writes",
        CLIENTS.len()
    ))?;
    let mut in_order = Vec::new();
    while let Some(next) = histories
        .iter()
        .position(|(_, history)| history.named == at)
    {
        let (client, history) = histories.swap_remove(next);
        at = history.became.clone();
        journal.label(&at);
        in_order.push((client, history));
    }
    if let Some((client, _)) = histories.first() {
        return Err(format!("what {client} wrote was overwritten unseen").into());
    }
    for (client, history) in in_order {
        history.tell(client, journal)?;
    }

    let stored = provider
        .get_versioned_resource("User", id, &context)
        .await?
        .ok_or("nobody deletes it")?;
    let emails = stored.resource().attribute("emails");
    let kept = emails.and_then(Value::as_array).map_or(0, Vec::len);
    let last = journal.label(stored.version());
    journal.say(format_args!("{last} has {kept} e-mail addresses"))?;
    Ok(())
}

/// What a client met with until its change was stored.
struct History {
    /// The version that it named, and the one that was current.
    conflicts: Vec<(ScimVersion, ScimVersion)>,
    named: ScimVersion,
    became: ScimVersion,
}

impl History {
    fn tell(&self, client: &str, journal: &mut Journal<'_>) -> io::Result<()> {
        for (lost, (named, current)) in (1..).zip(&self.conflicts) {
            let pause = longest_pause(lost).as_millis();
            let (named, current) = (journal.label(named), journal.label(current));
            journal.say(format_args!(
                "{client} names {named}, current is {current}: pauses up to {pause} ms"
            ))?;
        }
        let (named, became) = (journal.label(&self.named), journal.label(&self.became));
        journal.say(format_args!("{client} replaces {named} by {became}"))
    }
}

/// Enough for four clients: a lost race means that another one is done.
const ATTEMPTS: u32 = 4;

/// The pause doubles with every lost race. A random part of it is waited, so that rivals
/// spread out instead of meeting again.
fn longest_pause(lost: u32) -> Duration {
    Duration::from_millis(1) * 2_u32.saturating_pow(lost)
}

/// Reads, changes and writes on the condition of what was read, until nobody comes between.
async fn add_email(
    provider: &InMemoryProvider,
    id: &str,
    client: &str,
    gate: &Barrier,
) -> Result<History, Error> {
    let context = RequestContext::new(client);
    let mut conflicts = Vec::new();
    for attempt in 1..=ATTEMPTS {
        let current = provider
            .get_versioned_resource("User", id, &context)
            .await?
            .ok_or("nobody deletes it")?;
        if attempt == 1 {
            // So that they do meet.
            gate.wait().await;
        }
        let mut emails = match current.resource().attribute("emails") {
            Some(Value::Array(emails)) => emails.clone(),
            _ => Vec::new(),
        };
        let address = format!("{}@example.com", client.replace(' ', "."));
        emails.push(json!({ "value": address }));
        let data = with(&current, "emails", emails);
        let named = current.version().clone();
        match provider
            .conditional_update("User", id, data, &named, &context)
            .await?
        {
            ConditionalResult::Success(updated) => {
                let became = updated.version().clone();
                return Ok(History {
                    conflicts,
                    named,
                    became,
                });
            }
            ConditionalResult::VersionMismatch(conflict) => {
                conflicts.push((named, conflict.current));
            }
            ConditionalResult::NotFound => return Err("nobody deletes it".into()),
        }
        let pause = longest_pause(attempt).mul_f64(fastrand::f64());
        tokio::time::sleep(pause).await;
    }
    Err("more lost races than rivals".into())
}
