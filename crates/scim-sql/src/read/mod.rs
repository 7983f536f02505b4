//! How a read becomes a statement: each is a single one, so that what it shows is one state.

mod former;
mod links;
mod selection;

use std::collections::BTreeMap;

use scim_provider::storage::{
    Link, LinkKey, LinkSelection, Query, RecordPage, ResourceKey, Start, Stored,
};

use crate::dialect::{Dialect, Statement};
use crate::fault::Fault;
use crate::key;
use crate::row::{Arg, Column, Row, stamp, text, version};
use crate::session::Session;

use links::Links;
use selection::Chosen;

/// Reads records in the words of one server.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    dialect: Dialect,
    record: Statement,
    record_and_links: Statement,
    former: Statement,
}

/// What a row is about.
const RECORD: u8 = 0;
const LINK: u8 = 1;
const TOTAL: u8 = 2;

/// The columns of every read. Of a record they are its version, document, whether links point to it
/// (nothing if none does), what is hidden, and its times; of a link its attribute, target, detail,
/// reference, and nothing.
const COLUMNS: [Column; 8] = [
    Column::Integer,
    Column::Octets,
    Column::Octets,
    Column::Octets,
    Column::Octets,
    Column::Octets,
    Column::Integer,
    Column::Integer,
];

impl Reader {
    pub(crate) fn new(dialect: Dialect) -> Self {
        let record = record_of_key(dialect);
        let links = links_of_key(dialect);
        Self {
            dialect,
            record: dialect.statement(&record),
            record_and_links: dialect.statement(&format!("{record} UNION ALL {links}")),
            former: dialect.statement(&former::former_of_key(dialect)),
        }
    }

    /// The record at `key` with the links that `links` selects.
    pub(crate) async fn get(
        &self,
        session: &mut impl Session,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, Fault> {
        let named = key::record(key);
        let rows = match links {
            LinkSelection::None => session.rows(&self.record, &named, &COLUMNS).await?,
            LinkSelection::All => {
                session
                    .rows(&self.record_and_links, &named, &COLUMNS)
                    .await?
            }
            LinkSelection::Of(_) | LinkSelection::AtMost(_) => {
                let links = Links::of(self.dialect, links, 4);
                let record = record_of_key(self.dialect);
                let some = links.of_key();
                let statement = self
                    .dialect
                    .statement(&format!("{record} UNION ALL {some}"));
                let mut args = named.to_vec();
                args.extend(links.args());
                session.rows(&statement, &args, &COLUMNS).await?
            }
        };
        let (records, _) = assembled(rows)?;
        let found = records.into_iter().next();
        found
            .map(|(_, found)| found.stored(key.clone()))
            .transpose()
    }

    /// The page that `query` wants.
    pub(crate) async fn page(
        &self,
        session: &mut impl Session,
        query: &Query,
    ) -> Result<RecordPage, Fault> {
        let scope = key::scope(&query.scope);
        // A type that can't be has no records.
        let Ok(key) = ResourceKey::new(query.scope.clone(), &query.resource_type, "-") else {
            return Ok(RecordPage::new(Vec::new(), 0));
        };
        let dialect = self.dialect;
        let chosen = Chosen::of(dialect, &query.selection, 6);
        let links = Links::of(dialect, &query.links, 8);
        let (chosen_ids, counted) = (chosen.ids(), chosen.counted(dialect));
        let after = match &query.start {
            Start::Offset(_) => "",
            Start::After(_) => " WHERE c.id > $5",
        };
        let page =
            format!("SELECT c.id FROM ({chosen_ids}) c{after} ORDER BY c.id LIMIT $3 OFFSET $4");
        let (empty, zero) = (dialect.empty(), dialect.integer(0));
        let record = dialect.integer(RECORD);
        let total = dialect.integer(TOTAL);
        let mut sql = format!(
            "WITH page AS ({page}) \
             SELECT {record} AS part, r.id, r.version, r.document, r.id, r.hidden, r.created, r.modified \
             FROM page p {} scim_records r{} \
             ON r.scope = $1 AND r.resource_type = $2 AND r.id = p.id \
             UNION ALL \
             SELECT {total}, {empty}, {empty}, {empty}, {empty}, {empty}, \
             (SELECT COUNT(*) FROM ({counted}) c), {zero}",
            dialect.join(),
            dialect.by_key()
        );
        if let Some(of_page) = links.of_page() {
            sql.push_str(" UNION ALL ");
            sql.push_str(&of_page);
        }
        let (offset, last) = match &query.start {
            Start::Offset(offset) => (i64::try_from(*offset).unwrap_or(i64::MAX), ""),
            Start::After(id) => (0, id.as_str()),
        };
        let mut args: Vec<Arg<'_>> = vec![
            scope.into(),
            query.resource_type.as_str().into(),
            i64::from(query.limit).into(),
            offset.into(),
            last.into(),
        ];
        args.extend(chosen.args());
        args.resize(7, Arg::Octets(None));
        args.extend(links.args());
        let rows = session
            .rows(&dialect.statement(&sql), &args, &COLUMNS)
            .await?;
        let (records, total) = assembled(rows)?;
        let records = records.into_iter().map(|(id, found)| {
            let id = text(id)?;
            let id = id.parse().map_err(|error| Fault::Broken(Box::new(error)))?;
            found.stored(key.with_id(id))
        });
        Ok(RecordPage::new(
            records.collect::<Result<_, Fault>>()?,
            total,
        ))
    }
}

