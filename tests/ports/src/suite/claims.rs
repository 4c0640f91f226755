//! Work is written by the holder of a claim, and by nobody else.

use futures_util::future::join_all;
use protocol::{
    ledger::{EventKey, Holder, Leg, LegState, Life, State, Work, WorkVersion},
    ports::{Claims as _, Entry, MOST_TOLD, Recorder as _, Written},
    reason::Reason,
    ticket::Ask,
    time::{Millis, UnixMillis},
};
use support::records;

use super::{CAME, LIFE, event, source};
use crate::{run::Check, world::World};

const PORT: &str = "Claims";

pub(super) fn checks<W: World>() -> Vec<Check<W>> {
    vec![
        Check {
            port: PORT,
            promise: "both items of an event are read at once, each as it was written",
            run: |world| Box::pin(both_are_read(world)),
        },
        Check {
            port: PORT,
            promise: "a claim of what nobody has claimed wins, and a second one loses",
            run: |world| Box::pin(first_claim_wins(world)),
        },
        Check {
            port: PORT,
            promise: "a claim of the work as it was read wins, and a second one of the same reading loses",
            run: |world| Box::pin(claim_as_read_wins(world)),
        },
        Check {
            port: PORT,
            promise: "a claim loses where life, state, attempt or until is another than was read",
            run: |world| Box::pin(claim_of_another_version_loses(world)),
        },
        Check {
            port: PORT,
            promise: "a claim that meets itself is a success, and one with another token isn't",
            run: |world| Box::pin(claim_meets_itself(world)),
        },
        Check {
            port: PORT,
            promise: "of twenty claims of one reading one wins",
            run: |world| Box::pin(one_claim_of_twenty(world)),
        },
        Check {
            port: PORT,
            promise: "whoever holds the claim finishes, once",
            run: |world| Box::pin(holder_finishes(world)),
        },
        Check {
            port: PORT,
            promise: "a finish under a lease that was lost writes nothing",
            run: |world| Box::pin(lost_lease_writes_nothing(world)),
        },
        Check {
            port: PORT,
            promise: "ninety-nine events that tell of a finish are written with it, and none where it isn't",
            run: |world| Box::pin(finish_is_told(world)),
        },
    ]
}

/// A claim of this attempt, whose token no other attempt has.
fn claim(attempt: u64) -> Work {
    Work {
        attempt,
        until: lease(attempt),
        token: attempt,
        ..records::work(LIFE, State::Processing)
    }
}

fn lease(attempt: u64) -> UnixMillis {
    CAME.plus(Millis::seconds(65))
        .plus(Millis(i64::try_from(attempt).unwrap()))
}

fn ended(attempt: u64, state: State) -> Work {
    let leg = Leg {
        last_error: Some("žluť \u{0} \"quoted\"".into()),
        reason: Some(Reason::TooOld),
        reopens: 3,
        epoch: 2,
        by: [Ask(u64::MAX), Ask(0)].into_iter().collect(),
        lapsed: true,
        ..records::leg(LegState::Failed)
    };
    Work {
        state,
        legs: [
            ("paid".into(), leg),
            ("crm".into(), records::leg(LegState::Succeeded)),
        ]
        .into(),
        all: 2,
        ..claim(attempt)
    }
}

async fn stands(world: &impl World, key: &EventKey, expected: &Work) {
    let read = world.ledger().read_work(key).await.unwrap();
    assert_eq!(read.as_ref(), Some(expected));
}

async fn claims(
    world: &impl World,
    key: &EventKey,
    as_read: Option<WorkVersion>,
    work: &Work,
) -> Written {
    world.ledger().claim(key, as_read, work).await.unwrap()
}

/// An event with its first claim.
async fn claimed(world: &impl World, check: &str) -> EventKey {
    let key = EventKey::new(source(world, check), "1");
    assert_eq!(claims(world, &key, None, &claim(1)).await, Written::Yes);
    key
}

async fn both_are_read(world: &impl World) {
    let ledger = world.ledger();
    for state in [
        State::Waiting,
        State::Processing,
        State::Succeeded,
        State::Failed,
    ] {
        let written = event(&source(world, "both"), state.as_str(), 0);
        ledger.put_event(&written, CAME).await.unwrap();
        let work = ended(1, state);
        assert_eq!(claims(world, &written.key, None, &work).await, Written::Yes);
        let entry = ledger.read(&written.key).await.unwrap();
        let expected = Entry {
            event: Some(written),
            work: Some(work),
        };
        assert_eq!(entry, expected);
    }
}

async fn first_claim_wins(world: &impl World) {
    let key = claimed(world, "first").await;
    assert_eq!(claims(world, &key, None, &claim(2)).await, Written::No);
    stands(world, &key, &claim(1)).await;
}

