//! Tickets: ours are read back as they were, and nothing else makes the reading fail.

use protocol::{
    ledger::{EventKey, Life},
    ticket::{Ask, MAX_TICKET_BYTES, Ticket, Why},
    time::UnixMillis,
};

use super::Input;

/// A message of the queue; and, read as fields, a ticket to be written: times, epoch, source, route, id.
pub fn ticket(bytes: &[u8]) {
    if let Some(ticket) = std::str::from_utf8(bytes).ok().and_then(Ticket::decode) {
        survives(&ticket);
    }
    let mut input = Input(bytes);
    let life = Life(UnixMillis(input.number()));
    let epoch = input.number().unsigned_abs();
    let sent_at = UnixMillis(input.number());
    let source = input.text();
    let route = input.text();
    let id = String::from_utf8_lossy(input.rest());
    if source.is_empty() || id.is_empty() {
        return;
    }
    let ticket = Ticket {
        route: (!route.is_empty()).then(|| route.into()),
        epoch,
        ..Ticket::new(EventKey::new(source, id), life, Why::Replay, sent_at)
    };
    survives(&ticket);
    survives(&Ticket {
        why: Why::Reopen,
        ask: Some(Ask(epoch)),
        ..ticket
    });
}

fn survives(ticket: &Ticket) {
    let text = ticket.encode();
    assert!(
        text.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
        "SQS refuses {text:?}"
    );
    let read = Ticket::decode(&text);
    if text.len() <= MAX_TICKET_BYTES {
        assert_eq!(read.as_ref(), Some(ticket));
    } else {
        assert_eq!(read, None);
    }
}
