use http::Method;
use scim_tests::rounds;

use crate::scene::{CLIENTS, ROUNDS, Scene, add, remove};

/// Half of the members of the first turn are taken out while those of the second are put in.
#[test]
fn patches_without_a_version_all_survive_at_the_first_try() {
    let scene = Scene::new(1);
    let answers = rounds(ROUNDS, CLIENTS, |round, n| {
        let client = scene.client();
        let message = if n % 2 == 0 {
            add(scene.user(1, round, n))
        } else {
            remove(scene.user(0, round, n))
        };
        client
            .send_json(Method::PATCH, &scene.group, &[], &message)
            .status
    });
    for status in answers.into_iter().flatten() {
        assert!(matches!(status, 200 | 204), "{status}");
    }
    let mut expected = scene.users(0);
    for round in 0..ROUNDS {
        for n in 0..CLIENTS {
            if n % 2 == 0 {
                expected.insert(scene.user(1, round, n).to_owned());
            } else {
                expected.remove(scene.user(0, round, n));
            }
        }
    }
    assert_eq!(scene.members(), expected);
}

#[test]
fn eight_clients_add_a_member_each_and_all_are_there() {
    let scene = Scene::new(0);
    let answers = rounds(ROUNDS, CLIENTS, |round, n| {
        let headers: &[_] = if n % 2 == 0 {
            &[("prefer", "return=minimal")]
        } else {
            &[]
        };
        let message = add(scene.user(0, round, n));
        let client = scene.client();
        let answer = client.send_json(Method::PATCH, &scene.group, headers, &message);
        // Whatever the answer shows, the tag is that of the resource.
        assert!(answer.header("etag").is_some(), "{answer:?}");
        answer.status
    });
    for round in answers {
        for (n, status) in round.into_iter().enumerate() {
            assert_eq!(status, if n % 2 == 0 { 204 } else { 200 });
        }
    }
    assert_eq!(scene.members(), scene.users(0));
}

#[test]
fn of_patches_that_name_one_version_one_is_done() {
    let scene = Scene::new(0);
    let client = scene.client();
    let mut expected = scene.members();
    for round in 0..ROUNDS {
        let tag = client.get(&scene.group).etag().to_owned();
        let answers = scim_tests::race(CLIENTS, |n| {
            let headers = [("if-match", tag.as_str())];
            let message = add(scene.user(0, round, n));
            let client = scene.client();
            client
                .send_json(Method::PATCH, &scene.group, &headers, &message)
                .status
        });
        let won: Vec<_> = (0..CLIENTS).filter(|n| answers[*n] == 200).collect();
        let lost = answers.iter().filter(|status| **status == 412).count();
        assert_eq!((won.len(), lost), (1, CLIENTS - 1), "{answers:?}");
        expected.insert(scene.user(0, round, won[0]).to_owned());
        assert_eq!(scene.members(), expected);
    }
}
