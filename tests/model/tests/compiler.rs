//! The model explores the protocol and nothing else, so that it builds wherever Rust does.
#![allow(clippy::unwrap_used)]

use std::process::Command;

#[test]
fn the_model_builds_without_a_c_compiler() {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--package",
            "landfall-model",
        ])
        .args([
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .output()
        .unwrap();
    let crates = String::from_utf8(tree.stdout).unwrap();
    let crates: Vec<_> = crates
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(crates.contains(&"landfall-protocol"), "{crates:?}");
    for name in crates {
        let compiles_c = name.ends_with("-sys") || ["cc", "cmake", "bindgen"].contains(&name);
        assert!(!compiles_c, "{name}");
    }
}
