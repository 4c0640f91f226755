//! The sweeper: look → send, if overdue → move the cursor; and what index and cursor do around it.
//!
//! Index, cursor and work are read in one step: the index entry says only what the `event` item says, and a cursor
//! that moved meanwhile fails the cursor's condition.

use protocol::{
    decide::sweeper::{Look, Looking, look},
    ticket::Why,
    time::Millis,
};

use crate::{
    convert::work_of,
    mutant::Mutant,
    state::{Letter, Sweep},
    step::{Fault, Step, TICK, VISIBILITY, life_of, millis},
};

impl Step<'_> {
    /// The sweeper meets the event.
    pub(crate) fn look(&mut self, age: u8, backlog: bool) {
        let Some(event) = self.world.event else {
            return;
        };
        let now = self.world.now + self.world.clocks.sweeper;
        let work = self
            .world
            .work
            .as_ref()
            .map(|work| work_of(self.config, work));
        let last = 1 << age == self.config.last_bit();
        let looking = Looking {
            now: millis(now),
            grace: Millis(TICK.0 * i64::from(VISIBILITY)),
            last: last && !self.is(Mutant::LastLookTrusts),
            backlog: backlog.then(|| millis(event.life)),
        };
        let seen = look(work.as_ref(), life_of(event.life), &looking);
        self.tell(|| {
            let years = self.config.ages[usize::from(age)];
            format!("the sweeper looks at the event at age {years}: {seen:?}")
        });
        self.world.sweep = Some(Sweep {
            age,
            life: event.life,
            send: seen == Look::Overdue,
        });
    }

    /// The sweeper's next effect.
    pub(crate) fn sweep(&mut self, fault: Fault) {
        let Some(sweep) = self.world.sweep else {
            return;
        };
        if sweep.send {
            self.tell(|| "the sweeper sends a ticket".into());
            self.spend(fault);
            if fault != Fault::Before {
                let clock = self.world.now + self.world.clocks.sweeper;
                self.world.send(Letter {
                    sent: self.config.sent(clock),
                    ..Letter::of(sweep.life, Why::Sweep)
                });
            }
            self.world.sweep = match fault {
                Fault::None => Some(Sweep {
                    send: false,
                    ..sweep
                }),
                Fault::Before | Fault::After if self.is(Mutant::CursorPassesUnsent) => {
                    Some(Sweep {
                        send: false,
                        ..sweep
                    })
                }
                Fault::Before | Fault::After => None,
                Fault::Retried => Some(sweep),
            };
            return;
        }
        self.tell(|| "the sweeper moves the cursor past the event".into());
        self.spend(fault);
        // A cursor that passes an older life stands before the younger one.
        if fault != Fault::Before
            && self
                .world
                .event
                .is_some_and(|event| event.life == sweep.life)
        {
            self.world.passed |= 1 << sweep.age;
        }
        self.world.sweep = None;
    }
}
