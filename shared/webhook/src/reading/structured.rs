//! Structured fields (RFC 9651) as far as HTTP message signatures have them: dictionaries whose members are inner lists of
//! names, with parameters.

/// A member of a dictionary: `label=("name" "name";parameter="text");created=1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member<'t> {
    /// What it is called.
    pub(crate) label: &'t str,
    /// The names in its list.
    pub(crate) items: Vec<Item<'t>>,
    /// The parameters of the list; of two of one name the last counts, as the standard has it.
    pub(crate) parameters: Vec<(&'t str, Bare<'t>)>,
    /// The list and its parameters as they were sent.
    pub(crate) text: &'t str,
}

/// A name in a list, and its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item<'t> {
    pub(crate) name: &'t str,
    pub(crate) parameters: Vec<(&'t str, Bare<'t>)>,
    /// The item as it was sent.
    pub(crate) text: &'t str,
}

/// A value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bare<'t> {
    /// A text between quotes, in which nothing is escaped.
    Text(&'t str),
    /// An integer, as it was written.
    Integer(&'t str),
    /// Something else: a token, bytes, a truth.
    Other(&'t str),
}

/// How many members are read, and how many names each may list.
const MOST: usize = 32;

/// The members of a dictionary of lists. `None` where it is none, or has one label twice.
pub(crate) fn members(text: &str) -> Option<Vec<Member<'_>>> {
    let mut reader = Reader(text.trim_matches([' ', '\t']));
    let mut members: Vec<Member<'_>> = Vec::new();
    loop {
        let member = reader.member()?;
        if members.len() == MOST || members.iter().any(|other| other.label == member.label) {
            return None;
        }
        members.push(member);
        reader.skip_blanks();
        if reader.0.is_empty() {
            return Some(members);
        }
        reader.take(',')?;
        reader.skip_blanks();
    }
}

/// The entries of a dictionary whose values are bytes, `sha-256=:…:`, as names and base64.
pub(crate) fn bytes(text: &str) -> Option<Vec<(&str, &str)>> {
    let read = |entry: &'_ str| -> Option<(usize, usize)> {
        let (name, value) = entry.split_once('=')?;
        let inner = value.strip_prefix(':')?.strip_suffix(':')?;
        let is_base64 = |b: u8| b.is_ascii_alphanumeric() || b"+/=".contains(&b);
        (is_key(name) && inner.bytes().all(is_base64)).then_some((name.len(), inner.len()))
    };
    let mut entries = Vec::new();
    for entry in text.split(',') {
        let entry = entry.trim_matches([' ', '\t']);
        let (name, value) = read(entry)?;
        entries.push((&entry[..name], &entry[name + 2..name + 2 + value]));
    }
    Some(entries)
}

impl<'t> Member<'t> {
    /// The parameter of this name.
    pub(crate) fn parameter(&self, name: &str) -> Option<Bare<'t>> {
        let mut found = self.parameters.iter().rev();
        found.find(|(of, _)| *of == name).map(|(_, value)| *value)
    }
}

impl<'t> Bare<'t> {
    /// What it says, without quotes.
    pub(crate) const fn text(self) -> &'t str {
        match self {
            Self::Text(text) | Self::Integer(text) | Self::Other(text) => text,
        }
    }
}

fn is_key(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_lowercase() || first == b'*')
        && bytes.all(is_of_keys)
}

fn is_of_keys(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.*".contains(&byte)
}

/// What is left of the text.
struct Reader<'t>(&'t str);

impl<'t> Reader<'t> {
    fn skip_blanks(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t']);
    }

    fn take(&mut self, mark: char) -> Option<()> {
        self.0 = self.0.strip_prefix(mark)?;
        Some(())
    }

    fn while_(&mut self, fits: impl Fn(u8) -> bool) -> &'t str {
        let end = self.0.bytes().take_while(|byte| fits(*byte)).count();
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    /// What was read since the text was this.
    fn since(&self, before: &'t str) -> &'t str {
        &before[..before.len() - self.0.len()]
    }

    fn key(&mut self) -> Option<&'t str> {
        let key = self.while_(is_of_keys);
        is_key(key).then_some(key)
    }

