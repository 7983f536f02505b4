//! Reading and writing a part of a resource.

use std::collections::BTreeSet;

use scim_version::{ConditionalResult, ScimVersion};
use serde_json::Value;

use super::subject::{outcome, random_name};
use super::{Config, Failure, Subject, race};
use crate::storage::{LinkKey, LinkSelection};
use crate::{PartialProvider, ProviderError, VersionedResource, View};

pub(super) async fn part_is_read_as_selected(subject: &Subject) -> Result<(), Failure> {
    let scene = Scene::create(subject, 3).await?;
    let [a, b, c] = [0, 1, 2].map(|n| scene.targets[n].as_str());
    let all = BTreeSet::from([a, b, c].map(str::to_owned));
    let whole = scene.change(&[a, b, c]).await?;
    subject.equal("links of the whole", scene.links(&whole)?, all.clone())?;
    for (links, expected) in [
        (LinkSelection::None, BTreeSet::new()),
        (scene.of(&[b, "nobody"]), BTreeSet::from([b.to_owned()])),
        (LinkSelection::All, all),
    ] {
        let view = View::document().with_links(links);
        let part = scene.part(&view).await?;
        let what = format!("links of {view:?}");
        subject.equal(&what, scene.links(&part)?, expected)?;
        subject.equal("version of a part", part.version(), whole.version())?;
    }
    let view = View::document().with_links(LinkSelection::AtMost(2));
    let found = scene.links(&scene.part(&view).await?)?.len();
    subject.equal("links of a part of two", found, 2)
}

pub(super) async fn part_leaves_the_rest_alone(subject: &Subject) -> Result<(), Failure> {
    let scene = Scene::create(subject, 4).await?;
    let [a, b, c, d] = [0, 1, 2, 3].map(|n| scene.targets[n].as_str());
    let whole = scene.change(&[a, b]).await?;
    let mut versions = vec![whole.version().clone()];
    for (what, links, data, shown, stored) in [
        (
            "one added unselected",
            LinkSelection::None,
            &[c][..],
            &[][..],
            &[a, b, c][..],
        ),
        (
            "one removed, one added",
            scene.of(&[b, d]),
            &[d],
            &[d],
            &[a, c, d],
        ),
        (
            "one removed that was not there",
            scene.of(&[b, c]),
            &[c, b],
            &[b, c],
            &[a, b, c, d],
        ),
        ("all replaced", LinkSelection::All, &[b], &[b], &[b]),
    ] {
        let current = versions.last().expect("it began with one");
        let written = scene.update_part("text", data, &links, current).await?;
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        let answered = scene.links(&written)?;
        subject.equal(&format!("answer to {what}"), answered, ids(shown))?;
        let read = subject.read(&scene.id).await?;
        let found = scene.links(&read)?;
        subject.equal(&format!("links after {what}"), found, ids(stored))?;
        subject.equal("version of the whole", read.version(), written.version())?;
        subject.ensure(!versions.contains(written.version()), || {
            format!("{what} left an earlier version")
        })?;
        versions.push(written.version().clone());
    }
    let current = versions.last().expect("it began with one");
    let written = scene
        .update_part("other", &[], &LinkSelection::None, current)
        .await?;
    subject.equal("text of the answer", &*subject.text(&written)?, "other")?;
    let read = subject.read(&scene.id).await?;
    subject.equal(
        "text written through a part",
        &*subject.text(&read)?,
        "other",
    )?;
    let left = scene.links(&read)?;
    subject.equal(
        "links after the text changed",
        left,
        BTreeSet::from([b.to_owned()]),
    )
}

pub(super) async fn part_that_says_the_same_changes_nothing(
    subject: &Subject,
) -> Result<(), Failure> {
    let scene = Scene::create(subject, 2).await?;
    let [a, b] = [0, 1].map(|n| scene.targets[n].as_str());
    let whole = scene.change(&[a, b]).await?;
    for (links, data) in [
        (LinkSelection::None, &[][..]),
        (LinkSelection::None, &[b]),
        (scene.of(&[a, "nobody"]), &[a]),
        (LinkSelection::All, &[b, a]),
    ] {
        let same = scene
            .update_part("text", data, &links, whole.version())
            .await?;
        let what = format!("version after writing the same through {links:?}");
        subject.equal(&what, same.version(), whole.version())?;
    }
    let read = subject.read(&scene.id).await?;
    subject.equal("what is stored then", &read.to_json(), &whole.to_json())
}

