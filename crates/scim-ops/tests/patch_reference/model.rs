//! What the tests know of schemas and operations, in plain tables and trees.

use std::sync::LazyLock;

use scim_ops::provider::schema::{ResourceType, ResourceTypes, Schema};
use serde_json::{Value, json};

pub(crate) const MORE: &str = "urn:more";

/// An attribute.
pub(crate) struct Attr {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) many: bool,
    pub(crate) required: bool,
    pub(crate) read_only: bool,
    pub(crate) immutable: bool,
    /// It is part of the extension.
    pub(crate) more: bool,
    pub(crate) link: bool,
}

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Text,
    ExactText,
    Flag,
    Number,
    Complex(&'static [Attr]),
}

const fn one(name: &'static str, kind: Kind) -> Attr {
    Attr {
        name,
        kind,
        many: false,
        required: false,
        read_only: false,
        immutable: false,
        more: false,
        link: false,
    }
}

const fn many(name: &'static str, kind: Kind) -> Attr {
    Attr {
        many: true,
        ..one(name, kind)
    }
}

pub(crate) static ATTRS: [Attr; 12] = [
    Attr {
        required: true,
        ..one("code", Kind::ExactText)
    },
    one("label", Kind::Text),
    one("open", Kind::Flag),
    one("size", Kind::Number),
    Attr {
        read_only: true,
        ..one("sealed", Kind::Text)
    },
    one("owner", Kind::Complex(&OWNER)),
    many("tags", Kind::Text),
    many("rooms", Kind::Complex(&ROOM)),
    many("spots", Kind::Complex(&SPOT)),
    Attr {
        link: true,
        ..many("members", Kind::Complex(&MEMBER))
    },
    Attr {
        more: true,
        ..one("level", Kind::Text)
    },
    Attr {
        more: true,
        ..many("crew", Kind::Complex(&CREW))
    },
];

static OWNER: [Attr; 4] = [
    one("value", Kind::ExactText),
    Attr {
        kind: Kind::ExactText,
        ..one("$ref", Kind::ExactText)
    },
    one("note", Kind::Text),
    Attr {
        read_only: true,
        ..one("sealed", Kind::Text)
    },
];
static ROOM: [Attr; 5] = [
    one("value", Kind::Text),
    one("type", Kind::Text),
    one("primary", Kind::Flag),
    one("area", Kind::Number),
    many("keys", Kind::Text),
];
static SPOT: [Attr; 2] = [one("x", Kind::Number), one("mark", Kind::Text)];
static MEMBER: [Attr; 3] = [
    Attr {
        required: true,
        ..one("value", Kind::ExactText)
    },
    one("type", Kind::Text),
    Attr {
        immutable: true,
        ..one("display", Kind::Text)
    },
];
static CREW: [Attr; 2] = [one("value", Kind::Text), one("type", Kind::Text)];

impl std::fmt::Debug for Attr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Attr {
    pub(crate) const fn parts(&self) -> &'static [Attr] {
        match self.kind {
            Kind::Complex(parts) => parts,
            _ => &[],
        }
    }

    pub(crate) fn part(&self, name: &str) -> Option<&'static Attr> {
        self.parts().iter().find(|part| part.name == name)
    }
}

fn definition(attr: &Attr) -> Value {
    let kind = match attr.kind {
        Kind::Text => "string",
        Kind::ExactText if attr.name == "$ref" => "reference",
        Kind::ExactText => "string",
        Kind::Flag => "boolean",
        Kind::Number => "decimal",
        Kind::Complex(_) => "complex",
    };
    let mutability = match (attr.read_only, attr.immutable) {
        (true, _) => "readOnly",
        (_, true) => "immutable",
        _ => "readWrite",
    };
    json!({
        "name": attr.name, "type": kind, "multiValued": attr.many, "required": attr.required,
        "caseExact": matches!(attr.kind, Kind::ExactText), "mutability": mutability,
        "subAttributes": attr.parts().iter().map(definition).collect::<Vec<_>>(),
    })
}

/// The same as a resource type.
pub(crate) fn thing() -> &'static ResourceType {
    static TYPES: LazyLock<ResourceTypes> = LazyLock::new(|| {
        let schema = |id: &str, more: bool| -> Schema {
            let attrs = ATTRS.iter().filter(|attr| attr.more == more);
            let attributes: Vec<_> = attrs.map(definition).collect();
            serde_json::from_value(json!({ "id": id, "attributes": attributes })).unwrap()
        };
        let thing = ResourceType::new("Thing", "Things", schema("urn:thing", false))
            .unwrap()
            .with_extension(schema(MORE, true), false)
            .unwrap()
            .with_links("members")
            .unwrap();
        ResourceTypes::empty().with(thing).unwrap()
    });
    TYPES.get("Thing").unwrap()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Add,
    Replace,
    Remove,
}

#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) op: Op,
    pub(crate) target: Target,
    pub(crate) value: Option<Value>,
}

#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// Each of these attributes gets its own value.
    Several(Vec<(&'static Attr, Value)>),
    Whole(&'static Attr),
    Part(&'static Attr, &'static Attr),
    Some(&'static Attr, Cond),
    SomePart(&'static Attr, Cond, &'static Attr),
}

/// Which values of a list: about one of their parts, or about the value itself.
#[derive(Debug, Clone)]
pub(crate) enum Cond {
    Is(&'static Attr, Value),
    Has(&'static Attr),
    Not(Box<Cond>),
    Both(Box<Cond>, Box<Cond>),
    Either(Box<Cond>, Box<Cond>),
}

/// Why the reference refuses an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoTarget,
    Mutability,
    InvalidValue,
}
