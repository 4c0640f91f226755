//! Two sweeps at the same time.

use super::*;

#[tokio::test]
async fn two_sweeps_at_once_leave_nothing_out_and_send_each_event_two_tickets_at_most() {
    let world = world();
    world.state().door.take_turns = true;
    let ids: BTreeSet<String> = (0..250).map(|n| format!("{n:03}")).collect();
    for id in &ids {
        add(&world, id, 500);
    }
    tokio::join!(sweep(&world), sweep(&world));
    let sent = sent(&world);
    assert_eq!(sent.iter().cloned().collect::<BTreeSet<_>>(), ids);
    for id in &ids {
        let tickets = sent.iter().filter(|sent| *sent == id).count();
        assert!(tickets <= 2, "{id}: {tickets}");
    }
    assert_eq!(world.state().cursors["0#120"].at.key.id(), "249");
}
