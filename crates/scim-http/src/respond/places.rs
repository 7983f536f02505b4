use scim_ops::provider::filter::{Projection, Projector};
use scim_ops::provider::schema::ResourceType;
use scim_ops::provider::storage::LinkSelection;
use scim_ops::provider::{Page, VersionedResource, View};

use super::{ListResponse, RESOURCE_LENGTH};
use crate::BaseUrl;

/// Where the resources of a list are shown, which are of one type or of several.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    base_url: &'a BaseUrl,
    projectors: Vec<Projector<'a>>,
}

impl<'a> Places<'a> {
    /// Resources of these types under this URL, as much of them as `projection` leaves.
    pub(crate) fn new(
        base_url: &'a BaseUrl,
        types: impl IntoIterator<Item = &'a ResourceType>,
        projection: &Projection,
    ) -> Self {
        let types = types.into_iter();
        Self {
            base_url,
            projectors: types.map(|known| known.projector(projection)).collect(),
        }
    }

    /// As much of each resource as is needed to show it.
    pub(crate) fn view(&self) -> View {
        let mut view = View::document();
        for of_type in self.projectors.iter().map(Projector::view) {
            let derived = view.derived() || of_type.derived();
            if *of_type.links() != LinkSelection::None {
                view = view.with_links(of_type.links().clone());
            }
            view = view.with_derived(derived);
        }
        view
    }

    /// The resources of `page`, up to the one that passes `limit` octets; `None` if one of them
    /// is of another type than these.
    pub(crate) fn list(
        &self,
        page: &Page<VersionedResource>,
        limit: usize,
    ) -> Option<ListResponse> {
        let capacity = (RESOURCE_LENGTH * page.items.len()).min(limit);
        let mut list = ListResponse::new(page.total, capacity);
        for resource in &page.items {
            let projector = self.of(resource)?;
            list.push(|json| resource.write_projected(json, self.base_url.as_str(), projector));
            if list.len() > limit {
                break;
            }
        }
        Some(list)
    }

    fn of(&self, resource: &VersionedResource) -> Option<&Projector<'a>> {
        match &*self.projectors {
            [only] => Some(only),
            several => several.iter().find(|projector| {
                projector.resource_type().name() == resource.resource().resource_type()
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use scim_ops::provider::Resource;
    use scim_ops::provider::schema::ResourceTypes;
    use scim_ops::version::ScimVersion;
    use serde_json::{Value, json};

    use super::*;
    use crate::respond::Pagination;

    static BASE_URL: LazyLock<BaseUrl> =
        LazyLock::new(|| BaseUrl::parse("https://example.com/v2").unwrap());
    static TYPES: LazyLock<ResourceTypes> = LazyLock::new(ResourceTypes::default);

    fn places(names: &[&str]) -> Places<'static> {
        let types = names.iter().map(|name| TYPES.get(name).unwrap());
        Places::new(&BASE_URL, types, &Projection::default())
    }

    fn resource(resource_type: &str, id: &str) -> VersionedResource {
        let resource = Resource::from_json(resource_type.to_owned(), json!({ "id": id }));
        VersionedResource::with_version(resource.unwrap(), ScimVersion::from_revision(1))
    }

    fn users(ids: &[&str]) -> Vec<VersionedResource> {
        ids.iter().map(|id| resource("User", id)).collect()
    }

    fn json_of(list: ListResponse) -> Value {
        let response = list.finish(&Pagination::default());
        serde_json::from_slice(response.body().as_bytes()).unwrap()
    }

    #[test]
    fn a_list_has_resources_even_if_there_are_none() {
        for total in [0, 2] {
            let page = Page::new(Vec::new(), total, 1);
            let empty = json_of(places(&["User"]).list(&page, 1 << 20).unwrap());
            assert_eq!(
                (&empty["totalResults"], &empty["Resources"]),
                (&json!(total), &json!([]))
            );
        }
    }

    #[test]
    fn a_page_ends_with_the_resource_that_passes_the_limit() {
        let page = Page::new(users(&["1", "2", "3"]), 3, 1);
        let places = places(&["User"]);
        let length = places.list(&page, usize::MAX >> 1).unwrap().len();
        for (limit, shown) in [(0, 1), (length / 2, 2), (length, 3)] {
            let list = places.list(&page, limit).unwrap();
            assert_eq!(list.shown(), shown);
            let list = json_of(list);
            assert_eq!(
                (&list["itemsPerPage"], &list["totalResults"]),
                (&json!(shown), &json!(3)),
                "{limit}"
            );
            assert_eq!(list["Resources"].as_array().unwrap().len(), shown);
        }
    }

    #[test]
    fn each_resource_is_shown_under_the_endpoint_of_its_type() {
        let page = Page::new(vec![resource("User", "1"), resource("Group", "2")], 2, 1);
        let list = json_of(places(&["User", "Group"]).list(&page, 1 << 20).unwrap());
        for (at, path) in ["Users/1", "Groups/2"].into_iter().enumerate() {
            let meta = &list["Resources"][at]["meta"];
            assert_eq!(meta["location"], format!("https://example.com/v2/{path}"));
            assert_eq!(meta["version"], "W/\"1\"");
        }
    }

    #[test]
    fn a_type_that_was_not_asked_for_is_a_fault() {
        let page = Page::new(vec![resource("Robot", "1")], 1, 1);
        assert!(places(&["User", "Group"]).list(&page, 1 << 20).is_none());
    }

    #[test]
    fn as_much_is_read_as_any_of_the_types_needs() {
        let view = |names: &[&str], shown: &str| {
            let types = names.iter().map(|name| TYPES.get(name).unwrap());
            let projection = Projection::parse_include(shown).unwrap();
            Places::new(&BASE_URL, types, &projection).view()
        };
        let both = ["User", "Group"];
        assert_eq!(view(&both, "displayName"), View::document());
        assert_eq!(*view(&both, "members").links(), LinkSelection::All);
        assert!(!view(&both, "members").derived());
        assert!(view(&both, "groups").derived());
        assert_eq!(*view(&["User"], "members").links(), LinkSelection::None);
    }
}
