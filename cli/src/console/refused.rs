//! The page of refused deliveries: what was sent and not taken, by reason.

use maud::{Markup, html};
use serde_json::Value;

use super::{
    Visit,
    fields::Fields,
    filter::{Ask, ask, choose, form, names, options},
    page::{Page, cell, command, entries, notes, pairs, table, text, time, visible},
    words::Words,
};
use crate::refused::words::REASONS;

const REFUSED: [Ask; 5] = [
    ask("source", "Source", "stripe"),
    choose("reason", "Reason", "any", REASONS),
    ask("address", "From", "192.0.2.1"),
    ask("since", "Since", "1h, 7d, 2026-11-20"),
    ask("until", "Until", "now"),
];

pub(super) fn page(visit: &Visit<'_>) -> Page {
    let query = &visit.request.query;
    let delivery = query.one("delivery");
    if !delivery.is_empty() {
        return one(visit, delivery);
    }
    let asked = query.only(&names(&REFUSED));
    let words = options(Words::new("refused list"), &REFUSED, &asked);
    let said = visit.run(&words);
    let told = said.value();
    let body = html! {
        (form("/refused", &REFUSED, &asked, "Show", &html! {}))
        (notes(&said))
        @if !told.is_null() {
            (by_reason(told, &asked))
            (listed(told))
        }
        (command(visit.console, &words))
    };
    Page::new("Refused deliveries", "/refused", body)
}

fn by_reason(told: &Value, asked: &Fields) -> Markup {
    let rows = entries(&told["reasons"]).iter().map(|of| {
        let reason = of["reason"].as_str().unwrap_or_default();
        let source = of["source"].as_str().unwrap_or_default();
        let these = asked.clone().with("reason", reason).with("source", source);
        vec![
            html! { a href=(these.only(&names(&REFUSED)).at("/refused")) { (visible(reason)) } },
            cell(&of["source"]),
            cell(&of["deliveries"]),
            cell(&of["addresses"]),
            html! { time { (time(&of["last"])) } },
        ]
    });
    let headings = ["reason", "source", "deliveries", "addresses", "last"];
    table("By reason", &headings, &rows.collect::<Vec<_>>())
}

fn listed(told: &Value) -> Markup {
    let rows = entries(&told["refused"]).iter().map(|refusal| {
        let delivery = refusal["id"].as_str().unwrap_or_default();
        let page = Fields::default().with("delivery", delivery).at("/refused");
        vec![
            html! { a href=(page) { (visible(delivery)) } },
            html! { time { (time(&refusal["at"])) } },
            cell(&refusal["source"]),
            cell(&refusal["reason"]),
            cell(&refusal["source_ip"]),
            cell(&refusal["bytes"]),
            html! {
                (text(&refusal["detail"]))
                @if let Some(more) = refusal["stands_for"].as_u64().filter(|more| *more > 1) { "; one of " (more) }
            },
        ]
    });
    let headings = [
        "delivery", "at", "source", "reason", "from", "bytes", "detail",
    ];
    table("The newest", &headings, &rows.collect::<Vec<_>>())
}

/// One refused delivery, and what can be done about it.
fn one(visit: &Visit<'_>, delivery: &str) -> Page {
    let words = Words::new("refused show").name(delivery);
    let said = visit.run(&words);
    let told = said.value();
    let mut rows: Vec<(&str, Markup)> = vec![("at", html! { (time(&told["_aws"]["Timestamp"])) })];
    let known = [
        "source",
        "reason",
        "detail",
        "source_ip",
        "bytes",
        "status",
        "body_digest",
        "stands_for",
    ];
    rows.extend(
        known
            .into_iter()
            .filter(|name| !told[*name].is_null())
            .map(|name| (name, cell(&told[name]))),
    );
    let body = html! {
        (notes(&said))
        @if !told.is_null() { (pairs(&rows)) }
        p { a href="/refused" { "All refused deliveries" } }
        (command(visit.console, &words))
    };
    Page::new("Refused delivery", "/refused", body)
}
