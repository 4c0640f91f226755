//! `docs/evidence/engines.md` says of every engine what the checks find: a check that differs without being known fails
//! there, and so does a known difference that is gone, so that the page follows from the list.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, path::Path};

use ports::{checks, differences::KNOWN, page};

#[test]
fn the_page_has_the_tables() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/evidence/engines.md");
    let text = std::fs::read_to_string(path).unwrap();
    let tables = page::tables();
    assert!(text.contains(&tables), "engines.md must have:\n{tables}");
}

#[test]
fn every_known_difference_is_that_of_a_check() {
    let all: BTreeSet<_> = checks()
        .iter()
        .map(|check| (check.port, check.promise))
        .collect();
    assert_eq!(all.len(), checks().len(), "two checks have one name");
    for known in KNOWN {
        assert!(all.contains(&(known.port, known.promise)), "{known:?}");
    }
}
