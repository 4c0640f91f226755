//! Secrets that are rotated, due, unreadable or not there.

use super::{recorded, unavailable};
use crate::testing::{FAILS, LATER_SECRET, Memory, Mode, SECRET, event, github, signed};

#[tokio::test]
async fn a_rotated_secret_is_found_at_the_first_delivery_that_needs_it() {
    let memory = Memory::new();
    memory.state().stored = vec![LATER_SECRET.into(), SECRET.into()];
    for (id, secret) in [("1", LATER_SECRET), ("2", SECRET), ("3", LATER_SECRET)] {
        let answer = memory.receive(&github(id, "{}", secret)).await;
        assert_eq!(answer, recorded("accepted", id));
    }
    let effects = memory.calls();
    assert_eq!(
        effects.iter().filter(|effect| **effect == "secret").count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn while_the_secret_can_not_be_read_nothing_is_called_forged() {
    for trouble in [FAILS, Mode::Hangs] {
        let memory = Memory::new();
        memory.trouble("secret", trouble);
        let answer = memory.receive(&github("1", "{}", LATER_SECRET)).await;
        assert_eq!(answer, (503, unavailable()));
        let note = memory.note();
        assert_eq!(note["outcome"], "unavailable");
        assert_eq!(note["deliveries.unavailable"], 1);
        // Nobody has proven that it is the provider's.
        assert!(note["deliveries.unrecorded"].is_null());
        let why = match trouble {
            FAILS => ("other", "secret: failed"),
            _ => (
                "timed_out",
                "reading the source's keys: they could not be read within a second",
            ),
        };
        assert_eq!(note["reason"], why.0);
        assert_eq!(note["error"], why.1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_is_due_runs_beside_the_write_and_holds_up_nothing_for_long() {
    let memory = Memory::new();
    memory.state().secret_is_due();
    memory.state().stored = vec![LATER_SECRET.into()];
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    assert_eq!(memory.calls(), ["put_event", "secret", "send"]);
    let held = memory.state().held.clone().unwrap();
    assert_eq!(held.secrets, [LATER_SECRET]);

    let memory = Memory::new();
    memory.state().secret_is_due();
    memory.trouble("secret", Mode::Hangs);
    let started = tokio::time::Instant::now();
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    assert_eq!(started.elapsed().as_millis(), 1_000);
}

#[tokio::test]
async fn a_source_without_a_secret_is_unavailable_never_refused() {
    let memory = Memory::new();
    let answer = memory.receive(&signed("unset", "{}", &[], SECRET)).await;
    assert_eq!(answer, (503, unavailable()));
    let note = memory.note();
    assert_eq!(note["deliveries.unavailable"], 1);
    assert_eq!(note["error"], "keys: the secret stack: it holds nothing");
    assert_eq!(memory.calls(), ["secret"], "read once more, and only once");
}
