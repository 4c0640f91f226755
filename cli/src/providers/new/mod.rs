//! `landfall providers new`: the beginning of an entry of the catalogue, in the files that CONTRIBUTING.md names.

mod answers;
mod code;
mod place;

use std::{path::Path, process::ExitCode};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::Scheme;
use jiff::civil::Date;
use landfall_aws::clock::SystemClock;
use protocol::{ports::Clock as _, time::UnixMillis};
use serde_json::{Value, json};
use webhook::authenticity::verify::verify;

use self::{answers::Answers, place::Written};
use crate::{
    args::{GivenDelivery, GivenNewProvider, GivenSecrets, GivenSender},
    delivery::Case,
    describe,
    explain::{Suspect, composition},
    failure::Failure,
    print,
};

pub(crate) fn run(given: &GivenNewProvider) -> Result<ExitCode, Failure> {
    let captured = match &given.from_capture {
        Some(file) => Some(Captured::read(file, given)?),
        None => None,
    };
    let answers = Answers::read(given, captured.as_ref().map(|captured| captured.scheme))?;
    let source = answers.source()?;
    let entry = code::entry(&answers, &source, today(SystemClock.now())?);
    let vectors = captured
        .as_ref()
        .map_or_else(|| json!([]), |captured| captured.vectors(&answers.name));
    let sample = captured
        .as_ref()
        .map_or_else(|| json!({"headers": {}, "body": {}}), Captured::sample);
    let written = place::write(&given.into, &answers.name, &entry, &sample, &vectors)?;
    say(&answers.name, &written, captured.is_some());
    Ok(ExitCode::SUCCESS)
}

fn say(name: &str, written: &Written, is_captured: bool) {
    for file in &written.0 {
        print::line(&format!("wrote {}", file.display()));
    }
    print::line(
        "\nWhat is to be done yet, in the order of CONTRIBUTING.md (docs/provider-facts.md says where each fact is found):",
    );
    print::line(
        "  1. Read each fact of the entry where its provider says it; what it doesn't say stays under `unconfirmed`.",
    );
    print::line(if is_captured {
        "  2. The sample and the vector hold what was captured, and the vector its secret: take out what must not be public, \
         by sending a test event of an endpoint that you then delete."
    } else {
        "  2. Fill the sample with an event of the provider's pages, and add vectors: at least one delivery that is valid."
    });
    print::line(&format!(
        "  3. cargo test -p landfall-catalogue, then -p landfall-tests, and `landfall providers {name}`."
    ));
}

fn today(now: UnixMillis) -> Result<Date, Failure> {
    jiff::Timestamp::from_millisecond(now.0)
        .map(|now| now.to_zoned(jiff::tz::TimeZone::UTC).date())
        .map_err(|_| Failure::trouble("the clock tells no day"))
}

/// A delivery of the provider's, and how it is signed.
struct Captured {
    case: Case,
    scheme: Scheme,
}

impl Captured {
    /// The delivery in a file, and the way to sign that explains it.
    fn read(file: &Path, given: &GivenNewProvider) -> Result<Self, Failure> {
        let secrets = GivenSecrets {
            texts: Vec::new(),
            files: given.secret_file.iter().cloned().collect(),
        };
        let case = Case::read(&delivery(file, given, secrets), None)?;
        let Err(refusal) = verify(&case.source, &case.keys()?, case.delivery(), case.now) else {
            let scheme = case.source.schemes[0];
            return Ok(Self { case, scheme });
        };
        let found = composition::find(&Suspect::new(&case, &refusal));
        let Some(found) = found.first() else {
            return Err(Failure::trouble(
                "nothing that is usually tried explains the signature of this delivery: see `landfall explain`, and answer \
                 with --header and so on instead",
            ));
        };
        if let Some(change) = &found.body_change {
            return Err(Failure::trouble(format!(
                "the body is not as it was sent: {change} Capture the raw bytes"
            )));
        }
        let scheme = found.scheme;
        print::line(&format!(
            "It is signed so: {}, in the {}.\n",
            describe::in_short(&scheme),
            describe::field(scheme.signature)
        ));
        Ok(Self { case, scheme })
    }

    /// The one vector that it makes.
    fn vectors(&self, name: &str) -> Value {
        let headers: serde_json::Map<String, Value> = (self.case.header_pairs.iter())
            .map(|(name, value)| (name.clone(), value.as_str().into()))
            .collect();
        let secret = self.case.secrets.first().map(|secret| secret.text.as_str());
        json!([{
            "provider": name,
            "name": "captured",
            "source": "a delivery that was captured",
            "provenance": "official",
            "secret": secret,
            "headers": headers,
            "url": self.case.signed_url,
            "body_b64": STANDARD.encode(&self.case.body),
            "now_unix": self.case.now.seconds().0,
            "expect": "valid",
        }])
    }

    /// The sample: its body, with nothing of who sent it.
    fn sample(&self) -> Value {
        match serde_json::from_slice::<Value>(&self.case.body) {
            Ok(body) => json!({"headers": {}, "body": body}),
            Err(_) => json!({"headers": {}, "form": fields(&self.case.body)}),
        }
    }
}

/// The fields of a form.
fn fields(body: &[u8]) -> serde_json::Map<String, Value> {
    let text = String::from_utf8_lossy(body);
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text)
            .decode_utf8_lossy()
            .into_owned()
    };
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value).into()))
        .collect()
}

/// What `explain` would be given: a provider whose way to sign is the commonest, of which this one's differs.
fn delivery(file: &Path, given: &GivenNewProvider, secrets: GivenSecrets) -> GivenDelivery {
    GivenDelivery {
        sender: GivenSender {
            provider: Some("github".into()),
            settings: Vec::new(),
            versions: Vec::new(),
            source: None,
            environment: None,
        },
        secrets,
        headers: Vec::new(),
        url: given.url.clone(),
        entered_url: None,
        method: None,
        now: given.now,
        tolerance: None,
        body_file: None,
        request: Some(file.to_path_buf()),
    }
}

#[cfg(test)]
mod tests;
