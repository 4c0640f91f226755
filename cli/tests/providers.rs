//! `landfall providers`, the help, and commands that find no stack.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use common::landfall;
use insta::assert_snapshot;

#[test]
fn the_catalogue_is_listed() {
    let run = landfall(&["providers", "--json"], b"");
    assert_eq!(run.code, 0);
    let json = run.json();
    let names: Vec<_> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["name"].as_str().unwrap())
        .collect();
    assert!(
        names
            .iter()
            .eq(catalogue::PROVIDERS.iter().map(|provider| &provider.name))
    );
    let formify = &json[names.iter().position(|name| *name == "formify").unwrap()];
    assert_eq!(formify["confirmation"], "unconfirmed");

    let run = landfall(&["providers"], b"");
    assert_eq!(run.code, 0);
    assert!(
        names.iter().all(|name| run.stdout.contains(name)),
        "{}",
        run.stdout
    );
    let count = format!("{} providers", names.len());
    assert!(run.stdout.contains(&count), "{}", run.stdout);
}

#[test]
fn what_changed_since_a_day_is_listed_alone() {
    let since = |day: &str| landfall(&["providers", "--json", "--changed-since", day], b"");
    let all = since("2026-11-29").json().as_array().unwrap().len();
    assert_eq!(all, catalogue::PROVIDERS.len());
    let newer = since("2026-11-30").json();
    let newer = newer.as_array().unwrap();
    assert!(newer.len() > 100 && newer.len() < all);
    let is_newer = |entry: &serde_json::Value| entry["checked"].as_str() >= Some("2026-11-30");
    assert!(newer.iter().all(is_newer));
    let run = landfall(&["providers", "--changed-since", "9999-12-31"], b"");
    assert!(run.stdout.contains("\n0 providers."), "{}", run.stdout);
    for wrong in ["yesterday", "2026-02-30", "30.11.2026"] {
        assert_eq!(since(wrong).code, 2, "{wrong}");
    }
}

#[test]
fn a_provider_can_be_set_up_from_its_page() {
    for provider in catalogue::PROVIDERS {
        let run = landfall(&["providers", provider.name], b"");
        assert_eq!(run.code, 0);
        let secret = format!("landfall --stack STACK secrets set {}", provider.name);
        let table = format!("  [sources.{0}]\n  provider = \"{0}\"\n", provider.name);
        for words in [
            provider.title,
            provider.docs,
            provider.setup,
            provider.note,
            provider.unsigned,
            provider.retries,
            provider.source_ips,
            &secret,
            &table,
        ] {
            assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
        }
        for setting in provider.settings {
            assert!(run.stdout.contains(setting.help), "{}", run.stdout);
            assert!(run.stdout.contains(setting.example), "{}", run.stdout);
        }
    }
}

#[test]
fn the_page_of_the_docs_is_current() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/providers.md");
    let run = landfall(&["providers", "--markdown"], b"");
    assert_eq!(run.code, 0);
    assert!(
        std::fs::read_to_string(page).is_ok_and(|page| page == run.stdout),
        "docs/providers.md is not what the catalogue says: landfall providers --markdown > docs/providers.md"
    );
}

#[test]
fn the_catalogue_as_data_is_current() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/catalogue.json");
    let run = landfall(&["providers", "--data"], b"");
    assert_eq!(run.code, 0);
    assert!(
        std::fs::read_to_string(data).is_ok_and(|data| data == run.stdout),
        "docs/catalogue.json is not what the catalogue says: landfall providers --data > docs/catalogue.json"
    );
    let providers = &run.json()["providers"];
    assert_eq!(*providers, landfall(&["providers", "--json"], b"").json());
}

#[test]
fn one_provider_is_shown_in_full() {
    let run = landfall(&["providers", "orum"], b"");
    assert_eq!(run.code, 0);
    assert_snapshot!(run.stdout);
    assert_eq!(
        landfall(&["providers", "orum", "--json"], b"").json()[0]["name"],
        "orum"
    );
    let run = landfall(&["providers", "orumm"], b"");
    assert_eq!(run.code, 2);
    assert_snapshot!("unknown_provider", run.stderr);
}

#[test]
fn the_help_teaches_by_examples() {
    assert_snapshot!("help", landfall(&["--help"], b"").stdout);
    assert_snapshot!("help_verify", landfall(&["verify", "--help"], b"").stdout);
    for command in ["explain", "sign", "send", "secrets", "providers"] {
        let run = landfall(&[command, "--help"], b"");
        assert_eq!(run.code, 0, "{command}");
        assert!(run.stdout.contains("Example"), "{command}: {}", run.stdout);
    }
    for arguments in [&["events", "list", "--help"][..], &["--version"]] {
        assert_eq!(landfall(arguments, b"").code, 0, "{arguments:?}");
    }
}

#[test]
fn without_a_stack_it_is_said_how_to_get_one() {
    for arguments in [
        &["send", "--source", "self"][..],
        &["events", "list"],
        &["events", "show", "self", "x"],
    ] {
        let run = landfall(arguments, b"");
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        assert!(
            run.stderr.contains("--stack") && run.stderr.contains("make up"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_delivery_is_spoilt_in_one_way_at_most() {
    let run = landfall(&["send", "--source", "self", "--forge", "--stale"], b"");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--stale"), "{}", run.stderr);
}
