//! Requests that are dropped at every await they have.

use scim_version::ConditionalResult;

use super::subject::random_name;
use super::{Config, Failure, Subject, race};

/// More awaits than any request is expected to have.
const MOST_POLLS: usize = 1_000;

pub(super) async fn dropped_write_is_whole_or_absent(
    subject: &Subject,
    config: &Config,
) -> Result<(), Failure> {
    for polls in 0..MOST_POLLS {
        let name = random_name();
        let created = subject.create(&name, "before").await?;
        let id = subject.id(&created)?;
        let after = subject.sample.document(&name, "after");
        let update = subject.update(&id, after, created.version());
        let finished = race::dropped_after(polls, update).await.transpose()?;

        // Whatever became of it, the next request is answered, and finds one or the other.
        let next = async {
            let read = subject.read(&id).await?;
            let text = subject.text(&read)?;
            let whole = match text.as_str() {
                "before" => read == created && finished.is_none(),
                "after" => read.version() != created.version(),
                _ => false,
            };
            subject.ensure(whole, || {
                format!("an update dropped after {polls} polls left {text:?} behind")
            })?;
            match subject.delete(&id, read.version()).await? {
                ConditionalResult::Success(()) => Ok(()),
                _ => subject.fail("nobody else writes, but the version that was read is stale"),
            }
        };
        race::patiently(subject.check(), config.patience(), next).await?;
        if finished.is_some() {
            return Ok(());
        }
    }
    subject.fail(format!("an update is not done after {MOST_POLLS} polls"))
}
