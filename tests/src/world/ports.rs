//! The functions' ports on the state.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use catalogue::Source;
use consumer::projection::{Projection, Store};
use fakes::tables;
use futures_util::future::{BoxFuture, FutureExt as _};
use landfall_aws::metrics::Line;
use protocol::{
    fault::{Fault, FaultKind},
    ledger::{EventKey, EventRecord, Holder, State as Stands, Work, WorkVersion},
    ports::{
        BodyStore, Claims, Clock, DeadLetter, Entry, Index, Position, Put, Queue, Receipts,
        Recorder, StoredBodies, Written,
    },
    ticket::Ticket,
    time::{Millis, UnixMillis},
};
use serde_json::json;
use webhook::{
    endpoint::enrolment::Offer,
    keys::{Keys, Secret, origin::Origin},
    ports::{Callbacks, Enrolments, Secrets},
    reading::address::Address,
};

use super::{
    effect::{Process, Reply},
    sender,
    sqs::Letter,
    state::{Held, State},
};

/// How long what was read of a secret counts.
const SECRET_TTL: Millis = Millis::seconds(300);

/// How soon a mismatch may lead to a read again.
const AFTER_MISMATCH: Millis = Millis::seconds(60);

impl Clock for Process {
    fn now(&self) -> UnixMillis {
        self.state().now()
    }

    fn random(&self) -> u64 {
        // What a dead process's threads still do must not change what others draw.
        if self.is_dead() {
            return 0;
        }
        self.state().chance.draw()
    }
}

impl Recorder for Process {
    async fn put_event(&self, event: &EventRecord, now: UnixMillis) -> Result<Put, Fault> {
        self.effect("put_event", |state| {
            tables::put_event(&mut state.events, event, now)
        })
        .await
    }

    async fn read_work(&self, key: &EventKey) -> Result<Option<Work>, Fault> {
        self.effect("read_work", |state| state.works.get(key).cloned())
            .await
    }
}

impl Claims for Process {
    async fn read(&self, key: &EventKey) -> Result<Entry, Fault> {
        self.effect("read", |state| Entry {
            event: state.events.get(key).cloned(),
            work: state.works.get(key).cloned(),
        })
        .await
    }

    async fn claim(
        &self,
        key: &EventKey,
        as_read: Option<WorkVersion>,
        work: &Work,
    ) -> Result<Written, Fault> {
        let kind = match work.state {
            Stands::Waiting => "postpone",
            _ => "claim",
        };
        self.effect(kind, |state| {
            let before = state.works.get(key).cloned();
            let written = tables::claim(&mut state.works, key, as_read, work);
            let met_itself = before.as_ref() == Some(work);
            if written == Written::Yes && kind == "claim" && !met_itself {
                state.claimed(self.number(), key, before, work);
            }
            written
        })
        .await
    }

    async fn finish(&self, key: &EventKey, holder: Holder, work: &Work) -> Result<Written, Fault> {
        let kind = match work.state {
            Stands::Waiting => "finish_waiting",
            Stands::Succeeded => "finish_succeeded",
            Stands::Failed => "finish_failed",
            Stands::Processing => "finish_processing",
        };
        self.effect(kind, |state| {
            let written = tables::finish(&mut state.works, key, holder, work);
            if written == Written::Yes {
                state.finished(self.number(), key, work);
            }
            written
        })
        .await
    }
}

impl Index for Process {
    async fn page(
        &self,
        partition: &str,
        after: Option<&Position>,
        until: UnixMillis,
        limit: u16,
    ) -> Result<Vec<Position>, Fault> {
        self.effect("page", |state| {
            let now = state.now();
            let shown = |event: &&EventRecord| {
                let late = state.late.get(&event.key).copied().unwrap_or_default();
                event.received_at.plus(late) <= now
            };
            let events = state.events.values().filter(shown);
            let places = events.map(|event| Position {
                received_at: event.received_at,
                key: event.key.clone(),
            });
            tables::page(places, partition, after, until, limit)
        })
        .await
    }

