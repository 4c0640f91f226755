//! One state of the modelled world: the ledger's items of one event id, the queues, whoever is at work, and what
//! the properties remember of the past (the ghost).
//!
//! The functions' own local variables are here too: a crash forgets them, and nothing else.

use protocol::decide::split::Found;

use crate::fingerprint::digest;
pub use crate::parts::{
    Claimed, ConsumerAt, GONE, Held, Item, LegItem, Letter, Message, ROUTES, Visit,
};

/// The model's time: one tick is a day to the decisions, so that the two days by which `work` outlives `event` are
/// two ticks. No length but that one has a meaning of its own; what counts is what may come before what.
pub type Tick = i8;

/// A message that can be received now.
pub const VISIBLE: Tick = Tick::MIN;
/// Places in the queue.
pub const QUEUE: usize = 8;
/// Places in the dead-letter queue.
pub const LETTERS: usize = 12;
/// Invocations of ingest at once.
pub const INGESTS: usize = 2;
/// Invocations of the consumer at once, at most.
pub const CONSUMERS: usize = 3;
/// Events that one delivery carries, at most.
pub const ITEMS: usize = 2;

/// A state of the whole.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct World {
    /// The true time, which is that of DynamoDB and SQS.
    pub now: Tick,
    /// How far the functions' clocks are off.
    pub clocks: Clocks,
    /// The `event` item, expired or not.
    pub event: Option<Event>,
    /// The `work` item, expired or not.
    pub work: Option<Item>,
    /// Whether the bucket holds the body.
    pub bucket: bool,
    /// Whether the index shows the event.
    pub indexed: bool,
    /// The routes of the consumer's configuration, one bit each, and [`GONE`] where it has lost the source.
    pub configured: u8,
    /// How many asks were made: what the next one is known by.
    pub asks: u8,
    /// The queue.
    pub queue: [Option<Message>; QUEUE],
    /// The dead-letter queue.
    pub letters: [Option<Letter>; LETTERS],
    /// Deliveries being answered.
    pub ingests: [Option<Delivery>; INGESTS],
    /// Tickets being worked on.
    pub consumers: [Option<Visit>; CONSUMERS],
    /// The sweep under way.
    pub sweep: Option<Sweep>,
    /// One bit per age: the cursor has passed the event.
    pub passed: u8,
    /// What the adversary may still do.
    pub left: Left,
    /// What the properties remember.
    pub ghost: Ghost,
    /// More tickets than the model has places for: such a state is left out, and counted.
    pub full: bool,
}

/// What to add to the true time to have each function's clock.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Clocks {
    /// Ingest's.
    pub ingest: Tick,
    /// That of each concurrent invocation of the consumer.
    pub consumers: [Tick; CONSUMERS],
    /// The sweeper's.
    pub sweeper: Tick,
}

/// The `event` item.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Event {
    /// When it was received.
    pub life: Tick,
    /// Whether the body is in it, or was in the bucket when it was written.
    pub body: bool,
}

/// An invocation of ingest.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Delivery {
    /// Its next effect.
    pub at: IngestAt,
    /// Its clock when it began: the record's `received_at`.
    pub clock: Tick,
    /// Whether the item that stands in the ledger carries its delivery id.
    pub mine: bool,
    /// Ghost: it met a durable event.
    pub durable: bool,
    /// Ghost: the legs that had failed when it looked, one bit each.
    pub failed: u8,
}

/// Ingest's next effect.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum IngestAt {
    /// Store the body in the bucket.
    Body,
    /// Write the event.
    Put,
    /// Read the work of the event of this life.
    Read(Tick),
    /// Send a ticket, and answer.
    Send(Letter, Reply, Reply),
    /// A mutant's: write the event after the answer.
    PutAfterAnswer,
    /// A mutant's: store the body after the event, then send.
    BodyLate,
}

/// What the provider is told; as [`protocol::decide::ingest::Answer`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reply {
    /// 200.
    Accepted,
    /// 200.
    Duplicate,
    /// 200.
    Reopened,
    /// 503.
    Unavailable,
}

/// A delivery of several events that is being taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Split {
    /// The clock when it began: its items' `received_at`.
    pub clock: Tick,
    /// The next effect for each item; they are written side by side.
    pub items: [ItemAt; ITEMS],
}

/// The next effect for an item; as [`protocol::decide::split::Step`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ItemAt {
    /// Store its body in the bucket.
    Body,
    /// Write it.
    Put,
    /// Read the work of the item that stands there.
    Read {
        /// Its life.
        life: Tick,
        /// Why it stands there.
        found: Found,
    },
    /// Send a ticket.
    Send {
        /// This one.
        letter: Letter,
        /// Ghost: the work was failed when it was looked at, and who brings the item asks for a run.
        asks: bool,
    },
    /// A mutant's: store the body after the item, then send.
    BodyLate,
    /// None: it is dealt with, or there is no such item.
    Dealt,
}

/// A sweep that has looked at the event.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Sweep {
    /// Which of the ages.
    pub age: u8,
    /// Which life it saw.
    pub life: Tick,
    /// Whether a ticket is still to be sent; then the cursor is moved.
    pub send: bool,
}

/// What the adversary may still do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Left {
    /// Deliveries of the event.
    pub deliveries: u8,
    /// Processes killed.
    pub crashes: u8,
    /// Calls that fail, before or after their effect.
    pub faults: u8,
    /// Hidden tickets delivered once more.
    pub twice: u8,
    /// Tickets moved to the dead-letter queue by SQS.
    pub backstops: u8,
    /// Tickets lost by retention.
    pub losses: u8,
    /// Redrives.
    pub redrives: u8,
    /// Replays.
    pub replays: u8,
    /// Deploys that take the source away, or bring it back.
    pub deploys: u8,
    /// Deploys that take a route away, or bring it.
    pub reroutes: u8,
    /// Runs that are held.
    pub holds: u8,
}

