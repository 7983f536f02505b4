//! An attribute that is written and never shown, such as a password.

use serde_json::Value;

use super::subject::random_name;
use super::{Failure, Subject};
use crate::{ListQuery, VersionedResource};

/// No answer shows it, under whatever name; a write that says the stored one again, or nothing of
/// it, changes nothing; one that says another makes a new version.
pub(super) async fn secret_is_kept_and_never_shown(
    subject: &Subject,
    secret: &str,
) -> Result<(), Failure> {
    let name = random_name();
    let (first, second) = (random_name(), random_name());
    let with = |value: &str| {
        let mut document = subject.sample.document(&name, "a");
        document[secret] = value.into();
        document
    };
    let created = subject.try_create(with(&first)).await;
    let created = created.map_err(|error| subject.broken("create", &error))?;
    let id = subject.id(&created)?;
    let shows_nothing = |what: &str, resource: &VersionedResource| {
        let shown = format!("{} {resource:?}", resource.to_json());
        let silent = !shown.contains(&first) && !shown.contains(&second);
        let named = resource.resource().attribute(secret).is_some();
        subject.ensure(silent && !named, || format!("{what} shows {secret}"))
    };
    shows_nothing("a create", &created)?;
    shows_nothing("a read", &subject.read(&id).await?)?;

    let mut omitted = subject.sample.document(&name, "a");
    if let Value::Object(attributes) = &mut omitted {
        attributes.remove(secret);
    }
    for (what, data) in [("repeated", with(&first)), ("left out", omitted)] {
        let updated = subject.change(&id, data, created.version()).await?;
        shows_nothing("an update", &updated)?;
        subject.ensure(updated == created, || {
            format!("an update with the {secret} {what} changed something")
        })?;
    }

    let changed = subject
        .change(&id, with(&second), created.version())
        .await?;
    shows_nothing("an update", &changed)?;
    let again = subject
        .change(&id, with(&second), changed.version())
        .await?;
    subject.ensure(again == changed, || {
        format!("an update with the same new {secret} changed something")
    })?;
    let back = subject.change(&id, with(&first), changed.version()).await?;
    subject.ensure(
        changed.version() != created.version()
            && back.version() != changed.version()
            && back.version() != created.version(),
        || format!("a change of the {secret} kept the version, or brought one back"),
    )?;
    let removed = subject
        .change(&id, with_null(with(&first), secret), back.version())
        .await?;
    subject.ensure(removed.version() != back.version(), || {
        format!("removing the {secret} kept the version")
    })?;
    for resource in subject.list(&ListQuery::new()).await?.items {
        shows_nothing("a list", &resource)?;
    }
    Ok(())
}

fn with_null(mut document: Value, secret: &str) -> Value {
    document[secret] = Value::Null;
    document
}
