use std::sync::Arc;

use scim_provider::Timestamp;
use scim_provider::storage::Stamp;
use scim_provider::version::ScimVersion;

use crate::fault::Fault;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// Octets, or nothing.
    Octets,
    /// A number.
    Integer,
}

/// What a statement is given for one of its parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Arg<'a> {
    /// Octets, or nothing.
    Octets(Option<&'a [u8]>),
    /// A number.
    Integer(i64),
    /// The text of a [`Table`](crate::table::Table).
    Table(&'a str),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Octets(Some(text.as_bytes()))
    }
}

impl<'a> From<&'a [u8]> for Arg<'a> {
    fn from(octets: &'a [u8]) -> Self {
        Self::Octets(Some(octets))
    }
}

impl<'a> From<Option<&'a [u8]>> for Arg<'a> {
    fn from(octets: Option<&'a [u8]>) -> Self {
        Self::Octets(octets)
    }
}

impl From<i64> for Arg<'_> {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

/// One field of a [`Row`].
#[derive(Debug)]
pub(crate) enum Cell {
    Octets(Option<Vec<u8>>),
    Integer(i64),
}

/// What a server answered, column by column.
#[derive(Debug)]
pub(crate) struct Row(std::vec::IntoIter<Cell>);

impl Row {
    pub(crate) fn new(cells: Vec<Cell>) -> Self {
        Self(cells.into_iter())
    }

    /// All columns that were not taken.
    pub(crate) fn into_cells(self) -> Vec<Cell> {
        self.0.collect()
    }

    // Each takes the next column.

    pub(crate) fn integer(&mut self) -> Result<i64, Fault> {
        match self.0.next() {
            Some(Cell::Integer(integer)) => Ok(integer),
            _ => Err(Fault::unreadable("a column is no number")),
        }
    }

    pub(crate) fn optional(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        match self.0.next() {
            Some(Cell::Octets(octets)) => Ok(octets),
            _ => Err(Fault::unreadable("a column has no octets")),
        }
    }

    pub(crate) fn octets(&mut self) -> Result<Vec<u8>, Fault> {
        self.optional()?
            .ok_or_else(|| Fault::unreadable("a column is NULL"))
    }

    pub(crate) fn text(&mut self) -> Result<Arc<str>, Fault> {
        text(self.octets()?)
    }

    pub(crate) fn version(&mut self) -> Result<ScimVersion, Fault> {
        version(self.octets()?)
    }
}

pub(crate) fn text(octets: Vec<u8>) -> Result<Arc<str>, Fault> {
    String::from_utf8(octets)
        .map(Into::into)
        .map_err(|_| Fault::unreadable("a text is not UTF-8"))
}

pub(crate) fn version(octets: Vec<u8>) -> Result<ScimVersion, Fault> {
    ScimVersion::from_hash(text(octets)?).map_err(|error| Fault::Broken(Box::new(error)))
}

/// The stamp of a version and two numbers of microseconds.
pub(crate) fn stamp(version: ScimVersion, created: i64, modified: i64) -> Result<Stamp, Fault> {
    let time =
        |micros| Timestamp::from_micros(micros).map_err(|error| Fault::Broken(Box::new(error)));
    Ok(Stamp::new(version, time(created)?, time(modified)?))
}
