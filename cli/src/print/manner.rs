//! How what is printed is to look: said once, when the command starts. Until then it is plain, and times are in UTC.

use std::{io::IsTerminal as _, sync::OnceLock};

use jiff::{Timestamp, tz::TimeZone};
use protocol::time::UnixMillis;

use crate::sample::iso;

/// How what is printed is to look.
#[derive(Debug)]
pub(crate) struct Manner {
    /// In which zone people are told times.
    pub(crate) zone: TimeZone,
    /// Whether words have colours.
    pub(crate) colours: bool,
    /// How wide the terminal is; nothing is cut where there is none.
    pub(crate) width: Option<usize>,
    /// Whether AWS's own words are told, too.
    pub(crate) verbose: bool,
}

static MANNER: OnceLock<Manner> = OnceLock::new();

static PLAIN: Manner = Manner {
    zone: TimeZone::UTC,
    colours: false,
    width: None,
    verbose: false,
};

/// Says how what is printed is to look.
pub(crate) fn set(manner: Manner) {
    // Only `main` says it.
    let _ = MANNER.set(manner);
}

/// How what is printed is to look.
pub(crate) fn manner() -> &'static Manner {
    MANNER.get().unwrap_or(&PLAIN)
}

impl Manner {
    /// For this standard output. `no_color` and `term` are what the environment says.
    pub(crate) fn of_this_terminal(
        utc: bool,
        colours: bool,
        no_color: Option<&str>,
        term: Option<&str>,
    ) -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        let zone = if utc {
            TimeZone::UTC
        } else {
            let system = TimeZone::try_system().ok();
            let is_utc = |zone: &TimeZone| matches!(zone.iana_name(), Some("UTC" | "Etc/UTC"));
            system.filter(|zone| !is_utc(zone)).unwrap_or(TimeZone::UTC)
        };
        let size = is_terminal.then(terminal_size::terminal_size).flatten();
        Self {
            zone,
            colours: colours && is_terminal && may_have_colours(no_color, term),
            width: size.map(|(width, _)| usize::from(width.0)),
            verbose: false,
        }
    }
}

/// <https://no-color.org>: any text but none at all switches them off.
fn may_have_colours(no_color: Option<&str>, term: Option<&str>) -> bool {
    no_color.is_none_or(str::is_empty) && term != Some("dumb")
}

/// A moment, for a person: in their zone, and in a form that every option that takes a time reads.
pub(crate) fn time(at: UnixMillis) -> String {
    in_zone(at, &manner().zone)
}

fn in_zone(at: UnixMillis, zone: &TimeZone) -> String {
    let time = Timestamp::from_millisecond(at.0).ok();
    match time.filter(|_| *zone != TimeZone::UTC) {
        Some(time) => (time.to_zoned(zone.clone()))
            .strftime("%Y-%m-%dT%H:%M:%S%.3f%:z")
            .to_string(),
        None => iso(at),
    }
}

/// The word, in the colour of what it says where there are colours. `padded` is the word as it stands in its column.
pub(super) fn coloured(word: &str, padded: &str) -> String {
    match colour(word).filter(|_| manner().colours) {
        Some(colour) => format!("\u{1b}[{colour}m{padded}\u{1b}[0m"),
        None => padded.to_owned(),
    }
}

/// The number of ANSI's colour for a state.
fn colour(word: &str) -> Option<u8> {
    match word {
        "failed" | "open" | "missing" | "wrong" => Some(31),
        "succeeded" | "closed" | "there" | "good" => Some(32),
        "waiting" | "processing" | "unclaimed" | "paused" | "unknown" => Some(33),
        "unrouted" | "skipped" => Some(36),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_a_zone_and_is_the_same_moment() {
        let at = UnixMillis(1_800_000_000_123);
        assert_eq!(in_zone(at, &TimeZone::UTC), "2027-01-15T08:00:00.123Z");
        let zone = TimeZone::fixed(jiff::tz::offset(-5));
        let told = in_zone(at, &zone);
        assert_eq!(told, "2027-01-15T03:00:00.123-05:00");
        let read: Timestamp = told.parse().unwrap();
        assert_eq!(read.as_millisecond(), at.0);
        // No calendar has it.
        assert_eq!(in_zone(UnixMillis(i64::MAX), &zone), i64::MAX.to_string());
    }

    #[test]
    fn colours_are_off_as_no_color_says() {
        for (no_color, term, expected) in [
            (None, None, true),
            (Some(""), Some("xterm"), true),
            (Some("1"), Some("xterm"), false),
            (None, Some("dumb"), false),
        ] {
            assert_eq!(may_have_colours(no_color, term), expected);
        }
        // Nobody said that there are any.
        assert_eq!(coloured("failed", "failed  "), "failed  ");
    }
}
