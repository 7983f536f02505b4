//! What is kept of versions that are replaced, and what is forgotten.

mod texts;

use std::collections::BTreeMap;

use scim_provider::Timestamp;
use scim_provider::storage::{
    Change, Commit, Link, LinkKey, ResourceKey, Retention, Write, WriteOp,
};
use scim_provider::version::ScimVersion;

use super::check::key_fits;
use super::judge::{Current, ROWS};
use super::{Committer, record_and};
use crate::fault::Fault;
use crate::key;
use crate::row::{Arg, Column, text};
use crate::session::Session;
use crate::table::Table;
use crate::undo::Undo;

pub(super) use texts::Texts;

/// What becomes of the links of each record, for the way back.
pub(super) type Undos<'a> = BTreeMap<&'a ResourceKey, Undo>;

/// The former versions of a scope, as long as its lock is held.
struct Scope<'a> {
    name: &'a str,
    octets: i64,
    turns: i64,
}

impl Committer {
    /// How the links of records come to be what they were, if that is to be kept; looked up before
    /// they change.
    pub(super) async fn undos<'a>(
        &self,
        session: &mut impl Session,
        commit: &'a Commit,
    ) -> Result<Undos<'a>, Fault> {
        let mut undos = BTreeMap::new();
        if commit.retention.is_none() {
            return Ok(undos);
        }
        for write in &commit.writes {
            if let WriteOp::Update { change, .. } = &write.op {
                let before = self.links_before(session, write, change).await?;
                undos.insert(&write.key, Undo::of(before, &change.add_links));
            }
        }
        Ok(undos)
    }

    /// The links of a record that `change` names.
    async fn links_before(
        &self,
        session: &mut impl Session,
        write: &Write,
        change: &Change,
    ) -> Result<BTreeMap<LinkKey, Link>, Fault> {
        let added = change.add_links.iter().map(|link| &link.key);
        let mut keys: Vec<_> = change.remove_links.iter().chain(added).collect();
        keys.retain(|key| key_fits(key));
        keys.sort_unstable();
        keys.dedup();
        let columns = [Column::Octets; 4];
        let mut links = BTreeMap::new();
        for some in keys.chunks(ROWS) {
            let rows = some
                .iter()
                .map(|key| [Some(key.attribute.as_bytes()), Some(key.target.as_bytes())]);
            let table = Table::of(rows);
            let args = record_and(write, Arg::Table(table.text()));
            let links_of = &self.texts.links_of;
            for mut row in session.rows(links_of, &args, &columns).await? {
                let key = LinkKey::new(row.text()?, row.text()?);
                let detail = row.octets()?;
                let reference = row.optional()?.map(text).transpose()?;
                links.insert(key.clone(), Link::new(key, reference, detail));
            }
        }
        Ok(links)
    }

    /// Keeps what `commit` has replaced, forgets what was kept of what it has deleted, and drops
    /// what is too much by now.
    ///
    /// Comes last in a transaction: from here on it has the past of the whole scope for itself, and
    /// waits for nobody any more.
    pub(super) async fn keep(
        &self,
        session: &mut impl Session,
        commit: &Commit,
        current: &BTreeMap<&ResourceKey, Current>,
        mut undos: Undos<'_>,
    ) -> Result<(), Fault> {
        let concerns = |write: &&Write| match write.op {
            WriteOp::Create(_) => false,
            WriteOp::Update { .. } => commit.retention.is_some(),
            WriteOp::Delete { .. } => current.get(&write.key).is_some_and(|is| is.has_past),
        };
        let writes: Vec<_> = commit.writes.iter().filter(concerns).collect();
        let Some(first) = writes.first() else {
            return Ok(());
        };
        let mut scope = self
            .lock_past(session, key::scope(first.key.scope()))
            .await?;
        let mut now = None;
        for write in writes {
            match (&write.op, commit.retention) {
                (WriteOp::Update { change, .. }, Some(retention)) => {
                    now = now.max(Some(change.stamp.last_modified));
                    if let Some(current) = current.get(&write.key) {
                        let undo = undos.remove(&write.key).unwrap_or_default();
                        let state = State::of(write, change, current, undo);
                        self.keep_one(session, &mut scope, &state, retention)
                            .await?;
                    }
                }
                _ => self.forget(session, &mut scope, &write.key).await?,
            }
        }
        if let (Some(retention), Some(now)) = (commit.retention, now) {
            self.trim(session, &mut scope, retention, now).await?;
        }
        let texts = &self.texts.former;
        let args: [Arg<'_>; 3] = [scope.name.into(), scope.octets.into(), scope.turns.into()];
        session.execute(&texts.set_totals, &args).await?;
        Ok(())
    }

    /// Waits for whoever else changes the past of the scope.
    async fn lock_past<'a>(
        &self,
        session: &mut impl Session,
        name: &'a str,
    ) -> Result<Scope<'a>, Fault> {
        let texts = &self.texts.former;
        let columns = [Column::Integer; 2];
        for _ in 0..2 {
            let rows = session
                .rows(&texts.totals, &[name.into()], &columns)
                .await?;
            if let Some(mut row) = rows.into_iter().next() {
                let (octets, turns) = (row.integer()?, row.integer()?);
                return Ok(Scope {
                    name,
                    octets,
                    turns,
                });
            }
            match session.execute(&texts.begin_totals, &[name.into()]).await {
                // Somebody else may have been quicker.
                Ok(_) | Err(Fault::Taken) => {}
                Err(fault) => return Err(fault),
            }
        }
        Err(Fault::overtaken())
    }

    /// Puts `state` at the end of its record's past, which is kept without gaps or not at all.
    async fn keep_one(
        &self,
        session: &mut impl Session,
        scope: &mut Scope<'_>,
        state: &State<'_>,
        retention: Retention,
    ) -> Result<(), Fault> {
        let texts = &self.texts.former;
        let [name, resource_type, id] = key::record(state.key);
        let versions = i64::from(retention.versions());
        let columns = [Column::Octets, Column::Integer, Column::Integer];
        let args = [name, resource_type, id, versions.into()];
        let rows = session.rows(&texts.newest, &args, &columns).await?;
        let octets = state.octets();
        let fits = versions > 0 && u64::try_from(octets).is_ok_and(|n| n <= retention.octets());
        let mut nth = 0;
        if let Some(mut row) = rows.into_iter().next() {
            let leads_to = row.version()?;
            let (newest, too_many) = (row.integer()?, row.integer()?);
            // Somebody may have written it without keeping anything.
            if !fits || leads_to != state.current.version {
                self.forget(session, scope, state.key).await?;
            } else {
                nth = newest + 1;
                if too_many > 0 {
                    let args = [name, resource_type, id, (nth - versions).into()];
                    session.execute(&texts.forget_up_to, &args).await?;
                    scope.octets -= too_many;
                }
            }
        }
        if !fits {
            return Ok(());
        }
        let (Some(rest), version) = (&state.current.rest, &state.current.version) else {
            return Ok(());
        };
        scope.turns += 1;
        scope.octets += octets;
        let args = [
            name,
            resource_type,
            id,
            nth.into(),
            scope.turns.into(),
            version.as_str().into(),
            state.next.as_str().into(),
            rest.created.into(),
            rest.modified.into(),
            state.replaced.as_micros().into(),
            octets.into(),
            state.document().into(),
            state.links.as_deref().into(),
        ];
        session.execute(&texts.insert, &args).await?;
        Ok(())
    }

    /// Forgets all that is kept of a record.
    async fn forget(
        &self,
        session: &mut impl Session,
        scope: &mut Scope<'_>,
        key: &ResourceKey,
    ) -> Result<(), Fault> {
        let texts = &self.texts.former;
        let named = key::record(key);
        let columns = [Column::Integer];
        let rows = session.rows(&texts.octets, &named, &columns).await?;
        if let Some(mut row) = rows.into_iter().next() {
            scope.octets -= row.integer()?;
        }
        session.execute(&texts.forget, &named).await?;
        Ok(())
    }

    /// Drops the oldest of the scope as long as they are too much or too old.
    async fn trim(
        &self,
        session: &mut impl Session,
        scope: &mut Scope<'_>,
        retention: Retention,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let texts = &self.texts.former;
        let most = i64::try_from(retention.octets()).unwrap_or(i64::MAX);
        let columns = [Column::Integer; 3];
        while scope.octets > most || retention.age().is_some() {
            let name: Arg<'_> = scope.name.into();
            let rows = session.rows(&texts.oldest, &[name], &columns).await?;
            let mut last = None;
            let mut is_enough = rows.is_empty();
            for mut row in rows {
                let (turn, octets, replaced) = (row.integer()?, row.integer()?, row.integer()?);
                let replaced = Timestamp::from_micros(replaced)
                    .map_err(|error| Fault::Broken(Box::new(error)))?;
                if scope.octets <= most && !retention.is_over(replaced, now) {
                    is_enough = true;
                    break;
                }
                scope.octets -= octets;
                last = Some(turn);
            }
            if let Some(last) = last {
                let args = [name, last.into()];
                session.execute(&texts.drop_up_to, &args).await?;
            }
            if is_enough {
                break;
            }
        }
        Ok(())
    }
}

