use super::{FilterError, FilterErrorKind, MAX_LENGTH};

/// A text that is read from the left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Result<Self, FilterError> {
        if text.len() > MAX_LENGTH {
            return Err(FilterError::new(FilterErrorKind::TooLong, MAX_LENGTH));
        }
        Ok(Self { text, at: 0 })
    }

    /// How many octets have been read.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// An error at the next octet.
    pub(super) const fn error(&self, kind: FilterErrorKind) -> FilterError {
        FilterError::new(kind, self.at)
    }

    /// Reads the octet `expected`, if it is the next.
    pub(super) fn eat(&mut self, expected: u8) -> bool {
        let found = self.peek() == Some(expected);
        self.at += usize::from(found);
        found
    }

    /// Reads spaces, and whether there were any. What JSON counts as such is taken for one: the
    /// filter of a search request stands in a document that people write.
    pub(super) fn spaces(&mut self) -> bool {
        let from = self.at;
        self.at += self.run(|octet| matches!(octet, b' ' | b'\t' | b'\r' | b'\n'));
        self.at > from
    }

    /// Reads what a path, a keyword or a number may consist of; empty if nothing of that
    /// kind follows.
    pub(super) fn word(&mut self) -> &'a str {
        let from = self.at;
        self.at += self.run(is_path_octet);
        &self.text[from..self.at]
    }

    /// Reads a JSON string, of which the opening quote is next.
    pub(super) fn string(&mut self) -> Result<String, FilterError> {
        let from = self.at;
        self.at += 1;
        let mut plain = true;
        loop {
            self.at += self.run(|octet| octet >= b' ' && !matches!(octet, b'"' | b'\\'));
            match self.peek() {
                Some(b'"') => break,
                None => return Err(FilterError::new(FilterErrorKind::UnterminatedString, from)),
                Some(b'\\') => {
                    plain = false;
                    // Whatever is escaped, it is not the closing quote; if it is the first
                    // octet of several, the others are read as plain text.
                    self.at = (self.at + 2).min(self.text.len());
                }
                Some(_) => return Err(self.error(FilterErrorKind::MalformedValue)),
            }
        }
        self.at += 1;
        let quoted = self.text.get(from..self.at).unwrap_or_default();
        if plain {
            return Ok(quoted.trim_matches('"').to_owned());
        }
        serde_json::from_str(quoted)
            .map_err(|_| FilterError::new(FilterErrorKind::MalformedValue, from))
    }

    /// How many of the next octets `wanted` holds for.
    fn run(&self, wanted: impl Fn(u8) -> bool) -> usize {
        let rest = &self.text.as_bytes()[self.at..];
        rest.iter()
            .position(|octet| !wanted(*octet))
            .unwrap_or(rest.len())
    }
}

/// What a path may consist of: the characters of names and URIs, apart from those that mean
/// something in filters and in lists of paths.
pub(super) fn is_path_octet(octet: u8) -> bool {
    octet.is_ascii_graphic() && !matches!(octet, b'"' | b'(' | b')' | b'[' | b']' | b',' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> Result<String, (FilterErrorKind, usize)> {
        let mut cursor = Cursor::new(text).unwrap();
        cursor.string().map_err(|e| (e.kind(), e.position()))
    }

    #[test]
    fn strings_are_those_of_json() {
        for (text, value) in [
            (r#""""#, ""),
            (r#""a" b"#, "a"),
            (r#""\"""#, "\""),
            (r#""\\" "#, "\\"),
            (r#""\u0000""#, "\0"),
            (r#""\ud83d\ude00é""#, "😀é"),
            ("\"\u{7f}\u{fffd}\"", "\u{7f}\u{fffd}"),
        ] {
            assert_eq!(string(text).as_deref(), Ok(value), "{text}");
        }
    }

    #[test]
    fn strings_that_are_none_are_refused() {
        use FilterErrorKind::{MalformedValue, UnterminatedString};
        for (text, kind, position) in [
            ("\"", UnterminatedString, 0),
            ("\"abc", UnterminatedString, 0),
            ("\"abc\\", UnterminatedString, 0),
            ("\"abc\\\"", UnterminatedString, 0),
            ("\"a\\é", UnterminatedString, 0),
            ("\"a\\é\"", MalformedValue, 0),
            (r#""\ud800""#, MalformedValue, 0),
            (r#""\udc00\ud800""#, MalformedValue, 0),
            (r#""\u12""#, MalformedValue, 0),
            (r#""\x""#, MalformedValue, 0),
            ("\"a\nb\"", MalformedValue, 2),
            ("\"a\0b\"", MalformedValue, 2),
        ] {
            assert_eq!(string(text), Err((kind, position)), "{text:?}");
        }
    }
}
