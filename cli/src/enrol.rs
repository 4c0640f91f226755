//! `landfall enrol`: takes the secret that a provider hands over, with the operator's own credentials.

use std::process::ExitCode;

use catalogue::{Enrolment, Source};
use landfall_aws::{
    clock::SystemClock,
    operator::{Enrolments, NewSecret, Others, Outcome},
};
use protocol::{
    ports::{Clock as _, Written},
    time::UnixMillis,
};
use serde_json::{Value, json};
use webhook::{
    endpoint::enrolment::{Entry, Pending, fingerprint},
    keys::Purpose,
};

use crate::{
    args::{Enrol, GivenStack},
    endpoints,
    failure::Failure,
    print,
    sample::iso,
    secrets::{in_words, kept},
    stack::{Stack, block_on},
};

pub(crate) fn run(asked: &Enrol, stack: &GivenStack, as_json: bool) -> Result<ExitCode, Failure> {
    block_on(async {
        let stack = Stack::find(stack).await?;
        let table = stack.deployed.enrolments()?;
        let (told, code) = match asked {
            Enrol::Open { source } => open(&stack, &table, source).await?,
            Enrol::Show { source, reveal } => show(&stack, &table, source, *reveal).await?,
            Enrol::Confirm {
                source,
                fingerprint,
                label,
            } => confirm(&stack, &table, source, fingerprint, label.as_deref()).await?,
            Enrol::Close { source } => close(&stack, &table, source).await?,
        };
        if as_json {
            print::json(&told.0);
        } else {
            print::line(&told.1);
        }
        Ok(code)
    })
}

/// What there is to say, as JSON and in words.
type Told = (Value, String);

async fn open(stack: &Stack, table: &Enrolments, name: &str) -> Result<(Told, ExitCode), Failure> {
    let (source, enrolment) = enrolling(stack, name)?;
    let now = SystemClock.now();
    if table.open(name, now).await? == Written::No {
        return Err(Failure::trouble(format!(
            "a secret waits there already: `landfall enrol show {name}`, then confirm it, or close and open again"
        )));
    }
    let until = Entry::opened(now).open_until;
    let url = endpoints::address(stack, source)?;
    let title = source
        .provider
        .map_or("the provider", |provider| provider.title);
    let reveal = match enrolment {
        Enrolment::Echoed { .. } => "",
        Enrolment::Entered { .. } | Enrolment::SentBack { .. } => " --reveal",
    };
    let words = format!(
        "Open until {}. Now enter the URL at {title}:\n\n  {url}\n\nThen: landfall enrol show {name}{reveal}",
        print::time(until)
    );
    let json = json!({"source": name, "open_until": until, "url": url});
    Ok(((json, words), ExitCode::SUCCESS))
}

async fn show(
    stack: &Stack,
    table: &Enrolments,
    name: &str,
    reveal: bool,
) -> Result<(Told, ExitCode), Failure> {
    let (_, enrolment) = enrolling(stack, name)?;
    if reveal && matches!(enrolment, Enrolment::Echoed { .. }) {
        return Err(Failure::usage(
            "nobody needs to see this secret: the provider has been shown that it arrived",
        ));
    }
    let now = SystemClock.now();
    let entry = table.read(name, now).await?;
    let mut told = json!({"source": name, "state": state(entry.as_ref(), now)});
    let Some(pending) = entry.as_ref().and_then(|entry| entry.pending.as_ref()) else {
        let words = match &entry {
            Some(entry) if now < entry.open_until => {
                told["open_until"] = json!(entry.open_until);
                format!(
                    "Nothing has come yet. Open until {}.",
                    print::time(entry.open_until)
                )
            }
            _ => {
                format!("Nothing waits, and nothing is taken: `landfall enrol open {name}` first.")
            }
        };
        return Ok(((told, words), ExitCode::from(1)));
    };
    let print = fingerprint(&pending.secret);
    let from = pending.source_ip.map(|address| address.to_string());
    told["received_at"] = json!(pending.received_at);
    told["source_ip"] = json!(from);
    told["fingerprint"] = json!(print);
    let mut secret = String::new();
    if reveal {
        told["secret"] = json!(pending.secret);
        secret = format!("secret        {}\n", pending.secret);
    }
    let then = match enrolment {
        Enrolment::SentBack { .. } => {
            format!("Once you have sent it back: landfall enrol close {name}")
        }
        Enrolment::Echoed { .. } | Enrolment::Entered { .. } => {
            format!("If it is the provider's: landfall enrol confirm {name} --fingerprint {print}")
        }
    };
    let words = format!(
        "received_at   {}\nsource_ip     {}\nfingerprint   {print}\n{secret}\n{then}",
        print::time(pending.received_at),
        from.as_deref().unwrap_or("unknown")
    );
    Ok(((told, words), ExitCode::SUCCESS))
}

