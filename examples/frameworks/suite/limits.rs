use std::io::{Read, repeat};

use ureq::SendBody;

use crate::server::Server;

const SCIM: [(&str, &str); 1] = [("content-type", "application/scim+json")];

/// A server that has not read all of a request ends the connection.
const LAST: [(&str, &str); 2] = [SCIM[0], ("connection", "close")];

pub(crate) fn a_body_beyond_the_limit_is_refused(server: &Server) {
    let users = "/scim/v2/Users";
    let of_length = |length: usize| {
        let frame = r#"{"userName":"a","title":""}"#;
        let filler = "x".repeat(length - frame.len());
        format!(r#"{{"userName":"a","title":"{filler}"}}"#)
    };
    let limit = 64 * 1024;
    server
        .send("POST", users, &LAST, of_length(limit + 1))
        .scim_error(413);
    // Nor is its length believed, or waited for.
    let endless = &mut repeat(b' ').take(100 * 1024);
    let endless = SendBody::from_reader(endless);
    server.send("POST", users, &LAST, endless).scim_error(413);
    assert_eq!(server.get(users, &[]).json()["totalResults"], 0);
    let fits = server.send("POST", users, &SCIM, of_length(limit));
    assert_eq!(fits.status, 201, "{}", fits.status);
}

pub(crate) fn a_precondition_beyond_the_limit_is_refused(server: &Server) {
    let (url, tag) = server.user("bjensen");
    let named = vec!["\"0123456789\""; 1_000].join(",");
    for method in ["PUT", "DELETE"] {
        let refused = server.send(method, &url, &[SCIM[0], ("if-match", &named)], "{}");
        refused.scim_error(431);
    }
    assert_eq!(server.get(&url, &[]).header("etag"), tag);
}
