//! Large bodies come back byte by byte.

use protocol::{
    ledger::{EventKey, object_key},
    ports::{BodyStore as _, StoredBodies as _},
};
use sha2::{Digest as _, Sha256};

use super::{recorder::noise, source};
use crate::{run::Check, world::World};

pub(super) fn checks<W: World>() -> Vec<Check<W>> {
    vec![
        Check {
            port: "BodyStore",
            promise: "a body of 4 MiB is read as it was stored, and may be stored again",
            run: |world| Box::pin(body_is_read_as_stored(world)),
        },
        Check {
            port: "StoredBodies",
            promise: "a body that isn't there is a fault, and not an empty body",
            run: |world| Box::pin(absent_body_is_a_fault(world)),
        },
    ]
}

fn key(world: &impl World, digest: &str) -> String {
    object_key(&EventKey::new(source(world, "bodies"), "1"), digest)
}

async fn body_is_read_as_stored(world: &impl World) {
    for (name, body) in [("large", noise(4 * 1_024 * 1_024)), ("empty", Vec::new())] {
        let (key, digest) = (key(world, name), hex::encode(Sha256::digest(&body)));
        for _ in 0..2 {
            let put = world
                .bodies()
                .put_body(&key, body.clone().into(), &digest)
                .await;
            put.unwrap();
            let read = world.bodies().get_body(&key).await.unwrap();
            assert!(read == body, "the {name} body came back otherwise");
        }
    }
}

async fn absent_body_is_a_fault(world: &impl World) {
    let read = world.bodies().get_body(&key(world, "absent")).await;
    assert!(read.is_err(), "{read:?}");
}
