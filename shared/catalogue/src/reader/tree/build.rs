//! Builds the tree of a sound file from the parser's events.
//!
//! TOML lets a table be continued further down, in some cases. Here that can be done with a section, and with what the last
//! header is in: `[sources.shop]`, `[routes.paid]`, `[sources.desk]`, `[sources.desk.live]`. What else is there twice is left
//! to `toml`.

use std::{borrow::Cow, mem};

use toml_parser::{
    ParseError, Raw, Source,
    decoder::{Encoding, ScalarKind},
    lexer::{Token, TokenKind},
    parser::{Event, EventKind, EventReceiver, RecursionGuard, ValidateWhitespace, parse_document},
};

use super::{Entry, Kind, Node, kept};

/// How deep values may be in each other, and how many names a key may have: `toml`'s own limits.
const DEEPEST: u32 = 80;

/// What is in a file, if nothing is wrong with it and nothing is left to `toml`.
pub(super) fn sound(text: &'static str) -> Option<Vec<Entry>> {
    let source = Source::new(text);
    let mut fault: Option<ParseError> = None;
    let mut builder = Builder::of(source);
    let mut take = |event: Event| builder.take(&event);
    let mut validated = ValidateWhitespace::new(&mut take, source);
    let mut guarded = RecursionGuard::new(&mut validated, DEEPEST);
    parse(source, &mut guarded, &mut fault);
    let entries = builder.finish();
    entries.filter(|_| fault.is_none())
}

/// Parses one table after the other, for the tokens of a whole file take several times as much room as the file. Between two
/// tables the parser keeps nothing in mind.
fn parse(source: Source<'_>, events: &mut dyn EventReceiver, fault: &mut Option<ParseError>) {
    let mut tokens: Vec<Token> = Vec::new();
    // How many brackets are open. Where more are closed than opened the parser finds a fault.
    let mut open = 0_usize;
    for token in source.lex() {
        let kind = token.kind();
        let is_first = || (tokens.last()).is_some_and(|last| last.kind() == TokenKind::Newline);
        if kind == TokenKind::LeftSquareBracket && open == 0 && is_first() {
            parse_document(&tokens, events, fault);
            tokens.clear();
        }
        match kind {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => open += 1,
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => {
                open = open.saturating_sub(1);
            }
            _ => {}
        }
        tokens.push(token);
    }
    parse_document(&tokens, events, fault);
}

/// What has been read of the file and isn't in the tree yet.
struct Builder {
    source: Source<'static>,
    /// What keeps the file from being built.
    fault: Option<ParseError>,
    /// The names of the keys that wait for their values; or of the header that is being read.
    names: Vec<Name>,
    /// Where that header begins.
    header: usize,
    /// The tables that the last header names, the outermost first.
    headed: Vec<Headed>,
    /// The lists and tables in brackets that aren't closed, the outermost first.
    brackets: Vec<Bracket>,
    /// The entries of all tables that aren't closed, those of the outermost first.
    entries: Vec<Entry>,
    /// The items of all lists that aren't closed, likewise.
    items: Vec<Node>,
    sections: Vec<Section>,
}

#[derive(Clone, Copy)]
struct Name {
    text: &'static str,
    at: usize,
}

/// A table that the last header names.
struct Headed {
    name: Name,
    at: usize,
    /// How many entries there were before it.
    entries: usize,
    header: Header,
}

/// What header a table has.
#[derive(Clone, Copy, PartialEq)]
enum Header {
    /// None: only those of tables in it name it.
    None,
    Single,
    /// In double brackets. Where the first one of its list is, and how many items there were before that.
    Double(usize, usize),
}

/// A list or a table in brackets, and how many there were of each before it.
struct Bracket {
    at: usize,
    is_list: bool,
    names: usize,
    entries: usize,
    items: usize,
}

/// An outermost table without a header: what has been closed in it.
struct Section {
    name: Name,
    entries: Vec<Entry>,
}

