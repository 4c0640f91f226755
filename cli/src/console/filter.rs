//! Filters that stand in a page's URL: the name of each is that of the command's option, and so is what it means.

use maud::{Markup, html};

use super::{fields::Fields, page::banner, words::Words};

/// One thing that can be asked for.
#[derive(Clone, Copy)]
pub(super) struct Ask {
    /// What it is called in the URL, and as the command's option.
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    /// Such as; or where there is a choice, what it means to make none.
    pub(super) hint: &'static str,
    /// The choice that there is; none: any text.
    pub(super) words: &'static [&'static str],
}

pub(super) const fn ask(name: &'static str, label: &'static str, hint: &'static str) -> Ask {
    Ask {
        name,
        label,
        hint,
        words: &[],
    }
}

/// A choice among words, or none.
pub(super) const fn choose(
    name: &'static str,
    label: &'static str,
    none: &'static str,
    words: &'static [&'static str],
) -> Ask {
    Ask {
        name,
        label,
        hint: none,
        words,
    }
}

/// The states of events, as `landfall events list` has them.
const STATES: &[&str] = &[
    "failed",
    "late",
    "failed,late",
    "waiting",
    "processing",
    "unclaimed",
    "unrouted",
    "succeeded",
];

/// The reasons for which legs are given up.
const REASONS: &[&str] = &[
    "permanent",
    "exhausted",
    "too_old",
    "unknown_source",
    "unknown_route",
];

/// Which events are meant.
pub(super) const EVENTS: [Ask; 11] = [
    ask("source", "Source", "stripe"),
    ask("type", "Type", "invoice.*"),
    choose("state", "State", "any", STATES),
    ask("route", "Route", "name"),
    ask("destination", "Destination", "name"),
    choose("reason", "Given up for", "any", REASONS),
    ask("error", "Error says", "answered 503"),
    ask("id", "Id has", "evt_1"),
    ask("contains", "Payload has", "text"),
    ask("since", "Since", "1h, 7d, 2026-11-20"),
    ask("until", "Until", "now"),
];

/// The names of what can be asked for.
pub(super) fn names(asks: &[Ask]) -> Vec<&'static str> {
    asks.iter().map(|ask| ask.name).collect()
}

/// The command with all that is asked for as options.
pub(super) fn options(words: Words, asks: &[Ask], fields: &Fields) -> Words {
    asks.iter().fold(words, |words, ask| {
        let values = fields.all(ask.name);
        values.fold(words, |words, value| words.option(ask.name, value))
    })
}

/// The command with some of it as its names, in this order, and the rest as options.
pub(super) fn named(command: &str, by: &[&str], asks: &[Ask], fields: &Fields) -> Words {
    let words = by.iter().fold(Words::new(command), |words, name| {
        words.name(fields.one(name))
    });
    let rest = asks.iter().filter(|ask| !by.contains(&ask.name));
    options(words, &rest.copied().collect::<Vec<_>>(), fields)
}

/// What is said where an event is named without its source: a command would take its id for one.
pub(super) fn lacks_source(asked: &Fields) -> Option<Markup> {
    let lacks = asked.one("source").is_empty() && !asked.one("event").is_empty();
    lacks.then(|| banner("bad", "Of which source? An event's id is its source's own."))
}

/// A form that asks for it by the page's URL.
pub(super) fn form(
    path: &str,
    asks: &[Ask],
    fields: &Fields,
    button: &str,
    more: &Markup,
) -> Markup {
    html! {
        form.filter method="get" action=(path) role="search" {
            @for ask in asks { (input(ask, fields)) }
            (more)
            div.buttons {
                button type="submit" { (button) }
                a href=(path) { "Start anew" }
            }
        }
    }
}

/// A field of a form, with its label.
pub(super) fn input(ask: &Ask, fields: &Fields) -> Markup {
    let value = fields.all(ask.name).collect::<Vec<_>>().join(",");
    let id = format!("ask-{}", ask.name);
    html! {
        div.field {
            label for=(id) { (ask.label) }
            @if ask.words.is_empty() {
                input id=(id) name=(ask.name) value=(value) placeholder=(ask.hint) autocomplete="off" spellcheck="false";
            } @else {
                select id=(id) name=(ask.name) {
                    option value="" { (ask.hint) }
                    @for word in ask.words {
                        option value=(word) selected[*word == value] { (word) }
                    }
                    @if !value.is_empty() && !ask.words.contains(&value.as_str()) {
                        option value=(value) selected { (value) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::Parser as _;
    use protocol::reason::Reason;

    use super::*;
    use crate::args::{Cli, Command, Events, GivenStack, StateWord};

    #[test]
    fn what_stands_in_the_url_is_what_the_command_is_asked() {
        let url = b"source=stripe&type=invoice.*&state=failed%2Clate&route=paid&destination=billing&reason=too_old&error=answered+503\
                    &id=-x&contains=ada&since=7d&until=now&evil=--config%3D%2Fetc%2Fpasswd&source=github";
        let fields = Fields::read(url);
        let words = options(Words::new("events list"), &EVENTS, &fields);
        let shown = words.shown(&GivenStack::default());
        assert!(!shown.contains("passwd"));
        let words = shown.replace('\'', "");
        // No value but that of `--error` has a blank in it.
        let words = words.replace("answered 503", "answered_503");
        let cli = Cli::try_parse_from(words.split(' ')).unwrap();
        let Command::Events(Events::List { which, span, .. }) = cli.command else {
            panic!("{words}")
        };
        assert_eq!(which.sources, ["stripe", "github"]);
        assert_eq!(which.route.as_deref(), Some("paid"));
        let filter = which.filter;
        assert_eq!(filter.states, [StateWord::Failed, StateWord::Late]);
        assert_eq!(filter.event_type.as_deref(), Some("invoice.*"));
        assert_eq!(filter.destination.as_deref(), Some("billing"));
        assert_eq!(filter.reason, Some(Reason::TooOld));
        assert_eq!(filter.error.as_deref(), Some("answered_503"));
        assert_eq!(filter.id.as_deref(), Some("-x"));
        assert_eq!(filter.contains.as_deref(), Some("ada"));
        assert!(span.since.is_some() && span.until.is_some());
    }

    #[test]
    fn every_reason_of_a_leg_can_be_chosen() {
        assert_eq!(REASONS, Reason::OF_LEGS.map(Reason::as_str));
    }

    #[test]
    fn what_was_asked_stands_in_the_form_and_stays_text() {
        let fields = Fields::default()
            .with("id", "\"><script>")
            .with("state", "late");
        let html = form("/events", &EVENTS, &fields, "Show", &html! {}).into_string();
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("<option value=\"late\" selected>"));
        for ask in EVENTS {
            assert!(html.contains(&format!("<label for=\"ask-{}\">", ask.name)));
        }
    }
}
