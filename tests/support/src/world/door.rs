//! The door through which every call goes: what happens to which call, and what was called.

use std::{collections::BTreeMap, mem};

use chance::Chance;
use protocol::{
    fault::{Fault, FaultKind},
    time::Millis,
};

use super::Services;

/// What can happen to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The process dies before the effect.
    KilledBefore,
    /// The process dies when the effect has taken place, without having heard of it.
    KilledAfter,
    /// The call fails in this way, without effect.
    FailedBefore(FaultKind),
    /// The effect takes place, and the call fails in this way: nobody knows its fate.
    AnswerLost(FaultKind),
    /// The effect takes place, its answer is lost, and the SDK asks once more.
    AskedTwice,
    /// The effect takes place, and the call never returns.
    Hangs,
    /// The process stands still before the effect while all others go on, and comes back from the dead.
    Suspended,
    /// The call takes so long.
    Takes(Millis),
}

/// What happens when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// This happens to the call of this name and number from now on, counted from 0.
    At(&'static str, usize, Mode),
    /// This happens to every call of this name from this number on.
    From(&'static str, usize, Mode),
    /// Something happens to every `one_in`th call or so, as chance has it, but no more than `left` times.
    Random {
        /// How rarely.
        one_in: u64,
        /// How often still.
        left: u32,
    },
}

/// The door.
#[derive(Default)]
pub struct Door {
    /// Whether whoever works beside takes turns at every call. Otherwise one goes on as long as nothing holds it up.
    pub take_turns: bool,
    /// Every call, by its name, in the order in which they came.
    pub calls: Vec<&'static str>,
    /// What the calls brought about, in words, in the same order.
    pub effects: Vec<String>,
    /// How often something has happened to a call.
    pub happened: u32,
    planned: BTreeMap<&'static str, Planned>,
    random: Option<(u64, u32)>,
    before: BTreeMap<&'static str, Deed>,
}

struct Planned {
    /// How many calls go well before.
    good: usize,
    once: bool,
    mode: Mode,
}

type Deed = Box<dyn FnOnce(&mut Services) + Send>;

impl Mode {
    /// All that can happen to any call, with the faults of no kind of their own.
    pub const ALL: [Self; 7] = [
        Self::KilledBefore,
        Self::KilledAfter,
        Self::FailedBefore(FaultKind::Other),
        Self::AnswerLost(FaultKind::Other),
        Self::AskedTwice,
        Self::Hangs,
        Self::Suspended,
    ];

    /// Whether it can happen to a call of this name. A handler's own call can't hang here: while a thread works,
    /// tokio's paused clock stands still. Of what is sent to a destination nobody asks twice by themselves. To the answer,
    /// which is no call, nothing happens but its loss and a pause.
    #[must_use]
    pub fn can_happen_to(self, name: &str) -> bool {
        match name {
            "project" => self != Self::Hangs,
            "deliver" => self != Self::AskedTwice,
            "answer" => matches!(self, Self::KilledBefore | Self::Suspended),
            _ => true,
        }
    }
}

impl Door {
    /// Has this happen, beside what is planned for calls of other names.
    pub fn plan(&mut self, plan: Plan) {
        match plan {
            Plan::At(name, good, mode) => self.plan_for(name, good, true, mode),
            Plan::From(name, good, mode) => self.plan_for(name, good, false, mode),
            Plan::Random { one_in, left } => self.random = Some((one_in, left)),
        }
    }

    fn plan_for(&mut self, name: &'static str, good: usize, once: bool, mode: Mode) {
        let planned = Planned { good, once, mode };
        self.planned.insert(name, planned);
    }

    /// Has nothing happen any more.
    pub fn heal(&mut self) {
        self.planned.clear();
        self.random = None;
    }

    /// Has somebody else do something just before the next call of this name.
    pub fn before(
        &mut self,
        name: &'static str,
        deed: impl FnOnce(&mut Services) + Send + 'static,
    ) {
        self.before.insert(name, Box::new(deed));
    }

    /// What was called since this was asked for the last time.
    pub fn take_calls(&mut self) -> Vec<&'static str> {
        mem::take(&mut self.calls)
    }

    fn mode_of(&mut self, name: &str, chance: &mut Chance) -> Option<Mode> {
        if let Some(planned) = self.planned.get_mut(name) {
            if planned.good > 0 {
                planned.good -= 1;
                return None;
            }
            let mode = planned.mode;
            if planned.once {
                self.planned.remove(name);
            }
            return Some(mode);
        }
        let (one_in, left) = self.random?;
        if left == 0 || !chance.draw().is_multiple_of(one_in) {
            return None;
        }
        // A call that hangs stops the clock for whoever stands still beside it.
        let mode = Mode::ALL[chance.below(Mode::ALL.len())];
        if mode == Mode::Hangs || !mode.can_happen_to(name) {
            return None;
        }
        self.random = Some((one_in, left - 1));
        Some(mode)
    }
}

impl Services {
    /// Lets a call in, and says what happens to it.
    pub(super) fn enter(&mut self, name: &'static str) -> Option<Mode> {
        self.door.calls.push(name);
        let mode = self.door.mode_of(name, &mut self.chance);
        self.door.happened += u32::from(mode.is_some());
        if let Some(deed) = self.door.before.remove(name) {
            deed(self);
        }
        if let Some(Mode::Takes(length)) = mode {
            self.pass(length);
        }
        mode
    }
}

/// What a call of this name says that fails in this way.
pub(super) fn fault(name: &'static str, kind: FaultKind) -> Fault {
    let text = match kind {
        FaultKind::Throttled => "slow down",
        FaultKind::Denied => "not permitted",
        FaultKind::TimedOut => "no answer",
        FaultKind::Malformed => "unreadable",
        FaultKind::Absent => "absent",
        FaultKind::Other => "failed",
    };
    Fault::new(kind, name, text)
}
