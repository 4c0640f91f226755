//! What the suite needs of a world: the ports, and hands where a port has no word for what is to be seen.

use std::{collections::BTreeMap, future::Future};

use protocol::{
    ports::{BodyStore, Claims, Gates, Index, Queue, Receipts, Recorder, StoredBodies},
    time::UnixMillis,
};
use webhook::{
    endpoint::{
        enrolment::Pending,
        quarantine::{Kept, Room},
    },
    ports::{Enrolments, Quarantine},
};

/// The trace under which the world's queues send.
pub const TRACE: &str =
    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

/// Something that implements the ports.
pub trait World {
    /// The ledger.
    fn ledger(&self) -> &(impl Recorder + Claims);
    /// Its index by time, of one shard, and what the sweeper notes.
    fn index(&self) -> &impl Index;
    /// The queue.
    fn queue(&self) -> &impl Queue;
    /// The consumer's end of it.
    fn receipts(&self) -> &impl Receipts;
    /// Large bodies.
    fn bodies(&self) -> &(impl BodyStore + StoredBodies);
    /// What is kept of destinations.
    fn gates(&self) -> &impl Gates;
    /// Secrets that are handed over.
    fn enrolments(&self) -> &impl Enrolments;
    /// Refused deliveries that the operator wants.
    fn quarantine(&self) -> &impl Quarantine;

    /// What no other run on the same tables has in its names.
    fn run(&self) -> &str;
    /// Notes with how many shards a writer of events was started.
    fn note_shards(&self, shards: u32) -> impl Future<Output = ()>;
    /// Receives what the queue shows within a second or so.
    fn receive(&self) -> impl Future<Output = Vec<Message>>;
    /// The same of the dead-letter queue.
    fn receive_letters(&self) -> impl Future<Output = Vec<Message>>;
    /// Deletes a message that was received.
    fn delete(&self, message: &Message) -> impl Future<Output = ()>;
    /// Deletes a letter that was received.
    fn delete_letter(&self, letter: &Message) -> impl Future<Output = ()>;
    /// Opens enrolment for a source, as the operator does.
    fn open(&self, source: &str, now: UnixMillis) -> impl Future<Output = ()>;
    /// The secret that waits for the operator.
    fn pending(&self, source: &str, now: UnixMillis) -> impl Future<Output = Option<Pending>>;
    /// Gives a source's quarantine so much room, as the operator does.
    fn open_quarantine(&self, source: &str, room: Room) -> impl Future<Output = ()>;
    /// What is kept in it, as the operator reads it, and takes it away.
    fn take_quarantined(&self, source: &str) -> impl Future<Output = Vec<Kept>>;
}

/// A message that was received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Its body.
    pub body: String,
    /// Its receipt.
    pub receipt: String,
    /// How often it was received.
    pub receives: u32,
    /// Its message group.
    pub group: Option<String>,
    /// Its trace.
    pub trace: Option<String>,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
}
