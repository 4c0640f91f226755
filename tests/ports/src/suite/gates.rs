//! What consumers share of a destination changes by one of them at a time, and no more is let through than may be.

use futures_util::future::join_all;
use protocol::{
    destination::{Health, Standing, Window},
    ports::{Claims as _, Gates as _, Written},
    time::{Millis, UnixMillis},
};

use super::{CAME, event, source};
use crate::{run::Check, world::World};

const PORT: &str = "Gates";

const A_SECOND: Millis = Millis::seconds(1);

pub(super) fn checks<W: World>() -> Vec<Check<W>> {
    vec![
        Check {
            port: PORT,
            promise: "a health is read as it was written, and of a destination that never failed there is none",
            run: |world| Box::pin(health_is_read(world)),
        },
        Check {
            port: PORT,
            promise: "of twenty who write a health over the same one, one does; and it meets itself",
            run: |world| Box::pin(one_writes_health(world)),
        },
        Check {
            port: PORT,
            promise: "the event that tells of a health is written with it, by the one who writes it",
            run: |world| Box::pin(health_is_told(world)),
        },
        Check {
            port: PORT,
            promise: "a window counts as many legs as may be, and the next one begins anew",
            run: |world| Box::pin(window_counts(world)),
        },
        Check {
            port: PORT,
            promise: "a place is one leg's until it is freed or the time is over; its holder may take it again",
            run: |world| Box::pin(place_is_ones(world)),
        },
    ]
}

fn health(revision: u64, token: u64) -> Health {
    Health {
        standing: Standing::Open,
        since: CAME,
        until: CAME.plus(A_SECOND),
        window: Window {
            began: CAME,
            reached: 7,
            failed: 9,
        },
        failed_trials: 3,
        last_error: Some("žluť \u{0} \"quoted\"".into()),
        revision,
        token,
    }
}

async fn health_is_read(world: &impl World) {
    let (gates, name) = (world.gates(), source(world, "health"));
    assert_eq!(gates.read_health(&name).await.unwrap(), None);
    let first = health(1, 1);
    let written = gates.write_health(&name, &first, None).await.unwrap();
    assert_eq!(written, Written::Yes);
    assert_eq!(gates.read_health(&name).await.unwrap(), Some(first));
    let second = Health {
        last_error: None,
        ..health(2, 2)
    };
    let written = gates.write_health(&name, &second, None).await.unwrap();
    assert_eq!(written, Written::Yes);
    assert_eq!(gates.read_health(&name).await.unwrap(), Some(second));
}

async fn one_writes_health(world: &impl World) {
    let (gates, name) = (world.gates(), source(world, "writers"));
    for revision in [1, 2] {
        let writers: Vec<_> = (0..20).map(|by| health(revision, by)).collect();
        let under_way = writers
            .iter()
            .map(|health| gates.write_health(&name, health, None));
        let written = join_all(under_way).await;
        let won: Vec<_> = (written.into_iter().zip(&writers))
            .filter(|(written, _)| *written == Ok(Written::Yes))
            .map(|(_, health)| health)
            .collect();
        assert_eq!(won.len(), 1);
        let again = gates.write_health(&name, won[0], None).await.unwrap();
        assert_eq!(again, Written::Yes);
    }
    let late = gates
        .write_health(&name, &health(2, 21), None)
        .await
        .unwrap();
    let early = gates
        .write_health(&name, &health(4, 21), None)
        .await
        .unwrap();
    assert_eq!((late, early), (Written::No, Written::No));
}

async fn health_is_told(world: &impl World) {
    let (gates, name) = (world.gates(), source(world, "turns"));
    let of = source(world, "tell-turns");
    for revision in [1, 2] {
        let own = |by: u64| event(&of, &format!("{revision}-{by}"), 0);
        let writers: Vec<_> = (0..5).map(|by| (health(revision, by), own(by))).collect();
        let mut won = Vec::new();
        for (health, told) in &writers {
            let written = gates.write_health(&name, health, Some(told)).await;
            if written.unwrap() == Written::Yes {
                won.push((health, told));
            }
        }
        let [(health, told)] = won[..] else {
            panic!("{won:?}");
        };
        let again = gates.write_health(&name, health, Some(told)).await.unwrap();
        assert_eq!(again, Written::Yes);
        for (_, event) in &writers {
            let found = world.ledger().read(&event.key).await.unwrap();
            let expected = (event == told).then(|| event.clone());
            assert_eq!(found.event, expected);
        }
    }
}

async fn window_counts(world: &impl World) {
    let (gates, name) = (world.gates(), source(world, "rate"));
    for window in [CAME, CAME.plus(A_SECOND)] {
        let mut counted = Vec::new();
        // One after another: that an update is atomic is DynamoDB's word, and the stand-ins don't keep it.
        for _ in 0..9 {
            counted.push(gates.count(&name, window, A_SECOND, 7).await.unwrap());
        }
        assert_eq!(counted[..7], [Written::Yes; 7]);
        assert_eq!(counted[7..], [Written::No; 2]);
    }
}

async fn place_is_ones(world: &impl World) {
    let (gates, name) = (world.gates(), source(world, "places"));
    let until = CAME.plus(A_SECOND);
    let take = |token: u64, now: UnixMillis| {
        let name = name.clone();
        async move { gates.take_place(&name, 0, token, now, until).await.unwrap() }
    };
    let taken = join_all((1..=20).map(|token| take(token, CAME))).await;
    let holders = taken.iter().enumerate();
    let holders: Vec<_> = holders
        .filter(|(_, written)| **written == Written::Yes)
        .map(|(at, _)| at as u64 + 1)
        .collect();
    assert_eq!(holders.len(), 1);
    let (holder, other) = (holders[0], holders[0] + 100);
    assert_eq!(take(holder, CAME).await, Written::Yes);
    assert_eq!(take(other, until.plus(Millis(-1))).await, Written::No);
    let freed = gates.free_place(&name, 0, other).await.unwrap();
    assert_eq!(freed, Written::No);
    let freed = gates.free_place(&name, 0, holder).await.unwrap();
    assert_eq!(freed, Written::Yes);
    assert_eq!(take(other, CAME).await, Written::Yes);
    // Its time over, it is anybody's, and no longer the last holder's to free.
    assert_eq!(take(holder, until).await, Written::Yes);
    let freed = gates.free_place(&name, 0, other).await.unwrap();
    assert_eq!(freed, Written::No);
    let elsewhere = gates.take_place(&name, 1, other, CAME, until);
    assert_eq!(elsewhere.await.unwrap(), Written::Yes);
}
