//! Whatever a file says, it is read or refused.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn any_text_is_read_or_refused_and_never_panicked_on(text in ".{0,200}") {
        let _ = read(&text, Environment::Local);
    }

    #[test]
    fn any_arrangement_of_known_words_is_read_or_refused(
        words in prop::collection::vec(prop::sample::select(vec![
            "[", "]", "{", "}", "=", ",", "\n", "\"", ".", "#", "'", "a", "live", "scheme", "provider",
            "\"stripe\"", "key", "message", "\"{body}\"", "tolerance", "source_ips", "\"203.0.113.0/8\"",
            "past", "-1", "99999999999", "0x7", "1.5", "true", "\"\\u0000é{\"", "event_id", "é", "\r",
        ]), 0..40)
    ) {
        let text = words.concat();
        if let Err(faults) = read(&text, Environment::Live) {
            prop_assert!(!faults.is_empty());
            let lines = 1 + text.matches('\n').count();
            prop_assert!(faults.iter().all(|fault| (1..=lines).contains(&fault.line)));
        }
    }

    #[test]
    fn a_file_with_a_piece_missing_is_read_or_refused(from in 0usize..6000, length in 0usize..200) {
        let text: String = include_str!("../../../../../tests/stack/landfall.toml")
            .chars()
            .enumerate()
            .filter(|(at, _)| !(from..from + length).contains(at))
            .map(|(_, c)| c)
            .collect();
        let _ = read(&text, Environment::Test);
    }
}
