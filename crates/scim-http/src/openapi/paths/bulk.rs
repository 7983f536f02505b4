//! `/Bulk`.

use http::StatusCode;
use serde_json::Value;

use super::{BULK, OF_CONTENT, OF_STORE, Paths};
use crate::openapi::messages;
use crate::openapi::responses::with_content;

impl Paths<'_> {
    pub(super) fn bulk(self) -> Value {
        let names = self.shared.names;
        let served = self.shared.served;
        let (request, response) = messages::bulk_example(&served.types).unzip();
        let done = with_content(
            names,
            "What became of each operation.",
            &[],
            &names.schema("BulkResponse"),
            response,
        );
        let mut statuses = Vec::new();
        if served.atomic {
            // The whole is refused like the operation that failed.
            statuses.extend([
                StatusCode::NOT_FOUND,
                StatusCode::CONFLICT,
                StatusCode::PRECONDITION_FAILED,
            ]);
            if served.version_required {
                statuses.push(StatusCode::PRECONDITION_REQUIRED);
            }
        } else {
            statuses.push(StatusCode::NOT_IMPLEMENTED);
        }
        let post = self
            .operation("send", BULK, BULK, "Several operations in one request")
            .described("Each has its own preconditions, in its `version`.")
            .reading(&names.schema("BulkRequest"), request)
            .answering(StatusCode::OK, done)
            .refusing(&statuses)
            .refusing(&OF_CONTENT)
            .refusing(&OF_STORE)
            .finish();
        self.item([
            ("post", post),
            ("options", self.options(BULK, BULK).finish()),
        ])
    }
}
