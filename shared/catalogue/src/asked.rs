//! Keys that a provider gives to whoever shows a credential, and to nobody else.

use crate::{source::Environment, template::Place};

/// Where a provider has the key that a delivery names, and what it wants to see for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Where the key's id stands. Only letters, digits and `-` are ever asked for.
    pub id: Place,
    /// The address of a key, over HTTPS: [`Asked::ID`] stands for the id. Behind a `#` it is no part of what is
    /// called, and goes into the body of the question.
    pub url: &'static str,
    /// The same of the provider's own test environment, which is asked instead but in `live`; empty: it has none.
    pub sandbox: &'static str,
    /// The dotted path of the key in the JSON that answers.
    pub answer: &'static str,
    /// What the provider wants to see.
    pub shows: Shows,
}

/// What is shown for a key. It is made of the source's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// The secret as a bearer token.
    Bearer,
    /// A bearer token that is had for the secret, `ID:SECRET`: OAuth's grant of client credentials, RFC 6749, 4.4.
    ClientToken {
        /// Where it is had, over HTTPS.
        url: &'static str,
        /// The same of the provider's own test environment; empty: the same.
        sandbox: &'static str,
        /// What it is for.
        scope: &'static str,
    },
    /// The two parts of the secret, `ID:SECRET`, and the key's id, as fields of a JSON body that is posted.
    Fields {
        /// The field of the first part.
        id: &'static str,
        /// The field of the second.
        secret: &'static str,
        /// The field of the key's id.
        key_id: &'static str,
    },
}

impl Asked {
    /// What stands for the id in the address.
    pub const ID: &'static str = "{id}";

    /// The same as it is asked in this environment.
    #[must_use]
    pub fn of(self, environment: Environment) -> Self {
        let or = |live: &'static str, sandbox: &'static str| match environment {
            Environment::Live => live,
            _ if sandbox.is_empty() => live,
            _ => sandbox,
        };
        let shows = match self.shows {
            Shows::ClientToken {
                url,
                sandbox,
                scope,
            } => Shows::ClientToken {
                url: or(url, sandbox),
                sandbox: "",
                scope,
            },
            shows => shows,
        };
        Self {
            url: or(self.url, self.sandbox),
            sandbox: "",
            shows,
            ..self
        }
    }
}

impl Shows {
    /// What the source's secret is, in words.
    #[must_use]
    pub const fn secret_in_words(self) -> &'static str {
        match self {
            Self::Bearer => "the API key by which ingest asks for the public key, as it is",
            Self::ClientToken { .. } | Self::Fields { .. } => {
                "id and secret by which ingest asks for the public key, with a colon between them"
            }
        }
    }
}
