//! Checks `infra/landfall.toml` for every environment: a file with a fault is a failed build that
//! names every fault, and never a failed deploy.

use std::{collections::BTreeSet, path::Path};

use catalogue::{Environment, reader};

fn main() {
    // From the package's folder, where Cargo runs this: a path that is compiled in would be another
    // clone's, where two share a target folder.
    let file = Path::new("../../infra/landfall.toml");
    println!("cargo::rerun-if-changed={}", file.display());
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            println!("cargo::error=infra/landfall.toml can't be read: {error}");
            return;
        }
    };
    let faults: BTreeSet<reader::Fault> = Environment::ALL
        .into_iter()
        .filter_map(|environment| reader::read(&text, environment).err())
        .flatten()
        .collect();
    for reader::Fault { line, fault, mend } in faults {
        println!("cargo::error=infra/landfall.toml:{line}: {fault}; {mend}");
    }
}
