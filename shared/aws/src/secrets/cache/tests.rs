#![allow(clippy::unwrap_used)]

use catalogue::{Environment, reader};

use super::*;

const TTL: Millis = Millis::seconds(300);
const START: UnixMillis = UnixMillis(1_700_000_000_000);

fn sources() -> &'static Sources {
    let text = "[sources.github]\nprovider = \"github\"\n[sources.stripe]\nprovider = \"stripe\"\n\
                [sources.own]\nprovider = \"github\"\nsecret = \"mine\"\n";
    Box::leak(Box::new(
        reader::read(text, Environment::Test).unwrap().sources,
    ))
}

fn cache() -> Cache {
    Cache::new(sources(), "stack".into(), TTL)
}

fn load(cache: &mut Cache, version: &str, text: &str) -> Vec<Complaint> {
    cache.loaded(&"stack".into(), Some(version), text, START)
}

fn source(name: &str) -> &'static Source {
    sources().get(name).unwrap()
}

fn later(seconds: i64) -> UnixMillis {
    START.plus(Millis::seconds(seconds))
}

const BOTH: &str = r#"{"github": "g", "stripe": [{"value": "s2", "label": "b"}, "s1"]}"#;

#[test]
fn every_source_gets_its_own_keys() {
    let mut cache = cache();
    assert!(cache.keys(source("github")).is_none());
    assert_eq!(load(&mut cache, "1", BOTH), []);
    assert!(cache.keys(source("github")).is_some());
    assert!(cache.keys(source("stripe")).is_some());
    assert!(cache.keys(source("own")).is_none());
    assert_eq!(cache.loaded(&"mine".into(), Some("1"), "x", START), []);
    assert!(cache.keys(source("own")).is_some());
    assert_eq!(cache.secrets(), ["mine", "stack"]);
}

#[test]
fn a_version_that_is_known_is_not_decoded_again() {
    let mut cache = cache();
    load(&mut cache, "1", BOTH);
    let before = cache.keys(source("stripe")).unwrap();
    load(&mut cache, "1", BOTH);
    assert!(Arc::ptr_eq(&before, &cache.keys(source("stripe")).unwrap()));
    load(&mut cache, "2", BOTH);
    assert!(!Arc::ptr_eq(
        &before,
        &cache.keys(source("stripe")).unwrap()
    ));
}

#[test]
fn a_secret_is_due_when_its_time_to_live_is_over_and_then_read_by_one() {
    let (mut cache, stack) = (cache(), "stack".into());
    assert!(cache.take_due(&stack, START));
    assert!(!cache.take_due(&stack, START), "somebody reads it already");
    load(&mut cache, "1", BOTH);
    assert!(!cache.take_due(&stack, later(299)));
    assert!(cache.take_due(&stack, later(300)));
    assert!(
        !cache.take_due(&stack, later(304)),
        "that read has failed a moment ago"
    );
    assert!(cache.take_due(&stack, later(305)));
}

#[test]
fn a_refresh_that_fails_leaves_the_last_good_keys() {
    let mut cache = cache();
    load(&mut cache, "1", BOTH);
    assert!(cache.take_due(&"stack".into(), later(300)));
    assert!(cache.keys(source("github")).is_some());
}

#[test]
fn a_malformed_secret_leaves_the_last_good_keys_and_is_complained_of_each_time() {
    let mut cache = cache();
    load(&mut cache, "1", BOTH);
    for text in ["{", "[]", ""] {
        let complaints = load(&mut cache, "2", text);
        assert_eq!((complaints.len(), complaints[0].source), (1, None));
        assert!(cache.keys(source("github")).is_some());
        assert!(cache.is_unsure(&"stack".into()));
    }
}

#[test]
fn only_the_stacks_secret_may_have_no_value_and_only_before_it_had_one() {
    let mut cache = cache();
    let stack = "stack".to_owned();
    assert!(cache.may_be_empty(&stack));
    assert!(!cache.may_be_empty(&"mine".into()));
    assert_eq!(cache.loaded(&stack, None, "{}", START), []);
    let why = cache.why(source("github"));
    assert_eq!(why.kind, FaultKind::Absent);
    assert!(cache.may_be_empty(&stack), "nobody has set one yet");
    load(&mut cache, "1", BOTH);
    assert!(!cache.may_be_empty(&stack));
}

