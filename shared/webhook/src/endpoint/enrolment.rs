//! Secrets that a provider hands over itself, in a first POST that nothing signs.
//!
//! Whoever knows the URL can send such a request. So what it brings is kept only while the operator has
//! opened enrolment for the source, as an entry that waits; it becomes a secret of the source's when the
//! operator says so, and never before.

use std::{fmt, net::IpAddr};

use catalogue::{Enrolment, Source};
use protocol::time::{Millis, UnixMillis, UnixSeconds};
use sha2::{Digest as _, Sha256};

use crate::reading::{
    delivery::Delivery,
    extract::{self, NoText},
    json::{self, Found},
};

/// How long enrolment stays open.
pub const OPEN_FOR: Millis = Millis::seconds(600);

/// How long after that what was handed over waits for the operator.
const WAITS_FOR: Millis = Millis::days(1);

/// The fewest characters of a secret: with less, signatures could be guessed.
const SHORTEST: usize = 16;

/// The most characters of a secret.
const LONGEST: usize = 256;

/// The most bytes of a body that brings one.
const LONGEST_BODY: usize = 1_024;

/// A secret that was handed over, by whomever. It shows itself to nobody who doesn't ask by name.
#[derive(Clone, PartialEq, Eq)]
pub struct Offer {
    secret: String,
    header: Option<&'static str>,
}

/// An entry for a source whose enrolment was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Until when something is taken.
    pub open_until: UnixMillis,
    /// What waits for the operator.
    pub pending: Option<Pending>,
    /// When the entry ends.
    pub expires_at: UnixSeconds,
}

/// A secret that waits for the operator.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    /// The secret.
    pub secret: String,
    /// When it came first.
    pub received_at: UnixMillis,
    /// From which address, where the platform knew.
    pub source_ip: Option<IpAddr>,
}

/// What this request hands over, if it has the shape in which the source's provider does that.
#[must_use]
pub fn offered(source: &Source, delivery: &Delivery<'_>) -> Option<Offer> {
    let (secret, header) = match *source.enrolment? {
        Enrolment::Echoed { header } => {
            let secret = delivery.headers.get(header)?.to_owned();
            (
                is_unsigned(source, delivery).then_some(secret)?,
                Some(header),
            )
        }
        Enrolment::Entered { field, prefix } => {
            (only_field(delivery.body, field, prefix, &[])?, None)
        }
        Enrolment::SentBack { field, beside } => {
            let key = only_field(delivery.body, field, "", beside)?;
            (is_unsigned(source, delivery).then_some(key)?, None)
        }
    };
    is_secret(&secret).then_some(Offer { secret, header })
}

/// The first characters of the secret's digest, by which people tell secrets apart: eight hex digits.
#[must_use]
pub fn fingerprint(secret: &str) -> String {
    hex::encode(&Sha256::digest(secret)[..4])
}

impl Offer {
    /// The secret.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The header, and its value, that the answer must have once the secret is kept.
    #[must_use]
    pub fn echo(&self) -> Option<(&'static str, &str)> {
        Some((self.header?, &self.secret))
    }
}

impl Entry {
    /// Enrolment that is opened now.
    #[must_use]
    pub const fn opened(now: UnixMillis) -> Self {
        let open_until = now.plus(OPEN_FOR);
        Self {
            open_until,
            pending: None,
            expires_at: open_until.plus(WAITS_FOR).seconds(),
        }
    }

    /// Whether the entry still counts.
    #[must_use]
    pub fn is_current(&self, now: UnixMillis) -> bool {
        now.seconds() < self.expires_at
    }

    /// Whether this is to be kept: in time, and with nothing else there. The same again is kept again,
    /// for providers repeat themselves, and so do clients whose answer was lost.
    #[must_use]
    pub fn takes(&self, offer: &Offer, now: UnixMillis) -> bool {
        let waits = self.pending.as_ref();
        now < self.open_until && waits.is_none_or(|pending| pending.secret == offer.secret)
    }
}

/// Whether no scheme of the source's finds a signature.
fn is_unsigned(source: &Source, delivery: &Delivery<'_>) -> bool {
    source
        .schemes
        .iter()
        .all(|scheme| extract::texts(scheme.signature.place, delivery) == Err(NoText::Absent))
}

