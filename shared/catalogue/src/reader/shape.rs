//! What a value of the file must be, as far as a JSON Schema can say it; and that schema, of Draft 4: editors' support for
//! TOML goes no further.

use std::fmt::Write as _;

/// What a value must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text(TextShape),
    Words(Vec<&'static str>),
    Yes,
    Number(i64, i64),
    /// A list that is not empty.
    List(Box<Self>),
    Table(TableShape),
    /// Anything: it has a language of its own.
    Any,
    /// Any table, likewise.
    AnyTable,
    Either(Vec<Self>),
}

/// What a text must be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TextShape {
    pub(super) least: usize,
    pub(super) most: Option<usize>,
    pub(super) pattern: Option<&'static str>,
}

/// What a table must be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TableShape {
    pub(super) keys: Vec<(&'static str, Shape)>,
    pub(super) rules: Vec<Rule>,
    /// What stands under the user's own keys, and what those must look like.
    pub(super) any: Option<(Option<&'static str>, Box<Shape>)>,
    /// How many entries there must be, and may be.
    pub(super) entries: (usize, Option<usize>),
}

/// What must be true of several keys of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// These are there.
    Needs(&'static [&'static str]),
    /// Of these groups, keys of one at most.
    AtMostOne(&'static [&'static [&'static str]]),
    /// All keys of one of these groups.
    AllOfOne(&'static [&'static [&'static str]]),
    /// Where the first is, the second is.
    Follows(&'static str, &'static str),
}

impl Shape {
    /// One of these; what says the same twice says it once.
    pub(super) fn either(ways: Vec<Self>) -> Self {
        let mut different: Vec<Self> = Vec::new();
        for way in ways {
            if !different.contains(&way) {
                different.push(way);
            }
        }
        match <[Self; 1]>::try_from(different) {
            Ok([one]) => one,
            Err(several) => Self::Either(several),
        }
    }

    pub(super) fn json(&self) -> Json {
        match self {
            Self::Text(text) => text.json(),
            Self::Words(words) => object([("enum", Json::texts(words.iter().copied()))]),
            Self::Yes => object([("enum", Json::List(vec![Json::Raw("true".into())]))]),
            Self::Number(from, to) => object([
                ("type", Json::text("integer")),
                ("minimum", Json::Raw(from.to_string())),
                ("maximum", Json::Raw(to.to_string())),
            ]),
            Self::List(item) => object([
                ("type", Json::text("array")),
                ("minItems", Json::number(1)),
                ("items", item.json()),
            ]),
            Self::Table(table) => table.json(),
            Self::Any => object([]),
            Self::AnyTable => object([("type", Json::text("object"))]),
            Self::Either(ways) => {
                object([("anyOf", Json::List(ways.iter().map(Self::json).collect()))])
            }
        }
    }
}

impl TextShape {
    fn json(&self) -> Json {
        let mut json = vec![("type", Json::text("string"))];
        if self.least > 0 {
            json.push(("minLength", Json::number(self.least)));
        }
        json.extend(self.most.map(|most| ("maxLength", Json::number(most))));
        json.extend(self.pattern.map(|pattern| ("pattern", Json::text(pattern))));
        object(json)
    }
}

impl TableShape {
    /// The schema of the table, with these in place of the schemas of keys that are defined elsewhere.
    pub(super) fn json_with(&self, shared: impl Fn(&'static str) -> Option<Json>) -> Json {
        let properties: Vec<_> = (self.keys.iter())
            .map(|(key, shape)| (*key, shared(key).unwrap_or_else(|| shape.json())))
            .collect();
        let mut json = vec![("type", Json::text("object"))];
        if !properties.is_empty() {
            json.push(("properties", object(properties)));
        }
        match &self.any {
            Some((Some(pattern), shape)) => {
                json.push(("patternProperties", object([(*pattern, shape.json())])));
                json.push(("additionalProperties", Json::Raw("false".into())));
            }
            Some((None, shape)) => json.push(("additionalProperties", shape.json())),
            None => json.push(("additionalProperties", Json::Raw("false".into()))),
        }
        let (least, most) = self.entries;
        if least > 0 {
            json.push(("minProperties", Json::number(least)));
        }
        json.extend(most.map(|most| ("maxProperties", Json::number(most))));
        let rules: Vec<Json> = self.rules.iter().map(|rule| rule.json()).collect();
        if !rules.is_empty() {
            json.push(("allOf", Json::List(rules)));
        }
        object(json)
    }

    fn json(&self) -> Json {
        self.json_with(|_| None)
    }
}

impl Rule {
    fn json(self) -> Json {
        let required =
            |keys: &[&'static str]| object([("required", Json::texts(keys.iter().copied()))]);
        match self {
            Self::Needs(keys) => required(keys),
            Self::AllOfOne(groups) => object([(
                "anyOf",
                Json::List(groups.iter().map(|group| required(group)).collect()),
            )]),
            Self::AtMostOne(groups) => {
                let mut pairs = Vec::new();
                for (index, group) in groups.iter().enumerate() {
                    for other in groups[index + 1..].iter().copied().flatten() {
                        pairs.extend(group.iter().map(|key| required(&[key, other])));
                    }
                }
                object([("not", object([("anyOf", Json::List(pairs))]))])
            }
            Self::Follows(key, other) => {
                object([("dependencies", object([(key, Json::texts([other]))]))])
            }
        }
    }
}

/// A JSON value that is written and never read.
#[derive(Clone, Debug)]
pub(super) enum Json {
    /// A number, `true` or `false`.
    Raw(String),
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

pub(super) fn object<'a>(entries: impl IntoIterator<Item = (&'a str, Json)>) -> Json {
    let entries = entries.into_iter();
    Json::Object(entries.map(|(key, json)| (key.to_owned(), json)).collect())
}

impl Json {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    fn number(number: usize) -> Self {
        Self::Raw(number.to_string())
    }

    fn is_plain(&self) -> bool {
        matches!(self, Self::Raw(_) | Self::Text(_))
    }

    /// Writes the value, with what holds others on several lines.
    pub(super) fn write(&self, indent: usize, to: &mut String) {
        let (open, close, items): (_, _, Vec<(Option<&str>, &Self)>) = match self {
            Self::Raw(text) => {
                to.push_str(text);
                return;
            }
            Self::Text(text) => {
                quoted(text, to);
                return;
            }
            Self::List(items) => ('[', ']', items.iter().map(|item| (None, item)).collect()),
            Self::Object(entries) => (
                '{',
                '}',
                entries
                    .iter()
                    .map(|(key, item)| (Some(key.as_str()), item))
                    .collect(),
            ),
        };
        let is_short = items.iter().all(|(_, item)| item.is_plain()) && items.len() <= 8;
        to.push(open);
        for (index, (key, item)) in items.iter().enumerate() {
            if index > 0 {
                to.push(',');
            }
            match (is_short, index) {
                (false, _) => {
                    to.push('\n');
                    to.push_str(&"  ".repeat(indent + 1));
                }
                (true, 0) => {}
                (true, _) => to.push(' '),
            }
            if let Some(key) = key {
                quoted(key, to);
                to.push_str(": ");
            }
            item.write(indent + 1, to);
        }
        if !is_short {
            to.push('\n');
            to.push_str(&"  ".repeat(indent));
        }
        to.push(close);
    }
}

#[cfg(test)]
impl Json {
    /// Writes the value on a line of its own.
    pub(super) fn write_line(&self, to: &mut String) {
        let mut text = String::new();
        self.write(0, &mut text);
        // Line ends within texts are written as escapes.
        to.push_str(&text.replace('\n', " "));
        to.push('\n');
    }
}

fn quoted(text: &str, to: &mut String) {
    to.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                to.push('\\');
                to.push(character);
            }
            '\0'..='\u{1f}' => {
                // Writing into a text can't fail.
                let _ = write!(to, "\\u{:04x}", u32::from(character));
            }
            _ => to.push(character),
        }
    }
    to.push('"');
}
