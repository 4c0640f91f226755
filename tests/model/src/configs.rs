//! The configurations by name.

use crate::{
    config::{CALM, Config},
    state::Left,
};

/// Crash × lost answer × double delivery.
pub const BASE: Config = Config {
    name: "crash × lost answer × delivered twice",
    left: Left {
        crashes: 1,
        faults: 1,
        twice: 1,
        ..CALM.left
    },
    ..CALM
};

/// SQS moves tickets to the dead-letter queue.
pub const BACKSTOP: Config = Config {
    name: "backstop",
    left: Left {
        backstops: 2,
        crashes: 1,
        ..CALM.left
    },
    horizon: 4,
    ages: &[1, 4],
    ..CALM
};

/// SQS loses tickets.
pub const LOSS: Config = Config {
    name: "loss by retention",
    left: Left {
        losses: 2,
        crashes: 1,
        ..CALM.left
    },
    horizon: 4,
    ages: &[1, 4],
    ..CALM
};

/// Leases lapse while their holders work on.
pub const ZOMBIES: Config = Config {
    name: "leases end early, zombies",
    left: Left {
        crashes: 1,
        twice: 1,
        ..CALM.left
    },
    zombies: true,
    ..CALM
};

/// Expiry in the middle, a second life, DynamoDB's deletions.
pub const EXPIRY: Config = Config {
    name: "expiry, second life",
    zombies: true,
    retention: 1,
    ttl: true,
    horizon: 3,
    ages: &[1],
    ..CALM
};

/// A query that isn't one moment, across two lives.
pub const TORN: Config = Config {
    name: "query of two moments, second life",
    torn: true,
    ..EXPIRY
};

/// A person redrives.
pub const REDRIVE: Config = Config {
    name: "redrive",
    left: Left {
        redrives: 2,
        crashes: 1,
        ..CALM.left
    },
    ..CALM
};

/// A person replays.
pub const REPLAY: Config = Config {
    name: "replay",
    left: Left {
        replays: 2,
        crashes: 1,
        ..CALM.left
    },
    ..CALM
};

/// Redeliveries of a failed event, of which the first opens a round at once and the others wait.
pub const REOPEN: Config = Config {
    name: "redeliveries of a failed event",
    left: Left {
        deliveries: 3,
        crashes: 1,
        ..CALM.left
    },
    consumers: 1,
    reopens: 1,
    horizon: 3,
    ..CALM
};

/// Deploys take the source away and bring it back.
pub const DEPLOYS: Config = Config {
    name: "source taken away",
    left: Left {
        deploys: 2,
        redrives: 1,
        crashes: 1,
        ..CALM.left
    },
    ..CALM
};

/// The index shows the event late.
pub const LATE_INDEX: Config = Config {
    name: "late index",
    left: Left {
        crashes: 1,
        faults: 1,
        ..CALM.left
    },
    late_index: true,
    ..CALM
};

/// The functions' clocks are apart.
pub const CLOCKS: Config = Config {
    name: "clocks apart",
    left: Left {
        deliveries: 1,
        crashes: 1,
        ..CALM.left
    },
    skew: true,
    ..CALM
};

/// The body goes to the bucket.
pub const LARGE: Config = Config {
    name: "large body",
    left: Left {
        crashes: 1,
        faults: 1,
        ..CALM.left
    },
    large: true,
    ..CALM
};

/// Two routes, a leg each.
pub const TWO_LEGS: Config = Config {
    name: "two legs: crash × delivered twice",
    left: Left {
        deliveries: 1,
        crashes: 1,
        twice: 1,
        ..CALM.left
    },
    routes: 3,
    ..CALM
};

/// Two legs, and calls that fail.
pub const TWO_LEGS_FAULTS: Config = Config {
    name: "two legs: lost answer",
    left: Left {
        deliveries: 1,
        faults: 1,
        ..CALM.left
    },
    ..TWO_LEGS
};

/// Two legs, and a person redrives.
pub const TWO_LEGS_REDRIVE: Config = Config {
    name: "two legs: redrive",
    left: Left {
        deliveries: 1,
        redrives: 1,
        ..CALM.left
    },
    consumers: 1,
    ..TWO_LEGS
};

/// Two legs, and a redrive that is delivered twice.
pub const TWO_LEGS_REDRIVE_TWICE: Config = Config {
    name: "two legs: redrive × delivered twice",
    left: Left {
        deliveries: 1,
        redrives: 1,
        twice: 1,
        ..CALM.left
    },
    ..TWO_LEGS
};

