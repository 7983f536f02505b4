use std::fmt;
use std::sync::Arc;

use scim_version::ScimVersion;

use super::ResourceKey;
use crate::Timestamp;

/// When a record came to be, when it last changed, and which state that left.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stamp {
    /// The version of this state: never the same for two states of a record, nor for two commits, even
    /// if they write the same over the same. A store that lost the answer to a commit takes the version
    /// for a sign that this one took effect.
    pub version: ScimVersion,
    /// `meta.created`.
    pub created: Timestamp,
    /// `meta.lastModified`: later with every change.
    pub last_modified: Timestamp,
}

impl Stamp {
    /// A stamp of these three.
    pub const fn new(version: ScimVersion, created: Timestamp, last_modified: Timestamp) -> Self {
        Self {
            version,
            created,
            last_modified,
        }
    }
}

/// What a record says, and the keys under which it is found.
///
/// `Debug` output shows sizes only: documents hold personal data, and what is hidden is secret.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Content {
    /// The document as canonical JSON: an object without `id`, `meta` and the
    /// attributes that are kept as links. A store gives it back octet by octet.
    pub document: Arc<[u8]>,
    /// Attributes that are never shown, such as the hash of a password, as canonical
    /// JSON: an object. Kept apart, so that showing a document can't show them.
    pub hidden: Option<Arc<[u8]>>,
    /// Keys that no other record of the scope may have.
    pub unique_keys: Vec<UniqueKey>,
    /// Values under which [`Selection::Indexed`](super::Selection::Indexed) finds the record.
    pub index: Vec<IndexEntry>,
}

impl Content {
    /// A document with its unique keys and index entries, and nothing hidden.
    pub fn new(
        document: impl Into<Arc<[u8]>>,
        unique_keys: Vec<UniqueKey>,
        index: Vec<IndexEntry>,
    ) -> Self {
        Self {
            document: document.into(),
            hidden: None,
            unique_keys,
            index,
        }
    }

    /// The same content with these attributes that are never shown.
    #[must_use]
    pub fn with_hidden(mut self, hidden: Option<Arc<[u8]>>) -> Self {
        self.hidden = hidden;
        self
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content")
            .field("document", &Octets(&self.document))
            .field("hidden", &self.hidden.is_some())
            .field("unique_keys", &self.unique_keys.len())
            .field("index", &self.index.len())
            .finish()
    }
}

/// How many there are.
struct Octets<'a>(&'a [u8]);

impl fmt::Debug for Octets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} octets", self.0.len())
    }
}

/// A key that at most one record of a scope has.
///
/// `name` says which rule it stands for (such as `User:userName`), so that two
/// rules never collide; `value` is normalised by the provider, so that a store
/// compares octets.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct UniqueKey {
    /// The rule.
    pub name: Arc<str>,
    /// The normalised value.
    pub value: Arc<str>,
}

impl UniqueKey {
    /// The key `value` under the rule `name`.
    pub fn new(name: impl Into<Arc<str>>, value: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

/// A value under which a record is found; any number of records may share it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct IndexEntry {
    /// The path of the attribute, such as `emails.value`.
    pub attribute: Arc<str>,
    /// The value, normalised by the provider.
    pub value: Arc<str>,
}

impl IndexEntry {
    /// The entry `value` for `attribute`.
    pub fn new(attribute: impl Into<Arc<str>>, value: impl Into<Arc<str>>) -> Self {
        Self {
            attribute: attribute.into(),
            value: value.into(),
        }
    }
}

/// Which link of a record: the reference attribute and what it points to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct LinkKey {
    /// The attribute, such as `members`.
    pub attribute: Arc<str>,
    /// The `value` of the reference: the id of the resource pointed to.
    pub target: Arc<str>,
}

impl LinkKey {
    /// The link of `attribute` to `target`.
    pub fn new(attribute: impl Into<Arc<str>>, target: impl Into<Arc<str>>) -> Self {
        Self {
            attribute: attribute.into(),
            target: target.into(),
        }
    }
}

/// One value of a large reference attribute, kept as a row beside the document,
/// so that one member more is one row more.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// Which link of its record.
    pub key: LinkKey,
    /// The `$ref`, relative to the base URL (such as `Users/2819c223`), if the
    /// type of the target is known.
    pub reference: Option<Arc<str>>,
    /// The other sub-attributes as a canonical JSON object; `{}` if there are none.
    pub detail: Arc<[u8]>,
}

impl Link {
    /// A link with its `$ref` and other sub-attributes.
    pub fn new(key: LinkKey, reference: Option<Arc<str>>, detail: impl Into<Arc<[u8]>>) -> Self {
        Self {
            key,
            reference,
            detail: detail.into(),
        }
    }

