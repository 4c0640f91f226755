//! The configurations: what the adversary may do in each, and how often.

use super::Twins;
use crate::{
    config,
    configs::{self, ALL},
    state::{Left, Tick},
    step::Ran,
};

/// What is explored.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Its name in the report.
    pub name: &'static str,
    /// How many deliveries; each carries all the items.
    pub deliveries: usize,
    /// What an item's handler may come to. In a fair continuation it may come to anything.
    pub comes_to: &'static [Ran],
    /// Steps that concern nobody else are taken in every order too.
    pub in_every_order: bool,
    /// Whether every item is asked to end. Where no sweeper looks at them, those are whose delivery has succeeded.
    pub every_item_ends: bool,
    /// What may happen to a delivery.
    pub delivery: config::Config,
    /// What may happen to an item.
    pub item: config::Config,
}

/// An age that no item comes to.
const NEVER: &[Tick] = &[100];

/// No adversary; but a delivery's time may run out, and an item's handler fail.
pub const CALM: Config = Config::of("calm", config::CALM, 1, 1);

/// Crash × lost answer × double delivery.
pub const BASE: Config =
    Config::of("crash × lost answer × delivered twice", configs::BASE, 1, 1).holders(2);

/// Two items, whose handlers succeed.
pub const TWO_ITEMS: Config = Config {
    comes_to: &[Ran::Done],
    ..Config::of("two items: crash × lost answer", config::CALM, 1, 2).with(1, 1)
};

/// Two items, whose handlers succeed or give up.
pub const TWO_ITEMS_FAIL: Config =
    Config::of("two items that may fail: crash", config::CALM, 1, 2).with(1, 0);

/// Two items, and two holders of the delivery's claim.
pub const TWO_ITEMS_TWICE: Config = Config {
    comes_to: &[Ran::Done],
    ..Config::of("two items: delivered twice", config::CALM, 1, 2)
        .holders(2)
        .left(Left {
            deliveries: 1,
            twice: 1,
            ..config::CALM.left
        })
};

/// Two items that fail, one of which, or their delivery, is replayed.
pub const TWO_ITEMS_REPLAY: Config =
    Config::of("two items that may fail: replay", config::CALM, 1, 2).left(Left {
        deliveries: 1,
        replays: 1,
        ..config::CALM.left
    });

/// Two deliveries that carry the same item.
pub const TWO_DELIVERIES: Config =
    Config::of("two deliveries of one item: crash", config::CALM, 2, 1).with(1, 0);

/// The provider repeats the whole delivery.
pub const REPEATED: Config = Config::of(
    "the delivery repeated: crash × lost answer",
    config::CALM,
    1,
    1,
)
.with(1, 1)
.holders(2)
.times(2);

/// Leases lapse while their holders work on.
pub const ZOMBIES: Config =
    Config::of("leases end early, zombies", configs::ZOMBIES, 1, 1).holders(2);

/// A person redrives: a delivery, or an item.
pub const REDRIVE: Config = Config::of("redrive", configs::REDRIVE, 1, 1).until(2);

/// A person replays.
pub const REPLAY: Config = Config::of("replay", configs::REPLAY, 1, 1);

/// SQS moves tickets to the dead-letter queue.
pub const BACKSTOP: Config = Config::of("backstop", configs::BACKSTOP, 1, 1).until(2);

/// SQS loses tickets.
pub const LOSS: Config = Config::of("loss by retention", configs::LOSS, 1, 1).until(2);

/// The index shows events late.
pub const LATE_INDEX: Config = Config::of("late index", configs::LATE_INDEX, 1, 1);

/// The functions' clocks are apart.
pub const CLOCKS: Config = Config::of("clocks apart", configs::CLOCKS, 1, 1);

/// Bodies go to the bucket.
pub const LARGE: Config = Config::of("large bodies", configs::LARGE, 1, 1);

/// Everything at once, for the random search: one delivery of two items.
pub const ALL_ITEMS: Config = Config::everything("all together, two items of one delivery", 1, 2);

