//! The fields of a form or of a URL's query, as browsers write them.

use form_urlencoded::{Serializer, parse};

/// Names with their values, in their order; a name may stand several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn read(text: &[u8]) -> Self {
        let pairs = parse(text).into_owned();
        Self(pairs.collect())
    }

    /// The first value of this name that says something, without blanks around it; or none.
    pub(super) fn one(&self, name: &str) -> &str {
        let said = |(of, value): &&(String, String)| of == name && !value.trim().is_empty();
        self.0
            .iter()
            .find(said)
            .map_or("", |(_, value)| value.trim())
    }

    /// The values of this name that say something.
    pub(super) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let of_name = self.0.iter().filter(move |(of, _)| of == name);
        let texts = of_name.map(|(_, value)| value.trim());
        texts.filter(|value| !value.is_empty())
    }

    /// The first value of this name, as it was written.
    pub(super) fn exact(&self, name: &str) -> &str {
        let mut fields = self.0.iter();
        fields
            .find(|(of, _)| of == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// Those of these names.
    pub(super) fn only(&self, names: &[&str]) -> Self {
        let wanted = |(name, value): &&(String, String)| {
            names.contains(&name.as_str()) && !value.trim().is_empty()
        };
        Self(self.0.iter().filter(wanted).cloned().collect())
    }

    /// The same with this value alone under this name.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(of, _)| of != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A URL of this page with these as its query.
    pub(super) fn at(&self, path: &str) -> String {
        if self.0.is_empty() {
            return path.to_owned();
        }
        let query = Serializer::new(String::new())
            .extend_pairs(self.iter())
            .finish();
        format!("{path}?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_back_from_a_url_as_they_were() {
        let fields = Fields::default()
            .with("source", "a b")
            .with("text", "&=\u{e9}#%")
            .with("source", "c");
        let url = fields.at("/events");
        let (path, query) = url.split_once('?').unwrap_or_default();
        assert_eq!(path, "/events");
        assert!(!query.contains('#'));
        assert_eq!(Fields::read(query.as_bytes()), fields);
        assert_eq!(fields.one("source"), "c");
        assert_eq!(Fields::default().at("/"), "/");
    }

    #[test]
    fn what_says_nothing_is_not_there_and_other_names_are_left_out() {
        let fields = Fields::read(b"a=+&a=1&b=2&c=+x");
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1"]);
        assert_eq!((fields.exact("c"), fields.one("c")), (" x", "x"));
        assert_eq!(fields.only(&["a"]), Fields::default().with("a", "1"));
    }
}