    /// Whether it points to the record with this id, `reference` being what links that are known
    /// to point to it say: two records of different types may share an id.
    ///
    /// ```
    /// use scim_provider::storage::{Link, LinkKey};
    ///
    /// let link = |reference: Option<&str>| {
    ///     Link::new(LinkKey::new("members", "7"), reference.map(Into::into), *b"{}")
    /// };
    /// assert!(link(Some("Users/7")).points_to("7", "Users/7"));
    /// assert!(link(None).points_to("7", "Users/7"));
    /// assert!(!link(Some("Groups/7")).points_to("7", "Users/7"));
    /// ```
    pub fn points_to(&self, id: &str, reference: &str) -> bool {
        *self.key.target == *id && self.reference.as_deref().is_none_or(|own| own == reference)
    }
}

/// A whole record, as it is created.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// Version and times.
    pub stamp: Stamp,
    /// Document, unique keys, index entries.
    pub content: Content,
    /// All links; their keys differ.
    pub links: Vec<Link>,
}

impl Record {
    /// A record of these three.
    pub const fn new(stamp: Stamp, content: Content, links: Vec<Link>) -> Self {
        Self {
            stamp,
            content,
            links,
        }
    }
}

/// A record as it is read: what [`Storage::get`](super::Storage::get) and
/// [`Storage::query`](super::Storage::query) give back.
///
/// `Debug` output shows sizes only, as that of [`Content`]. Two are equal if the record is; what is
/// known of [others' links](Self::may_be_target) does not count.
#[derive(Clone)]
#[non_exhaustive]
pub struct Stored {
    /// Which record.
    pub key: ResourceKey,
    /// Version and times.
    pub stamp: Stamp,
    /// The document, octet by octet as it was committed.
    pub document: Arc<[u8]>,
    /// What is never shown, octet by octet as it was committed.
    pub hidden: Option<Arc<[u8]>>,
    /// The links that were asked for, in the order of their keys.
    pub links: Vec<Link>,
    /// Whether a link of the scope may have the id of this record for its target. `false` only if
    /// the store has looked, in the same step in which it read the record: so whoever wants to know
    /// what links to it need not ask.
    pub may_be_target: bool,
}

impl Stored {
    /// A record of these parts, with nothing hidden, that others' links may point to.
    pub const fn new(
        key: ResourceKey,
        stamp: Stamp,
        document: Arc<[u8]>,
        links: Vec<Link>,
    ) -> Self {
        Self {
            key,
            stamp,
            document,
            hidden: None,
            links,
            may_be_target: true,
        }
    }

    /// The same record with these attributes that are never shown.
    #[must_use]
    pub fn with_hidden(mut self, hidden: Option<Arc<[u8]>>) -> Self {
        self.hidden = hidden;
        self
    }

    /// The same record, to which a link [may point](Self::may_be_target) or not.
    #[must_use]
    pub const fn with_may_be_target(mut self, may_be_target: bool) -> Self {
        self.may_be_target = may_be_target;
        self
    }
}

impl PartialEq for Stored {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            key,
            stamp,
            document,
            hidden,
            links,
            may_be_target: _,
        } = self;
        *key == other.key
            && *stamp == other.stamp
            && *document == other.document
            && *hidden == other.hidden
            && *links == other.links
    }
}

impl Eq for Stored {}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored")
            .field("key", &self.key)
            .field("stamp", &self.stamp)
            .field("document", &Octets(&self.document))
            .field("hidden", &self.hidden.is_some())
            .field("links", &self.links.len())
            .finish()
    }
}

/// Which links of a record a read wants.
///
/// A group may have 100,000 of them; who only asks whether one is there should
/// not pay for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a store has to serve every selection; a new one would be a breaking change"
)]
pub enum LinkSelection {
    /// None: [`Stored::links`] is empty.
    None,
    /// All of them.
    #[default]
    All,
    /// Those of these keys that exist.
    Of(Vec<LinkKey>),
    /// The first so many, in the order of their keys: who asks for one more than it can use
    /// learns whether there are too many without paying for all.
    AtMost(u32),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scope;
    use crate::storage::{Change, Commit, RecordPage, Write};

    #[test]
    fn debug_output_shows_neither_documents_nor_what_is_hidden() {
        let version = ScimVersion::from_revision(1);
        let now = Timestamp::from_micros(0).unwrap();
        let stamp = Stamp::new(version.clone(), now, now);
        let key = ResourceKey::new(Scope::Single, "User", "1").unwrap();
        let document: Arc<[u8]> = Arc::from(*b"secret");
        let unique = UniqueKey::new("User:userName", "secret");
        let entry = IndexEntry::new("userName", "secret");
        let content = Content::new(document.clone(), vec![unique], vec![entry])
            .with_hidden(Some(document.clone()));
        let record = Record::new(stamp.clone(), content.clone(), Vec::new());
        let change = Change::new(stamp.clone()).with_content(content);
        let commit = Commit::of(Write::create(key.clone(), record)).and(Write::update(
            key.clone(),
            version,
            change,
        ));
        let stored =
            Stored::new(key, stamp, document.clone(), Vec::new()).with_hidden(Some(document));
        let page = RecordPage::new(vec![stored], 1);
        for shown in [format!("{commit:?}"), format!("{page:?}")] {
            assert!(!shown.contains("secret"), "{shown}");
            // Nor as a list of octets.
            assert!(!shown.contains("115"), "{shown}");
        }
    }
}
