//! `landfall send`: an event, signed as the provider would, to the running stack.

use std::process::ExitCode;

use catalogue::{Environment, KeyOrigin, Place, Scheme, Source};
use landfall_aws::clock::SystemClock;
use protocol::{
    ports::Clock as _,
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};
use webhook::{
    authenticity::{
        sign::{Signed, sign},
        verify::verify,
    },
    keys::{Keys, Purpose, Secret, SigningKey, generate},
    reading::{
        delivery::{Delivery, Headers},
        url,
    },
};

use crate::{
    args::{GivenEvent, GivenStack},
    delivery::replaced,
    escape,
    failure::Failure,
    gateway,
    input::contents,
    post::{Answer, agent, post},
    print,
    sample::{Sample, Wanted, other_type, sample},
    secrets::kept,
    stack::{Stack, block_on},
};

/// An event ready to be posted.
struct Letter {
    url: String,
    /// The same as ingest is told it.
    called_url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// What the stack will call it, if it accepts it.
    identity: Option<Identity>,
}

struct Identity {
    /// Id and key, where they can be known before the stack has answered.
    name: Option<(String, String)>,
    event_type: String,
}

pub(crate) fn run(
    given: &GivenEvent,
    stack: &GivenStack,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let body = given.body_file.as_deref().map(contents).transpose()?;
    let (stack, secrets) = block_on(async {
        let stack = Stack::find(stack).await?;
        if stack.environment == Environment::Live && !given.live {
            return Err(Failure::usage(format!(
                "the stack `{}` is of the environment live, where events are real: give --live if you mean it",
                stack.deployed.name()
            )));
        }
        let secrets = secrets(&stack, stack.source(&given.source)?).await?;
        Ok((stack, secrets))
    })?;
    let source = stack.source(&given.source)?;
    let key = signing_key(given, &stack, source, &secrets)?;
    let letter = write(given, &stack, source, &secrets, &key, body.as_deref())?;

    if given.print {
        print::json(&print::request(
            "POST",
            &letter.url,
            &letter.headers,
            &letter.body,
        ));
        return Ok(ExitCode::SUCCESS);
    }
    if given.event {
        let name = source.name.as_str();
        print::json(&gateway::event(
            &letter.called_url,
            name,
            &letter.headers,
            &letter.body,
        ));
        return Ok(ExitCode::SUCCESS);
    }
    let agent = agent();
    let (mut answers, mut as_it_should, mut last) = (Vec::new(), true, Value::Null);
    let spoilt = given.forge || given.stale || given.no_signature;
    for _ in 0..given.times {
        let answer = post(&agent, &letter.url, &letter.headers, &letter.body)?;
        as_it_should &= answer.status / 100 == if spoilt { 4 } else { 2 };
        let told = told(source, &letter, &answer);
        if !as_json {
            say(&told);
        }
        last = told["event_id"].clone();
        answers.push(told);
    }
    if as_json {
        print::json(&Value::from(answers));
    } else if let Some(event_id) = last.as_str()
        && as_it_should
        && !spoilt
    {
        print::line(&format!(
            "\nWhat becomes of it: landfall events show {} '{}'",
            source.name,
            escape::value(event_id)
        ));
    }
    Ok(ExitCode::from(u8::from(!as_it_should)))
}

/// The active secrets of a source that sign, newest first; none where ingest fetches the keys.
async fn secrets(stack: &Stack, source: &Source) -> Result<Vec<Secret>, Failure> {
    if source.keys != KeyOrigin::Secret {
        return Ok(Vec::new());
    }
    let mut secrets = stack.deployed.secrets()?.read(source).await?;
    secrets.retain(|secret| secret.purpose() == Purpose::Signature);
    if secrets.is_empty() {
        let made = match (stack.environment, stack.folder()) {
            (Environment::Local, Some(_)) => {
                format!(
                    ", or `landfall secrets generate {}` to have one made",
                    source.name
                )
            }
            _ => String::new(),
        };
        return Err(Failure::trouble(format!(
            "the source `{0}` has no secret: `landfall secrets set {0}`{made}",
            source.name
        )));
    }
    Ok(secrets)
}

