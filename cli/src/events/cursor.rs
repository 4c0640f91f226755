//! Where a listing ended, as a text that another one can go on from.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::{ledger::EventKey, ports::Position, time::UnixMillis};

use crate::failure::Failure;

/// The text.
pub(crate) fn written(at: &Position) -> String {
    URL_SAFE_NO_PAD.encode(format!("{} {}", at.received_at.0, at.key))
}

/// What it says.
pub(crate) fn read(text: &str) -> Result<Position, Failure> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (time, key) = text.split_once(' ')?;
        Some(Position {
            received_at: UnixMillis(time.parse().ok()?),
            key: EventKey::parse(key)?,
        })
    };
    read().ok_or_else(|| Failure::usage("this is no --cursor that a listing has printed"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was_whatever_the_id_is() {
        for id in ["evt_1", "a b#c", "é\n"] {
            let at = Position {
                received_at: UnixMillis(1_800_000_000_123),
                key: EventKey::new("github", id),
            };
            let text = written(&at);
            assert!(
                text.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
            );
            assert_eq!(read(&text).unwrap(), at);
        }
        for text in ["", "?", "NDU2"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
