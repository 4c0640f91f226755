//! `landfall events`: what the ledger holds, and what of it is to be run again.

mod cursor;
mod export;
mod list;
mod look;
mod replay;
mod show;
mod tail;
mod which;

use std::process::ExitCode;

use landfall_aws::operator::Found;
use protocol::{
    ledger::{EventRecord, LegState, State, Work},
    reason::Reason,
};
use serde_json::{Value, json};

use self::{
    look::{Asks, Look},
    show::Payload,
    which::Which,
};
use crate::{
    args::{Events, GivenStack},
    escape,
    failure::Failure,
    print,
    stack::{Stack, block_on},
};

pub(crate) fn run(asked: &Events, stack: &GivenStack, as_json: bool) -> Result<ExitCode, Failure> {
    block_on(async {
        let stack = Stack::find(stack).await?;
        match asked {
            Events::Show {
                source,
                event_id,
                raw,
                no_body,
            } => {
                let payload = match (raw, no_body) {
                    (true, _) => Payload::Raw,
                    (_, true) => Payload::No,
                    (false, false) => Payload::Indented,
                };
                show::run(&stack, source, event_id, payload, as_json).await
            }
            Events::Replay(given) => replay::run(&stack, given, as_json).await,
            Events::List { which, span, limit } => {
                let which = Which::new(which, &stack)?;
                let look = Look::new(&stack, &which, span, Asks::OrEnds).await?;
                list::run(look, usize::from(*limit), as_json).await
            }
            Events::Search {
                text,
                which,
                span,
                limit,
            } => {
                let mut given = which.clone();
                given.filter.contains = Some(text.clone());
                let which = Which::new(&given, &stack)?;
                let look = Look::new(&stack, &which, span, Asks::OrEnds).await?;
                list::run(look, usize::from(*limit), as_json).await
            }
            Events::Tail { which } => tail::run(&stack, &Which::new(which, &stack)?, as_json).await,
            Events::Export {
                which,
                span,
                into,
                no_body,
                yes,
            } => {
                let which = Which::new(which, &stack)?;
                let asks = if *yes { Asks::Nobody } else { Asks::OrFails };
                let look = Look::new(&stack, &which, span, asks).await?;
                export::run(&stack, look, into.as_deref(), !no_body).await
            }
        }
    })
}

/// What tells an event from others, of whatever else is told of it.
pub(crate) fn named(event: &EventRecord) -> Value {
    json!({
        "source": event.key.source(),
        "event_id": event.event_id,
        "event_type": event.event_type,
        "key": event.key.id(),
        "received_at": event.received_at,
    })
}

/// How an event stands, in a word: as its work has it, or what that doesn't tell apart.
fn state(work: Option<&Work>) -> &'static str {
    match work {
        None => "unclaimed",
        Some(work) if work.state == State::Succeeded && work.legs.is_empty() => "unrouted",
        Some(work) => work.state.as_str(),
    }
}

/// The reasons of the parts that were given up, in words.
fn reasons(work: Option<&Work>) -> Vec<&'static str> {
    let reasons = work.map(Work::reasons).unwrap_or_default();
    reasons.into_iter().map(Reason::as_str).collect()
}

/// What the legs said that failed, else what those say that wait.
fn last_error(work: &Work) -> Option<&str> {
    let said = |state| {
        let mut legs = work.legs.values().filter(move |leg| leg.state == state);
        legs.find_map(|leg| leg.last_error.as_deref())
    };
    said(LegState::Failed).or_else(|| said(LegState::Waiting))
}

/// The event of this id, or that there is none.
pub(crate) async fn find(
    stack: &Stack,
    source: &str,
    id: &str,
    as_json: bool,
) -> Result<Option<Found>, Failure> {
    let found = stack.deployed.ledger()?.find(source, id).await?;
    match &found {
        None => {
            if as_json {
                print::json(&json!({"source": source, "event_id": id, "error": "no such event"}));
            }
            print::note(&format!(
                "the ledger of `{}` has no event `{}` of `{}`; `landfall events list` shows what came in lately",
                stack.deployed.name(),
                escape::value(id),
                escape::value(source)
            ));
            // Events outlive their source, so that the ledger is asked for those of one that is gone, too.
            if let Err(unknown) = stack.source_name(source) {
                print::note(&unknown.to_string());
            }
        }
        Some(Found { has_others, .. }) if *has_others => print::note(
            "several bodies came under this id; the newest is shown, `events list` has the others",
        ),
        Some(_) => {}
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use protocol::ledger::Leg;
    use support::records;

    use super::*;

    #[test]
    fn an_event_that_went_no_route_is_told_from_one_that_succeeded() {
        let event = records::event("github", "1");
        let mut work = records::work(event.life(), State::Succeeded);
        work.legs.clear();
        assert_eq!((state(None), state(Some(&work))), ("unclaimed", "unrouted"));
        work.legs
            .insert("paid".to_owned(), Leg::opened(event.received_at));
        assert_eq!(state(Some(&work)), "succeeded");
        // Given up before anybody knew its routes.
        let failed = records::work(event.life(), State::Failed);
        assert_eq!(state(Some(&failed)), "failed");
    }
}