/// A version that an update replaces.
struct State<'a> {
    key: &'a ResourceKey,
    current: &'a Current,
    next: &'a ScimVersion,
    replaced: Timestamp,
    /// Whether the next version has a document of its own.
    is_other: bool,
    links: Option<Vec<u8>>,
}

impl<'a> State<'a> {
    /// What a row and its entries in indexes take beside what is counted, about.
    const OVERHEAD: usize = 256;

    fn of(write: &'a Write, change: &'a Change, current: &'a Current, undo: Undo) -> Self {
        Self {
            key: &write.key,
            current,
            next: &change.stamp.version,
            replaced: change.stamp.last_modified,
            is_other: change.content.is_some(),
            links: undo.into_octets(),
        }
    }

    /// What is stored of its document: nothing if the next version has the same.
    fn document(&self) -> Option<&[u8]> {
        let rest = self.current.rest.as_ref().filter(|_| self.is_other)?;
        Some(&rest.document)
    }

    /// What it takes.
    fn octets(&self) -> i64 {
        let [scope, resource_type, id] = [
            key::scope(self.key.scope()),
            self.key.resource_type(),
            self.key.id().as_str(),
        ]
        .map(str::len);
        // In the row, in its key, and some of it in the other index.
        let key = 2 * (scope + resource_type + id) + scope;
        let versions = self.current.version.as_str().len() + self.next.as_str().len();
        let document = self.document().map_or(0, <[u8]>::len);
        let links = self.links.as_ref().map_or(0, Vec::len);
        let all = Self::OVERHEAD + key + versions + document + links;
        i64::try_from(all).unwrap_or(i64::MAX)
    }
}
