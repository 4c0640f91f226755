//! Who knows whom within the crate, as the table at the head of `lib.rs` says it.
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Every Rust file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let each = entries.map(|entry| entry.unwrap().path());
    each.flat_map(|path| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    })
    .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
    .collect()
}

/// The names behind `crate::` in a file's code, its comments left out: `crate::a` and `crate::{a::…, b::…}` have `a`,
/// and `a` and `b`.
fn known(code: &str) -> Vec<String> {
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let code = lines.collect::<Vec<_>>().join("\n");
    let name = |text: &str| -> String {
        let is_part = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
        text.trim_start().chars().take_while(is_part).collect()
    };
    let mut names = Vec::new();
    for (at, path) in code.match_indices("crate::") {
        let rest = &code[at + path.len()..];
        let Some(list) = rest.strip_prefix('{') else {
            names.push(name(rest));
            continue;
        };
        let mut depth = 0;
        names.push(name(list));
        for (at, character) in list.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => names.push(name(&list[at + 1..])),
                _ => {}
            }
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn each_room_knows_those_above_it_and_no_other() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let head = fs::read_to_string(source.join("lib.rs")).unwrap();
    let rooms: Vec<&str> = head
        .lines()
        .filter_map(|line| line.strip_prefix("//! | [`")?.split('`').next())
        .collect();
    assert_eq!(rooms.len(), 6);
    for (at, room) in rooms.iter().enumerate() {
        for file in files(&source.join(room)) {
            for name in known(&fs::read_to_string(&file).unwrap()) {
                let is_above = rooms[..=at].contains(&name.as_str()) || name == "refusal";
                assert!(is_above, "{} knows {name}", file.display());
            }
        }
    }
}

#[test]
fn a_files_imports_are_found_however_they_are_written() {
    let code = "use crate::{\n    a::{b, c},\n    d,\n};\n// crate::e\nuse crate::f::g;";
    assert_eq!(known(code), ["a", "d", "f"]);
}
