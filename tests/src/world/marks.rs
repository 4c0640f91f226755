//! Finding marks in what must not show them.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

/// How every mark begins.
const MARK: &str = "MARK-";

/// Fails if a mark is in this text: as it is, in another case, in hex, in base64, or as a list of bytes.
#[track_caller]
pub fn assert_unmarked(what: &str, text: &str) {
    let lower = text.to_lowercase();
    for form in forms() {
        let found = lower.contains(&form.to_lowercase());
        assert!(!found, "{what} shows {form}: {text}");
    }
}

fn forms() -> Vec<String> {
    let bytes: Vec<_> = MARK.bytes().map(|byte| byte.to_string()).collect();
    let mut forms = vec![
        MARK.to_owned(),
        hex::encode(MARK),
        bytes.join(", "),
        bytes.join(","),
    ];
    // Wherever among the groups of three bytes it begins: the digits that are its own.
    for before in 0..3 {
        let text = STANDARD_NO_PAD.encode(["\0".repeat(before), MARK.into()].concat());
        let (first, last) = ((before * 8).div_ceil(6), (before + MARK.len()) * 8 / 6);
        forms.push(text[first..last].to_owned());
    }
    forms
}
