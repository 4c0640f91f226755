//! The table that handlers may write to: the newest state of each thing that events are about.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use landfall_aws::projection::ProjectionTable;
use protocol::{fault::Fault, ports::Written, time::UnixMillis};

use crate::{
    failure::Failure,
    leftover::{Held, Run},
};

/// What became of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Projected {
    /// It stands there now.
    Written,
    /// A newer one stands there; this one came late and was left out.
    Older,
}

/// The table. Cheap to clone.
#[derive(Clone)]
pub struct Projection {
    store: Arc<dyn Store>,
    /// The run that it was handed out for.
    _held: Held,
}

/// What keeps the states. Behind a pointer, so that handlers are plain functions.
pub trait Store: Send + Sync {
    /// Writes a state unless one that is newer than `occurred_at` stands there.
    fn put_if_newer<'a>(
        &'a self,
        key: &'a str,
        occurred_at: UnixMillis,
        json: &'a str,
    ) -> BoxFuture<'a, Result<Written, Fault>>;
    /// Adds one to the counter `name` of an item, and says what it is now.
    fn count<'a>(&'a self, key: &'a str, name: &'a str) -> BoxFuture<'a, Result<u64, Fault>>;
}

impl Projection {
    /// The table that this keeps.
    pub fn new(store: impl Store + 'static) -> Self {
        Self {
            store: Arc::new(store),
            _held: None,
        }
    }

    /// The same, for this run.
    pub(crate) fn for_run(self, run: Arc<Run>) -> Self {
        Self {
            _held: Some(run),
            ..self
        }
    }

    /// Writes the state that `key` had at `occurred_at`, unless a newer one stands there: events come
    /// in any order, and a late one must not undo what followed it. The same event again is written
    /// again, which changes nothing.
    pub async fn put_if_newer(
        &self,
        key: &str,
        occurred_at: UnixMillis,
        state: &serde_json::Value,
    ) -> Result<Projected, Failure> {
        let json = state.to_string();
        Ok(
            match self.store.put_if_newer(key, occurred_at, &json).await? {
                Written::Yes => Projected::Written,
                Written::No => Projected::Older,
            },
        )
    }

    /// Adds one to the counter `name` of an item, and says what it is now. Not idempotent: a retried
    /// call may count twice.
    pub async fn count(&self, key: &str, name: &str) -> Result<u64, Failure> {
        Ok(self.store.count(key, name).await?)
    }
}

impl Store for ProjectionTable {
    fn put_if_newer<'a>(
        &'a self,
        key: &'a str,
        occurred_at: UnixMillis,
        json: &'a str,
    ) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(self.put_if_newer(key, occurred_at, json))
    }

    fn count<'a>(&'a self, key: &'a str, name: &'a str) -> BoxFuture<'a, Result<u64, Fault>> {
        Box::pin(self.count(key, name))
    }
}
