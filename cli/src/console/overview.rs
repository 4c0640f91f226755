//! The first page: how the stack is.

use maud::{Markup, html};
use protocol::time::UnixMillis;
use serde_json::Value;

use super::{
    Visit,
    chart::{Line, chart},
    page::{
        Page, cell, command, entries, members, notes, pairs, state, table, text, time, updates,
    },
    words::Words,
};
use crate::{print, stats, status::words as in_status};

pub(super) fn page(visit: &Visit<'_>) -> Page {
    let words = Words::new("status");
    let said = visit.run(&words);
    let told = said.value();
    let body = html! {
        (updates())
        div #live data-live="15" {
            (notes(&said))
            @if !told.is_null() {
                (now(told))
                (lately(&told["lately"]))
                (routes(&told["routes"]))
            }
        }
        (command(visit.console, &words))
    };
    Page::new("Overview", "/", body)
}

fn now(told: &Value) -> Markup {
    let tickets = &told["tickets"];
    let link = |path: &str, count: &str| html! { a href=(path) { (count) } };
    let trouble = |state: &str| {
        let path = format!("/events?state={state}");
        link(&path, &in_status::trouble(&told[state]))
    };
    let configuration = match told["runs_with_this_file"].as_bool() {
        Some(true) => "the file at hand",
        Some(false) => "another one than the file at hand",
        None => "its sweeper has not said yet",
    };
    let rows = [
        (
            "Stack",
            html! { (text(&told["stack"])) " (" (text(&told["environment"])) ")" },
        ),
        ("At", html! { (time(&told["at"])) }),
        ("Configuration", html! { (configuration) }),
        ("Events that failed", trouble("failed")),
        ("Events that are late", trouble("late")),
        (
            "Letters in the dead-letter queue",
            link("/dlq", &text(&told["letters"])),
        ),
        (
            "Tickets",
            html! {
                (text(&tickets["waiting"])) " waiting, " (text(&tickets["in_flight"])) " in flight, "
                (text(&tickets["delayed"])) " delayed"
            },
        ),
        (
            "Oldest ticket",
            html! { (in_status::oldest_ticket(&told["oldest_ticket"])) },
        ),
        ("Alarms", html! { (in_status::alarms(&told["alarms"])) }),
        (
            "Answers",
            html! { (in_status::answers(&told["lately"]["answer_ms"])) },
        ),
        ("This month", html! { (in_status::month(&told["month"])) }),
        (
            "Last sweep",
            html! {
                @if told["last_sweep"].is_null() { "none within an hour" } @else { (time(&told["last_sweep"])) }
            },
        ),
    ];
    html! {
        section aria-labelledby="now" {
            h2 id="now" { "Now" }
            (pairs(&rows))
        }
    }
}

fn routes(all: &Value) -> Markup {
    let rows = entries(all).iter().map(|of| {
        vec![
            cell(&of["route"]),
            cell(&of["to"]),
            state(&of["standing"]),
            html! { (stats::in_words(&of["runs"])) },
        ]
    });
    let headings = ["route", "to", "destination", "runs of the last hour"];
    html! {
        section aria-labelledby="routes" {
            h2 id="routes" { "Routes" }
            (table("Where events went", &headings, &rows.collect::<Vec<_>>()))
            p { a href="/routes" { "All destinations, to pause and resume" } }
        }
    }
}

fn lately(told: &Value) -> Markup {
    let series = entries(&told["series"]);
    let minutes = |part: &Value| {
        let at = UnixMillis(part["from"].as_i64().unwrap_or(0));
        let time = print::time(at);
        time.get(11..16).unwrap_or_default().to_owned()
    };
    let times: Vec<String> = series.iter().map(minutes).collect();
    let line = |name, read: &dyn Fn(&Value) -> Option<i64>| Line {
        name,
        values: series.iter().map(read).collect(),
    };
    let sum = |counts: &Value, wanted: &dyn Fn(&str) -> bool| {
        let wanted = members(counts).filter(|(word, _)| wanted(word));
        Some(wanted.filter_map(|(_, count)| count.as_i64()).sum())
    };
    let is_refused = |word: &str| word == "refused";
    let rates = [
        line("taken", &|part| {
            sum(&part["deliveries"], &|word| !is_refused(word))
        }),
        line("refused", &|part| sum(&part["deliveries"], &is_refused)),
    ];
    let lengths = |field: &'static str| {
        ["p50", "p95"].map(|which| line(which, &|part| part[field][which].as_i64()))
    };
    let failures = [
        line("to be tried again", &|part| {
            sum(&part["legs"], &|word| word == "retried")
        }),
        line("given up", &|part| {
            sum(&part["legs"], &|word| word == "failed")
        }),
    ];
    html! {
        section aria-labelledby="lately" {
            h2 id="lately" { "The last hour" }
            p {
                "From " (time(&told["since"])) " to " (time(&told["until"])) ", in parts of two minutes, counted from the log lines."
                @if told["is_cut"] == true {
                    " There were more log lines than are read: the last ones are missing."
                }
            }
            div.charts {
                (chart("rates", "Deliveries", "in two minutes", &times, &rates))
                (chart("answers", "Time to answer", "ms", &times, &lengths("answer_ms")))
                (chart("failures", "Runs that failed", "in two minutes", &times, &failures))
                (chart("ages", "Age of events when they were done", "ms", &times, &lengths("age_ms")))
            }
            (by_source(&told["sources"]))
        }
    }
}

fn by_source(sources: &Value) -> Markup {
    let words = |counts: &Value| html! { (stats::in_words(counts)) };
    let rows = members(sources).map(|(source, of)| {
        vec![
            html! { (source) },
            words(&of["deliveries"]),
            words(&of["reasons"]),
            words(&of["legs"]),
            cell(&of["answer_ms"]["p95"]),
            cell(&of["age_ms"]["p95"]),
        ]
    });
    let headings = [
        "source",
        "deliveries",
        "not taken, by reason",
        "runs of legs",
        "answer p95 ms",
        "age p95 ms",
    ];
    table("By source", &headings, &rows.collect::<Vec<_>>())
}
