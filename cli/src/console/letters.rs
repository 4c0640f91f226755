//! The page of the dead-letter queue: what was given up, to be tried again or taken away.

use maud::{Markup, html};
use serde_json::Value;

use super::{
    Visit,
    confirm::{Deed, asking, done},
    events::at,
    fields::Fields,
    filter::{Ask, ask, form, lacks_source, named, names},
    page::{Page, cell, command, entries, notes, table, text},
    words::{Said, Words},
};

const LETTERS: [Ask; 6] = [
    ask("source", "Source", "stripe"),
    ask("event", "Event id", "evt_1"),
    ask("reason", "Reason", "exhausted"),
    ask("route", "Route", "name"),
    ask("older-than", "Older than", "15m, 2d"),
    ask("newer-than", "Newer than", "15m, 2d"),
];

/// How many letters a page that asks shows.
const SAMPLE: usize = 5;

pub(super) fn page(visit: &Visit<'_>) -> Page {
    let asked = visit.request.query.only(&names(&LETTERS));
    let filter = form("/dlq", &LETTERS, &asked, "Show", &html! {});
    if let Some(why) = lacks_source(&asked) {
        return Page::new("Dead-letter queue", "/dlq", html! { (filter) (why) });
    }
    let words = chosen("dlq list", &asked);
    let said = visit.run(&words);
    let letters = entries(said.value());
    let body = html! {
        (filter)
        (notes(&said))
        @if said.failure.is_none() {
            @if letters.is_empty() {
                p { "There is no such letter." }
            } @else {
                (listed("Letters, the oldest first", letters))
                p {
                    a href=(asked.at("/dlq/redrive")) { "Redrive these " (letters.len()) }
                    ": what failed is tried again. "
                    a href=(asked.at("/dlq/discard")) { "Discard these " (letters.len()) }
                    ": their events stay failed."
                }
            }
        }
        (command(visit.console, &words))
    };
    Page::new("Dead-letter queue", "/dlq", body)
}

/// Asks before letters are redriven or discarded.
pub(super) fn ask_first(visit: &Visit<'_>, deed: &'static str) -> Page {
    let asked = visit.request.query.only(&names(&LETTERS));
    if let Some(why) = lacks_source(&asked) {
        return Page::new(title(deed), "/dlq", why);
    }
    let said = visit.run(&chosen("dlq list", &asked));
    let count = entries(said.value()).len();
    if said.failure.is_some() || count == 0 {
        return Page::new(title(deed), "/dlq", nothing(&said));
    }
    let what = match deed {
        "redrive" => "go back into the queue, and what failed is tried again with all its tries",
        _ => {
            "are taken away for good. Their events stay failed, and no redrive finds them any more"
        }
    };
    let path = format!("/dlq/{deed}");
    let deed_asked = html! {
        (notes(&said))
        p.asked { strong { (counted(count)) } " would " (what) "." }
        (listed("Such as", &entries(said.value())[..count.min(SAMPLE)]))
        @if count > SAMPLE { p { "and " (count - SAMPLE) " more." } }
    };
    asking(
        visit,
        &Deed {
            title: title(deed),
            under: "/dlq",
            path: &path,
            fields: asked.clone().with("count", &count.to_string()),
            asked: deed_asked,
            words: chosen(&format!("dlq {deed}"), &asked),
        },
    )
}

/// Redrives or discards them.
pub(super) fn act(visit: &Visit<'_>, deed: &'static str) -> Page {
    let asked = visit.request.form.only(&names(&LETTERS));
    let expected = visit.request.form.one("count").to_owned();
    let words = chosen(&format!("dlq {deed}"), &asked).unshown("yes");
    let word = if deed == "redrive" {
        "redriven"
    } else {
        "discarded"
    };
    done(visit, title(deed), "/dlq", &words, |told| {
        came_of(word, told[word].as_u64().unwrap_or(0), &expected)
    })
}

/// What came of it, beside what was expected when it was asked.
fn came_of(word: &str, done: u64, expected: &str) -> String {
    let letters = counted(usize::try_from(done).unwrap_or(usize::MAX));
    if done.to_string() == expected {
        return format!("{letters} {word}.");
    }
    format!(
        "{letters} {word}; when you were asked there were {expected}. Somebody else has acted on the others meanwhile, or \
         others have come: the page of letters shows what is there now."
    )
}

fn nothing(said: &Said) -> Markup {
    html! {
        (notes(said))
        @if said.failure.is_none() {
            p { "There is no such letter any more: somebody else may have redriven or discarded them. Nothing was done." }
        }
        p { a href="/dlq" { "Back" } }
    }
}

fn title(deed: &str) -> &'static str {
    if deed == "redrive" {
        "Redrive letters"
    } else {
        "Discard letters"
    }
}

fn counted(count: usize) -> String {
    format!("{count} {}", if count == 1 { "letter" } else { "letters" })
}

fn chosen(command: &str, asked: &Fields) -> Words {
    named(command, &["source", "event"], &LETTERS, asked)
}

fn listed(caption: &str, letters: &[Value]) -> Markup {
    let rows = letters.iter().map(|letter| {
        let source = letter["source"].as_str();
        let id = letter["event_id"].as_str();
        let event = html! {
            @if let (Some(source), Some(id)) = (source, id) {
                a href=(at(source, id)) { (text(&letter["event_id"])) }
            } @else { "no ticket" }
        };
        vec![
            html! { time { (text(&letter["written"])) } },
            cell(&letter["source"]),
            event,
            cell(&letter["route"]),
            cell(&letter["reason"]),
            cell(&letter["attempts"]),
            cell(&letter["error"]),
        ]
    });
    let headings = [
        "written", "source", "event", "route", "reason", "attempts", "error",
    ];
    table(caption, &headings, &rows.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_has_changed_since_it_was_asked_is_told() {
        assert_eq!(came_of("redriven", 1, "1"), "1 letter redriven.");
        let told = came_of("redriven", 2, "5");
        assert!(
            told.starts_with("2 letters redriven; when you were asked there were 5."),
            "{told}"
        );
        assert!(told.contains("Somebody else"));
    }
}
