use std::fmt::{Display, Formatter, Result};

use super::{Filter, Terms};

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Compare(path, op, value) => write!(f, "{path} {op} {value}"),
            Self::Present(path) => write!(f, "{path} pr"),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::And(terms) => print_terms(terms, " and ", f),
            Self::Or(terms) => print_terms(terms, " or ", f),
            Self::ValuePath(path, inner) => write!(f, "{path}[{inner}]"),
        }
    }
}

/// The terms with `connective` between; `and` binds more tightly than `or`.
fn print_terms(terms: &Terms, connective: &str, f: &mut Formatter<'_>) -> Result {
    for (at, term) in terms.into_iter().enumerate() {
        if at > 0 {
            f.write_str(connective)?;
        }
        match term {
            Filter::Or(_) => write!(f, "({term})")?,
            other => write!(f, "{other}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> String {
        let filter: Filter = text.parse().unwrap();
        let printed = filter.to_string();
        assert_eq!(printed.parse::<Filter>().unwrap(), filter, "{text}");
        printed
    }

    #[test]
    fn parentheses_stand_where_they_mean_something() {
        for (text, shown) in [
            ("(((a pr)))", "a pr"),
            ("(a pr and b pr) or (c pr)", "a pr and b pr or c pr"),
            ("a pr and (b pr or c pr)", "a pr and (b pr or c pr)"),
            ("NOT(a pr OR b pr)", "not (a pr or b pr)"),
            ("not (not (a pr))", "not (not (a pr))"),
            (
                "a [ b pr and ( c pr or d pr ) ]",
                "a[b pr and (c pr or d pr)]",
            ),
        ] {
            assert_eq!(printed(text), shown);
        }
    }

    #[test]
    fn values_print_as_json() {
        for (text, shown) in [
            (
                r#"a eq "\"\\\/\u00e9\u0000\ud83d\ude00""#,
                r#"a eq "\"\\/é\u0000😀""#,
            ),
            ("a eq -0", "a eq -0.0"),
            ("a eq 1E2", "a eq 100.0"),
            ("a eq 18446744073709551615", "a eq 18446744073709551615"),
            ("a eq -9223372036854775808", "a eq -9223372036854775808"),
            ("a eq TRUE and b ne Null", "a eq true and b ne null"),
        ] {
            assert_eq!(printed(text), shown);
        }
    }

    #[test]
    fn the_examples_of_the_rfc_print_as_they_are() {
        for text in [
            r#"userName eq "bjensen""#,
            r#"name.familyName co "O'Malley""#,
            r#"userName sw "J""#,
            r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#,
            "title pr",
            r#"meta.lastModified gt "2011-05-13T04:42:34Z""#,
            r#"meta.lastModified ge "2011-05-13T04:42:34Z""#,
            r#"meta.lastModified lt "2011-05-13T04:42:34Z""#,
            r#"meta.lastModified le "2011-05-13T04:42:34Z""#,
            r#"title pr and userType eq "Employee""#,
            r#"title pr or userType eq "Intern""#,
            r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
            r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
            r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#,
            r#"userType eq "Employee" and emails.type eq "work""#,
            r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#,
            r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#,
        ] {
            assert_eq!(printed(text), text);
        }
    }
}
