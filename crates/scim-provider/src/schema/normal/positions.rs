use super::NormalForm;
use crate::storage::Link;

/// Where in its list a client gave each of the links, for errors only: two forms that differ
/// in nothing else are equal.
#[derive(Clone, Default)]
pub(crate) struct Positions(Vec<usize>);

impl PartialEq for Positions {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Positions {
    /// Takes `links`, in whatever order, apart.
    pub(super) fn unzip(links: Vec<(Link, usize)>) -> (Vec<Link>, Self) {
        let (links, positions) = links.into_iter().unzip();
        (links, Self(positions))
    }
}

impl NormalForm {
    /// The path, such as `members[3]`, of the link that a client gave first, among those that
    /// stand `at` these places.
    pub(crate) fn first_path(&self, at: &[usize]) -> String {
        let links = at.iter().filter_map(|at| {
            let attribute = &self.links.get(*at)?.key.attribute;
            Some((attribute, self.positions.0.get(*at)?))
        });
        match links.min() {
            Some((attribute, position)) => format!("{attribute}[{position}]"),
            None => String::new(),
        }
    }

    /// Removes the links that stand `at` these places, in ascending order.
    pub(crate) fn remove_links(&mut self, at: &[usize]) {
        let is_kept = || {
            let mut places = 0..;
            move || {
                places
                    .next()
                    .is_none_or(|place| at.binary_search(&place).is_err())
            }
        };
        let mut links = is_kept();
        self.links.retain(|_| links());
        let mut positions = is_kept();
        self.positions.0.retain(|_| positions());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::schema::{NormalForm, ResourceTypes, UnknownAttributes};

    fn group(members: serde_json::Value) -> NormalForm {
        let types = ResourceTypes::rfc7643();
        let group = json!({ "displayName": "g", "members": members });
        let group = types
            .get("Group")
            .unwrap()
            .normalise(group, UnknownAttributes::Refuse);
        group.unwrap()
    }

    #[test]
    fn a_link_is_known_by_where_the_client_gave_it() {
        let mut form = group(json!([{ "value": "c" }, { "value": "a" }, { "value": "b" }]));
        // The links stand in the order a, b, c.
        assert_eq!(form.first_path(&[0]), "members[1]");
        assert_eq!(form.first_path(&[0, 1, 2]), "members[0]");
        form.remove_links(&[1]);
        assert_eq!(form.links.len(), 2);
        assert_eq!(form.first_path(&[1]), "members[0]");
        assert_eq!(form.first_path(&[0]), "members[1]");
    }

    #[test]
    fn positions_are_no_part_of_what_a_form_says() {
        let (a, b) = (json!({ "value": "a" }), json!({ "value": "b" }));
        assert!(group(json!([a, b])) == group(json!([b, a])));
    }
}
