//! Makes visible what a terminal would obey, hide or reorder: what is printed may come from a stranger.

use std::fmt::Write as _;

/// Whether a character doesn't show as itself: control characters (which begin a terminal's commands), what changes
/// the direction of text, separators of lines, and what has no width. These are Unicode's classes `Cc`, `Zl` and `Zp`
/// and its property `Default_Ignorable_Code_Point`, with the marks of interlinear notes.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// A value that stands within a line: line ends are escaped, too. What is visible already stays as it is.
pub(crate) fn value(text: &str) -> String {
    escaped(text, |_| false)
}

/// Whole lines, whose line ends are ours.
pub(crate) fn lines(text: &str) -> String {
    escaped(text, |c| c == '\n')
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) && !stays(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// A JSON text with the same meaning. A hidden character can stand in its strings only, where it has an escape.
pub(crate) fn json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut units = [0; 2];
    for c in text.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut units) {
                // Writing to a String can't fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// One of each kind, by the names that Unicode gives them.
    const HIDDEN: [(char, &str); 18] = [
        ('\0', "null"),
        ('\t', "a tabulator"),
        ('\r', "a carriage return"),
        ('\u{1b}', "escape, which begins ANSI sequences"),
        ('\u{7f}', "delete"),
        ('\u{85}', "next line, of C1"),
        ('\u{9b}', "control sequence introducer, of C1"),
        ('\u{ad}', "soft hyphen"),
        ('\u{61c}', "Arabic letter mark"),
        ('\u{200b}', "zero width space"),
        ('\u{200d}', "zero width joiner"),
        ('\u{200e}', "left-to-right mark"),
        ('\u{2028}', "line separator"),
        ('\u{202e}', "right-to-left override"),
        ('\u{2066}', "left-to-right isolate"),
        ('\u{2069}', "pop directional isolate"),
        ('\u{feff}', "zero width no-break space"),
        ('\u{e0041}', "a tag"),
    ];

    #[test]
    fn nothing_hidden_is_left_in_a_value_nor_in_lines_nor_in_json() {
        for (c, name) in HIDDEN {
            let text = format!("a{c}b");
            for shown in [value(&text), lines(&text)] {
                assert!(!shown.contains(c), "{name}");
                assert!(shown.starts_with("a\\") && shown.ends_with('b'), "{shown}");
            }
            let written = serde_json::to_string(&text).unwrap();
            let shown = json(&written);
            assert!(!shown.contains(c), "{name}");
            assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
        }
        assert_eq!(value("a\nb\u{202e}c"), "a\\nb\\u{202e}c");
        assert_eq!(lines("a\nb\u{202e}c"), "a\nb\\u{202e}c");
    }

    #[test]
    fn what_shows_as_itself_stays_and_nothing_is_escaped_twice() {
        for text in [
            "caf\u{e9} \u{65e5}\u{672c} \u{5d0}\u{5d1} \u{1f680} \\u{202e} \"x\"",
            "",
            "a b",
        ] {
            assert_eq!(value(text), text);
            assert_eq!(lines(text), text);
            assert_eq!(json(text), text);
        }
        let once = value("\u{1b}[31mred");
        assert_eq!(value(&once), once);
        assert_eq!(lines(&once), once);
    }
}
