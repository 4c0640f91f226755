//! The page of one event: all that the ledger and the logs have of it.

use maud::{Markup, html};
use protocol::time::{Millis, UnixMillis};
use serde_json::Value;

use super::{
    Visit,
    fields::Fields,
    http::Answer,
    page::{
        Page, banner, cell, command, entries, members, notes, pairs, state, table, text, time,
        visible,
    },
    words::{Said, Words},
};
use crate::{indent::indented, logs, sample::iso};

/// How long before an event was received its log lines begin: clocks differ.
const BEFORE: Millis = Millis(-60_000);

pub(super) fn page(visit: &Visit<'_>) -> Page {
    let (source, id) = (
        visit.request.query.one("source"),
        visit.request.query.one("id"),
    );
    if source.is_empty() || id.is_empty() {
        return Page {
            status: 404,
            ..Page::new(
                "Event",
                "/events",
                banner("bad", "Which event? The list of events leads to each."),
            )
        };
    }
    let words = named("events show", source, id).flag("no-body", visit.hides_payloads);
    let said = visit.run(&words);
    let told = said.value();
    let is_there = told["event_type"].is_string();
    let body = html! {
        (notes(&said))
        @if is_there {
            (whole(told))
            (ways(told))
            (history(visit, told, source, id))
            (payload(visit, told, source, id))
            h2 { "Run it again" }
            p {
                a href=(again(source, id).at("/replay")) { "Run what hasn't succeeded of it again" }
                ", after a page that says what that is."
            }
        } @else {
            p { a href="/events" { "The events that came in lately" } }
        }
        (command(visit.console, &words))
    };
    Page {
        status: if is_there { 200 } else { 404 },
        ..Page::new(format!("Event {id} of {source}"), "/events", body)
    }
}

/// The payload's exact bytes, as a file.
pub(super) fn raw(visit: &Visit<'_>) -> Answer {
    let (source, id) = (
        visit.request.query.one("source"),
        visit.request.query.one("id"),
    );
    let said = visit.run(&named("events show", source, id).flag("raw", true).raw());
    if said.failure.is_some() || !said.notes.is_empty() && said.bytes.is_empty() {
        let page = Page {
            status: 404,
            ..Page::new("Payload", "/events", notes(&said))
        };
        return page.answer(visit.console, visit.hides_payloads, "/events");
    }
    let mut answer = Answer::new(200, "application/octet-stream", said.bytes);
    let disposition = "attachment; filename=\"payload.bin\"".to_owned();
    answer.headers.push(("Content-Disposition", disposition));
    answer
}

fn named(command: &str, source: &str, id: &str) -> Words {
    Words::new(command).name(source).name(id)
}

fn again(source: &str, id: &str) -> Fields {
    Fields::default().with("source", source).with("event", id)
}

fn whole(told: &Value) -> Markup {
    let expires = told["expires_at"]
        .as_i64()
        .map(|at| at.saturating_mul(1_000));
    let signed = ["id_signed", "type_signed", "body_signed"]
        .into_iter()
        .filter(|part| told[*part] == true)
        .filter_map(|part| part.strip_suffix("_signed"));
    let headers = members(&told["headers_signed"]).filter(|(_, signed)| **signed == true);
    let signed: Vec<String> = signed
        .map(str::to_owned)
        .chain(headers.map(|(name, _)| visible(name)))
        .collect();
    let rows = [
        ("State", state(&told["state"])),
        ("Type", cell(&told["event_type"])),
        ("Received", html! { (time(&told["received_at"])) }),
        ("Attempts", cell(&told["attempt"])),
        ("Key in the ledger", cell(&told["key"])),
        ("Item of the delivery", cell(&told["parent"])),
        (
            "Signed",
            html! { @if signed.is_empty() { "nothing: what was sent proves who sent it" } @else { (signed.join(", ")) "; nothing else" } },
        ),
        ("By the secret labelled", cell(&told["secret_label"])),
        ("Bytes", cell(&told["body_bytes"])),
        ("Digest", cell(&told["body_digest"])),
        (
            "Kept until",
            html! { (time(&Value::from(expires))) @if told["expired"] == true { " (it counts as absent)" } },
        ),
    ];
    html! {
        (pairs(&rows))
        @if members(&told["headers"]).next().is_some() {
            details {
                summary { "Headers that are kept" }
                dl { @for (name, value) in members(&told["headers"]) { dt { (visible(name)) } dd { (text(value)) } } }
            }
        }
    }
}

