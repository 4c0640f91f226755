//! The functions' log lines, as CloudWatch Logs keeps them.

use aws_types::SdkConfig;
use protocol::{fault::Fault, time::UnixMillis};
use serde::{Deserialize, Serialize};

use crate::{
    fault,
    service::{CLOUD_WATCH_LOGS, Service},
};

/// The functions that log.
pub const FUNCTIONS: [&str; 3] = ["ingest", "consumer", "sweeper"];

/// How many lines CloudWatch Logs hands over at once, at most.
const PAGE: usize = 10_000;

/// The logs of a stack's functions.
#[derive(Clone, Debug)]
pub struct Logs {
    service: Service,
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

/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Input<'a> {
    log_group_name: &'a str,
    start_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_pattern: Option<&'a str>,
    limit: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(default)]
    events: Vec<Event>,
    next_token: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Event {
    #[serde(rename = "eventId")]
    id: String,
    message: String,
    timestamp: i64,
}

impl Logs {
    pub(super) fn new(config: &SdkConfig, stack: &str) -> Self {
        Self {
            service: Service::new(&CLOUD_WATCH_LOGS, config),
            stack: stack.to_owned(),
        }
    }

    /// The lines of one function, the oldest first.
    pub async fn read(&self, function: &'static str, asked: Asked<'_>) -> Result<Lines, Fault> {
        let group = format!("/aws/lambda/{}/{function}", self.stack);
        let mut lines = Vec::new();
        let mut next = None;
        loop {
            let input = Input {
                log_group_name: &group,
                start_time: asked.since.0,
                end_time: asked.until.map(|until| until.0),
                filter_pattern: asked.pattern,
                limit: PAGE,
                next_token: next,
            };
            let page = self.service.json("FilterLogEvents", &input).await;
            let page: Page = page.map_err(|error| fault::of("reading the log", &error))?;
            next = page.next_token;
            // A stand-in may end there without a word.
            let is_full = page.events.len() >= PAGE;
            lines.extend(page.events.into_iter().map(|event| LogLine {
                at: UnixMillis(event.timestamp),
                function,
                id: event.id,
                text: event.message.trim_end().to_owned(),
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
