//! Providers that get a part of a resource wrong.

use async_trait::async_trait;
use scim_provider::storage::{LinkKey, LinkSelection};
use scim_provider::version::{ConditionalResult, ScimVersion, VersionConflict};
use scim_provider::{ConditionalProvider, InMemoryProvider, VersionedResource, View};
use serde_json::{Value, json};

use crate::flaw::{Flaw, Found, Target, Updated};
use crate::races::Between;

/// What is wrong.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Part {
    Flawless,
    /// The view does not matter.
    ShowsAll,
    /// The version is the hash of what is shown.
    OwnVersion,
    /// The data is all there is afterwards.
    OthersForgotten,
    /// The data is added to what was there.
    NothingRemoved,
    /// The document stays as it is.
    LinksOnly,
    /// The answer is the whole.
    AnswersWithAll,
    /// Each write is a change.
    NothingNewBumps,
    /// The data is looked at before the version.
    InvalidBeforeStale,
    /// What says nothing new is acknowledged, whatever version it names.
    SameBeforeStale,
    /// The part is merged into the whole that was compared, and that is written in a second step.
    MergedIntoStale(Between),
}

/// The provider of which one thing is wrong.
pub(crate) struct Parts {
    inner: InMemoryProvider,
    wrong: Part,
}

impl Parts {
    pub(crate) fn with(wrong: Part) -> Self {
        Self {
            inner: InMemoryProvider::default(),
            wrong,
        }
    }

    /// What `target` says once `data` is written through `links`, and what it says before.
    async fn merged(
        &self,
        target: Target<'_>,
        mut data: Value,
        links: &LinkSelection,
    ) -> Option<(VersionedResource, Value)> {
        let current = target.get(&self.inner).await.ok()??;
        let new = members(&data);
        let mut kept = members(&current.to_json());
        kept.retain(|member| !is_selected(links, member) && !new.contains(member));
        data["members"] = [kept, new]
            .concat()
            .iter()
            .map(|id| json!({ "value": id }))
            .collect();
        Some((current, data))
    }
}

fn members(resource: &Value) -> Vec<String> {
    let members = resource["members"].as_array().into_iter().flatten();
    let id = |member: &Value| member["value"].as_str().map(str::to_owned);
    members.filter_map(id).collect()
}

/// All that is written here.
fn says(resource: &Value) -> (Vec<String>, &Value) {
    let mut members = members(resource);
    members.sort_unstable();
    (members, &resource["displayName"])
}

fn is_selected(links: &LinkSelection, member: &str) -> bool {
    match links {
        LinkSelection::All => true,
        LinkSelection::Of(keys) => keys.contains(&LinkKey::new("members", member)),
        LinkSelection::None | LinkSelection::AtMost(_) => false,
    }
}

fn is_group(data: &Value) -> bool {
    data["displayName"].is_string()
}

#[async_trait]
impl Flaw for Parts {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.inner
    }

    fn has_parts(&self) -> bool {
        true
    }

    async fn get_part(&self, target: Target<'_>, view: &View) -> Found {
        let all = View::whole();
        let view = if self.wrong == Part::ShowsAll {
            &all
        } else {
            view
        };
        let found = Whole(&self.inner).get_part(target, view).await?;
        Ok(found.map(|part| match self.wrong {
            Part::OwnVersion => part.refresh(),
            _ => part,
        }))
    }

    async fn update_part(
        &self,
        target: Target<'_>,
        data: Value,
        links: &LinkSelection,
        expected: &ScimVersion,
    ) -> Updated {
        let whole = Whole(&self.inner);
        match self.wrong {
            Part::OthersForgotten => target.update(&self.inner, data, expected).await,
            Part::NothingRemoved => {
                whole
                    .update_part(target, data, &LinkSelection::None, expected)
                    .await
            }
            Part::LinksOnly => {
                let view = View::document();
                let mut data = data;
                if let Some(part) = whole.get_part(target, &view).await? {
                    data["displayName"] = part.to_json()["displayName"].clone();
                }
                whole.update_part(target, data, links, expected).await
            }
            Part::AnswersWithAll => {
                let written = whole.update_part(target, data, links, expected).await?;
                let read = target.get(&self.inner).await?;
                Ok(match read {
                    Some(read) if written.is_success() => ConditionalResult::Success(read),
                    _ => written,
                })
            }
            Part::NothingNewBumps => {
                // There and back again.
                let mut other = data.clone();
                other["displayName"] = "something else".into();
                match whole.update_part(target, other, links, expected).await? {
                    ConditionalResult::Success(between) => {
                        whole
                            .update_part(target, data, links, between.version())
                            .await
                    }
                    refused => Ok(refused),
                }
            }
            Part::InvalidBeforeStale if !is_group(&data) => Ok(ConditionalResult::NotFound),
            Part::SameBeforeStale => {
                let merged = self.merged(target, data.clone(), links).await;
                match merged {
                    Some((current, merged)) if says(&merged) == says(&current.to_json()) => {
                        Ok(ConditionalResult::Success(current))
                    }
                    _ => whole.update_part(target, data, links, expected).await,
                }
            }
            Part::MergedIntoStale(between) => {
                let Some((current, merged)) = self.merged(target, data.clone(), links).await else {
                    return Ok(ConditionalResult::NotFound);
                };
                if current.version() != expected {
                    let current = current.version().clone();
                    let (resource_type, id) = (target.resource_type, target.id);
                    return Ok(VersionConflict::new(resource_type, id, expected, current).into());
                }
                between.steps().await;
                let _ = target.overwrite(&self.inner, merged).await?;
                // What is shown is right.
                let view = View::document().with_links(links.clone());
                let shown = whole.get_part(target, &view).await?;
                Ok(shown.map_or(ConditionalResult::NotFound, ConditionalResult::Success))
            }
            _ => whole.update_part(target, data, links, expected).await,
        }
    }
}

/// What a flaw does that has none.
struct Whole<'a>(&'a InMemoryProvider);

impl Whole<'_> {
    async fn get_part(&self, target: Target<'_>, view: &View) -> Found {
        use scim_provider::PartialProvider;
        let (resource_type, id) = (target.resource_type, target.id);
        self.0
            .get_part(resource_type, id, view, target.context)
            .await
    }

    async fn update_part(
        &self,
        target: Target<'_>,
        data: Value,
        links: &LinkSelection,
        expected: &ScimVersion,
    ) -> Updated {
        use scim_provider::PartialProvider;
        let (resource_type, id) = (target.resource_type, target.id);
        self.0
            .conditional_update_part(resource_type, id, data, links, expected, target.context)
            .await
    }
}
