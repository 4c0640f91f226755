#![allow(clippy::unwrap_used)]

use protocol::time::Millis;

use super::*;
use crate::outbound::testing::Provider;

const START: UnixMillis = UnixMillis(1_700_000_000_000);

/// The public keys of RFC 8032, section 7.1, tests 1 and 2.
const FIRST: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const SECOND: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

struct World {
    provider: Provider,
    source: Source,
    address: Address,
    published: Published,
}

impl World {
    fn new() -> Self {
        let provider = Provider::start();
        let source = provider.source("/keys");
        let Some(Origin::Published(address)) = origin::known(&source) else {
            panic!("{source:?}")
        };
        let published = Published::to_localhost();
        Self {
            provider,
            source,
            address,
            published,
        }
    }

    async fn keys(&self, after: Millis) -> Result<Arc<Keys>, Fault> {
        let now = START.plus(after);
        self.published
            .keys(&self.source, &self.address, None, now)
            .await
    }

    async fn refetch(&self, after: Millis) -> Result<Option<Arc<Keys>>, Fault> {
        let now = START.plus(after);
        self.published
            .refetch(&self.source, &self.address, now)
            .await
    }
}

#[tokio::test]
async fn keys_are_fetched_once_and_kept() {
    let world = World::new();
    world.provider.answers("200 OK", "", FIRST);
    let first = world.keys(Millis(0)).await.unwrap();
    assert!(!first.is_empty());
    let later = world.keys(Millis::days(7)).await.unwrap();
    assert!(Arc::ptr_eq(&first, &later));
    assert_eq!(world.provider.calls(), 1);
}

#[tokio::test]
async fn keys_are_there_when_the_process_has_started() {
    let world = World::new();
    world.provider.answers("200 OK", "", FIRST);
    let sources = world.provider.sources("/keys");
    world.published.load(&sources, START).await;
    assert!(!world.keys(Millis(0)).await.unwrap().is_empty());
    assert_eq!(world.provider.calls(), 1);
}

#[tokio::test]
async fn old_keys_are_read_again_and_stay_where_that_fails() {
    let world = World::new();
    world.provider.answers("200 OK", "", FIRST);
    let first = world.keys(Millis(0)).await.unwrap();
    let refresh = async |after| {
        let now = START.plus(after);
        world
            .published
            .refresh(&world.source, &world.address, None, now)
            .await;
    };

    refresh(Millis::seconds(3_599)).await;
    assert_eq!(world.provider.calls(), 1);
    world.provider.answers("404 Not Found", "", "");
    refresh(Millis::seconds(3_600)).await;
    refresh(Millis::seconds(3_659)).await;
    assert_eq!(world.provider.calls(), 1);
    assert!(Arc::ptr_eq(
        &first,
        &world.keys(Millis::seconds(3_659)).await.unwrap()
    ));

    world.provider.answers("200 OK", "", SECOND);
    refresh(Millis::seconds(3_660)).await;
    assert_eq!(world.provider.calls(), 1);
    assert!(!Arc::ptr_eq(
        &first,
        &world.keys(Millis::seconds(3_660)).await.unwrap()
    ));
}

#[tokio::test]
async fn a_mismatch_reads_keys_again_once_a_minute() {
    let world = World::new();
    world.provider.answers("200 OK", "", FIRST);
    world.keys(Millis(0)).await.unwrap();
    assert!(world.refetch(Millis::seconds(59)).await.unwrap().is_none());
    assert_eq!(world.provider.calls(), 1);

    world.provider.answers("200 OK", "", SECOND);
    assert!(world.refetch(Millis::seconds(60)).await.unwrap().is_some());
    world.provider.answers("500 Internal Server Error", "", "");
    assert!(world.refetch(Millis::seconds(120)).await.is_err());
    assert_eq!(world.provider.calls(), 2);
}

#[tokio::test]
async fn where_there_is_no_key_is_remembered_for_a_minute() {
    let world = World::new();
    for (text, status) in [("no key", "200 OK"), ("", "404 Not Found")] {
        world.provider.answers(status, "", text);
    }
    for (after, calls) in [(0, 1), (59, 0), (60, 1), (119, 0)] {
        assert!(
            world.keys(Millis::seconds(after)).await.unwrap().is_empty(),
            "{after}"
        );
        assert_eq!(world.provider.calls(), calls, "{after}");
    }
    world.provider.answers("200 OK", "", FIRST);
    assert!(!world.keys(Millis::seconds(120)).await.unwrap().is_empty());
}

#[tokio::test]
async fn unknown_addresses_of_a_source_cost_five_calls_a_minute_at_most() {
    let world = World::new();
    for _ in 0..5 {
        assert!(world.keys(Millis(0)).await.is_err());
    }
    world.provider.answers("200 OK", "", FIRST);
    let fault = world.keys(Millis(59_999)).await.unwrap_err();
    assert_eq!(
        fault.to_string(),
        "reading the provider's keys: too many calls were made a moment ago"
    );
    assert!(world.keys(Millis(60_000)).await.is_ok());
}
