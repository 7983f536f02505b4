use serde_json::json;

use crate::server::Server;

pub(crate) fn each_error_is_one_of_scim(server: &Server) {
    let (url, _) = server.user("bjensen");
    let users = "/scim/v2/Users";
    let user = json!({ "userName": "BJensen" });
    assert_eq!(
        server.scim("POST", users, &[], &user).scim_error(409),
        "uniqueness"
    );
    let no_name = json!({ "title": "a" });
    assert_eq!(
        server.scim("POST", users, &[], &no_name).scim_error(400),
        "invalidValue"
    );
    let scim = [("content-type", "application/scim+json")];
    let no_json = server.send("POST", users, &scim, "{");
    assert_eq!(no_json.scim_error(400), "invalidSyntax");
    let text = [("content-type", "text/plain")];
    server.send("POST", users, &text, "{}").scim_error(415);
    server
        .get(users, &[("accept", "text/html")])
        .scim_error(406);
    server.get("/scim/v2/Users/none", &[]).scim_error(404);
    server.get("/scim/v2/Nothing", &[]).scim_error(404);
    let filter = server.get("/scim/v2/Users?filter=userName%20eq", &[]);
    assert_eq!(filter.scim_error(400), "invalidFilter");
    let wrong = server.send("POST", &url, &scim, "{}");
    wrong.scim_error(405);
    assert!(wrong.header("allow").contains("PUT"), "{wrong:?}");
}

pub(crate) fn parameters_arrive_as_they_were_sent(server: &Server) {
    server.user("müller & söhne");
    server.user("bjensen");
    let filter = "userName%20eq%20%22m%C3%BCller%20%26%20s%C3%B6hne%22&attributes=userName";
    let found = server.get(&format!("/scim/v2/Users?filter={filter}"), &[]);
    assert_eq!(found.json()["totalResults"], 1, "{found:?}");
    assert_eq!(found.json()["Resources"][0]["userName"], "müller & söhne");
    let page = server
        .get("/scim/v2/Users?startIndex=2&count=1", &[])
        .json();
    assert_eq!(
        (&page["totalResults"], &page["startIndex"]),
        (&json!(2), &json!(2))
    );
    let none = server.get("/scim/v2/Users?", &[]);
    assert_eq!(none.json()["totalResults"], 2);
}
