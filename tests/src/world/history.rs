//! Long histories by chance: everybody does anything, and something happens to many of the effects.

use protocol::{outgoing::Refusal, time::Millis};
use support::world::{Plan, sqs::event_of};

use super::{
    destinations::{event_out, transient},
    drive::World,
    recover::Recovery,
    sender::{Fortune, Sent, event, large_event, list},
};

/// What a history came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What it broke.
    pub violations: Vec<String>,
    /// How everything stood in the end.
    pub summary: String,
    /// How many effects there were before the recovery.
    pub effects: usize,
    /// How many faults.
    pub faults: u32,
}

/// The most faults of one history.
const FAULTS: u32 = 8;

/// Lives through the history of this seed.
pub async fn live(seed: u64) -> Told {
    let world = World::new(seed);
    let both = ("h", Fortune::Fails(1));
    let events = [
        event("a", Fortune::Fine),
        event("b", Fortune::Fails(1)),
        event("c", Fortune::Refused),
        large_event("d", Fortune::FailsAtFirst(4)),
        event("e", Fortune::Panics(1)),
        list("p", &[both, ("f", Fortune::FailsAtFirst(4))], 2_000),
        list("q", &[("g", Fortune::Refused), both], 0),
        // None beside which a handler runs: it has a thread, and what it draws by chance would not follow from the seed.
        event_out("s", "plain", 1),
        event_out("t", "bounded", 1),
        event_out("v", "ordered", 1),
        event_out("w", "ordered", 2),
    ];
    world.state().sqs.old_receipts_delete = seed % 2 == 1;
    let one_in = 3 + world.state().chance.draw() % 12;
    world.plan(Plan::Random {
        one_in,
        left: FAULTS,
    });
    let steps = 10 + world.state().chance.below(30);
    for _ in 0..steps {
        step(&world, &events).await;
    }
    let effects = world.state().door.calls.len();
    let faults = world.state().door.happened;
    let provider = world.state().chance.below(2) == 0;
    world
        .recover(Recovery {
            provider,
            sweeper: true,
        })
        .await;
    let state = world.state();
    Told {
        violations: state.ghost.violations.clone(),
        summary: state.summary(),
        effects,
        faults,
    }
}

async fn step(world: &World, events: &[Sent]) {
    let (which, choice) = {
        let mut state = world.state();
        (state.chance.below(events.len()), state.chance.below(20))
    };
    let sent = &events[which];
    match choice {
        0..=4 => {
            world.deliver(sent).await;
        }
        5..=11 => {
            world.consume().await;
        }
        12 => {
            world.sweep().await;
        }
        13 => world.wake_all().await,
        14 => {
            let items = sent.items.iter().flatten().map(|(key, _)| key);
            let keys: Vec<_> = items.chain([&sent.key]).collect();
            let at = world.state().chance.below(keys.len());
            world.replay(keys[at]);
        }
        15 => world.redrive(),
        16 => deliver_again(world),
        17 => lose(world),
        18 => falter(world),
        _ => {
            let seconds = [1, 3, 12, 66, 130, 361, 900, 4_000];
            let at = world.state().chance.below(seconds.len());
            world.pass(Millis::seconds(seconds[at]));
        }
    }
}

/// Destinations fail, refuse, take what they refuse, or work again.
fn falter(world: &World) {
    let choice = world.state().chance.below(5);
    world.mend_destinations();
    match choice {
        0 => world.falters(&Refusal::permanent("gone")),
        1 => {
            world.falters(&transient());
            world.lie();
        }
        2 | 3 => world.falters(&transient()),
        _ => {}
    }
}

/// SQS delivers a message though it is hidden.
fn deliver_again(world: &World) {
    let mut state = world.state();
    let (now, many) = (state.now(), state.sqs.messages.len());
    let at = state.chance.below(many.max(1));
    state.sqs.deliver_again(at, now);
}

/// SQS loses a message. What it asked for is owed by nobody; that its event ends is.
fn lose(world: &World) {
    let mut state = world.state();
    let many = state.sqs.messages.len();
    if many == 0 {
        return;
    }
    let at = state.chance.below(many);
    let message = state.sqs.messages.remove(at);
    if let Some(key) = event_of(&message.body) {
        state.forgives(&key);
    }
}
