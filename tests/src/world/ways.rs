//! The ways through the functions, each with the world in which it is gone.

use protocol::{
    destination::Standing,
    fault::FaultKind,
    ledger::{EventRecord, Life},
    ticket::{Ticket, Why},
    time::Millis,
};
use support::world::{
    Mode, Plan,
    sqs::{MAX_RECEIVE_COUNT, VISIBILITY},
};
use webhook::endpoint::enrolment::Entry;

use super::{
    destinations::{event_out, transient},
    drive::{AGES, LIMITS, World},
    sender::{
        Fortune, SECRET, SOURCE, Sent, both, event, handover, large_event, list, named_event,
        no_list, question, signed,
    },
    sending::Sending,
};

/// When the first look at an event is due.
const OF_AGE: Millis = Millis::seconds(150);

/// Of three events in one delivery one fails at first, and one for ever.
const THREE: [(&str, Fortune); 3] = [
    ("a", Fortune::Fine),
    ("b", Fortune::Fails(1)),
    ("c", Fortune::Refused),
];

/// Of two events in one delivery one is given up at first.
const REPLAYED: [(&str, Fortune); 2] = [("a", Fortune::Fine), ("b", Fortune::FailsAtFirst(3))];

/// A way through the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A new event.
    New,
    /// One whose body goes to the bucket.
    NewLarge,
    /// The first delivery to a process that has no keys yet.
    ColdStart,
    /// A delivery beside which the secret is read again.
    SecretDue,
    /// A delivery that is signed with a secret from a moment ago.
    Rotated,
    /// A delivery that names the address of a key which is not known yet.
    NamedKey,
    /// A redelivery of an event whose ticket was never sent.
    DuplicateOfNoWork,
    /// A redelivery of an event that waits for its next try.
    DuplicateOfWaiting,
    /// A redelivery of an event that somebody works on.
    DuplicateOfProcessing,
    /// A redelivery of an event that is done.
    DuplicateOfSucceeded,
    /// A redelivery of an event that was given up.
    RedeliveryOfFailed,
    /// A delivery under the id of an event that has expired, and its work.
    SecondLife,
    /// A secret that is handed over while enrolment is open.
    HandOver,
    /// A ticket's plain way.
    Success,
    /// An event that asks whether its provider may send.
    Question,
    /// The same with a body from the bucket.
    SuccessLarge,
    /// A failure, and then a success.
    Retry,
    /// A handler that panics, and then succeeds.
    Panic,
    /// A handler that will never succeed.
    Permanent,
    /// A handler whose tries are over.
    Exhausted,
    /// A holder that never came back; its event runs alone.
    AfterCrash,
    /// Holders that never came back, and no tries left.
    GiveUp,
    /// A ticket's plain way, which whoever takes over finds less plain. Old receipts count, and whoever stands still
    /// comes back while the other waits for the next try.
    Overtaken,
    /// A ticket for an event that somebody works on.
    PutBack,
    /// A ticket for an event that is done.
    Dropped,
    /// A message that is no ticket.
    Malformed,
    /// A ticket for an event that isn't there.
    Absent,
    /// A redelivery of an event that failed a moment ago, and for the fourth time.
    ReopenedLater,
    /// A ticket for an event whose source isn't configured, or not yet.
    SourceUnknown,
    /// The same when its hour is over.
    SourceGone,
    /// A replay.
    Replay,
    /// A redrive of an event that was given up.
    Redrive,
    /// Both legs of an event succeed.
    BothFine,
    /// One leg succeeds, and the other when it is tried again.
    OneRetried,
    /// One leg succeeds, and the other is given up.
    OneRefused,
    /// A redelivery while one leg has failed and the other waits.
    OneReopened,
    /// A redrive of the leg that was given up.
    OneRedriven,
    /// Holders of both legs that never came back.
    BothLapsed,
    /// A replay of both.
    BothReplayed,
    /// A leg is given up while the other succeeds, and that is told.
    FailureTold,
    /// Holders that never came back, no tries left, and that is told.
    GivenUpTold,
    /// A destination opens, and that is told.
    OpeningTold,
    /// It closes, and that is told.
    ClosingTold,
    /// Good and bad neighbours in one batch.
    Batch,
    /// Two tickets of one event in one batch, side by side.
    Twins,
    /// A delivery of three events is taken apart.
    Split,
    /// The same with bodies from and to the bucket.
    SplitLarge,
    /// A delivery of three events of which an earlier holder wrote some before it died.
    SplitAgain,
    /// A delivery that carries an event of an earlier one, which was given up.
    SplitOverlap,
    /// A replay of a delivery of two events, one of which was given up.
    SplitReplay,
    /// A delivery of no events.
    SplitEmpty,
    /// A delivery that isn't what its source's deliveries are.
    SplitNot,
    /// The sweeper finds what came of a delivery that was given up while it was taken apart.
    SplitGivenUp,
    /// SQS itself moves a ticket to the dead-letter queue, and the sweeper sends another.
    Backstop,
    /// The sweeper finds an event whose ticket was never sent.
    NeverSent,
    /// The sweeper finds events whose tickets were lost.
    Lost,
    /// The sweeper finds a holder that never came back, nor its ticket.
    LostInHand,
    /// The sweeper looks for the last time.
    LastLook,
    /// The sweeper's cursor passes what is done.
    CursorMoves,
    /// The index shows an event after the cursor has passed its place.
    LateInTheIndex,
    /// A leg goes to a destination.
    Sent(Sending),
}