fn record_of_key(dialect: Dialect) -> String {
    let record = dialect.integer(RECORD);
    format!(
        "SELECT {record} AS part, id, version, document, \
         (SELECT t.target FROM scim_links t WHERE t.scope = $1 AND t.target = $3 LIMIT 1) AS target, \
         hidden, created, modified \
         FROM scim_records WHERE scope = $1 AND resource_type = $2 AND id = $3"
    )
}

fn links_of_key(dialect: Dialect) -> String {
    let (link, zero) = (dialect.integer(LINK), dialect.integer(0));
    format!(
        "SELECT {link}, id, attribute, target, detail, reference, {zero}, {zero} \
         FROM scim_links WHERE scope = $1 AND resource_type = $2 AND id = $3"
    )
}

/// A record as its rows come in, in whatever order.
#[derive(Debug, Default)]
struct Found {
    record: Option<Head>,
    links: Vec<Link>,
}

#[derive(Debug)]
struct Head {
    version: Vec<u8>,
    document: Vec<u8>,
    may_be_target: bool,
    hidden: Option<Vec<u8>>,
    created: i64,
    modified: i64,
}

impl Found {
    fn stored(mut self, key: ResourceKey) -> Result<Stored, Fault> {
        let Some(head) = self.record else {
            return Err(Fault::unreadable("there are links of no record"));
        };
        self.links.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        let stamp = stamp(version(head.version)?, head.created, head.modified)?;
        let stored = Stored::new(key, stamp, head.document.into(), self.links);
        let stored = stored.with_may_be_target(head.may_be_target);
        Ok(stored.with_hidden(head.hidden.map(Into::into)))
    }
}

/// The records of these rows by id, and their total if it is among them.
fn assembled(rows: Vec<Row>) -> Result<(BTreeMap<Vec<u8>, Found>, u64), Fault> {
    let mut records: BTreeMap<Vec<u8>, Found> = BTreeMap::new();
    let mut total = 0;
    for mut row in rows {
        let part = row.integer()?;
        let id = row.octets()?;
        if part == i64::from(RECORD) {
            let (version, document) = (row.octets()?, row.octets()?);
            let may_be_target = row.optional()?.is_some();
            let hidden = row.optional()?;
            let (created, modified) = (row.integer()?, row.integer()?);
            records.entry(id).or_default().record = Some(Head {
                version,
                document,
                may_be_target,
                hidden,
                created,
                modified,
            });
        } else if part == i64::from(LINK) {
            let key = LinkKey::new(row.text()?, row.text()?);
            let detail = row.octets()?;
            let reference = row.optional()?.map(text).transpose()?;
            let link = Link::new(key, reference, detail);
            records.entry(id).or_default().links.push(link);
        } else {
            for _ in 0..4 {
                row.optional()?;
            }
            total = u64::try_from(row.integer()?)
                .map_err(|_| Fault::unreadable("a total is below zero"))?;
        }
    }
    Ok((records, total))
}
