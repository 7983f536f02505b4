/// Where in a resource a merge is at work.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The URI of the extension.
    extension: Option<&'a str>,
    attribute: &'a str,
    /// Which value of a list, as a filter.
    selector: Option<&'a str>,
    sub: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// An attribute of the extension, or else of the core schema.
    pub(super) const fn of(extension: Option<&'a str>, attribute: &'a str) -> Self {
        Self {
            extension,
            attribute,
            selector: None,
            sub: None,
        }
    }

    /// The value of this list that `selector` selects. A list within a value is as far as a path
    /// leads.
    pub(super) const fn value(self, selector: &'a str) -> Self {
        if self.sub.is_some() {
            return self;
        }
        Self {
            selector: Some(selector),
            ..self
        }
    }

    /// A sub-attribute of what is here.
    pub(super) const fn sub(self, sub: &'a str) -> Self {
        Self {
            sub: Some(sub),
            ..self
        }
    }

    /// As RFC 7644 §3.5.2 writes it: `emails[type eq "work"].display`.
    pub(super) fn path(&self) -> String {
        self.written(self.selector)
    }

    /// The same without values of the resource: `emails[…].display`.
    pub(super) fn outline(&self) -> String {
        self.written(self.selector.map(|_| "…"))
    }

    fn written(&self, selector: Option<&str>) -> String {
        let mut path = String::new();
        if let Some(extension) = self.extension {
            path.push_str(extension);
            // An extension as a whole has a URI and no more.
            if !self.attribute.is_empty() {
                path.push(':');
            }
        }
        path.push_str(self.attribute);
        if let Some(selector) = selector {
            path.push('[');
            path.push_str(selector);
            path.push(']');
        }
        if let Some(sub) = self.sub {
            path.push('.');
            path.push_str(sub);
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_rfc() {
        let emails = Place::of(None, "emails");
        assert_eq!(emails.path(), "emails");
        let display = emails.value("type eq \"work\"").sub("display");
        assert_eq!(display.path(), "emails[type eq \"work\"].display");
        assert_eq!(display.outline(), "emails[…].display");
        let manager = Place::of(Some("urn:x:2.0:User"), "manager").sub("value");
        assert_eq!(manager.path(), "urn:x:2.0:User:manager.value");
        assert_eq!(Place::of(Some("urn:x"), "").path(), "urn:x");
    }

    #[test]
    fn a_list_within_a_value_is_not_selected_from() {
        let keys = Place::of(None, "rooms").value("value eq \"1\"").sub("keys");
        assert_eq!(
            keys.value("value eq \"a\"").path(),
            "rooms[value eq \"1\"].keys"
        );
    }
}
