//! What nobody decided: time, SQS, DynamoDB's deletions, the index, deaths; and what a person does.

use protocol::{
    ledger::{LegState, State as Status},
    ticket::Why,
};

use crate::{
    convert::work_of,
    parts::bit,
    state::{GONE, Letter, ROUTES, VISIBLE},
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
                // What a poisonous leg does isn't the adversary's.
                self.world.left.crashes = self.world.left.crashes.saturating_sub(1);
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
                    self.world.ghost.forgive_runs();
                }
                self.tell(|| "SQS MOVES A TICKET TO THE DEAD-LETTER QUEUE".into());
            }
            Action::Redrive(place) => self.redrive(place),
            Action::Replay(route) => self.replay(route),
            Action::Deploy => {
                self.world.left.deploys -= 1;
                self.world.configured ^= GONE;
                let gone = self.world.gone();
                self.tell(|| {
                    let done = if gone { "takes away" } else { "brings back" };
                    format!("a deploy {done} the source")
                });
            }
            Action::Reroute(route) => {
                self.world.left.reroutes -= 1;
                self.world.configured ^= bit(usize::from(route));
                let configured = self.world.configured;
                self.tell(|| format!("a deploy changes the routes: {configured:b}"));
            }
            Action::ForgetEvent => {
                self.world.event = None;
                self.world.indexed = false;
                self.world.ghost.forgive_runs();
                self.world.ghost.forgive_replays();
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
                message.delayed = false;
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
            self.world.ghost.forgive_runs();
            self.world.ghost.forgive_replays();
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
        self.world.ghost.forgive_runs();
        for leg in 0..ROUTES {
            if !self.world.asks_for_replay(leg) {
                self.world.ghost.legs[leg].owed_epoch = 0;
            }
        }
    }

    /// A person moves a letter back, as the command line does: it asks anew.
    fn redrive(&mut self, place: u8) {
        self.world.left.redrives -= 1;
        let Some(letter) = self.world.letters[usize::from(place)].take() else {
            return;
        };
        let letter = Letter {
            ask: self.world.ask(),
            sent: self.config.sent(self.world.now),
            ..letter.buried()
        };
        self.world.send(letter);
        self.tell(|| format!("a person redrives {letter:?}"));
        let Some(event) = self.world.event.filter(|_| self.stands(self.world.now)) else {
            return;
        };
        if letter.why == Why::Replay || letter.life != event.life {
            return;
        }
        let work = self.world.work.filter(|work| work.life == event.life);
        for leg in (0..ROUTES).filter(|leg| letter.names(*leg)) {
            let asked = match work {
                Some(work) if work.legs != [None; ROUTES] => work.legs[leg].is_some_and(|leg| {
                    !matches!(leg.state, LegState::Succeeded | LegState::Skipped)
                }),
                Some(work) => work.state != Status::Succeeded,
                None => true,
            };
            self.world.ghost.legs[leg].owed_run |= asked;
        }
    }

    fn replay(&mut self, route: u8) {
        self.world.left.replays -= 1;
        let Some((event, work)) = self.world.event.zip(self.world.work) else {
            return;
        };
        let epoch = 1 + work_of(self.config, &work).epoch();
        let letter = Letter {
            route,
            epoch: u8::try_from(epoch).unwrap_or(u8::MAX),
            sent: self.config.sent(self.world.now),
            ..Letter::of(event.life, Why::Replay)
        };
        for leg in (0..ROUTES).filter(|leg| letter.names(*leg)) {
            let there = work.legs[leg].is_some() || self.world.configured & bit(leg) != 0;
            let ghost = &mut self.world.ghost.legs[leg];
            if there {
                ghost.owed_epoch = letter.epoch;
            }
        }
        self.world.send(letter);
        self.tell(|| format!("a person sends {letter:?}"));
    }
}
