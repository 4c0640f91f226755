//! The page of what must hold of the stack.

use maud::html;

use super::{
    Visit,
    page::{Page, cell, command, entries, notes, state, table},
    words::Words,
};

pub(super) fn page(visit: &Visit<'_>) -> Page {
    let words = Words::new("doctor");
    let said = visit.run(&words);
    let rows = entries(said.value()).iter().map(|check| {
        vec![
            state(&check["verdict"]),
            cell(&check["check"]),
            cell(&check["text"]),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let body = html! {
        (notes(&said))
        @if !rows.is_empty() {
            (table("What must hold of this stack", &["verdict", "what must hold", "what is wrong, and the mend"], &rows))
        }
        (command(visit.console, &words))
    };
    Page::new("Checks", "/checks", body)
}
