//! The log of what is no delivery, attempt or sweep: JSON, one object a line, on standard output.
//!
//! What a handler logs says of which event it is: the fields of the span around it stand in each of its lines. A line of this
//! crate that names a metric as [`COUNTS`] counts one of it for the stack.

use std::fmt;

use protocol::ports::Clock as _;
use serde_json::{Map, Value};
use tracing::{Event, Level, Metadata, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer as _,
    filter::{Targets, filter_fn},
    fmt::{
        FmtContext, FormatEvent, FormatFields, FormattedFields, MakeWriter,
        format::{JsonFields, Writer},
        time::{FormatTime as _, SystemTime},
    },
    layer::SubscriberExt as _,
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

use crate::{
    clock::SystemClock,
    metrics::{self, Metric},
};

/// The field by which a line of this crate says what it counts: a metric's name.
pub(crate) const COUNTS: &str = "counts";

/// The crates that may say more than `info`, and whose spans count.
const OURS: &[&str] = &["consumer", "ingest", "landfall_aws", "sweeper"];

/// Starts the log of a function of this stack. `filter` is what `RUST_LOG` says: a level, or levels of targets, as in
/// `warn,consumer=debug`. Absent or unreadable, it is `info`; a release has nothing finer.
pub fn init(filter: Option<&str>, stack: Option<&str>) {
    init_to(std::io::stdout, filter, stack);
    std::panic::set_hook(Box::new(|panic| {
        // What a panic says may quote what it stumbled over.
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}

/// Starts the log, written to there. A second call, as in tests, leaves the first one's log in place.
pub fn init_to<W>(writer: W, filter: Option<&str>, stack: Option<&str>)
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let _ = subscriber(writer, filter, stack).try_init();
}

fn subscriber<W>(
    writer: W,
    filter: Option<&str>,
    stack: Option<&str>,
) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = filter
        .filter(|filter| !filter.is_empty())
        .and_then(|filter| filter.parse().ok())
        .unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let lines = tracing_subscriber::fmt::layer()
        .fmt_fields(JsonFields::new())
        .event_format(Line {
            stack: stack.unwrap_or_default().to_owned(),
        })
        .with_writer(writer)
        .with_filter(filter)
        .with_filter(filter_fn(is_safe));
    tracing_subscriber::registry().with(lines)
}

/// One line: the event's fields, and those of the spans that it is in. Where two have one name the outer one's counts, so
/// that no handler speaks in another event's name.
struct Line {
    stack: String,
}

impl<S, F> FormatEvent<S, F> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    F: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, F>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut text = String::new();
        context.format_fields(Writer::new(&mut text), event)?;
        let mut line = fields(&text);
        for span in context.event_scope().into_iter().flatten() {
            if let Some(text) = span.extensions().get::<FormattedFields<F>>() {
                line.extend(fields(text));
            }
        }
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        let metadata = event.metadata();
        if is_of_this_crate(metadata)
            && let Some(metric) = line.remove(COUNTS).as_ref().and_then(named)
        {
            line.extend(metrics::counted(metric, &self.stack, SystemClock.now()));
        }
        line.insert("timestamp".into(), time.into());
        line.insert("level".into(), metadata.level().as_str().into());
        line.insert("target".into(), metadata.target().into());
        writeln!(writer, "{}", Value::Object(line))
    }
}

/// A handler's line counts nothing, whatever its fields are called.
fn is_of_this_crate(metadata: &Metadata<'_>) -> bool {
    metadata.target().split("::").next() == Some("landfall_aws")
}

/// The metric of this name.
fn named(name: &Value) -> Option<Metric> {
    let name = name.as_str()?;
    let mut all = Metric::ALL.iter().copied();
    all.find(|metric| metric.name() == name)
}

/// What the formatter of fields has written.
fn fields(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).unwrap_or_default()
}

