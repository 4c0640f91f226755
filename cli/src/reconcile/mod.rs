//! `landfall reconcile`: asks a provider what it has sent, and has it send again what the ledger doesn't have.
//!
//! A provider is a [`Reconciles`]: it lists what it sent, each event by the id that the ledger knows it by, and sends one again.
//! What of that is missing, and what is to be done about it, is the same for all.

mod api;
mod github;
mod missing;
mod stripe;

use std::{process::ExitCode, time::Duration};

use landfall_aws::{
    clock::SystemClock,
    operator::{Along, Of, Span},
};
use protocol::{
    ports::Clock as _,
    time::{Millis, UnixMillis},
};
use serde_json::json;

use self::{
    github::GitHub,
    missing::{Known, Sorted},
    stripe::Stripe,
};
use crate::{
    args::{GivenReconcile, GivenStack, Reconcile},
    consent,
    deed::{Deed, Filter, Outcome},
    escape,
    failure::Failure,
    print,
    sample::iso,
    stack::{Stack, block_on},
    when::Moment,
};

/// How many are shown of those that are missing, before somebody is asked.
const SAMPLE: usize = 5;

/// By how much the provider's clock may be ahead of ours.
const AHEAD: Millis = Millis(600_000);

/// How many positions of the index are read at once.
const AT_ONCE: usize = 500;

/// A provider that says what it has sent.
trait Reconciles {
    /// What people call it.
    const TITLE: &'static str;

    /// What of its events is listed.
    const LISTED: &'static str;

    /// What it sent since then: each attempt, in any order.
    fn sent(&self, since: UnixMillis) -> Result<Vec<Sent>, Failure>;

    /// Has it send an event once more, as this attempt was.
    fn send_again(&self, sent: &Sent) -> Result<(), Failure>;
}

/// An attempt of a provider's to deliver an event.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sent {
    /// The event's id, as the ledger has it.
    event_id: String,
    /// By which the provider knows this attempt.
    attempt: String,
    event_type: String,
    at: UnixMillis,
    /// Whether the provider takes it for delivered.
    is_delivered: bool,
    /// What it says of it: `OK`, `502 failed to connect`.
    said: String,
}

/// What is asked for, whatever the provider.
struct Asked<'a> {
    source: &'a str,
    since: UnixMillis,
    also_delivered: bool,
    rate: u32,
    yes: bool,
}

pub(crate) fn run(
    asked: &Reconcile,
    stack: &GivenStack,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    block_on(async {
        let stack = Stack::find(stack).await?;
        match asked {
            Reconcile::GitHub(given) => {
                let mut asked = Asked::of(&given.what, &given.since, &stack, "github")?;
                asked.also_delivered = given.also_delivered;
                reconcile(&stack, &GitHub::new(given)?, &asked, as_json).await
            }
            Reconcile::Stripe(given) => {
                let asked = Asked::of(&given.what, &given.since, &stack, "stripe")?;
                reconcile(&stack, &Stripe::new(given)?, &asked, as_json).await
            }
        }
    })
}

impl<'a> Asked<'a> {
    /// What is asked for of a source whose provider is this one.
    fn of(
        given: &GivenReconcile,
        since: &Moment,
        stack: &'a Stack,
        provider: &str,
    ) -> Result<Self, Failure> {
        let source = stack.source(&given.source)?;
        if source.provider.is_none_or(|own| own.name != provider) {
            return Err(Failure::usage(format!(
                "the provider of `{}` isn't `{provider}`",
                source.name
            )));
        }
        Ok(Self {
            source: source.name.as_str(),
            since: since.at(SystemClock.now(), &print::manner().zone),
            also_delivered: false,
            rate: given.rate,
            yes: given.yes,
        })
    }
}

async fn reconcile<P: Reconciles>(
    stack: &Stack,
    provider: &P,
    asked: &Asked<'_>,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let title = P::TITLE;
    let sent = provider.sent(asked.since)?;
    let known = known(stack, asked).await?;
    let sorted = Sorted::of(sent, asked.source, &known);
    let Sorted {
        all,
        there,
        failed,
        delivered,
    } = &sorted;
    let mut missing: Vec<&Sent> = failed.iter().collect();
    if asked.also_delivered {
        missing.extend(delivered);
    }
    // In the order in which they were sent.
    missing.sort_by_key(|sent| sent.at);
    let count = missing.len();
    if !as_json {
        print::line(&format!(
            "{title} {} {all} events since {}: {there} of them are in the ledger, {} failed and are missing",
            P::LISTED,
            print::time(asked.since),
            failed.len()
        ));
        for sent in missing.iter().take(SAMPLE) {
            print::line(&format!(
                "  {}  {}  {}  {}",
                print::time(sent.at),
                escape::value(&sent.event_id),
                escape::value(&sent.event_type),
                escape::value(&sent.said)
            ));
        }
        if count > SAMPLE {
            print::line("  …");
        }
    }
    if !delivered.is_empty() && !asked.also_delivered {
        print::note(&format!(
            "{} more are delivered, as {title} has it, and not in the ledger: does this webhook lead to `{}`? \
             --also-delivered has them sent, too",
            delivered.len(),
            asked.source
        ));
    }
    if count > 0 {
        let question = format!(
            "have {title} send {count} of them again to `{}`",
            asked.source
        );
        if !consent::given(&question, asked.yes)? {
            return Ok(ExitCode::FAILURE);
        }
        let deed = Deed {
            what: "reconcile",
            filter: Filter::default()
                .with("provider", Some(title))
                .with("source", Some(asked.source))
                .with("since", Some(iso(asked.since)))
                .with("also_delivered", asked.also_delivered.then_some(true)),
            count,
        };
        deed.note(stack, Outcome::Begun).await;
        let done = send(provider, &missing, asked.rate).await;
        deed.note(stack, Outcome::of(&done)).await;
        done?;
    }
    if as_json {
        print::json(&json!({
            "source": asked.source,
            "since": asked.since,
            "sent": all,
            "there": there,
            "failed": failed.len(),
            "delivered_and_missing": delivered.len(),
            "asked_for": missing.iter().map(|sent| &sent.event_id).collect::<Vec<_>>(),
        }));
    } else if count > 0 {
        print::line(&format!(
            "{title} was asked for {count}. Run it again in a minute: what is still missing hasn't arrived"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The events of the source that the ledger has from that time on.
async fn known(stack: &Stack, asked: &Asked<'_>) -> Result<Known, Failure> {
    let span = Span::since(asked.since.plus(Millis(-AHEAD.0)));
    let ledger = stack.deployed.ledger()?;
    let mut walk = ledger
        .walk(Along::Time, Of::Sources(&[asked.source]), span)
        .await?;
    let mut known = Known::default();
    loop {
        let page = walk.next(AT_ONCE).await?;
        if page.is_empty() {
            return Ok(known);
        }
        known.extend(page.into_iter().map(|at| at.key.id().to_owned()));
    }
}

/// Has them sent again, at this rate.
async fn send(provider: &impl Reconciles, missing: &[&Sent], rate: u32) -> Result<(), Failure> {
    let mut turn = tokio::time::interval(Duration::from_secs(1) / rate);
    for (done, sent) in missing.iter().enumerate() {
        turn.tick().await;
        if let Err(why) = provider.send_again(sent) {
            return Err(Failure::trouble(format!(
                "{done} of {} are asked for; run it again in a minute for the others. {}",
                missing.len(),
                why.told(print::manner().verbose)
            )));
        }
    }
    Ok(())
}
