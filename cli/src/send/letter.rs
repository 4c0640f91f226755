//! A delivery as the provider would make it: signed, and spoilt where that is asked for.

use catalogue::{Environment, KeyOrigin, Place, Scheme, Source};
use protocol::time::{Millis, UnixMillis};
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
    args::GivenEvent,
    delivery::replaced,
    failure::Failure,
    input::contents,
    print,
    sample::{Sample, other_type},
    secrets::kept,
    stack::Stack,
};

/// An event ready to be posted.
pub(super) struct Letter {
    pub(super) url: String,
    /// The same as ingest is told it.
    pub(super) called_url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// What the stack will call it, if it accepts it.
    pub(super) identity: Option<Identity>,
}

pub(super) struct Identity {
    /// Id and key, where they can be known before the stack has answered.
    pub(super) name: Option<(String, String)>,
    pub(super) event_type: String,
}

/// The active secrets of a source that sign, newest first; none where ingest fetches the keys.
pub(super) async fn secrets(stack: &Stack, source: &Source) -> Result<Vec<Secret>, Failure> {
    if *source.keys != KeyOrigin::Secret {
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

/// What signs for a source: its secrets, newest first, and the key that is used here.
pub(super) struct Signer<'a> {
    pub(super) source: &'a Source,
    pub(super) secrets: &'a [Secret],
    pub(super) key: &'a SigningKey,
}

/// The delivery of an event, made now. `is_own`: its body is none of ours.
pub(super) fn write(
    given: &GivenEvent,
    stack: &Stack,
    by: &Signer<'_>,
    event: Sample,
    is_own: bool,
    now: UnixMillis,
) -> Result<Letter, Failure> {
    let Signer {
        source,
        secrets,
        key,
    } = *by;
    let Sample {
        headers,
        query,
        body,
    } = event;
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
    let secrets = match *source.keys {
        KeyOrigin::Secret => secrets,
        KeyOrigin::Published { .. } | KeyOrigin::Named { .. } | KeyOrigin::Asked(_) => {
            fetched.as_slice()
        }
    };
    let identity = identity(source, secrets, &signed_url, &honest, now);
    let found = identity
        .as_ref()
        .map(|identity| identity.event_type.as_str());
    if let Some(fault) =
        found.and_then(|found| other_type(source, given.event_type.as_deref(), is_own, found))
    {
        return Err(Failure::usage(fault));
    }

    let (headers, body, query) = if given.forge {
        signed(&another(key.scheme())?, now)?
    } else if given.stale {
        signed(key, long_ago(key.scheme(), source, now)?)?
    } else if given.no_signature {
        let Place::Header(_) = key.scheme().signature.place else {
            return Err(Failure::usage(
                "the signature stands in no header: take it out of a --body-file, or leave it out of the URL",
            ));
        };
        let names: Vec<&str> = key.scheme().signature.place.outer_names().collect();
        let is_signature = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        let (headers, body, _) = honest;
        let unsigned = headers
            .into_iter()
            .filter(|(name, _)| !is_signature(name))
            .collect();
        (unsigned, body, None)
    } else {
        honest
    };
    Ok(Letter {
        url: with_query(&url, query.as_deref()),
        called_url: with_query(&called_url, query.as_deref()),
        headers,
        body,
        identity,
    })
}

/// Headers and body of a delivery, and its query where the signature stands in that.
type Sent = (Vec<(String, String)>, Vec<u8>, Option<String>);

/// The delivery with what signs it: the new headers stand in place of any of the same name.
fn with(headers: &[(String, String)], body: &[u8], signed: Signed) -> Sent {
    let all = replaced(headers, signed.headers);
    let body = signed.body.unwrap_or_else(|| body.to_vec());
    (all, body, signed.query)
}

/// The URL with this query, if there is one.
fn with_query(url: &str, query: Option<&str>) -> String {
    let path = url.split('?').next().unwrap_or_default();
    query.map_or_else(|| url.to_owned(), |query| format!("{path}?{query}"))
}

/// What the stack will call the event: it is verified here as it will be there.
fn identity(
    source: &Source,
    secrets: &[Secret],
    signed_url: &str,
    (headers, body, query): &Sent,
    now: UnixMillis,
) -> Option<Identity> {
    let signed_url = with_query(signed_url, query.as_deref());
    let (keys, _) = Keys::load(source.schemes, secrets);
    let headers: Headers = headers.iter().cloned().collect();
    let delivery = Delivery::new("POST", &signed_url, &headers, body);
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

pub(super) fn signing_key(
    given: &GivenEvent,
    stack: &Stack,
    source: &Source,
    secrets: &[Secret],
) -> Result<SigningKey, Failure> {
    let made = (stack.folder())
        .map(|folder| kept::private_key(folder, source.name.as_str()))
        .filter(|file| file.is_file());
    let made = made.filter(|_| *source.keys == KeyOrigin::Secret);
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
