//! Tickets that are sent together. SQS answers for each by itself, with 200 even where it has taken none:
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html>. Whoever may send one
//! message may send several.

use aws_sdk_sqs::{
    operation::send_message_batch::SendMessageBatchOutput,
    types::{MessageSystemAttributeNameForSends, SendMessageBatchRequestEntry},
};
use protocol::{
    fault::{Fault, FaultKind},
    ports::Unsent,
    ticket::Ticket,
};

use super::{Queue, group, system_text};
use crate::{fault, trace};

const STEP: &str = "sending tickets";

impl Queue {
    pub(super) async fn post_together(&self, tickets: &[Ticket]) -> Result<(), Unsent> {
        if tickets.is_empty() {
            return Ok(());
        }
        // Of a call that failed nobody knows which tickets were sent.
        let none = |fault| Unsent { first: 0, fault };
        let trace = trace::header(self.trace.as_deref());
        let entries = tickets.iter().enumerate();
        let entries = entries.map(|(at, ticket)| entry(at, ticket, trace.as_deref()));
        let entries = entries.collect::<Result<_, _>>().map_err(none)?;
        let call = self.client.send_message_batch().queue_url(&self.url);
        let sent = call.set_entries(Some(entries)).send().await;
        let sent = sent.map_err(|error| none(fault::of(STEP, &error)))?;
        first_unsent(&sent, tickets.len()).map_or(Ok(()), Err)
    }
}

/// A ticket that is known by its place.
fn entry(
    at: usize,
    ticket: &Ticket,
    trace: Option<&str>,
) -> Result<SendMessageBatchRequestEntry, Fault> {
    let mut entry = SendMessageBatchRequestEntry::builder()
        .id(at.to_string())
        .message_body(ticket.encode())
        .set_message_group_id(group(ticket.key.source()));
    if let Some(trace) = trace {
        let name = MessageSystemAttributeNameForSends::AwsTraceHeader;
        entry = entry.message_system_attributes(name, system_text(STEP, trace)?);
    }
    let missing = |_| Fault::new(FaultKind::Other, STEP, "a ticket has no text");
    entry.build().map_err(missing)
}

/// The first of so many that SQS doesn't say it has taken.
fn first_unsent(sent: &SendMessageBatchOutput, count: usize) -> Option<Unsent> {
    let is_sent = |at: &usize| {
        let id = at.to_string();
        sent.successful().iter().any(|entry| entry.id() == id)
    };
    let first = (0..count).find(|at| !is_sent(at))?;
    let id = first.to_string();
    let failed = sent.failed().iter().find(|entry| entry.id() == id);
    let fault = failed.map_or_else(
        || Fault::new(FaultKind::Other, STEP, "nothing is said of a ticket"),
        |entry| fault::of_entry(STEP, entry.code(), entry.message()),
    );
    Some(Unsent { first, fault })
}

#[cfg(test)]
mod tests;