async fn confirm(
    stack: &Stack,
    table: &Enrolments,
    name: &str,
    meant: &str,
    label: Option<&str>,
) -> Result<(Told, ExitCode), Failure> {
    let (source, enrolment) = enrolling(stack, name)?;
    if matches!(enrolment, Enrolment::SentBack { .. }) {
        return Err(Failure::usage(format!(
            "what waits there is no secret that signs: send it back by the provider's API, then `landfall enrol close {name}`"
        )));
    }
    let entry = table.read(name, SystemClock.now()).await?;
    let pending = entry.and_then(|entry| entry.pending).ok_or_else(|| {
        Failure::trouble(format!(
            "no secret waits there: `landfall enrol open {name}` first"
        ))
    })?;
    let print = fingerprint(&pending.secret);
    if !meant.eq_ignore_ascii_case(&print) {
        return Err(Failure::trouble(format!(
            "the secret that waits has the fingerprint {print}. If it isn't the provider's, `landfall enrol close {name}` \
             forgets it"
        )));
    }
    let label = label.map_or_else(|| default_label(&pending), str::to_owned);
    let store = stack.deployed.secrets()?;
    let new = NewSecret {
        value: &pending.secret,
        label: &label,
        purpose: Purpose::Signature,
        others: Others::Stay,
    };
    let outcome = store.set(source, &new).await?;
    kept::keep(&store, stack, kept::Owners::Sources).await?;
    table.close_after(name, &pending).await.map_err(|fault| {
        Failure::trouble(format!(
            "the secret counts now, but still waits: {fault}. `landfall enrol close {name}` forgets it there"
        ))
    })?;
    let words = in_words(name, &label, outcome);
    let Outcome { active, dropped } = outcome;
    let json = json!({"source": name, "label": label, "fingerprint": print, "active": active, "dropped": dropped});
    Ok(((json, words), ExitCode::SUCCESS))
}

async fn close(stack: &Stack, table: &Enrolments, name: &str) -> Result<(Told, ExitCode), Failure> {
    enrolling(stack, name)?;
    let closed = table.close(name).await? == Written::Yes;
    let words = if closed {
        "Closed. Nothing waits there."
    } else {
        "It was not open."
    };
    let json = json!({"source": name, "closed": closed});
    Ok(((json, words.into()), ExitCode::SUCCESS))
}

/// A source, and how its provider hands over the secret.
fn enrolling<'a>(stack: &'a Stack, name: &str) -> Result<(&'a Source, Enrolment), Failure> {
    let source = stack.source(name)?;
    let enrolment = *source.enrolment.ok_or_else(|| {
        Failure::usage(format!(
            "the provider of `{name}` hands over no secret: set it with `landfall secrets set {name}`"
        ))
    })?;
    Ok((source, enrolment))
}

fn state(entry: Option<&Entry>, now: UnixMillis) -> &'static str {
    match entry {
        Some(entry) if entry.pending.is_some() => "pending",
        Some(entry) if now < entry.open_until => "open",
        _ => "closed",
    }
}

/// For example `2026-11-21-1a2b3c4d`: a source may have several secrets of one day.
fn default_label(pending: &Pending) -> String {
    let date: String = iso(pending.received_at).chars().take(10).collect();
    format!("{date}-{}", fingerprint(&pending.secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_open_or_pending_or_closed() {
        let now = UnixMillis(1_800_000_000_000);
        let mut entry = Entry::opened(now);
        assert_eq!(state(None, now), "closed");
        assert_eq!(state(Some(&entry), now), "open");
        assert_eq!(state(Some(&entry), entry.open_until), "closed");
        let pending = Pending {
            secret: "hush".into(),
            received_at: now,
            source_ip: None,
        };
        assert_eq!(default_label(&pending).len(), "2027-01-15-12345678".len());
        assert!(!default_label(&pending).contains("hush"));
        entry.pending = Some(pending);
        assert_eq!(state(Some(&entry), entry.open_until), "pending");
    }
}
