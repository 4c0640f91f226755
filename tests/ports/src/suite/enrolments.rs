//! A secret that is handed over is kept where the operator has opened enrolment, and only the first.

use std::net::IpAddr;

use catalogue::{Environment, reader};
use protocol::{
    ports::Written,
    time::{Millis, UnixMillis},
};
use webhook::{
    endpoint::enrolment::{self, Entry, Offer, Pending},
    ports::Enrolments as _,
    reading::delivery::{Delivery, Headers},
};

use super::{CAME, source};
use crate::{run::Check, world::World};

const PORT: &str = "Enrolments";
const FIRST: &str = "b537207f20cbfa02357cf448134da559";
const SECOND: &str = "00000000000000000000000000000000";

pub(super) fn checks<W: World>() -> Vec<Check<W>> {
    vec![
        Check {
            port: PORT,
            promise: "a secret is kept only where enrolment is open",
            run: |world| Box::pin(only_where_open(world)),
        },
        Check {
            port: PORT,
            promise: "the same secret is kept again, with when and from where it came first, and another one isn't",
            run: |world| Box::pin(first_secret_stays(world)),
        },
    ]
}

fn offer(secret: &str) -> Offer {
    let text = r#"
        [sources.asks]
        enrolment = { header = "X-Hook-Secret" }
        [sources.asks.scheme]
        algorithm = "hmac-sha256"
        key = "text"
        encoding = "hex"
        message = "{body}"
        signature = { header = "X-Sig" }
    "#;
    let sources = reader::read(text, Environment::Test).unwrap().sources;
    let headers: Headers = [("X-Hook-Secret", secret)].into_iter().collect();
    let delivery = Delivery::new("POST", "https://example.com/webhooks/asks", &headers, b"");
    enrolment::offered(sources.get("asks").unwrap(), &delivery).unwrap()
}

async fn keep(
    world: &impl World,
    source: &str,
    secret: &str,
    from: &str,
    now: UnixMillis,
) -> Written {
    let from: Option<IpAddr> = from.parse().ok();
    let kept = world
        .enrolments()
        .keep(source, &offer(secret), from, now)
        .await;
    kept.unwrap()
}

async fn only_where_open(world: &impl World) {
    let closed = source(world, "closed");
    assert_eq!(
        keep(world, &closed, FIRST, "192.0.2.1", CAME).await,
        Written::No
    );
    assert_eq!(world.pending(&closed, CAME).await, None);
    let open = source(world, "open");
    let end = Entry::opened(CAME).open_until;
    let last = end.plus(Millis(-1));
    world.open(&open, CAME).await;
    assert_eq!(keep(world, &open, FIRST, "", last).await, Written::Yes);
    let kept = Pending {
        secret: FIRST.into(),
        received_at: last,
        source_ip: None,
    };
    assert_eq!(world.pending(&open, last).await, Some(kept));
    assert_eq!(keep(world, &open, FIRST, "", end).await, Written::No);
}

async fn first_secret_stays(world: &impl World) {
    let source = source(world, "first-secret");
    world.open(&source, CAME).await;
    let later = CAME.plus(Millis::seconds(10));
    assert_eq!(
        keep(world, &source, FIRST, "2001:db8::1", CAME).await,
        Written::Yes
    );
    assert_eq!(
        keep(world, &source, FIRST, "192.0.2.1", later).await,
        Written::Yes
    );
    assert_eq!(
        keep(world, &source, SECOND, "192.0.2.1", later).await,
        Written::No
    );
    let kept = Pending {
        secret: FIRST.into(),
        received_at: CAME,
        source_ip: "2001:db8::1".parse().ok(),
    };
    assert_eq!(world.pending(&source, later).await, Some(kept));
}
