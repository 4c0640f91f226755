//! Columns under headings. Where they are wider than the terminal, each row stands on several lines; nothing but its last
//! cell is cut.

use std::ops::Range;

use super::manner::coloured;

/// What stands between two columns, and before a row's further lines.
const GAP: &str = "  ";

/// The shortest that the last column is cut to before it gets a line of its own.
const SHORTEST: usize = 24;

/// The table's lines: columns as wide as their widest cell.
pub(super) fn lines(
    headings: &[&str],
    rows: &[Vec<String>],
    terminal: Option<usize>,
) -> Vec<String> {
    let count = |text: &str| text.chars().count();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| count(&row[column]));
        cells.max().unwrap_or(0).max(count(headings[column]))
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let folded = folded(&widths, terminal);
    let headings: Vec<&str> = headings.to_vec();
    let rows = rows
        .iter()
        .map(|row| row.iter().map(String::as_str).collect());
    let all = [headings].into_iter().chain(rows);
    all.flat_map(|row: Vec<&str>| {
        let line = |columns: &Range<usize>| line(&row, &widths, columns.clone(), terminal);
        folded.iter().map(line).collect::<Vec<_>>()
    })
    .collect()
}

/// Which columns stand on which of a row's lines.
fn folded(widths: &[usize], terminal: Option<usize>) -> Vec<Range<usize>> {
    let (mut all, mut from, mut taken) = (Vec::new(), 0, 0);
    for (column, width) in widths.iter().enumerate() {
        let is_last = column + 1 == widths.len();
        let least = if is_last {
            (*width).min(SHORTEST)
        } else {
            *width
        };
        let is_full = terminal.is_some_and(|terminal| taken + least > terminal);
        if is_full && column > from {
            all.push(from..column);
            (from, taken) = (column, GAP.len());
        }
        taken += width + GAP.len();
    }
    all.push(from..widths.len());
    all
}

/// One line of a row.
fn line(row: &[&str], widths: &[usize], columns: Range<usize>, terminal: Option<usize>) -> String {
    let indent = if columns.start == 0 { "" } else { GAP };
    let before: usize = (columns.clone().rev().skip(1))
        .map(|column| widths[column] + GAP.len())
        .sum();
    let room = terminal.map(|terminal| terminal.saturating_sub(indent.len() + before));
    let is_last = |column: usize| column + 1 == row.len();
    let cells = columns.map(|column| {
        let (cell, width) = (row[column], widths[column]);
        let padded = if is_last(column) {
            shortened(cell, room)
        } else {
            format!("{cell:<width$}")
        };
        coloured(cell, &padded)
    });
    let cells = cells.collect::<Vec<_>>().join(GAP);
    format!("{indent}{cells}").trim_end().to_owned()
}

/// A text in no more than so many characters. A few are never too many.
fn shortened(text: &str, room: Option<usize>) -> String {
    match room {
        Some(room) if room >= 8 && text.chars().count() > room => {
            text.chars().take(room - 1).chain(['…']).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(terminal: Option<usize>) -> Vec<String> {
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let rows = [
            row([
                "10:00",
                "stripe",
                "evt_0123456789",
                "it answered 503, and then nothing at all",
            ]),
            row(["10:01", "github", "1", "-"]),
        ];
        lines(&["AT", "SOURCE", "EVENT", "ERROR"], &rows, terminal)
    }

    #[test]
    fn a_table_that_is_wider_than_the_terminal_has_its_rows_on_several_lines() {
        assert_eq!(
            table(None),
            [
                "AT     SOURCE  EVENT           ERROR",
                "10:00  stripe  evt_0123456789  it answered 503, and then nothing at all",
                "10:01  github  1               -",
            ]
        );
        // The last cell ends where the terminal does.
        assert_eq!(
            table(Some(55))[1],
            "10:00  stripe  evt_0123456789  it answered 503, and th…"
        );
        assert_eq!(
            table(Some(30)),
            [
                "AT     SOURCE  EVENT",
                "  ERROR",
                "10:00  stripe  evt_0123456789",
                "  it answered 503, and then n…",
                "10:01  github  1",
                "  -",
            ]
        );
        for terminal in 10..80 {
            let id = |line: &String| line.contains("evt_0123456789");
            assert_eq!(
                table(Some(terminal)).iter().filter(|line| id(line)).count(),
                1
            );
        }
        for terminal in 24..80 {
            let widest = table(Some(terminal))
                .iter()
                .map(|line| line.chars().count())
                .max();
            assert!(
                widest.is_some_and(|widest| widest <= terminal),
                "{terminal}"
            );
        }
    }

    #[test]
    fn the_last_column_ends_where_the_terminal_does() {
        assert_eq!(shortened("it answered 503", Some(12)), "it answered…");
        assert_eq!(shortened("it answered 503", Some(15)), "it answered 503");
        assert_eq!(shortened("it answered 503", Some(3)), "it answered 503");
        assert_eq!(shortened("it answered 503", None), "it answered 503");
    }
}
