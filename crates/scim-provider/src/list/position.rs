use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use scim_version::ScimVersion;
use serde::{Deserialize, Serialize};

use super::{Cursor, ListQuery};
use crate::ProviderError;
use crate::filter::SortValue;

/// The form of cursors that is written and read here.
const FORM: u8 = 1;

/// How many characters of a digest tell lists apart: 66 bits, against mistakes, not malice.
const DIGEST: usize = 11;

/// The place of a resource in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// By what it is sorted; absent in a list that is not.
    pub(super) key: SortValue,
    /// The number of its type among those of the list.
    pub(crate) rank: usize,
    pub(crate) id: String,
}

/// Which list a cursor belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListDigest(String);

impl ListDigest {
    /// Of the list of these types, with the filter and order of `query`.
    pub(super) fn of(resource_types: &[&str], query: &ListQuery) -> Self {
        let filter = query.filter().map(ToString::to_string);
        let (path, order) = query.sort().unzip();
        let order = order.map(|order| format!("{order:?}"));
        // How many types there are keeps them apart from what follows.
        let count = resource_types.len().to_string();
        let texts = [
            filter.as_deref(),
            path.map(|path| path.as_str()),
            order.as_deref(),
        ];
        let types = resource_types.iter().map(|name| name.as_bytes());
        let texts = texts.iter().flat_map(|text| {
            let there: &[u8] = if text.is_some() { b"1" } else { b"0" };
            [there, text.unwrap_or_default().as_bytes()]
        });
        let parts = [count.as_bytes()].into_iter().chain(types).chain(texts);
        let mut digest = ScimVersion::from_parts(parts).to_string();
        digest.truncate(DIGEST);
        Self(digest)
    }

    /// The cursor behind `position`, or before the first resource.
    pub(super) fn cursor(&self, position: Option<&Position>) -> Cursor {
        let wire = (FORM, &self.0, position);
        let json = serde_json::to_vec(&wire).expect("numbers and texts are JSON");
        // Bounded, since ids and keys are: see `MAX_LEN`.
        Cursor::of(URL_SAFE_NO_PAD.encode(json))
    }

    /// Where `cursor` stands.
    pub(super) fn position(&self, cursor: &Cursor) -> Result<Option<Position>, ProviderError> {
        let json = URL_SAFE_NO_PAD.decode(cursor.as_str()).ok();
        let wire = json.and_then(|json| serde_json::from_slice(&json).ok());
        match wire {
            Some((FORM, digest, position)) if digest == self.0 => Ok(position),
            Some::<(u8, String, _)>(_) | None => Err(ProviderError::InvalidCursor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ProviderErrorKind, SortOrder};

    fn position() -> Position {
        Position {
            key: SortValue::absent(),
            rank: 0,
            id: "2819c223".into(),
        }
    }

    fn queries() -> Vec<ListQuery> {
        let all = ListQuery::new;
        let sorted = |path: &str, order| all().with_sort(path.parse().unwrap(), order);
        vec![
            all(),
            all().with_filter("id pr".parse().unwrap()),
            all().with_filter("title pr".parse().unwrap()),
            sorted("title", SortOrder::Ascending),
            sorted("title", SortOrder::Descending),
            sorted("id", SortOrder::Ascending),
        ]
    }

    #[test]
    fn a_cursor_goes_round_in_its_own_list_and_in_no_other() {
        let types = [
            &["User"][..],
            &["Group"],
            &["User", "Group"],
            &["Group", "User"],
            &[],
        ];
        let lists: Vec<_> = types
            .into_iter()
            .flat_map(|types| {
                queries()
                    .into_iter()
                    .map(|query| ListDigest::of(types, &query))
            })
            .collect();
        for (n, list) in lists.iter().enumerate() {
            for position in [None, Some(position())] {
                let cursor = list.cursor(position.as_ref());
                assert_eq!(list.position(&cursor).unwrap(), position);
                for other in lists
                    .iter()
                    .enumerate()
                    .filter(|(m, _)| *m != n)
                    .map(|(_, it)| it)
                {
                    let error = other.position(&cursor).unwrap_err();
                    assert_eq!(error.kind(), ProviderErrorKind::InvalidCursor);
                }
            }
        }
    }

    #[test]
    fn neither_count_nor_view_nor_start_is_part_of_the_list() {
        let query = ListQuery::new();
        let other = query
            .clone()
            .with_count(5)
            .with_start_index(7)
            .with_view(crate::View::document());
        assert_eq!(
            ListDigest::of(&["User"], &query),
            ListDigest::of(&["User"], &other)
        );
    }

    #[test]
    fn what_is_no_cursor_of_ours_is_refused() {
        let list = ListDigest::of(&["User"], &ListQuery::new());
        let whole = list.cursor(Some(&position())).to_string();
        let encoded = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let digest = &list.0;
        for text in [
            "x".into(),
            "VZUTiyhEQJ94IR".into(),
            "~".into(),
            whole[..whole.len() - 1].into(),
            format!("{whole}A"),
            encoded("{}"),
            encoded(&format!(r#"[2,"{digest}",null]"#)),
            encoded(&format!(r#"[1,"{digest}",["a"]]"#)),
            encoded(&format!(
                r#"[1,"{digest}",{{"key":null,"rank":-1,"id":"a"}}]"#
            )),
            encoded(&"[".repeat(3000)),
        ] {
            let cursor = text.parse().unwrap();
            let error = list.position(&cursor).unwrap_err();
            assert_eq!(error.kind(), ProviderErrorKind::InvalidCursor, "{text}");
        }
    }
}