async fn claim_as_read_wins(world: &impl World) {
    let key = claimed(world, "as-read").await;
    let read = Some(claim(1).version());
    assert_eq!(claims(world, &key, read, &claim(2)).await, Written::Yes);
    assert_eq!(claims(world, &key, read, &claim(3)).await, Written::No);
    stands(world, &key, &claim(2)).await;
}

async fn claim_of_another_version_loses(world: &impl World) {
    let key = claimed(world, "another").await;
    let read = claim(1).version();
    let others = [
        WorkVersion {
            life: Life(CAME.plus(Millis(1))),
            ..read
        },
        WorkVersion {
            state: State::Waiting,
            ..read
        },
        WorkVersion { attempt: 2, ..read },
        WorkVersion {
            until: read.until.plus(Millis(1)),
            ..read
        },
    ];
    for other in others {
        let written = claims(world, &key, Some(other), &claim(2)).await;
        assert_eq!(written, Written::No, "{other:?}");
    }
    stands(world, &key, &claim(1)).await;
    // Of what nobody has claimed there is no version.
    let nobody = EventKey::new(key.source(), "2");
    assert_eq!(
        claims(world, &nobody, Some(read), &claim(2)).await,
        Written::No
    );
    assert_eq!(world.ledger().read_work(&nobody).await.unwrap(), None);
}

async fn claim_meets_itself(world: &impl World) {
    let key = claimed(world, "itself").await;
    assert_eq!(claims(world, &key, None, &claim(1)).await, Written::Yes);
    let read = Some(claim(1).version());
    assert_eq!(claims(world, &key, read, &claim(2)).await, Written::Yes);
    assert_eq!(claims(world, &key, read, &claim(2)).await, Written::Yes);
    let same_but_token = Work {
        token: 99,
        ..claim(2)
    };
    assert_eq!(
        claims(world, &key, read, &same_but_token).await,
        Written::No
    );
    stands(world, &key, &claim(2)).await;
}

async fn one_claim_of_twenty(world: &impl World) {
    let key = &claimed(world, "claims").await;
    let read = Some(claim(1).version());
    let rivals = (0..20).map(|rival| async move {
        let work = Work {
            token: 100 + rival,
            ..claim(2)
        };
        (claims(world, key, read, &work).await, work)
    });
    let all = join_all(rivals).await;
    let winners: Vec<_> = all
        .iter()
        .filter(|(written, _)| *written == Written::Yes)
        .collect();
    assert_eq!(winners.len(), 1);
    stands(world, key, &winners[0].1).await;
}

async fn holder_finishes(world: &impl World) {
    let key = claimed(world, "holder").await;
    let done = ended(1, State::Succeeded);
    let ledger = world.ledger();
    let holder = claim(1).holder();
    assert_eq!(
        ledger.finish(&key, holder, &done, &[]).await.unwrap(),
        Written::Yes
    );
    stands(world, &key, &done).await;
    let again = ended(1, State::Failed);
    assert_eq!(
        ledger.finish(&key, holder, &again, &[]).await.unwrap(),
        Written::No
    );
    stands(world, &key, &done).await;
}

async fn lost_lease_writes_nothing(world: &impl World) {
    let key = claimed(world, "lost").await;
    let read = Some(claim(1).version());
    assert_eq!(claims(world, &key, read, &claim(2)).await, Written::Yes);
    let holder = claim(2).holder();
    let others = [
        claim(1).holder(),
        Holder {
            life: Life(CAME.plus(Millis(-1))),
            ..holder
        },
        Holder {
            attempt: 1,
            ..holder
        },
        Holder {
            until: lease(1),
            ..holder
        },
    ];
    for other in others {
        let done = ended(other.attempt, State::Succeeded);
        let written = world
            .ledger()
            .finish(&key, other, &done, &[])
            .await
            .unwrap();
        assert_eq!(written, Written::No, "{other:?}");
    }
    stands(world, &key, &claim(2)).await;
}

async fn finish_is_told(world: &impl World) {
    let key = claimed(world, "told").await;
    let ledger = world.ledger();
    let done = ended(1, State::Failed);
    let tell = |life: &str| -> Vec<_> {
        let numbers = 0..MOST_TOLD;
        let names = numbers.map(|number| format!("{life}-{number}"));
        let of = source(world, "tell");
        names.map(|name| event(&of, &name, 0)).collect()
    };
    let written = tell("written");
    let finished = ledger.finish(&key, claim(1).holder(), &done, &written);
    assert_eq!(finished.await.unwrap(), Written::Yes);
    stands(world, &key, &done).await;
    for event in written {
        let found = ledger.read(&event.key).await.unwrap();
        assert_eq!(found.event, Some(event));
    }
    let late = tell("late");
    let again = ended(1, State::Succeeded);
    let finished = ledger.finish(&key, claim(1).holder(), &again, &late);
    assert_eq!(finished.await.unwrap(), Written::No);
    stands(world, &key, &done).await;
    for event in late {
        let found = ledger.read(&event.key).await.unwrap();
        assert_eq!(found.event, None);
    }
}
