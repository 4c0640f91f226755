//! As many shards are swept as the index was ever given.

use super::*;

/// Has events written into so many shards from now on.
pub(super) fn spread(world: &Process, shards: u32) {
    let mut state = world.state();
    state.note_shards(shards);
    state.shards.now = shards;
}

#[tokio::test]
async fn what_a_larger_number_of_shards_has_left_behind_is_healed() {
    let world = world();
    spread(&world, 4);
    let ids: Vec<String> = (0..20).map(|id| format!("{id:02}")).collect();
    for id in &ids {
        add(&world, id, 500);
    }
    let swept = sweep_with(&world, |settings| settings.shards = 1).await;
    let mut sent = sent(&world);
    sent.sort();
    assert_eq!(sent, ids);
    assert_eq!(swept.total().found, 20);
    let cursors = world.state().cursors.clone();
    assert_eq!(
        cursors.keys().collect::<Vec<_>>(),
        ["0#120", "1#120", "2#120", "3#120"]
    );
}

/// A sweeper of an older deploy meets what the ingest of a newer one has written.
#[tokio::test]
async fn a_number_that_grows_counts_from_the_next_sweep_on() {
    let world = world();
    let one = |settings: &mut crate::Settings| settings.shards = 1;
    sweep_with(&world, one).await;
    assert_eq!(pages(&world), 3);
    spread(&world, 2);
    for id in ["1", "2", "3", "4"] {
        add(&world, id, 500);
    }
    assert_eq!(sweep_with(&world, one).await.total().found, 4);
}

#[tokio::test]
async fn where_the_number_can_not_be_read_those_are_swept_that_there_are_now() {
    let world = world();
    trouble(&world, "most_shards", NO_ANSWER);
    add(&world, "e", 500);
    let swept = sweep(&world).await;
    assert_eq!(swept.total().found, 1);
    let [fault] = swept.faults.as_slice() else {
        panic!("{:?}", swept.faults)
    };
    assert_eq!(fault.step, "most_shards");
}
