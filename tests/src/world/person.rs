//! What people ask for: replays and redrives.

use protocol::{
    ledger::{EventKey, Work},
    ticket::{Ticket, Why},
};

use super::drive::World;

impl World {
    /// A person asks for a replay of all of an event, as the command line does.
    pub fn replay(&self, key: &EventKey) {
        let mut state = self.state();
        let Some(work) = state
            .works
            .get(key)
            .filter(|work| work.is_finished())
            .cloned()
        else {
            return;
        };
        let (now, runs, epoch) = (state.now(), state.answers(key), 1 + work.epoch());
        let ticket = Ticket {
            epoch,
            ..Ticket::new(key.clone(), work.life, Why::Replay, now)
        };
        state.sqs.send(ticket.encode(), now);
        state.owes(key, runs, epoch, "a replay");
        state.may_ask(key);
    }

    /// A person moves every letter back, as the command line does: what SQS itself moved asks now.
    pub fn redrive(&self) {
        let mut state = self.state();
        let now = state.now();
        for letter in std::mem::take(&mut state.sqs.letters) {
            let Some(ticket) = Ticket::decode(&letter.body) else {
                state.sqs.send(letter.body, now);
                continue;
            };
            let ticket = ticket.letter();
            let key = &ticket.key;
            let work = state.works.get(key).filter(|work| work.life == ticket.life);
            if work.is_some_and(Work::has_failed) && ticket.why == Why::Redrive {
                let runs = state.answers(key);
                state.owes(key, runs, 0, "a redrive");
            }
            state.may_ask(key);
            state.sqs.send(ticket.encode(), now);
        }
    }
}
