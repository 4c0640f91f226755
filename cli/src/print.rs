//! Writing to standard output. A reader that has gone away (`landfall … | head`) is no error.

use std::io::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

/// One line.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// A text that has its line ends.
pub(crate) fn text(text: &str) {
    let _ = write!(std::io::stdout().lock(), "{text}");
}

/// A JSON value on one line.
pub(crate) fn json(value: &Value) {
    line(&value.to_string());
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

/// Columns under headings, as wide as their widest cell.
pub(crate) fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
            .max(headings[column].len())
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let print = |cells: [&str; N]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        line(padded.join("  ").trim_end());
    };
    print(headings);
    for row in rows {
        print(row.each_ref().map(String::as_str));
    }
}

/// The text with control characters made visible, so that a stranger's event can't command the terminal.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            if c.is_control() {
                c.escape_default().collect::<Vec<_>>()
            } else {
                vec![c]
            }
        })
        .collect()
}