    fn member(&mut self) -> Option<Member<'t>> {
        let label = self.key()?;
        self.take('=')?;
        let before = self.0;
        self.take('(')?;
        let mut items = Vec::new();
        loop {
            self.0 = self.0.trim_start_matches(' ');
            if self.take(')').is_some() {
                break;
            }
            if items.len() == MOST {
                return None;
            }
            items.push(self.item()?);
            if !self.0.starts_with([' ', ')']) {
                return None;
            }
        }
        let parameters = self.parameters()?;
        Some(Member {
            label,
            items,
            parameters,
            text: self.since(before),
        })
    }

    fn item(&mut self) -> Option<Item<'t>> {
        let before = self.0;
        let name = self.quoted()?;
        let parameters = self.parameters()?;
        Some(Item {
            name,
            parameters,
            text: self.since(before),
        })
    }

    fn parameters(&mut self) -> Option<Vec<(&'t str, Bare<'t>)>> {
        let mut parameters = Vec::new();
        while self.take(';').is_some() {
            self.0 = self.0.trim_start_matches(' ');
            let name = self.key()?;
            let value = if self.take('=').is_some() {
                self.bare()?
            } else {
                Bare::Other("?1")
            };
            if parameters.len() == MOST {
                return None;
            }
            parameters.push((name, value));
        }
        Some(parameters)
    }

    /// A text between quotes. One with an escape isn't read: no name of a header has any.
    fn quoted(&mut self) -> Option<&'t str> {
        self.take('"')?;
        let text = self.while_(|byte| matches!(byte, b' '..=b'~') && !b"\"\\".contains(&byte));
        self.take('"')?;
        Some(text)
    }

    fn bare(&mut self) -> Option<Bare<'t>> {
        let first = *self.0.as_bytes().first()?;
        match first {
            b'"' => self.quoted().map(Bare::Text),
            b'-' | b'0'..=b'9' => {
                let digits = self.while_(|byte| byte == b'-' || byte.is_ascii_digit());
                let is_integer = (1..=15).contains(&digits.trim_start_matches('-').len())
                    && !digits[1..].contains('-')
                    && !self.0.starts_with('.');
                is_integer.then_some(Bare::Integer(digits))
            }
            _ => {
                let other = self.while_(|byte| {
                    byte.is_ascii_alphanumeric() || b":+/=?*!#$%&'-.^_`|~".contains(&byte)
                });
                (!other.is_empty()).then_some(Bare::Other(other))
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_dictionary_of_lists_is_taken_apart() {
        // RFC 9421, appendix B.2.2, and a second member.
        let text = r#"sig-b22=("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example",  b=();x"#;
        let found = members(text).unwrap();
        let [first, second] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(first.label, "sig-b22");
        let names: Vec<_> = first.items.iter().map(|item| item.text).collect();
        assert_eq!(
            names,
            [
                r#""@authority""#,
                r#""content-digest""#,
                r#""@query-param";name="Pet""#
            ]
        );
        assert_eq!(first.items[2].parameters, [("name", Bare::Text("Pet"))]);
        assert_eq!(
            first.parameter("created"),
            Some(Bare::Integer("1618884473"))
        );
        assert_eq!(first.parameter("expires"), None);
        assert!(text.contains(first.text) && first.text.starts_with("(\"@auth"));
        assert_eq!((second.label, second.text), ("b", "();x"));
    }

    #[test]
    fn what_is_no_dictionary_of_lists_is_not_read() {
        for text in [
            "",
            "a",
            "a=",
            "a=1",
            "a=(",
            "a=(b)",
            r#"a=("b""#,
            r#"a=("b"c)"#,
            r#"a=("b""c")"#,
            r#"a=("b\"c")"#,
            r#"A=("b")"#,
            r#"a=("b");"#,
            r#"a=("b");C=1"#,
            r#"a=("b");c="#,
            r#"a=("b");c=1.5"#,
            r#"a=("b");c=1-2"#,
            r#"a=("b"),"#,
            r#"a=("b") c=()"#,
            r#"a=("b"),a=("c")"#,
            "a=(\"\u{e9}\")",
        ] {
            assert_eq!(members(text), None, "{text}");
        }
        let long = format!("a=({})", r#""b" "#.repeat(MOST + 1));
        assert_eq!(members(&long), None);
    }

    #[test]
    fn a_dictionary_of_bytes_is_names_and_base64() {
        assert_eq!(
            bytes("sha-256=:YQ==:, sha-512=:Yg==:").unwrap(),
            [("sha-256", "YQ=="), ("sha-512", "Yg==")]
        );
        for text in [
            "",
            "sha-256",
            "sha-256=YQ==",
            "sha-256=:YQ==",
            "sha-256=:a b:",
            "sha-256=:YQ==:,",
            "SHA=:YQ==:",
        ] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }
}
