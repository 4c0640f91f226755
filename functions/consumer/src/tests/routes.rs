//! Which handler gets which event.

use crate::{
    handler::{Context, Event, Failure},
    router::{Router, Routes},
    testkit::{Table, event},
};

/// A router whose handlers fail with their own pattern.
fn router(patterns: &[&'static str]) -> Result<Router, Vec<String>> {
    let routes = patterns.iter().fold(Routes::new(), |routes, &pattern| {
        routes.on("s", pattern, move |_, _| async move {
            Err(Failure::retry(pattern))
        })
    });
    Router::new(routes, ())
}

async fn route(router: &Router, source: &str, event_type: &str) -> Option<String> {
    let handler = router.find(source, event_type)?;
    let failure = handler(event(source, event_type, ""), Table::default().context()).await;
    Some(failure.unwrap_err().to_string())
}

#[tokio::test]
async fn the_most_specific_route_is_taken_wherever_it_stands() {
    let mut patterns = ["*", "invoice.*", "invoice.paid", "invoice.paid.*", "inv*"];
    for _ in 0..patterns.len() {
        patterns.rotate_left(1);
        let router = router(&patterns).unwrap();
        for (event_type, expected) in [
            ("invoice.paid", "invoice.paid"),
            ("invoice.paid.late", "invoice.paid.*"),
            ("invoice.paidlate", "invoice.*"),
            ("invoice.created", "invoice.*"),
            ("invoice.", "invoice.*"),
            ("invoice", "inv*"),
            ("Invoice.paid", "*"),
            ("unknown", "*"),
            ("", "*"),
        ] {
            let taken = route(&router, "s", event_type).await;
            assert_eq!(taken.as_deref(), Some(expected), "{event_type}");
        }
    }
}

#[tokio::test]
async fn no_route_is_no_route() {
    let router = router(&["invoice.*"]).unwrap();
    for (source, event_type) in [
        ("s", "invoice"),
        ("s", "x.invoice.paid"),
        ("S", "invoice.paid"),
    ] {
        assert_eq!(
            route(&router, source, event_type).await,
            None,
            "{event_type}"
        );
    }
}

#[tokio::test]
async fn handlers_share_one_state() {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    async fn count(_: Event, _: Context, state: Arc<AtomicUsize>) -> Result<(), Failure> {
        state.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    let router = Router::new(
        Routes::new()
            .on_with("s", "a", count)
            .on_with("s", "b", count)
            .on("s", "*", async |_, _| Err(Failure::retry("another")))
            .on_with("s", "told", async |_, _, state: Arc<AtomicUsize>| {
                Err(Failure::retry(state.load(Ordering::Relaxed).to_string()))
            }),
        AtomicUsize::new(7),
    );
    let router = router.unwrap();
    for event_type in ["a", "b", "a"] {
        let handler = router.find("s", event_type).unwrap();
        let counted = handler(event("s", event_type, ""), Table::default().context()).await;
        assert_eq!(counted, Ok(()));
    }
    assert_eq!(route(&router, "s", "told").await.as_deref(), Some("10"));
}

#[test]
fn what_would_be_ambiguous_or_meaningless_is_refused_with_every_fault() {
    let faults = |patterns: &[&'static str]| router(patterns).err().unwrap_or_default().len();
    assert_eq!(faults(&["a", "b", "a*", "*"]), 0);
    assert_eq!(faults(&["a", "a"]), 1);
    assert_eq!(faults(&["a.*", "a.*"]), 1);
    assert_eq!(faults(&["*", "*", "*.paid", "a**", ""]), 4);
}