pub(super) async fn stale_part_writes_nothing(subject: &Subject) -> Result<(), Failure> {
    let scene = Scene::create(subject, 2).await?;
    let [a, b] = [0, 1].map(|n| scene.targets[n].as_str());
    let old = scene.change(&[]).await?;
    let written = scene
        .update_part("text", &[a], &LinkSelection::None, old.version())
        .await?;
    let is_refused = |found: ConditionalResult<VersionedResource>| match found {
        ConditionalResult::VersionMismatch(conflict) => {
            subject.equal("version in a refusal", &conflict.current, written.version())
        }
        other => subject.fail(format!("stale write: {}", outcome(&other))),
    };
    for links in [LinkSelection::None, LinkSelection::All, scene.of(&[b])] {
        // Neither new, nor what is stored already, nor nonsense.
        for data in [
            scene.document("text", &[b]),
            scene.document("text", &[a]),
            Value::Null,
        ] {
            is_refused(
                scene
                    .try_update_part(&scene.id, data, &links, old.version())
                    .await?,
            )?;
        }
    }
    let data = scene.document("text", &[]);
    is_refused(subject.update(&scene.id, data, old.version()).await?)?;
    let read = subject.read(&scene.id).await?;
    let expected = BTreeSet::from([a.to_owned()]);
    subject.equal("links after stale writes", scene.links(&read)?, expected)?;

    let data = scene.document("text", &[a]);
    let missing = scene.try_update_part("nobody", data, &LinkSelection::None, old.version());
    let missing = missing.await?;
    subject.ensure(missing.is_not_found(), || {
        format!("part of a missing resource: {}", outcome(&missing))
    })
}

/// Everybody adds members of their own, each as often as it takes, and removes some.
pub(super) async fn parts_on_threads_lose_nothing(
    subject: &Subject,
    config: &Config,
) -> Result<(), Failure> {
    let racers = config.racers();
    for _ in 0..config.rounds().min(10) {
        let scene = Scene::create(subject, EACH * racers).await?;
        let racing = scene.clone();
        let join = move |n: usize| {
            let scene = racing.clone();
            async move { scene.join_and_leave(n).await }
        };
        race::on_threads(subject.check(), racers, join).await?;
        scene.has_who_stayed().await?;
    }
    Ok(())
}

pub(super) async fn parts_in_turn_lose_nothing(
    subject: &Subject,
    config: &Config,
) -> Result<(), Failure> {
    let racers = config.racers();
    let scene = Scene::create(subject, EACH * racers).await?;
    let joins = (0..racers).map(|n| scene.join_and_leave(n));
    race::in_turn(subject.check(), joins).await?;
    scene.has_who_stayed().await
}

/// How many links each racer adds; the first goes again.
const EACH: usize = 4;

/// A resource without links, and what it may link to.
#[derive(Clone)]
struct Scene {
    subject: Subject,
    name: String,
    id: String,
    attribute: String,
    targets: Vec<String>,
}

impl Scene {
    async fn create(subject: &Subject, targets: usize) -> Result<Self, Failure> {
        let Some((attribute, sample)) = subject.sample.links() else {
            return subject.fail("the sample has no links");
        };
        let (attribute, linked) = (attribute.to_owned(), subject.with_sample(sample));
        let mut ids = Vec::with_capacity(targets);
        for _ in 0..targets {
            ids.push(linked.id(&linked.create(&random_name(), "target").await?)?);
        }
        let name = random_name();
        let id = subject.id(&subject.create(&name, "text").await?)?;
        Ok(Self {
            subject: subject.clone(),
            name,
            id,
            attribute,
            targets: ids,
        })
    }

    fn provider(&self) -> Result<&dyn PartialProvider, Failure> {
        let partial = self.subject.provider.as_partial();
        partial.ok_or_else(|| self.subject.failure("as_partial gives nothing any more"))
    }

    fn document(&self, text: &str, targets: &[&str]) -> Value {
        let mut document = self.subject.sample.document(&self.name, text);
        let values = targets.iter().map(|id| serde_json::json!({ "value": id }));
        document[&self.attribute] = values.collect();
        document
    }

