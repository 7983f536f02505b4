use std::collections::BTreeMap;

use crate::{Error, run};

/// The lines of each scenario, without what differs from run to run: the characters of
/// real versions.
async fn scenes() -> Result<BTreeMap<String, Vec<String>>, Error> {
    let mut out = Vec::new();
    run(&mut out).await?;
    let mut scenes = BTreeMap::new();
    for scene in String::from_utf8(out)?.split("\n\n") {
        let mut lines = scene.lines().map(without_versions);
        let title = lines.next().ok_or("a scene begins with its title")?;
        scenes.insert(title, lines.collect());
    }
    Ok(scenes)
}

/// `v1 [kJ3d0a…]` becomes `v1`.
fn without_versions(line: &str) -> String {
    let mut pieces = line.split(" [");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        text + piece.split_once("…]").map_or(piece, |(_, rest)| rest)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_is_played() -> Result<(), Error> {
    let titles: Vec<_> = scenes().await?.into_keys().collect();
    let expected = [
        "== Bulk ==",
        "== Mixed operations ==",
        "== Retry with backoff ==",
        "== Simultaneous updates ==",
        "== Tenants ==",
        "== The life of a version ==",
    ];
    assert_eq!(titles, expected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_simultaneous_updates_one_wins_and_both_survive() -> Result<(), Error> {
    let story = |winner: &str, loser: &str| {
        vec![
            "payroll and help desk read v1".to_owned(),
            format!("{winner} replaces v1 by v2"),
            format!("{loser} names v1, current is v2: refused, nothing written"),
            format!("{loser} reads v2, makes its change to that, and replaces it by v3"),
            "v3 has the title \"Tour Guide\"".to_owned(),
            "v3 has the nickName \"Babs\"".to_owned(),
        ]
    };
    let told = &scenes().await?["== Simultaneous updates =="];
    assert!(
        [story("payroll", "help desk"), story("help desk", "payroll")].contains(told),
        "{told:#?}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_version_within_a_bulk_refuses_its_operation_or_all() -> Result<(), Error> {
    assert_eq!(
        scenes().await?["== Bulk =="],
        [
            "bjensen is v1, jsmith is v2",
            "a rival replaces v2 by v3",
            "a bulk of two: v1 becomes v4; v2 is stale, current is v3",
            "all or nothing with v4 and v2: refused, v4 is still current",
            "all or nothing with v4 and v3: they become v5 and v6 in one step",
        ]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_retry_ends_in_a_version_of_its_own() -> Result<(), Error> {
    let told = &scenes().await?["== Retry with backoff =="];
    assert_eq!(
        told[0],
        "all 4 clients read v1 before the first of them writes"
    );
    let replaced: Vec<_> = told
        .iter()
        .filter_map(|line| line.split_once(" replaces "))
        .collect();
    let steps: Vec<_> = replaced.iter().map(|(_, step)| *step).collect();
    assert_eq!(steps, ["v1 by v2", "v2 by v3", "v3 by v4", "v4 by v5"]);
    let mut clients: Vec<_> = replaced.iter().map(|(client, _)| *client).collect();
    clients.sort_unstable();
    assert_eq!(clients, ["directory", "help desk", "payroll", "portal"]);
    // Three of four that read the same version meet the first.
    let met = told
        .iter()
        .filter(|line| line.contains(" names v1, "))
        .count();
    assert_eq!(met, 3);
    assert_eq!(
        told.last().map(String::as_str),
        Some("v5 has 4 e-mail addresses")
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn mixed_operations_have_one_winner_and_no_ghosts() -> Result<(), Error> {
    let told = &scenes().await?["== Mixed operations =="];
    let begin = [
        "8 clients create bjensen: one gets v1, 7 are told of the duplicate",
        "20 updates lead to v21; each read meanwhile shows one state whole, none older than the read before",
        "an update and a delete both name v21",
    ];
    let end = "a late update that names v21: not found";
    let deleted_first = ["the delete came first: gone; the update finds nothing"];
    let updated_first = [
        "the update came first: v22; the delete is refused",
        "the delete, decided on again, names v22: gone",
    ];
    let story = |middle: &[&'static str]| [&begin, middle, &[end]].concat();
    assert!(
        *told == story(&deleted_first) || *told == story(&updated_first),
        "{told:#?}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_follows_the_content_and_never_comes_back() -> Result<(), Error> {
    let told = &scenes().await?["== The life of a version =="];
    let expected = [
        "created: v1",
        "the same in other words: nothing changed, still v1",
        "another title: v2",
        "the first title again: v3",
        "read with If-None-Match: v3: not modified, still v3",
        "write with If-Match: v1: refused, current is v3",
        "write with If-Match: v1, v3: v4",
        "write with If-Match: *: v5",
        "If-Match: v5 without its quotes: missing opening quote at octet 0",
        "deleted with If-Match: v5: gone",
        "deleted again: not found",
        "created again, as another resource: v6",
    ];
    assert_eq!(*told, expected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_have_versions_of_their_own() -> Result<(), Error> {
    let told = &scenes().await?["== Tenants =="];
    let expected = [
        "bjensen is v1 at acme and v2 at globex",
        "acme replaces v1 by v3",
        "globex still reads v2",
        "globex deletes the user of acme, naming v3: not found",
    ];
    assert_eq!(*told, expected);
    Ok(())
}