/// What became of each route.
fn ways(told: &Value) -> Markup {
    let legs = members(&told["legs"]).map(|(route, leg)| {
        let is_open =
            ["waiting", "processing"].contains(&leg["state"].as_str().unwrap_or_default());
        vec![
            html! { (visible(route)) },
            html! {
                (state(&leg["state"]))
                @if leg["reason"].is_string() { " (" (text(&leg["reason"])) ")" }
            },
            cell(&leg["tries"]),
            html! { @if is_open { (time(&leg["until"])) } @else { "-" } },
            cell(&leg["last_error"]),
        ]
    });
    let not = members(&told["not_matched"]).map(|(route, why)| {
        let why = html! { "not matched: " (text(why)) };
        vec![
            html! { (visible(route)) },
            html! { "-" },
            html! { "-" },
            html! { "-" },
            why,
        ]
    });
    let without = entries(&told["without_leg"]).iter().map(|route| {
        let why = html! { "matches, and has no leg" };
        vec![
            cell(route),
            html! { "-" },
            html! { "-" },
            html! { "-" },
            why,
        ]
    });
    let rows: Vec<_> = legs.chain(not).chain(without).collect();
    let headings = ["route", "state", "tries", "due", "what it said, or why not"];
    html! {
        h2 { "Routes" }
        @if let Some(why) = told["no_event"].as_str() { p { "It goes no route: " (visible(why)) "." } }
        @if rows.is_empty() { p { "There is no route." } } @else { (table("What became of each route", &headings, &rows)) }
    }
}

/// Its deliveries and attempts, as the functions logged them.
fn history(visit: &Visit<'_>, told: &Value, source: &str, id: &str) -> Markup {
    let received = UnixMillis(told["received_at"].as_i64().unwrap_or(0));
    let id = told["event_id"].as_str().unwrap_or(id);
    let words = named("logs", source, id).option("since", &iso(received.plus(BEFORE)));
    let said = visit.run(&words);
    let of = |message: &'static str| {
        said.values
            .iter()
            .filter(move |line| line["message"] == message)
    };
    let deliveries = of("delivery").map(|line| {
        vec![
            html! { (when(line)) },
            state(&line["outcome"]),
            cell(&line["source_ip"]),
            cell(&line["ms"]),
        ]
    });
    let attempts = of("attempt").map(|line| {
        vec![
            html! { (when(line)) },
            cell(&line["attempt"]),
            cell(&line["why"]),
            state(&line["outcome"]),
            legs(&line["legs"]),
            cell(&line["ms"]),
        ]
    });
    html! {
        h2 { "History" }
        (notes(&said))
        (table("Deliveries", &["at", "outcome", "from", "ms"], &deliveries.collect::<Vec<_>>()))
        (table("Attempts", &["at", "attempt", "asked by", "outcome", "routes", "ms"], &attempts.collect::<Vec<_>>()))
        (lines(visit, &said, &words))
    }
}

/// Each route's run within an attempt.
fn legs(legs: &Value) -> Markup {
    html! {
        @for leg in entries(legs) {
            p {
                (text(&leg["route"])) " " (state(&leg["outcome"])) ", tries " (text(&leg["tries"]))
                @if !leg["error"].is_null() { ": " (text(&leg["error"])) }
            }
        }
    }
}

fn lines(visit: &Visit<'_>, said: &Said, words: &Words) -> Markup {
    html! {
        details {
            summary { "All " (said.values.len()) " log lines" }
            pre tabindex="0" role="group" aria-label="Log lines" {
                @for line in &said.values { (when(line)) "  " (logs::words::words(line)) "\n" }
            }
            (command(visit.console, words))
        }
    }
}

/// When a line was written: of a handler's it is a text.
fn when(line: &Value) -> String {
    let at = &line["_aws"]["Timestamp"];
    if at.is_null() {
        text(&line["timestamp"])
    } else {
        time(at)
    }
}

fn payload(visit: &Visit<'_>, told: &Value, source: &str, id: &str) -> Markup {
    let file = Fields::default().with("source", source).with("id", id);
    html! {
        h2 { "Payload" }
        @if visit.hides_payloads {
            p { "Payloads are hidden. The button above shows them." }
        } @else if let Some(body) = told["body"].as_str() {
            pre.payload tabindex="0" role="group" aria-label="Payload" { code { (crate::escape::lines(&indented(body).unwrap_or_else(|| body.to_owned()))) } }
        } @else if told["body_base64"].is_string() {
            p { "It is no text." }
        } @else {
            p { "It can't be read." }
        }
        @if !visit.hides_payloads {
            p { a href=(file.at("/event/raw")) download { "Its exact bytes, as a file" } }
        }
    }
}
