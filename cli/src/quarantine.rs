//! `landfall quarantine`: has refused deliveries be kept for a while, and admits those that prove to be authentic.

use std::{collections::BTreeMap, process::ExitCode};

use catalogue::{KeyOrigin, Source};
use landfall_aws::{
    clock::SystemClock,
    operator::{self, Place},
};
use protocol::{decide::ingest::Answer, ports::Clock as _};
use serde_json::{Value, json};
use webhook::{
    endpoint::{
        handshake,
        quarantine::{Kept, Room},
    },
    keys::Keys,
};

use crate::{
    args::{GivenOpening, GivenStack, Quarantine},
    failure::Failure,
    print,
    stack::{Stack, block_on},
};

pub(crate) fn run(
    asked: &Quarantine,
    stack: &GivenStack,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    block_on(async {
        let stack = Stack::find(stack).await?;
        let quarantine = stack.deployed.quarantine()?;
        match asked {
            Quarantine::Open(given) => open(&stack, &quarantine, given, as_json).await,
            Quarantine::List => list(&quarantine, as_json).await,
            Quarantine::Verify { source } => verify(&stack, &quarantine, source, as_json).await,
            Quarantine::Close { source, discard } => {
                close(&stack, &quarantine, source, *discard, as_json).await
            }
        }
    })
}

