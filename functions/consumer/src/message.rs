//! What becomes of a ticket's message: put back, hidden, sent again, or sent to the dead-letter queue.

use protocol::{
    decide::consumer::put_back_jitter,
    ports::{Clock as _, DeadLetter, Receipts as _},
    reason::Reason,
    ticket::Ticket,
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
    async fn hide(&mut self, length: Millis) {
        let receipts = self.consumer.world.receipts();
        let receipt = &self.record.receipt_handle;
        if let Err(fault) = receipts.hide(receipt, length.max(Millis(0))).await {
            self.note.tell(&fault);
        }
    }

    /// Waits outside of what the queue holds in flight: sends this ticket, to be seen then, and deletes the message that it
    /// comes for, by a call of its own: an invocation that dies before it answers must not double its tickets. Where the
    /// ticket can't be sent, the message is hidden instead.
    pub(crate) async fn send_again(&mut self, ticket: &Ticket, until: UnixMillis) -> Fate {
        let world = &self.consumer.world;
        let receipts = world.receipts();
        let delay = until.since(world.clock().now()).max(Millis(0));
        let trace = self.record.attributes.trace.as_deref();
        if let Err(fault) = receipts.send_again(ticket, delay, trace).await {
            self.note.tell(&fault);
            self.hide(delay).await;
            return Fate::Keep;
        }
        if let Err(fault) = receipts.delete(&self.record.receipt_handle).await {
            self.note.tell(&fault);
        }
        Fate::Delete
    }

    /// Sends the ticket to the dead-letter queue and takes it out of its own.
    pub(crate) async fn bury(
        &mut self,
        ticket: Option<&Ticket>,
        reason: Reason,
        attempts: u64,
    ) -> Result<Fate, Stop> {
        self.send_own_letter(ticket, reason, attempts).await?;
        self.note.outcome = TicketOutcome::Buried;
        self.note.reason = Some(reason.as_str());
        Ok(Fate::Delete)
    }

    /// Sends the ticket to the dead-letter queue, with the reason.
    pub(crate) async fn send_own_letter(
        &self,
        ticket: Option<&Ticket>,
        reason: Reason,
        attempts: u64,
    ) -> Result<(), Stop> {
        let body = match ticket {
            Some(ticket) => ticket.letter().encode(),
            None => self.record.body.clone(),
        };
        self.send_letter(&DeadLetter {
            body,
            source: ticket.map(|ticket| ticket.key.source().into()),
            route: ticket.and_then(|ticket| ticket.route.clone()),
            reason: reason.as_str(),
            error: reason.error().into(),
            attempts,
        })
        .await
    }

    pub(crate) async fn send_letter(&self, letter: &DeadLetter) -> Result<(), Stop> {
        Ok(self.consumer.world.receipts().bury(letter).await?)
    }
}