#[test]
fn a_faulty_entry_leaves_the_last_good_keys_of_its_source_alone() {
    let mut cache = cache();
    load(&mut cache, "1", BOTH);
    let complaints = load(&mut cache, "2", r#"{"github": " ", "stripe": "s3"}"#);
    assert_eq!(
        (complaints.len(), complaints[0].source),
        (1, Some("github"))
    );
    assert!(cache.keys(source("github")).is_some());
}

#[test]
fn a_secret_that_was_taken_away_is_forgotten() {
    let mut cache = cache();
    load(&mut cache, "1", BOTH);
    load(&mut cache, "2", r#"{"github": [], "stripe": "s"}"#);
    assert!(cache.keys(source("github")).is_none());
    load(&mut cache, "3", "{}");
    assert!(cache.keys(source("stripe")).is_none());
}

#[test]
fn a_blank_secret_makes_no_keys() {
    let mut cache = cache();
    for (version, entry) in [
        ("1", r#""""#),
        ("2", r#""  ""#),
        ("3", r#"[{"value": ""}]"#),
    ] {
        let complaints = load(&mut cache, version, &format!(r#"{{"github": {entry}}}"#));
        assert_eq!(complaints.len(), 1);
        assert!(cache.keys(source("github")).is_none());
    }
}

/// What a mismatch leads to that a source has so many seconds after the start.
fn mismatch(cache: &mut Cache, name: &str, seconds: i64) -> Mismatch {
    cache.take_mismatch(source(name), later(seconds))
}

#[test]
fn a_mismatch_has_the_secret_read_once_a_source_and_minute() {
    let mut cache = cache();
    load(&mut cache, "1", BOTH);
    assert_eq!(mismatch(&mut cache, "github", 0), Mismatch::Read);
    load(&mut cache, "1", BOTH);
    assert_eq!(mismatch(&mut cache, "github", 59), Mismatch::Known);
    assert_eq!(mismatch(&mut cache, "stripe", 59), Mismatch::Read);
    load(&mut cache, "1", BOTH);
    assert_eq!(mismatch(&mut cache, "github", 60), Mismatch::Read);
}

#[test]
fn why_a_source_has_no_keys_names_the_secret_and_the_fault() {
    let mut cache = cache();
    let why = |cache: &Cache, name: &str| cache.why(source(name)).text;
    assert_eq!(
        why(&cache, "github"),
        "the secret stack: it has not been read yet"
    );
    let denied = Fault::new(FaultKind::Denied, "reading the secret", "AccessDenied");
    cache.failed(&"stack".into(), &denied);
    assert_eq!(why(&cache, "github"), "the secret stack: AccessDenied");
    assert_eq!(cache.why(source("github")).kind, FaultKind::Denied);
    assert_eq!(
        why(&cache, "own"),
        "the secret mine: it has not been read yet"
    );
    load(&mut cache, "1", r#"{"stripe": ["", "hush"]}"#);
    assert_eq!(
        why(&cache, "github"),
        "the secret stack: it holds nothing for this source"
    );
    let faulty = why(&cache, "stripe");
    assert!(faulty.starts_with("the secret stack: ") && faulty.len() > 20);
    load(&mut cache, "2", "hush");
    for name in ["github", "stripe"] {
        let unreadable = why(&cache, name);
        assert!(!unreadable.contains("holds nothing"), "{unreadable}");
        assert!(!unreadable.contains("hush"), "{unreadable}");
    }
    load(&mut cache, "3", BOTH);
    assert!(cache.faulty.is_empty());
}

#[test]
fn while_the_secret_can_not_be_read_nobody_is_sure_of_a_mismatch() {
    let mut cache = cache();
    load(&mut cache, "1", BOTH);
    assert_eq!(mismatch(&mut cache, "github", 0), Mismatch::Read);
    assert_eq!(mismatch(&mut cache, "github", 4), Mismatch::Unsure);
    assert_eq!(mismatch(&mut cache, "github", 5), Mismatch::Read);
    load(&mut cache, "1", BOTH);
    assert_eq!(mismatch(&mut cache, "github", 6), Mismatch::Known);
}
