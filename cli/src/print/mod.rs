//! Writing to standard output and standard error: nothing else in this command does. What is hidden in a text is
//! made visible here, wherever it comes from. A reader that has gone away (`landfall … | head`) is no error.
#![allow(
    clippy::print_stderr,
    reason = "this is the one place that writes there"
)]

mod captured;
mod manner;
mod table;

use std::io::IsTerminal as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use protocol::covered::Covered;
use serde_json::{Value, json};

pub(crate) use self::{
    captured::{Notes, can_ask, captured, input},
    manner::{Manner, manner, set, time},
};

use crate::escape;

/// One line, or several.
pub(crate) fn line(text: &str) {
    captured::out(format!("{}\n", escape::lines(text)).as_bytes());
}

/// A text that has its line ends.
pub(crate) fn text(text: &str) {
    captured::out(escape::lines(text).as_bytes());
}

/// Bytes as they are: what is hidden in them stays so. Whoever asks for them has said that they want that.
pub(crate) fn bytes(bytes: &[u8]) {
    captured::out(bytes);
}

/// A JSON value on one line.
pub(crate) fn json(value: &Value) {
    let text = escape::json(&value.to_string());
    captured::out(format!("{text}\n").as_bytes());
}

/// What the person at the terminal should know beside the result: on standard error.
pub(crate) fn note(text: &str) {
    captured::note(&escape::lines(text));
}

/// What stands below all else as long as nothing else is to be said, on a terminal only; an empty text takes it away.
pub(crate) fn standing(text: &str) {
    if std::io::stderr().is_terminal() {
        eprint!("\r\u{1b}[2K{}", escape::value(text));
    }
}

/// A question to the person at the terminal, who answers on the same line.
pub(crate) fn ask(text: &str) {
    eprint!("landfall: {}", escape::lines(text));
}

/// What is wrong with a file, by itself on standard error: editors and build logs make links of such lines.
pub(crate) fn faults(text: &str) {
    captured::faults(&escape::lines(text));
}

/// What the arguments' parser has to say: errors and, on standard output, the help.
pub(crate) fn usage(error: &clap::Error) {
    let text = error.render().to_string();
    if error.use_stderr() {
        eprint!("{}", escape::lines(&text));
    } else {
        self::text(&text);
    }
}

/// A request, whose body may be any bytes.
pub(crate) fn request(method: &str, url: &str, headers: &[(String, String)], body: &[u8]) -> Value {
    let headers: Vec<[&str; 2]> = headers
        .iter()
        .map(|(name, value)| [name.as_str(), value.as_str()])
        .collect();
    json!({
        "method": method,
        "url": url,
        "headers": headers,
        "body": std::str::from_utf8(body).ok(),
        "body_base64": STANDARD.encode(body),
    })
}

/// Labels and their values, a line each. The values stand in one column, two blanks at least behind the label: a long
/// label moves its own value only. The value is the last on its line, so that a terminal may wrap it.
pub(crate) fn pairs(rows: &[(String, String)]) {
    for (row, (label, value)) in aligned(rows).iter().zip(rows) {
        // A state stands in a line of its own, or begins that of a leg.
        let word = value.split([',', ':']).next().unwrap_or_default();
        let is_state = label == "state" || label.starts_with("leg ");
        let end = row.len().saturating_sub(escape::value(value).len());
        match row.get(end..).and_then(|text| text.strip_prefix(word)) {
            Some(rest) if is_state && !word.is_empty() => {
                written(&format!(
                    "{}{}{rest}",
                    &row[..end],
                    manner::coloured(word, word)
                ));
            }
            _ => line(row),
        }
    }
}

/// The longest label by which the column of values is moved, in characters.
const WIDEST_LABEL: usize = 24;

fn aligned(rows: &[(String, String)]) -> Vec<String> {
    let rows: Vec<_> = (rows.iter())
        .map(|(label, value)| (escape::value(label), escape::value(value)))
        .collect();
    let widths = rows.iter().map(|(label, _)| label.chars().count());
    let width = widths
        .filter(|width| *width <= WIDEST_LABEL)
        .max()
        .unwrap_or(0);
    rows.iter()
        .map(|(label, value)| format!("{label:<width$}  {value}"))
        .collect()
}

/// Adds what of an event the signature covers: id, type, body, and each of these headers by its name.
pub(crate) fn covered<'h>(
    json: &mut Value,
    covered: &Covered,
    headers: impl Iterator<Item = &'h String>,
) {
    json["id_signed"] = covered.id().into();
    json["type_signed"] = covered.event_type().into();
    json["body_signed"] = covered.body().into();
    json["headers_signed"] = headers
        .map(|name| (name.clone(), covered.header(name)))
        .collect();
}

/// Begins a screen anew, where there is one.
pub(crate) fn clear() {
    if manner().width.is_some() {
        captured::out(b"\x1b[2J\x1b[H");
    }
}

/// A line in which nothing is hidden but our own colours.
fn written(line: &str) {
    captured::out(format!("{line}\n").as_bytes());
}

/// Columns under headings. On a terminal the last one ends where the terminal does.
pub(crate) fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) {
    let rows: Vec<Vec<String>> = (rows.iter())
        .map(|row| row.iter().map(|cell| escape::value(cell)).collect())
        .collect();
    for line in table::lines(&headings, &rows, manner().width) {
        written(&line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_never_touches_its_value_and_moves_only_its_own_where_it_is_long() {
        let row = |label: &str, value: &str| (label.to_owned(), value.to_owned());
        let rows = [
            row("state", "failed\nsource  forged"),
            row("header x-github-event", "push"),
            row("header x-a-name-that-is-longer-than-others", "\u{202e}x"),
        ];
        assert_eq!(
            aligned(&rows),
            [
                "state                  failed\\nsource  forged",
                "header x-github-event  push",
                "header x-a-name-that-is-longer-than-others  \\u{202e}x",
            ]
        );
        assert!(aligned(&[]).is_empty());
    }
}
