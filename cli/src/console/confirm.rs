//! The page before something is done: what, to how many, by which command; and the one after it.

use maud::{Markup, html};

use super::{
    Visit,
    fields::Fields,
    page::{Page, banner, command, notes, token},
    words::Words,
};

/// Something that is to be done.
pub(super) struct Deed<'d> {
    /// What it is called: the page's heading, and the button.
    pub(super) title: &'d str,
    /// Under which page it stands.
    pub(super) under: &'static str,
    /// To where the form is sent.
    pub(super) path: &'d str,
    /// What the form says of what is meant.
    pub(super) fields: Fields,
    /// What would be done, and to how many.
    pub(super) asked: Markup,
    pub(super) words: Words,
}

/// Asks whether it is to be done.
pub(super) fn asking(visit: &Visit<'_>, deed: &Deed<'_>) -> Page {
    let body = html! {
        (deed.asked)
        form method="post" action=(deed.path) {
            (token(visit.console))
            @for (name, value) in deed.fields.iter() { input type="hidden" name=(name) value=(value); }
            div.buttons {
                button.danger type="submit" { (deed.title) }
                a href=(deed.under) { "Leave it as it is" }
            }
        }
        (command(visit.console, &deed.words))
    };
    Page::new(deed.title, deed.under, body)
}

/// Does it, and says what came of it. `told` makes words of what the command printed.
pub(super) fn done(
    visit: &Visit<'_>,
    title: &str,
    under: &'static str,
    words: &Words,
    told: impl FnOnce(&serde_json::Value) -> String,
) -> Page {
    let said = visit.run(words);
    let is_told = said.failure.is_none() && !said.value().is_null();
    let body = html! {
        (notes(&said))
        @if is_told { (banner("good", &told(said.value()))) }
        p { a href=(under) { "Back" } }
        (command(visit.console, words))
    };
    Page::new(title, under, body)
}
