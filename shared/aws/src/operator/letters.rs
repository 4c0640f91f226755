//! The dead-letter queue, as an operator sees it: letters that the consumer wrote, and tickets that SQS moved there itself.
//!
//! SQS lets nobody look at a message without receiving it, so whoever looks hides what they see from others for a while.
//! Letters are put back into the queue one by one and not by SQS's own redrive, which moves only what SQS itself brought
//! there and stops at the first letter that a program sent.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_sqs::{
    Client,
    types::{
        ChangeMessageVisibilityBatchRequestEntry, Message, MessageSystemAttributeName,
        QueueAttributeName,
    },
};
use protocol::{
    fault::{Fault, FaultKind},
    ports::Queue as _,
    ticket::{Ask, Ticket},
    time::UnixMillis,
};

use crate::{fault, queue::Queue};

/// For how long letters that were taken are hidden from others, at most.
const HIDDEN_SECONDS: i32 = 300;

/// How many messages SQS hands over, or takes, at once.
const BATCH: i32 = 10;

/// Above nothing, so that all of SQS's servers are asked: an empty answer then means that there is no more.
const WAIT_SECONDS: i32 = 1;

const TAKING: &str = "taking letters out of the dead-letter queue";
const RELEASING: &str = "giving letters back to the dead-letter queue";
const COUNTING: &str = "counting the letters of the dead-letter queue";

/// The dead-letter queue of a stack, and the queue that letters go back to.
#[derive(Clone, Debug)]
pub struct Letters {
    client: Client,
    url: String,
    tickets: Queue,
}

/// A message of the dead-letter queue, in the hands of whoever took it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// The message's id.
    pub id: String,
    /// What it is about; `None`: it is no ticket, and can't go back.
    pub ticket: Option<Ticket>,
    /// Its bytes.
    pub body: String,
    /// Why the consumer gave it up; `None`: SQS itself moved it here, after too many receives.
    pub reason: Option<String>,
    /// The leg that was given up; `None`: the event as a whole.
    pub route: Option<String>,
    /// What the last run said.
    pub error: Option<String>,
    /// How many attempts there were.
    pub attempts: Option<u64>,
    /// When it was sent, in Unix milliseconds.
    pub sent_at: UnixMillis,
    receipt: String,
}

/// How many letters there are, as SQS estimates it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Letters that can be taken.
    pub there: u64,
    /// Letters that somebody else has in hand.
    pub in_hand: u64,
}

impl Letters {
    pub(super) fn new(client: Client, url: &str, tickets: Queue) -> Self {
        Self {
            client,
            url: url.to_owned(),
            tickets,
        }
    }

    /// How many there are.
    pub async fn count(&self) -> Result<Count, Fault> {
        use QueueAttributeName::{
            ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible,
        };
        let found = (self.client.get_queue_attributes())
            .queue_url(&self.url)
            .attribute_names(ApproximateNumberOfMessages)
            .attribute_names(ApproximateNumberOfMessagesNotVisible)
            .send()
            .await
            .map_err(|error| fault::of(COUNTING, &error))?;
        let number = |name| {
            let text = found.attributes().and_then(|all| all.get(&name));
            text.and_then(|text| text.parse().ok()).unwrap_or(0)
        };
        Ok(Count {
            there: number(ApproximateNumberOfMessages),
            in_hand: number(ApproximateNumberOfMessagesNotVisible),
        })
    }

