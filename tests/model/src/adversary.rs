//! What nobody decided: time, SQS, DynamoDB's deletions, the index, deaths; and what a person does.

use protocol::ledger::State as Status;

use crate::{
    state::{Letter, VISIBLE},
    step::{Action, Step},
};

impl Step<'_> {
    /// An action of neither function.
    pub(crate) fn adversary(&mut self, action: Action) {
        match action {
            Action::Tick => self.tick(),
            Action::CatchUp => {
                self.world.indexed = true;
                self.tell(|| "the index shows the event".into());
            }
            Action::PassUnseen(age) => {
                self.world.passed |= 1 << age;
                self.tell(|| {
                    "a cursor moves to a younger event, the index not showing ours yet".into()
                });
            }
            Action::CrashIngest(slot) => {
                self.world.left.crashes -= 1;
                self.world.ingests[usize::from(slot)] = None;
                self.tell(|| "INGEST DIES".into());
            }
            Action::CrashConsumer(slot) => {
                self.world.left.crashes -= 1;
                self.world.consumers[usize::from(slot)] = None;
                self.tell(|| "THE CONSUMER DIES".into());
            }
            Action::CrashSweeper => {
                self.world.left.crashes -= 1;
                self.world.sweep = None;
                self.tell(|| "THE SWEEPER DIES".into());
            }
            Action::Lose(place) => {
                self.world.left.losses -= 1;
                self.world.remove(place);
                self.excuse();
                self.tell(|| "SQS LOSES A TICKET".into());
            }
            Action::Backstop(place) => {
                self.world.left.backstops -= 1;
                if let Some(message) = self.world.queue[usize::from(place)] {
                    self.world.remove(place);
                    self.world.bury(message.letter);
                    self.world.ghost.owed_run = false;
                }
                self.tell(|| "SQS MOVES A TICKET TO THE DEAD-LETTER QUEUE".into());
            }
            Action::Redrive(place) => self.redrive(place),
            Action::Replay => self.replay(),
            Action::Deploy => {
                self.world.left.deploys -= 1;
                self.world.gone = !self.world.gone;
                let gone = self.world.gone;
                self.tell(|| {
                    let done = if gone { "takes away" } else { "brings back" };
                    format!("a deploy {done} the source")
                });
            }
            Action::ForgetEvent => {
                self.world.event = None;
                self.world.indexed = false;
                self.tell(|| "DynamoDB deletes the expired event".into());
            }
            Action::ForgetWork => {
                self.world.work = None;
                self.tell(|| "DynamoDB deletes the expired work".into());
            }
            _ => {}
        }
    }

    fn tick(&mut self) {
        let world = &mut self.world;
        world.now += 1;
        for message in world.queue.iter_mut().flatten() {
            if message.hidden <= world.now {
                message.hidden = VISIBLE;
            }
        }
        if self.config.zombies {
            // An ingest's deadline is seconds away; a tick may pass while it runs, two can't.
            let oldest = world.now - 1 + world.clocks.ingest;
            for place in &mut world.ingests {
                *place = place.filter(|delivery| delivery.clock >= oldest);
            }
        } else {
            world.consumers = Default::default();
        }
        let now = self.world.now;
        if !self.stands(now) {
            self.world.ghost.owed_run = false;
            self.world.ghost.owed_epoch = 0;
        }
        self.tell(|| {
            let dead = if self.config.zombies {
                ""
            } else {
                "; a handler that still runs is killed at its deadline"
            };
            format!("time passes: {now}{dead}")
        });
    }

    /// A ticket that SQS itself lost is owed by nobody; which one of several it was, the property doesn't ask.
    fn excuse(&mut self) {
        let world = &mut self.world;
        world.ghost.owed_run = false;
        if !world.asks_for_replay() {
            world.ghost.owed_epoch = 0;
        }
    }

    fn redrive(&mut self, place: u8) {
        self.world.left.redrives -= 1;
        let Some(letter) = self.world.letters[usize::from(place)].take() else {
            return;
        };
        self.world.send(letter);
        self.tell(|| "a person redrives a ticket".into());
        let Some(event) = self.world.event.filter(|_| self.stands(self.world.now)) else {
            return;
        };
        let done = self
            .world
            .work
            .is_some_and(|work| work.life == event.life && work.state == Status::Succeeded);
        self.world.ghost.owed_run |= !done;
    }

    fn replay(&mut self) {
        self.world.left.replays -= 1;
        let Some((event, work)) = self.world.event.zip(self.world.work) else {
            return;
        };
        let epoch = if work.state == Status::Succeeded {
            self.world.ghost.asked = true;
            self.world.ghost.owed_epoch = work.epoch + 1;
            work.epoch + 1
        } else {
            self.world.ghost.owed_run = true;
            work.epoch
        };
        self.world.send(Letter {
            epoch,
            ..Letter::of(event.life)
        });
        self.tell(|| format!("a person replays the event: epoch {epoch}"));
    }
}