/// A key as it stands in the file, if it is a bare one. The parser takes several times as long to say so.
fn plain_key(event: &Event, raw: Raw<'static>) -> Option<&'static str> {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_plain = event.encoding().is_none()
        && !raw.is_empty()
        && raw.as_bytes().iter().copied().all(is_bare);
    is_plain.then(|| raw.as_str())
}

/// A text as it stands in the file between its quotation marks, if nothing in it stands for something else.
fn plain_text(event: &Event, raw: Raw<'static>) -> Option<&'static str> {
    if event.encoding() != Some(Encoding::BasicString) {
        return None;
    }
    let text = raw.as_str().strip_prefix('"')?.strip_suffix('"')?;
    let is_plain = |byte: u8| !byte.is_ascii_control() && byte != b'\\' && byte != b'"';
    text.bytes().all(is_plain).then_some(text)
}

impl Name {
    fn entry(self, node: Node) -> Entry {
        let Self { text: key, at } = self;
        Entry { key, at, node }
    }
}

impl Builder {
    fn of(source: Source<'static>) -> Self {
        Self {
            source,
            fault: None,
            names: Vec::new(),
            header: 0,
            headed: Vec::new(),
            brackets: Vec::new(),
            entries: Vec::new(),
            items: Vec::new(),
            sections: Vec::new(),
        }
    }

    fn take(&mut self, event: &Event) {
        let at = event.span().start();
        match event.kind() {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => self.header = at,
            EventKind::StdTableClose => self.begin(Header::Single),
            EventKind::ArrayTableClose => self.begin(Header::Double(self.header, self.items.len())),
            EventKind::SimpleKey => self.name(event),
            EventKind::Scalar => self.scalar(event),
            EventKind::InlineTableOpen => self.open_bracket(at, false),
            EventKind::ArrayOpen => self.open_bracket(at, true),
            EventKind::InlineTableClose | EventKind::ArrayClose => self.close_bracket(),
            EventKind::Error => self.leave(),
            EventKind::KeySep
            | EventKind::KeyValSep
            | EventKind::ValueSep
            | EventKind::Whitespace
            | EventKind::Comment
            | EventKind::Newline => {}
        }
    }

    /// Leaves the file to `toml`.
    fn leave(&mut self) {
        self.fault = Some(ParseError::new("left to toml"));
    }

    fn name(&mut self, event: &Event) {
        let Some(raw) = self.source.get(event) else {
            return;
        };
        let text = plain_key(event, raw).unwrap_or_else(|| {
            let mut text = Cow::Borrowed("");
            raw.decode_key(&mut text, &mut self.fault);
            kept(text)
        });
        let at = event.span().start();
        self.names.push(Name { text, at });
        if self.names.len() > DEEPEST as usize {
            self.leave();
        }
    }

    fn scalar(&mut self, event: &Event) {
        let Some(raw) = self.source.get(event) else {
            return;
        };
        let at = event.span().start();
        if let Some(text) = plain_text(event, raw) {
            let kind = Kind::Text(text);
            return self.add(Node { at, kind });
        }
        let mut text = Cow::Borrowed("");
        let kind = match raw.decode_scalar(&mut text, &mut self.fault) {
            ScalarKind::String => Kind::Text(kept(text)),
            ScalarKind::Integer(radix) => Kind::integer(&text, radix.value()),
            ScalarKind::Float => Kind::float(&text),
            ScalarKind::Boolean(is) => Kind::Boolean(is),
            ScalarKind::DateTime => return self.leave(),
        };
        self.add(Node { at, kind });
    }

    fn open_bracket(&mut self, at: usize, is_list: bool) {
        self.brackets.push(Bracket {
            at,
            is_list,
            names: self.names.len(),
            entries: self.entries.len(),
            items: self.items.len(),
        });
    }

    fn close_bracket(&mut self) {
        let Some(bracket) = self.brackets.pop() else {
            return;
        };
        let node = if bracket.is_list {
            self.list(bracket.at, bracket.items)
        } else {
            self.table(bracket.at, bracket.entries)
        };
        self.add(node);
    }

    /// Takes a value to the list that it is in, or under the key that waits for it.
    fn add(&mut self, node: Node) {
        let waiting = match self.brackets.last() {
            Some(bracket) if bracket.is_list => return self.items.push(node),
            Some(bracket) => bracket.names,
            None => 0,
        };
        let mut names = self.names.drain(waiting..).rev();
        let Some(last) = names.next() else {
            return;
        };
        let mut entry = last.entry(node);
        for name in names {
            let kind = Kind::Table(vec![entry]);
            entry = name.entry(Node { at: name.at, kind });
        }
        self.entries.push(entry);
    }

    /// Begins the table whose header has been read.
    fn begin(&mut self, header: Header) {
        let both = self.headed.iter().zip(&self.names);
        let open = both.take_while(|(headed, name)| headed.name.text == name.text);
        let open = open.count();
        self.close_to(open);
        if open == self.names.len() {
            self.begin_next(header);
        } else {
            let entries = self.entries.len();
            let begun = self.names.drain(open..).map(|name| Headed {
                name,
                at: name.at,
                entries,
                header: Header::None,
            });
            self.headed.extend(begun);
            if let Some(last) = self.headed.last_mut() {
                last.at = self.header;
                last.header = header;
            }
        }
        self.names.clear();
    }

    /// Begins the next table of the list that the last header named.
    fn begin_next(&mut self, header: Header) {
        match (self.headed.pop(), header) {
            (Some(last), Header::Double(..)) if matches!(last.header, Header::Double(..)) => {
                let node = self.table(last.at, last.entries);
                self.items.push(node);
                let at = self.header;
                self.headed.push(Headed { at, ..last });
            }
            _ => self.leave(),
        }
    }

    /// Closes the tables that the last header names, but for so many.
    fn close_to(&mut self, depth: usize) {
        while self.headed.len() > depth
            && let Some(headed) = self.headed.pop()
        {
            if self.headed.is_empty() && headed.header == Header::None {
                self.leave_section(&headed);
                continue;
            }
            let mut node = self.table(headed.at, headed.entries);
            if let Header::Double(at, items) = headed.header {
                self.items.push(node);
                node = self.list(at, items);
            }
            self.entries.push(headed.name.entry(node));
        }
    }

    /// Keeps what has been read of a section, of which more may come.
    fn leave_section(&mut self, headed: &Headed) {
        let read = self.entries.drain(headed.entries..);
        let mut sections = self.sections.iter_mut();
        match sections.find(|section| section.name.text == headed.name.text) {
            Some(section) => section.entries.extend(read),
            None => self.sections.push(Section {
                name: headed.name,
                entries: read.collect(),
            }),
        }
    }

    fn list(&mut self, at: usize, first: usize) -> Node {
        let kind = Kind::List(self.items.drain(first..).collect());
        Node { at, kind }
    }

    fn table(&mut self, at: usize, first: usize) -> Node {
        let entries = self.entries.drain(first..).collect();
        let kind = Kind::Table(self.sorted(entries));
        Node { at, kind }
    }

    fn sorted(&mut self, mut entries: Vec<Entry>) -> Vec<Entry> {
        entries.sort_unstable_by_key(|entry| entry.key);
        if entries.windows(2).any(|pair| pair[0].key == pair[1].key) {
            self.leave();
        }
        entries
    }

    /// All that has been read.
    fn finish(mut self) -> Option<Vec<Entry>> {
        self.close_to(0);
        for Section { name, entries } in mem::take(&mut self.sections) {
            let kind = Kind::Table(self.sorted(entries));
            let node = Node { at: name.at, kind };
            self.entries.push(name.entry(node));
        }
        let entries = mem::take(&mut self.entries);
        let entries = self.sorted(entries);
        self.fault.is_none().then_some(entries)
    }
}
