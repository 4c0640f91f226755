//! What people ask for: replays and redrives.

use protocol::{
    ledger::{EventKey, State as Stands},
    ticket::Ticket,
};
use support::world::sqs::event_of;

use super::drive::World;

impl World {
    /// A person asks for a replay, as the command line does: of what has succeeded at the next epoch, of what has
    /// failed at its own.
    pub fn replay(&self, key: &EventKey) {
        let mut state = self.state();
        let Some(work) = state.works.get(key).cloned() else {
            return;
        };
        let epoch = match work.state {
            Stands::Succeeded => work.epoch + 1,
            Stands::Failed => work.epoch,
            Stands::Waiting | Stands::Processing => return,
        };
        let (now, runs) = (state.now(), state.runs(key));
        let ticket = Ticket {
            epoch,
            ..Ticket::new(key.clone(), work.life)
        };
        state.sqs.send(ticket.encode(), now);
        state.owes(key, runs, epoch, "a replay");
    }

    /// A person moves every letter back.
    pub fn redrive(&self) {
        let mut state = self.state();
        let now = state.now();
        let letters = state.sqs.letters.iter();
        let keys: Vec<_> = letters
            .filter_map(|letter| event_of(&letter.body))
            .collect();
        for key in keys {
            let work = state.works.get(&key);
            if let Some(epoch) = work
                .filter(|work| work.state == Stands::Failed)
                .map(|work| work.epoch)
            {
                let runs = state.runs(&key);
                state.owes(&key, runs, epoch, "a redrive");
            }
        }
        state.sqs.redrive(now);
    }
}
