//! What of an event is opened that its provider encrypts.

use super::*;

#[test]
fn what_a_provider_encrypts_is_opened_unless_the_source_says_that_it_stays() {
    let theirs = Provider::named("microsoft-graph").unwrap().encrypted;
    assert!(theirs.is_some());
    let encrypted = |line: &str| one(&source_of("microsoft-graph", line)).encrypted;
    assert_eq!(encrypted("tries = 1"), theirs);
    assert_eq!(encrypted("keep_encrypted = true"), None);
    assert_eq!(one(&acme_with("tries = 1")).encrypted, None);
}

#[test]
fn what_nobody_encrypts_can_not_stay_so() {
    for (text, line) in [
        (source_of("github", "keep_encrypted = true"), 3),
        (acme_with("keep_encrypted = true"), 2),
    ] {
        fault(
            &text,
            line,
            "the source's provider encrypts nothing",
            "leave it out",
        );
    }
    let text = source_of("microsoft-graph", "keep_encrypted = false");
    fault(&text, 3, "`true`", "leave it out");
}