/// What sets a way going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// The provider sends.
    Delivery,
    /// The queue shows a ticket.
    Ticket,
    /// The sweeper looks.
    Sweep,
}

impl Way {
    /// What sets it going.
    pub(super) fn start(self) -> Start {
        match self {
            Self::New
            | Self::NewLarge
            | Self::ColdStart
            | Self::SecretDue
            | Self::Rotated
            | Self::NamedKey
            | Self::DuplicateOfNoWork
            | Self::DuplicateOfWaiting
            | Self::DuplicateOfProcessing
            | Self::DuplicateOfSucceeded
            | Self::RedeliveryOfFailed
            | Self::SecondLife
            | Self::OneReopened
            | Self::HandOver => Start::Delivery,
            Self::SplitGivenUp
            | Self::Backstop
            | Self::NeverSent
            | Self::Lost
            | Self::LostInHand
            | Self::LastLook
            | Self::CursorMoves
            | Self::LateInTheIndex => Start::Sweep,
            _ => Start::Ticket,
        }
    }

    /// The world in which it is gone, made ready for it.
    pub async fn prepare(self) -> World {
        let world = World::new(7).side_by_side(if self == Self::Twins { 10 } else { 1 });
        let world = match self {
            Self::Overtaken => world.still_for(Millis::seconds(361)),
            Self::SourceUnknown | Self::SourceGone => world.unconfigured(),
            Self::FailureTold | Self::GivenUpTold | Self::OpeningTold | Self::ClosingTold => {
                world.telling()
            }
            _ => world,
        };
        let e = self.event();
        self.prepare_delivery(&world, &e).await;
        self.prepare_ticket(&world, &e).await;
        self.prepare_sweep(&world, &e).await;
        world
    }

    /// What comes before a delivery.
    async fn prepare_delivery(self, world: &World, e: &Sent) {
        match self {
            Self::ColdStart => world.state().held = None,
            Self::SecretDue => world.state().secret_is_due(),
            Self::HandOver => {
                let mut state = world.state();
                let entry = Entry::opened(state.now());
                state.enrolments.insert(SOURCE.into(), entry);
            }
            Self::Rotated => world.state().stored.insert(0, "a newer one".into()),
            Self::DuplicateOfNoWork => world.deliver_unsent(e).await,
            Self::DuplicateOfWaiting | Self::DuplicateOfSucceeded | Self::Dropped => {
                world.deliver(e).await;
                world.consume().await;
                if self == Self::Dropped {
                    world.deliver_ticket_again(e);
                }
            }
            Self::DuplicateOfProcessing => world.deliver_and_die(e, 1).await,
            Self::OneReopened => {
                world.deliver(e).await;
                world.consume().await;
            }
            Self::RedeliveryOfFailed | Self::Redrive => {
                world.deliver(e).await;
                world.consume_times(3).await;
                if self == Self::Redrive {
                    world.redrive();
                }
            }
            Self::SecondLife => {
                world.deliver(e).await;
                world.consume().await;
                world.pass(Millis::days(31));
            }
            _ => {}
        }
    }

