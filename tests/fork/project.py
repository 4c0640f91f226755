"""A project that was made from Landfall: its own sources and handlers in place of all examples."""

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What belongs to a project, and what no release touches: docs/upgrading.md says the same.
SOURCES = "infra/landfall.toml"
HANDLERS = "functions/consumer/src/handlers"

OWN = {
    SOURCES: """\
[sources.code]
provider = "github"

[sources.shop]
provider = "stripe"

[sources.shop.live]
retention_days = 60

[routes.invoices]
from = ["shop"]
types = ["invoice.*"]
to = "handler:invoices"
""",
    f"{HANDLERS}/mod.rs": """\
//! What happens to our events.

mod shop;

use lambda_runtime::Error;
use serde::Deserialize;

use crate::{registry::Handlers, start::Start};

/// What our handlers share.
#[derive(Deserialize)]
pub struct State {
    greeting: String,
}

/// Builds the state, once in the life of a process.
pub async fn state(start: Start) -> Result<State, Error> {
    Ok(start.settings()?)
}

/// The handlers, by the names that routes lead to.
#[must_use]
pub fn all() -> Handlers<State> {
    Handlers::new().add_with("invoices", shop::invoice)
}
""",
    f"{HANDLERS}/shop/mod.rs": """\
//! Our shop.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;

use super::State;
use crate::handler::{Context, Event, Failure};

#[cfg(test)]
mod tests;

#[derive(Deserialize)]
struct Invoice {
    id: String,
}

/// Keeps that an invoice was heard of.
pub(super) async fn invoice(
    event: Event,
    context: Context,
    state: Arc<State>,
) -> Result<(), Failure> {
    let invoice: Invoice = event.json()?;
    context
        .projection
        .put_if_newer(
            &invoice.id,
            context.received_at,
            &json!({"heard": state.greeting}),
        )
        .await?;
    Ok(())
}
""",
    f"{HANDLERS}/shop/tests.rs": """\
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use serde_json::json;

use super::invoice;
use crate::{
    handlers::state,
    testkit::{Table, event, start},
};

#[tokio::test]
async fn an_invoice_is_kept() {
    let table = Table::default();
    let state = state(start(&json!({"greeting": "hello"}))).await.unwrap();
    let event = event("shop", "invoice.paid", &json!({"id": "in_1"}));
    invoice(event, table.context(), Arc::new(state))
        .await
        .unwrap();
    assert_eq!(table.state("in_1"), json!({"heard": "hello"}));
}
""",
}


def files():
    """What git knows of this folder, changed or new."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()})


def copy(folder):
    """Makes the folder a copy of this one. A file that is the same already keeps its time, by which cargo tells."""
    wanted = files()
    for name in wanted:
        put(folder / name, (ROOT / name).read_bytes())
        shutil.copymode(ROOT / name, folder / name)
    remove(folder, keep=set(wanted))


def rename(folder):
    """Gives the folder's crates another version. Cargo names what it builds by it and not by the folder, so that two copies
    of one version would take each other's crates out of a target folder that they share."""
    manifest = folder / "Cargo.toml"
    version = re.compile(r'(?<=\[workspace\.package\]\nversion = )"[^"]*"')
    put(manifest, version.sub('"0.0.0-own"', manifest.read_text()).encode())


def make_own(folder):
    """Replaces every example source and handler by the project's own."""
    for name, text in OWN.items():
        put(folder / name, text.encode())
    remove(folder / HANDLERS, keep={name.removeprefix(f"{HANDLERS}/") for name in OWN})


def put(file, content):
    if not file.is_file() or file.read_bytes() != content:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def remove(folder, keep):
    """Removes all files in the folder but these, and but git's own."""
    for file in [path for path in folder.rglob("*") if path.is_file()]:
        name = file.relative_to(folder).as_posix()
        if name not in keep and not name.startswith(".git/"):
            file.unlink()
