//! The configurations: what the adversary may do in each, and how often.

use protocol::{
    decide::{consumer::Recording, limits::Limits},
    ledger::EventRecord,
    time::Millis,
};

use crate::{
    state::{
        CONSUMERS, Clocks, Ghost, INGESTS, LETTERS, Left, LegGhost, QUEUE, ROUTES, Tick, World,
    },
    step::{TICK, life_of, millis},
};

/// What is explored.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Its name in the report.
    pub name: &'static str,
    /// What the adversary may do.
    pub left: Left,
    /// How many tickets are worked on at once.
    pub consumers: u8,
    /// Processes that outlive their deadline and come back from the dead.
    pub zombies: bool,
    /// How many ticks a record counts.
    pub retention: Tick,
    /// DynamoDB deletes what has expired, at any moment.
    pub ttl: bool,
    /// A query of two items isn't one moment.
    pub torn: bool,
    /// The index may show an event late.
    pub late_index: bool,
    /// The functions' clocks may be one tick apart, in every combination.
    pub skew: bool,
    /// The body goes to the bucket.
    pub large: bool,
    /// How many rounds redeliveries open at once.
    pub reopens: u32,
    /// The routes at the beginning, one bit each.
    pub routes: u8,
    /// The first leg takes its process with it whenever it runs, and nothing else goes wrong with the second.
    pub poison: bool,
    /// Tickets of other events may be older than ours.
    pub backlog: bool,
    /// How many events a delivery carries; none: it is one itself.
    pub items: u8,
    /// An older receipt still deletes and hides a message that was delivered again, which SQS says it doesn't.
    pub stale_receipts: bool,
    /// The last tick at which the adversary acts.
    pub horizon: Tick,
    /// The ages at which the sweeper looks.
    pub ages: &'static [Tick],
}

/// How often a handler is tried in a round.
pub const TRIES: u32 = 2;

/// How many ticks a round may last. None but a held one lasts that long.
pub const AGE: Tick = 4;

/// No adversary at all.
pub const CALM: Config = Config {
    name: "calm",
    left: Left {
        deliveries: 2,
        crashes: 0,
        faults: 0,
        twice: 0,
        backstops: 0,
        losses: 0,
        redrives: 0,
        replays: 0,
        deploys: 0,
        reroutes: 0,
        holds: 0,
    },
    consumers: 2,
    zombies: false,
    retention: 60,
    ttl: false,
    torn: false,
    late_index: false,
    skew: false,
    large: false,
    reopens: Limits::REOPENS,
    routes: 1,
    poison: false,
    backlog: false,
    items: 0,
    stale_receipts: false,
    horizon: 2,
    ages: &[1, 2],
};

impl Config {
    /// The states to begin with.
    #[must_use]
    pub fn initial(&self) -> Vec<World> {
        let offsets: &[Tick] = if self.skew { &[-1, 0, 1] } else { &[0] };
        let mut worlds = Vec::new();
        for &ingest in offsets {
            for &sweeper in offsets {
                for &one in offsets {
                    for &other in offsets.iter().filter(|&&other| other >= one) {
                        worlds.push(self.world(Clocks {
                            ingest,
                            consumers: [one, other, other],
                            sweeper,
                        }));
                    }
                }
            }
        }
        worlds
    }

    const fn world(&self, clocks: Clocks) -> World {
        World {
            now: 0,
            clocks,
            event: None,
            work: None,
            bucket: false,
            indexed: false,
            configured: self.routes,
            asks: 0,
            queue: [None; QUEUE],
            letters: [None; LETTERS],
            ingests: [None; INGESTS],
            consumers: [None; CONSUMERS],
            sweep: None,
            passed: 0,
            left: self.left,
            ghost: Ghost {
                legs: [LegGhost {
                    done: None,
                    owed_run: false,
                    owed_epoch: 0,
                    epoch_served: 0,
                    opened_by: 0,
                    runs: 0,
                }; ROUTES],
                all_served: 0,
                body_sent: false,
            },
            full: false,
        }
    }

    /// An event as the decisions know it.
    #[must_use]
    pub fn recording(&self, life: Tick) -> Recording {
        let retention = u16::try_from(self.retention).unwrap_or(0);
        Recording {
            life: life_of(life),
            expires_at: EventRecord::expiry(millis(life), retention),
        }
    }

    /// Whether an event of this life no longer counts.
    #[must_use]
    pub fn is_expired(&self, life: Tick, now: Tick) -> bool {
        self.recording(life).expires_at <= millis(now).seconds()
    }

    /// The consumer's limits.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            tries: TRIES,
            backoff_base: TICK,
            backoff_max: TICK,
            age: if self.ages_matter() {
                Millis(TICK.0 * i64::from(AGE))
            } else {
                Millis::days(1_000_000)
            },
            reopens: self.reopens,
            // Before the next tick, and after this one.
            reopen_after: Limits::REOPEN_AFTER,
        }
    }

    /// Whether a round may last too long.
    #[must_use]
    pub const fn ages_matter(&self) -> bool {
        self.left.holds > 0 || self.left.reroutes > 0
    }

    /// When a ticket was sent, where anybody asks.
    #[must_use]
    pub const fn sent(&self, clock: Tick) -> Tick {
        if self.left.deploys > 0 || self.left.reroutes > 0 {
            clock
        } else {
            0
        }
    }

    /// Whether a ticket may still be destroyed: L1 asks that the queue works before the last look, which sends for
    /// whatever is unfinished. What is being worked on isn't lost.
    #[must_use]
    pub fn may_destroy(&self, world: &World) -> bool {
        if world.consumers.iter().any(Option::is_some) || world.sweep.is_some() {
            return false;
        }
        let Some(event) = world.event else {
            return true;
        };
        let last = self.ages.iter().max().copied().unwrap_or(0);
        let apart = if self.skew { 2 } else { 0 };
        world.now + apart <= event.life + last && world.passed & self.last_bit() == 0
    }

    /// The bit of the last age.
    #[must_use]
    pub const fn last_bit(&self) -> u8 {
        1 << (self.ages.len() - 1)
    }
}
