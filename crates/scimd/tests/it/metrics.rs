use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::thread;

use serde_json::json;

use crate::client::{Answer, request, send};
use crate::program::Program;

const ACME: &str = "acme-0123456789abcdef0123456789abcdef";
const BETA: &str = "beta-0123456789abcdef0123456789abcdef";

/// Clients that change one user without naming a version, and how often each does.
const RIVALS: usize = 8;
const CHANGES: usize = 25;

/// A program that shows its counts at an address of their own.
struct Counted {
    scimd: Program,
    metrics: SocketAddr,
}

impl Counted {
    fn start(args: &[&str]) -> Self {
        let own = ["--metrics-listen", "127.0.0.1:0"];
        let scimd = Program::start(&[&own, args].concat());
        let line = scimd.logged("metrics are shown");
        let (_, rest) = line.split_once("address=").expect("it says where");
        let metrics = rest.split(' ').next().unwrap().parse().unwrap();
        Self { scimd, metrics }
    }

    /// All that is shown, without the comments.
    fn shown(&self) -> BTreeMap<String, f64> {
        let answer = send(self.metrics, &request("GET", "/metrics", &[], ""));
        assert_eq!(answer.status, 200, "{answer:?}");
        let content_type = answer.header("content-type");
        assert_eq!(
            content_type,
            Some("text/plain; version=0.0.4; charset=utf-8")
        );
        series(&answer.body)
    }

    fn send(&self, tenant: &str, method: &str, path: &str, lines: &[&str], body: &str) -> Answer {
        let bearer = format!("authorization: Bearer {tenant}");
        let path = format!("/scim/v2{path}");
        let lines = [&[&*bearer], lines].concat();
        self.scimd.send(method, &path, &lines, body)
    }

    /// A new user of the tenant: its path and tag.
    fn user(&self, tenant: &str) -> (String, String) {
        let created = self.send(tenant, "POST", "/Users", &[], r#"{"userName":"bjensen"}"#);
        assert_eq!(created.status, 201, "{created:?}");
        let id = created.json()["id"].as_str().unwrap().to_owned();
        let tag = created.header("etag").unwrap().to_owned();
        (format!("/Users/{id}"), tag)
    }
}

fn series(text: &str) -> BTreeMap<String, f64> {
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').expect("a name and a value");
            (name.to_owned(), value.parse().expect("a number"))
        })
        .collect()
}

fn put(member: &str, value: &str) -> String {
    json!({ "userName": "bjensen", member: value }).to_string()
}

fn patch(path: &str, value: &str) -> String {
    let operation = json!({ "op": "add", "path": path, "value": value });
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation],
    })
    .to_string()
}

/// What has to be shown of writes of which none was tried again.
fn of_writes(resource_type: &str, tenant: &str, writes: u32) -> Vec<(String, f64)> {
    let labels = format!("resource_type=\"{resource_type}\",tenant=\"{tenant}\"");
    let writes = f64::from(writes);
    let mut all = vec![
        (format!("scim_writes_total{{{labels}}}"), writes),
        (format!("scim_retry_depth_sum{{{labels}}}"), 0.0),
        (format!("scim_retry_depth_count{{{labels}}}"), writes),
    ];
    for bound in ["0", "1", "2", "4", "8", "16", "32", "+Inf"] {
        all.push((
            format!("scim_retry_depth_bucket{{{labels},le=\"{bound}\"}}"),
            writes,
        ));
    }
    all
}

