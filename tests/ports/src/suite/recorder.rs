//! Events are written once.

use chance::Chance;
use futures_util::future::join_all;
use protocol::{
    ledger::{Body, EventKey, State},
    ports::{Claims as _, Entry, Existing, Put, Recorder as _, Written},
    time::{Millis, UnixSeconds},
};
use support::records;

use super::{CAME, LIFE, event, source};
use crate::{run::Check, world::World};

const PORT: &str = "Recorder";

pub(super) fn checks<W: World>() -> Vec<Check<W>> {
    vec![
        Check {
            port: PORT,
            promise: "a new event is stored, and read as it was written",
            run: |world| Box::pin(new_event_is_stored(world)),
        },
        Check {
            port: PORT,
            promise: "a body of 256 KiB that can't be compressed stays in its item",
            run: |world| Box::pin(large_body_stays(world)),
        },
        Check {
            port: PORT,
            promise: "an event that stands is shown and not written over",
            run: |world| Box::pin(standing_event_is_shown(world)),
        },
        Check {
            port: PORT,
            promise: "an event counts as absent from the second on in which it expires",
            run: |world| Box::pin(expired_event_is_absent(world)),
        },
        Check {
            port: PORT,
            promise: "of twenty writers of one event one stores it, and the others see that one",
            run: |world| Box::pin(one_writer_of_twenty(world)),
        },
        Check {
            port: PORT,
            promise: "an event has no work until somebody claims it, and a new life leaves the work as it is",
            run: |world| Box::pin(work_is_apart(world)),
        },
    ]
}

async fn new_event_is_stored(world: &impl World) {
    let source = source(world, "stored");
    let ledger = world.ledger();
    let mut plain = event(&source, "plain", 0);
    plain.headers.clear();
    let every_byte = (0..=255).collect();
    let mut whole = event(&source, "whole # of \u{1f980}", 1);
    whole.body = Body::Inline(every_byte);
    whole.reference = Some(("verification_id".into(), "r".into()));
    whole.parent = Some(EventKey::new(&*source, "parent"));
    let mut elsewhere = event(&source, "elsewhere", 2);
    elsewhere.body = Body::Object {
        key: "bodies/a/b".into(),
        bytes: 300_000,
    };
    for written in [plain, whole, elsewhere] {
        let put = ledger.put_event(&written, CAME).await.unwrap();
        assert_eq!(put, Put::Stored);
        let entry = ledger.read(&written.key).await.unwrap();
        let expected = Entry {
            event: Some(written),
            work: None,
        };
        assert_eq!(entry, expected);
    }
}

async fn large_body_stays(world: &impl World) {
    let mut written = event(&source(world, "large"), "1", 0);
    written.body = Body::Inline(noise(262_144));
    let put = world.ledger().put_event(&written, CAME).await.unwrap();
    assert_eq!(put, Put::Stored);
    let read = world.ledger().read(&written.key).await.unwrap();
    assert!(read.event == Some(written), "the body came back otherwise");
}

async fn standing_event_is_shown(world: &impl World) {
    let ledger = world.ledger();
    let first = event(&source(world, "standing"), "1", 0);
    ledger.put_event(&first, CAME).await.unwrap();
    let mut second = first.clone();
    second.received_at = first.received_at.plus(Millis(7));
    second.delivery_id = "fedcba9876543210".into();
    second.body = Body::Inline(b"[]".to_vec());
    second.body_digest = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945".into();
    let put = ledger.put_event(&second, CAME.plus(Millis(7))).await;
    let shown = Existing {
        delivery_id: first.delivery_id.clone(),
        life: LIFE,
        body_digest: first.body_digest.clone(),
    };
    assert_eq!(put.unwrap(), Put::Exists(shown));
    let read = ledger.read(&first.key).await.unwrap();
    assert_eq!(read.event, Some(first));
}

async fn expired_event_is_absent(world: &impl World) {
    let ledger = world.ledger();
    let first = event(&source(world, "expired"), "1", 0);
    ledger.put_event(&first, CAME).await.unwrap();
    let mut second = first.clone();
    second.received_at = first.expires_at.millis();
    second.expires_at = UnixSeconds(first.expires_at.0 + 86_400);
    let just_before = second.received_at.plus(Millis(-1));
    let put = ledger.put_event(&second, just_before).await.unwrap();
    assert!(
        matches!(put, Put::Exists(_)),
        "{put:?} a millisecond before"
    );
    let put = ledger.put_event(&second, second.received_at).await.unwrap();
    assert_eq!(put, Put::Stored);
    let read = ledger.read(&first.key).await.unwrap();
    assert_eq!(read.event, Some(second));
}

async fn one_writer_of_twenty(world: &impl World) {
    let source = source(world, "race");
    let writers = (0..20).map(|writer| {
        let mut written = event(&source, "1", writer);
        written.delivery_id = format!("writer-{writer}");
        async move {
            let put = world.ledger().put_event(&written, CAME).await.unwrap();
            (written.delivery_id, put)
        }
    });
    let puts = join_all(writers).await;
    let stored: Vec<_> = puts.iter().filter(|(_, put)| *put == Put::Stored).collect();
    assert_eq!(stored.len(), 1, "{puts:?}");
    for (_, put) in &puts {
        if let Put::Exists(existing) = put {
            assert_eq!(existing.delivery_id, stored[0].0);
        }
    }
}

async fn work_is_apart(world: &impl World) {
    let ledger = world.ledger();
    let first = event(&source(world, "apart"), "1", 0);
    let absent = ledger.read(&first.key).await.unwrap();
    assert_eq!(absent, Entry::default());
    ledger.put_event(&first, CAME).await.unwrap();
    assert_eq!(ledger.read_work(&first.key).await.unwrap(), None);
    let work = records::work(LIFE, State::Processing);
    let claimed = ledger.claim(&first.key, None, &work).await.unwrap();
    assert_eq!(claimed, Written::Yes);
    let mut second = first.clone();
    second.received_at = first.expires_at.millis();
    let put = ledger.put_event(&second, second.received_at).await.unwrap();
    assert_eq!(put, Put::Stored);
    let read = ledger.read_work(&first.key).await.unwrap();
    assert_eq!(read, Some(work));
}

/// Bytes that deflate can do nothing with, the same in every run.
pub(super) fn noise(length: usize) -> Vec<u8> {
    let mut chance = Chance::new(1);
    let drawn = std::iter::repeat_with(|| chance.draw().to_be_bytes()[0]);
    drawn.take(length).collect()
}
