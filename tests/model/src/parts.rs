//! The parts of a state: a `work` item and its legs, tickets, and who works on them.

use protocol::{
    ledger::{LegState, State as Status},
    ticket::Why,
};

use crate::{
    state::{Split, Tick},
    step::Ran,
};

/// The routes that a configuration may have.
pub const ROUTES: usize = 2;

/// The bit of a configuration that has lost the source.
pub const GONE: u8 = 0x80;

/// The bit of a letter about the event as a whole.
pub const WHOLE: u8 = 0x80;

/// The bit of the ticket that asks for what can't be done.
pub const TICKET: u8 = 0x40;

/// The `work` item.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Item {
    /// The event's `received_at`.
    pub life: Tick,
    /// Its state.
    pub state: Status,
    /// Claims in this life.
    pub attempt: u8,
    /// Lease end, or not-before.
    pub until: Tick,
    /// Its legs.
    pub legs: [Option<LegItem>; ROUTES],
    /// The number of the last replay of all legs.
    pub all: u8,
}

/// A leg.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LegItem {
    /// Its state.
    pub state: LegState,
    /// Runs in this round.
    pub tries: u8,
    /// Lease end, or not-before.
    pub until: Tick,
    /// When the round began.
    pub since: Tick,
    /// Replays.
    pub epoch: u8,
    /// Rounds that redeliveries opened.
    pub reopens: u8,
    /// What opened the last rounds, the youngest last; 0: nothing.
    pub by: [u8; 6],
    /// Its last holder never came back.
    pub lapsed: bool,
}

/// A ticket in the queue.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Message {
    /// What it says.
    pub letter: Letter,
    /// Until when it is hidden, or [`VISIBLE`](crate::state::VISIBLE).
    pub hidden: Tick,
    /// Whether it has never been seen yet.
    pub delayed: bool,
}

/// A ticket's content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Letter {
    /// The event's `received_at`.
    pub life: Tick,
    /// Why it was sent.
    pub why: Why,
    /// The route that it is about, counted from 1; 0: all.
    pub route: u8,
    /// Zero, or that of a replay.
    pub epoch: u8,
    /// What its ask, or its message, is known by; 0: it doesn't matter.
    pub ask: u8,
    /// When it was sent, where that matters.
    pub sent: Tick,
}

/// One record of one invocation of the consumer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Visit {
    /// Its next effect.
    pub at: ConsumerAt,
    /// The message's place in the queue; `None` once it is gone from there, or its receipt no longer counts.
    pub message: Option<u8>,
    /// The ticket.
    pub letter: Letter,
    /// When a claim made by it lapses, by its own clock.
    pub lease_end: Tick,
    /// The configuration that it began with, as in [`World`](crate::state::World).
    pub configured: u8,
    /// The claim, once there is one.
    pub claim: Option<Claimed>,
    /// Ghost: what became of the claim.
    pub held: Held,
    /// Ghost: the legs that this claim allows to run once, one bit each.
    pub permit: u8,
    /// Ghost: the legs whose letters were put into the dead-letter queue.
    pub buried: u8,
}

/// A claim and what its holder does with it; as [`protocol::decide::consumer::Claim`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Claimed {
    /// What is written.
    pub work: Item,
    /// The legs to run, one bit each.
    pub run: u8,
    /// The legs to give up, one bit each, or [`WHOLE`].
    pub give_up: u8,
    /// Whether the ticket itself is to be put into the dead-letter queue.
    pub bury: bool,
    /// What the runs came to.
    pub ran: [Option<Ran>; ROUTES],
}

/// Ghost: what became of a claim, whatever its holder believes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Held {
    /// It never took effect.
    Never,
    /// It is the last one.
    Mine,
    /// It was taken over.
    Lost,
}

/// The consumer's next effect.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ConsumerAt {
    /// Read both items.
    Read,
    /// Read the work, the event having been read (where a query isn't one moment).
    ReadWork(Option<Tick>),
    /// Put the ticket into the dead-letter queue without a claim, then delete it.
    Bury,
    /// Hide the ticket until then (its own clock), then report it as failed.
    Hide(Tick),
    /// Send this for then (its own clock), then delete the ticket.
    Send(Letter, Tick),
    /// Delete the ticket.
    Delete,
    /// Write the claim if the work is as it was read.
    Claim {
        /// As it was read.
        as_read: Option<Item>,
    },
    /// Run the legs.
    Run,
    /// Take the delivery apart: see [`crate::bundle`].
    Split(Split),
    /// Put these letters into the dead-letter queue, then write this.
    BuryHeld(u8, Item),
    /// Write this.
    Write(Item),
    /// The finish's condition was false: look whether it is written all the same.
    Check(Item),
    /// A mutant's: delete, then write this.
    DeleteThenWrite(Item),
    /// A mutant's: the state is written already; put the letters into the dead-letter queue, then delete the ticket.
    BuryLast(u8),
    /// A mutant's: delete the ticket, then send this for then.
    DeleteThenSend(Letter, Tick),
    /// A mutant's: the ticket is deleted; send this for then.
    SendLast(Letter, Tick),
}

impl Letter {
    /// A ticket of an event of this life, with nothing special about it.
    #[must_use]
    pub const fn of(life: Tick, why: Why) -> Self {
        Self {
            life,
            why,
            route: 0,
            epoch: 0,
            ask: 0,
            sent: 0,
        }
    }

    /// Whether it is about this leg.
    #[must_use]
    pub fn names(&self, leg: usize) -> bool {
        self.route == 0 || usize::from(self.route) == leg + 1
    }

    /// The same, where what asks nothing is told apart no further.
    #[must_use]
    pub const fn plain(self) -> Self {
        let why = match self.why {
            Why::Again | Why::Sweep => Why::New,
            why => why,
        };
        Self { why, ..self }
    }

    /// The same in the dead-letter queue.
    #[must_use]
    pub const fn buried(self) -> Self {
        let why = match self.why {
            Why::Replay => Why::Replay,
            _ => Why::Redrive,
        };
        Self {
            why,
            ask: 0,
            ..self
        }
    }
}

impl Item {
    /// Whether a leg failed, or the whole event.
    #[must_use]
    pub fn has_failed(&self, leg: usize) -> bool {
        match self.legs[leg] {
            Some(leg) => leg.state == LegState::Failed,
            None => self.state == Status::Failed && self.legs == [None; ROUTES],
        }
    }

    /// Whether nothing is left to be done.
    #[must_use]
    pub const fn is_finished(&self) -> bool {
        matches!(self.state, Status::Succeeded | Status::Failed)
    }
}

/// The bit of a leg.
#[must_use]
pub const fn bit(leg: usize) -> u8 {
    1 << leg
}
