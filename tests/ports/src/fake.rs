//! The world of the tests as one on which the suite runs.

use std::collections::BTreeMap;

use protocol::{
    ports::{BodyStore, Claims, Gates, Index, Queue, Receipts, Recorder, StoredBodies},
    time::{Millis, UnixMillis},
};
use support::world::Process;
use webhook::{
    endpoint::{
        enrolment::{Entry, Pending},
        quarantine::{Kept, Room},
    },
    ports::{Enrolments, Quarantine},
};

use crate::world::{Message, World};

impl World for Process {
    fn ledger(&self) -> &(impl Recorder + Claims) {
        self
    }

    fn index(&self) -> &impl Index {
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

    fn gates(&self) -> &impl Gates {
        self
    }

    fn enrolments(&self) -> &impl Enrolments {
        self
    }

    fn quarantine(&self) -> &impl Quarantine {
        self
    }

    fn run(&self) -> &'static str {
        "only"
    }

    async fn note_shards(&self, shards: u32) {
        self.state().note_shards(shards);
    }

    async fn receive(&self) -> Vec<Message> {
        let mut state = self.state();
        let now = state.now();
        let received = state.sqs.receive(10, now);
        // Whoever finds nothing has waited for a second.
        if received.is_empty() {
            state.pass(Millis::seconds(1));
        }
        let messages = received.into_iter().map(|message| Message {
            body: message.body,
            receipt: message.receipt,
            receives: message.receives,
            ..Message::default()
        });
        messages.collect()
    }

    async fn receive_letters(&self) -> Vec<Message> {
        let state = self.state();
        let letters = state.letters().into_iter().map(|letter| {
            let attempts = letter.attempts.to_string();
            let mut attributes: BTreeMap<String, String> = BTreeMap::new();
            attributes.insert("reason".into(), letter.reason.into());
            attributes.insert("attempts".into(), attempts);
            attributes.extend(letter.route.map(|route| ("route".into(), route)));
            if !letter.error.is_empty() {
                attributes.insert("error".into(), letter.error);
            }
            Message {
                body: letter.body,
                attributes,
                ..Message::default()
            }
        });
        letters.collect()
    }

    async fn delete(&self, message: &Message) {
        self.state().sqs.delete(&message.receipt);
    }

    async fn delete_letter(&self, letter: &Message) {
        let letters = &mut self.state().sqs.letters;
        letters.retain(|found| found.body != letter.body);
    }

    async fn open(&self, source: &str, now: UnixMillis) {
        let entry = Entry::opened(now);
        self.state().enrolments.insert(source.into(), entry);
    }

    async fn pending(&self, source: &str, _: UnixMillis) -> Option<Pending> {
        let state = self.state();
        state.enrolments.get(source)?.pending.clone()
    }

    async fn open_quarantine(&self, source: &str, room: Room) {
        self.state().rooms.insert(source.into(), room);
    }

    async fn take_quarantined(&self, source: &str) -> Vec<Kept> {
        let mut state = self.state();
        let (mut taken, left) = std::mem::take(&mut state.quarantined)
            .into_iter()
            .partition::<Vec<_>, _>(|kept| kept.source == source);
        state.quarantined = left;
        taken.sort_by_key(|kept| kept.received_at);
        taken
    }
}
