//! The pages of the catalogue: every provider, and how each is set up.

use maud::{Markup, html};
use serde_json::Value;

use super::{
    Visit,
    fields::Fields,
    page::{Page, cell, command, entries, notes, pairs, table, text, visible},
    words::Words,
};

pub(super) fn page(visit: &Visit<'_>) -> Page {
    let name = visit.request.query.one("name");
    let words = Words::new("providers").name(name);
    let said = visit.run(&words);
    let all = entries(said.value());
    let title = match all {
        [one] if !name.is_empty() => text(&one["title"]),
        _ => "Providers".to_owned(),
    };
    let body = html! {
        (notes(&said))
        @if name.is_empty() { (listed(all)) } @else if let [one] = all { (set_up(one)) }
        (command(visit.console, &words))
    };
    Page::new(title, "/providers", body)
}

fn listed(all: &[Value]) -> Markup {
    let rows = all.iter().map(|provider| {
        let name = provider["name"].as_str().unwrap_or_default();
        let page = Fields::default().with("name", name).at("/providers");
        vec![
            html! { a href=(page) { (text(&provider["title"])) } },
            html! { code { (name) } },
            cell(&provider["confirmation"]),
            cell(&provider["checked"]),
        ]
    });
    let caption = format!("{} providers", all.len());
    let headings = ["provider", "name", "facts", "checked"];
    table(&caption, &headings, &rows.collect::<Vec<_>>())
}

fn set_up(provider: &Value) -> Markup {
    let rows = [
        (
            "Its pages",
            html! { a href=(text(&provider["docs"])) rel="noreferrer" { (text(&provider["docs"])) } },
        ),
        (
            "Facts",
            html! { (text(&provider["confirmation"])) ", checked on " (text(&provider["checked"])) },
        ),
        ("Note", cell(&provider["note"])),
        ("Set up there", cell(&provider["setup"])),
        ("Keys", cell(&provider["keys"])),
        ("Hands over its secret", cell(&provider["enrolment"])),
        ("Handshake", cell(&provider["handshakes"])),
        ("Event id", cell(&provider["event_id"])),
        ("Event type", cell(&provider["event_type"])),
        ("Answered when taken", cell(&provider["accepted"])),
        ("Answered when refused", cell(&provider["refused"])),
        ("Sends again", cell(&provider["retries"])),
        ("Sends from", cell(&provider["source_ips"])),
    ];
    let settings = entries(&provider["settings"]).iter();
    let settings =
        settings.map(|of| vec![cell(&of["name"]), cell(&of["help"]), cell(&of["example"])]);
    let settings: Vec<_> = settings.collect();
    html! {
        (pairs(&rows))
        @if !settings.is_empty() { (table("Settings", &["setting", "what it is", "such as"], &settings)) }
        h2 { "1. In infra/landfall.toml, then deploy" }
        (block("Configuration", &provider["landfall_toml"]))
        h2 { "2. Its secret, which the command asks for" }
        (block("Commands", &provider["secret_commands"]))
        @for form in entries(&provider["secret_forms"]) { p { (text(form)) } }
        h2 { "3. At the provider" }
        p { "Enter the source's URL, which the page " a href="/routes" { "Routes and destinations" } " has." }
        h2 { "4. Try it" }
        p { a href=(Fields::default().with("source", provider["name"].as_str().unwrap_or_default()).at("/send")) { "Send a signed test event" } }
    }
}

fn block(label: &str, lines: &Value) -> Markup {
    html! {
        pre tabindex="0" role="group" aria-label=(label) {
            code { @for line in entries(lines) { (visible(line.as_str().unwrap_or_default())) "\n" } }
        }
    }
}
