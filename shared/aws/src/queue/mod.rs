//! Tickets on SQS: ingest and sweeper send them, the consumer puts them back or buries them.

mod together;

use aws_sdk_sqs::{
    Client,
    types::{
        MessageAttributeValue, MessageSystemAttributeNameForSends, MessageSystemAttributeValue,
    },
};
use protocol::{
    fault::{Fault, FaultKind},
    ports::{self, DeadLetter, Unsent},
    ticket::Ticket,
    time::Millis,
};

use crate::{fault, trace};

/// SQS refuses to hide a message for longer than twelve hours, counted from when it was received. That was at most a
/// quarter of an hour ago: so long may an invocation last.
const LONGEST_HIDDEN_SECONDS: i64 = 43_200 - 900;

/// SQS delays a message for a quarter of an hour at most. Whoever waits for longer is sent again and again.
const LONGEST_DELAY_SECONDS: i64 = 900;

/// The longest error text that a dead letter carries, in characters.
const LONGEST_ERROR: usize = 1_024;

/// The step of a ticket that goes to the dead-letter queue.
const BURYING: &str = "burying the ticket";

/// The sending end of the queue.
#[derive(Clone, Debug)]
pub struct Queue {
    client: Client,
    url: String,
    /// The invocation's, as Lambda gives it.
    trace: Option<String>,
}

/// The consumer's end of the queue, and the dead-letter queue.
#[derive(Clone, Debug)]
pub struct Receipts {
    client: Client,
    tickets: Queue,
    dead_letters: Queue,
}

impl Queue {
    /// The queue at this URL.
    #[must_use]
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self {
            client,
            url: url.into(),
            trace: None,
        }
    }

    /// The same queue; what is sent carries on the trace of this invocation (Lambda's header
    /// `X-Amzn-Trace-Id`).
    #[must_use]
    pub fn traced(&self, invocation: Option<&str>) -> Self {
        Self {
            trace: invocation.map(str::to_owned),
            ..self.clone()
        }
    }

    async fn post(
        &self,
        body: String,
        source: Option<&str>,
        attributes: Vec<(&str, MessageAttributeValue)>,
        delay: Option<i32>,
        step: &'static str,
    ) -> Result<(), Fault> {
        let mut message = self
            .client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            // Fair queues: a source with a thousand tickets doesn't keep the others waiting.
            .set_message_group_id(source.and_then(group))
            .set_delay_seconds(delay);
        for (name, value) in attributes {
            message = message.message_attributes(name, value);
        }
        if let Some(trace) = trace::header(self.trace.as_deref()) {
            let name = MessageSystemAttributeNameForSends::AwsTraceHeader;
            message = message.message_system_attributes(name, system_text(step, trace)?);
        }
        match message.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(fault::of(step, &error)),
        }
    }
}

impl ports::Queue for Queue {
    async fn send(&self, ticket: &Ticket) -> Result<(), Fault> {
        let source = Some(ticket.key.source());
        let step = "sending the ticket";
        self.post(ticket.encode(), source, Vec::new(), None, step)
            .await
    }

    async fn send_together(&self, tickets: &[Ticket]) -> Result<(), Unsent> {
        self.post_together(tickets).await
    }
}

impl Receipts {
    /// The consumer's ends of these queues.
    #[must_use]
    pub fn new(
        client: Client,
        queue_url: impl Into<String>,
        dead_letter_url: impl Into<String>,
    ) -> Self {
        Self {
            tickets: Queue::new(client.clone(), queue_url),
            dead_letters: Queue::new(client.clone(), dead_letter_url),
            client,
        }
    }

    /// The same queues; what is buried carries on this trace.
    #[must_use]
    pub fn traced(&self, trace: Option<&str>) -> Self {
        Self {
            dead_letters: self.dead_letters.traced(trace),
            ..self.clone()
        }
    }
}

impl ports::Receipts for Receipts {
    async fn hide(&self, receipt: &str, length: Millis) -> Result<(), Fault> {
        let hidden = self
            .client
            .change_message_visibility()
            .queue_url(&self.tickets.url)
            .receipt_handle(receipt)
            .visibility_timeout(hidden_seconds(length))
            .send()
            .await;
        match hidden {
            Ok(_) => Ok(()),
            Err(error) => Err(fault::of("hiding the ticket", &error)),
        }
    }

    async fn send_again(
        &self,
        ticket: &Ticket,
        delay: Millis,
        trace: Option<&str>,
    ) -> Result<(), Fault> {
        // Lambda ends a chain of messages that has gone through one function some sixteen times, and the SDK would hand on
        // how often this one has. A header of the message's own, without that, begins a new chain.
        let queue = Queue {
            trace: Some(trace::header(trace).unwrap_or_else(trace::begun)),
            ..self.tickets.clone()
        };
        let (source, delay) = (Some(ticket.key.source()), Some(delay_seconds(delay)));
        let step = "sending the ticket again";
        queue
            .post(ticket.encode(), source, Vec::new(), delay, step)
            .await
    }