    async fn read_works(&self, keys: &[EventKey]) -> Result<BTreeMap<EventKey, Work>, Fault> {
        self.effect("read_works", |state| {
            let work = |key: &EventKey| Some((key.clone(), state.works.get(key)?.clone()));
            keys.iter().filter_map(work).collect()
        })
        .await
    }

    async fn read_cursor(&self, name: &str) -> Result<Option<Position>, Fault> {
        self.effect("read_cursor", |state| state.cursors.get(name).cloned())
            .await
    }

    async fn move_cursor(
        &self,
        name: &str,
        from: Option<&Position>,
        to: &Position,
    ) -> Result<Written, Fault> {
        self.effect("move_cursor", |state| {
            tables::move_cursor(&mut state.cursors, name, from, to)
        })
        .await
    }
}

impl Queue for Process {
    async fn send(&self, ticket: &Ticket) -> Result<(), Fault> {
        self.effect("send", |state| {
            let now = state.now();
            state.sqs.send(ticket.encode(), now);
            let nudged = (ticket.key.clone(), ticket.life);
            state.ghost.nudged.insert(nudged);
        })
        .await
    }
}

impl Receipts for Process {
    async fn hide(&self, receipt: &str, length: Millis) -> Result<(), Fault> {
        self.effect("hide", |state| {
            let now = state.now();
            state.sqs.hide(receipt, length, now);
        })
        .await
    }

    async fn bury(&self, letter: &DeadLetter) -> Result<(), Fault> {
        self.effect("bury", |state| {
            state.sqs.letters.push(Letter {
                body: letter.body.clone(),
                reason: Some(letter.reason),
                process: Some(self.number()),
            });
            let buried = (self.number(), letter.body.clone());
            state.ghost.buried.push(buried);
            let error = format!("letter {} {}", letter.reason, letter.error);
            state.log.push(error);
        })
        .await
    }
}

impl BodyStore for Process {
    async fn put_body(&self, key: &str, body: &[u8]) -> Result<(), Fault> {
        self.effect("put_body", |state| {
            state.objects.insert(key.into(), body.to_vec());
        })
        .await
    }
}

impl StoredBodies for Process {
    async fn get_body(&self, key: &str) -> Result<Vec<u8>, Fault> {
        self.effect("get_body", |state| state.objects.get(key).cloned())
            .await?
            .ok_or_else(|| Fault::new(FaultKind::Other, "get_body", "no such object"))
    }
}

impl Secrets for Process {
    async fn keys(
        &self,
        source: &Source,
        origin: &Origin,
        now: UnixMillis,
    ) -> Result<Arc<Keys>, Fault> {
        let none = || Fault::new(FaultKind::Other, "keys", "there is no key");
        if *origin != Origin::Secret {
            let fetched = self.state().fetched;
            let key = match fetched {
                Some(key) => key,
                None => self.effect("fetch", |_| sender::PUBLIC_KEY).await?,
            };
            self.state().fetched = Some(key);
            return keys(source, &[key.to_owned()]).ok_or_else(none);
        }
        if self.held(now).is_none() {
            self.read_secret(now).await?;
        }
        let held = self.held(now);
        held.and_then(|held| keys(source, &held.secrets))
            .ok_or_else(none)
    }

    async fn refresh(&self, _: &Source, origin: &Origin, now: UnixMillis) {
        if *origin == Origin::Secret && self.held(now).is_none_or(|held| held.due <= now) {
            let _ = self.read_secret(now).await;
        }
    }