    /// What comes before a ticket is looked at.
    async fn prepare_ticket(self, world: &World, e: &Sent) {
        match self {
            Self::Exhausted => {
                world.deliver(e).await;
                world.consume_times(2).await;
                world.pass(Millis::seconds(1_000));
            }
            Self::AfterCrash | Self::BothLapsed => {
                world.deliver_and_die(e, 1).await;
                world.pass(VISIBILITY);
            }
            Self::GiveUp | Self::GivenUpTold => {
                world.deliver_and_die(e, 3).await;
                world.pass(VISIBILITY);
            }
            Self::PutBack => {
                world.deliver_and_die(e, 1).await;
                let mut state = world.state();
                let now = state.now();
                state.sqs.deliver_again(0, now);
            }
            Self::ReopenedLater => {
                for _ in 0..=LIMITS.reopens {
                    world.deliver(e).await;
                    world.consume_times(3).await;
                }
                world.deliver(e).await;
            }
            Self::SourceGone => {
                world.deliver(e).await;
                world.pass(Millis::seconds(3_600));
            }
            Self::Sent(sending) => sending.prepare(world, e).await,
            Self::Malformed => world.send_no_ticket(),
            Self::Absent => world.deliver_ticket_again(e),
            Self::Replay | Self::BothReplayed => {
                world.deliver(e).await;
                world.consume().await;
                world.replay(&e.key);
            }
            Self::OneRedriven => {
                world.deliver(e).await;
                world.consume().await;
                world.redrive();
            }
            Self::Batch => {
                world.deliver_neighbours().await;
                world.send_no_ticket();
            }
            Self::Twins => {
                world.deliver(e).await;
                world.deliver(e).await;
            }
            Self::SplitAgain => {
                world.deliver(e).await;
                world.plan(Plan::At("send", 1, Mode::KilledBefore));
                world.consume().await;
                world.heal();
                world.pass(VISIBILITY);
            }
            Self::SplitOverlap | Self::SplitReplay => {
                let first = list("first", &REPLAYED, 0);
                let before = if self == Self::SplitReplay { e } else { &first };
                world.deliver(before).await;
                world.consume_times(4).await;
                if self == Self::SplitReplay {
                    world.replay(&e.key);
                } else {
                    world.deliver(e).await;
                }
            }
            Self::OpeningTold | Self::ClosingTold => self.prepare_turn(world, e).await,
            Self::FailureTold
            | Self::Split
            | Self::SplitLarge
            | Self::SplitEmpty
            | Self::SplitNot
            | Self::SourceUnknown
            | Self::Success
            | Self::SuccessLarge
            | Self::Question
            | Self::BothFine
            | Self::OneRetried
            | Self::OneRefused
            | Self::Retry
            | Self::Panic
            | Self::Permanent => {
                world.deliver(e).await;
            }
            Self::Overtaken => {
                world.deliver(e).await;
                world.state().sqs.old_receipts_delete = true;
            }
            _ => {}
        }
    }

    /// What comes before a destination turns.
    async fn prepare_turn(self, world: &World, e: &Sent) {
        world.deliver(e).await;
        if self == Self::OpeningTold {
            world.falters(&transient());
            world.stands(Standing::Closed, Millis(0));
        } else {
            world.stands(Standing::Open, Millis(0));
        }
    }

    /// What comes before a sweep.
    async fn prepare_sweep(self, world: &World, e: &Sent) {
        match self {
            Self::NeverSent => {
                world.deliver_unsent(e).await;
                world.pass(OF_AGE);
            }
            Self::Backstop => {
                world.deliver(e).await;
                world.state().sqs.messages[0].receives = MAX_RECEIVE_COUNT;
            }
            Self::Lost => {
                world.deliver_neighbours().await;
                world.state().sqs.messages.clear();
                world.pass(OF_AGE);
            }
            Self::LastLook => {
                world.deliver_unsent(e).await;
                let mut age = Millis(0);
                for next in AGES {
                    world.pass(Millis(next.0 - age.0));
                    age = next;
                    if next != AGES[AGES.len() - 1] {
                        world.sweep().await;
                        world.state().sqs.messages.clear();
                    }
                }
            }
            Self::LostInHand => {
                world.deliver_and_die(e, 1).await;
                world.state().sqs.messages.clear();
                world.pass(Millis::seconds(1_000));
            }
            Self::SplitGivenUp => {
                world.deliver(e).await;
                for _ in 0..LIMITS.tries {
                    world.plan(Plan::At("send", 0, Mode::FailedBefore(FaultKind::Other)));
                    world.consume().await;
                    world.heal();
                    world.pass(Millis::seconds(60));
                }
            }
            Self::CursorMoves => {
                world.deliver(e).await;
                world.consume().await;
                world.pass(OF_AGE);
            }
            Self::LateInTheIndex => {
                world.deliver_unsent(e).await;
                world
                    .state()
                    .late
                    .insert(e.key.clone(), Millis::seconds(300));
                world.pass(Millis(1));
                world.deliver(&event("f", Fortune::Fine)).await;
                world.consume().await;
                world.pass(OF_AGE);
            }
            _ => {}
        }
    }