    async fn delete(&self, receipt: &str) -> Result<(), Fault> {
        let deleted = self
            .client
            .delete_message()
            .queue_url(&self.tickets.url)
            .receipt_handle(receipt)
            .send()
            .await;
        match deleted {
            Ok(_) => Ok(()),
            Err(error) => Err(fault::of("deleting the ticket", &error)),
        }
    }

    async fn bury(&self, letter: &DeadLetter) -> Result<(), Fault> {
        let mut attributes = vec![
            ("reason", attribute("String", letter.reason.to_owned())?),
            (
                "attempts",
                attribute("Number", letter.attempts.to_string())?,
            ),
        ];
        let error = allowed(&letter.error);
        // SQS refuses an attribute that is empty.
        if !error.is_empty() {
            attributes.push(("error", attribute("String", error)?));
        }
        if let Some(route) = &letter.route {
            attributes.push(("route", attribute("String", route.clone())?));
        }
        let source = letter.source.as_deref();
        self.dead_letters
            .post(letter.body.clone(), source, attributes, None, BURYING)
            .await
    }
}

/// Whole seconds, rounded up, within what SQS takes: a ticket that comes back too early is put back
/// once more.
fn hidden_seconds(length: Millis) -> i32 {
    seconds_up(length, LONGEST_HIDDEN_SECONDS)
}

/// The same of a delay: a ticket that comes too early is sent again once more.
fn delay_seconds(length: Millis) -> i32 {
    seconds_up(length, LONGEST_DELAY_SECONDS)
}

fn seconds_up(length: Millis, longest: i64) -> i32 {
    let up = length
        .0
        .div_euclid(1_000)
        .saturating_add(i64::from(length.0.rem_euclid(1_000) > 0));
    // The bounds fit.
    i32::try_from(up.clamp(0, longest)).unwrap_or(0)
}

/// The source as a message group, if SQS takes it for one: up to 128 letters, digits and punctuation
/// marks. Sources' names are, but a malformed ticket may name anything.
fn group(source: &str) -> Option<String> {
    let fits = (1..=128).contains(&source.len()) && source.bytes().all(|b| b.is_ascii_graphic());
    fits.then(|| source.to_owned())
}

/// The text, cut, and without the characters that SQS refuses.
fn allowed(text: &str) -> String {
    text.chars()
        .take(LONGEST_ERROR)
        .map(|character| match character {
            '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'.. => character,
            _ => char::REPLACEMENT_CHARACTER,
        })
        .collect()
}

fn attribute(kind: &str, text: String) -> Result<MessageAttributeValue, Fault> {
    MessageAttributeValue::builder()
        .data_type(kind)
        .string_value(text)
        .build()
        .map_err(|_| Fault::new(FaultKind::Other, BURYING, "a message attribute has no type"))
}

fn system_text(
    step: &'static str,
    text: impl Into<String>,
) -> Result<MessageSystemAttributeValue, Fault> {
    MessageSystemAttributeValue::builder()
        .data_type("String")
        .string_value(text)
        .build()
        .map_err(|_| Fault::new(FaultKind::Other, step, "a system attribute has no type"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_hidden_for_whole_seconds_rounded_up() {
        for (millis, seconds) in [
            (i64::MIN, 0),
            (-1, 0),
            (0, 0),
            (1, 1),
            (1_000, 1),
            (1_001, 2),
            (42_299_001, 42_300),
            (42_300_001, 42_300),
            (i64::MAX, 42_300),
        ] {
            assert_eq!(hidden_seconds(Millis(millis)), seconds, "{millis}");
        }
    }

    #[test]
    fn a_ticket_is_delayed_for_whole_seconds_rounded_up_and_a_quarter_of_an_hour_at_most() {
        for (millis, seconds) in [
            (-1, 0),
            (0, 0),
            (1, 1),
            (899_001, 900),
            (900_001, 900),
            (i64::MAX, 900),
        ] {
            assert_eq!(delay_seconds(Millis(millis)), seconds, "{millis}");
        }
    }

    #[test]
    fn an_error_text_has_only_characters_that_sqs_takes() {
        assert_eq!(
            allowed("a\u{0}b\u{1f}c\u{fffe}d\u{ffff}e\tf\r\n🦀\u{10ffff}\u{7f}"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\tf\r\n🦀\u{10ffff}\u{7f}"
        );
        assert_eq!(allowed(&"é".repeat(5_000)).chars().count(), LONGEST_ERROR);
    }

    #[test]
    fn what_sqs_takes_for_no_group_is_left_out() {
        assert_eq!(group("orum-eu").as_deref(), Some("orum-eu"));
        for source in ["", "a b", "é", "a\u{0}", &"a".repeat(129)] {
            assert_eq!(group(source), None, "{source:?}");
        }
    }
}
