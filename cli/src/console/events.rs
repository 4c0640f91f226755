//! The page of events: what came in, by a filter that stands in the URL.

use maud::{Markup, html};
use serde_json::Value;

use super::{
    Visit,
    fields::Fields,
    filter::{EVENTS, form, names, options},
    page::{Page, cell, command, entries, notes, state, table, text, time, updates},
    words::Words,
};

pub(super) fn page(visit: &Visit<'_>) -> Page {
    let query = &visit.request.query;
    let cursor = query.one("cursor");
    let words = options(Words::new("events list"), &EVENTS, query).option("cursor", cursor);
    let said = visit.run(&words);
    let told = said.value();
    let asked = query.only(&names(&EVENTS));
    // What lies behind a cursor or ends somewhere doesn't grow.
    let grows = cursor.is_empty() && query.one("until").is_empty();
    let body = html! {
        (form("/events", &EVENTS, &asked, "Show", &html! {}))
        @if grows { (updates()) }
        div #live data-live=[grows.then_some("3")] {
            (notes(&said))
            @if !told.is_null() { (listed(told, &asked)) }
        }
        p { a href=(asked.at("/replay")) { "Run events again that this filter matches" } }
        (command(visit.console, &words))
    };
    Page::new("Events", "/events", body)
}

fn listed(told: &Value, asked: &Fields) -> Markup {
    let events = entries(&told["events"]);
    let rows = events.iter().map(row).collect::<Vec<_>>();
    let headings = [
        "received",
        "source",
        "event id",
        "type",
        "state",
        "attempt",
        "given up for",
        "last error",
    ];
    html! {
        @if rows.is_empty() {
            p { "There is no such event in that time; an earlier “Since” looks further back." }
        } @else {
            (table("Events, the newest first", &headings, &rows))
        }
        p.looked {
            (rows.len()) " shown; " (text(&told["looked_at"])) " entries of the index were looked through. "
            @if let Some(cursor) = told["cursor"].as_str() {
                "There may be more: "
                a href=(asked.clone().with("cursor", cursor).at("/events")) { "go on behind these" }
            } @else {
                "These are all."
            }
        }
    }
}

fn row(event: &Value) -> Vec<Markup> {
    // By its key, for several bodies may have come under one id.
    let key = event["key"].as_str().unwrap_or_default();
    let source = event["source"].as_str().unwrap_or_default();
    let failed = &event["failed"];
    vec![
        html! { time { (time(&event["received_at"])) } },
        cell(&event["source"]),
        html! { a href=(at(source, key)) { (text(&event["event_id"])) } },
        cell(&event["event_type"]),
        html! {
            (state(&event["state"]))
            @if event["late"] == true { " " (state(&Value::from("late"))) }
        },
        cell(&event["attempt"]),
        cell(&event["reasons"]),
        html! {
            @if !entries(failed).is_empty() { (text(failed)) ": " }
            (text(&event["last_error"]))
        },
    ]
}

/// The page of an event.
pub(super) fn at(source: &str, id: &str) -> String {
    let fields = Fields::default().with("source", source);
    fields.with("id", id).at("/event")
}
