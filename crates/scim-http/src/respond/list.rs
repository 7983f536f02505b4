use std::io::Write as _;

use http::{HeaderMap, Response, StatusCode};

use super::json_response;
use crate::ScimBody;

/// A `ListResponse` (RFC 7644 §3.4.2) that is being written, one resource after the other.
///
/// `Resources` is always there: clients that go through it need not ask first.
#[derive(Debug)]
pub(crate) struct ListResponse {
    json: Vec<u8>,
    shown: usize,
}

impl ListResponse {
    /// A page that begins with the resource `start_index` out of `total`, if it has a number, for
    /// which there will probably be `capacity` octets.
    pub(crate) fn new(total: u64, start_index: Option<u64>, capacity: usize) -> Self {
        const WRITTEN: &str = "writing to memory can't fail";
        let mut json = Vec::with_capacity(256 + capacity);
        write!(
            json,
            concat!(
                r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"#,
                r#""totalResults":{}"#
            ),
            total,
        )
        .expect(WRITTEN);
        if let Some(start_index) = start_index {
            write!(json, r#","startIndex":{start_index}"#).expect(WRITTEN);
        }
        json.extend_from_slice(br#","Resources":["#);
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

    /// 200 with what was shown.
    pub(crate) fn finish(mut self) -> Response<ScimBody> {
        // Last, because only now it is known.
        write!(self.json, r#"],"itemsPerPage":{}}}"#, self.shown)
            .expect("writing to memory can't fail");
        json_response(StatusCode::OK, HeaderMap::with_capacity(4), self.json)
    }
}
