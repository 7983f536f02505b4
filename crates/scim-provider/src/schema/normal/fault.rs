use serde_json::Value;

use crate::resource::{ResourceError, ResourceErrorKind, json_type};

/// The result of a step; boxed, because faults are rare and results are moved often.
pub(in crate::schema) type Checked<T> = Result<T, Box<Fault>>;

/// A [`ResourceError`] on its way up: each level adds its step of the path, so that a
/// path costs nothing where nothing is wrong.
#[derive(Debug)]
pub(in crate::schema) struct Fault {
    kind: ResourceErrorKind,
    /// Innermost first.
    path: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Name(String),
    Index(usize),
}

impl Fault {
    pub(in crate::schema) fn new(kind: ResourceErrorKind) -> Box<Self> {
        Box::new(Self {
            kind,
            path: Vec::new(),
        })
    }

    pub(in crate::schema) fn wrong_type(expected: &'static str, found: &Value) -> Box<Self> {
        Self::new(ResourceErrorKind::WrongType {
            expected,
            found: json_type(found),
        })
    }

    pub(in crate::schema) fn malformed(expected: &'static str) -> Box<Self> {
        Self::new(ResourceErrorKind::Malformed { expected })
    }

    /// The fault is within the attribute or extension `name`.
    pub(in crate::schema) fn within(mut self: Box<Self>, name: &str) -> Box<Self> {
        self.path.push(Step::Name(name.into()));
        self
    }

    /// The fault is within the value `index` of a list.
    pub(in crate::schema) fn at(mut self: Box<Self>, index: usize) -> Box<Self> {
        self.path.push(Step::Index(index));
        self
    }
}

impl From<Box<Fault>> for ResourceError {
    fn from(fault: Box<Fault>) -> Self {
        let mut path = String::new();
        // A name behind the URI of an extension follows a colon (RFC 7644 §3.10).
        let mut separator = "";
        for step in fault.path.iter().rev() {
            match step {
                Step::Name(name) => {
                    path.push_str(separator);
                    path.push_str(name);
                    separator = if name.contains(':') { ":" } else { "." };
                }
                Step::Index(index) => {
                    path.push('[');
                    path.push_str(&index.to_string());
                    path.push(']');
                    separator = ".";
                }
            }
        }
        Self::new(path, fault.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(fault: Box<Fault>) -> String {
        ResourceError::from(fault).attribute().to_owned()
    }

    #[test]
    fn a_path_reads_from_the_outside_in() {
        let fault = || Fault::new(ResourceErrorKind::Missing);
        assert_eq!(path(fault()), "");
        assert_eq!(path(fault().within("userName")), "userName");
        assert_eq!(
            path(fault().within("value").at(1).within("emails")),
            "emails[1].value"
        );
        assert_eq!(
            path(fault().within("value").within("manager").within("urn:a")),
            "urn:a:manager.value"
        );
    }
}
