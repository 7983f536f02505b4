use std::borrow::Cow;

/// `text` without the difference between upper and lower case.
///
/// Each character is folded by itself (which is where this differs from
/// [`str::to_lowercase`], whose final sigma depends on its neighbours), so that the
/// beginning of a folded text is the folded beginning of the text.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|octet| octet.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        }
    } else {
        let fold = |c: char| match c {
            'ς' => 'σ',
            other => other,
        };
        Cow::Owned(
            text.chars()
                .flat_map(char::to_lowercase)
                .map(fold)
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_folded_beyond_ascii() {
        for (a, b) in [
            ("BJensen", "bjensen"),
            ("ÅSA", "åsa"),
            ("ΟΔΟΣ", "οδος"),
            ("ПЁТР", "пётр"),
        ] {
            assert_eq!(fold(a), fold(b));
        }
        assert_ne!(fold("a"), fold("á"));
    }

    #[test]
    fn folding_twice_is_folding_once_and_goes_by_character() {
        for text in ["İstanbul", "ΑΣΑ", "straße", "ẞ", "𐐀"] {
            assert_eq!(fold(&fold(text)), fold(text));
            let (head, tail) = text.split_at(text.chars().next().unwrap().len_utf8());
            assert_eq!(format!("{}{}", fold(head), fold(tail)), fold(text));
        }
    }
}
