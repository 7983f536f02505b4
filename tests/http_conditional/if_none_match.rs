//! `If-None-Match` on single resources.

use http::Method;

use crate::scene::{Scene, WRITES};

#[test]
fn a_read_of_what_the_client_has_is_not_modified() {
    let scene = Scene::new();
    let full = scene.send(Method::GET, &[]);
    let strong = scene.current.strip_prefix("W/").unwrap().to_owned();
    let list = format!("{}, {}", scene.stale, scene.current);
    for header in [scene.current.as_str(), &strong, &list, "*"] {
        for method in [Method::GET, Method::HEAD] {
            let answer = scene.send(method, &[("If-None-Match", header)]);
            assert_eq!((answer.status, answer.body.as_str()), (304, ""), "{header}");
            assert_eq!(answer.etag(), scene.current);
            assert_eq!(
                answer.header("content-location"),
                full.header("content-location")
            );
            assert_eq!(answer.header("content-type"), None);
        }
    }
}

#[test]
fn a_read_of_something_else_is_answered_in_full() {
    let scene = Scene::new();
    for header in [scene.stale.as_str(), "\"\"", "", "\"other\", W/\"another\""] {
        let answer = scene.send(Method::GET, &[("If-None-Match", header)]);
        assert_eq!(
            (answer.status, answer.etag()),
            (200, scene.current.as_str()),
            "{header}"
        );
        assert_eq!(
            scene
                .send(Method::HEAD, &[("If-None-Match", header)])
                .status,
            200
        );
    }
}

#[test]
fn a_write_to_what_must_not_be_current_fails() {
    let scene = Scene::new();
    let strong = scene.current.strip_prefix("W/").unwrap().to_owned();
    for header in [scene.current.as_str(), &strong, "*"] {
        for method in WRITES {
            scene.failed(&scene.send(method, &[("If-None-Match", header)]));
        }
    }
    for (method, status) in WRITES.into_iter().zip([200, 200, 204]) {
        let answer = scene.send(method, &[("If-None-Match", &scene.stale)]);
        assert_eq!(answer.status, status, "{answer:?}");
    }
}
