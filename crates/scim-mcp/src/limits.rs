/// How much of a request is taken in, and how much is shown of what there is.
///
/// The nesting of JSON is bounded too, at 128 levels, by its parser.
///
/// ```
/// use scim_mcp::Limits;
///
/// let limits = Limits::default().with_max_page(50);
/// assert_eq!((limits.default_page(), limits.max_page()), (50, 50));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    message: usize,
    filter: usize,
    list: usize,
    answer: usize,
    answer_links: u32,
    default_page: u32,
    max_page: u32,
    bulk_operations: u32,
}

impl Default for Limits {
    /// Those that SCIM over HTTP has by default:
    ///
    /// - 1 MiB of a message;
    /// - 16 KiB of a filter, pages of 100 resources unless an agent asks for up to 1,000, and
    ///   16 MiB of a list;
    /// - 1 MiB and 1,000 links of a resource that is shown without having been asked for: after a change
    ///   or with a conflict;
    /// - 1,000 operations of a bulk request.
    fn default() -> Self {
        Self {
            message: 1 << 20,
            filter: 16 << 10,
            list: 16 << 20,
            answer: 1 << 20,
            answer_links: 1_000,
            default_page: 100,
            max_page: 1_000,
            bulk_operations: 1_000,
        }
    }
}

impl Limits {
    /// Messages of at most so many octets. A longer one is refused over HTTP (413) and passed over on a
    /// stream, where whoever wrote it cannot be told which it was.
    #[must_use]
    pub const fn with_message(mut self, octets: usize) -> Self {
        self.message = octets;
        self
    }

    /// At most so many octets of a filter. More than [`MAX_LENGTH`] are never read.
    ///
    /// [`MAX_LENGTH`]: scim_ops::provider::filter::MAX_LENGTH
    #[must_use]
    pub const fn with_filter(mut self, octets: usize) -> Self {
        self.filter = octets;
        self
    }

    /// Pages of a list that end with the resource that passes so many octets, whatever `count` asks
    /// for.
    #[must_use]
    pub const fn with_list(mut self, octets: usize) -> Self {
        self.list = octets;
        self
    }

    /// Resources of at most so many octets after a change or with a conflict; of a longer one the agent
    /// is told id and version only, and reads it if it wants to.
    #[must_use]
    pub const fn with_answer(mut self, octets: usize) -> Self {
        self.answer = octets;
        self
    }

    /// The same for resources with more than so many values kept as links, such as members of
    /// a group.
    #[must_use]
    pub const fn with_answer_links(mut self, links: u32) -> Self {
        self.answer_links = links;
        self
    }

    /// Pages of so many resources where an agent does not say how many it wants. More than the
    /// [most](Self::with_max_page) are never shown.
    #[must_use]
    pub const fn with_default_page(mut self, resources: u32) -> Self {
        self.default_page = resources;
        self
    }

    /// Pages of at most so many resources, whatever `count` asks for.
    #[must_use]
    pub const fn with_max_page(mut self, resources: u32) -> Self {
        self.max_page = resources;
        self
    }

    /// At most so many operations in a bulk request.
    #[must_use]
    pub const fn with_bulk_operations(mut self, operations: u32) -> Self {
        self.bulk_operations = operations;
        self
    }

    /// The most octets of a message.
    pub const fn message(&self) -> usize {
        self.message
    }

    /// The most octets of a filter.
    pub const fn filter(&self) -> usize {
        self.filter
    }

    /// The octets of a list after which its page ends.
    pub const fn list(&self) -> usize {
        self.list
    }

    /// The most octets of a resource that nobody has asked for.
    pub const fn answer(&self) -> usize {
        self.answer
    }

    /// The most links of a resource that nobody has asked for.
    pub const fn answer_links(&self) -> u32 {
        self.answer_links
    }

    /// How many resources a page has where an agent does not say how many it wants.
    pub const fn default_page(&self) -> u32 {
        if self.default_page < self.max_page {
            self.default_page
        } else {
            self.max_page
        }
    }

    /// The most resources of a page.
    pub const fn max_page(&self) -> u32 {
        self.max_page
    }

    /// The most operations of a bulk request.
    pub const fn bulk_operations(&self) -> u32 {
        self.bulk_operations
    }
}
