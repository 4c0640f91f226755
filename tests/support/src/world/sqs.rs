//! SQS: visibility, receive counts, receipts, delivery at least once, the dead-letter queue.

use std::collections::BTreeSet;

use protocol::{
    ledger::EventKey,
    ports::DeadLetter,
    ticket::Ticket,
    time::{Millis, UnixMillis},
};

/// How long a received message is hidden.
pub const VISIBILITY: Millis = Millis::seconds(360);

/// After so many receives the queue itself moves a message to the dead-letter queue.
pub const MAX_RECEIVE_COUNT: u32 = 100;

/// A message in the queue.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// Its body.
    pub body: String,
    /// When it was sent.
    pub sent_at: UnixMillis,
    /// When it is seen.
    pub visible_at: UnixMillis,
    /// The last receipt, which alone can hide or delete it.
    pub receipt: String,
    /// How often it was received.
    pub receives: u32,
}

/// A message in the dead-letter queue.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its body.
    pub body: String,
    /// What is told of it. The queue's own moves tell nothing.
    pub told: Option<DeadLetter>,
    /// Which process put it there.
    pub process: Option<u64>,
}

/// The queue and its dead-letter queue.
#[derive(Debug, Default)]
pub struct Sqs {
    /// The queue.
    pub messages: Vec<Message>,
    /// The dead-letter queue.
    pub letters: Vec<Letter>,
    /// The events whose tickets it refuses where several are sent together.
    pub refused: BTreeSet<String>,
    /// Whether a receipt deletes its message though a later one has been handed out: SQS promises neither.
    pub old_receipts_delete: bool,
    count: u64,
}

impl Sqs {
    /// A new message.
    pub fn send(&mut self, body: String, now: UnixMillis) {
        self.send_for(body, now, now);
    }

    /// A new message that is not seen before then.
    pub fn send_for(&mut self, body: String, now: UnixMillis, visible_at: UnixMillis) {
        self.count += 1;
        self.messages.push(Message {
            id: format!("m-{}", self.count),
            body,
            sent_at: now,
            visible_at,
            receipt: String::new(),
            receives: 0,
        });
    }

    /// Up to `most` messages, which are hidden then.
    pub fn receive(&mut self, most: usize, now: UnixMillis) -> Vec<Message> {
        let mut received = Vec::new();
        let mut moved = Vec::new();
        for message in &mut self.messages {
            if message.visible_at > now || received.len() == most {
                continue;
            }
            message.receives += 1;
            if message.receives > MAX_RECEIVE_COUNT {
                moved.push(message.id.clone());
                continue;
            }
            self.count += 1;
            message.receipt = format!("{}/{}", message.id, self.count);
            message.visible_at = now.plus(VISIBILITY);
            received.push(message.clone());
        }
        for id in moved {
            if let Some(at) = self.messages.iter().position(|message| message.id == id) {
                let message = self.messages.remove(at);
                self.letters.push(Letter {
                    body: message.body,
                    told: None,
                    process: None,
                });
            }
        }
        received
    }

    /// Hides a message, if this is its last receipt.
    pub fn hide(&mut self, receipt: &str, length: Millis, now: UnixMillis) {
        let held = |message: &&mut Message| message.receipt == receipt;
        if let Some(message) = self.messages.iter_mut().find(held) {
            // Whole seconds, rounded up.
            let up = Millis((length.0 + 999).div_euclid(1_000) * 1_000);
            message.visible_at = now.plus(up);
        }
    }

    /// Deletes a message, if this is its last receipt, or an old one that still counts.
    pub fn delete(&mut self, receipt: &str) {
        let id = receipt.split('/').next();
        let old = self.old_receipts_delete;
        self.messages.retain(|message| {
            message.receipt != receipt && !(old && id == Some(message.id.as_str()))
        });
    }

    /// Delivers a message once more, however long it was to be hidden. One that is delayed was never delivered.
    pub fn deliver_again(&mut self, at: usize, now: UnixMillis) {
        if let Some(message) = self
            .messages
            .get_mut(at)
            .filter(|message| message.receives > 0)
        {
            message.visible_at = now;
        }
    }

    /// Moves every letter back as it is.
    pub fn redrive(&mut self, now: UnixMillis) {
        for letter in std::mem::take(&mut self.letters) {
            self.send(letter.body, now);
        }
    }

    /// When the oldest of the messages was sent that can be received.
    #[must_use]
    pub fn oldest(&self, now: UnixMillis) -> Option<UnixMillis> {
        let waiting = (self.messages.iter()).filter(|message| message.visible_at <= now);
        waiting.map(|message| message.sent_at).min()
    }

    /// When the next message is seen.
    #[must_use]
    pub fn next(&self) -> Option<UnixMillis> {
        self.messages.iter().map(|message| message.visible_at).min()
    }
}

/// The event that a message is about.
#[must_use]
pub fn event_of(body: &str) -> Option<EventKey> {
    Ticket::decode(body).map(|ticket| ticket.key)
}
