//! What the functions ask of the world. Each trait has two implementations: the AWS service, and the
//! world of the tests, which can be killed before and after every effect. A [`Fault`] says of a call that
//! it failed, or that nobody knows whether it took place.

use std::{collections::BTreeMap, future::Future, time::Duration};

use bytes::Bytes;

use crate::{
    destination::Health,
    fault::Fault,
    ledger::{EventKey, EventRecord, Holder, Life, Work, WorkVersion},
    outgoing::{Outgoing, Refusal},
    ticket::Ticket,
    time::{Millis, UnixMillis, UnixSeconds},
};

/// The one door to time and chance.
pub trait Clock: Send + Sync {
    /// The time.
    fn now(&self) -> UnixMillis;
    /// A random number, for ids and jitter.
    fn random(&self) -> u64;
    /// A random number that is drawn once in the world.
    fn unique(&self) -> u128 {
        (u128::from(self.random()) << 64) | u128::from(self.random())
    }
}

/// What a conditional write came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The condition held; the item is written.
    Yes,
    /// The condition was false; nothing was written.
    No,
}

/// What the write of an event came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is written now.
    Stored,
    /// The event is there already.
    Exists(Existing),
}

/// The event that stands where one was to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    /// Which attempt to write made it.
    pub delivery_id: String,
    /// Which life it is.
    pub life: Life,
    /// The digest of its body.
    pub body_digest: String,
}

/// Both items of an event, read at once and strongly consistent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The event, current or not.
    pub event: Option<EventRecord>,
    /// Its work.
    pub work: Option<Work>,
}

/// Records events in the ledger.
pub trait Recorder: Send + Sync {
    /// Writes an event if none stands there, or an expired one.
    fn put_event(
        &self,
        event: &EventRecord,
        now: UnixMillis,
    ) -> impl Future<Output = Result<Put, Fault>> + Send;
    /// Reads the work of an event, strongly consistent.
    fn read_work(&self, key: &EventKey)
    -> impl Future<Output = Result<Option<Work>, Fault>> + Send;
}

/// How many events can tell of one write: DynamoDB takes a hundred items in a transaction, and the write is one.
pub const MOST_TOLD: usize = 99;

/// Claims events of the ledger, and says what came of them.
pub trait Claims: Send + Sync {
    /// Reads event and work, strongly consistent.
    fn read(&self, key: &EventKey) -> impl Future<Output = Result<Entry, Fault>> + Send;
    /// Writes the work of an event if it is as it was read; `None`: if there is none. That this very work
    /// stands there already is a success: an answer was lost, and the call made again.
    fn claim(
        &self,
        key: &EventKey,
        as_read: Option<WorkVersion>,
        work: &Work,
    ) -> impl Future<Output = Result<Written, Fault>> + Send;
    /// Writes the work of an event if the claim is still held, and in the same step the events that tell of it: all of
    /// this, or nothing. They have ids of their own, and there are [`MOST_TOLD`] at most.
    fn finish(
        &self,
        key: &EventKey,
        holder: Holder,
        work: &Work,
        told: &[EventRecord],
    ) -> impl Future<Output = Result<Written, Fault>> + Send;
}

/// The index by time, and what the sweeper notes beside it.
pub trait Index: Send + Sync {
    /// How many shards whoever writes events was started with, at most and ever. Events in any of them may live.
    fn most_shards(&self) -> impl Future<Output = Result<u32, Fault>> + Send;
    /// Up to `limit` events of a partition, oldest first, after `after` and not younger than `until`.
    fn page(
        &self,
        partition: &str,
        after: Option<&Position>,
        until: UnixMillis,
        limit: u16,
    ) -> impl Future<Output = Result<Vec<Position>, Fault>> + Send;
    /// The works of up to 100 events; what is absent is not in the map.
    fn read_works(
        &self,
        keys: &[EventKey],
        reads: Reads,
    ) -> impl Future<Output = Result<BTreeMap<EventKey, Work>, Fault>> + Send;
    /// How far the looks of this name have come.
    fn read_cursor(&self, name: &str)
    -> impl Future<Output = Result<Option<Cursor>, Fault>> + Send;
    /// Moves a cursor if it is where it was read.
    fn move_cursor(
        &self,
        name: &str,
        from: Option<&Position>,
        to: &Cursor,
    ) -> impl Future<Output = Result<Written, Fault>> + Send;
    /// When these sources were last heard, as far as that was noted.
    fn read_heard(
        &self,
        sources: &[&str],
    ) -> impl Future<Output = Result<BTreeMap<String, UnixMillis>, Fault>> + Send;
    /// Notes that a source was heard then, unless a later time is noted.
    fn note_heard(
        &self,
        source: &str,
        at: UnixMillis,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// What a read may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Whatever was written before it.
    Strongly,
    /// An older state, too, at half the price.
    Eventually,
}

/// How far the looks of one shard at one age have come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The last event that was passed.
    pub at: Position,
    /// When the youngest of all events that were unfinished at this look was received.
    pub unfinished: Option<UnixMillis>,
}

/// A place in the index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// When the event was received.
    pub received_at: UnixMillis,
    /// Its key.
    pub key: EventKey,
}

/// How many tickets are sent together, at most: as many messages as SQS takes in one call.
pub const MOST_TOGETHER: usize = 10;

