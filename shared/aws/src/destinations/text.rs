//! Bodies and names as texts, for services that take no bytes.

use catalogue::arn::Arn;
use protocol::outgoing::{Outgoing, Refusal};
use sha2::{Digest as _, Sha256};

/// The body, where the service takes it as a message: UTF-8, and the characters that XML 1.0 has, as the references of
/// `SendMessage` and `Publish` list them.
pub(super) fn message<'a>(kind: &str, outgoing: &'a Outgoing) -> Result<&'a str, Refusal> {
    let fits = |character| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    match std::str::from_utf8(&outgoing.body) {
        Ok("") => Err(Refusal::permanent(format!("{kind} takes no empty message"))),
        Ok(text) if text.chars().all(fits) => Ok(text),
        _ => Err(Refusal::permanent(format!(
            "{kind} takes no message of bytes that are no text of XML's characters"
        ))),
    }
}

/// Whether a queue or topic keeps an order, which its name says.
pub(super) fn is_fifo(arn: Arn) -> bool {
    arn.resource().strip_suffix(".fifo").is_some()
}

/// A name for a group of messages or a partition: the text where it is one of up to `most` letters, digits and punctuation
/// marks, and else its digest.
pub(super) fn group(text: &str, most: usize) -> String {
    let fits = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if fits {
        text.to_owned()
    } else {
        format!("sha256:{}", hex::encode(Sha256::digest(text)))
    }
}

/// The event on its route, once more for each replay, for services that take a thing of one name but once: a retry is
/// swallowed there, and a replay is not.
pub(super) fn once(outgoing: &Outgoing) -> String {
    match outgoing.epoch {
        0 => outgoing.idempotency_key.clone(),
        epoch => format!("{}-{epoch}", outgoing.idempotency_key),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{super::testing::outgoing, *};

    #[test]
    fn a_message_has_the_characters_that_xml_has() {
        let taken = |body: &[u8]| {
            let body = body.to_vec();
            let outgoing = Outgoing { body, ..outgoing() };
            message("SQS", &outgoing).is_ok()
        };
        for body in ["{}", "\t\r\n", "é\u{fffd}🦀\u{10ffff}", "\u{7f}"] {
            assert!(taken(body.as_bytes()), "{body:?}");
        }
        for body in [
            &b""[..],
            b"\0",
            b"\x1b",
            b"\xff",
            "\u{fffe}".as_bytes(),
            "\u{ffff}".as_bytes(),
        ] {
            assert!(!taken(body), "{body:?}");
        }
    }

    #[test]
    fn a_group_is_a_text_that_sqs_takes_or_its_digest() {
        assert_eq!(group("cus_1#2", 128), "cus_1#2");
        let digest = "sha256:fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603";
        assert_eq!(group("a b", 128).len(), digest.len());
        for text in ["", "a b", "é", "a\n", &"a".repeat(129)] {
            let name = group(text, 128);
            assert!(name.starts_with("sha256:") && name.len() == 71, "{name}");
        }
        assert_ne!(group("a b", 128), group("a c", 128));
    }

    #[test]
    fn a_replay_is_another_time_and_a_retry_is_not() {
        let at = |attempt, epoch| {
            once(&Outgoing {
                attempt,
                epoch,
                ..outgoing()
            })
        };
        assert_eq!(at(1, 0), at(2, 0));
        assert_eq!(at(3, 1), at(4, 1));
        assert_ne!(at(1, 0), at(3, 1));
        assert_ne!(at(3, 1), at(5, 2));
    }
}
