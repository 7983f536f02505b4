use std::mem;
use std::str::FromStr;

use super::cursor::Cursor;
use super::{
    AttributePath, Comparand, CompareOp, Filter, FilterError, FilterErrorKind, MAX_DEPTH, MAX_TERMS,
};

impl Filter {
    /// Reads a filter.
    ///
    /// Names, operators and connectives are read in whatever case. `not` binds more tightly
    /// than `and`, and that more tightly than `or`.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, and where; also if the filter passes a limit of this module.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let mut parser = Parser::new(Cursor::new(text)?);
        let filter = parser.expression(0)?;
        match parser.cursor.peek() {
            None => Ok(filter),
            Some(_) => Err(parser.cursor.error(FilterErrorKind::ExpectedConnective)),
        }
    }
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        Self::parse(text)
    }
}

/// What stands behind a term.
enum Next {
    And,
    Or,
    /// A closing bracket, or nothing.
    End,
}

/// A parser that calls itself for what is in brackets, and for nothing else.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    pub(super) cursor: Cursor<'a>,
    terms: usize,
    in_value_path: bool,
}

impl<'a> Parser<'a> {
    pub(super) const fn new(cursor: Cursor<'a>) -> Self {
        Self {
            cursor,
            terms: 0,
            in_value_path: false,
        }
    }

    /// Terms with connectives between, up to a closing bracket or the end.
    fn expression(&mut self, depth: usize) -> Result<Filter, FilterError> {
        self.cursor.spaces();
        let first = self.term(depth)?;
        let mut next = self.next()?;
        if matches!(next, Next::End) {
            return Ok(first);
        }
        let mut alternatives = Vec::new();
        let mut conjuncts = vec![first];
        loop {
            match next {
                Next::And => {}
                Next::Or => alternatives.push(Filter::all(mem::take(&mut conjuncts))),
                Next::End => {
                    alternatives.push(Filter::all(conjuncts));
                    return Ok(Filter::any(alternatives));
                }
            }
            conjuncts.push(self.term(depth)?);
            next = self.next()?;
        }
    }

    fn next(&mut self) -> Result<Next, FilterError> {
        let spaced = self.cursor.spaces();
        if matches!(self.cursor.peek(), None | Some(b')' | b']')) {
            return Ok(Next::End);
        }
        let error = self.cursor.error(FilterErrorKind::ExpectedConnective);
        let word = self.cursor.word();
        let next = if word.eq_ignore_ascii_case("and") {
            Next::And
        } else if word.eq_ignore_ascii_case("or") {
            Next::Or
        } else {
            return Err(error);
        };
        if !spaced {
            return Err(error);
        }
        if !self.cursor.spaces() {
            return Err(self.cursor.error(FilterErrorKind::ExpectedAttribute));
        }
        Ok(next)
    }

    fn term(&mut self, depth: usize) -> Result<Filter, FilterError> {
        if self.cursor.peek() == Some(b'(') {
            return self.group(depth);
        }
        let position = self.cursor.position();
        let word = self.cursor.word();
        if word.is_empty() {
            return Err(self.cursor.error(FilterErrorKind::ExpectedAttribute));
        }
        let behind = self.cursor;
        let spaced = self.cursor.spaces();
        match self.cursor.peek() {
            Some(b'(') if word.eq_ignore_ascii_case("not") => {
                Ok(Filter::Not(Box::new(self.group(depth)?)))
            }
            Some(b'[') => {
                let path = AttributePath::of_attribute(word, position)?;
                let mut inner = self.value_filter(depth)?;
                if self.cursor.eat(b'.') {
                    inner = inner.and(self.behind_value_path()?);
                }
                Ok(Filter::ValuePath(path, Box::new(inner)))
            }
            _ => {
                let path = AttributePath::of_attribute(word, position)?;
                if !spaced {
                    return Err(behind.error(FilterErrorKind::ExpectedOperator));
                }
                self.attribute_expression(path, position)
            }
        }
    }

    /// What is said of a sub-attribute of the values that a value path selects: `.value eq "x"`
    /// behind `emails[type eq "work"]`.
    ///
    /// RFC 7644 has that in paths of PATCH only. Microsoft Entra ID looks for users in this way,
    /// and it can mean only one thing: that one value is both.
    fn behind_value_path(&mut self) -> Result<Filter, FilterError> {
        let position = self.cursor.position();
        let word = self.cursor.word();
        if word.is_empty() {
            return Err(self.cursor.error(FilterErrorKind::ExpectedAttribute));
        }
        let path = AttributePath::of_attribute(word, position)?;
        if !self.cursor.spaces() {
            return Err(self.cursor.error(FilterErrorKind::ExpectedOperator));
        }
        self.attribute_expression(path, position)
    }

