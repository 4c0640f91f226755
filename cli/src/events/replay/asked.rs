//! What was asked for to be run again.

use landfall_aws::clock::SystemClock;
use protocol::{ports::Clock as _, reason::Reason};

use crate::{
    args::{GivenFilter, GivenReplay, GivenWhich},
    deed::Filter,
    failure::Failure,
    print,
    sample::iso,
    when::Moment,
};

/// Which events are meant, where none is named. A leg must be there only where it is asked how that stands: a route may
/// have been added after the event had come.
pub(super) fn meant(given: &GivenReplay) -> Result<GivenWhich, Failure> {
    let asks_for_states = !given.filter.states_meant().is_empty();
    let asks_for_legs = asks_for_states || given.filter.error.is_some();
    let is_bounded = given.span.since.is_some() || given.span.cursor.is_some();
    if !is_bounded && !asks_for_states {
        return Err(Failure::usage(
            "which events? Name their ids, a time with --since, or a state: --state failed",
        ));
    }
    let is_of_all = given.source.is_none()
        && given.route.is_none()
        && given.filter.destination.is_none()
        && !asks_for_legs;
    if is_of_all {
        return Err(Failure::usage(
            "everything of every source? Name a source, a route with --route, a destination or a state",
        ));
    }
    let mut which = GivenWhich {
        sources: given.source.iter().cloned().collect(),
        route: given.route.clone(),
        filter: given.filter.clone(),
    };
    if !asks_for_legs {
        which.route = None;
        which.filter.destination = None;
    }
    Ok(which)
}

/// What was asked for, as it is noted. A text that was looked for in payloads is a payload's.
pub(super) fn filter(given: &GivenReplay) -> Filter {
    let GivenFilter {
        event_type,
        states,
        destination,
        reason,
        error,
        id,
        contains,
    } = &given.filter;
    let text = |text: &Option<String>| text.clone();
    let zone = &print::manner().zone;
    let time = |moment: &Option<Moment>| {
        let moment = moment.as_ref()?;
        Some(iso(moment.at(SystemClock.now(), zone)))
    };
    let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    Filter::default()
        .with("source", text(&given.source))
        .with_ids(&given.event_ids)
        .with("route", text(&given.route))
        .with("type", text(event_type))
        .with("state", (!states.is_empty()).then_some(states))
        .with("destination", text(destination))
        .with("reason", reason.map(Reason::as_str))
        .with("error", text(error))
        .with("id", text(id))
        .with(
            "contains",
            contains.is_some().then_some("(a text that is not noted)"),
        )
        .with("since", time(&given.span.since))
        .with("until", time(&given.span.until))
        .with("cursor", text(&given.span.cursor))
        .with("again", given.again.then_some(true))
}

/// Whether it is said which events are meant, other than by their ids.
pub(super) fn is_asked_for(given: &GivenReplay) -> bool {
    let (filter, span) = (&given.filter, &given.span);
    let texts = [
        &filter.event_type,
        &filter.error,
        &filter.id,
        &filter.contains,
        &span.cursor,
    ];
    texts.iter().any(|text| text.is_some())
        || !filter.states_meant().is_empty()
        || span.since.is_some()
        || span.until.is_some()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Cli, Command, Events};

    fn given(arguments: &str) -> GivenReplay {
        let words = format!("landfall events replay {arguments}");
        match Cli::try_parse_from(words.split_whitespace())
            .unwrap()
            .command
        {
            Command::Events(Events::Replay(given)) => given,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn everything_of_everything_is_never_meant() {
        for arguments in ["", "stripe", "--since 1h", "--type invoice.paid --since 1h"] {
            assert!(meant(&given(arguments)).is_err(), "{arguments}");
        }
        for arguments in [
            "stripe --since 1h",
            "--route paid --since 30d",
            "--destination billing --since 1h",
            "--state failed",
            "--reason exhausted",
        ] {
            assert!(meant(&given(arguments)).is_ok(), "{arguments}");
        }
    }

    #[test]
    fn ids_are_named_or_asked_for() {
        assert!(!is_asked_for(&given(
            "stripe evt_1 --route paid --destination billing --again"
        )));
        for arguments in [
            "stripe evt_1 --since 1h",
            "stripe evt_1 --state failed",
            "stripe evt_1 --reason permanent",
        ] {
            assert!(is_asked_for(&given(arguments)), "{arguments}");
        }
    }

    #[test]
    fn a_route_that_was_added_later_needs_no_leg_and_one_whose_state_is_asked_for_does() {
        let later = meant(&given("--route archive --since 30d")).unwrap();
        assert_eq!(later.route, None);
        let failed = meant(&given("--route archive --state failed")).unwrap();
        assert_eq!(failed.route.as_deref(), Some("archive"));
    }
}