fn write(
    given: &GivenEvent,
    stack: &Stack,
    source: &Source,
    secrets: &[Secret],
    key: &SigningKey,
    body: Option<&[u8]>,
) -> Result<Letter, Failure> {
    let now = SystemClock.now();
    let wanted = Wanted {
        id: given.id.as_deref(),
        event_type: given.event_type.as_deref(),
        body,
        now,
        random: [SystemClock.random(), SystemClock.random()],
    };
    let Sample {
        headers,
        query,
        body,
    } = sample(source, &wanted)?;
    // What is in the URL that was entered is in every call.
    let of_entered = source.entered_url.map(url::query).unwrap_or_default();
    let queries = [of_entered, &query]
        .into_iter()
        .filter(|query| !query.is_empty());
    let local = match queries.collect::<Vec<_>>().join("&").as_str() {
        "" => format!("/webhooks/{}", source.name),
        query => format!("/webhooks/{}?{query}", source.name),
    };
    let url = format!("{}{local}", stack.deployed.api_url()?);
    let called_url = format!("{}{local}", stack.deployed.called_url()?);
    // Signed is the URL that ingest will find to be the signed one.
    let signed_url = url::as_signed(&called_url, source.entered_url);

    let signed = |key: &SigningKey, at: UnixMillis| {
        let all: Headers = headers.iter().cloned().collect();
        let delivery = Delivery::new("POST", &signed_url, &all, &body);
        let new = sign(key, &delivery, at)
            .map_err(|fault| Failure::usage(format!("this event can't be signed: {fault}")))?;
        Ok::<_, Failure>(with(&headers, &body, new))
    };
    let honest = signed(key, now)?;
    // Ingest fetches the public half of whatever signs.
    let fetched = key
        .public_half()
        .map(|public| Secret::new(public, "fetched"));
    let secrets = match source.keys {
        KeyOrigin::Secret => secrets,
        KeyOrigin::Published { .. } | KeyOrigin::Named { .. } => fetched.as_slice(),
    };
    let identity = identity(source, secrets, &signed_url, &honest, now);
    let found = identity
        .as_ref()
        .map(|identity| identity.event_type.as_str());
    if let Some(fault) = found.and_then(|found| other_type(source, &wanted, found)) {
        return Err(Failure::usage(fault));
    }

    let (headers, body) = if given.forge {
        signed(&another(key.scheme())?, now)?
    } else if given.stale {
        signed(key, long_ago(key.scheme(), source, now)?)?
    } else if given.no_signature {
        let Place::Header(_) = key.scheme().signature.place else {
            return Err(Failure::usage(
                "the signature stands in the body: take it out of a --body-file",
            ));
        };
        let names: Vec<&str> = key.scheme().signature.place.names().collect();
        let is_signature = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        let (headers, body) = honest;
        let unsigned = headers
            .into_iter()
            .filter(|(name, _)| !is_signature(name))
            .collect();
        (unsigned, body)
    } else {
        honest
    };
    Ok(Letter {
        url,
        called_url,
        headers,
        body,
        identity,
    })
}

/// Headers and body of a delivery.
type Sent = (Vec<(String, String)>, Vec<u8>);

/// The delivery with what signs it: the new headers stand in place of any of the same name.
fn with(headers: &[(String, String)], body: &[u8], signed: Signed) -> Sent {
    let all = replaced(headers, signed.headers);
    (all, signed.body.unwrap_or_else(|| body.to_vec()))
}

/// What the stack will call the event: it is verified here as it will be there.
fn identity(
    source: &Source,
    secrets: &[Secret],
    signed_url: &str,
    (headers, body): &Sent,
    now: UnixMillis,
) -> Option<Identity> {
    let (keys, _) = Keys::load(source.schemes, secrets);
    let headers: Headers = headers.iter().cloned().collect();
    let delivery = Delivery::new("POST", signed_url, &headers, body);
    match verify(source, &keys, delivery, now) {
        Ok(event) => {
            // Where every delivery is an event of its own, only the stack's answer names it.
            let name = (!event.is_of_its_own()).then(|| event.name(""));
            Some(Identity {
                name: name.map(|name| (name.id, name.key.id().to_owned())),
                event_type: event.event_type().to_owned(),
            })
        }
        Err(refusal) => {
            print::note(&format!(
                "the stack's secret for `{}` does not verify what is signed here ({refusal})",
                source.name
            ));
            None
        }
    }
}