    /// An expression in parentheses, of which the opening one is next.
    fn group(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let depth = self.deeper(depth)?;
        self.cursor.eat(b'(');
        let inner = self.expression(depth)?;
        if self.cursor.eat(b')') {
            Ok(inner)
        } else {
            Err(self.cursor.error(FilterErrorKind::ExpectedParenthesis))
        }
    }

    /// An expression about the sub-attributes of a value, of which the opening bracket is next.
    pub(super) fn value_filter(&mut self, depth: usize) -> Result<Filter, FilterError> {
        if self.in_value_path {
            return Err(self.cursor.error(FilterErrorKind::NestedValuePath));
        }
        let depth = self.deeper(depth)?;
        self.in_value_path = true;
        self.cursor.eat(b'[');
        let inner = self.expression(depth)?;
        self.in_value_path = false;
        if self.cursor.eat(b']') {
            Ok(inner)
        } else {
            Err(self.cursor.error(FilterErrorKind::ExpectedBracket))
        }
    }

    const fn deeper(&self, depth: usize) -> Result<usize, FilterError> {
        if depth == MAX_DEPTH {
            return Err(self.cursor.error(FilterErrorKind::TooDeep));
        }
        Ok(depth + 1)
    }

    /// What follows the path of an attribute and a space.
    fn attribute_expression(
        &mut self,
        path: AttributePath,
        position: usize,
    ) -> Result<Filter, FilterError> {
        if self.terms == MAX_TERMS {
            return Err(FilterError::new(FilterErrorKind::TooManyTerms, position));
        }
        self.terms += 1;
        let position = self.cursor.position();
        let word = self.cursor.word();
        if word.is_empty() {
            return Err(self.cursor.error(FilterErrorKind::ExpectedOperator));
        }
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(path));
        }
        let op = CompareOp::from_word(word)
            .ok_or_else(|| FilterError::unknown_operator(word, position))?;
        if !self.cursor.spaces() {
            return Err(self.cursor.error(FilterErrorKind::ExpectedValue));
        }
        Ok(Filter::Compare(path, op, self.comparand()?))
    }

    fn comparand(&mut self) -> Result<Comparand, FilterError> {
        if self.cursor.peek() == Some(b'"') {
            return self.cursor.string().map(Comparand::String);
        }
        let start = self.cursor;
        let word = self.cursor.word();
        for (keyword, value) in [
            ("true", Comparand::Boolean(true)),
            ("false", Comparand::Boolean(false)),
            ("null", Comparand::Null),
        ] {
            if word.eq_ignore_ascii_case(keyword) {
                return Ok(value);
            }
        }
        if !word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return Err(start.error(FilterErrorKind::ExpectedValue));
        }
        serde_json::from_str(word)
            .map(Comparand::Number)
            .map_err(|_| start.error(FilterErrorKind::MalformedValue))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Filter {
        Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn refusal(text: &str) -> (FilterErrorKind, usize) {
        let error = Filter::parse(text).unwrap_err();
        (error.kind(), error.position())
    }

    #[test]
    fn not_binds_before_and_and_that_before_or() {
        for (text, meant) in [
            ("a pr or b pr and c pr", "a pr or (b pr and c pr)"),
            ("a pr and b pr or c pr", "(a pr and b pr) or c pr"),
            ("not (a pr) and b pr", "(not (a pr)) and b pr"),
            (
                "a pr or not (b pr) and c pr or d pr",
                "a pr or ((not (b pr)) and c pr) or d pr",
            ),
        ] {
            assert_eq!(parsed(text), parsed(meant), "{text}");
        }
    }

    #[test]
    fn what_follows_a_value_path_is_part_of_it() {
        for (text, meant) in [
            (
                r#"emails[type eq "work"].value eq "a""#,
                r#"emails[type eq "work" and value eq "a"]"#,
            ),
            (
                "a[b pr or c pr].d pr and e pr",
                "a[(b pr or c pr) and d pr] and e pr",
            ),
        ] {
            assert_eq!(parsed(text), parsed(meant), "{text}");
        }
        assert_eq!(refusal("a[b pr]."), (FilterErrorKind::ExpectedAttribute, 8));
        assert_eq!(refusal("a[b pr].c"), (FilterErrorKind::ExpectedOperator, 9));
        assert_eq!(
            refusal("a[b pr] .c pr").0,
            FilterErrorKind::ExpectedConnective
        );
    }

    #[test]
    fn keywords_have_no_case_and_may_be_names() {
        assert_eq!(parsed("a EQ tRuE AND b Pr"), parsed("a eq true and b pr"));
        assert_eq!(parsed(" a\t eq\r\n1 "), parsed("a eq 1"));
        assert_eq!(parsed("NOT (a pr)"), parsed("not(a pr)"));
        for name in ["not", "and", "or", "pr", "eq", "true", "null"] {
            let filter = parsed(&format!("{name} pr and {name} eq 1 or {name}[{name} pr]"));
            let Filter::Or(terms) = filter else {
                panic!("{name}")
            };
            assert_eq!(terms.len(), 2);
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        use FilterErrorKind::*;
        for (text, kind, position) in [
            ("", ExpectedAttribute, 0),
            ("  ", ExpectedAttribute, 2),
            ("()", ExpectedAttribute, 1),
            ("not", ExpectedOperator, 3),
            ("not ()", ExpectedAttribute, 5),
            ("a", ExpectedOperator, 1),
            ("a ", ExpectedOperator, 2),
            ("a=1", MalformedPath, 0),
            ("a\"b\"", ExpectedOperator, 1),
            ("é pr", ExpectedAttribute, 0),
            ("aé pr", ExpectedOperator, 1),
            ("a.b.c pr", MalformedPath, 0),
            ("urn:x:1 pr", MalformedPath, 6),
            ("a regex \"b\"", UnknownOperator, 2),
            ("a pr b", ExpectedConnective, 5),
            ("a prand b pr", UnknownOperator, 2),
            ("a eq", ExpectedValue, 4),
            ("a eq ", ExpectedValue, 5),
            ("a eq\"b\"", ExpectedValue, 4),
            ("a eq b", ExpectedValue, 5),
            ("a eq 'b'", ExpectedValue, 5),
            ("a eq [1]", ExpectedValue, 5),
            ("a eq 01", MalformedValue, 5),
            ("a eq 1.", MalformedValue, 5),
            ("a eq -", MalformedValue, 5),
            ("a eq 0x1", MalformedValue, 5),
            ("a eq 1e999", MalformedValue, 5),
            ("a eq 1and b pr", MalformedValue, 5),
            ("a eq \"b", UnterminatedString, 5),
            ("a eq \"b\"and c pr", ExpectedConnective, 8),
            ("(a pr)and b pr", ExpectedConnective, 6),
            ("a pr and(b pr)", ExpectedAttribute, 8),
            ("a pr and", ExpectedAttribute, 8),
            ("a pr and ", ExpectedAttribute, 9),
            ("a pr or or b pr", UnknownOperator, 11),
            ("a pr xor b pr", ExpectedConnective, 5),
            ("a pr && b pr", ExpectedConnective, 5),
            ("(a pr", ExpectedParenthesis, 5),
            ("(a pr]", ExpectedParenthesis, 5),
            ("a pr)", ExpectedConnective, 4),
            ("a[b pr", ExpectedBracket, 6),
            ("a[b pr)", ExpectedBracket, 6),
            ("a[]", ExpectedAttribute, 2),
            ("[a pr]", ExpectedAttribute, 0),
            ("a[b pr]c pr", ExpectedConnective, 7),
            ("a[b[c pr]]", NestedValuePath, 3),
            ("a[(b[c pr])]", NestedValuePath, 4),
            ("a pr\0", ExpectedConnective, 4),
            ("a\0pr", ExpectedOperator, 1),
        ] {
            assert_eq!(refusal(text), (kind, position), "{text:?}");
        }
    }

    #[test]
    fn an_operator_is_named_unless_it_may_be_a_value() {
        let shown = |text: &str| Filter::parse(text).unwrap_err().to_string();
        assert_eq!(
            shown("a matches 1"),
            "unknown operator `matches` at octet 2"
        );
        assert_eq!(shown("a j@example.com"), "unknown operator at octet 2");
    }
}
