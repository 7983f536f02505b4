use http::Method;
use scim_tests::Scimd;
use scim_tests::databases::Store;
use scim_tests::on_every_store;
use serde_json::json;

use crate::texts::texts;

const SCIMD: &str = env!("CARGO_BIN_EXE_scimd-under-test");

on_every_store!(tenants_do_not_touch_however_they_are_called);

/// Names of tenants: all texts that can be one, and others that are the same to some.
fn names() -> Vec<String> {
    let may_be = |text: &String| {
        text.len() <= 200 && !text.contains(|c: char| c.is_control() || c == '=' || c == ',')
    };
    let more = [
        "PLAIN", "Plain", "-", "_", "-/User", "single", "default", "null", "0", "É", "SS",
    ];
    let mut names: Vec<_> = texts().into_iter().filter(may_be).collect();
    names.extend(more.map(str::to_owned));
    names.sort();
    names.dedup();
    names
}

fn tenants_do_not_touch_however_they_are_called(store: Store) {
    let names = names();
    let token = |n: usize| format!("token-{n:0>40}");
    let tenants: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(n, name)| format!("--tenant={name}={}", token(n)))
        .collect();
    let mut args = vec!["--store", store.url()];
    args.extend(tenants.iter().map(String::as_str));
    let scimd = Scimd::start(SCIMD, &args);
    let client = scimd.client();
    let ask = |n: usize, method, target: &str, json: Option<&serde_json::Value>| {
        let bearer = format!("Bearer {}", token(n));
        let headers = [("authorization", bearer.as_str())];
        client.try_send(method, target, &headers, json).unwrap()
    };
    let user = |n: usize| json!({ "userName": "bjensen", "displayName": format!("of {n}") });
    let mut ids = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let created = ask(n, Method::POST, "/Users", Some(&user(n)));
        assert_eq!(created.status, 201, "{name:?}: {created:?}");
        ids.push(created.json()["id"].as_str().unwrap().to_owned());
    }
    for (n, name) in names.iter().enumerate() {
        for target in ["/Users", "/Users?filter=userName%20eq%20%22bjensen%22", "/"] {
            let list = ask(n, Method::GET, target, None).json();
            assert_eq!(list["totalResults"], 1, "{name:?}: {list}");
            assert_eq!(
                list["Resources"][0]["displayName"],
                format!("of {n}"),
                "{name:?}"
            );
        }
        let other = format!("/Users/{}", ids[(n + 1) % ids.len()]);
        assert_eq!(ask(n, Method::GET, &other, None).status, 404, "{name:?}");
        assert_eq!(ask(n, Method::DELETE, &other, None).status, 404, "{name:?}");
        let member = json!({ "value": ids[(n + 1) % ids.len()] });
        let group = json!({ "displayName": "g", "members": [member] });
        assert_eq!(
            ask(n, Method::POST, "/Groups", Some(&group)).status,
            400,
            "{name:?}"
        );
    }
    // Who has no tenants has none of theirs, whatever they are called.
    if store.url() != "memory" {
        scimd.stop();
        let scimd = Scimd::start(SCIMD, &["--store", store.url()]);
        assert_eq!(scimd.client().get("/Users").json()["totalResults"], 0);
        let created = scimd
            .client()
            .send_json(Method::POST, "/Users", &[], &user(0));
        assert_eq!(created.status, 201, "{created:?}");
    }
}
