use super::{Arrangement, Criteria, Entry};
use crate::schema::ResourceType;
use crate::{ListQuery, Page, ProviderError, Resource, VersionedResource};

impl ListQuery {
    /// The page of `resources`, which are all that there are of this type: filtered, sorted
    /// and cut, for a provider that has them at hand.
    ///
    /// What is not sorted comes in the order of ids. The cursors have all that
    /// [`Cursor`](crate::Cursor) says of those of the standard provider, as long as ids don't
    /// change.
    ///
    /// ```
    /// use scim_provider::schema::ResourceTypes;
    /// use scim_provider::{ListQuery, Resource};
    /// use serde_json::json;
    ///
    /// let types = ResourceTypes::rfc7643();
    /// let users = ["bjensen", "jsmith", "adams"].iter().zip(["1", "2", "3"]);
    /// let users = users.map(|(name, id)| {
    ///     Resource::from_json("User", json!({ "id": id, "userName": name }))
    /// });
    /// let users = users.collect::<Result<Vec<_>, _>>()?;
    ///
    /// let query = ListQuery::new().with_filter(r#"userName co "s""#.parse()?).with_cursor(None);
    /// let first = query.clone().with_count(2).page_of(types.get("User").unwrap(), users.clone())?;
    /// assert_eq!((first.total, first.items[1].id()), (3, Some("2")));
    ///
    /// let second = query.with_cursor(first.next_cursor).page_of(types.get("User").unwrap(), users)?;
    /// assert_eq!(second.items[0].id(), Some("3"));
    /// assert_eq!(second.next_cursor, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ProviderError::InvalidFilter`], [`ProviderError::InvalidSort`] and
    /// [`ProviderError::InvalidCursor`].
    pub fn page_of<T: AsRef<Resource>>(
        &self,
        resource_type: &ResourceType,
        resources: impl IntoIterator<Item = T>,
    ) -> Result<Page<T>, ProviderError> {
        let arrangement = Arrangement::new(&[resource_type.name()], self, u32::MAX)?;
        let criteria = Criteria::of(resource_type, self)?;
        let entries = resources.into_iter().filter_map(|item| {
            let resource = item.as_ref();
            let object = resource.as_object();
            if !criteria.match_resource(object) {
                return None;
            }
            let key = criteria.sort_value(object);
            let id = resource.shared_id();
            Some(Entry::new(key, 0, id, item))
        });
        let page = arrangement.page_of_all(entries.collect());
        Ok(page.map(|entry| entry.item))
    }
}

impl AsRef<Resource> for Resource {
    fn as_ref(&self) -> &Resource {
        self
    }
}

impl AsRef<Resource> for VersionedResource {
    fn as_ref(&self) -> &Resource {
        self.resource()
    }
}