fn signing_key(
    given: &GivenEvent,
    stack: &Stack,
    source: &Source,
    secrets: &[Secret],
) -> Result<SigningKey, Failure> {
    let made = (stack.folder())
        .map(|folder| kept::private_key(folder, source.name.as_str()))
        .filter(|file| file.is_file());
    let made = made.filter(|_| source.keys == KeyOrigin::Secret);
    let private = given.private_key.as_deref().or(made.as_deref());
    let secret = match (private, secrets) {
        (Some(file), _) => {
            let pem = String::from_utf8_lossy(&contents(file)?).into_owned();
            Secret::new(pem, file.display().to_string())
        }
        (None, [newest, ..]) => newest.clone(),
        (None, []) => {
            return Err(Failure::usage(format!(
                "ingest fetches the keys of `{0}` where its provider publishes them, so that only who has the private half \
                 can sign: give that with --private-key. To try it on the local stack with a key of this machine, say \
                 `keys = \"secret\"` under [sources.{0}.local]",
                source.name
            )));
        }
    };
    SigningKey::load(source.schemes, &secret).map_err(|fault| {
        let is_public = source.schemes.iter().any(|scheme| scheme.algorithm.is_public_key());
        if is_public && private.is_none() {
            Failure::usage(format!(
                "deliveries to `{}` are signed with a private key, of which this stack holds the public half. Give the \
                 private one with --private-key",
                source.name
            ))
        } else {
            Failure::usage(format!("nothing can be signed: {fault}"))
        }
    })
}

/// A key of the same kind that is not the source's.
fn another(scheme: &'static Scheme) -> Result<SigningKey, Failure> {
    let text = generate::secret(scheme).map_err(|fault| Failure::trouble(fault.to_string()))?;
    SigningKey::load(std::slice::from_ref(scheme), &Secret::new(text, "another"))
        .map_err(|fault| Failure::trouble(fault.to_string()))
}

/// A time that is too old for the scheme.
fn long_ago(scheme: &Scheme, source: &Source, now: UnixMillis) -> Result<UnixMillis, Failure> {
    let past = scheme
        .timestamp
        .and_then(|timestamp| timestamp.tolerance.past);
    let past = past.ok_or_else(|| {
        Failure::usage(format!(
            "no delivery to `{}` can be stale: its scheme signs no time of delivery",
            source.name
        ))
    })?;
    Ok(now.plus(Millis::seconds(-i64::from(past) - 3_600)))
}

fn told(source: &Source, letter: &Letter, answer: &Answer) -> Value {
    let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let identity = letter.identity.as_ref();
    let (known_id, known_key) = identity.and_then(|identity| identity.name.clone()).unzip();
    let event_id = said.get("event_id").cloned().or(known_id.map(Value::from));
    let outcome = match (said.get("outcome"), said.get("error")) {
        (Some(outcome), _) => outcome.clone(),
        (None, Some(error)) => error.clone(),
        (None, None) => Value::Null,
    };
    json!({
        "source": source.name.as_str(),
        "key": known_key.map(Value::from).or(event_id.clone()),
        "event_id": event_id,
        "event_type": identity.map(|identity| &identity.event_type),
        "status": answer.status,
        "ms": (answer.milliseconds * 10.0).round() / 10.0,
        "outcome": outcome,
    })
}

fn say(told: &Value) {
    let text = |name: &str| {
        told[name]
            .as_str()
            .map_or_else(|| "-".to_owned(), escape::value)
    };
    print::line(&format!(
        "{}  {:<9}  {:>7} ms  {}  {}",
        told["status"],
        text("outcome"),
        told["ms"],
        text("event_id"),
        text("event_type")
    ));
}