/// The queue of tickets.
pub trait Queue: Send + Sync {
    /// Sends a ticket.
    fn send(&self, ticket: &Ticket) -> impl Future<Output = Result<(), Fault>> + Send;
    /// Sends tickets by one call, no more than [`MOST_TOGETHER`]. Some may be sent and others not.
    fn send_together(&self, tickets: &[Ticket]) -> impl Future<Output = Result<(), Unsent>> + Send;
}

/// What became of tickets that were sent together, and not all of which are known to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// The place of the first one that isn't known to be sent. All before it are; of those behind it nothing is said.
    pub first: usize,
    /// Why it isn't.
    pub fault: Fault,
}

/// The consumer's side of the queue.
pub trait Receipts: Send + Sync {
    /// Hides a received message for so long from now.
    fn hide(&self, receipt: &str, length: Millis)
    -> impl Future<Output = Result<(), Fault>> + Send;
    /// Sends a ticket to the consumer's own queue, to be seen after so long; or as long as the queue can delay it. `trace` is
    /// Lambda's header `X-Amzn-Trace-Id`, as it came with the ticket in whose place it is sent.
    fn send_again(
        &self,
        ticket: &Ticket,
        delay: Millis,
        trace: Option<&str>,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
    /// Deletes a received message.
    fn delete(&self, receipt: &str) -> impl Future<Output = Result<(), Fault>> + Send;
    /// Puts a message into the dead-letter queue.
    fn bury(&self, letter: &DeadLetter) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// A message for the dead-letter queue: the ticket as it was, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// The message's body.
    pub body: String,
    /// The ticket's source, where it is a ticket.
    pub source: Option<String>,
    /// The route whose leg was given up, where it is about one.
    pub route: Option<String>,
    /// Why, in a word.
    pub reason: &'static str,
    /// What the last attempt said.
    pub error: String,
    /// How often the leg was tried in its round; or how many claims there were, where it is about no leg.
    pub attempts: u64,
}

/// Stores bodies that are too large for an item.
pub trait BodyStore: Send + Sync {
    /// Stores a body, of which this is the SHA-256 in hex.
    fn put_body(
        &self,
        key: &str,
        body: Bytes,
        digest: &str,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// Reads the bodies that were stored.
pub trait StoredBodies: Send + Sync {
    /// Reads a body.
    fn get_body(&self, key: &str) -> impl Future<Output = Result<Vec<u8>, Fault>> + Send;
}

/// What waits in the queue of tickets.
pub trait Backlog: Send + Sync {
    /// When the oldest ticket was sent that waits to be taken. `None`: none waits, or nobody knows. It may be somewhat too
    /// early.
    fn oldest_ticket(
        &self,
        now: UnixMillis,
    ) -> impl Future<Output = Result<Option<UnixMillis>, Fault>> + Send;
}

/// Where routes lead that lead out of Landfall.
pub trait Destinations: Send + Sync {
    /// Sends an event to the destination of this name, and waits for its answer no longer than `limit`. That there is none
    /// by then is a refusal too, though the destination may have taken the event.
    fn deliver(
        &self,
        destination: &str,
        outgoing: &Outgoing,
        now: UnixMillis,
        limit: Duration,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;
}

/// What all consumers share of a destination: how it fares, how much of its rate is used, who is sending to it.
pub trait Gates: Send + Sync {
    /// Reads a destination's health; `None`: nothing was ever wrong with it.
    fn read_health(
        &self,
        destination: &str,
    ) -> impl Future<Output = Result<Option<Health>, Fault>> + Send;
    /// Writes a destination's health if the one of the revision before it still stands, or finds this very one; and in the
    /// same step the event that tells of it: both, or nothing.
    fn write_health(
        &self,
        destination: &str,
        health: &Health,
        told: Option<&EventRecord>,
    ) -> impl Future<Output = Result<Written, Fault>> + Send;
    /// Counts one more leg in the window that began then, unless it has `limit` already. The counter may be forgotten once
    /// the window is over.
    fn count(
        &self,
        destination: &str,
        window: UnixMillis,
        per: Millis,
        limit: u32,
    ) -> impl Future<Output = Result<Written, Fault>> + Send;
    /// Takes a place until then, if it is free or its holder's time is over. `token` names the holder.
    fn take_place(
        &self,
        destination: &str,
        place: u32,
        token: u64,
        now: UnixMillis,
        until: UnixMillis,
    ) -> impl Future<Output = Result<Written, Fault>> + Send;
    /// Frees a place if it is still held by this holder.
    fn free_place(
        &self,
        destination: &str,
        place: u32,
        token: u64,
    ) -> impl Future<Output = Result<Written, Fault>> + Send;
}

/// How new the states are that routes have passed on: a mark for each route and entity.
pub trait Marks: Send + Sync {
    /// Reads a mark; `None`: there is none, or it has expired.
    fn read_mark(
        &self,
        route: &str,
        entity: &str,
        now: UnixMillis,
    ) -> impl Future<Output = Result<Option<Mark>, Fault>> + Send;
    /// Raises a mark if none stands there that is as high, or of another kind.
    fn raise_mark(
        &self,
        route: &str,
        entity: &str,
        mark: &Mark,
        now: UnixMillis,
        expires_at: UnixSeconds,
    ) -> impl Future<Output = Result<Written, Fault>> + Send;
}

/// How new a state is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What the version is, in a word: versions of different kinds don't compare.
    pub kind: String,
    /// The version as a number: the greater is the newer.
    pub version: String,
}