async fn open(
    stack: &Stack,
    quarantine: &operator::Quarantine,
    given: &GivenOpening,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let source = with_secret(stack, &given.source)?;
    let open_until = SystemClock.now().plus(given.length);
    let room = Room {
        open_until,
        deliveries: given.deliveries,
        bytes: given.megabytes << 20,
    };
    quarantine.open(source.name.as_str(), room).await?;
    if as_json {
        print::json(&json!({
            "source": given.source, "open_until": open_until, "deliveries": room.deliveries, "bytes": room.bytes,
        }));
    } else {
        print::line(&format!(
            "Open until {}. What `{}` refuses as forged or stale is kept for three days, whoever sent it: {} deliveries and {} MB \
             at most. It is refused all the same.\n\nWhen the mistake is mended: landfall quarantine verify {}",
            print::time(open_until),
            given.source,
            room.deliveries,
            given.megabytes,
            given.source
        ));
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(quarantine: &operator::Quarantine, as_json: bool) -> Result<ExitCode, Failure> {
    let now = SystemClock.now();
    let rooms = quarantine.rooms().await?;
    let mut all: BTreeMap<String, (Option<Room>, u64, u64)> = BTreeMap::new();
    for (source, room) in rooms {
        all.entry(source).or_default().0 = room;
    }
    for place in quarantine.kept(None).await? {
        let (_, deliveries, bytes) = all.entry(place.source).or_default();
        *deliveries += 1;
        *bytes += place.bytes;
    }
    let is_open = |room: &Option<Room>| room.is_some_and(|room| now < room.open_until);
    if as_json {
        let told = all.iter().map(|(source, (room, deliveries, bytes))| {
            let left = room.filter(|_| is_open(room));
            json!({
                "source": source,
                "state": if is_open(room) { "open" } else { "closed" },
                "open_until": left.map(|room| room.open_until),
                "room": left.map(|room| json!({"deliveries": room.deliveries, "bytes": room.bytes})),
                "kept": {"deliveries": deliveries, "bytes": bytes},
            })
        });
        print::json(&told.collect::<Vec<Value>>().into());
        return Ok(ExitCode::SUCCESS);
    }
    if all.is_empty() {
        print::line("None is open, and nothing is kept.");
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<[String; 5]> = all
        .iter()
        .map(|(source, (room, deliveries, bytes))| {
            let (until, left) = match room.filter(|_| is_open(room)) {
                Some(room) => (
                    format!("open until {}", print::time(room.open_until)),
                    format!("{} deliveries, {} bytes", room.deliveries, room.bytes),
                ),
                None => ("closed".to_owned(), "-".to_owned()),
            };
            [
                source.clone(),
                until,
                left,
                deliveries.to_string(),
                bytes.to_string(),
            ]
        })
        .collect();
    print::table(["SOURCE", "STATE", "ROOM LEFT", "KEPT", "BYTES"], &rows);
    Ok(ExitCode::SUCCESS)
}

/// What became of what was kept.
#[derive(Default)]
struct Came {
    outcomes: BTreeMap<&'static str, u64>,
    /// Why those that stay are still not believed, and how many of them.
    refused: BTreeMap<String, u64>,
}

async fn verify(
    stack: &Stack,
    quarantine: &operator::Quarantine,
    name: &str,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let source = with_secret(stack, name)?;
    let secrets = stack.deployed.secrets()?.read(source).await?;
    let (keys, _) = Keys::load(source.schemes, &secrets);
    if keys.is_empty() {
        return Err(Failure::trouble(format!(
            "`{name}` has no secret to verify with: `landfall secrets set {name}`"
        )));
    }
    let places = quarantine.kept(Some(name)).await?;
    let mut came = Came::default();
    for (done, place) in places.iter().enumerate() {
        if let Err(failure) = one(source, &keys, quarantine, place, &mut came).await {
            print::note(&format!(
                "{done} of {} were looked at: the same command goes on with the others",
                places.len()
            ));
            return Err(failure);
        }
    }
    let outcome = |word: &str| came.outcomes.get(word).copied().unwrap_or(0);
    let stay: u64 = came.refused.values().sum();
    if as_json {
        print::json(&json!({
            "source": name,
            "accepted": outcome(Answer::Accepted.as_str()),
            "duplicate": outcome(Answer::Duplicate.as_str()),
            "reopened": outcome(Answer::Reopened.as_str()),
            "handshakes": outcome(HANDSHAKE),
            "refused": stay,
            "reasons": came.refused,
        }));
    } else {
        print::line(&format!(
            "{} admitted, {} duplicates, {} opened again, {} handshakes; {stay} are not authentic, and stay until they are three \
             days old or discarded.",
            outcome(Answer::Accepted.as_str()),
            outcome(Answer::Duplicate.as_str()),
            outcome(Answer::Reopened.as_str()),
            outcome(HANDSHAKE),
        ));
        for (reason, times) in &came.refused {
            print::line(&format!("{times} times: {reason}"));
        }
    }
    Ok(ExitCode::from(u8::from(places.is_empty())))
}

/// The outcome of what is authentic and no event. Its provider has long gone without an answer.
const HANDSHAKE: &str = "handshake";

async fn one(
    source: &Source,
    keys: &Keys,
    quarantine: &operator::Quarantine,
    place: &Place,
    came: &mut Came,
) -> Result<(), Failure> {
    let Some(kept) = quarantine.read(place).await? else {
        return Ok(());
    };
    let signed_url = kept.signed_url(source.entered_url);
    let outcome = match proven(&kept, source, keys, &signed_url) {
        Err(reason) => {
            *came.refused.entry(reason).or_default() += 1;
            return Ok(());
        }
        Ok(event) if handshake::signed(&event).is_some() => HANDSHAKE,
        Ok(event) => quarantine
            .admit(&event, &kept, &SystemClock)
            .await?
            .as_str(),
    };
    *came.outcomes.entry(outcome).or_default() += 1;
    Ok(quarantine.forget(place).await?)
}

/// The event, or why it is still not to be believed.
fn proven<'a>(
    kept: &'a Kept,
    source: &'a Source,
    keys: &'a Keys,
    signed_url: &'a str,
) -> Result<webhook::event::Authentic<'a>, String> {
    let proven = kept.verify(source, keys, signed_url);
    proven.map_err(|refusal| refusal.to_string())
}

async fn close(
    stack: &Stack,
    quarantine: &operator::Quarantine,
    name: &str,
    discard: bool,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let source = stack.source(name)?;
    quarantine.close(source.name.as_str()).await?;
    let places = quarantine.kept(Some(name)).await?;
    if discard {
        for place in &places {
            quarantine.forget(place).await?;
        }
    }
    let (kept, discarded) = if discard {
        (0, places.len())
    } else {
        (places.len(), 0)
    };
    if as_json {
        print::json(&json!({"source": name, "kept": kept, "discarded": discarded}));
    } else {
        print::line(&match (kept, discarded) {
            (0, 0) => "Closed. Nothing is kept.".to_owned(),
            (0, discarded) => format!("Closed. {discarded} deliveries were discarded."),
            (kept, _) => format!(
                "Closed. {kept} deliveries stay until they are three days old; --discard forgets them now."
            ),
        });
    }
    Ok(ExitCode::SUCCESS)
}

/// A source whose deliveries a secret proves.
fn with_secret<'s>(stack: &'s Stack, name: &str) -> Result<&'s Source, Failure> {
    let source = stack.source(name)?;
    if *source.keys != KeyOrigin::Secret {
        return Err(Failure::usage(format!(
            "`{name}` has no secret that could be wrong: its keys are fetched from its provider"
        )));
    }
    Ok(source)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, reader};
    use protocol::time::{Millis, UnixMillis};
    use webhook::keys::Secret;

    use super::*;

    /// `printf '{}' | openssl dgst -sha256 -hmac right`
    const SIGNATURE: &str =
        "sha256=604cfe6182421c4ca50fb9ef5a44b85265f965dbb0a8f409317ccdfd747891c8";

    fn kept(source: &str, signature: &str) -> Kept {
        Kept {
            source: source.into(),
            delivery_id: "1".into(),
            received_at: UnixMillis(1_800_000_000_000),
            source_ip: None,
            reason: "forged".into(),
            detail: String::new(),
            method: "POST".into(),
            called_url: format!("https://example.com/webhooks/{source}"),
            headers: [("X-Hub-Signature-256", signature.to_owned())]
                .into_iter()
                .collect(),
            body: b"{}".to_vec(),
        }
    }

    fn is_proven(secret: &str, kept: &Kept) -> bool {
        let text = "[sources.github]\nprovider = \"github\"\n";
        let sources = reader::read(text, Environment::Test).unwrap().sources;
        let source = sources.get("github").unwrap();
        let (keys, _) = Keys::load(source.schemes, &[Secret::new(secret, "l")]);
        let url = kept.signed_url(None);
        proven(kept, source, &keys, &url).is_ok()
    }

    #[test]
    fn what_was_signed_with_todays_secret_is_proven_and_nothing_else() {
        let authentic = kept("github", SIGNATURE);
        assert!(is_proven("right", &authentic));
        assert!(!is_proven("wrong", &authentic));
        let mut changed = authentic.clone();
        changed.body = b"{ }".to_vec();
        assert!(!is_proven("right", &changed));
        // The time of receipt counts, whatever it is now.
        changed = authentic;
        changed.received_at = changed.received_at.plus(Millis::days(-1_000));
        assert!(is_proven("right", &changed));
    }
}
