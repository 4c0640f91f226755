//! The functions' log lines, as CloudWatch Logs keeps them.

use aws_sdk_cloudwatchlogs::Client;
use aws_types::SdkConfig;
use protocol::{fault::Fault, time::UnixMillis};

use crate::fault;

/// The functions that log.
pub const FUNCTIONS: [&str; 3] = ["ingest", "consumer", "sweeper"];

/// How many lines CloudWatch Logs hands over at once, at most.
const PAGE: i32 = 10_000;

/// The logs of a stack's functions.
#[derive(Clone, Debug)]
pub struct Logs {
    client: Client,
    stack: String,
}

/// A line that a function wrote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogLine {
    /// When it was written.
    pub at: UnixMillis,
    /// By which function.
    pub function: &'static str,
    /// By which CloudWatch Logs knows it.
    pub id: String,
    /// What it says, without its line end.
    pub text: String,
}

/// Which lines are wanted: those that were written in this time.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// From then on.
    pub since: UnixMillis,
    /// Up to and with then; `None`: all there are.
    pub until: Option<UnixMillis>,
    /// Those of which this is so, in the language of CloudWatch Logs. A stand-in may hand over more.
    pub pattern: Option<&'a str>,
    /// No more than about so many of each function.
    pub most: usize,
}

/// Lines of one function, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// The lines.
    pub lines: Vec<LogLine>,
    /// Whether there may be more behind the last of them.
    pub stopped: bool,
}

impl Logs {
    pub(super) fn new(config: &SdkConfig, stack: &str) -> Self {
        Self {
            client: Client::new(config),
            stack: stack.to_owned(),
        }
    }

    /// The lines of one function, the oldest first.
    pub async fn read(&self, function: &'static str, asked: Asked<'_>) -> Result<Lines, Fault> {
        let mut lines = Vec::new();
        let mut next = None;
        loop {
            let page = self
                .client
                .filter_log_events()
                .log_group_name(format!("/aws/lambda/{}/{function}", self.stack))
                .start_time(asked.since.0)
                .set_end_time(asked.until.map(|until| until.0))
                .set_filter_pattern(asked.pattern.map(str::to_owned))
                .limit(PAGE)
                .set_next_token(next)
                .send()
                .await
                .map_err(|error| fault::of("reading the log", &error))?;
            next = page.next_token;
            let events = page.events.unwrap_or_default();
            // A stand-in may end there without a word.
            let is_full = events.len() >= PAGE.unsigned_abs() as usize;
            lines.extend(events.into_iter().map(|event| {
                let text = event.message.unwrap_or_default();
                LogLine {
                    at: UnixMillis(event.timestamp.unwrap_or_default()),
                    function,
                    id: event.event_id.unwrap_or_default(),
                    text: text.trim_end().to_owned(),
                }
            }));
            if next.is_none() || lines.len() >= asked.most {
                lines.sort();
                return Ok(Lines {
                    lines,
                    stopped: next.is_some() || is_full,
                });
            }
        }
    }
}
