use std::borrow::Cow;

use super::CompareOp;
use crate::schema::fold;

/// A text that others are compared with, with their case or without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    /// Folded, unless the case counts.
    value: Box<str>,
    case_exact: bool,
}

impl Text {
    pub(super) fn new(value: &str, case_exact: bool) -> Self {
        let value = if case_exact {
            value.into()
        } else {
            fold(value).into()
        };
        Self { value, case_exact }
    }

    /// In lower case, unless the case counts.
    pub(super) fn as_str(&self) -> &str {
        &self.value
    }

    pub(super) const fn case_exact(&self) -> bool {
        self.case_exact
    }

    /// Whether `text` compares with this one by `op`. The order is that of code points.
    pub(super) fn holds(&self, op: CompareOp, text: &str) -> bool {
        if op == CompareOp::Eq {
            return self.equals(text);
        }
        let text = if self.case_exact {
            Cow::Borrowed(text)
        } else {
            fold(text)
        };
        let (text, value) = (&*text, &*self.value);
        match op {
            CompareOp::Eq => text == value,
            CompareOp::Ne => text != value,
            CompareOp::Co => text.contains(value),
            CompareOp::Sw => text.starts_with(value),
            CompareOp::Ew => text.ends_with(value),
            CompareOp::Gt => text > value,
            CompareOp::Ge => text >= value,
            CompareOp::Lt => text < value,
            CompareOp::Le => text <= value,
        }
    }

    fn equals(&self, text: &str) -> bool {
        if self.case_exact {
            *text == *self.value
        } else if text.is_ascii() {
            // No copy: this is what a search through many resources does most.
            text.eq_ignore_ascii_case(&self.value)
        } else {
            *fold(text) == *self.value
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_compare_with_or_without_their_case() {
        use CompareOp::*;
        for (text, op, value, folded, exact) in [
            ("BJensen", Eq, "bjensen", true, false),
            ("BJensen", Eq, "BJensen", true, true),
            ("BJensen", Ne, "bjensen", false, true),
            ("ÅSA", Eq, "åsa", true, false),
            ("\u{212a}ate", Eq, "KATE", true, false),
            ("Kate", Eq, "\u{212a}ATE", true, false),
            ("BJensen", Co, "JEN", true, false),
            ("BJensen", Sw, "bj", true, false),
            ("ΟΔΟΣ", Sw, "οδος", true, false),
            ("BJensen", Ew, "SEN", true, false),
            ("BJensen", Sw, "", true, true),
            ("", Co, "", true, true),
            ("a", Gt, "B", false, true),
            ("a", Lt, "B", true, false),
            ("a", Ge, "A", true, true),
            ("a", Le, "A", true, false),
            ("ab", Gt, "a", true, true),
            ("\u{10000}", Gt, "\u{ffff}", true, true),
        ] {
            assert_eq!(
                Text::new(value, false).holds(op, text),
                folded,
                "{text} {op} {value}"
            );
            assert_eq!(
                Text::new(value, true).holds(op, text),
                exact,
                "{text} {op} {value}"
            );
        }
    }
}
