//! The log of what is no delivery, attempt or sweep: JSON, one object a line, on standard output.

use tracing::{Level, Metadata, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer as _, filter::filter_fn, layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

/// The crates that may say more than `info`.
const OURS: &[&str] = &[
    "catalogue",
    "consumer",
    "ingest",
    "landfall_aws",
    "sweeper",
    "webhook",
];

/// Starts the log. `filter` is what `RUST_LOG` says; absent or unreadable, it is `info`.
pub fn init(filter: Option<&str>) {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .parse_lossy(filter.unwrap_or_default());
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_filter(filter)
        .with_filter(filter_fn(is_safe));
    // A second call, as in tests, leaves the first one's log in place.
    let _ = tracing_subscriber::registry().with(lines).try_init();
    std::panic::set_hook(Box::new(|panic| {
        // What a panic says may quote what it stumbled over.
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}

/// The Lambda runtime and the SDK write whole requests into their logs below `info`: unverified
/// bodies and secrets among them. No filter may let that through.
fn is_safe(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::INFO
        || metadata
            .target()
            .split("::")
            .next()
            .is_some_and(|name| OURS.contains(&name))
}
