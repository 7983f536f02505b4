//! The resource type that filters are tried on, once as a schema and once as a table.

use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::sample::select;
use scim_provider::schema::{ResourceType, Schema};
use serde_json::json;

/// The extension's URI.
pub(crate) const MORE: &str = "urn:more:2.0";

pub(crate) fn thing() -> &'static ResourceType {
    static THING: OnceLock<ResourceType> = OnceLock::new();
    THING.get_or_init(|| {
        let schema = |id: &str, attributes| -> Schema {
            serde_json::from_value(json!({ "id": id, "attributes": attributes })).unwrap()
        };
        let parts = json!([
            { "name": "value" }, { "name": "type", "caseExact": true },
            { "name": "primary", "type": "boolean" }, { "name": "area", "type": "decimal" },
            { "name": "tags", "multiValued": true },
        ]);
        let core = schema(
            "urn:thing",
            json!([
                { "name": "label" },
                { "name": "code", "caseExact": true },
                { "name": "size", "type": "decimal" },
                { "name": "counts", "type": "integer", "multiValued": true },
                { "name": "built", "type": "dateTime" },
                { "name": "open", "type": "boolean" },
                { "name": "blob", "type": "binary" },
                { "name": "page", "type": "reference" },
                { "name": "tags", "multiValued": true },
                { "name": "owner", "type": "complex", "subAttributes": parts },
                { "name": "rooms", "type": "complex", "multiValued": true, "subAttributes": parts },
                { "name": "secret", "returned": "request" },
            ]),
        );
        let more = json!([
            { "name": "label", "caseExact": true },
            { "name": "rooms", "type": "complex", "multiValued": true, "subAttributes": parts },
        ]);
        ResourceType::new("Thing", "Things", core)
            .unwrap()
            .with_extension(schema(MORE, more), false)
            .unwrap()
    })
}

/// How the values at a path compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text {
        case_exact: bool,
    },
    Number,
    Time,
    Boolean,
    Binary,
    /// By the sub-attribute `value`, which is a text without case.
    Complex,
}

/// Where values are: in which extension, attribute and sub-attribute; the attribute is empty
/// inside of brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) extension: bool,
    pub(crate) attribute: &'static str,
    pub(crate) sub: Option<&'static str>,
    pub(crate) kind: Kind,
}

const FOLDED: Kind = Kind::Text { case_exact: false };
const EXACT: Kind = Kind::Text { case_exact: true };

const PARTS: [(&str, Kind); 5] = [
    ("value", FOLDED),
    ("type", EXACT),
    ("primary", Kind::Boolean),
    ("area", Kind::Number),
    ("tags", FOLDED),
];

const COMPLEX: [(bool, &str); 3] = [(false, "owner"), (false, "rooms"), (true, "rooms")];

impl Path {
    pub(crate) fn all() -> Vec<Self> {
        let mut all: Vec<Self> = [
            ("label", FOLDED),
            ("code", EXACT),
            ("size", Kind::Number),
            ("counts", Kind::Number),
            ("built", Kind::Time),
            ("open", Kind::Boolean),
            ("blob", Kind::Binary),
            ("page", EXACT),
            ("tags", FOLDED),
            ("secret", FOLDED),
            ("id", EXACT),
            ("externalId", EXACT),
        ]
        .into_iter()
        .map(|(attribute, kind)| Self {
            extension: false,
            attribute,
            sub: None,
            kind,
        })
        .collect();
        all.push(Self {
            extension: true,
            attribute: "label",
            sub: None,
            kind: EXACT,
        });
        let modified = Some("lastModified");
        all.push(Self {
            extension: false,
            attribute: "meta",
            sub: modified,
            kind: Kind::Time,
        });
        for (extension, attribute) in COMPLEX {
            all.push(Self {
                extension,
                attribute,
                sub: None,
                kind: Kind::Complex,
            });
            for (sub, kind) in PARTS {
                all.push(Self {
                    extension,
                    attribute,
                    sub: Some(sub),
                    kind,
                });
            }
        }
        all
    }

    pub(crate) fn any() -> impl Strategy<Value = Self> {
        select(Self::all())
    }

    /// The path that is written so.
    pub(crate) fn find(text: &str) -> Self {
        Self::all()
            .into_iter()
            .find(|path| path.text() == text)
            .unwrap()
    }

    /// As it is written; a simple value in brackets is called `value`.
    pub(crate) fn text(&self) -> String {
        let sub = self.sub.map(|sub| format!(".{sub}")).unwrap_or_default();
        match self.attribute {
            "" => self.sub.unwrap_or("value").to_owned(),
            name if self.extension => format!("{MORE}:{name}{sub}"),
            name => format!("{name}{sub}"),
        }
    }
}

/// An attribute that brackets may stand behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) extension: bool,
    pub(crate) attribute: &'static str,
    /// How its values compare; complex ones have [parts](Self::parts).
    pub(crate) kind: Kind,
}

impl List {
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        let simple = [("tags", FOLDED), ("counts", Kind::Number)];
        let simple = simple.map(|(attribute, kind)| Self {
            extension: false,
            attribute,
            kind,
        });
        let complex = COMPLEX.map(|(extension, attribute)| Self {
            extension,
            attribute,
            kind: Kind::Complex,
        });
        select([&simple[..], &complex[..]].concat())
    }

    pub(crate) const fn path(&self) -> &'static str {
        match (self.extension, self.attribute) {
            (true, _) => "urn:more:2.0:rooms",
            (false, name) => name,
        }
    }

    /// What a filter in its brackets may be about.
    pub(crate) fn parts(&self) -> Vec<Path> {
        let part = |sub: Option<&'static str>, kind| Path {
            extension: false,
            attribute: "",
            sub,
            kind,
        };
        match self.kind {
            Kind::Complex => PARTS
                .iter()
                .map(|(sub, kind)| part(Some(sub), *kind))
                .collect(),
            simple => vec![part(None, simple)],
        }
    }
}
