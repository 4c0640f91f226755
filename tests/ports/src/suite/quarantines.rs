//! A refused delivery is kept where the operator has opened its source's quarantine, and no more of them than there is room for.

use futures_util::future::join_all;
use protocol::{
    ports::Written,
    time::{Millis, UnixMillis},
};
use webhook::{
    endpoint::quarantine::{Kept, Room},
    ports::Quarantine as _,
};

use super::{CAME, source};
use crate::{run::Check, world::World};

const PORT: &str = "Quarantine";

/// Longer than whoever found no room believes so.
const LATER: Millis = Millis::seconds(11);

/// Room for whatever a check keeps.
const AMPLE: Room = Room {
    open_until: CAME.plus(Millis::seconds(60)),
    deliveries: 100,
    bytes: 1_000_000,
};

pub(super) fn checks<W: World>() -> Vec<Check<W>> {
    vec![
        Check {
            port: PORT,
            promise: "a refused delivery is kept only where a quarantine is open, and until that ends",
            run: |world| Box::pin(only_where_open(world)),
        },
        Check {
            port: PORT,
            promise: "what is kept comes back as it came, byte for byte, the oldest first",
            run: |world| Box::pin(as_it_came(world)),
        },
        Check {
            port: PORT,
            promise: "no more deliveries and no more bytes are kept than there is room for",
            run: |world| Box::pin(no_more_than_there_is_room_for(world)),
        },
        Check {
            port: PORT,
            promise: "of twenty that come at once as many are kept as there is room for",
            run: |world| Box::pin(many_at_once(world)),
        },
    ]
}

/// A delivery with this body, which came so long after the first.
fn refused(source: &str, number: u8, after: Millis, body: &[u8]) -> Kept {
    Kept {
        source: source.into(),
        delivery_id: hex(number),
        received_at: CAME.plus(after),
        source_ip: "2001:db8::1".parse().ok(),
        reason: "forged".into(),
        detail: "no signature matches".into(),
        method: "POST".into(),
        called_url: "https://example.com/webhooks/a?b=c".into(),
        headers: [("X-Signature", "t=1,v1=2\u{e9}"), ("X", "a b")]
            .into_iter()
            .collect(),
        body: body.to_vec(),
    }
}

fn hex(number: u8) -> String {
    format!("{number:032x}")
}

async fn keep(world: &impl World, kept: &Kept) -> Written {
    world.quarantine().keep(kept).await.unwrap()
}

async fn only_where_open(world: &impl World) {
    let closed = source(world, "not-opened");
    let delivery = refused(&closed, 1, Millis(0), b"{}");
    assert_eq!(keep(world, &delivery).await, Written::No);
    assert_eq!(world.take_quarantined(&closed).await, []);

    let open = source(world, "opened");
    let end = CAME.plus(Millis::seconds(1));
    let room = Room {
        open_until: end,
        ..AMPLE
    };
    world.open_quarantine(&open, room).await;
    let at = |number, at: UnixMillis| refused(&open, number, at.since(CAME), b"{}");
    let last = at(1, end.plus(Millis(-1)));
    assert_eq!(keep(world, &last).await, Written::Yes);
    assert_eq!(keep(world, &at(2, end)).await, Written::No);
    assert_eq!(world.take_quarantined(&open).await, [last]);
}

async fn as_it_came(world: &impl World) {
    let (here, other) = (source(world, "kept"), source(world, "kept-too"));
    for name in [&here, &other] {
        world.open_quarantine(name, AMPLE).await;
    }
    let elsewhere = refused(&other, 1, Millis(0), b"");
    let first = refused(&here, 9, Millis(0), b"{\n\x00\xff\r\n}\n");
    let second = Kept {
        source_ip: None,
        ..refused(&here, 2, Millis(5), b"")
    };
    for delivery in [&second, &first, &elsewhere] {
        assert_eq!(keep(world, delivery).await, Written::Yes);
    }
    assert_eq!(world.take_quarantined(&here).await, [first, second]);
    assert_eq!(world.take_quarantined(&other).await, [elsewhere]);
}

async fn no_more_than_there_is_room_for(world: &impl World) {
    let here = source(world, "room");
    let room = Room {
        deliveries: 3,
        bytes: 10,
        ..AMPLE
    };
    world.open_quarantine(&here, room).await;
    let mut kept = Vec::new();
    // Six bytes leave four, which five don't fit into; the last one finds no room for a delivery.
    for (number, bytes, expected) in [
        (1, 6, Written::Yes),
        (2, 5, Written::No),
        (3, 4, Written::Yes),
        (4, 0, Written::Yes),
        (5, 0, Written::No),
    ] {
        let after = Millis(LATER.0 * i64::from(number - 1));
        let delivery = refused(&here, number, after, &vec![b'x'; bytes]);
        assert_eq!(keep(world, &delivery).await, expected, "{number}");
        if expected == Written::Yes {
            kept.push(delivery);
        }
    }
    assert_eq!(world.take_quarantined(&here).await, kept);
}

async fn many_at_once(world: &impl World) {
    let here = source(world, "crowd");
    let room = Room {
        deliveries: 5,
        ..AMPLE
    };
    world.open_quarantine(&here, room).await;
    let deliveries: Vec<_> = (0..20)
        .map(|number| refused(&here, number, Millis(0), b"{}"))
        .collect();
    let written = join_all(deliveries.iter().map(|delivery| keep(world, delivery))).await;
    let kept = written.iter().filter(|written| **written == Written::Yes);
    assert_eq!(kept.count(), 5);
    assert_eq!(world.take_quarantined(&here).await.len(), 5);
}