/// Everything at once, for the random search: two deliveries of one item.
pub const ALL_DELIVERIES: Config =
    Config::everything("all together, two deliveries of one item", 2, 1);

/// Those that are explored to the end.
pub const EXHAUSTIVE: [Config; 15] = [
    BASE,
    TWO_ITEMS,
    TWO_ITEMS_TWICE,
    TWO_ITEMS_FAIL,
    TWO_ITEMS_REPLAY,
    TWO_DELIVERIES,
    REPEATED,
    ZOMBIES,
    REDRIVE,
    REPLAY,
    BACKSTOP,
    LOSS,
    LATE_INDEX,
    CLOCKS,
    LARGE,
];

impl Config {
    /// One consumer for each; the adversary acts at two moments, a tick apart.
    const fn of(name: &'static str, config: config::Config, deliveries: usize, items: u8) -> Self {
        let config = config::Config {
            consumers: 1,
            horizon: 1,
            items: 0,
            ..config
        };
        Self {
            name,
            deliveries,
            comes_to: &[Ran::Done, Ran::Permanent],
            in_every_order: false,
            every_item_ends: true,
            delivery: config::Config { items, ..config },
            item: config,
        }
        .times(if deliveries == 2 { 2 } else { 1 })
    }

    const fn everything(name: &'static str, deliveries: usize, items: u8) -> Self {
        let config = config::Config {
            // What has expired is treated like what is deleted, but for its work.
            ttl: false,
            // The route by which a delivery is taken apart is the protocol's own.
            routes: 1,
            left: Left {
                reroutes: 0,
                ..ALL.left
            },
            ..ALL
        };
        Self {
            comes_to: &[Ran::Done, Ran::Retry, Ran::Permanent],
            delivery: config::Config { items, ..config },
            item: config,
            ..Self::of(name, config, deliveries, items)
        }
    }

    /// So many attempts to deliver.
    const fn times(self, deliveries: u8) -> Self {
        self.left(Left {
            deliveries,
            ..self.delivery.left
        })
    }

    /// The adversary acts until then.
    #[must_use]
    pub const fn until(mut self, horizon: Tick) -> Self {
        self.delivery.horizon = horizon;
        self.item.horizon = horizon;
        self
    }

    /// So many consumers at once for a delivery.
    const fn holders(mut self, consumers: u8) -> Self {
        self.delivery.consumers = consumers;
        self
    }

    const fn left(mut self, left: Left) -> Self {
        self.delivery.left = left;
        self.item.left = left;
        self
    }

    /// So many crashes and faults.
    #[must_use]
    pub const fn with(self, crashes: u8, faults: u8) -> Self {
        self.left(Left {
            crashes,
            faults,
            ..self.delivery.left
        })
    }

    /// No sweeper looks at the items.
    #[must_use]
    pub const fn without_sweeper_for_items(mut self) -> Self {
        self.every_item_ends = false;
        self.item.ages = NEVER;
        self
    }

    /// The bodies of items are not stored before them.
    #[must_use]
    pub const fn with_late_bodies(mut self) -> Self {
        self.delivery.large = false;
        self
    }

    /// Whether there are steps that concern nobody else: not where time passes meanwhile or an event expires under a
    /// reader's hands, nor where what may be destroyed depends on the cursor.
    #[must_use]
    pub const fn has_order_free_steps(&self) -> bool {
        let config::Config {
            zombies,
            retention,
            horizon,
            left,
            ..
        } = self.delivery;
        let destroys = left.losses > 0 || left.backstops > 0;
        !(self.in_every_order || zombies || retention <= horizon || destroys)
    }

    /// Which of them are interchangeable.
    #[must_use]
    pub const fn twins(&self) -> Twins {
        match (self.deliveries, self.delivery.items) {
            (1, 2) => Twins::Items,
            (2, 1) => Twins::Deliveries,
            _ => Twins::None,
        }
    }

    /// What may happen to this one of the deliveries and items.
    #[must_use]
    pub const fn of_member(&self, member: usize) -> &config::Config {
        if member < self.deliveries {
            &self.delivery
        } else {
            &self.item
        }
    }
}