#[test]
fn a_scripted_load_is_counted_exactly_by_type_and_tenant() {
    let tenants = [format!("acme={ACME}"), format!("beta={BETA}")];
    let counted = Counted::start(&[
        "--tenant",
        &tenants[0],
        "--tenant",
        &tenants[1],
        "--keep-versions=4",
    ]);
    assert_eq!(counted.shown(), BTreeMap::new());

    let (path, first) = counted.user(ACME);
    let send = |method: &str, lines: &[&str], body: &str, status: u16| {
        let answer = counted.send(ACME, method, &path, lines, body);
        assert_eq!(answer.status, status, "{answer:?}");
        answer
    };
    let named = format!("if-match: {first}");
    let base = first.strip_prefix("W/").unwrap();
    let merging = format!("prefer: merge={base}");
    // Four writes, one of them merged, and two that were refused.
    send("PUT", &[&named], &put("title", "Guide"), 200);
    send("PATCH", &[], &patch("locale", "en-US"), 200);
    send("PUT", &[&named], &put("title", "Lead"), 412);
    send("PUT", &[&merging], &put("nickName", "Babs"), 200);
    let refused = send("PUT", &[&merging], &put("title", "Driver"), 412);
    send("GET", &[], "", 200);
    let last = format!("if-match: {}", refused.header("etag").unwrap());
    send("DELETE", &[&last], "", 204);
    send("PATCH", &[], &patch("title", "x"), 404);

    let group = counted.send(ACME, "POST", "/Groups", &[], r#"{"displayName":"Guides"}"#);
    let id = group.json()["id"].as_str().unwrap().to_owned();
    let of_group = format!("/Groups/{id}");
    let renamed = counted.send(ACME, "PATCH", &of_group, &[], &patch("displayName", "G"));
    assert_eq!(renamed.status, 200, "{renamed:?}");

    let (of_beta, tag) = counted.user(BETA);
    let change = json!({
        "method": "PUT", "path": of_beta, "version": tag,
        "data": { "userName": "bjensen", "title": "Guide" },
    });
    let bulk = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [change, change],
    });
    let answer = counted.send(BETA, "POST", "/Bulk", &[], &bulk.to_string());
    let statuses = answer.json()["Operations"].clone();
    assert_eq!(
        (&statuses[0]["status"], &statuses[1]["status"]),
        (&json!("200"), &json!("412"))
    );

    let mut expected = of_writes("User", "acme", 4);
    expected.extend(of_writes("Group", "acme", 1));
    expected.extend(of_writes("User", "beta", 1));
    let user = |tenant: &str| format!("resource_type=\"User\",tenant=\"{tenant}\"");
    let id_of = |path: &str| path.strip_prefix("/Users/").unwrap().to_owned();
    for (tenant, path, conflicts) in [("acme", &path, 2.0), ("beta", &of_beta, 1.0)] {
        let (labels, id) = (user(tenant), id_of(path));
        expected.push((format!("scim_conflicts_total{{{labels}}}"), conflicts));
        expected.push((
            format!("scim_contended_resource_conflicts{{{labels},id=\"{id}\"}}"),
            conflicts,
        ));
    }
    expected.push((format!("scim_merges_total{{{}}}", user("acme")), 1.0));
    assert_eq!(counted.shown(), expected.into_iter().collect());
}

/// How many conflicts there are is for the scheduler to say; but each is a retry, and each retry
/// belongs to a write.
#[test]
fn what_rivals_cost_adds_up() {
    let counted = Counted::start(&["--token", ACME]);
    let (path, _) = counted.user(ACME);
    let address = counted.scimd.address;
    let (path, bearer) = (
        format!("/scim/v2{path}"),
        format!("authorization: Bearer {ACME}"),
    );
    thread::scope(|scope| {
        for n in 0..RIVALS {
            let (path, bearer) = (&path, &bearer);
            scope.spawn(move || {
                for change in 0..CHANGES {
                    let body = patch("title", &format!("{n}.{change}"));
                    let answer = send(address, &request("PATCH", path, &[bearer], &body));
                    assert_eq!(answer.status, 200, "{answer:?}");
                }
            });
        }
    });
    let shown = counted.shown();
    let of = |name: &str| {
        let series = format!("{name}{{resource_type=\"User\",tenant=\"\"}}");
        shown.get(&series).copied().unwrap_or_default()
    };
    let writes = (RIVALS * CHANGES) as f64;
    assert_eq!(of("scim_writes_total"), writes);
    assert_eq!(of("scim_retry_depth_count"), writes);
    assert_eq!(of("scim_conflicts_total"), of("scim_retries_total"));
    assert_eq!(of("scim_retry_depth_sum"), of("scim_retries_total"));
    assert_eq!(of("scim_merges_total"), 0.0);
}

#[test]
fn without_an_address_of_their_own_counts_are_for_this_machine_alone() {
    let scimd = Program::start(&["--token", ACME]);
    let get = |lines: &[&str]| scimd.send("GET", "/metrics", lines, "");
    assert_eq!(get(&[]).status, 200);
    let bearer = format!("authorization: Bearer {ACME}");
    for foreign in [
        "host: scim.example",
        "via: 1.1 proxy",
        "x-forwarded-for: 10.0.0.1",
    ] {
        assert_eq!(get(&[foreign, &bearer]).status, 404, "{foreign}");
    }
    let post = scimd.send("POST", "/metrics", &[&bearer], "{}");
    assert_eq!(post.status, 404, "{post:?}");
}

#[test]
fn an_address_of_their_own_shows_nothing_else_and_is_the_only_one() {
    let counted = Counted::start(&["--token", ACME]);
    let bearer = format!("authorization: Bearer {ACME}");
    let beside = counted.scimd.send("GET", "/metrics", &[&bearer], "");
    assert_eq!(beside.status, 404, "{beside:?}");
    for path in ["/", "/scim/v2/Users", "/healthz", "/mcp", "/metrics/x"] {
        let answer = send(counted.metrics, &request("GET", path, &[&bearer], ""));
        assert_eq!(answer.status, 404, "{path}");
    }
    let post = send(counted.metrics, &request("POST", "/metrics", &[], "x"));
    assert_eq!(post.status, 405, "{post:?}");
    let anywhere = request("GET", "/metrics", &["host: metrics.example"], "");
    assert_eq!(send(counted.metrics, &anywhere).status, 200);
}
