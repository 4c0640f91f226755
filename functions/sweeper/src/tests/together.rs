//! How many calls tickets take, and what follows where only some of them are sent.

use super::*;

fn overdue(world: &Process, count: usize) {
    for n in 0..count {
        add(world, &format!("{n:04}"), 500);
    }
}

#[tokio::test]
async fn tickets_are_sent_ten_in_a_call() {
    for (events, calls) in [(1, 1), (10, 1), (11, 2), (100, 10), (495, 50), (1_000, 100)] {
        let world = world();
        overdue(&world, events);
        let swept = sweep(&world).await;
        assert_eq!(swept.total().found, events as u64);
        assert_eq!(sent(&world).len(), events);
        let made = world.state().door.take_calls();
        let sends = made.into_iter().filter(|call| call.starts_with("send"));
        assert_eq!(sends.collect::<Vec<_>>(), vec!["send_together"; calls]);
    }
}

#[tokio::test]
async fn the_cursor_stays_before_the_first_ticket_that_was_not_taken() {
    // Wherever it stands in its call, and whatever becomes of the others.
    for refused in [
        vec![0],
        vec![9],
        vec![10],
        vec![11, 3],
        vec![19, 20],
        vec![24],
        (0..25).collect(),
    ] {
        let world = world();
        overdue(&world, 25);
        let ids = refused.iter().map(|n| format!("{n:04}"));
        world.state().sqs.refused.extend(ids);
        let first: u64 = *refused.iter().min().unwrap();

        let swept = sweep(&world).await;

        let total = swept.total();
        assert_eq!(
            (total.looked_at, total.found),
            (first, first),
            "{refused:?}"
        );
        assert_eq!(swept.faults[0].kind, FaultKind::Throttled);
        let at = world
            .state()
            .cursors
            .get("0#120")
            .map(|cursor| cursor.at.key.id().to_owned());
        assert_eq!(at, first.checked_sub(1).map(|last| format!("{last:04}")));

        // The next sweep begins with it, and in the end each has had a ticket.
        world.state().sqs.refused.clear();
        let mut ids = sent(&world);
        assert_eq!(sweep(&world).await.total().found, 25 - first);
        ids.extend(sent(&world));
        assert_eq!(ids.into_iter().collect::<BTreeSet<_>>().len(), 25);
    }
}
