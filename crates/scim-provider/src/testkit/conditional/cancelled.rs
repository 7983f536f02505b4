//! Requests that are dropped at every await they have.
//!
//! A request that is on its way when it is dropped, in a task or a database of its own, may still
//! arrive later; but not in parts, and not twice.

use scim_version::ConditionalResult;

use super::subject::random_name;
use super::unique::won;
use super::{Config, Failure, Subject, race};
use crate::VersionedResource;

/// More awaits than any request is expected to have.
const MOST_POLLS: usize = 1_000;

pub(super) async fn dropped_write_is_whole_or_absent(
    subject: &Subject,
    config: &Config,
) -> Result<(), Failure> {
    for request in [Request::Update, Request::Create, Request::Delete] {
        let mut polls = 0;
        // One poll further each time, until it comes to its end.
        while !request.dropped_after(polls, subject, config).await? {
            polls += 1;
            subject.ensure(polls < MOST_POLLS, || {
                format!("{request:?} is not done after {MOST_POLLS} polls")
            })?;
        }
    }
    Ok(())
}

#[derive(Debug, Clone, Copy)]
enum Request {
    Update,
    Create,
    Delete,
}

impl Request {
    /// Drops it, looks what it left behind, and says whether it had come to its end.
    async fn dropped_after(
        self,
        polls: usize,
        subject: &Subject,
        config: &Config,
    ) -> Result<bool, Failure> {
        match self {
            Self::Update => drop_update(subject, config, polls).await,
            Self::Create => drop_create(subject, config, polls).await,
            Self::Delete => drop_delete(subject, config, polls).await,
        }
    }
}

async fn drop_update(subject: &Subject, config: &Config, polls: usize) -> Result<bool, Failure> {
    let name = random_name();
    let created = subject.create(&name, "before").await?;
    let id = subject.id(&created)?;
    let after = subject.sample.document(&name, "after");
    let update = subject.update(&id, after, created.version());
    let finished = race::dropped_after(polls, update).await.transpose()?;
    let finished = finished.is_some();

    // Whatever became of it, the next request is answered, and finds one or the other.
    let next = async {
        let mut read = subject.read(&id).await?;
        loop {
            let text = subject.text(&read)?;
            let whole = match text.as_str() {
                "before" => read == created && !finished,
                "after" => read.version() != created.version(),
                _ => false,
            };
            subject.ensure(whole, || {
                format!("an update dropped after {polls} polls left {text:?} behind")
            })?;
            match subject.delete(&id, read.version()).await? {
                ConditionalResult::Success(()) => return Ok(()),
                ConditionalResult::VersionMismatch(_) if text == "before" => {
                    read = subject.read(&id).await?;
                    subject.ensure(read != created, || {
                        "the version that is read is stale".into()
                    })?;
                }
                _ => {
                    return subject
                        .fail("nobody else writes, but the version that was read is stale");
                }
            }
        }
    };
    race::patiently(subject.check(), config.patience(), next).await?;
    Ok(finished)
}

async fn drop_create(subject: &Subject, config: &Config, polls: usize) -> Result<bool, Failure> {
    let (name, text) = (random_name(), random_name());
    let create = subject.try_create(subject.sample.document(&name, &text));
    let finished = race::dropped_after(polls, create)
        .await
        .transpose()
        .map_err(|error| subject.broken("create", &error))?;

    let next = async {
        let again = subject.sample.document(&name, "again");
        let again = won(subject, subject.try_create(again).await)?;
        let left = saying(subject, &text).await?;
        let is_left = match (&again, subject.sample.unique()) {
            // Who has the name is there, and who has not is not.
            (None, _) => left.len() == 1,
            (Some(_), Some(_)) => left.is_empty(),
            (Some(_), None) => left.len() <= 1,
        };
        subject.ensure(is_left, || {
            format!(
                "a create dropped after {polls} polls left {} resources behind; its name is {}",
                left.len(),
                if again.is_none() { "taken" } else { "free" }
            )
        })?;
        if let Some(created) = &finished {
            subject.ensure(left == [created.clone()], || {
                "what was created is not listed".into()
            })?;
        }
        for resource in left.iter().chain(&again) {
            let id = subject.id(resource)?;
            subject.ensure(subject.read(&id).await? == *resource, || {
                format!("a create dropped after {polls} polls left half a resource behind")
            })?;
            remove(subject, resource).await?;
        }
        // With the resource its name goes.
        remove(subject, &subject.create(&name, "last").await?).await
    };
    race::patiently(subject.check(), config.patience(), next).await?;
    Ok(finished.is_some())
}

async fn drop_delete(subject: &Subject, config: &Config, polls: usize) -> Result<bool, Failure> {
    let (name, text) = (random_name(), random_name());
    let created = subject.create(&name, &text).await?;
    let id = subject.id(&created)?;
    let delete = subject.delete(&id, created.version());
    let finished = race::dropped_after(polls, delete).await.transpose()?;
    if let Some(deleted) = &finished {
        subject.ensure(deleted.is_success(), || {
            "the version that was created is stale".into()
        })?;
    }

    let next = async {
        if let Some(read) = subject.get(&id).await? {
            subject.ensure(finished.is_none() && read == created, || {
                format!("a delete dropped after {polls} polls left part of it behind")
            })?;
            let is_listed = !saying(subject, &text).await?.is_empty();
            let again = subject.sample.document(&name, "again");
            let is_named = match subject.sample.unique() {
                Some(_) => match won(subject, subject.try_create(again).await)? {
                    Some(again) => remove(subject, &again).await.map(|()| false)?,
                    None => true,
                },
                None => true,
            };
            if !(is_listed && is_named) {
                subject.ensure(subject.get(&id).await?.is_none(), || {
                    format!("a delete dropped after {polls} polls took only part of it")
                })?;
            }
            let deleted = subject.delete(&id, created.version()).await?;
            subject.ensure(!deleted.is_version_mismatch(), || {
                "the version that was read is stale".into()
            })?;
        }
        subject.ensure(subject.get(&id).await?.is_none(), || {
            "it is still read after it was deleted".into()
        })?;
        subject.ensure(saying(subject, &text).await?.is_empty(), || {
            format!("a delete dropped after {polls} polls left it on the list")
        })?;
        // Else the name is taken by nobody.
        remove(subject, &subject.create(&name, "last").await?).await
    };
    race::patiently(subject.check(), config.patience(), next).await?;
    Ok(finished.is_some())
}

/// All resources that are listed with this text, which only one request has written.
async fn saying(subject: &Subject, text: &str) -> Result<Vec<VersionedResource>, Failure> {
    let mut saying = Vec::new();
    for resource in subject.list_all().await? {
        if subject.text(&resource).is_ok_and(|says| says == text) {
            saying.push(resource);
        }
    }
    Ok(saying)
}

async fn remove(subject: &Subject, resource: &VersionedResource) -> Result<(), Failure> {
    let id = subject.id(resource)?;
    let deleted = subject.delete(&id, resource.version()).await?;
    subject.ensure(deleted.is_success(), || {
        "nobody else writes, but the version that was read is stale".into()
    })
}
