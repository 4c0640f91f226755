//! JSON over several lines, with its numbers, its texts and the order of its members as they are.

use serde_json::value::RawValue;

/// The JSON with a line for each value. `None`: it is no JSON.
pub(crate) fn indented(json: &str) -> Option<String> {
    serde_json::from_str::<&RawValue>(json).ok()?;
    let mut text = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_text, mut is_escaped) = (0, false, false);
    let mut letters = json.chars().peekable();
    while let Some(letter) = letters.next() {
        if in_text {
            text.push(letter);
            in_text = is_escaped || letter != '"';
            is_escaped = letter == '\\' && !is_escaped;
            continue;
        }
        match letter {
            ' ' | '\t' | '\n' | '\r' => {}
            '{' | '[' => {
                text.push(letter);
                while letters.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = letters.next_if(|next| matches!(next, '}' | ']')) {
                    text.push(end);
                } else {
                    depth += 1;
                    break_line(&mut text, depth);
                }
            }
            '}' | ']' => {
                depth -= 1;
                break_line(&mut text, depth);
                text.push(letter);
            }
            ',' => {
                text.push(letter);
                break_line(&mut text, depth);
            }
            ':' => text.push_str(": "),
            _ => {
                in_text = letter == '"';
                text.push(letter);
            }
        }
    }
    Some(text)
}

fn break_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_a_line_and_stays_as_it_is() {
        let json =
            r#" {"b":1.0e5,"a" : [12345678901234567890123,{ },[ ]], "\"{[,:\\":"a,b: {\\" } "#;
        let lines = [
            "{",
            "  \"b\": 1.0e5,",
            "  \"a\": [",
            "    12345678901234567890123,",
            "    {},",
            "    []",
            "  ],",
            r#"  "\"{[,:\\": "a,b: {\\""#,
            "}",
        ];
        assert_eq!(indented(json).unwrap(), lines.join("\n"));
        assert_eq!(indented("null").unwrap(), "null");
    }

    #[test]
    fn what_is_no_json_is_not_touched() {
        for text in ["", "{", "a=1", "{} {}"] {
            assert_eq!(indented(text), None, "{text}");
        }
    }
}