    async fn refetch(
        &self,
        source: &Source,
        origin: &Origin,
        now: UnixMillis,
    ) -> Result<Option<Arc<Keys>>, Fault> {
        if *origin != Origin::Secret {
            return Ok(None);
        }
        let before = self.held(now);
        let last = before.as_ref().and_then(|held| held.refetched);
        if last.is_some_and(|last| now.since(last) < AFTER_MISMATCH) {
            return Ok(None);
        }
        self.read_secret(now).await?;
        let mut state = self.state();
        let Some(held) = &mut state.held else {
            return Ok(None);
        };
        held.refetched = Some(now);
        let changed = before.is_none_or(|before| before.secrets != held.secrets);
        Ok(changed.then(|| keys(source, &held.secrets)).flatten())
    }
}

impl Enrolments for Process {
    async fn keep(
        &self,
        source: &str,
        offer: &Offer,
        from: Option<IpAddr>,
        now: UnixMillis,
    ) -> Result<Written, Fault> {
        self.effect("keep", |state| {
            tables::keep(&mut state.enrolments, source, offer, from, now)
        })
        .await
    }
}

impl Callbacks for Process {
    async fn get(&self, callback: &Address) -> Result<u16, Fault> {
        let asks = sender::event_that_asks(callback.url());
        let claim = {
            let state = self.state();
            let body = state.ghost.sent.get(&asks).and_then(|sent| sent.first());
            let work = state.works.get(&asks);
            (work.map(|work| (work.life, work.attempt))).zip(body.cloned())
        };
        // The call stands for a handler's run.
        if let Some(((life, attempt), body)) = &claim {
            self.state().ran(&asks, *life, *attempt, body);
        }
        let status = self.effect("get", |_| 200).await?;
        if let Some(((life, attempt), _)) = claim {
            self.state().did(&asks, life, attempt);
        }
        Ok(status)
    }
}

impl Process {
    fn held(&self, _: UnixMillis) -> Option<Held> {
        self.state().held.clone()
    }

    async fn read_secret(&self, now: UnixMillis) -> Result<(), Fault> {
        let secrets = self.effect("secret", |state| state.stored.clone()).await?;
        let mut state = self.state();
        let refetched = state.held.as_ref().and_then(|held| held.refetched);
        state.held = Some(Held {
            secrets,
            due: now.plus(SECRET_TTL),
            refetched,
        });
        Ok(())
    }
}

fn keys(source: &Source, secrets: &[String]) -> Option<Arc<Keys>> {
    let secrets: Vec<_> = secrets
        .iter()
        .enumerate()
        .map(|(at, text)| Secret::new(text, format!("label-{at}")))
        .collect();
    let (keys, _) = Keys::load(source.schemes, &secrets);
    (!keys.is_empty()).then(|| Arc::new(keys))
}

impl Store for Process {
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
            let count = self.try_effect("project", |state: &mut State| {
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

impl ingest::world::World for Process {
    fn ledger(&self) -> &impl Recorder {
        self
    }

    fn queue(&self) -> &impl Queue {
        self
    }

    fn bodies(&self) -> &impl BodyStore {
        self
    }

    fn secrets(&self) -> &impl Secrets {
        self
    }

    fn enrolments(&self) -> &impl Enrolments {
        self
    }

    fn clock(&self) -> &impl Clock {
        self
    }

    fn note(&self, line: &Line) {
        if !self.is_dead() {
            self.state().log.push(json!(line).to_string());
        }
    }
}

impl consumer::world::World for Process {
    fn ledger(&self) -> &(impl Recorder + Claims) {
        self
    }

    fn queue(&self) -> &impl Queue {
        self
    }

    fn receipts(&self) -> &impl Receipts {
        self
    }

    fn bodies(&self) -> &(impl BodyStore + StoredBodies) {
        self
    }

    fn callbacks(&self) -> &impl Callbacks {
        self
    }

    fn clock(&self) -> &impl Clock {
        self
    }

    fn projection(&self) -> Projection {
        Projection::new(self.clone())
    }

    fn note(&self, attempt: &consumer::line::TicketLine) {
        if !self.is_dead() {
            let now = Clock::now(self);
            let line = json!(attempt.line("landfall-test", now)).to_string();
            self.state().log.push(line);
        }
    }
}
