use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserializer;
use serde::de::{Error, SeqAccess, Visitor};

/// Reads an option of the configuration file the way its flag is read: from text, with
/// TOML's numbers and booleans standing for how they are written.
pub(super) fn one<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    deserializer.deserialize_any(Text(PhantomData)).map(Some)
}

/// Reads an option that may be given more than once: an array, or one value alone.
pub(super) fn many<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    deserializer.deserialize_any(Texts(PhantomData)).map(Some)
}

struct Text<T>(PhantomData<T>);

impl<'de, T: FromStr<Err: Display>> Visitor<'de> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a whole number or a boolean")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
        self.visit_str(if value { "true" } else { "false" })
    }
}

struct Texts<T>(PhantomData<T>);

impl<'de, T: FromStr<Err: Display>> Visitor<'de> for Texts<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an array of strings")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        Ok(vec![Text(PhantomData).visit_str(text)?])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(Element(PhantomData))? {
            all.push(item);
        }
        Ok(all)
    }
}

struct Element<T>(PhantomData<T>);

impl<'de, T: FromStr<Err: Display>> serde::de::DeserializeSeed<'de> for Element<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(Text(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct File {
        #[serde(default, deserialize_with = "one")]
        one: Option<u16>,
        #[serde(default, deserialize_with = "many")]
        many: Option<Vec<u16>>,
    }

    fn read(text: &str) -> Result<File, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn numbers_may_be_written_with_or_without_quotes() {
        assert_eq!(read("one = 7").unwrap().one, Some(7));
        assert_eq!(read("one = '7'").unwrap().one, Some(7));
        assert!(read("one = 70000").is_err());
        assert!(read("one = 1.5").is_err());
    }

    #[test]
    fn a_list_may_be_one_value_alone() {
        assert_eq!(read("many = '1'").unwrap().many, Some(vec![1]));
        assert_eq!(read("many = ['1', '2']").unwrap().many, Some(vec![1, 2]));
        assert_eq!(read("many = []").unwrap().many, Some(vec![]));
        assert!(read("many = ['x']").is_err());
    }

    #[test]
    fn what_is_absent_is_none() {
        let file = read("").unwrap();
        assert!(file.one.is_none() && file.many.is_none());
    }
}
