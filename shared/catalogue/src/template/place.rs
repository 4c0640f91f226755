//! Where in a delivery a text stands.

/// Where in a delivery a text stands. Several names are alternatives, separated by `|`: the first
/// that is there counts.
///
/// A text may be JSON itself, or JSON in base64, as a header's `{"kid":…,"signature":…}`, or the header of a JSON Web
/// Token: behind `>` stands a path into it, `X-Signature>kid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Header names; they compare without regard to case.
    Header(&'static str),
    /// Dotted paths into the JSON body.
    Json(&'static str),
    /// Fields of a form body, percent-encoded, or multipart where it begins with a boundary.
    Form(&'static str),
    /// Parameters of the query.
    Query(&'static str),
    /// Dotted paths into the claims of the JSON Web Token that the body is; [`WHOLE`] is that token.
    Jwt(&'static str),
}

impl Place {
    /// Reads `header:NAME`, `json:PATH`, `form:FIELD`, `query:NAME` or `jwt:PATH`, alternatives separated by `|`.
    #[must_use]
    pub fn parse(text: &'static str) -> Option<Self> {
        type Of = fn(&'static str) -> Place;
        let kinds: [(&str, Of); 5] = [
            ("header:", Self::Header),
            ("json:", Self::Json),
            ("form:", Self::Form),
            ("query:", Self::Query),
            ("jwt:", Self::Jwt),
        ];
        let (names, of) =
            (kinds.iter()).find_map(|(kind, of)| Some((text.strip_prefix(kind)?, of)))?;
        let has_empty = names.split('|').any(str::is_empty);
        (!has_empty).then(|| of(names))
    }

    /// The alternatives, in the order in which they are tried.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let (Self::Header(names)
        | Self::Json(names)
        | Self::Form(names)
        | Self::Query(names)
        | Self::Jwt(names)) = self;
        names.split('|')
    }

    /// The alternatives without the paths into their texts: the names of headers, fields and parameters.
    pub fn outer_names(self) -> impl Iterator<Item = &'static str> {
        self.names()
            .map(|name| name.split_once(INTO).map_or(name, |(outer, _)| outer))
    }

    /// Whether a path leads into the text.
    #[must_use]
    pub fn leads_into(self) -> bool {
        self.names().any(|name| name.contains(INTO))
    }

    /// Whether the text stands in the body.
    #[must_use]
    pub fn is_in_body(self) -> bool {
        matches!(self, Self::Json(_) | Self::Form(_) | Self::Jwt(_))
    }
}

/// What stands for a token itself, where a path into its claims would stand.
pub const WHOLE: &str = ".";

/// What stands between a name and a path into the text of that name.
pub const INTO: char = '>';
