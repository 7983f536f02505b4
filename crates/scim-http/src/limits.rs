/// How much of a request is taken in, and how long an answer may become.
///
/// The nesting of JSON is bounded too, at 128 levels, by its parser. How many headers there
/// are, and how fast they have to come, is for the HTTP server to bound.
///
/// ```
/// use scim_http::Limits;
///
/// let limits = Limits::default().with_body(64 * 1024);
/// assert_eq!(limits.body(), 65_536);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    body: usize,
    precondition: usize,
    target: usize,
    filter: usize,
    list: usize,
    answer: usize,
    answer_links: u32,
    default_page: u32,
    max_page: u32,
    bulk_operations: u32,
}

impl Default for Limits {
    /// - 1 MiB of body, 8 KiB of path and query, 64 KiB of each precondition;
    /// - 16 KiB of a filter, pages of 100 resources unless a client asks for up to 1,000, and
    ///   16 MiB of a list;
    /// - 1 MiB and 1,000 links of a resource that answers a PATCH;
    /// - 1,000 operations of a bulk request.
    fn default() -> Self {
        Self {
            body: 1 << 20,
            precondition: 64 << 10,
            target: 8 << 10,
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
    /// Bodies of at most so many octets; a longer one is answered with 413 as soon as that
    /// is known.
    #[must_use]
    pub const fn with_body(mut self, octets: usize) -> Self {
        self.body = octets;
        self
    }

    /// At most so many octets in all field lines of `If-Match`, and as many in those of
    /// `If-None-Match`; more are answered with 431.
    #[must_use]
    pub const fn with_precondition(mut self, octets: usize) -> Self {
        self.precondition = octets;
        self
    }

    /// At most so many octets of path and query together; more are answered with 414.
    #[must_use]
    pub const fn with_target(mut self, octets: usize) -> Self {
        self.target = octets;
        self
    }

    /// At most so many octets of a filter; a longer one is answered with 400 `invalidFilter`.
    /// In a URL it has to fit into its [target](Self::with_target), too, so that long filters
    /// need a POST to `/.search`. More than [`MAX_LENGTH`] are never read.
    ///
    /// [`MAX_LENGTH`]: scim_ops::provider::filter::MAX_LENGTH
    #[must_use]
    pub const fn with_filter(mut self, octets: usize) -> Self {
        self.filter = octets;
        self
    }

    /// Pages of a list that end with the resource that passes so many octets, whatever `count` asks
    /// for: a server may return fewer (RFC 7644 §3.4.2.4). `itemsPerPage` says how many there
    /// are, so that a client goes on behind them.
    #[must_use]
    pub const fn with_list(mut self, octets: usize) -> Self {
        self.list = octets;
        self
    }

    /// A PATCH is answered with the resource if that has at most so many octets, else with 204 and
    /// the `ETag`, as if the client preferred that: who adds a member to a large group need not
    /// be shown all of it. Whoever names `attributes` is shown them, however long they are.
    #[must_use]
    pub const fn with_answer(mut self, octets: usize) -> Self {
        self.answer = octets;
        self
    }

    /// The same for resources with more than so many values kept as links, such as members of
    /// a group: these are not even read for that.
    #[must_use]
    pub const fn with_answer_links(mut self, links: u32) -> Self {
        self.answer_links = links;
        self
    }

    /// Pages of so many resources where a client does not say how many it wants. More than the
    /// [most](Self::with_max_page) are never shown.
    #[must_use]
    pub const fn with_default_page(mut self, resources: u32) -> Self {
        self.default_page = resources;
        self
    }

    /// Pages of at most so many resources, whatever `count` asks for. This and the default are
    /// what `/ServiceProviderConfig` says; a provider with a lower limit of its own shows fewer.
    #[must_use]
    pub const fn with_max_page(mut self, resources: u32) -> Self {
        self.max_page = resources;
        self
    }

    /// At most so many operations in a bulk request; more are answered with 413 (RFC 7644
    /// §3.7.4). Its content is bounded as [every other](Self::with_body).
    #[must_use]
    pub const fn with_bulk_operations(mut self, operations: u32) -> Self {
        self.bulk_operations = operations;
        self
    }

    /// The most octets of a body.
    pub const fn body(&self) -> usize {
        self.body
    }

    /// The most octets of `If-Match`, and of `If-None-Match`.
    pub const fn precondition(&self) -> usize {
        self.precondition
    }

    /// The most octets of path and query.
    pub const fn target(&self) -> usize {
        self.target
    }

    /// The most octets of a filter.
    pub const fn filter(&self) -> usize {
        self.filter
    }

    /// The octets of a list after which its page ends.
    pub const fn list(&self) -> usize {
        self.list
    }

    /// The most octets of a resource that answers a PATCH.
    pub const fn answer(&self) -> usize {
        self.answer
    }

    /// The most links of a resource that answers a PATCH.
    pub const fn answer_links(&self) -> u32 {
        self.answer_links
    }

    /// How many resources a page has where a client does not say how many it wants.
    pub const fn default_page(&self) -> u32 {
        if self.default_page < self.max_page {
            self.default_page
        } else {
            self.max_page
        }
    }

    /// The most operations of a bulk request.
    pub const fn bulk_operations(&self) -> u32 {
        self.bulk_operations
    }

    /// The most resources of a page.
    pub const fn max_page(&self) -> u32 {
        self.max_page
    }
}