/// The text of a field of a JSON object that has nothing else, but these beside it.
fn only_field(body: &[u8], field: &str, prefix: &str, beside: &[&str]) -> Option<String> {
    if body.len() > LONGEST_BODY {
        return None;
    }
    match json::find(body, field) {
        Found::Text(text)
            if json::has_members(body, 1 + beside.len())
                && text.starts_with(prefix)
                && beside
                    .iter()
                    .all(|name| matches!(json::find(body, name), Found::Text(_))) =>
        {
            Some(text)
        }
        _ => None,
    }
}

/// Whether it can be a secret: as long as one, and of letters, digits and `-._~+/=`, so that it can
/// stand in a header, and two that were sent at once can't.
fn is_secret(text: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b))
}

impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Offer({} bytes)", self.secret.len())
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("received_at", &self.received_at)
            .field("source_ip", &self.source_ip)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, Sources, reader};

    use super::*;
    use crate::reading::delivery::Headers;

    const SECRET: &str = "b537207f20cbfa02357cf448134da559";
    const TOKEN: &str = "secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl";
    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    fn sources() -> Sources {
        let scheme = "algorithm = \"hmac-sha256\"\nkey = \"text\"\nencoding = \"hex\"\n\
                      message = \"{body}\"\nsignature = { header = \"X-Sig|X-Old-Sig\" }";
        let text = format!(
            "[sources.echoed]\nenrolment = {{ header = \"X-Hook-Secret\" }}\n[sources.echoed.scheme]\n{scheme}\n\
             [sources.entered]\nenrolment = {{ json = \"token\", prefix = \"secret_\" }}\n[sources.entered.scheme]\n{scheme}\n\
             [sources.plain]\n[sources.plain.scheme]\n{scheme}\n"
        );
        reader::read(&text, Environment::Test).unwrap().sources
    }

    fn offer(source: &str, headers: &[(&str, &str)], body: &str) -> Option<Offer> {
        let headers: Headers = headers.iter().copied().collect();
        let delivery = Delivery {
            method: "POST",
            path: "/webhooks/x",
            query: "",
            url: "https://example.com/webhooks/x",
            headers: &headers,
            body: body.as_bytes(),
        };
        offered(sources().get(source).unwrap(), &delivery)
    }

    #[test]
    fn a_text_that_is_sent_back_stands_beside_the_fields_that_are_named_and_no_others() {
        let salesforce = catalogue::Provider::named("salesforce-marketing-cloud").unwrap();
        let source = Source::of(salesforce);
        let offered_in = |body: &str, headers: &[(&str, &str)]| {
            let headers: Headers = headers.iter().copied().collect();
            let url = "https://hooks.example.com/webhooks/salesforce-marketing-cloud";
            let delivery = Delivery::new("POST", url, &headers, body.as_bytes());
            offered(&source, &delivery).map(|offer| offer.secret().to_owned())
        };
        let key = "0b5a1f7e-2c3d-4e5f-8a9b-1c2d3e4f5a6b";
        let asked = format!(r#"{{"callbackId":"c1","verificationKey":"{key}"}}"#);
        assert_eq!(offered_in(&asked, &[]).as_deref(), Some(key));
        for body in [
            format!(r#"{{"verificationKey":"{key}"}}"#),
            format!(r#"{{"callbackId":"c1","verificationKey":"{key}","more":1}}"#),
            format!(r#"{{"other":"c1","verificationKey":"{key}"}}"#),
            format!(r#"{{"callbackId":1,"verificationKey":"{key}"}}"#),
            format!(r#"{{"callbackId":"c1","callbackId":"c2","verificationKey":"{key}"}}"#),
            format!("[{asked}]"),
            r#"{"callbackId":"c1","verificationKey":"short"}"#.to_owned(),
        ] {
            assert_eq!(offered_in(&body, &[]), None, "{body}");
        }
        assert_eq!(
            offered_in(&asked, &[("x-sfmc-ens-signature", "AA==")]),
            None
        );
    }

    #[test]
    fn a_header_hands_over_a_secret_that_is_echoed() {
        for body in ["", "{}", "anything"] {
            let offer = offer("echoed", &[("x-hook-secret", SECRET)], body).unwrap();
            assert_eq!(offer.secret(), SECRET);
            assert_eq!(offer.echo(), Some(("X-Hook-Secret", SECRET)));
        }
    }

    #[test]
    fn a_body_of_one_field_hands_over_a_secret_that_is_not_echoed() {
        let body = format!(r#" {{ "token" : "{TOKEN}" }} "#);
        let offer = offer("entered", &[], &body).unwrap();
        assert_eq!((offer.secret(), offer.echo()), (TOKEN, None));
    }

    #[test]
    fn a_request_with_a_signature_is_an_event() {
        for name in ["X-Sig", "x-old-sig"] {
            let headers = [("X-Hook-Secret", SECRET), (name, "00")];
            assert_eq!(offer("echoed", &headers, "{}"), None, "{name}");
        }
    }

    #[test]
    fn what_has_another_shape_hands_over_nothing() {
        assert_eq!(offer("echoed", &[], "{}"), None);
        assert_eq!(offer("plain", &[("X-Hook-Secret", SECRET)], "{}"), None);
        for body in [
            "",
            "{}",
            "[]",
            r#"{"token":1}"#,
            r#"{"token":null}"#,
            r#"{"other":"TOKEN"}"#,
            r#"{"Token":"TOKEN"}"#,
            r#"["TOKEN"]"#,
            r#"{"token":"TOKEN","type":"page.created"}"#,
            r#"{"token":"TOKEN","token":"TOKEN"}"#,
            r#"{"token":"TOKEN"} {}"#,
            r#"{"token":"public_aaaaaaaaaaaaaaaaaaaa"}"#,
            r#"{"token":"Secret_aaaaaaaaaaaaaaaaaaaa"}"#,
        ] {
            let body = body.replace("TOKEN", TOKEN);
            assert_eq!(offer("entered", &[], &body), None, "{body}");
        }
        let padded = |length| format!("{:length$}", format!(r#"{{"token":"{TOKEN}"}}"#));
        assert!(offer("entered", &[], &padded(1_024)).is_some());
        assert_eq!(offer("entered", &[], &padded(1_025)), None);
    }

    #[test]
    fn what_can_be_no_secret_hands_over_nothing() {
        for (length, fits) in [
            (0, false),
            (15, false),
            (16, true),
            (256, true),
            (257, false),
        ] {
            let text = "a".repeat(length);
            let found = offer("echoed", &[("X-Hook-Secret", &text)], "");
            assert_eq!(found.is_some(), fits, "{length}");
        }
        for odd in [
            "a,b", "a b", "a\tb", "a\rb", "a\nb", "a\0b", "aéb", "a\"b", "a\u{7f}b",
        ] {
            let text = format!("{odd}{SECRET}");
            let found = offer("echoed", &[("X-Hook-Secret", &text)], "");
            assert_eq!(found, None, "{odd:?}");
        }
    }

    #[test]
    fn an_entry_takes_one_secret_again_and_again_and_for_ten_minutes() {
        let first = offer("echoed", &[("X-Hook-Secret", SECRET)], "").unwrap();
        let second = offer("echoed", &[("X-Hook-Secret", TOKEN)], "").unwrap();
        let mut entry = Entry::opened(NOW);
        assert_eq!(entry.open_until, NOW.plus(Millis::seconds(600)));
        assert!(entry.takes(&first, NOW) && entry.takes(&second, NOW));
        entry.pending = Some(Pending {
            secret: SECRET.into(),
            received_at: NOW,
            source_ip: None,
        });
        let last = NOW.plus(Millis(599_999));
        assert!(entry.takes(&first, last) && !entry.takes(&second, last));
        assert!(!entry.takes(&first, entry.open_until));
    }

    #[test]
    fn an_entry_waits_for_a_day() {
        let entry = Entry::opened(NOW);
        let end = NOW.plus(Millis::seconds(600 + 86_400));
        assert!(entry.is_current(end.plus(Millis(-1))));
        assert!(!entry.is_current(end));
    }

    #[test]
    fn nothing_shows_a_secret_unasked() {
        let offer = offer("echoed", &[("X-Hook-Secret", SECRET)], "").unwrap();
        let pending = Pending {
            secret: SECRET.into(),
            received_at: NOW,
            source_ip: Some([192, 0, 2, 1].into()),
        };
        let entry = Entry {
            pending: Some(pending.clone()),
            ..Entry::opened(NOW)
        };
        let shown = format!("{offer:?} {pending:?} {entry:?}");
        assert!(!shown.contains(&SECRET[..4]), "{shown}");
        // printf %s b537207f20cbfa02357cf448134da559 | sha256sum
        assert_eq!(fingerprint(SECRET), "6f0b4fc9");
    }
}
