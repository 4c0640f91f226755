//! Who may import whom, as `docs/architecture.md` says it: its tables are compared with what Cargo
//! knows of the workspace.
#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use serde_json::Value;

/// What each folder of a table imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// A crate that the other one needs outside its own tests.
struct Dependency {
    name: String,
    /// Its folder, if it is one of this workspace.
    folder: Option<String>,
    features: BTreeSet<String>,
}

/// The names in backquotes in the last column of the table with this head, by the one in the first.
fn documented(head: &str) -> Imports {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/architecture.md");
    let page = std::fs::read_to_string(page).unwrap();
    let names = |cell: &str| -> BTreeSet<String> {
        let quoted = cell.split('`').skip(1).step_by(2);
        quoted.map(str::to_owned).collect()
    };
    let rows: Imports = page
        .lines()
        .skip_while(|line| !line.starts_with(head))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|row| {
            let cells: Vec<_> = row.trim_matches('|').split('|').collect();
            let folder = names(cells[0]).pop_first().unwrap();
            (folder, names(cells.last().unwrap()))
        })
        .collect();
    assert!(!rows.is_empty(), "no table begins with {head}");
    rows
}

/// The workspace's crates by folder, and what each of them needs.
fn workspace() -> BTreeMap<String, Vec<Dependency>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let root = Path::new(metadata["workspace_root"].as_str().unwrap());
    let folder = |path: &Path| {
        let folder = path.strip_prefix(root).unwrap();
        folder.to_str().unwrap().to_owned()
    };
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let manifest = Path::new(package["manifest_path"].as_str().unwrap());
            let needed = package["dependencies"].as_array().unwrap().iter();
            let needed =
                needed
                    .filter(|dependency| dependency["kind"] != "dev")
                    .map(|dependency| Dependency {
                        name: dependency["name"].as_str().unwrap().to_owned(),
                        folder: dependency["path"]
                            .as_str()
                            .map(|path| folder(Path::new(path))),
                        features: (dependency["features"].as_array().unwrap().iter())
                            .map(|feature| feature.as_str().unwrap().to_owned())
                            .collect(),
                    });
            (folder(manifest.parent().unwrap()), needed.collect())
        })
        .collect()
}

#[test]
fn every_shipped_crate_imports_what_the_map_says_of_this_workspace() {
    let shipped = workspace()
        .into_iter()
        .filter(|(folder, _)| !folder.starts_with("tests") && !folder.starts_with("bench"));
    let found: Imports = shipped
        .map(|(folder, needed)| {
            let imports = needed.into_iter().filter_map(|needed| needed.folder);
            (folder, imports.collect())
        })
        .collect();
    assert_eq!(documented("| folder | what it is |"), found);
}

#[test]
fn the_core_uses_what_the_map_says_of_others_crates() {
    let workspace = workspace();
    let documented = documented("| folder | crates of others |");
    let found: Imports = documented
        .keys()
        .map(|folder| {
            let others = workspace[folder]
                .iter()
                .filter(|needed| needed.folder.is_none())
                .map(|needed| needed.name.clone());
            (folder.clone(), others.collect())
        })
        .collect();
    assert_eq!(documented, found);
}

#[test]
fn the_core_knows_no_aws_no_runtime_no_clock_and_no_log() {
    let workspace = workspace();
    for folder in documented("| folder | crates of others |").keys() {
        for Dependency { name, .. } in &workspace[folder] {
            let forbidden = name.starts_with("aws-sdk-")
                || name.starts_with("lambda")
                || ["aws-config", "tokio", "tracing", "log", "getrandom", "rand"]
                    .contains(&name.as_str());
            assert!(!forbidden, "{folder} is of the core and uses {name}");
        }
    }
}

#[test]
fn the_command_line_alone_does_what_an_operator_does_and_no_sdk_of_its_own() {
    let workspace = workspace();
    let operators = workspace.iter().filter(|(folder, needed)| {
        let is_operators = |needed: &Dependency| needed.features.contains("operator");
        !folder.starts_with("tests") && needed.iter().any(is_operators)
    });
    let operators: Vec<_> = operators.map(|(folder, _)| folder.as_str()).collect();
    assert_eq!(operators, ["cli"]);
    for Dependency { name, .. } in &workspace["cli"] {
        assert!(!name.starts_with("aws-"), "the command line uses {name}");
    }
}
