use std::borrow::Cow;

use scim_provider::Timestamp;
use scim_provider::storage::Selection;

use crate::dialect::Dialect;
use crate::key;
use crate::row::Arg;
use crate::table::Table;

/// The records of a [`Selection`], as a query of their ids. `$1` and `$2` are scope and type.
pub(super) struct Chosen<'a> {
    ids: Ids,
    args: Args<'a>,
}

/// How the ids are found.
enum Ids {
    /// By a condition on records.
    Where(String),
    /// By a query.
    Query(String),
}

enum Args<'a> {
    None,
    Keys([Cow<'a, [u8]>; 2]),
    Key([&'a str; 2]),
    Table(Table),
    Times([i64; 2]),
}

impl<'a> Chosen<'a> {
    /// `first` is the number of its first parameter; there are at most two.
    pub(super) fn of(dialect: Dialect, selection: &'a Selection, first: u8) -> Self {
        let (one, two) = (format!("${first}"), format!("${}", first + 1));
        let of_type = "scope = $1 AND resource_type = $2";
        match selection {
            Selection::All => Self {
                ids: Ids::Where(of_type.to_owned()),
                args: Args::None,
            },
            Selection::Unique(unique) => Self {
                ids: Ids::Query(format!(
                    "SELECT id FROM scim_unique_keys \
                     WHERE {of_type} AND name = {one} AND value = {two}"
                )),
                args: Args::Keys([key::indexed(&unique.name), key::indexed(&unique.value)]),
            },
            Selection::Indexed(entry) => Self {
                ids: Ids::Query(format!(
                    "SELECT id FROM scim_index_entries \
                     WHERE {of_type} AND attribute = {one} AND value = {two}"
                )),
                args: Args::Keys([key::indexed(&entry.attribute), key::indexed(&entry.value)]),
            },
            Selection::Linked(links) => match links.as_slice() {
                [link] => Self {
                    ids: Ids::Query(format!(
                        "SELECT id FROM scim_links \
                         WHERE {of_type} AND attribute = {one} AND target = {two}"
                    )),
                    args: Args::Key([&*link.attribute, &*link.target]),
                },
                links => {
                    let rows = links.iter().map(|link| {
                        [
                            Some(link.attribute.as_bytes()),
                            Some(link.target.as_bytes()),
                        ]
                    });
                    Self {
                        ids: Ids::Query(format!(
                            "SELECT DISTINCT l.id FROM {} k {} scim_links l \
                             ON l.scope = $1 AND l.resource_type = $2 \
                             AND l.target = {} AND l.attribute = {}",
                            dialect.table(first, &["a", "b"]),
                            dialect.join(),
                            dialect.field("b"),
                            dialect.field("a")
                        )),
                        args: Args::Table(Table::of(rows)),
                    }
                }
            },
            Selection::Ids(ids) => {
                let mut ids: Vec<_> = ids.iter().map(|id| id.as_str()).collect();
                ids.sort_unstable();
                ids.dedup();
                Self {
                    ids: Ids::Query(format!(
                        "SELECT r.id FROM {} k {} scim_records r{} \
                         ON r.scope = $1 AND r.resource_type = $2 AND r.id = {}",
                        dialect.table(first, &["a"]),
                        dialect.join(),
                        dialect.by_key(),
                        dialect.field("a")
                    )),
                    args: Args::Table(Table::of(ids.iter().map(|id| [Some(id.as_bytes())]))),
                }
            }
            Selection::Modified(range) => Self {
                ids: Ids::Where(format!(
                    "{of_type} AND modified >= {one} AND modified <= {two}"
                )),
                args: Args::Times([
                    range.from.map_or(i64::MIN, Timestamp::as_micros),
                    range.to.map_or(i64::MAX, Timestamp::as_micros),
                ]),
            },
        }
    }

    pub(super) fn ids(&self) -> Cow<'_, str> {
        self.ids_by("")
    }

    /// The same ids, to be counted.
    pub(super) fn counted(&self, dialect: Dialect) -> Cow<'_, str> {
        self.ids_by(dialect.index_to_count())
    }

    fn ids_by(&self, index: &str) -> Cow<'_, str> {
        match &self.ids {
            Ids::Where(condition) => {
                format!("SELECT id FROM scim_records{index} WHERE {condition}").into()
            }
            Ids::Query(query) => query.into(),
        }
    }

    pub(super) fn args(&self) -> Vec<Arg<'_>> {
        match &self.args {
            Args::None => Vec::new(),
            Args::Keys(keys) => keys.iter().map(|key| key.as_ref().into()).collect(),
            Args::Key(key) => key.iter().map(|part| (*part).into()).collect(),
            Args::Table(table) => vec![Arg::Table(table.text())],
            Args::Times(times) => times.iter().map(|time| (*time).into()).collect(),
        }
    }
}
