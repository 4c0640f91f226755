//! What is known of a provider, beyond how it signs.

use crate::{scheme::Scheme, template::Template};

/// An entry of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    /// The name that `sources.toml` and the command line use: `[a-z0-9-]`.
    pub name: &'static str,
    /// The name that people use.
    pub title: &'static str,
    /// Where the provider documents its webhooks.
    pub docs: &'static str,
    /// Whether the scheme is published, or a reading that no document settles.
    pub confirmation: Confirmation,
    /// How it signs. A secret belongs to the first scheme whose key form asks for its prefix, else
    /// to the first scheme.
    pub schemes: &'static [Scheme],
    /// The text that is the same in every redelivery of an event, where the provider has one.
    pub event_id: Option<Template>,
    /// What kind of event it is, where the provider says.
    pub event_type: Option<Template>,
    /// A further name for the event that operators search the logs for: field name and template.
    pub reference: Option<(&'static str, Template)>,
    /// Headers that handlers get, beside those that the templates above name.
    pub headers: &'static [&'static str],
    /// What the provider sends to prove the endpoint, and what it wants back.
    pub handshake: Option<Handshake>,
    /// How a delivery that carries several events is taken apart.
    pub batch: Option<Batch>,
    /// The status that answers a refused delivery.
    pub refusal_status: u16,
    /// How long the provider waits for an answer, in seconds, where it says.
    pub deadline_seconds: Option<u16>,
    /// How long it goes on sending an event again, in hours; the ledger must remember longer.
    pub retry_hours: u16,
    /// Its retry schedule, in a sentence.
    pub retries: &'static str,
    /// What an operator does over there: where the endpoint is entered and the secret is found.
    pub setup: &'static str,
}

/// How well an entry is founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// The provider documents the scheme, or its own library implements it.
    Confirmed,
    /// The provider's documents leave something open; the text says what.
    Unconfirmed(&'static str),
}

/// How a delivery that carries several events is taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The dotted path of the array of items in the JSON body; empty: the body is the array.
    pub items: &'static str,
    /// The id of an item, a template over the item's own JSON (`{json:sg_event_id}`); `None`: the
    /// digest of the delivery and the item's index.
    pub item_id: Option<Template>,
    /// The type of an item, likewise.
    pub item_type: Option<Template>,
}

/// A request that proves the endpoint instead of carrying an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handshake {
    /// A delivery, signed like every other, whose JSON field `kind.0` is `kind.1`: answered with
    /// the text of the field `echo`, and not recorded.
    SignedEcho {
        /// The path and the value that tell the handshake from an event.
        kind: (&'static str, &'static str),
        /// The path of the challenge.
        echo: &'static str,
    },
}

impl Confirmation {
    /// `confirmed` or `unconfirmed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Unconfirmed(_) => "unconfirmed",
        }
    }
}
