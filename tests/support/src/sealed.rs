//! Events of which a part is encrypted, as Microsoft Graph does it, and what they are when they are opened: made by others than
//! our code, which each says. The keys are of no use but to the tests: `microsoft` is that of the tests of Microsoft's library,
//! <https://github.com/microsoftgraph/msgraph-sdk-dotnet-core> (MIT).

use serde::Deserialize;

/// A key of 2,048 bits in PKCS #8.
pub const OLD: &str = include_str!("sealed/old.pem");

/// A key of 3,072 bits in PKCS #1.
pub const NEW: &str = include_str!("sealed/new.pem");

const MICROSOFT: &str = include_str!("sealed/microsoft.pem");

/// An event, and what comes of it.
#[derive(Debug, Deserialize)]
pub struct SealedEvent {
    /// What is special about it.
    pub name: String,
    /// What made it.
    pub source: String,
    /// The private keys that there are, and the names of their certificates.
    keys: Vec<(String, String)>,
    /// As it came.
    pub body: String,
    /// What comes of it.
    pub expect: Expected,
}

/// What comes of an event.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// It is this when it is opened.
    Opens(String),
    /// It isn't opened: the name of the reason.
    Unopened(String),
    /// Nothing of it is encrypted.
    None(bool),
}

impl SealedEvent {
    /// The private keys in PEM, and the names of their certificates.
    pub fn keys(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.keys.iter().map(|(key, certificate)| {
            let key = match key.as_str() {
                "old" => OLD,
                "new" => NEW,
                "microsoft" => MICROSOFT,
                other => panic!("there is no key `{other}`"),
            };
            (key, certificate.as_str())
        })
    }
}

/// All of them.
#[must_use]
pub fn events() -> Vec<SealedEvent> {
    serde_json::from_str(include_str!("sealed/vectors.json")).unwrap()
}

/// The one of this name.
#[must_use]
pub fn event(name: &str) -> SealedEvent {
    let mut events = events().into_iter();
    let found = events.find(|event| event.name == name);
    found.unwrap_or_else(|| panic!("no sealed event is called `{name}`"))
}
