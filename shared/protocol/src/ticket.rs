//! The ticket: "look at this event". A nudge of a few hundred bytes; the ledger decides.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    ledger::{EventKey, Life},
    time::UnixMillis,
};

/// The longest ticket that is read, in bytes. Ours have at most about 8 KiB: an id of 1,024 bytes,
/// every byte escaped.
pub const MAX_TICKET_BYTES: usize = 16 * 1024;

/// The SQS message's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Which event.
    pub key: EventKey,
    /// Which life of it.
    pub life: Life,
    /// Why it was sent.
    pub why: Why,
    /// The one route that a redrive or a replay is about; none: all.
    pub route: Option<String>,
    /// Of a replay: its number; else zero.
    pub epoch: u64,
    /// When it was first sent. A ticket that is sent again as itself keeps it.
    pub sent_at: UnixMillis,
    /// What its ask is known by, where more than one message may carry it; else the message's id says so.
    pub ask: Option<Ask>,
}

/// Why a ticket was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// The event was recorded.
    New,
    /// Legs of it wait.
    Again,
    /// The sweeper found it overdue.
    Sweep,
    /// It was delivered again after a leg had failed. Whoever has captured a delivery can do that as often as they
    /// like, so that it opens a failed leg less freely than a person does.
    Reopen,
    /// A person moved a letter back.
    Redrive,
    /// A person wants it run again, whatever came of it.
    Replay,
}

/// What an ask is known by: a digest, so that the ledger can remember some of any length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ask(pub u64);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    v: u8,
    #[serde(borrow)]
    source: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    received_at: Life,
    why: Why,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    route: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "is_zero")]
    epoch: u64,
    sent_at: UnixMillis,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    ask: Option<Cow<'a, str>>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde lends it")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Why {
    /// The reason in a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Again => "again",
            Self::Sweep => "sweep",
            Self::Reopen => "reopen",
            Self::Redrive => "redrive",
            Self::Replay => "replay",
        }
    }
}

impl Ask {
    /// The ask of this name: a message's id, or whatever its sender gave it.
    #[must_use]
    pub fn named(name: &str) -> Self {
        use sha2::{Digest as _, Sha256};
        let digest = Sha256::digest(name);
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Self(u64::from_be_bytes(first))
    }

    fn parse(text: &str) -> Option<Self> {
        let hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        hex.then(|| u64::from_str_radix(text, 16).ok().map(Self))?
    }
}

impl std::fmt::Display for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Ticket {
    /// A ticket about all of an event, that has no number.
    #[must_use]
    pub const fn new(key: EventKey, life: Life, why: Why, sent_at: UnixMillis) -> Self {
        Self {
            key,
            life,
            why,
            route: None,
            epoch: 0,
            sent_at,
            ask: None,
        }
    }

    /// The same ticket as a letter for a person, who asks anew by moving it back.
    #[must_use]
    pub fn letter(&self) -> Self {
        let why = match self.why {
            Why::New | Why::Again | Why::Sweep | Why::Reopen | Why::Redrive => Why::Redrive,
            Why::Replay => Why::Replay,
        };
        Self {
            why,
            ask: None,
            ..self.clone()
        }
    }

    /// What a person asks for who moves this letter back. `letter` names the letter: however often it is moved back, it asks
    /// once.
    #[must_use]
    pub fn redriven(&self, letter: Ask, now: UnixMillis) -> Self {
        Self {
            ask: Some(letter),
            sent_at: now,
            ..self.letter()
        }
    }

    /// The message body: JSON in ASCII, for SQS refuses some characters that an id may have.
    #[must_use]
    pub fn encode(&self) -> String {
        let wire = Wire {
            v: 2,
            source: self.key.source().into(),
            id: self.key.id().into(),
            received_at: self.life,
            why: self.why,
            route: self.route.as_deref().map(Into::into),
            epoch: self.epoch,
            sent_at: self.sent_at,
            ask: self.ask.map(|ask| ask.to_string().into()),
        };
        // Texts and numbers always have a JSON.
        ascii(&serde_json::to_string(&wire).unwrap_or_default())
    }

    /// Reads a message body. `None`: it is no ticket of ours.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() > MAX_TICKET_BYTES {
            return None;
        }
        let wire: Wire<'_> = serde_json::from_str(text).ok()?;
        let named = wire.route.as_deref() != Some("");
        if wire.v != 2 || wire.source.is_empty() || wire.id.is_empty() || !named {
            return None;
        }
        Some(Self {
            key: EventKey::new(wire.source, wire.id),
            life: wire.received_at,
            why: wire.why,
            route: wire.route.map(Cow::into_owned),
            epoch: wire.epoch,
            sent_at: wire.sent_at,
            ask: match wire.ask {
                Some(text) => Some(Ask::parse(&text)?),
                None => None,
            },
        })
    }
}

/// The same JSON with everything beyond printable ASCII as `\u` escapes. Such characters stand only inside
/// strings: the names and numbers of a ticket are ASCII.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut units = [0; 2];
    for character in json.chars() {
        if (' '..='~').contains(&character) {
            text.push(character);
        } else {
            for unit in character.encode_utf16(&mut units) {
                use std::fmt::Write as _;
                // Writing to a String can't fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

#[cfg(test)]
#[path = "ticket/tests.rs"]
mod tests;
