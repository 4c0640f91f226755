//! The page that tries an edited configuration on the events of the ledger.

use maud::{Markup, html};
use serde_json::Value;

use super::{
    Visit,
    events::at,
    fields::Fields,
    filter::{Ask, ask, choose, input},
    page::{Page, banner, cell, command, members, notes, pairs, table, text, time, token},
    words::Words,
};
use crate::configuration::Configuration;

/// Against what the edited routes are held.
const FILE: &str = "the file at hand";

const ASKS: [Ask; 4] = [
    ask("since", "Events since", "7d"),
    ask("source", "Of the source", "all"),
    ask("limit", "At most", "1000"),
    choose(
        "against",
        "Compare with",
        "the routes that each event went",
        &[FILE],
    ),
];

/// What is counted of each route: the name in the report, and in words.
const COUNTED: [(&str, &str); 5] = [
    ("matches", "matches"),
    ("newly", "newly"),
    ("no_longer", "no longer"),
    ("fails", "fails"),
    ("changed", "changed"),
];

pub(super) fn page(visit: &Visit<'_>) -> Page {
    let body = match Configuration::find(visit.console.stack.config.as_deref()) {
        Ok(file) => form(visit, &file.text, &Fields::default()),
        Err(failure) => banner("bad", &failure.to_string()),
    };
    Page::new("Try a configuration", "/trial", body)
}

/// Tries it, and says what would change.
pub(super) fn act(visit: &Visit<'_>) -> Page {
    let given = &visit.request.form;
    let text = given.exact("configuration").replace("\r\n", "\n");
    let mut words = Words::new("routes test").input(text.as_bytes());
    if given.one("against") == FILE {
        match Configuration::find(visit.console.stack.config.as_deref()) {
            Ok(file) => words = words.option("against", &file.called),
            Err(failure) => {
                let body = banner("bad", &failure.to_string());
                return Page::new("Try a configuration", "/trial", body);
            }
        }
    }
    let words = ["since", "source", "limit"]
        .iter()
        .fold(words, |words, name| words.option(name, given.one(name)))
        .option("config", "-");
    let said = visit.run(&words);
    let told = said.value();
    let body = html! {
        (notes(&said))
        @if !told.is_null() { (report(told)) }
        (command(visit.console, &words))
        p { "The edited configuration stands on the command's standard input. Nothing was changed: neither the file nor the stack." }
        h2 { "Edit it further" }
        (form(visit, &text, given))
    };
    Page::new("Try a configuration", "/trial", body)
}

fn form(visit: &Visit<'_>, configuration: &str, given: &Fields) -> Markup {
    html! {
        p { "Edit the configuration, and see which routes the events that came in would go. Nothing is changed by it." }
        form.filter method="post" action="/trial" {
            (token(visit.console))
            @for ask in &ASKS { (input(ask, given)) }
            div.field.wide {
                label for="ask-configuration" { "landfall.toml" }
                textarea id="ask-configuration" name="configuration" rows="24" spellcheck="false" { "\n" (configuration) }
            }
            div.buttons { button type="submit" { "Try it" } }
        }
    }
}

fn report(told: &Value) -> Markup {
    let rows = [
        ("Events looked at", cell(&told["looked_at"])),
        ("Received since", html! { (time(&told["since"])) }),
        ("The oldest of them", html! { (time(&told["oldest"])) }),
        (
            "All of that time",
            html! { @if told["stopped"] == true { "no: there are more than “At most” lets be looked at" } @else { "yes" } },
        ),
        ("Go no route, whatever it says", cell(&told["no_events"])),
        (
            "Not worked on yet, and compared with nothing",
            cell(&told["without_legs"]),
        ),
    ];
    let routes = members(&told["routes"]).map(|(route, counts)| {
        let mut row = vec![html! {
            (route) @if counts["is_there"] == false { " (gone)" }
        }];
        row.extend(COUNTED.map(|(name, _)| cell(&counts[name]["events"])));
        row.push(html! {
            @for (name, words) in COUNTED {
                @let sample = &counts[name]["sample"];
                @if let (Some(source), Some(id)) = (sample["source"].as_str(), sample["event_id"].as_str()) {
                    p {
                        (words) ": " a href=(at(source, id)) { (text(&sample["event_id"])) }
                        @if sample["why"].is_string() { ": " (text(&sample["why"])) }
                    }
                }
            }
        });
        row
    });
    let headings: Vec<&str> = ["route"]
        .into_iter()
        .chain(COUNTED.map(|(_, words)| words))
        .chain(["such as"])
        .collect();
    html! {
        (pairs(&rows))
        (table("What would become of the events", &headings, &routes.collect::<Vec<_>>()))
    }
}