    fn of(&self, targets: &[&str]) -> LinkSelection {
        let keys = targets
            .iter()
            .map(|id| LinkKey::new(self.attribute.as_str(), *id));
        LinkSelection::Of(keys.collect())
    }

    /// Has the resource link to just these.
    async fn change(&self, targets: &[&str]) -> Result<VersionedResource, Failure> {
        let current = self.subject.read(&self.id).await?;
        let data = self.document("text", targets);
        self.subject.change(&self.id, data, current.version()).await
    }

    async fn part(&self, view: &View) -> Result<VersionedResource, Failure> {
        let subject = &self.subject;
        let resource_type = subject.sample.resource_type();
        let part = self
            .provider()?
            .get_part(resource_type, &self.id, view, subject.context())
            .await;
        let part = part.map_err(|error| subject.broken("get of a part", &error))?;
        part.ok_or_else(|| subject.failure(format!("a part of {} is gone", self.id)))
    }

    async fn try_update_part(
        &self,
        id: &str,
        data: Value,
        links: &LinkSelection,
        expected: &ScimVersion,
    ) -> Result<ConditionalResult<VersionedResource>, Failure> {
        let subject = &self.subject;
        let (resource_type, context) = (subject.sample.resource_type(), subject.context());
        let broken = |error: ProviderError| subject.broken("update of a part", &error);
        self.provider()?
            .conditional_update_part(resource_type, id, data, links, expected, context)
            .await
            .map_err(broken)
    }

    /// A write that has to succeed, since nobody else writes.
    async fn update_part(
        &self,
        text: &str,
        targets: &[&str],
        links: &LinkSelection,
        expected: &ScimVersion,
    ) -> Result<VersionedResource, Failure> {
        let data = self.document(text, targets);
        match self
            .try_update_part(&self.id, data, links, expected)
            .await?
        {
            ConditionalResult::Success(written) => Ok(written),
            other => {
                let other = outcome(&other);
                self.subject
                    .fail(format!("update of a part of the current version: {other}"))
            }
        }
    }

    /// What `resource` shows of the links.
    fn links(&self, resource: &VersionedResource) -> Result<BTreeSet<String>, Failure> {
        let values = match resource.resource().attribute(&self.attribute) {
            None => return Ok(BTreeSet::new()),
            Some(values) => values.as_array().into_iter().flatten(),
        };
        let id = |value: &Value| value.get("value")?.as_str().map(str::to_owned);
        let ids: Option<BTreeSet<_>> = values.map(id).collect();
        ids.ok_or_else(|| {
            self.subject
                .failure(format!("a value of {} without id", self.attribute))
        })
    }

    /// Adds the links of the racer `n`, one after the other, and removes the first.
    async fn join_and_leave(&self, n: usize) -> Result<(), Failure> {
        let own = &self.targets[EACH * n..EACH * (n + 1)];
        for id in own {
            self.write_through(&[id], &LinkSelection::None).await?;
        }
        self.write_through(&[], &self.of(&[&own[0]])).await
    }

    /// Reads and writes a part until that is acknowledged.
    async fn write_through(&self, data: &[&str], links: &LinkSelection) -> Result<(), Failure> {
        let view = View::document().with_links(links.clone());
        loop {
            let current = self.part(&view).await?;
            let data = self.document("text", data);
            let written = self.try_update_part(&self.id, data, links, current.version());
            match written.await? {
                ConditionalResult::Success(_) => return Ok(()),
                // Somebody else got through, so this ends.
                ConditionalResult::VersionMismatch(_) => {}
                ConditionalResult::NotFound => {
                    return self.subject.fail("the resource is gone");
                }
            }
        }
    }

    async fn has_who_stayed(&self) -> Result<(), Failure> {
        let stayed = self.targets.iter().enumerate();
        let stayed = stayed
            .filter(|(n, _)| n % EACH > 0)
            .map(|(_, id)| id.clone());
        let read = self.subject.read(&self.id).await?;
        let found = self.links(&read)?;
        self.subject.equal(
            "links after all have come and some gone",
            found,
            stayed.collect(),
        )
    }
}
