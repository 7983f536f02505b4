use std::io::Write as _;

use http::{HeaderMap, Response, StatusCode};
use scim_ops::provider::Cursor;

use super::json_response;
use crate::ScimBody;

/// Where a page is in its list (RFC 7644 §3.4.2.4, RFC 9865 §2).
#[derive(Debug, Default)]
pub(crate) struct Pagination<'a> {
    pub(crate) start_index: Option<u64>,
    pub(crate) next_cursor: Option<&'a Cursor>,
    pub(crate) previous_cursor: Option<&'a Cursor>,
}

/// A `ListResponse` (RFC 7644 §3.4.2) that is being written, one resource after the other.
///
/// `Resources` is always there: clients that go through it need not ask first.
#[derive(Debug)]
pub(crate) struct ListResponse {
    json: Vec<u8>,
    shown: usize,
}

impl ListResponse {
    /// A page out of `total` resources, for which there will probably be `capacity` octets.
    pub(crate) fn new(total: u64, capacity: usize) -> Self {
        let mut json = Vec::with_capacity(256 + capacity);
        write!(
            json,
            concat!(
                r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"#,
                r#""totalResults":{},"Resources":["#
            ),
            total,
        )
        .expect("writing to memory can't fail");
        Self { json, shown: 0 }
    }

    /// Shows the resource that `write` appends.
    pub(crate) fn push(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        if self.shown > 0 {
            self.json.push(b',');
        }
        write(&mut self.json);
        self.shown += 1;
    }

    /// How many octets the response has so far.
    pub(crate) const fn len(&self) -> usize {
        self.json.len()
    }

    /// How many resources it has so far.
    pub(crate) const fn shown(&self) -> usize {
        self.shown
    }

    /// 200 with what was shown, which is at this place.
    pub(crate) fn finish(mut self, place: &Pagination<'_>) -> Response<ScimBody> {
        // Last, because only now it is known.
        write!(self.json, r#"],"itemsPerPage":{}"#, self.shown)
            .expect("writing to memory can't fail");
        if let Some(index) = place.start_index {
            write!(self.json, r#","startIndex":{index}"#).expect("writing to memory can't fail");
        }
        for (name, cursor) in [
            ("nextCursor", place.next_cursor),
            ("previousCursor", place.previous_cursor),
        ] {
            if let Some(cursor) = cursor {
                // Cursors are made of characters that JSON does not escape.
                write!(self.json, r#","{name}":"{cursor}""#).expect("writing to memory can't fail");
            }
        }
        self.json.push(b'}');
        json_response(StatusCode::OK, HeaderMap::with_capacity(4), self.json)
    }
}
