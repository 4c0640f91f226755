//! The ticket: "look at this event". A nudge of a few hundred bytes; the ledger decides.

use serde::{Deserialize, Serialize};

use crate::ledger::{EventKey, Life};

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
    /// Zero, except in replays.
    pub epoch: u64,
    /// Why it was sent.
    pub why: Why,
}

/// Why a ticket was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// There is something to do, or a person asks for it.
    #[default]
    Look,
    /// The event was delivered again. Whoever has captured a delivery can do that as often as they like, so
    /// that it opens a failed event less freely than a person does.
    Reopen,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    v: u8,
    #[serde(borrow)]
    source: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    id: std::borrow::Cow<'a, str>,
    received_at: Life,
    epoch: u64,
    why: Option<Asks>,
}

/// The one reason that a ticket's text names.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Asks {
    Reopen,
}

impl Ticket {
    /// The first ticket of an event.
    #[must_use]
    pub const fn new(key: EventKey, life: Life) -> Self {
        Self {
            key,
            life,
            epoch: 0,
            why: Why::Look,
        }
    }

    /// The same ticket as a letter for a person, who asks by himself when he moves it back.
    #[must_use]
    pub fn letter(&self) -> Self {
        Self {
            why: Why::Look,
            ..self.clone()
        }
    }

    /// The message body: JSON in ASCII, for SQS refuses some characters that an id may have.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut json = serde_json::json!({
            "v": 1,
            "source": self.key.source(),
            "id": self.key.id(),
            "received_at": self.life,
            "epoch": self.epoch,
        });
        if self.why == Why::Reopen {
            json["why"] = "reopen".into();
        }
        ascii(&json.to_string())
    }

    /// Reads a message body. `None`: it is no ticket of ours.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() > MAX_TICKET_BYTES {
            return None;
        }
        let wire: Wire<'_> = serde_json::from_str(text).ok()?;
        (wire.v == 1 && !wire.source.is_empty() && !wire.id.is_empty()).then(|| Self {
            key: EventKey::new(wire.source, wire.id),
            life: wire.received_at,
            epoch: wire.epoch,
            why: match wire.why {
                None => Why::Look,
                Some(Asks::Reopen) => Why::Reopen,
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
mod tests {
    use super::*;
    use crate::time::UnixMillis;

    #[test]
    fn a_ticket_survives_the_queue_whatever_the_id() {
        for id in [
            "evt_1",
            "a#b",
            "\u{0}\u{1f}\u{7f}\u{fffe}\u{ffff}",
            "\"\\",
            "žluť 🦀",
        ] {
            for why in [Why::Look, Why::Reopen] {
                let ticket = Ticket {
                    key: EventKey::new("stripe", id),
                    life: Life(UnixMillis(1_700_000_000_123)),
                    epoch: 3,
                    why,
                };
                let text = ticket.encode();
                assert!(text.bytes().all(|b| (b' '..=b'~').contains(&b)), "{text}");
                assert_eq!(Ticket::decode(&text), Some(ticket));
            }
        }
    }

    #[test]
    fn a_letter_asks_for_whoever_moves_it_back() {
        let look = Ticket::new(EventKey::new("stripe", "evt_1"), Life(UnixMillis(1)));
        let reopen = Ticket {
            why: Why::Reopen,
            ..look.clone()
        };
        assert_ne!(reopen.encode(), look.encode());
        assert_eq!((reopen.letter(), look.letter()), (look.clone(), look));
    }

    #[test]
    fn the_longest_ticket_is_read() {
        let ticket = Ticket::new(
            EventKey::new("s".repeat(64), "\u{1}".repeat(1_024 + 17)),
            Life(UnixMillis(i64::MAX)),
        );
        assert_eq!(Ticket::decode(&ticket.encode()), Some(ticket));
    }

    #[test]
    fn what_is_longer_than_any_ticket_is_not_read() {
        let ticket = Ticket::new(EventKey::new("stripe", "evt_1"), Life(UnixMillis(1)));
        let padded = |length| format!("{:<length$}", ticket.encode());
        assert_eq!(
            Ticket::decode(&padded(MAX_TICKET_BYTES)),
            Some(ticket.clone())
        );
        assert_eq!(Ticket::decode(&padded(MAX_TICKET_BYTES + 1)), None);
    }

    #[test]
    fn what_is_no_ticket_is_not_read_as_one() {
        for text in [
            "",
            "{}",
            "null",
            r#"{"v":2,"source":"a","id":"b","received_at":1,"epoch":0}"#,
            r#"{"v":1,"source":"","id":"b","received_at":1,"epoch":0}"#,
            r#"{"v":1,"source":"a","id":"","received_at":1,"epoch":0}"#,
            r#"{"v":1,"source":"a","id":"b","received_at":1,"epoch":-1}"#,
            r#"{"v":1,"source":"a","id":"b","received_at":"1","epoch":0}"#,
            r#"{"v":1,"source":"a","id":"b","received_at":1,"epoch":0,"x":1}"#,
            r#"{"v":1,"source":"a","id":"b","received_at":1,"epoch":0,"why":"x"}"#,
        ] {
            assert_eq!(Ticket::decode(text), None, "{text}");
        }
    }
}
