//! What becomes of a ticket's message: put back, hidden, or sent to the dead-letter queue.

use protocol::{
    decide::consumer::{Reason, put_back_jitter},
    ports::{Clock as _, DeadLetter, Receipts as _},
    ticket::{Ticket, Why},
    time::{Millis, UnixMillis},
};

use crate::{
    line::TicketOutcome,
    work::{Fate, Stop, TicketWork},
    world::World,
};

impl<W: World> TicketWork<'_, W> {
    /// Leaves the message in the queue, hidden until then and a little longer.
    pub(crate) async fn put_back(&mut self, until: UnixMillis, why: &'static str) -> Fate {
        let clock = self.consumer.world.clock();
        let wait = until.since(clock.now()).max(Millis(0));
        let jitter = put_back_jitter(clock.random());
        self.note.outcome = TicketOutcome::PutBack;
        self.note.reason = Some(why);
        self.hide(Millis(wait.0.saturating_add(jitter.0))).await;
        Fate::Keep
    }

    /// Hides the message for so long. Where that fails, the queue's own visibility timeout hides it.
    pub(crate) async fn hide(&mut self, length: Millis) {
        let receipts = self.consumer.world.receipts();
        let receipt = &self.record.receipt_handle;
        if let Err(fault) = receipts.hide(receipt, length.max(Millis(0))).await {
            self.note.tell(&fault);
        }
    }

    /// Sends the ticket to the dead-letter queue and takes it out of its own.
    pub(crate) async fn bury(
        &mut self,
        ticket: Option<&Ticket>,
        reason: Reason,
        error: &str,
        attempts: u64,
    ) -> Result<Fate, Stop> {
        let source = ticket.map(|ticket| ticket.key.source());
        self.send_letter(source, reason, error, attempts).await?;
        self.note.outcome = TicketOutcome::Buried;
        self.note.reason = Some(reason.as_str());
        Ok(Fate::Delete)
    }

    /// Sends the ticket to the dead-letter queue, with the reason.
    pub(crate) async fn send_letter(
        &self,
        source: Option<&str>,
        reason: Reason,
        error: &str,
        attempts: u64,
    ) -> Result<(), Stop> {
        let body = match Ticket::decode(&self.record.body) {
            Some(ticket) if ticket.why == Why::Reopen => ticket.letter().encode(),
            _ => self.record.body.clone(),
        };
        let letter = DeadLetter {
            body,
            source: source.map(Into::into),
            reason: reason.as_str(),
            error: error.into(),
            attempts,
        };
        let buried = self.consumer.world.receipts().bury(&letter).await;
        Ok(buried?)
    }
}
