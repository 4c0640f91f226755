//! One refused delivery, as its line tells it.

use std::net::IpAddr;

use landfall_aws::operator::LogLine;
use protocol::time::UnixMillis;
use serde_json::Value;
use webhook::endpoint::enrolment::fingerprint;

/// Which refusals are meant.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Which<'a> {
    pub(super) source: Option<&'a str>,
    pub(super) reason: Option<&'a str>,
    pub(super) address: Option<IpAddr>,
}

/// A refused delivery.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) id: Id,
    /// What its line says.
    pub(super) line: Value,
}

/// What tells a refused delivery from others: when it was refused, and a digest of its line. So it is found again by
/// reading a millisecond of the log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id {
    pub(super) at: UnixMillis,
    digest: String,
}

impl Id {
    fn of(line: &LogLine) -> Self {
        Self {
            at: line.at,
            digest: fingerprint(&line.text),
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let (at, digest) = text.split_once('-')?;
        let is_digest = digest.len() == 8 && digest.bytes().all(|b| b.is_ascii_hexdigit());
        is_digest.then_some(Self {
            at: UnixMillis(at.parse().ok()?),
            digest: digest.to_ascii_lowercase(),
        })
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.at.0, self.digest)
    }
}

impl Refusal {
    /// What a line tells, if it is of a refusal.
    pub(super) fn of(line: &LogLine) -> Option<Self> {
        let told: Value = serde_json::from_str(&line.text).ok()?;
        let is_refusal = told["message"] == "delivery" && told["outcome"] == "refused";
        is_refusal.then(|| Self {
            id: Id::of(line),
            line: told,
        })
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.line[name].as_str()
    }

    /// How many deliveries it tells of.
    pub(super) fn stands_for(&self) -> u64 {
        self.line["stands_for"].as_u64().unwrap_or(1)
    }

    /// What the list says of it, by name.
    pub(super) fn json(&self) -> Value {
        let mut told = serde_json::json!({
            "id": self.id.to_string(),
            "at": self.id.at,
            "stands_for": self.stands_for(),
        });
        for name in ["source", "reason", "detail", "source_ip", "bytes", "status"] {
            told[name] = self.line[name].clone();
        }
        told
    }
}

impl Which<'_> {
    /// The same in the language of CloudWatch Logs, as far as that can say it.
    pub(super) fn pattern(&self) -> String {
        // Whoever writes something else here is told that there is none.
        let is_word = |text: &&str| {
            let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_-.:".contains(letter);
            !text.is_empty() && text.chars().all(is_part)
        };
        let address = self.address.map(|address| address.to_string());
        let asked = [
            ("outcome", Some("refused")),
            ("source", self.source.filter(is_word)),
            ("reason", self.reason.filter(is_word)),
            ("source_ip", address.as_deref()),
        ];
        let term = |(name, text): (&str, Option<&str>)| Some(format!("($.{name} = \"{}\")", text?));
        let terms: Vec<String> = asked.into_iter().filter_map(term).collect();
        format!("{{ {} }}", terms.join(" && "))
    }

    pub(super) fn takes(&self, refusal: &Refusal) -> bool {
        let is = |name: &str, asked: Option<&str>| {
            asked.is_none_or(|asked| refusal.text(name) == Some(asked))
        };
        let from = || refusal.text("source_ip")?.parse().ok();
        is("source", self.source)
            && is("reason", self.reason)
            && (self.address).is_none_or(|address| from() == Some(address))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    pub(in crate::refused) fn logged(at: i64, line: &Value) -> LogLine {
        LogLine {
            at: UnixMillis(at),
            function: "ingest",
            id: String::new(),
            text: line.to_string(),
        }
    }

    fn forged() -> Value {
        json!({
            "message": "delivery", "outcome": "refused", "source": "github", "reason": "forged", "source_ip": "192.0.2.1",
        })
    }

    #[test]
    fn a_line_of_a_refusal_is_known_by_its_time_and_its_text() {
        let refusal = Refusal::of(&logged(5, &forged())).unwrap();
        let id = refusal.id.to_string();
        assert_eq!(Id::read(&id), Some(refusal.id.clone()));
        let mut other = forged();
        other["bytes"] = 1.into();
        assert_ne!(Refusal::of(&logged(5, &other)).unwrap().id, refusal.id);
        for text in ["", "5", "5-", "5-1a2b3c4", "5-1a2b3c4g", "x-1a2b3c4d"] {
            assert_eq!(Id::read(text), None, "{text}");
        }
        for line in [
            json!("START"),
            json!({"message": "delivery", "outcome": "accepted"}),
        ] {
            assert!(Refusal::of(&logged(5, &line)).is_none());
        }
    }

    #[test]
    fn what_is_meant_is_asked_for_in_cloudwatchs_words_and_looked_at_here() {
        let refusal = Refusal::of(&logged(5, &forged())).unwrap();
        let all = Which::default();
        assert_eq!(all.pattern(), "{ ($.outcome = \"refused\") }");
        let meant = Which {
            source: Some("github"),
            reason: Some("forged"),
            address: Some([192, 0, 2, 1].into()),
        };
        assert_eq!(
            meant.pattern(),
            "{ ($.outcome = \"refused\") && ($.source = \"github\") && ($.reason = \"forged\") && \
             ($.source_ip = \"192.0.2.1\") }"
        );
        assert!(all.takes(&refusal) && meant.takes(&refusal));
        let of = |source, reason, address| Which {
            source,
            reason,
            address,
        };
        for other in [
            of(Some("stripe"), None, None),
            of(None, Some("stale"), None),
            of(None, None, Some([192, 0, 2, 2].into())),
        ] {
            assert!(!other.takes(&refusal), "{other:?}");
        }
        let hostile = of(Some("a\" || $.x = \"*"), None, None);
        assert_eq!(hostile.pattern(), all.pattern());
        assert!(!hostile.takes(&refusal));
    }
}
