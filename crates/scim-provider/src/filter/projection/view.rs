use super::Projector;
use crate::View;
use crate::schema::{Attribute, Mutability};
use crate::storage::LinkSelection;

impl Projector<'_> {
    /// As much of a resource as has to be read for what is shown of it.
    pub fn view(&self) -> View {
        if self.shows_all() {
            return View::whole();
        }
        let resource_type = self.resource_type();
        let links = if resource_type.links().any(|name| self.wants(name)) {
            LinkSelection::All
        } else {
            LinkSelection::None
        };
        // What a client can't set comes from other resources. The common attributes do not, and
        // are there in any case.
        let own = |attribute: &&Attribute| attribute.mutability() == Mutability::ReadOnly;
        let mut derived = resource_type.schema().attributes().iter().filter(own);
        View::document()
            .with_links(links)
            .with_derived(derived.any(|attribute| self.wants(attribute.name())))
    }
}

#[cfg(test)]
mod tests {
    use crate::filter::Projection;
    use crate::schema::ResourceTypes;
    use crate::storage::LinkSelection;
    use crate::{View, filter::FilterError};

    fn view(name: &str, projection: Result<Projection, FilterError>) -> View {
        let types = ResourceTypes::rfc7643();
        let resource_type = types.get(name).unwrap();
        resource_type.projector(&projection.unwrap()).view()
    }

    #[test]
    fn members_are_read_for_who_wants_them() {
        let links = |projection| view("Group", projection).links().clone();
        assert_eq!(links(Ok(Projection::default())), LinkSelection::All);
        for shown in ["members", "members.value", "displayName,Members.$ref"] {
            assert_eq!(links(Projection::parse_include(shown)), LinkSelection::All);
        }
        assert_eq!(
            links(Projection::parse_include("displayName")),
            LinkSelection::None
        );
        assert_eq!(
            links(Projection::parse_exclude("members")),
            LinkSelection::None
        );
        assert_eq!(
            links(Projection::parse_exclude("members.display")),
            LinkSelection::All
        );
    }

    #[test]
    fn groups_are_derived_for_who_wants_them() {
        let derived = |projection| view("User", projection).derived();
        assert!(derived(Ok(Projection::default())));
        assert!(derived(Projection::parse_include("groups.display")));
        assert!(derived(Projection::parse_exclude("emails")));
        assert!(!derived(Projection::parse_include("userName,emails")));
        assert!(!derived(Projection::parse_exclude("groups")));
    }
}
