/// Rows of octets as one parameter, whatever their number: the text of a JSON array of arrays, in
/// hexadecimal, which each server takes apart (see [`Dialect::table`](crate::dialect::Dialect::table)).
#[derive(Debug)]
pub(crate) struct Table {
    text: String,
    rows: u64,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new() -> Self {
        Self {
            text: String::from("[]"),
            rows: 0,
        }
    }

    /// The table of these rows.
    pub(crate) fn of<'a, const N: usize>(
        rows: impl IntoIterator<Item = [Option<&'a [u8]>; N]>,
    ) -> Self {
        let mut table = Self::new();
        for row in rows {
            table.push(row);
        }
        table
    }

    /// A row more.
    pub(crate) fn push<const N: usize>(&mut self, row: [Option<&[u8]>; N]) {
        // The bracket that ends the table.
        self.text.pop();
        self.text.push_str(if self.rows == 0 { "[" } else { ",[" });
        for (n, field) in row.into_iter().enumerate() {
            if n > 0 {
                self.text.push(',');
            }
            match field {
                None => self.text.push_str("null"),
                Some(octets) => {
                    self.text.push('"');
                    self.text.extend(octets.iter().flat_map(hexadecimal));
                    self.text.push('"');
                }
            }
        }
        self.text.push_str("]]");
        self.rows += 1;
    }

    /// How many rows there are.
    pub(crate) const fn rows(&self) -> u64 {
        self.rows
    }

    /// What is passed to the server.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

fn hexadecimal(octet: &u8) -> [char; 2] {
    let digit = |digit: u8| {
        char::from(match digit {
            0..=9 => b'0' + digit,
            _ => b'a' - 10 + digit,
        })
    };
    [digit(octet >> 4), digit(octet & 15)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_arrays_of_hexadecimal() {
        assert_eq!(Table::new().text(), "[]");
        let table = Table::of([
            [Some(&b"\"\x00"[..]), None],
            [Some(b""), Some("ä".as_bytes())],
        ]);
        assert_eq!(table.text(), r#"[["2200",null],["","c3a4"]]"#);
        assert_eq!(table.rows(), 2);
    }
}
