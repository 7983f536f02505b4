use crate::program::Program;

const FORWARDED: &str = "forwarded: for=192.0.2.1;proto=https;host=id.example";
const CUSTOMARY: [&str; 2] = ["x-forwarded-proto: https", "x-forwarded-host: id.example"];

fn location(scimd: &Program, lines: &[&str], name: &str) -> String {
    let body = format!(r#"{{"userName":"{name}"}}"#);
    let created = scimd.send("POST", "/scim/v2/Users", lines, &body);
    let shown = created.json()["meta"]["location"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(created.header("location"), Some(&*shown));
    shown
}

#[test]
fn a_trusted_proxy_says_where_clients_are() {
    let scimd = Program::start(&["--trusted-proxy", "127.0.0.0/8", "--trusted-proxy", "::1"]);
    let url = "https://id.example/scim/v2/Users/";
    for (name, lines) in [("a", &[FORWARDED][..]), ("b", &CUSTOMARY)] {
        let location = location(&scimd, lines, name);
        assert!(location.starts_with(url), "{location}");
    }
    let location = location(&scimd, &["x-forwarded-host: a/b\"><x>"], "c");
    assert!(
        location.starts_with("http://localhost/scim/v2/Users/"),
        "{location}"
    );
}

#[test]
fn a_stranger_does_not() {
    let scimd = Program::start(&["--trusted-proxy", "192.0.2.0/24"]);
    for (name, lines) in [("a", &[FORWARDED][..]), ("b", &CUSTOMARY)] {
        let location = location(&scimd, lines, name);
        assert!(
            location.starts_with("http://localhost/scim/v2/Users/"),
            "{location}"
        );
    }
}