/// Two legs, and a person redrives what then crashes.
pub const TWO_LEGS_REDRIVE_CRASH: Config = Config {
    name: "two legs: redrive × crash",
    left: Left {
        deliveries: 1,
        redrives: 1,
        crashes: 1,
        ..CALM.left
    },
    ..TWO_LEGS
};

/// Two legs, and a person replays all or one.
pub const TWO_LEGS_REPLAY: Config = Config {
    name: "two legs: replay of one or all",
    left: Left {
        deliveries: 1,
        replays: 2,
        ..CALM.left
    },
    consumers: 1,
    ..TWO_LEGS
};

/// Two legs, and redeliveries while one has failed.
pub const TWO_LEGS_REOPEN: Config = Config {
    name: "two legs: redeliveries",
    left: Left {
        deliveries: 2,
        ..CALM.left
    },
    consumers: 1,
    reopens: 1,
    ..TWO_LEGS
};

/// Legs that are held.
pub const HELD: Config = Config {
    name: "two legs: held",
    left: Left {
        deliveries: 1,
        crashes: 1,
        holds: 2,
        ..CALM.left
    },
    consumers: 1,
    ..TWO_LEGS
};

/// Routes that are taken away and added.
pub const ROUTES_CHANGE: Config = Config {
    name: "routes taken away and added",
    left: Left {
        deliveries: 1,
        reroutes: 2,
        replays: 1,
        ..CALM.left
    },
    consumers: 1,
    routes: 1,
    ..CALM
};

/// A replay whose ticket comes twice, while routes are added.
pub const STALE_REPLAY: Config = Config {
    name: "a replay that comes again, and a route that is added",
    left: Left {
        deliveries: 1,
        reroutes: 1,
        replays: 1,
        crashes: 1,
        ..CALM.left
    },
    consumers: 1,
    routes: 1,
    horizon: 1,
    ages: &[1],
    ..CALM
};

/// A leg that takes its process with it, and a healthy one beside it.
pub const POISON: Config = Config {
    name: "a poisonous leg beside a healthy one",
    left: Left {
        deliveries: 1,
        twice: 1,
        ..CALM.left
    },
    routes: 3,
    poison: true,
    ..CALM
};

/// The queue's oldest ticket is older than the event.
pub const BACKLOG: Config = Config {
    name: "a backlog in the queue",
    left: Left {
        crashes: 1,
        losses: 1,
        ..CALM.left
    },
    backlog: true,
    ..CALM
};

/// Everything at once, for the random search.
pub const ALL: Config = Config {
    name: "all together",
    left: Left {
        deliveries: 4,
        crashes: 2,
        faults: 3,
        twice: 2,
        backstops: 1,
        losses: 1,
        redrives: 2,
        replays: 2,
        deploys: 1,
        reroutes: 2,
        holds: 2,
    },
    consumers: 3,
    zombies: true,
    retention: 8,
    ttl: true,
    torn: true,
    late_index: true,
    skew: true,
    large: true,
    reopens: 1,
    routes: 3,
    poison: false,
    backlog: true,
    items: 0,
    stale_receipts: false,
    horizon: 14,
    ages: &[1, 2, 6],
};

/// Those that are explored to the end.
pub const EXHAUSTIVE: [Config; 25] = [
    BASE,
    BACKSTOP,
    LOSS,
    REDRIVE,
    REPLAY,
    REOPEN,
    DEPLOYS,
    LATE_INDEX,
    CLOCKS,
    LARGE,
    BACKLOG,
    TWO_LEGS,
    TWO_LEGS_FAULTS,
    TWO_LEGS_REDRIVE,
    TWO_LEGS_REDRIVE_TWICE,
    TWO_LEGS_REDRIVE_CRASH,
    TWO_LEGS_REPLAY,
    TWO_LEGS_REOPEN,
    HELD,
    ROUTES_CHANGE,
    STALE_REPLAY,
    POISON,
    ZOMBIES,
    EXPIRY,
    TORN,
];

/// The same with one delivery: what the tests explore, and most mutants need no more.
#[must_use]
pub const fn small(config: Config) -> Config {
    Config {
        left: Left {
            deliveries: 1,
            ..config.left
        },
        ..config
    }
}
