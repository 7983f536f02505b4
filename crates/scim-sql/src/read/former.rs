use std::collections::BTreeMap;

use scim_provider::Timestamp;
use scim_provider::storage::{Former, Link, LinkKey, ResourceKey, Stored};
use scim_provider::version::ScimVersion;

use super::{LINK, RECORD, Reader};
use crate::dialect::Dialect;
use crate::fault::Fault;
use crate::key;
use crate::row::{Column, Row, stamp, text};
use crate::session::Session;
use crate::undo::Undo;

/// What a row is about, beside a record and a link.
const FORMER: u8 = 2;

/// The columns. Of a record they are its version and document; of a link its attribute, target,
/// detail and reference; of a former version its version and the next one, document, what became of
/// the links, its times, when it was replaced, and its place.
const COLUMNS: [Column; 9] = [
    Column::Integer,
    Column::Octets,
    Column::Octets,
    Column::Octets,
    Column::Octets,
    Column::Integer,
    Column::Integer,
    Column::Integer,
    Column::Integer,
];

/// What a record was, and how that came to be what it is.
#[derive(Default)]
struct Past {
    /// Version and document of what it is.
    current: Option<(ScimVersion, Vec<u8>)>,
    links: BTreeMap<LinkKey, Link>,
    /// From the version that is looked for on.
    states: BTreeMap<i64, State>,
}

struct State {
    version: ScimVersion,
    next: ScimVersion,
    document: Option<Vec<u8>>,
    undo: Undo,
    created: i64,
    modified: i64,
    replaced: i64,
}

impl Reader {
    /// The former version `version` of the record at `key`.
    pub(crate) async fn former(
        &self,
        session: &mut impl Session,
        key: &ResourceKey,
        version: &ScimVersion,
    ) -> Result<Option<Former>, Fault> {
        let [scope, resource_type, id] = key::record(key);
        let args = [scope, resource_type, id, version.as_str().into()];
        let rows = session.rows(&self.former, &args, &COLUMNS).await?;
        let mut past = Past::default();
        for row in rows {
            past.push(row)?;
        }
        past.former(key)
    }
}

impl Past {
    fn push(&mut self, mut row: Row) -> Result<(), Fault> {
        let part = row.integer()?;
        if part == i64::from(RECORD) {
            self.current = Some((row.version()?, row.octets()?));
        } else if part == i64::from(LINK) {
            let key = LinkKey::new(row.text()?, row.text()?);
            let detail = row.octets()?;
            let reference = row.optional()?.map(text).transpose()?;
            let link = Link::new(key.clone(), reference, detail);
            self.links.insert(key, link);
        } else {
            let state = State {
                version: row.version()?,
                next: row.version()?,
                document: row.optional()?,
                undo: Undo::from_octets(&row.optional()?.unwrap_or_default())?,
                created: row.integer()?,
                modified: row.integer()?,
                replaced: row.integer()?,
            };
            self.states.insert(row.integer()?, state);
        }
        Ok(())
    }

    /// The first of its states, if they lead to what the record is.
    fn former(mut self, key: &ResourceKey) -> Result<Option<Former>, Fault> {
        let (Some((current, document)), Some(newest)) =
            (self.current, self.states.values().next_back())
        else {
            return Ok(None);
        };
        // It may have been written since without keeping anything.
        if newest.next != current {
            return Ok(None);
        }
        let mut document = document;
        while let Some((_, state)) = self.states.pop_last() {
            document = state.document.unwrap_or(document);
            state.undo.apply(&mut self.links);
            if self.states.is_empty() {
                let replaced = Timestamp::from_micros(state.replaced)
                    .map_err(|error| Fault::Broken(Box::new(error)))?;
                let stamp = stamp(state.version, state.created, state.modified)?;
                let links = self.links.into_values().collect();
                let stored = Stored::new(key.clone(), stamp, document.into(), links);
                return Ok(Some(Former::new(stored, replaced)));
            }
        }
        Ok(None)
    }
}

/// The record that `$1`, `$2` and `$3` name with its links, and its former versions from `$4` on, of
/// which one has a document at most: that which has the same as `$4`.
pub(super) fn former_of_key(dialect: Dialect) -> String {
    let [record, link, former] = [RECORD, LINK, FORMER].map(|part| dialect.integer(part));
    let zero = dialect.integer(0);
    let of = |alias: &str| {
        format!("{alias}.scope = $1 AND {alias}.resource_type = $2 AND {alias}.id = $3")
    };
    let base = format!(
        "SELECT b.nth FROM scim_formers b WHERE {} AND b.version = $4",
        of("b")
    );
    let of_document = format!(
        "SELECT MIN(d.nth) FROM scim_formers d \
         WHERE {} AND d.nth >= ({base}) AND d.document IS NOT NULL",
        of("d")
    );
    format!(
        "SELECT {record} AS part, r.version, r.document, r.version, r.hidden, \
         r.created, r.modified, r.modified, r.modified FROM scim_records r WHERE {} \
         UNION ALL \
         SELECT {link}, l.attribute, l.target, l.detail, l.reference, \
         {zero}, {zero}, {zero}, {zero} FROM scim_links l WHERE {} AND EXISTS ({base}) \
         UNION ALL \
         SELECT {former}, f.version, f.next_version, \
         CASE WHEN f.nth = ({of_document}) THEN f.document END, f.links, \
         f.created, f.modified, f.replaced, f.nth FROM scim_formers f \
         WHERE {} AND f.nth >= ({base})",
        of("r"),
        of("l"),
        of("f")
    )
}