/// What the properties remember.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Ghost {
    /// What they remember of each leg.
    pub legs: [LegGhost; ROUTES],
    /// The highest number of a replay of all legs that was served by a claim.
    pub all_served: u8,
    /// A mutant's: a ticket that carries the body was sent.
    pub body_sent: bool,
}

/// What the properties remember of a leg.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct LegGhost {
    /// The life in which it was marked succeeded, and not opened since.
    pub done: Option<Tick>,
    /// A run was asked for while it was failed or unfinished: a redrive, or a redelivery that was told 200.
    pub owed_run: bool,
    /// A replay was asked for, and no claim of this number was made yet; 0: none.
    pub owed_epoch: u8,
    /// The highest number of a replay that opened it.
    pub epoch_served: u8,
    /// The asks that opened a round of it: one bit each.
    pub opened_by: u16,
    /// How often it was run in its round and not held.
    pub runs: u8,
}

impl Ghost {
    /// Whether a run of any leg is owed.
    #[must_use]
    pub fn owes_a_run(&self) -> bool {
        self.legs.iter().any(|leg| leg.owed_run)
    }

    /// Nobody is owed a run any more.
    pub fn forgive_runs(&mut self) {
        for leg in &mut self.legs {
            leg.owed_run = false;
        }
    }

    /// Nobody is owed a replay any more.
    pub fn forgive_replays(&mut self) {
        for leg in &mut self.legs {
            leg.owed_epoch = 0;
        }
    }
}

impl World {
    /// Whether nobody is at work.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.sweep.is_none()
            && self.ingests.iter().all(Option::is_none)
            && self.consumers.iter().all(Option::is_none)
    }

    /// Puts a ticket into the queue.
    pub fn send(&mut self, letter: Letter) {
        self.send_for(letter, VISIBLE);
    }

    /// Puts a ticket into the queue, to be seen then.
    pub fn send_for(&mut self, letter: Letter, at: Tick) {
        let delayed = at > self.now;
        let hidden = if delayed { at } else { VISIBLE };
        let letter = letter.plain();
        match self.queue.iter_mut().find(|place| place.is_none()) {
            Some(place) => {
                *place = Some(Message {
                    letter,
                    hidden,
                    delayed,
                });
            }
            None => self.full = true,
        }
    }

    /// What the next ask is known by.
    pub fn ask(&mut self) -> u8 {
        self.asks += 1;
        self.asks
    }

    /// Whether the consumer's configuration has lost the source.
    #[must_use]
    pub const fn gone(&self) -> bool {
        self.configured & GONE != 0
    }

    /// Puts a ticket into the dead-letter queue.
    pub fn bury(&mut self, letter: Letter) {
        match self.letters.iter_mut().find(|place| place.is_none()) {
            Some(place) => *place = Some(letter),
            None => self.full = true,
        }
    }

    /// Takes a ticket out of the queue; whoever held it holds nothing.
    pub fn remove(&mut self, place: u8) {
        self.queue[usize::from(place)] = None;
        self.void_receipts(place);
    }

    /// Whoever received this message can no longer delete or hide it.
    pub fn void_receipts(&mut self, place: u8) {
        for visit in self.consumers.iter_mut().flatten() {
            if visit.message == Some(place) {
                visit.message = None;
            }
        }
    }

    /// The same state in the one form that its twins share: places in the queues, and processes with equal clocks,
    /// are interchangeable.
    pub fn normalise(&mut self) {
        self.letters
            .sort_unstable_by_key(|letter| letter.map_or((1, None), |l| (0, Some(l))));
        // Selection sort by content, then by who holds it; holders follow their message.
        let rank = |world: &Self, place: usize| {
            let holders = world
                .consumers
                .iter()
                .enumerate()
                .fold(0_u8, |bits, (i, visit)| {
                    let holds =
                        visit.is_some_and(|visit| visit.message.map(usize::from) == Some(place));
                    bits | (u8::from(holds) << i)
                });
            world.queue[place].map_or((1, None, 0), |message| (0, Some(message), holders))
        };
        self.ingests
            .sort_unstable_by_key(|delivery| delivery.map_or(u64::MAX, |d| digest(&d)));
        if self.clocks.consumers[0] == self.clocks.consumers[1]
            && self.clocks.consumers[1] == self.clocks.consumers[2]
        {
            let queue = self.queue;
            self.consumers.sort_unstable_by_key(|visit| {
                visit.map_or((u64::MAX, None), |mut visit| {
                    let message = visit
                        .message
                        .take()
                        .and_then(|place| queue[usize::from(place)]);
                    (digest(&visit), message)
                })
            });
        }
        for place in 0..QUEUE {
            let Some(least) = (place..QUEUE).min_by_key(|&other| rank(self, other)) else {
                continue;
            };
            if least != place && rank(self, least) < rank(self, place) {
                self.queue.swap(place, least);
                for visit in self.consumers.iter_mut().flatten() {
                    visit.message = visit.message.map(|held| match usize::from(held) {
                        held if held == place => u8::try_from(least).unwrap_or(0),
                        held if held == least => u8::try_from(place).unwrap_or(0),
                        _ => held,
                    });
                }
            }
        }
    }
}