    /// The event that it is about.
    fn event(self) -> Sent {
        match self {
            Self::NewLarge | Self::SuccessLarge => large_event("e", Fortune::Fine),
            Self::HandOver => handover("b537207f20cbfa02357cf448134da559"),
            Self::Question => question("e"),
            Self::NamedKey => named_event("e"),
            Self::Rotated => signed("e", Fortune::Fine, "a newer one", 0),
            Self::DuplicateOfWaiting | Self::Retry => event("e", Fortune::Fails(1)),
            Self::BothFine | Self::BothReplayed | Self::BothLapsed => {
                both("e", Fortune::Fine, Fortune::Fine)
            }
            Self::OneRetried => both("e", Fortune::Fine, Fortune::Fails(1)),
            Self::FailureTold | Self::OneRefused | Self::OneRedriven => {
                both("e", Fortune::Refused, Fortune::Fine)
            }
            Self::OneReopened => both("e", Fortune::Refused, Fortune::Fails(1)),
            Self::OpeningTold | Self::ClosingTold => event_out("e", "plain", 7),
            Self::Panic => event("e", Fortune::Panics(1)),
            Self::RedeliveryOfFailed | Self::Redrive => event("e", Fortune::FailsAtFirst(3)),
            Self::ReopenedLater => event("e", Fortune::FailsAtFirst(12)),
            Self::Overtaken => event("e", Fortune::FailsIn(2)),
            Self::Permanent => event("e", Fortune::Refused),
            Self::Exhausted => event("e", Fortune::Fails(9)),
            Self::Split | Self::SplitAgain | Self::SplitGivenUp => list("e", &THREE, 0),
            Self::SplitLarge => list("e", &THREE, 2_000),
            Self::SplitOverlap => {
                let fortunes = [("b", Fortune::FailsAtFirst(3)), ("c", Fortune::Fine)];
                list("e", &fortunes, 0)
            }
            Self::SplitReplay => list("e", &REPLAYED, 0),
            Self::SplitEmpty => list("e", &[], 0),
            Self::SplitNot => no_list("e", Fortune::Fine),
            Self::Sent(sending) => sending.event(),
            _ => signed("e", Fortune::Fine, SECRET, 0),
        }
    }

    /// Goes it.
    pub async fn go(self, world: &World) {
        let e = self.event();
        match self {
            Self::Sent(sending) => sending.go(world).await,
            Self::SecondLife => {
                world.deliver(&e).await;
                world.consume().await;
            }
            Self::Retry | Self::Panic | Self::OneRetried => {
                world.consume().await;
                world.pass(Millis::seconds(400));
                world.consume().await;
            }
            Self::Backstop => {
                world.consume().await;
                world.pass(Millis::seconds(150));
                world.sweep().await;
            }
            _ => {
                match self.start() {
                    Start::Delivery => world.deliver(&e).await,
                    Start::Ticket => world.consume().await,
                    Start::Sweep => world.sweep().await,
                };
            }
        }
    }
}

impl World {
    /// Delivers an event whose ticket is never sent, and whose provider has heard nothing.
    async fn deliver_unsent(&self, sent: &Sent) {
        self.plan(Plan::At("send", 0, Mode::KilledBefore));
        let held = self.state().held.clone();
        self.deliver(sent).await;
        self.heal();
        // The next delivery meets another container.
        self.state().held = held;
    }

    /// Delivers an event whose handlers take the process with them, so often.
    async fn deliver_and_die(&self, sent: &Sent, times: usize) {
        self.deliver(sent).await;
        for time in 0..times {
            if time > 0 {
                self.pass(VISIBILITY);
            }
            self.plan(Plan::At("project", 0, Mode::KilledBefore));
            self.consume().await;
            self.heal();
        }
    }

    /// Consumes so often, each time when the ticket is due.
    async fn consume_times(&self, times: usize) {
        for _ in 0..times {
            self.pass(Millis::seconds(60));
            self.consume().await;
        }
    }

    /// Delivers the same three as events of their own, and a large one.
    async fn deliver_neighbours(&self) {
        for (id, fortune) in THREE {
            self.deliver(&event(id, fortune)).await;
        }
        self.deliver(&large_event("d", Fortune::Fine)).await;
    }

    fn send_no_ticket(&self) {
        let mut state = self.state();
        let now = state.now();
        state.sqs.send("what is this?".into(), now);
    }

    fn deliver_ticket_again(&self, sent: &Sent) {
        let mut state = self.state();
        let now = state.now();
        let life = state
            .events
            .get(&sent.key)
            .map_or(Life(now), EventRecord::life);
        let ticket = Ticket::new(sent.key.clone(), life, Why::New, now);
        state.sqs.send(ticket.encode(), now);
    }
}
