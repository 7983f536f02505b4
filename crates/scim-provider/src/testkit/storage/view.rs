use super::super::Failure;
use super::space::Space;
use crate::storage::{RecordPage, Selection};

/// Everything that can be seen of some records, to compare with later.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sight(Vec<RecordPage>);

/// What to look at.
#[derive(Debug, Clone, Default)]
pub(super) struct View(Vec<(&'static str, Selection)>);

impl View {
    /// All records of these types.
    pub(super) fn of(resource_types: &[&'static str]) -> Self {
        Self(
            resource_types
                .iter()
                .map(|kind| (*kind, Selection::All))
                .collect(),
        )
    }

    /// And this selection of them.
    pub(super) fn and(mut self, resource_type: &'static str, selection: Selection) -> Self {
        self.0.push((resource_type, selection));
        self
    }

    pub(super) async fn look(&self, space: &Space) -> Result<Sight, Failure> {
        let mut pages = Vec::with_capacity(self.0.len());
        for (resource_type, selection) in &self.0 {
            pages.push(space.select(resource_type, selection.clone()).await?);
        }
        Ok(Sight(pages))
    }

    /// Nothing looks different from `before`.
    pub(super) async fn unchanged(
        &self,
        space: &Space,
        what: &str,
        before: &Sight,
    ) -> Result<(), Failure> {
        space.same(what, &self.look(space).await?, before)
    }
}
