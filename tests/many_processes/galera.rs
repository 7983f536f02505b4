//! A `scimd` in front of each node of a cluster whose nodes come and go.

use http::Method;
use scim_tests::databases::{Galera, or_left_out};
use scim_tests::until;
use serde_json::json;

use crate::counter::Counter;
use crate::creates::race_for_names;
use crate::fleet::Fleet;
use crate::members::Club;

pub(crate) fn fleet_of(galera: &Galera) -> Fleet {
    let stores = galera.database("scim");
    let stores: Vec<_> = stores.iter().map(String::as_str).collect();
    // One after the other: a cluster makes tables at all nodes at once.
    Fleet::of(&stores)
}

/// Kills a node and starts it again, and then another one, while `work` is under way; whatever is left
/// of it goes on with all nodes.
fn while_nodes_are_killed(galera: &Galera, work: impl FnOnce() -> String + Send) {
    std::thread::scope(|scope| {
        let work = scope.spawn(work);
        for node in [0, 1] {
            galera.kill(node);
            galera.restart(node);
        }
        println!(
            "{}; twice a node was killed and came back",
            work.join().unwrap()
        );
    });
}

#[test]
#[ignore = "takes minutes: a cluster of three that loses nodes"]
fn nothing_is_lost_over_a_cluster_whose_nodes_are_killed() {
    let Some(galera) = or_left_out(Galera::start()) else {
        return;
    };
    let fleet = fleet_of(&galera);
    let counter = Counter::new(&fleet);
    while_nodes_are_killed(&galera, || counter.count(500).to_string());
    let club = Club::new(&fleet);
    while_nodes_are_killed(&galera, || club.grow());
    while_nodes_are_killed(&galera, || race_for_names(&fleet).to_string());
}

#[test]
#[ignore = "takes a minute: a cluster of three that loses its majority"]
fn a_node_without_a_majority_is_unavailable_until_it_has_one() {
    let Some(galera) = or_left_out(Galera::start()) else {
        return;
    };
    let fleet = fleet_of(&galera);
    let mut client = fleet.client(0);
    let user = client.create("/Users", &json!({ "userName": "bjensen" }));
    let location = format!("/Users/{}", user["id"].as_str().unwrap());
    let survivor = fleet.scimd(2).client();
    assert_eq!(survivor.get(&location).status, 200);

    galera.kill(0);
    // The other two are a majority, and go on.
    until("the majority serves", || {
        let read = survivor.try_send(Method::GET, &location, &[], None)?;
        (read.status == 200).then_some(())
    });
    galera.kill(1);
    let refused = until("it notices that it is alone", || {
        let read = survivor.get(&location);
        (read.status != 200).then_some(read)
    });
    assert_eq!(refused.status, 503, "{refused:?}");
    let put = json!({ "userName": "bjensen", "displayName": "new" });
    for (method, target, body) in [
        (Method::GET, location.as_str(), None),
        (Method::GET, "/Users", None),
        (Method::PUT, &location, Some(&put)),
        (Method::DELETE, &location, None),
        (Method::POST, "/Users", Some(&put)),
    ] {
        let answer = survivor.try_send(method, target, &[], body).unwrap();
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
    }

    galera.found_again(2);
    galera.restart(0);
    galera.restart(1);
    for n in 0..galera.nodes() {
        let client = fleet.scimd(n).client();
        let read = until("service is back", || {
            let read = client.try_send(Method::GET, &location, &[], None)?;
            (read.status == 200).then_some(read)
        });
        assert_eq!(read.json()["meta"]["version"], user["meta"]["version"]);
        assert_eq!(client.get("/Users").json()["totalResults"], 1);
    }
}
