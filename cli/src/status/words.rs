//! How a stack is, in words.

use protocol::time::UnixMillis;
use serde_json::{Map, Value};

use super::MOST;
use crate::{print, stats};

/// How a stack is, for a person.
pub(super) fn say(told: &Value) {
    let number = |value: &Value| value.as_u64().unwrap_or(0);
    let time = |value: &Value| value.as_i64().map(|at| print::time(UnixMillis(at)));
    let tickets = &told["tickets"];
    let row = |label: &str, value: String| (label.to_owned(), value);
    let rows = vec![
        row(
            "stack",
            format!(
                "{} ({}), at {}",
                told["stack"].as_str().unwrap_or_default(),
                told["environment"].as_str().unwrap_or_default(),
                time(&told["at"]).unwrap_or_default()
            ),
        ),
        row(
            "configuration",
            match told["runs_with_this_file"].as_bool() {
                Some(true) => "the file at hand".to_owned(),
                Some(false) => "another file: `landfall check --stack NAME` says more".to_owned(),
                None => "its sweeper has not said yet".to_owned(),
            },
        ),
        row("failed", trouble(&told["failed"])),
        row("late", trouble(&told["late"])),
        row("letters", number(&told["letters"]).to_string()),
        row(
            "tickets",
            format!(
                "{} waiting, {} in flight, {} delayed",
                number(&tickets["waiting"]),
                number(&tickets["in_flight"]),
                number(&tickets["delayed"])
            ),
        ),
        row("oldest ticket", oldest_ticket(&told["oldest_ticket"])),
        row("alarms", alarms(&told["alarms"])),
        row("answers", answers(&told["lately"]["answer_ms"])),
        row("this month", month(&told["month"])),
        row(
            "last sweep",
            time(&told["last_sweep"]).unwrap_or_else(|| "none within an hour".to_owned()),
        ),
    ];
    print::pairs(&rows);
    let routes = told["routes"].as_array().into_iter().flatten();
    let routes: Vec<_> = routes.map(way).collect();
    if !routes.is_empty() {
        print::line("");
        print::table(
            ["ROUTE", "TO", "DESTINATION", "RUNS OF THE LAST HOUR"],
            &routes,
        );
    }
    print::line("");
    stats::say(&told["lately"]);
}

/// How many events are in a trouble; no more than so many are counted.
pub(crate) fn trouble(count: &Value) -> String {
    match count.as_u64().unwrap_or(0) {
        most if most >= MOST as u64 => format!("{most} or more"),
        some => some.to_string(),
    }
}

/// A route in a line; a handler is no destination, and can't be closed.
fn way(of: &Value) -> [String; 4] {
    let text = |name: &str| of[name].as_str().unwrap_or("-").to_owned();
    [
        text("route"),
        text("to"),
        text("standing"),
        stats::in_words(&of["runs"]),
    ]
}

/// Why something can't be said.
fn unknown(told: &Value) -> Option<String> {
    let why = told["unknown"].as_str()?;
    Some(format!("unknown: {why}"))
}

/// Since when the queue's oldest ticket waits.
pub(crate) fn oldest_ticket(told: &Value) -> String {
    let since = |told: &Value| Some(print::time(UnixMillis(told.as_i64()?)));
    let told = unknown(told).or_else(|| since(told));
    told.unwrap_or_else(|| "none waits".to_owned())
}

/// Which alarms are on.
pub(crate) fn alarms(told: &Value) -> String {
    if let Some(unknown) = unknown(told) {
        return unknown;
    }
    let on = told["on"].as_array().into_iter().flatten();
    let on: Vec<&str> = on.filter_map(Value::as_str).collect();
    let all = told["states"].as_object().map_or(0, Map::len);
    if on.is_empty() {
        format!("none of {all} is on")
    } else {
        format!("{} of {all} on: {}", on.len(), on.join(", "))
    }
}

/// How fast deliveries were answered.
pub(crate) fn answers(of: &Value) -> String {
    match (of["p50"].as_i64(), of["p99"].as_i64()) {
        (Some(half), Some(most)) => {
            format!("half within {half} ms, 99 of 100 within {most} ms, of the last hour")
        }
        _ => "none in the last hour".to_owned(),
    }
}

/// What the month has cost so far.
pub(crate) fn month(told: &Value) -> String {
    if let Some(unknown) = unknown(told) {
        return unknown;
    }
    let number = |name: &str| told[name].as_f64().unwrap_or(0.0);
    format!(
        "about {:.2} USD for {} events, as `landfall cost` has it: an estimate",
        number("usd"),
        number("events")
    )
}

#[cfg(test)]
mod tests {
    use landfall_aws::operator::Alarm;
    use protocol::fault::{Fault, FaultKind};
    use serde_json::json;

    use super::*;
    use crate::status;

    #[test]
    fn alarms_that_are_on_are_named_and_what_may_not_be_asked_is_said() {
        let alarm = |name: &str, state: &str| Alarm {
            name: name.into(),
            state: state.into(),
            tells: Vec::new(),
            is_enabled: true,
        };
        let all = vec![
            alarm("DlqAlarm", "ALARM"),
            alarm("SweeperSilentAlarm", "OK"),
        ];
        assert_eq!(alarms(&status::alarms(Ok(all))), "1 of 2 on: DlqAlarm");
        let quiet = vec![alarm("DlqAlarm", "INSUFFICIENT_DATA")];
        assert_eq!(alarms(&status::alarms(Ok(quiet))), "none of 1 is on");
        let denied = Fault::new(FaultKind::Denied, "asking about the alarms", "no");
        assert_eq!(
            alarms(&status::alarms(Err(denied))),
            "unknown: asking about the alarms: no"
        );
    }

    #[test]
    fn a_route_is_told_with_where_it_leads_and_how_that_fares() {
        let of = json!({
            "route": "paid", "to": "billing", "standing": "open", "runs": {"held": 3, "succeeded": 20},
        });
        assert_eq!(
            way(&of),
            ["paid", "billing", "open", "3 held, 20 succeeded"]
        );
        let of = json!({"route": "drills", "to": "handler:drill", "standing": null, "runs": null});
        assert_eq!(way(&of), ["drills", "handler:drill", "-", "-"]);
    }

    #[test]
    fn answers_and_the_month_are_told_in_words() {
        let of = json!({"p50": 12, "p95": 40, "p99": 80, "max": 90});
        assert_eq!(
            answers(&of),
            "half within 12 ms, 99 of 100 within 80 ms, of the last hour"
        );
        assert_eq!(answers(&json!({"p50": null})), "none in the last hour");
        assert_eq!(
            month(&json!({"events": 1200.0, "usd": 0.456})),
            "about 0.46 USD for 1200 events, as `landfall cost` has it: an estimate"
        );
    }
}
