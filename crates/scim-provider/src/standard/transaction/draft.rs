use std::collections::BTreeMap;

use scim_version::ScimVersion;

use crate::storage::{
    Change, Content, Link, LinkKey, LinkSelection, Record, ResourceKey, Selection, Stamp, Stored,
    Write, WriteOp,
};

/// What a transaction has made of one record.
#[derive(Debug, Clone)]
pub(super) enum Draft {
    /// The store has none yet.
    Created(Created),
    /// The store has it in another state.
    Changed(Changed),
    /// The store has it still, in this version.
    Deleted { expected: ScimVersion },
    /// Created and deleted again: for the store it has never been.
    Undone,
}

/// A record that is to be created.
#[derive(Debug, Clone)]
pub(super) struct Created {
    stamp: Stamp,
    content: Content,
    links: BTreeMap<LinkKey, Link>,
}

/// What is to become of a record that the store has.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    /// The version that the store has, and must have still when all is committed.
    expected: ScimVersion,
    stamp: Stamp,
    content: Option<Content>,
    /// What comes is there, what goes is `None`.
    links: BTreeMap<LinkKey, Option<Link>>,
}

impl Draft {
    /// The version that the record has within the transaction, if there is one.
    pub(super) const fn version(&self) -> Option<&ScimVersion> {
        match self {
            Self::Created(Created { stamp, .. }) | Self::Changed(Changed { stamp, .. }) => {
                Some(&stamp.version)
            }
            Self::Deleted { .. } | Self::Undone => None,
        }
    }

    /// What `op`, whose condition holds, makes of a record that the transaction has not
    /// written before.
    pub(super) fn first(op: WriteOp) -> Self {
        match op {
            WriteOp::Create(record) => Self::Created(Created::of(record)),
            WriteOp::Update { expected, change } => Self::Changed(Changed {
                expected,
                stamp: change.stamp.clone(),
                content: None,
                links: BTreeMap::new(),
            })
            .changed(change),
            WriteOp::Delete { expected } => Self::Deleted { expected },
        }
    }

    /// What `op`, whose condition holds, makes of it.
    pub(super) fn then(self, op: WriteOp) -> Self {
        match (self, op) {
            (_, WriteOp::Create(record)) => Self::Created(Created::of(record)),
            (draft, WriteOp::Update { change, .. }) => draft.changed(change),
            (Self::Changed(Changed { expected, .. }), WriteOp::Delete { .. }) => {
                Self::Deleted { expected }
            }
            (Self::Created(_), WriteOp::Delete { .. }) => Self::Undone,
            (gone @ (Self::Deleted { .. } | Self::Undone), WriteOp::Delete { .. }) => gone,
        }
    }

    fn changed(mut self, change: Change) -> Self {
        match &mut self {
            Self::Created(created) => {
                created.stamp = change.stamp;
                if let Some(content) = change.content {
                    created.content = content;
                }
                for key in &change.remove_links {
                    created.links.remove(key);
                }
                let added = change.add_links.into_iter();
                created
                    .links
                    .extend(added.map(|link| (link.key.clone(), link)));
            }
            Self::Changed(changed) => {
                changed.stamp = change.stamp;
                if change.content.is_some() {
                    changed.content = change.content;
                }
                let removed = change.remove_links.into_iter().map(|key| (key, None));
                let added = change.add_links.into_iter();
                changed.links.extend(removed);
                changed
                    .links
                    .extend(added.map(|link| (link.key.clone(), Some(link))));
            }
            Self::Deleted { .. } | Self::Undone => {}
        }
        self
    }

    /// The content that the transaction gave the record, if it gave it one.
    pub(super) const fn content(&self) -> Option<&Content> {
        match self {
            Self::Created(created) => Some(&created.content),
            Self::Changed(changed) => changed.content.as_ref(),
            Self::Deleted { .. } | Self::Undone => None,
        }
    }

