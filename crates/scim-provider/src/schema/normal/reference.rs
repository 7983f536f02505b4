use super::fault::{Checked, Fault};
use crate::resource::ResourceErrorKind;
use crate::schema::Attribute;
use crate::schema::reference::Endpoints;

/// Refuses a `reference` that is none of what the `referenceTypes` of `attribute` allow (RFC 7643
/// §7): a resource of one of the types named, an absolute URI where they name `external`, any
/// URI where they name `uri` or nothing.
///
/// A reference that leads elsewhere is not for us to judge: where only types are named it may
/// be a resource of theirs at another service.
pub(super) fn check(attribute: &Attribute, endpoints: &Endpoints, reference: &str) -> Checked<()> {
    let blank = |c: char| c.is_whitespace() || c.is_control();
    if reference.contains(blank) {
        return Err(Fault::malformed("a URI: it has blanks in it"));
    }
    let types = attribute.reference_types();
    let names = |keyword: &str| types.iter().any(|name| name.eq_ignore_ascii_case(keyword));
    if types.is_empty() || names("uri") {
        return Ok(());
    }
    let target = endpoints.of_path(reference);
    if target.is_some_and(|target| names(&target.name)) {
        return Ok(());
    }
    if names("external") {
        return if is_absolute(reference) {
            Ok(())
        } else {
            Err(Fault::malformed("an absolute URI"))
        };
    }
    match target {
        Some(_) => Err(Fault::new(ResourceErrorKind::NotATarget)),
        None => Ok(()),
    }
}

/// Whether there is a scheme with something behind it (RFC 3986 §3.1, §4.3).
fn is_absolute(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, rest)| {
        let of_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(of_scheme)
            && !rest.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::ResourceTypes;

    fn refused(types: &[&str], reference: &str) -> Option<ResourceErrorKind> {
        let form = json!({ "name": "page", "type": "reference", "referenceTypes": types });
        let attribute: Attribute = serde_json::from_value(form).unwrap();
        let registry = ResourceTypes::rfc7643();
        let endpoints = registry.get("User").unwrap().endpoints();
        let checked = check(&attribute, endpoints, reference);
        checked
            .err()
            .map(|fault| crate::ResourceError::from(fault).kind().clone())
    }

    #[test]
    fn a_reference_leads_to_a_type_that_is_named_or_elsewhere() {
        for good in [
            "Users/1",
            "https://example.com/v2/Users/1",
            "https://example.com/people/1",
            "urn:x:1",
        ] {
            assert_eq!(refused(&["user"], good), None, "{good}");
        }
        for bad in ["Groups/1", "https://example.com/v2/Groups/1"] {
            let kind = refused(&["User"], bad);
            assert_eq!(kind, Some(ResourceErrorKind::NotATarget), "{bad}");
        }
    }

    #[test]
    fn what_is_external_has_a_scheme() {
        let external = &["external"];
        for good in [
            "https://example.com",
            "mailto:a@b",
            "urn:x:1",
            "x+y-1.0:z",
            "data:,é",
        ] {
            assert_eq!(refused(external, good), None, "{good}");
        }
        for bad in [
            "",
            "example.com",
            "/me",
            "//h/p",
            ":x",
            "1a:x",
            "https:",
            "é:x",
        ] {
            let kind = refused(external, bad);
            assert!(
                matches!(kind, Some(ResourceErrorKind::Malformed { .. })),
                "{bad}"
            );
        }
        assert_eq!(refused(&["external", "User"], "Users/1"), None);
        assert!(refused(&["external", "User"], "Groups/1").is_some());
        assert_eq!(refused(&["external", "User"], "https://h/Groups/1"), None);
    }

    #[test]
    fn a_uri_has_no_blanks() {
        for types in [&[][..], &["uri"], &["external"], &["User"]] {
            for bad in ["https://h/a b", "a\tb", "\u{0}", "a\u{a0}b", "a\n"] {
                assert!(refused(types, bad).is_some(), "{types:?} {bad:?}");
            }
        }
        for any in ["", "a", "../b", "https://h", "#c"] {
            assert_eq!(refused(&["uri", "external"], any), None, "{any}");
        }
    }
}
