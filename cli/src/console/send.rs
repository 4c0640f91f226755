//! The page that sends signed test events.

use maud::{Markup, html};

use super::{
    Visit,
    events::at,
    fields::Fields,
    filter::{ask, input},
    page::{Page, cell, command, entries, notes, state, table, text, token, visible},
    words::{Said, Words},
};

/// How an event may be spoilt: the option, and what it is for.
const SPOILT: [(&str, &str); 4] = [
    ("", "Signed as its provider signs"),
    (
        "forge",
        "Signed with another secret: to be refused as forged",
    ),
    (
        "stale",
        "Signed at a time outside the tolerance: to be refused as stale",
    ),
    (
        "no-signature",
        "Without a signature: to be refused as missing",
    ),
];

pub(super) fn page(visit: &Visit<'_>) -> Page {
    let body = html! { (form(visit, &visit.request.query, "")) };
    Page::new("Send a test event", "/send", body)
}

/// Sends one, and says what came of it.
pub(super) fn act(visit: &Visit<'_>) -> Page {
    let given = &visit.request.form;
    // A browser ends lines with CR LF; what was pasted had LF, most likely, and it is signed as it is sent.
    let payload = given.exact("payload").replace("\r\n", "\n");
    let words = words(given, &payload);
    let said = visit.run(&words);
    let body = html! {
        (notes(&said))
        (came_of(&said))
        (command(visit.console, &words))
        @if !payload.is_empty() { p { "The payload stands on the command's standard input." } }
        h2 { "Send another" }
        (form(visit, given, &payload))
    };
    Page::new("Send a test event", "/send", body)
}

fn words(given: &Fields, payload: &str) -> Words {
    let how = given.one("how");
    let is_spoilt = SPOILT
        .iter()
        .any(|(name, _)| !name.is_empty() && *name == how);
    let words = Words::new("send")
        .option("source", given.one("source"))
        .option("type", given.one("type"))
        .option("id", given.one("id"))
        .option("times", given.one("times"))
        .flag(how, is_spoilt);
    if payload.trim().is_empty() {
        return words;
    }
    words.option("body-file", "-").input(payload.as_bytes())
}

fn came_of(said: &Said) -> Markup {
    let rows = entries(said.value()).iter().map(|answer| {
        let source = answer["source"].as_str().unwrap_or_default();
        let id = answer["event_id"].as_str();
        let is_in = ["accepted", "duplicate", "reopened"]
            .contains(&answer["outcome"].as_str().unwrap_or_default());
        vec![
            cell(&answer["status"]),
            state(&answer["outcome"]),
            cell(&answer["ms"]),
            html! {
                @if let Some(id) = id.filter(|_| is_in) { a href=(at(source, id)) { (visible(id)) } }
                @else { (text(&answer["event_id"])) }
            },
            cell(&answer["event_type"]),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let headings = ["status", "outcome", "ms", "event id", "type"];
    html! { @if !rows.is_empty() { (table("What the stack answered", &headings, &rows)) } }
}

fn form(visit: &Visit<'_>, given: &Fields, payload: &str) -> Markup {
    let listing = Words::new("sources");
    let sources = visit.run(&listing);
    let chosen = given.one("source");
    let how = given.one("how");
    html! {
        (notes(&sources))
        form.filter method="post" action="/send" {
            (token(visit.console))
            div.field {
                label for="ask-source" { "Source" }
                select id="ask-source" name="source" required {
                    @for of in entries(sources.value()) {
                        @let name = of["source"].as_str().unwrap_or_default();
                        option value=(name) selected[name == chosen] {
                            (name) @if of["secret"] == "missing" { " (no secret yet)" }
                        }
                    }
                }
            }
            (input(&ask("type", "Type", "the sample's"), given))
            (input(&ask("id", "Id", "a fresh one"), given))
            (input(&ask("times", "Times", "1"), given))
            div.field.wide {
                label for="ask-how" { "How" }
                select id="ask-how" name="how" {
                    @for (name, words) in SPOILT { option value=(name) selected[name == how] { (words) } }
                }
            }
            div.field.wide {
                label for="ask-payload" { "Payload of your own, sent byte for byte; a sample where it is empty" }
                textarea id="ask-payload" name="payload" rows="8" spellcheck="false" { (payload) }
            }
            div.buttons { button type="submit" { "Send" } }
        }
        p { "A stack of the environment live is sent nothing from here: its events are real." }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::GivenStack;

    #[test]
    fn a_form_becomes_the_command_and_never_sends_to_live() {
        let given = Fields::read(b"source=drill&type=drill.ok&how=forge&times=2&live=1");
        let words = words(&given, "{}\n");
        assert_eq!(
            words.shown(&GivenStack::default()),
            "landfall send --source=drill --type=drill.ok --times=2 --forge --body-file=-"
        );
        let given = Fields::read(b"source=drill&how=live");
        let shown = super::words(&given, " ").shown(&GivenStack::default());
        assert_eq!(shown, "landfall send --source=drill");
    }
}
