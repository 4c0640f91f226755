//! The fuzz targets, over their corpora and a few thousand mutations of them: always the same ones. `make fuzz` goes on
//! from there for as long as one likes.
#![allow(clippy::unwrap_used)]

use std::{fs, panic};

use chance::Chance;
use landfall_tests::fuzz::{
    TARGETS, Target,
    seeds::{self, root},
};

/// How many mutations a target sees; what signs with RSA or reads every key form is slow.
fn mutations(target: &str) -> u32 {
    match target {
        "event" | "key" | "sources" | "tamper" => 400,
        _ => 1_500,
    }
}

/// The inputs of a target, in the order of their names.
fn inputs(target: &str) -> Vec<Vec<u8>> {
    let of_target =
        |(name, bytes): (std::path::PathBuf, _)| name.starts_with(target).then_some(bytes);
    let inputs: Vec<_> = seeds::inputs().into_iter().filter_map(of_target).collect();
    assert!(!inputs.is_empty(), "{target} begins with nothing");
    inputs
}

/// What parsers trip over.
const TOKENS: &[&[u8]] = &[
    b"\0",
    b"\"",
    b"\\",
    b"@",
    b"://",
    b"{",
    b"}",
    b"[",
    b",",
    b"=",
    b"#",
    b"%",
    b"\n",
    b" ",
    b"-",
    b"+",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\\ud800",
    b"null",
    b"1e999",
    b"9223372036854775808",
    b"-9223372036854775808",
    b"sha256=",
    b"sha256:",
    b"v1=",
    b"v1a,",
    b"t=",
    b"whpk_",
    b"-----BEGIN ",
    b"-----END PRIVATE KEY-----",
    "🦀".as_bytes(),
];

fn range(chance: &mut Chance, length: usize) -> std::ops::Range<usize> {
    let start = chance.below(length + 1);
    start..start + chance.below((length - start).min(16) + 1)
}

fn mutated(inputs: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = inputs[chance.below(inputs.len())].clone();
    for _ in 0..=chance.below(4) {
        let range = range(chance, bytes.len());
        match chance.below(6) {
            0 if !bytes.is_empty() => {
                let at = chance.below(bytes.len());
                bytes[at] ^= 1 << chance.below(8);
            }
            1 => drop(bytes.drain(range)),
            2 => {
                let twice = bytes[range.clone()].to_vec();
                bytes.splice(range.start..range.start, twice);
            }
            3 => {
                let token = TOKENS[chance.below(TOKENS.len())];
                bytes.splice(range, token.iter().copied());
            }
            4 => {
                let other = &inputs[chance.below(inputs.len())];
                let from = chance.below(other.len() + 1);
                bytes.truncate(range.start);
                bytes.extend_from_slice(&other[from..]);
            }
            _ => bytes.truncate(range.start),
        }
    }
    bytes
}

fn run(name: &str, target: Target, input: &[u8]) {
    if let Err(fault) = panic::catch_unwind(|| target(input)) {
        eprintln!("{name} fails with b\"{}\"", input.escape_ascii());
        panic::resume_unwind(fault);
    }
}

/// One test for each, so that they run side by side.
fn holds(name: &str) {
    let (_, target) = TARGETS.iter().find(|(found, _)| *found == name).unwrap();
    let inputs = inputs(name);
    for input in &inputs {
        run(name, *target, input);
    }
    run(name, *target, b"");
    let mut chance = Chance::new(0);
    for _ in 0..mutations(name) {
        run(name, *target, &mutated(&inputs, &mut chance));
    }
}

macro_rules! each {
    ($($(#[$if:meta])? $name:ident: $target:literal,)*) => {
        $($(#[$if])? #[test] fn $name() { holds($target); })*

        #[test]
        fn every_target_has_its_test_and_its_program() {
            let targets: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!(targets, [$($(#[$if])? $target),*]);
            let programs = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
            for target in targets {
                assert!(programs.contains(&format!("name = \"{target}\"")), "{target}");
            }
        }
    };
}

each! {
    only_hosts_of_the_entry_are_ever_called: "address",
    #[cfg(feature = "functions")]
    a_batch_is_read_whatever_a_record_holds: "batch",
    an_event_has_bounded_names_that_every_reader_reads_alike: "event",
    what_is_read_of_a_form_was_put_there: "form",
    a_handshake_is_answered_with_its_challenge_alone: "handshake",
    a_header_is_a_list_of_what_stands_in_it: "header",
    an_item_of_a_delivery_is_a_piece_of_it: "items",
    a_secret_is_a_key_or_refused: "key",
    #[cfg(feature = "functions")]
    a_request_is_read_whatever_a_caller_writes: "request",
    a_configuration_is_good_or_its_faults_have_lines: "sources",
    what_was_tampered_with_is_refused: "tamper",
    a_ticket_survives_the_queue: "ticket",
    a_time_is_fresh_as_reckoned: "timestamp",
    nothing_is_authentic_without_the_key: "verify",
}
