//! How resources are shown to agents.

use scim_ops::provider::filter::{Projection, Projector};
use scim_ops::provider::storage::LinkSelection;
use scim_ops::provider::{ResourceProvider, VersionedResource, View};
use scim_ops::{OpError, Operation, Outcome, Preconditions, ScimOperationRequest};
use serde_json::{Map, Value, json};

use super::Subject;
use crate::arguments::Arguments;
use crate::call::Call;
use crate::failure::{Failure, Kind};

/// `attributes` and `excluded_attributes`.
pub(super) fn projection(arguments: &mut Arguments) -> Result<Projection, Failure> {
    let (included, excluded) = ("attributes", "excluded_attributes");
    match (arguments.paths(included)?, arguments.paths(excluded)?) {
        (None, None) => Ok(Projection::default()),
        (Some(paths), None) => Ok(Projection::include(paths)),
        (None, Some(paths)) => Ok(Projection::exclude(paths)),
        (Some(_), Some(_)) => Err(Failure::argument(
            &arguments.place(excluded),
            "excludes attributes",
        )),
    }
}

/// `expected_version` as a precondition.
pub(super) fn expected(
    arguments: &mut Arguments,
    required: bool,
) -> Result<Preconditions, Failure> {
    let name = "expected_version";
    match arguments.version(name)? {
        Some(version) => Ok(Preconditions::new().with_if_match(version)),
        None if required => Err(arguments.missing(name).then(
            "read the resource, and pass the version that it is shown with; nothing was changed",
        )),
        None => Ok(Preconditions::new()),
    }
}

/// `expected_version`, and with `merge` the version that the change was made to: what others have changed since is
/// then merged with it.
pub(super) fn expected_or_base(
    arguments: &mut Arguments,
    required: bool,
) -> Result<Preconditions, Failure> {
    if !arguments.flag("merge")? {
        return expected(arguments, required);
    }
    let name = "expected_version";
    let base = arguments.version(name)?;
    let base = base.ok_or_else(|| {
        let next_step =
            "merging takes the version that your change was made to; nothing was changed";
        arguments.missing(name).then(next_step)
    })?;
    Ok(Preconditions::new().with_merge_base(base))
}

/// What every answer about one resource says.
pub(super) fn identified(resource: &VersionedResource) -> Map<String, Value> {
    let mut answer = Map::new();
    let (shown, version) = (resource.resource(), resource.version());
    answer.insert("resource_type".into(), shown.resource_type().into());
    if let Some(id) = shown.id() {
        answer.insert("id".into(), id.into());
    }
    answer.insert("version".into(), version.as_str().into());
    answer
}

impl<P: ResourceProvider> Call<'_, P> {
    /// The resource as JSON.
    pub(crate) fn json(&self, resource: &VersionedResource, projector: &Projector<'_>) -> Vec<u8> {
        let mut json = Vec::with_capacity(2048);
        resource.write_projected(&mut json, &self.config().base_url, projector);
        json
    }

    /// The resource with id and version.
    pub(super) fn shown(
        &self,
        resource: &VersionedResource,
        projector: &Projector<'_>,
    ) -> Result<(Map<String, Value>, usize), Failure> {
        let json = self.json(resource, projector);
        let document: Value = serde_json::from_slice(&json).map_err(|_| self.unexpected())?;
        let mut answer = identified(resource);
        answer.insert("resource".into(), document);
        Ok((answer, json.len()))
    }

    /// The answer to a change that left `resource`, which is shown if it is whole and not too
    /// large.
    pub(super) fn changed(
        &self,
        of: &Subject,
        resource: &VersionedResource,
        whole: bool,
    ) -> Result<Map<String, Value>, Failure> {
        if whole && self.is_small(resource) {
            let projector = self.resource_type(of).projector(&Projection::default());
            let (shown, length) = self.shown(resource, &projector)?;
            if length <= self.config().limits.answer() {
                return Ok(shown);
            }
        }
        let mut answer = identified(resource);
        answer.insert(
            "note".into(),
            format!(
                "not shown, because it may be large; get_{} shows it",
                of.one
            )
            .into(),
        );
        Ok(answer)
    }

    fn is_small(&self, resource: &VersionedResource) -> bool {
        let most = self.config().limits.answer_links();
        u32::try_from(resource.resource().link_count()).is_ok_and(|links| links <= most)
    }

    /// How the refusal of a write to the resource `id` is shown: a conflict with what the resource says now,
    /// so that an agent can decide anew at once.
    pub(super) async fn refused(&self, of: &Subject, id: &str, error: &OpError) -> Failure {
        let failure = self.failure(of, error);
        let merged = failure.kind() == Kind::MergeConflict;
        if failure.kind() != Kind::VersionConflict && !merged {
            return failure;
        }
        match self.present(of, id).await {
            // Version and document are of one state, which may be later than the one that refused.
            Ok(Some((version, document))) if merged => failure
                .with("current_version", version)
                .with("current", document)
                .then("nothing was changed. Decide each of `conflicts`: keep `theirs`, or set `mine` if you know that it is right; if you don't, ask whoever wanted the change. Put that and the rest of your change into `current`, and call again with expected_version set to `current_version`"),
            Ok(Some((version, document))) => failure
                .with("current_version", version)
                .with("current", document)
                .then(format!(
                    "nothing was changed. Compare `current` with what you had read. If your change still makes sense, make it to `current` and call again with expected_version set to `current_version`; if `current` already says it, there is nothing to do; if the two contradict each other, ask whoever wanted the change. Use patch_{} to change single attributes",
                    of.one
                )),
            Ok(None) => failure,
            Err(gone) => self.failure(of, &gone),
        }
    }

    /// What the resource says now, if that is not too large.
    async fn present(&self, of: &Subject, id: &str) -> Result<Option<(String, Value)>, OpError> {
        // One more tells whether there are more.
        let links = LinkSelection::AtMost(self.config().limits.answer_links().saturating_add(1));
        let view = View::whole().with_links(links);
        let request = ScimOperationRequest::new(
            &*of.resource_type,
            Operation::Get { id: id.into() },
            self.context.clone(),
        )
        .with_view(view);
        let outcome = self
            .handler()
            .handle_operation(request)
            .await?
            .into_outcome();
        let Outcome::Found(resource) = outcome else {
            return Ok(None);
        };
        let projector = self.resource_type(of).projector(&Projection::default());
        let json = self.json(&resource, &projector);
        if !self.is_small(&resource) || json.len() > self.config().limits.answer() {
            return Ok(None);
        }
        let document = serde_json::from_slice(&json).unwrap_or_else(|_| json!({}));
        Ok(Some((resource.version().as_str().into(), document)))
    }
}
