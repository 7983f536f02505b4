use scim_provider::storage::LinkSelection;

use super::LINK;
use crate::dialect::Dialect;
use crate::row::Arg;
use crate::table::Table;

/// The links of a [`LinkSelection`], as a query of them.
pub(super) struct Links {
    dialect: Dialect,
    kind: Kind,
    /// The number of its parameter; there is at most one.
    parameter: u8,
}

enum Kind {
    None,
    All,
    Of(Table),
    AtMost(u32),
}

const COLUMNS: &str = "l.id, l.attribute, l.target, l.detail, l.reference";

impl Links {
    pub(super) fn of(dialect: Dialect, links: &LinkSelection, parameter: u8) -> Self {
        let kind = match links {
            LinkSelection::None | LinkSelection::AtMost(0) => Kind::None,
            LinkSelection::All => Kind::All,
            LinkSelection::AtMost(most) => Kind::AtMost(*most),
            LinkSelection::Of(keys) => {
                let mut keys: Vec<_> = keys
                    .iter()
                    .map(|key| (key.attribute.as_bytes(), key.target.as_bytes()))
                    .collect();
                keys.sort_unstable();
                keys.dedup();
                let rows = keys
                    .iter()
                    .map(|(attribute, target)| [Some(*attribute), Some(*target)]);
                Kind::Of(Table::of(rows))
            }
        };
        Self {
            dialect,
            kind,
            parameter,
        }
    }

    /// Those of the record that `$1`, `$2` and `$3` name.
    pub(super) fn of_key(&self) -> String {
        let named = "l.scope = $1 AND l.resource_type = $2 AND l.id = $3";
        let (link, zero) = (self.dialect.integer(LINK), self.dialect.integer(0));
        let parameter = self.parameter;
        match &self.kind {
            Kind::None => format!(
                "SELECT {link}, {COLUMNS}, {zero}, {zero} FROM scim_links l WHERE {named} AND false"
            ),
            Kind::All => {
                format!("SELECT {link}, {COLUMNS}, {zero}, {zero} FROM scim_links l WHERE {named}")
            }
            Kind::Of(_) => format!(
                "SELECT {link}, {COLUMNS}, {zero}, {zero} FROM {} k {} scim_links l \
                 ON {named} AND l.attribute = {} AND l.target = {}",
                self.dialect.table(parameter, &["a", "b"]),
                self.dialect.join(),
                self.dialect.field("a"),
                self.dialect.field("b")
            ),
            Kind::AtMost(_) => format!(
                "SELECT {link}, l.*, {zero}, {zero} FROM (SELECT {COLUMNS} FROM scim_links l \
                 WHERE {named} ORDER BY l.attribute, l.target LIMIT ${parameter}) l"
            ),
        }
    }

    /// Those of the records whose ids are in the table `page`, if any are wanted.
    pub(super) fn of_page(&self) -> Option<String> {
        let (link, zero) = (self.dialect.integer(LINK), self.dialect.integer(0));
        let join = self.dialect.join();
        let of_record = "l.scope = $1 AND l.resource_type = $2 AND l.id = p.id";
        let parameter = self.parameter;
        match &self.kind {
            Kind::None => None,
            Kind::All => Some(format!(
                "SELECT {link}, {COLUMNS}, {zero}, {zero} \
                 FROM page p {join} scim_links l ON {of_record}"
            )),
            Kind::Of(_) => Some(format!(
                "SELECT {link}, {COLUMNS}, {zero}, {zero} \
                 FROM page p {} {} k {join} scim_links l \
                 ON {of_record} AND l.attribute = {} AND l.target = {}",
                self.dialect.cross(),
                self.dialect.table(parameter, &["a", "b"]),
                self.dialect.field("a"),
                self.dialect.field("b"),
            )),
            Kind::AtMost(_) => Some(format!(
                "SELECT {link}, n.id, n.attribute, n.target, n.detail, n.reference, {zero}, {zero} \
                 FROM (SELECT {COLUMNS}, ROW_NUMBER() OVER \
                 (PARTITION BY l.id ORDER BY l.attribute, l.target) AS place \
                 FROM page p {join} scim_links l ON {of_record}) n WHERE n.place <= ${parameter}"
            )),
        }
    }

    pub(super) fn args(&self) -> Option<Arg<'_>> {
        match &self.kind {
            Kind::None | Kind::All => None,
            Kind::Of(table) => Some(Arg::Table(table.text())),
            Kind::AtMost(most) => Some(i64::from(*most).into()),
        }
    }
}