    /// Whether `selection` selects the record at `key`, as far as that is known without
    /// the store's own links; `in_store` says whether it selects what the store has.
    pub(super) fn is_selected(
        &self,
        key: &ResourceKey,
        selection: &Selection,
        in_store: bool,
    ) -> Option<bool> {
        let stamp = match self {
            Self::Created(Created { stamp, .. }) | Self::Changed(Changed { stamp, .. }) => stamp,
            Self::Deleted { .. } | Self::Undone => return Some(false),
        };
        let by_content =
            |has: &dyn Fn(&Content) -> bool| Some(self.content().map_or(in_store, has));
        match selection {
            Selection::All => Some(true),
            Selection::Unique(unique) => {
                by_content(&|content| content.unique_keys.contains(unique))
            }
            Selection::Indexed(entry) => by_content(&|content| content.index.contains(entry)),
            Selection::Ids(ids) => Some(ids.contains(key.id())),
            Selection::Modified(range) => Some(range.contains(stamp.last_modified)),
            Selection::Linked(links) => match self {
                Self::Created(created) => {
                    Some(links.iter().any(|link| created.links.contains_key(link)))
                }
                Self::Changed(_) | Self::Deleted { .. } | Self::Undone => None,
            },
        }
    }

    /// What is to be asked of the store to show the links of `selection`.
    pub(super) fn needed(&self, selection: &LinkSelection) -> LinkSelection {
        match (selection, self) {
            // Those that go must not be missing at the end.
            (LinkSelection::AtMost(most), Self::Changed(changed)) => {
                let touched = u32::try_from(changed.links.len()).unwrap_or(u32::MAX);
                LinkSelection::AtMost(most.saturating_add(touched))
            }
            _ => selection.clone(),
        }
    }

    /// The record as the transaction sees it, `base` being what the store has.
    pub(super) fn stored(
        &self,
        key: &ResourceKey,
        selection: &LinkSelection,
        base: Option<Stored>,
    ) -> Option<Stored> {
        match self {
            Self::Created(created) => Some(created.stored(key, selection)),
            Self::Changed(changed) => base.map(|base| changed.stored(selection, base)),
            Self::Deleted { .. } | Self::Undone => None,
        }
    }

    /// The write that makes the store have it.
    pub(super) fn into_write(self, key: ResourceKey) -> Option<Write> {
        match self {
            Self::Created(created) => {
                let links = created.links.into_values().collect();
                let record = Record::new(created.stamp, created.content, links);
                Some(Write::create(key, record))
            }
            Self::Changed(changed) => {
                let (mut remove, mut add) = (Vec::new(), Vec::new());
                for (link, change) in changed.links {
                    match change {
                        Some(link) => add.push(link),
                        None => remove.push(link),
                    }
                }
                let mut change = Change::new(changed.stamp).with_links(remove, add);
                change.content = changed.content;
                Some(Write::update(key, changed.expected, change))
            }
            Self::Deleted { expected } => Some(Write::delete(key, expected)),
            Self::Undone => None,
        }
    }
}

impl Created {
    fn of(record: Record) -> Self {
        let links = record.links.into_iter();
        Self {
            stamp: record.stamp,
            content: record.content,
            links: links.map(|link| (link.key.clone(), link)).collect(),
        }
    }

    fn stored(&self, key: &ResourceKey, selection: &LinkSelection) -> Stored {
        let links = match selection {
            LinkSelection::None => Vec::new(),
            LinkSelection::All => self.links.values().cloned().collect(),
            LinkSelection::AtMost(most) => self.links.values().take(size(*most)).cloned().collect(),
            LinkSelection::Of(keys) => {
                let links = self.links.iter();
                links
                    .filter(|(key, _)| keys.contains(key))
                    .map(|(_, link)| link.clone())
                    .collect()
            }
        };
        let document = self.content.document.clone();
        Stored::new(key.clone(), self.stamp.clone(), document, links)
            .with_hidden(self.content.hidden.clone())
    }
}

impl Changed {
    fn stored(&self, selection: &LinkSelection, mut base: Stored) -> Stored {
        base.stamp = self.stamp.clone();
        base.may_be_target = true;
        if let Some(content) = &self.content {
            base.document = content.document.clone();
            base.hidden.clone_from(&content.hidden);
        }
        let selects = |key: &LinkKey| match selection {
            LinkSelection::None => false,
            LinkSelection::All | LinkSelection::AtMost(_) => true,
            LinkSelection::Of(keys) => keys.contains(key),
        };
        let links = std::mem::take(&mut base.links).into_iter();
        let mut links: BTreeMap<_, _> = links.map(|link| (link.key.clone(), link)).collect();
        for (key, change) in self.links.iter().filter(|(key, _)| selects(key)) {
            match change {
                Some(link) => links.insert(key.clone(), link.clone()),
                None => links.remove(key),
            };
        }
        base.links = links.into_values().collect();
        if let LinkSelection::AtMost(most) = selection {
            base.links.truncate(size(*most));
        }
        base
    }
}

fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
