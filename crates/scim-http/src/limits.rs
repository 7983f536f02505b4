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
    list: usize,
}

impl Default for Limits {
    /// 1 MiB of body, 64 KiB of each precondition, 8 KiB of path and query, 16 MiB of a
    /// list.
    fn default() -> Self {
        Self {
            body: 1 << 20,
            precondition: 64 << 10,
            target: 8 << 10,
            list: 16 << 20,
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

    /// Pages of a list that end with the resource that passes so many octets, whatever `count` asks
    /// for: a server may return fewer (RFC 7644 §3.4.2.4). `itemsPerPage` says how many there
    /// are, so that a client goes on behind them.
    #[must_use]
    pub const fn with_list(mut self, octets: usize) -> Self {
        self.list = octets;
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

    /// The octets of a list after which its page ends.
    pub const fn list(&self) -> usize {
        self.list
    }
}
