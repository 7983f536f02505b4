use crate::storage::LinkSelection;

/// Which parts of a resource a read wants beside its document: a group of 100,000 members
/// should not be read whole by who asks for its name.
///
/// ```
/// use scim_provider::View;
/// use scim_provider::storage::{LinkKey, LinkSelection};
///
/// assert!(View::default().is_whole());
///
/// let member = LinkKey::new("members", "2819c223");
/// let view = View::document().with_links(LinkSelection::Of(vec![member]));
/// assert!(!view.is_whole() && !view.derived());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    links: LinkSelection,
    derived: bool,
}

impl View {
    /// All there is.
    pub const fn whole() -> Self {
        Self {
            links: LinkSelection::All,
            derived: true,
        }
    }

    /// The document alone: no attribute that is kept as links, and none that is derived.
    pub const fn document() -> Self {
        Self {
            links: LinkSelection::None,
            derived: false,
        }
    }

    /// The same view with these links.
    #[must_use]
    pub fn with_links(mut self, links: LinkSelection) -> Self {
        self.links = links;
        self
    }

    /// The same view with or without what is derived from other resources, such as a user's
    /// `groups`.
    #[must_use]
    pub const fn with_derived(mut self, derived: bool) -> Self {
        self.derived = derived;
        self
    }

    /// Which values of attributes that are kept as links.
    pub const fn links(&self) -> &LinkSelection {
        &self.links
    }

    /// Whether what is derived from other resources is wanted.
    pub const fn derived(&self) -> bool {
        self.derived
    }

    /// Whether nothing is left out.
    pub fn is_whole(&self) -> bool {
        self.derived && self.links == LinkSelection::All
    }
}

impl Default for View {
    /// [`View::whole`].
    fn default() -> Self {
        Self::whole()
    }
}
