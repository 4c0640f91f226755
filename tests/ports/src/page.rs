//! The tables of `docs/evidence/engines.md`.

use std::fmt::Write as _;

use crate::{
    checks,
    differences::{self, Engine, KNOWN},
};

/// What each engine keeps, and where it differs from what AWS documents.
#[must_use]
pub fn tables() -> String {
    let mut page = String::new();
    let names = Engine::ALL.map(Engine::name).join(" | ");
    writeln!(page, "| | promise | {names} |\n|---|---|---|---|---|").unwrap();
    for check in checks() {
        let cells = Engine::ALL.map(|engine| {
            if !engine.has(check.port) {
                return "";
            }
            match differences::find(engine, check.port, check.promise) {
                None => "kept",
                Some(_) => "**differs**",
            }
        });
        let cells = cells.join(" | ");
        writeln!(page, "| {} | {} | {cells} |", check.port, check.promise).unwrap();
    }
    writeln!(
        page,
        "\n| | where | what it does | what AWS documents |\n|---|---|---|---|"
    )
    .unwrap();
    for known in KNOWN {
        writeln!(
            page,
            "| {} | {}: {} | {} | {} |",
            known.engine.name(),
            known.port,
            known.promise,
            known.found,
            known.documented
        )
        .unwrap();
    }
    page
}
