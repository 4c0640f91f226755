//! `landfall events replay`: runs events again on purpose, by their ids or all that are meant.

mod asked;
mod chosen;
mod plan;

use std::{process::ExitCode, time::Duration};

use catalogue::Route;
use futures_util::{TryStreamExt as _, stream};
use landfall_aws::{clock::SystemClock, queue::Queue};
use protocol::{
    ports::{Clock as _, Position, Queue as _},
    ticket::Ticket,
};
use serde_json::json;

use self::{
    asked::{filter, is_asked_for, meant},
    chosen::Chosen,
    plan::Plan,
};
use super::{
    cursor,
    look::{Asks, Look},
    which::{Which, leading_to},
};
use crate::{
    args::GivenReplay,
    consent,
    deed::{Deed, Outcome},
    failure::Failure,
    print,
    stack::Stack,
};

/// How many tickets are on their way at once, and are sent before it is told how far it came.
const AT_ONCE: usize = 16;
const A_STEP: usize = 100;

/// How many events are shown of those that are meant, before somebody is asked.
const SAMPLE: usize = 5;

pub(super) async fn run(
    stack: &Stack,
    given: &GivenReplay,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let plan = Plan {
        configuration: &stack.configured,
        routes: routes(stack, given)?,
        again: given.again,
        now: SystemClock.now(),
    };
    let mut chosen = Chosen::default();
    let (mut looked, mut cursor) = (None, None);
    if given.event_ids.is_empty() {
        let which = meant(given)?;
        let which = Which::new(&which, stack)?;
        let asks = if given.yes {
            Asks::Nobody
        } else {
            Asks::OrFails
        };
        let mut look = Look::new(stack, &which, &given.span, asks).await?;
        while let Some(seen) = look.next().await? {
            chosen.add(stack, &plan, seen).await?;
        }
        cursor = look.cursor(None);
        if let Some(cursor) = &cursor {
            print::note(&format!("there are more: --cursor {cursor}"));
        }
        looked = Some(look.in_words());
    } else {
        if is_asked_for(given) {
            return Err(Failure::usage(
                "name the events' ids, or say which are meant; not both",
            ));
        }
        let source = stack.source_name(given.source.as_deref().unwrap_or_default())?;
        for id in &given.event_ids {
            chosen.one(stack, &plan, source, id).await?;
        }
    }
    if !as_json {
        chosen.say(looked.as_deref());
    }
    for (why, left_out) in &chosen.left_out {
        print::note(&left_out.in_words(why));
    }
    let count = chosen.events.len();
    if given.dry_run {
        if as_json {
            print::json(&json!({
                "would_be_replayed": count,
                "route": given.route,
                "left_out": chosen.left_out_json(),
                "sample": chosen.sample,
                "looked": looked,
                "cursor": cursor,
            }));
        } else {
            print::line(&format!(
                "{} would be run again",
                in_words(&plan, count, given.source.as_deref())
            ));
        }
        return Ok(ExitCode::from(u8::from(count == 0)));
    }
    let asked = in_words(&plan, count, given.source.as_deref());
    if count > 0 && !consent::given(&format!("run {asked} again"), given.yes)? {
        return Ok(ExitCode::FAILURE);
    }
    if count > 0 {
        let deed = Deed {
            what: "replay",
            filter: filter(given),
            count,
        };
        deed.note(stack, Outcome::Begun).await;
        let sent = send(&stack.deployed.queue()?, &chosen.events, given.rate).await;
        deed.note(stack, Outcome::of(&sent)).await;
        sent?;
    }
    if as_json {
        let left_out = chosen.left_out_json();
        print::json(&json!({"replayed": count, "route": given.route, "left_out": left_out}));
    } else {
        print::line(&format!("asked for {asked} to be run again"));
    }
    Ok(ExitCode::from(u8::from(count == 0)))
}

/// The routes whose legs are to be run, where it isn't all.
fn routes<'s>(stack: &'s Stack, given: &GivenReplay) -> Result<Vec<&'s Route>, Failure> {
    let named = given.route.as_deref().map(|name| stack.route(name));
    let mut routes: Vec<&Route> = named.transpose()?.into_iter().collect();
    if let Some(name) = &given.filter.destination {
        let to = stack.destination(name)?.name.as_str();
        let leading = leading_to(&stack.configured, to);
        if routes.is_empty() {
            let all = stack.configured.routes.iter();
            routes = all
                .filter(|route| leading.contains(route.name.as_str()))
                .collect();
        } else {
            routes.retain(|route| leading.contains(route.name.as_str()));
        }
        if routes.is_empty() {
            return Err(Failure::usage(format!(
                "no such route leads to `{name}` in {}",
                stack.file
            )));
        }
    }
    Ok(routes)
}

/// What is run again, in words.
fn in_words(plan: &Plan<'_>, count: usize, source: Option<&str>) -> String {
    let what = match plan.routes.as_slice() {
        [] if plan.again => "all legs".to_owned(),
        [] => "what hasn't succeeded".to_owned(),
        [route] => format!("the leg `{}`", route.name),
        routes => {
            let names = routes.iter().map(|route| format!("`{}`", route.name));
            format!("the legs {}", names.collect::<Vec<_>>().join(", "))
        }
    };
    let events = if count == 1 { "event" } else { "events" };
    let of = source.map_or(String::new(), |source| format!(" of {source}"));
    format!("{what} of {count} {events}{of}")
}

/// Sends the tickets, the newest events' first, and tells how far it came and how to go on from there.
async fn send(
    queue: &Queue,
    events: &[(Position, Vec<Ticket>)],
    rate: Option<u32>,
) -> Result<(), Failure> {
    // So many at once as the rate lets through in a second.
    let step = rate.map_or(A_STEP, |rate| usize::try_from(rate).unwrap_or(usize::MAX));
    let mut second = tokio::time::interval(Duration::from_secs(1));
    let mut done = 0_usize;
    for part in events.chunks(step.max(1)) {
        if rate.is_some() {
            second.tick().await;
        }
        let tickets = part.iter().flat_map(|(_, tickets)| tickets);
        let each = stream::iter(tickets.map(|ticket| Ok(queue.send(ticket))));
        let sent: Result<(), _> = each
            .try_buffer_unordered(AT_ONCE)
            .try_for_each(|()| async { Ok(()) })
            .await;
        if let Err(fault) = sent {
            let before = done.checked_sub(1).map(|last| &events[last].0);
            let goes_on = match before {
                Some(at) => format!(
                    "the same command goes on with --cursor {}",
                    cursor::written(at)
                ),
                None => "none has its ticket for certain; the same command begins again".to_owned(),
            };
            return Err(Failure::trouble(format!(
                "{done} of {} events are asked for, and up to {} more; {goes_on}. {}",
                events.len(),
                part.len(),
                Failure::from(fault)
            )));
        }
        done += part.len();
        if done < events.len()
            && let Some((at, _)) = events.get(done - 1)
        {
            print::note(&format!(
                "{done} of {}; if it is interrupted, the same command goes on with --cursor {}",
                events.len(),
                cursor::written(at)
            ));
        }
    }
    Ok(())
}
