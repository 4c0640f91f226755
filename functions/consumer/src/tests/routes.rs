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

#[tokio::test]
async fn all_routes_that_fit_are_taken() {
    let router = router(&["*", "invoice.*", "invoice.paid", "inv*"]).unwrap();
    for (event_type, expected) in [
        (
            "invoice.paid",
            &["s:*", "s:inv*", "s:invoice.*", "s:invoice.paid"][..],
        ),
        ("invoice.", &["s:*", "s:inv*", "s:invoice.*"]),
        ("invoice", &["s:*", "s:inv*"]),
        ("Invoice.paid", &["s:*"]),
        ("", &["s:*"]),
    ] {
        assert_eq!(router.matching("s", event_type), expected, "{event_type}");
    }
    let handler = router.handler("s:inv*").unwrap();
    let failure = handler(event("s", "inv", ""), Table::default().context()).await;
    assert_eq!(failure, Err(Failure::retry("inv*")));
}

#[test]
fn no_route_is_no_route() {
    let router = router(&["invoice.*"]).unwrap();
    for (source, event_type) in [
        ("s", "invoice"),
        ("s", "x.invoice.paid"),
        ("S", "invoice.paid"),
    ] {
        assert!(
            router.matching(source, event_type).is_empty(),
            "{event_type}"
        );
    }
    assert!(router.handler("s:other").is_none());
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
            .on_with("s", "told", async |_, _, state: Arc<AtomicUsize>| {
                Err(Failure::retry(state.load(Ordering::Relaxed).to_string()))
            }),
        AtomicUsize::new(7),
    );
    let router = router.unwrap();
    for event_type in ["a", "b", "a"] {
        let handler = router.handler(&format!("s:{event_type}")).unwrap();
        let counted = handler(event("s", event_type, ""), Table::default().context()).await;
        assert_eq!(counted, Ok(()));
    }
    let told = router.handler("s:told").unwrap();
    let told = told(event("s", "told", ""), Table::default().context()).await;
    assert_eq!(told, Err(Failure::retry("10")));
}

#[test]
fn what_would_be_ambiguous_or_meaningless_is_refused_with_every_fault() {
    let faults = |patterns: &[&'static str]| router(patterns).err().unwrap_or_default().len();
    assert_eq!(faults(&["a", "b", "a*", "*"]), 0);
    assert_eq!(faults(&["a", "a"]), 1);
    assert_eq!(faults(&["a.*", "a.*"]), 1);
    assert_eq!(faults(&["*", "*", "*.paid", "a**", ""]), 4);
}
