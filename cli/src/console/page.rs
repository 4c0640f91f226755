//! What every page is made of. Texts are escaped by `maud`, and what is hidden in them is made visible as in a terminal.

use maud::{DOCTYPE, Markup, html};
use protocol::time::UnixMillis;
use serde_json::Value;

use super::{
    Console,
    http::Answer,
    words::{Said, Words},
};
use crate::{escape, print};

/// The pages, as the navigation has them.
const PAGES: [(&str, &str); 10] = [
    ("/", "Overview"),
    ("/events", "Events"),
    ("/refused", "Refused"),
    ("/routes", "Routes and destinations"),
    ("/dlq", "Dead-letter queue"),
    ("/replay", "Replay"),
    ("/providers", "Providers"),
    ("/send", "Send"),
    ("/trial", "Try a configuration"),
    ("/checks", "Checks"),
];

const HTML: &str = "text/html; charset=utf-8";

/// A page without what is around it.
pub(super) struct Page {
    pub(super) title: String,
    /// Under which entry of the navigation it stands.
    pub(super) under: &'static str,
    pub(super) status: u16,
    pub(super) body: Markup,
}

impl Page {
    pub(super) fn new(title: impl Into<String>, under: &'static str, body: Markup) -> Self {
        Self {
            title: title.into(),
            under,
            status: 200,
            body,
        }
    }

    /// The whole of it, for a browser.
    pub(super) fn answer(self, console: &Console, hides_bodies: bool, at: &str) -> Answer {
        let stack = console.stack.stack.as_deref().unwrap_or("the local stack");
        let markup = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (visible(&self.title)) " · Landfall" }
                    link rel="stylesheet" href="/console.css";
                    script src="/console.js" defer {}
                }
                body {
                    a.skip href="#main" { "To the content" }
                    header {
                        p.brand { "Landfall " span.stack { (visible(stack)) } }
                        nav aria-label="Pages" {
                            ul {
                                @for (path, name) in PAGES {
                                    @let here = (path == self.under).then_some("page");
                                    li { a href=(path) aria-current=[here] { (name) } }
                                }
                            }
                        }
                        (switch(console, hides_bodies, at))
                    }
                    main id="main" tabindex="-1" {
                        h1 { (visible(&self.title)) }
                        (self.body)
                    }
                    footer {
                        p { "This console acts with your own AWS credentials, by the commands that its pages show. Ctrl-C in its terminal stops it." }
                    }
                }
            }
        };
        Answer::new(self.status, HTML, markup.into_string())
    }
}

/// Hides payloads on all pages, or shows them.
fn switch(console: &Console, hides: bool, at: &str) -> Markup {
    let (value, label) = if hides {
        ("show", "Show payloads")
    } else {
        ("hide", "Hide payloads")
    };
    html! {
        form.switch method="post" action="/payloads" {
            (token(console))
            input type="hidden" name="back" value=(at);
            button type="submit" name="payloads" value=(value) { (label) }
        }
    }
}

/// A page without a console around it, for whom it doesn't admit.
pub(super) fn bare(status: u16, words: &str) -> Answer {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Landfall" } link rel="stylesheet" href="/console.css"; }
            body { main { h1 { "Landfall" } p { (words) } } }
        }
    };
    Answer::new(status, HTML, markup.into_string())
}

/// Goes on to the first page, from a page of the console: a cookie that is for its own pages alone isn't sent where another
/// program led there.
pub(super) fn entered(cookie: String) -> Answer {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="refresh" content="0;url=/";
                title { "Landfall" }
            }
            body { main { p { a href="/" { "Go on to the console" } } } }
        }
    };
    let mut answer = Answer::new(200, HTML, markup.into_string());
    answer.headers.push(("Set-Cookie", cookie));
    answer
}

/// What proves that a form is of this console.
pub(super) fn token(console: &Console) -> Markup {
    html! { input type="hidden" name="token" value=(console.guard.form.reveal()); }
}

/// A text in which nothing is hidden.
pub(super) fn visible(text: &str) -> String {
    escape::value(text)
}

/// A value in words: a text as it is, `-` where there is none.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) if text.is_empty() => "-".to_owned(),
        Value::String(text) => visible(text),
        Value::Array(all) => match all.as_slice() {
            [] => "-".to_owned(),
            all => all.iter().map(text).collect::<Vec<_>>().join(", "),
        },
        other => visible(&other.to_string()),
    }
}

