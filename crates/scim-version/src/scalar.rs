//! Numbers and strings of canonical JSON.

use serde_json::Number;

use crate::sink::Sink;

pub(crate) fn write_number(number: &Number, out: &mut impl Sink) {
    if let Some(integer) = number.as_u64() {
        out.put(itoa::Buffer::new().format(integer).as_bytes());
    } else if let Some(integer) = number.as_i64() {
        out.put(itoa::Buffer::new().format(integer).as_bytes());
    } else if let Some(float) = number.as_f64().filter(|float| float.is_finite()) {
        if is_beside_integers(float) {
            // `.0` prints every digit.
            out.put(format!("{float:.0}").as_bytes());
        } else {
            out.put(ryu_js::Buffer::new().format_finite(float).as_bytes());
        }
    } else {
        // Only with serde_json's `arbitrary_precision`, which another crate may turn on: beyond the range of `f64`.
        out.put(number.to_string().as_bytes());
    }
}

/// Whether ECMAScript's shortest digits could be those of another integer: from 2⁵³, where `f64` begins to pass over
/// integers, to 2⁶⁴, where JSON integers end.
fn is_beside_integers(float: f64) -> bool {
    (9_007_199_254_740_992.0..18_446_744_073_709_551_616.0).contains(&float.abs())
}

pub(crate) fn write_string(string: &str, out: &mut impl Sink) {
    let mut rest = string.as_bytes();
    out.put(b"\"");
    while let Some(position) = first_escaped(rest) {
        out.put(&rest[..position]);
        write_escape(rest[position], out);
        rest = &rest[position + 1..];
    }
    out.put(rest);
    out.put(b"\"");
}

/// How many octets are looked at in one go, without a branch for each; compilers turn that into a vector instruction.
const STRIDE: usize = 8;

fn first_escaped(octets: &[u8]) -> Option<usize> {
    let (strides, _) = octets.as_chunks::<STRIDE>();
    let clean = strides
        .iter()
        .take_while(|stride| {
            !stride
                .iter()
                .fold(false, |any, &octet| any | is_escaped(octet))
        })
        .count();
    let seen = clean * STRIDE;
    let found = octets[seen..].iter().position(|&octet| is_escaped(octet));
    found.map(|position| seen + position)
}

const fn is_escaped(octet: u8) -> bool {
    (octet < 0x20) | (octet == b'"') | (octet == b'\\')
}

#[cold]
fn write_escape(octet: u8, out: &mut impl Sink) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match octet {
        b'"' => out.put(b"\\\""),
        b'\\' => out.put(b"\\\\"),
        0x08 => out.put(b"\\b"),
        b'\t' => out.put(b"\\t"),
        b'\n' => out.put(b"\\n"),
        0x0C => out.put(b"\\f"),
        b'\r' => out.put(b"\\r"),
        _ => {
            let (high, low) = (usize::from(octet >> 4), usize::from(octet & 0xF));
            out.put(&[b'\\', b'u', b'0', b'0', HEX[high], HEX[low]]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(string: &str) -> String {
        let mut out = Vec::new();
        write_string(string, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_escape_is_found_wherever_it_stands() {
        for length in 0..3 * STRIDE {
            for position in 0..length {
                let mut text = "x".repeat(length);
                text.replace_range(position..=position, "\n");
                let expected = format!("\"{}\"", text.replace('\n', "\\n"));
                assert_eq!(written(&text), expected);
            }
        }
    }

    #[test]
    fn only_what_rfc_8785_names_is_escaped() {
        for char in ('\0'..='\u{ff}').chain(['\u{2028}', '\u{fffe}', '😂']) {
            let expected = match char {
                '"' | '\\' => format!("\\{char}"),
                '\u{8}' => "\\b".to_owned(),
                '\t' => "\\t".to_owned(),
                '\n' => "\\n".to_owned(),
                '\u{c}' => "\\f".to_owned(),
                '\r' => "\\r".to_owned(),
                '\0'..='\u{1f}' => format!("\\u{:04x}", u32::from(char)),
                _ => char.to_string(),
            };
            assert_eq!(written(&char.to_string()), format!("\"{expected}\""));
        }
    }
}
