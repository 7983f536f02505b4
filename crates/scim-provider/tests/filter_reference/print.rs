//! Expressions as a client may write them.

use crate::expression::Expression;

/// The text of `expression`; `style` picks spaces, parentheses, cases and escapes, none of
/// which count. Style 0 is plain.
pub(crate) fn print(expression: &Expression, style: u64) -> String {
    let mut printer = Printer {
        text: String::new(),
        state: style,
    };
    printer.expression(expression, Around::Nothing);
    printer.text
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    And,
}

struct Printer {
    text: String,
    state: u64,
}

impl Printer {
    /// Whether to do what need not be done, one time out of `n`.
    fn whim(&mut self, n: u64) -> bool {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state != 0 && self.state.is_multiple_of(n)
    }

    fn space(&mut self) {
        self.text.push(' ');
        while self.whim(8) {
            let space = if self.whim(2) { '\t' } else { ' ' };
            self.text.push(space);
        }
    }

    fn maybe_space(&mut self) {
        if self.whim(6) {
            self.space();
        }
    }

    /// A word in some case.
    fn word(&mut self, word: &str) {
        for c in word.chars() {
            let c = if self.whim(5) {
                c.to_ascii_uppercase()
            } else {
                c
            };
            self.text.push(c);
        }
    }

    fn expression(&mut self, expression: &Expression, around: Around) {
        let needed = around == Around::And && matches!(expression, Expression::Or(_));
        if needed || self.whim(9) {
            self.group(expression);
        } else {
            self.bare(expression);
        }
    }

    fn group(&mut self, expression: &Expression) {
        self.text.push('(');
        self.maybe_space();
        self.expression(expression, Around::Nothing);
        self.maybe_space();
        self.text.push(')');
    }

    fn bare(&mut self, expression: &Expression) {
        match expression {
            Expression::Compare(path, op, operand) => {
                self.path(path.extension, &path.text());
                self.space();
                self.word(op);
                self.space();
                if operand.json.starts_with('"') {
                    self.string(&operand.json);
                } else {
                    self.text.push_str(&operand.json);
                }
            }
            Expression::Present(path) => {
                self.path(path.extension, &path.text());
                self.space();
                self.word("pr");
            }
            Expression::Not(inner) => {
                self.word("not");
                if !self.whim(2) {
                    self.space();
                }
                self.group(inner);
            }
            Expression::And(terms) => self.terms(terms, "and", Around::And),
            Expression::Or(terms) => self.terms(terms, "or", Around::Nothing),
            Expression::Within(list, inner) => {
                self.path(list.extension, list.path());
                self.maybe_space();
                self.text.push('[');
                self.maybe_space();
                self.expression(inner, Around::Nothing);
                self.maybe_space();
                self.text.push(']');
            }
        }
    }

    fn terms(&mut self, terms: &[Expression], connective: &str, around: Around) {
        for (at, term) in terms.iter().enumerate() {
            if at > 0 {
                self.space();
                self.word(connective);
                self.space();
            }
            self.expression(term, around);
        }
    }

    /// A path, maybe behind the URI of the core schema.
    fn path(&mut self, extension: bool, path: &str) {
        let is_part = matches!(path, "value" | "type" | "primary" | "area");
        if !extension && !is_part && path != "tags" && path != "counts" && self.whim(5) {
            self.word("urn:thing:");
        }
        self.word(path);
    }

    /// A JSON string, some characters of it escaped.
    fn string(&mut self, json: &str) {
        let text: String = serde_json::from_str(json).unwrap();
        self.text.push('"');
        for c in text.chars() {
            if self.whim(4) {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    self.text.push_str(&format!("\\u{unit:04x}"));
                }
            } else {
                let plain = serde_json::to_string(&c).unwrap();
                self.text.push_str(&plain[1..plain.len() - 1]);
            }
        }
        self.text.push('"');
    }
}