/// A moment in words, from milliseconds since 1970.
pub(super) fn time(value: &Value) -> String {
    let at = value.as_i64().map(UnixMillis);
    at.map_or_else(|| "-".to_owned(), print::time)
}

/// The members of an object.
pub(super) fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let all = value.as_object().into_iter().flatten();
    all.map(|(name, value)| (name.as_str(), value))
}

/// The entries of a list.
pub(super) fn entries(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A state, by which it can be coloured; the word says it, too.
pub(super) fn state(value: &Value) -> Markup {
    let word = text(value);
    let kind = match word.as_str() {
        "failed" | "open" | "missing" | "wrong" => "bad",
        "succeeded" | "closed" | "there" | "good" | "accepted" => "good",
        "waiting" | "processing" | "unclaimed" | "paused" | "trial" | "late" | "unknown" => "open",
        _ => "other",
    };
    html! { span class={"state " (kind)} { (word) } }
}

/// The command that does the same as a page, to be copied.
pub(super) fn command(console: &Console, words: &Words) -> Markup {
    let shown = visible(&words.shown(&console.stack));
    html! {
        div.command {
            p { "The same in a terminal:" }
            pre tabindex="0" role="group" aria-label="Command" { code { (shown) } }
            button type="button" data-copy hidden { "Copy" }
        }
    }
}

/// Stops the page from being loaded anew, and says when it was.
pub(super) fn updates() -> Markup {
    html! {
        p.live {
            button type="button" data-pause aria-pressed="false" hidden { "Pause live updates" }
            " " span data-updated role="status" {}
        }
    }
}

/// What a command noted, and why it could not do what it was asked for.
pub(super) fn notes(said: &Said) -> Markup {
    html! {
        @if let Some(failure) = &said.failure {
            (banner("bad", failure))
        }
        @for note in &said.notes {
            (banner("note", note))
        }
    }
}

/// Something that a person should know before they read on.
pub(super) fn banner(kind: &str, words: &str) -> Markup {
    let role = if kind == "bad" { "alert" } else { "status" };
    html! {
        div class={"banner " (kind)} role=(role) {
            @for line in words.lines() { p { (visible(line)) } }
        }
    }
}

/// A table. It can be scrolled by the keyboard, too, where it is wider than the page.
pub(super) fn table(caption: &str, headings: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div.table tabindex="0" role="group" aria-label=(caption) {
            table {
                caption { (caption) }
                thead { tr { @for heading in headings { th scope="col" { (heading) } } } }
                tbody {
                    @for row in rows { tr { @for cell in row { td { (cell) } } } }
                }
            }
        }
    }
}

/// Labels and their values.
pub(super) fn pairs(rows: &[(&str, Markup)]) -> Markup {
    html! {
        dl {
            @for (label, value) in rows { dt { (label) } dd { (value) } }
        }
    }
}

/// A plain text as a cell.
pub(super) fn cell(value: &Value) -> Markup {
    html! { (text(value)) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const HOSTILE: &str = "<script>alert(1)</script>\u{202e}\"'&";

    #[test]
    fn whatever_a_stranger_wrote_stays_text_and_shows_what_it_hides() {
        let value = json!(HOSTILE);
        for markup in [
            cell(&value),
            state(&value),
            banner("bad", HOSTILE),
            table("", &[], &[vec![cell(&json!([HOSTILE]))]]),
            pairs(&[("a", cell(&json!({HOSTILE: HOSTILE})))]),
        ] {
            let html = markup.into_string();
            assert!(
                !html.contains("<script") && !html.contains('\u{202e}'),
                "{html}"
            );
            assert!(
                html.contains("&lt;script&gt;") && html.contains("\\u{202e}"),
                "{html}"
            );
        }
    }

    #[test]
    fn what_is_missing_is_told_from_nothing() {
        let texts = [
            json!(null),
            json!(""),
            json!([]),
            json!(0),
            json!(["a", "b"]),
        ];
        assert_eq!(
            texts.map(|value| text(&value)),
            ["-", "-", "-", "0", "a, b"]
        );
    }
}