/// The Lambda runtime and the SDK write whole requests into their logs below `info`: unverified
/// bodies and secrets among them. No filter may let that through, and no span of theirs, which may hold what a
/// stranger has written.
fn is_safe(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target().split("::").next();
    let is_ours = target.is_some_and(|name| OURS.contains(&name));
    is_ours || (metadata.is_event() && *metadata.level() <= Level::INFO)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::{
        io::Write,
        sync::{Arc, Mutex},
    };

    use tracing::{error, error_span, info, info_span};

    use super::*;

    /// Remembers what is written.
    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// What is logged by this, without the times.
    fn lines(filter: &str, log: impl FnOnce()) -> Vec<String> {
        let written = Memory::default();
        let memory = written.clone();
        tracing::subscriber::with_default(
            subscriber(move || memory.clone(), Some(filter), Some("landfall-test")),
            log,
        );
        let written = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        written
            .lines()
            .map(|line| {
                let mut line = fields(line);
                assert!(line.remove("timestamp").is_some());
                Value::Object(line).to_string()
            })
            .collect()
    }

    #[test]
    fn a_line_has_the_fields_of_the_spans_around_it_and_the_outer_ones_count() {
        let lines = lines("info", || {
            let _outer =
                error_span!(target: "consumer::run", "handler", event_id = "e", attempt = 2)
                    .entered();
            let _inner =
                info_span!(target: "consumer::handlers", "own", event_id = "x", part = 7).entered();
            info!(target: "consumer::handlers", event_id = "y", attempt = "z", paid = true, "booked");
        });
        assert_eq!(
            lines,
            [
                r#"{"attempt":2,"event_id":"e","level":"INFO","message":"booked","paid":true,"part":7,"target":"consumer::handlers"}"#
            ]
        );
    }

    #[test]
    fn a_span_of_the_runtime_is_not_told_and_neither_is_what_it_says_below_info() {
        let lines = lines("trace", || {
            let _span =
                error_span!(target: "lambda_runtime", "invoke", id = "a stranger's").entered();
            info!(target: "lambda_runtime", "told");
            tracing::debug!(target: "lambda_runtime", "body");
            tracing::debug!(target: "ingest", "ours");
        });
        assert_eq!(
            lines,
            [
                r#"{"level":"INFO","message":"told","target":"lambda_runtime"}"#,
                r#"{"level":"DEBUG","message":"ours","target":"ingest"}"#
            ]
        );
    }

    #[test]
    fn where_only_errors_are_logged_they_still_say_of_which_event() {
        let lines = lines("error", || {
            let _span = error_span!(target: "consumer::run", "handler", event_id = "e").entered();
            info!(target: "consumer", "no");
            error!(target: "consumer", "yes");
        });
        assert_eq!(
            lines,
            [r#"{"event_id":"e","level":"ERROR","message":"yes","target":"consumer"}"#]
        );
    }

    #[test]
    fn a_level_of_a_target_counts_more_than_that_of_all_and_what_is_no_level_is_info() {
        let said = |filter| {
            let lines = lines(filter, || {
                tracing::warn!(target: "ingest", "ingest warns");
                info!(target: "ingest", "ingest tells");
                tracing::debug!(target: "consumer", "consumer explains");
            });
            lines.len()
        };
        for (filter, lines) in [
            ("warn", 1),
            ("warn,consumer=debug", 2),
            ("consumer=debug", 1),
            ("debug", 3),
            ("", 2),
            ("consumer=much", 2),
        ] {
            assert_eq!(said(filter), lines, "{filter}");
        }
    }

    #[test]
    fn a_line_of_this_crate_counts_the_metric_that_it_names_and_a_handlers_does_not() {
        let counts = Metric::KeysUnreadable.name();
        let lines = lines("error", || {
            error!(target: "landfall_aws::secrets", counts, secret = "s", "unreadable");
            error!(target: "consumer::handlers", counts, "a handler's own");
            error!(target: "landfall_aws::secrets", counts = "no.such", "misspelt");
        });
        let [ours, theirs, misspelt] = lines.as_slice() else {
            panic!("{lines:?}")
        };
        let ours: Value = serde_json::from_str(ours).unwrap();
        let directive = &ours["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Metrics"][0]["Name"], counts);
        assert_eq!(directive["Dimensions"][0][0], "stack");
        assert_eq!(
            (&ours[counts], &ours["stack"]),
            (&1.into(), &"landfall-test".into())
        );
        assert_eq!(
            (&ours["message"], &ours["secret"]),
            (&"unreadable".into(), &"s".into())
        );
        for line in [theirs, misspelt] {
            assert!(!line.contains("CloudWatchMetrics"), "{line}");
        }
    }
}
