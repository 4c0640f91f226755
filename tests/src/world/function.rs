//! A process as the functions see it.

use consumer::{
    gate::Turned,
    line::{BatchLine, TicketLine},
    projection::{Projection, Store},
};
use futures_util::future::{BoxFuture, FutureExt as _};
use landfall_aws::metrics::{By, Line};
use protocol::{
    decide::limits::RESERVED,
    fault::{Fault, FaultKind},
    ports::{
        BodyStore, Claims, Clock, Destinations, Gates, Marks, Queue, Receipts, Recorder,
        StoredBodies, Written,
    },
    time::UnixMillis,
};
use serde_json::json;
use support::world::Reply;
use webhook::{
    ports::{Callbacks, Enrolments, Opening, Quarantine, Secrets},
    reading::address::Address,
};

use super::{Process, sender};

/// The world of a function that runs in this process.
#[derive(Clone)]
pub struct Function(pub Process);

impl Function {
    fn log(&self, line: String) {
        if !self.0.is_dead() {
            self.0.state().log.push(line);
        }
    }
}

impl ingest::world::World for Function {
    fn ledger(&self) -> &impl Recorder {
        &self.0
    }

    fn queue(&self) -> &impl Queue {
        &self.0
    }

    fn bodies(&self) -> &impl BodyStore {
        &self.0
    }

    fn secrets(&self) -> &impl Secrets {
        &self.0
    }

    fn enrolments(&self) -> &impl Enrolments {
        &self.0
    }

    fn quarantine(&self) -> &impl Quarantine {
        &self.0
    }

    fn clock(&self) -> &impl Clock {
        &self.0
    }

    fn note(&self, line: Line) {
        self.log(json!(line.json(By::Stack)).to_string());
    }
}

impl consumer::world::World for Function {
    fn ledger(&self) -> &(impl Recorder + Claims) {
        &self.0
    }

    fn queue(&self) -> &impl Queue {
        &self.0
    }

    fn receipts(&self) -> &impl Receipts {
        &self.0
    }

    fn bodies(&self) -> &(impl BodyStore + StoredBodies) {
        &self.0
    }

    fn callbacks(&self) -> &impl Callbacks {
        self
    }

    fn opening(&self) -> &impl Opening {
        &self.0
    }

    fn clock(&self) -> &impl Clock {
        &self.0
    }

    fn destinations(&self) -> &impl Destinations {
        &self.0
    }

    fn gates(&self) -> &impl Gates {
        &self.0
    }

    fn marks(&self) -> &impl Marks {
        &self.0
    }

    fn projection(&self) -> Projection {
        Projection::new(self.clone())
    }

    fn note(&self, attempt: &TicketLine, batch: &BatchLine) {
        let line = batch.take(attempt.line("landfall-test", self.0.now()), By::Stack);
        self.log(json!(line.json(By::Stack)).to_string());
    }

    fn sum(&self, batch: &BatchLine) {
        if let Some(line) = batch.line("landfall-test", self.0.now()) {
            self.log(json!(line.json(By::Stack)).to_string());
        }
    }

    fn turned(&self, destination: &str, turned: Turned) {
        self.0.state().did(format!("{turned:?} {destination}"));
    }
}

/// The call stands for a handler's run.
impl Callbacks for Function {
    async fn get(&self, callback: &Address) -> Result<u16, Fault> {
        let asks = sender::event_that_asks(callback.url());
        let claim = {
            let state = self.0.state();
            let body = state.ghost.sent.get(&asks).and_then(|sent| sent.first());
            let work = state.works.get(&asks);
            (work.map(|work| (work.life, work.attempt))).zip(body.cloned())
        };
        if let Some(((life, attempt), body)) = &claim {
            self.0.state().ran(&asks, *life, *attempt, RESERVED, body);
        }
        let status = self.0.get(callback).await?;
        if let Some(((life, attempt), _)) = claim {
            self.0.state().did_run(&asks, life, attempt, RESERVED);
        }
        Ok(status)
    }
}

impl Store for Function {
    fn put_if_newer<'a>(
        &'a self,
        key: &'a str,
        _: UnixMillis,
        _: &'a str,
    ) -> BoxFuture<'a, Result<Written, Fault>> {
        async move {
            self.count(key, "states").await?;
            Ok(Written::Yes)
        }
        .boxed()
    }

    fn count<'a>(&'a self, key: &'a str, name: &'a str) -> BoxFuture<'a, Result<u64, Fault>> {
        async move {
            let count = self.0.try_call("project", |state| {
                let count = state.projection.entry(format!("{key}.{name}")).or_default();
                *count += 1;
                *count
            });
            match count.await {
                Reply::Answer(count) => Ok(count),
                Reply::Fault(fault) => Err(fault),
                // A thread can't be dropped while it waits. The process is dead: whatever the handler says, nobody
                // will hear of it.
                Reply::Never => Err(Fault::new(
                    FaultKind::TimedOut,
                    "any",
                    "the process is dead",
                )),
            }
        }
        .boxed()
    }
}
