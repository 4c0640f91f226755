//! A delivery that is right but for its time.

use catalogue::{Scheme, Timestamp, Unit};
use webhook::refusal::Reason;

use super::suspect::{Change, Guess, Suspect};
use crate::{clock::Distance, describe};

pub(super) fn guesses<'s>(suspect: &'s Suspect<'_>) -> Box<dyn Iterator<Item = Guess> + 's> {
    let stale = (suspect.refusal.reason == Reason::Stale).then(|| stale(suspect));
    let units = [Unit::Seconds, Unit::Millis, Unit::Iso, Unit::IsoUtc]
        .into_iter()
        .map(|unit| written_in(suspect, unit));
    // A time in milliseconds is no time of the calendar as one in seconds: that is said first.
    let in_other_unit = suspect.refusal.reason == Reason::Malformed;
    let units = units.filter(move |_| in_other_unit);
    Box::new(stale.into_iter().chain(units))
}

fn stale(suspect: &Suspect<'_>) -> Guess {
    let distance = Distance::of(suspect.case);
    let (sentence, zone) = match &distance {
        Some(distance) => (
            format!(
                "But for the time, the signature is right: the delivery's time is {}, so {}.",
                distance.time(),
                distance.in_words()
            ),
            distance.is_a_zones(),
        ),
        None => (
            format!(
                "But for the time, the signature is right: its time is none of the calendar{}.",
                unit_in_words(suspect)
            ),
            false,
        ),
    };
    let mend = if distance.is_none() {
        "See who writes the time, and in which unit: here nothing is to be mended."
    } else if zone {
        "That is the distance of a time zone: local time was taken for UTC, here or where it was signed. For a delivery that \
         was captured earlier, give --now the time when it came."
    } else {
        "Is the clock of this machine right, and that of the sender? For a delivery that was captured earlier, give --now the \
         time when it came."
    };
    Guess {
        change: Change::Clock,
        sentence,
        mend: mend.into(),
    }
}

/// That the time is probably written in milliseconds, where the scheme has seconds.
fn unit_in_words(suspect: &Suspect<'_>) -> &'static str {
    let seconds = suspect.schemes().iter().any(|scheme| {
        scheme
            .timestamp
            .is_some_and(|timestamp| timestamp.unit == Unit::Seconds)
    });
    if seconds {
        ", if it is read in seconds; it is written in milliseconds, or in a smaller unit yet"
    } else {
        ""
    }
}

fn written_in(suspect: &Suspect<'_>, unit: Unit) -> Guess {
    let schemes = suspect.schemes().iter().map(|scheme| Scheme {
        timestamp: scheme
            .timestamp
            .map(|timestamp| Timestamp { unit, ..timestamp }),
        ..*scheme
    });
    let theirs = suspect.schemes().iter().find_map(|scheme| scheme.timestamp);
    Guess {
        change: Change::Schemes(schemes.collect()),
        sentence: format!(
            "But for how the time is written, the signature is right: it is in {}, and this scheme has it in {}.",
            describe::unit(unit),
            theirs.map_or("none", |timestamp| describe::unit(timestamp.unit)),
        ),
        mend: format!(
            "See that it is {} who sent this, and which version of its signature it is.",
            suspect.title()
        ),
    }
}