    /// Takes all letters that can be seen, up to so many, oldest first. Nobody else sees them until they are given back, or
    /// five minutes have passed.
    pub async fn take(&self, limit: usize) -> Result<Vec<Letter>, Fault> {
        let (mut taken, mut known) = (Vec::new(), BTreeSet::new());
        while taken.len() < limit {
            let received = (self.client.receive_message())
                .queue_url(&self.url)
                .max_number_of_messages(BATCH)
                .visibility_timeout(HIDDEN_SECONDS)
                .wait_time_seconds(WAIT_SECONDS)
                .message_attribute_names("All")
                .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
                .send()
                .await;
            let received = match received {
                Ok(received) => {
                    let messages = received.messages.unwrap_or_default();
                    messages.into_iter().map(Letter::read).collect()
                }
                Err(error) => Err(fault::of(TAKING, &error)),
            };
            let received: Vec<Letter> = match received {
                Ok(letters) => letters,
                Err(fault) => {
                    // What came first counts: that these can't be given back says no more.
                    let _ = self.release(&taken).await;
                    return Err(fault);
                }
            };
            // One that comes again has been hidden for its time, and all that is behind it too.
            let before = taken.len();
            for letter in received {
                if known.insert(letter.id.clone()) {
                    taken.push(letter);
                }
            }
            if taken.len() == before {
                break;
            }
        }
        taken.sort_by(|a, b| (a.sent_at, &a.id).cmp(&(b.sent_at, &b.id)));
        Ok(taken)
    }

    /// Gives letters back, for everybody to see.
    pub async fn release<'l>(
        &self,
        letters: impl IntoIterator<Item = &'l Letter>,
    ) -> Result<(), Fault> {
        let mut entries = Vec::new();
        for (at, letter) in letters.into_iter().enumerate() {
            let entry = ChangeMessageVisibilityBatchRequestEntry::builder()
                .id(at.to_string())
                .receipt_handle(&letter.receipt)
                .visibility_timeout(0)
                .build();
            entries.push(
                entry
                    .map_err(|error| Fault::new(FaultKind::Other, RELEASING, error.to_string()))?,
            );
        }
        for batch in entries.chunks(BATCH.unsigned_abs() as usize) {
            let released = (self.client.change_message_visibility_batch())
                .queue_url(&self.url)
                .set_entries(Some(batch.to_vec()))
                .send()
                .await;
            // An entry that fails belongs to somebody else by now, or is gone.
            released.map_err(|error| fault::of(RELEASING, &error))?;
        }
        Ok(())
    }

    /// Puts what a letter asks for into the queue, and takes the letter away. If that fails, or if two operators do it, the
    /// letter may go back twice; it asks once all the same. `false`: it is no ticket.
    pub async fn redrive(&self, letter: &Letter, now: UnixMillis) -> Result<bool, Fault> {
        let Some(ticket) = &letter.ticket else {
            return Ok(false);
        };
        let ticket = ticket.redriven(Ask::named(&letter.id), now);
        self.tickets.send(&ticket).await?;
        self.discard(letter).await?;
        Ok(true)
    }

    /// Takes a letter away for good.
    pub async fn discard(&self, letter: &Letter) -> Result<(), Fault> {
        let deleted = (self.client.delete_message())
            .queue_url(&self.url)
            .receipt_handle(&letter.receipt)
            .send()
            .await;
        match deleted {
            Ok(_) => Ok(()),
            Err(error) => Err(fault::of("deleting a letter", &error)),
        }
    }
}

impl Letter {
    fn read(message: Message) -> Result<Self, Fault> {
        let bare = |what: &str| {
            Fault::new(
                FaultKind::Malformed,
                TAKING,
                format!("a message without {what}"),
            )
        };
        let sent = (message.attributes.as_ref())
            .and_then(|all| all.get(&MessageSystemAttributeName::SentTimestamp))
            .and_then(|text| text.parse().ok());
        let said: BTreeMap<String, String> = (message.message_attributes.unwrap_or_default())
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.string_value?)))
            .collect();
        let body = message.body.unwrap_or_default();
        Ok(Self {
            id: message.message_id.ok_or_else(|| bare("an id"))?,
            receipt: message.receipt_handle.ok_or_else(|| bare("a receipt"))?,
            sent_at: UnixMillis(sent.unwrap_or(0)),
            ticket: Ticket::decode(&body),
            reason: said.get("reason").cloned(),
            route: said.get("route").cloned(),
            error: said.get("error").cloned(),
            attempts: (said.get("attempts")).and_then(|text| text.parse().ok()),
            body,
        })
    }
}
