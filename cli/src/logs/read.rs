//! The log lines of all functions, in one order.

use futures_util::future::try_join_all;
use landfall_aws::operator::{FUNCTIONS, Lines, LogLine, Logs, LogsAsked};
use protocol::{fault::Fault, time::UnixMillis};
use serde_json::Value;

/// Lines of all functions, the oldest first.
pub(crate) struct Read {
    pub(crate) lines: Vec<LogLine>,
    /// From when on there are more, if it was stopped.
    pub(crate) more: Option<UnixMillis>,
}

/// The lines of this time that fit this pattern, of each function about so many at most.
pub(crate) async fn read(
    logs: &Logs,
    since: UnixMillis,
    until: Option<UnixMillis>,
    pattern: Option<&str>,
    most: usize,
) -> Result<Read, Fault> {
    read_of(logs, &FUNCTIONS, since, until, pattern, most).await
}

/// The same of these functions alone, or of the operators.
pub(crate) async fn read_of(
    logs: &Logs,
    of: &[&'static str],
    since: UnixMillis,
    until: Option<UnixMillis>,
    pattern: Option<&str>,
    most: usize,
) -> Result<Read, Fault> {
    let asked = LogsAsked {
        since,
        until,
        pattern,
        most,
    };
    let each = of.iter().map(|function| logs.read(function, asked));
    Ok(merged(try_join_all(each).await?))
}

/// Where one function's lines were stopped, the others' behind that point are left out: what is shown has no gap.
fn merged(each: Vec<Lines>) -> Read {
    let ends = each.iter().filter(|of| of.stopped);
    let more = ends.filter_map(|of| Some(of.lines.last()?.at)).min();
    let mut lines: Vec<LogLine> = each.into_iter().flat_map(|of| of.lines).collect();
    lines.retain(|line| more.is_none_or(|more| line.at < more));
    lines.sort();
    Read { lines, more }
}

/// What a line says: JSON for those of ours, a text for those of Lambda.
pub(crate) fn parsed(line: &LogLine) -> Value {
    serde_json::from_str(&line.text).unwrap_or_else(|_| Value::from(line.text.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(function: &'static str, times: &[i64], stopped: bool) -> Lines {
        let line = |at: &i64| LogLine {
            at: UnixMillis(*at),
            function,
            id: at.to_string(),
            text: String::new(),
        };
        Lines {
            lines: times.iter().map(line).collect(),
            stopped,
        }
    }

    #[test]
    fn what_is_shown_of_several_functions_has_no_gap() {
        let all = merged(vec![
            lines("ingest", &[1, 4, 6], false),
            lines("consumer", &[2, 3], false),
        ]);
        let times = |read: &Read| read.lines.iter().map(|line| line.at.0).collect::<Vec<_>>();
        assert_eq!((times(&all), all.more), (vec![1, 2, 3, 4, 6], None));
        let stopped = merged(vec![
            lines("ingest", &[1, 4, 6], true),
            lines("consumer", &[2, 3, 7], false),
        ]);
        assert_eq!(times(&stopped), [1, 2, 3, 4]);
        assert_eq!(stopped.more, Some(UnixMillis(6)));
    }
}
