use thiserror::Error;

/// Why an attribute can't be used in a filter or for sorting, by the schemas of a resource type.
///
/// ```
/// use scim_provider::filter::{CompileErrorKind, Filter};
/// use scim_provider::schema::ResourceTypes;
///
/// let types = ResourceTypes::rfc7643();
/// let filter: Filter = "userName pr and shoeSize gt 44".parse()?;
/// let error = types.get("User").unwrap().compile(&filter).unwrap_err();
/// assert_eq!(error.kind(), CompileErrorKind::UnknownAttribute);
/// assert_eq!(error.attribute(), "shoeSize");
/// # Ok::<(), scim_provider::filter::FilterError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{kind}", if .attribute.is_empty() { String::new() } else { format!("{attribute}: ") })]
pub struct CompileError {
    attribute: Box<str>,
    kind: CompileErrorKind,
}

impl CompileError {
    /// `attribute` is a path, hence printable ASCII.
    pub(super) fn new(attribute: &str, kind: CompileErrorKind) -> Self {
        const SHOWN: usize = 200;
        let attribute = match attribute.get(..SHOWN) {
            Some(head) if attribute.len() > SHOWN => format!("{head}…").into(),
            _ => attribute.into(),
        };
        Self { attribute, kind }
    }

    /// The path of the attribute, as the client wrote it; the beginning of it, if it is long.
    pub fn attribute(&self) -> &str {
        &self.attribute
    }

    /// What is wrong with its use.
    pub const fn kind(&self) -> CompileErrorKind {
        self.kind
    }
}

/// What can be wrong with the use of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the layers above translate each of them; a new one must not be overlooked"
)]
pub enum CompileErrorKind {
    /// No schema has such an attribute.
    #[error("no such attribute")]
    UnknownAttribute,
    /// The attribute is never shown (`returned: never`, `writeOnly`), and what a filter or an
    /// order finds would tell its value.
    #[error("is never returned, so that it can't be searched or sorted by")]
    NeverReturned,
    /// The attribute is complex and has no `value`: a sub-attribute has to be named.
    #[error("is complex: name a sub-attribute")]
    Complex,
    /// The attribute's type is compared with other values: a number with a number, a
    /// dateTime with an `xsd:dateTime`, and so on.
    #[error("can't be compared with a value of that type")]
    WrongType,
    /// The operator does not apply to the attribute's type, or to `null`.
    #[error("can't be compared by that operator")]
    WrongOperator,
    /// The filter is deeper than one that was parsed can be.
    #[error("nested too deep")]
    TooDeep,
}
