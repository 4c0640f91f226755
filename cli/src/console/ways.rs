//! The page of sources, routes and destinations: which events go where, and how that fares.

use maud::{Markup, html};
use serde_json::Value;

use super::{
    Visit,
    confirm::{Deed, asking, done},
    fields::Fields,
    page::{Page, cell, command, entries, notes, state, table, text, time, token},
    words::{Said, Words},
};

pub(super) fn page(visit: &Visit<'_>) -> Page {
    let asked = |command| {
        let words = Words::new(command);
        let said = visit.run(&words);
        (words, said)
    };
    let (destinations, routes) = (asked("destinations list"), asked("routes list"));
    let sources = asked("sources");
    let all = entries(destinations.1.value());
    let body = html! {
        h2 { "Destinations" }
        (part(visit, &destinations, |told| destinations_table(visit, told)))
        h2 { "Routes" }
        (part(visit, &routes, |told| routes_table(told, all)))
        h2 { "Sources" }
        (part(visit, &sources, sources_table))
    };
    Page::new("Routes and destinations", "/routes", body)
}

fn part(
    visit: &Visit<'_>,
    (words, said): &(Words, Said),
    shown: impl FnOnce(&[Value]) -> Markup,
) -> Markup {
    html! {
        (notes(said))
        @if said.failure.is_none() { (shown(entries(said.value()))) }
        (command(visit.console, words))
    }
}

fn destinations_table(visit: &Visit<'_>, all: &[Value]) -> Markup {
    let rows = all.iter().map(|told| {
        let name = told["destination"].as_str().unwrap_or_default();
        vec![
            cell(&told["destination"]),
            state(&told["standing"]),
            html! { (time(&told["since"])) },
            html! { (time(&told["next_trial"])) },
            cell(&told["kind"]),
            cell(&told["address"]),
            cell(&told["last_error"]),
            html! {
                (hand(told))
                form method="post" action="/destinations/test" {
                    (token(visit.console))
                    button type="submit" name="destination" value=(name) { "Test " (text(&told["destination"])) }
                }
            },
        ]
    });
    let headings = [
        "destination",
        "standing",
        "since",
        "next trial",
        "kind",
        "address",
        "last error",
        "act",
    ];
    table(
        "How the destinations fare",
        &headings,
        &rows.collect::<Vec<_>>(),
    )
}

/// What a person can do about a destination: stop it, or let it go on.
fn hand(told: &Value) -> Markup {
    let name = told["destination"].as_str().unwrap_or_default();
    let of = |path: &str| Fields::default().with("destination", name).at(path);
    html! {
        @if told["standing"] == "paused" {
            a href=(of("/destinations/resume")) { "Resume " (text(&told["destination"])) }
        } @else {
            a href=(of("/destinations/pause")) { "Pause " (text(&told["destination"])) }
            @if told["standing"] != "closed" {
                " " a href=(of("/destinations/resume")) { "Resume " (text(&told["destination"])) }
            }
        }
    }
}

fn routes_table(all: &[Value], destinations: &[Value]) -> Markup {
    let rows = all.iter().map(|told| {
        let condition = &told["where"];
        let to = destinations.iter().find(|of| of["destination"] == told["to"]);
        let failed = Fields::default().with("route", told["route"].as_str().unwrap_or_default());
        vec![
            cell(&told["route"]),
            cell(&told["from"]),
            cell(&told["types"]),
            html! { @if condition.is_null() { "-" } @else { code { (text(condition)) } } },
            cell(&told["to"]),
            state(to.map_or(&Value::Null, |of| &of["standing"])),
            cell(&told["tries"]),
            html! {
                a href=(failed.with("state", "failed,late").at("/events")) { "Failed or late by " (text(&told["route"])) }
                @if let Some(to) = to { " " (hand(to)) }
            },
        ]
    });
    let headings = [
        "route",
        "from",
        "types",
        "where",
        "to",
        "destination",
        "tries",
        "act",
    ];
    table(
        "Which events go where",
        &headings,
        &rows.collect::<Vec<_>>(),
    )
}

fn sources_table(all: &[Value]) -> Markup {
    let rows = all.iter().map(|told| {
        let routes = entries(&told["routes"]).iter();
        let routes: Vec<String> = routes
            .map(|route| format!("{} ({})", text(&route["route"]), text(&route["to"])))
            .collect();
        let provider = told["provider"].as_str();
        vec![
            cell(&told["source"]),
            html! {
                @if let Some(name) = provider {
                    a href=(Fields::default().with("name", name).at("/providers")) { (name) }
                } @else { "-" }
            },
            state(&told["secret"]),
            html! { @if routes.is_empty() { "-" } @else { (routes.join(" ")) } },
            html! { code { (text(&told["url"])) } },
        ]
    });
    let headings = [
        "source",
        "provider",
        "secret",
        "routes",
        "URL for the provider",
    ];
    table(
        "What is received, and where",
        &headings,
        &rows.collect::<Vec<_>>(),
    )
}

/// Asks before a destination is paused or let go on.
pub(super) fn ask_first(visit: &Visit<'_>, deed: &'static str) -> Page {
    let name = visit.request.query.one("destination");
    // What is in trouble is found at the price of what is.
    let held = Words::new("events list")
        .option("state", "failed,late")
        .option("destination", name)
        .option("limit", "1000");
    let said = visit.run(&held);
    let count = entries(&said.value()["events"]).len();
    let more = if said.value()["cursor"].is_null() {
        ""
    } else {
        " or more"
    };
    let asked = html! {
        (notes(&said))
        p.asked {
            @if deed == "pause" {
                "What is sent to " strong { (text(&Value::from(name))) }
                " would wait, without using a try, until it is resumed or the route's age limit has passed."
            } @else {
                "What waits for " strong { (text(&Value::from(name))) } " would be sent from now on."
            }
        }
        @if said.failure.is_none() {
            p { strong { (count) (more) } " events have failed or wait for more than a minute on their way there now." }
        }
    };
    let path = format!("/destinations/{deed}");
    asking(
        visit,
        &Deed {
            title: title(deed),
            under: "/routes",
            path: &path,
            fields: Fields::default().with("destination", name),
            asked,
            words: of_destination(deed, name),
        },
    )
}

/// Pauses a destination, lets it go on, or has it sent a test event.
pub(super) fn act(visit: &Visit<'_>, deed: &'static str) -> Page {
    let name = visit.request.form.one("destination");
    let words = of_destination(deed, name);
    done(visit, title(deed), "/routes", &words, |told| match deed {
        "test" => format!(
            "{name}: {} in {} ms{}",
            text(&told["outcome"]),
            text(&told["ms"]),
            told["error"]
                .as_str()
                .map_or(String::new(), |error| format!(": {error}"))
        ),
        _ => format!("{name} is {}.", text(&told[0]["standing"])),
    })
}

fn of_destination(deed: &str, name: &str) -> Words {
    Words::new(&format!("destinations {deed}")).name(name)
}

fn title(deed: &str) -> &'static str {
    match deed {
        "pause" => "Pause a destination",
        "resume" => "Resume a destination",
        _ => "Test a destination",
    }
}
