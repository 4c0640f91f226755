//! Charts as SVG, with a table of the same numbers beside each.

use maud::{Markup, html};

use super::page::table;

/// Numbers over time, by one name.
pub(super) struct Line {
    pub(super) name: &'static str,
    /// `None`: nothing was measured then.
    pub(super) values: Vec<Option<i64>>,
}

/// The size of the drawing, in its own units: the space of the numbers, and the margins for what is written beside it.
const WIDTH: i64 = 560;
const HEIGHT: i64 = 120;
const LEFT: i64 = 8;
const TOP: i64 = 16;

/// A chart of lines over these times. `id` is its own on the page.
pub(super) fn chart(id: &str, title: &str, unit: &str, times: &[String], lines: &[Line]) -> Markup {
    let values = || lines.iter().flat_map(|line| line.values.iter().flatten());
    let most = values().copied().max().unwrap_or(0);
    let names: Vec<&str> = lines.iter().map(|line| line.name).collect();
    let described = if values().next().is_none() {
        "Nothing was measured in this time.".to_owned()
    } else {
        format!("{}; at most {most} {unit}.", names.join(", "))
    };
    let (first, last) = (times.first(), times.last());
    let label = format!("{id}-title {id}-about");
    html! {
        figure.chart {
            figcaption {
                strong { (title) }
                @for (number, line) in lines.iter().enumerate() {
                    " " span.key {
                        svg viewBox="0 0 24 8" aria-hidden="true" {
                            line class=(format!("line-{number}")) x1="0" y1="4" x2="24" y2="4" {}
                        }
                        (line.name)
                    }
                }
            }
            svg viewBox=(format!("0 0 {} {}", WIDTH + 2 * LEFT, HEIGHT + TOP + 24)) role="img" aria-labelledby=(label) {
                title id=(format!("{id}-title")) { (title) }
                desc id=(format!("{id}-about")) { (described) }
                line.axis x1=(LEFT) y1=(TOP + HEIGHT) x2=(LEFT + WIDTH) y2=(TOP + HEIGHT) {}
                line.grid x1=(LEFT) y1=(TOP) x2=(LEFT + WIDTH) y2=(TOP) {}
                text x=(LEFT) y=(TOP - 4) { (most) " " (unit) }
                @for (time, x, anchor) in [(first, LEFT, "start"), (last, LEFT + WIDTH, "end")] {
                    @if let Some(time) = time {
                        text x=(x) y=(TOP + HEIGHT + 16) text-anchor=(anchor) { (time) }
                    }
                }
                @for (number, line) in lines.iter().enumerate() {
                    @for part in parts(&line.values, most) {
                        @if part.len() == 1 {
                            circle class=(format!("line-{number}")) cx=(part[0].0) cy=(part[0].1) r="3" {}
                        } @else {
                            polyline class=(format!("line-{number}")) points=(points(&part)) {}
                        }
                    }
                }
            }
            details {
                summary { (title) " as a table" }
                (numbers(title, unit, times, lines))
            }
        }
    }
}

fn numbers(title: &str, unit: &str, times: &[String], lines: &[Line]) -> Markup {
    let mut headings = vec!["from"];
    headings.extend(lines.iter().map(|line| line.name));
    let rows = times.iter().enumerate().map(|(at, time)| {
        let mut row = vec![html! { (time) }];
        row.extend(lines.iter().map(|line| {
            let value = line.values.get(at).copied().flatten();
            html! { (value.map_or_else(|| "-".to_owned(), |value| value.to_string())) }
        }));
        row
    });
    let caption = format!("{title} ({unit})");
    table(&caption, &headings, &rows.collect::<Vec<_>>())
}

/// Where each value stands, as lines without a gap.
fn parts(values: &[Option<i64>], most: i64) -> Vec<Vec<(i64, i64)>> {
    let steps = i64::try_from(values.len()).unwrap_or(1).max(2) - 1;
    let mut parts = vec![Vec::new()];
    for (at, value) in (0..).zip(values) {
        match value {
            Some(value) => {
                let x = LEFT + WIDTH * at / steps;
                // i64's largest times the height would be no i64.
                let y = i128::from(HEIGHT) * i128::from(*value) / i128::from(most.max(1));
                let y = TOP + HEIGHT - i64::try_from(y).unwrap_or(HEIGHT);
                if let Some(part) = parts.last_mut() {
                    part.push((x, y));
                }
            }
            None => parts.push(Vec::new()),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn points(part: &[(i64, i64)]) -> String {
    let points = part.iter().map(|(x, y)| format!("{x},{y}"));
    points.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_is_a_gap_and_never_a_zero() {
        let values = [Some(0), Some(10), None, Some(5), None];
        assert_eq!(
            parts(&values, 10),
            [
                vec![(LEFT, TOP + HEIGHT), (LEFT + WIDTH / 4, TOP)],
                vec![(LEFT + WIDTH * 3 / 4, TOP + HEIGHT / 2)],
            ]
        );
        assert!(parts(&[None, None], 0).is_empty());
        // Nothing overflows.
        let largest = parts(&[Some(i64::MAX)], i64::MAX);
        assert_eq!(largest, [vec![(LEFT, TOP)]]);
    }

    #[test]
    fn a_chart_has_its_numbers_as_a_text_and_as_a_table() {
        let line = Line {
            name: "refused",
            values: vec![Some(3), None],
        };
        let times = ["10:00".to_owned(), "10:02".to_owned()];
        let html = chart("rates", "Deliveries", "a part", &times, &[line]).into_string();
        for text in [
            "refused; at most 3 a part.",
            "<td>3</td>",
            "<td>-</td>",
            "role=\"img\"",
        ] {
            assert!(html.contains(text), "{text}: {html}");
        }
        let empty = chart("rates", "Deliveries", "a part", &[], &[]).into_string();
        assert!(empty.contains("Nothing was measured"));
    }
}
