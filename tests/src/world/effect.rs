//! The door through which every effect goes.

use std::{
    future::pending,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use protocol::fault::{Fault, FaultKind};
use tokio::sync::Notify;

use super::state::State;

/// What can happen to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The process dies before the effect.
    KilledBefore,
    /// The process dies when the effect has taken place, without having heard of it.
    KilledAfter,
    /// The call fails without effect.
    FailedBefore,
    /// The effect takes place, and the call fails: nobody knows its fate.
    AnswerLost,
    /// The effect takes place, its answer is lost, and the SDK asks once more.
    AskedTwice,
    /// The effect takes place, and the call never returns.
    Hangs,
    /// The process stands still before the effect while all others go on, and comes back from the dead.
    Suspended,
}

/// When what happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Plan {
    /// Nothing happens, and nothing is counted.
    #[default]
    Off,
    /// Effects are counted.
    Count,
    /// This happens to the effect of this kind and number, counted from 0.
    At(&'static str, usize, Mode),
    /// Something happens to every `one_in`th effect or so, as chance has it, but no more than `left` times.
    Random {
        /// How rarely.
        one_in: u64,
        /// How often still.
        left: u32,
    },
}

/// What becomes of a call.
pub(super) enum Reply<T> {
    Answer(T),
    Fault(Fault),
    /// It never returns.
    Never,
}

/// One process, for one invocation. Clones are the same process.
#[derive(Clone)]
pub struct Process(Arc<Inner>);

struct Inner {
    state: Arc<Mutex<State>>,
    number: u64,
    dead: AtomicBool,
    suspended: AtomicBool,
    stopped: Notify,
    gate: Notify,
}

/// How a process came to a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// For ever.
    Killed,
    /// Until it is woken.
    Suspended,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::KilledBefore,
        Self::KilledAfter,
        Self::FailedBefore,
        Self::AnswerLost,
        Self::AskedTwice,
        Self::Hangs,
        Self::Suspended,
    ];

    /// Whether it can happen to an effect of this kind. A handler's own call can't hang here: while a thread works,
    /// tokio's paused clock stands still. To the answer, which is no call, nothing happens but its loss and a pause.
    #[must_use]
    pub fn can_happen_to(self, kind: &str) -> bool {
        match kind {
            "project" => self != Self::Hangs,
            "answer" => matches!(self, Self::KilledBefore | Self::Suspended),
            _ => true,
        }
    }
}

impl Process {
    pub(super) fn new(state: Arc<Mutex<State>>, number: u64) -> Self {
        Self(Arc::new(Inner {
            state,
            number,
            dead: AtomicBool::new(false),
            suspended: AtomicBool::new(false),
            stopped: Notify::new(),
            gate: Notify::new(),
        }))
    }

    /// Which process it is.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.0.number
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0.state)
    }

    /// Waits until the process comes to a stop.
    pub(super) async fn stopped(&self) -> Stopped {
        self.0.stopped.notified().await;
        if self.is_dead() {
            Stopped::Killed
        } else {
            Stopped::Suspended
        }
    }

    /// Lets a suspended process go on.
    pub(super) fn wake(&self) {
        self.0.suspended.store(false, Ordering::SeqCst);
        self.0.gate.notify_waiters();
    }

    pub(super) fn is_dead(&self) -> bool {
        self.0.dead.load(Ordering::SeqCst)
    }

    /// Ends the process from outside.
    pub(super) fn kill(&self) {
        self.0.dead.store(true, Ordering::SeqCst);
        self.0.stopped.notify_one();
    }

    /// An effect of the process.
    pub(super) async fn effect<T>(
        &self,
        kind: &'static str,
        apply: impl FnMut(&mut State) -> T + Send,
    ) -> Result<T, Fault> {
        match self.try_effect(kind, apply).await {
            Reply::Answer(answer) => Ok(answer),
            Reply::Fault(fault) => Err(fault),
            Reply::Never => pending().await,
        }
    }

    /// The same, without waiting for ever.
    pub(super) async fn try_effect<T>(
        &self,
        kind: &'static str,
        mut apply: impl FnMut(&mut State) -> T + Send,
    ) -> Reply<T> {
        // So that whoever works beside takes turns.
        tokio::task::yield_now().await;
        // A process that stands still stands still as a whole.
        self.still().await;
        if self.is_dead() {
            return Reply::Never;
        }
        let mode = self.state().enter(kind);
        let fault = || Reply::Fault(Fault::new(FaultKind::Other, kind, "the call failed"));
        match mode {
            None => {}
            Some(Mode::KilledBefore) => {
                self.kill();
                return Reply::Never;
            }
            Some(Mode::KilledAfter) => {
                apply(&mut self.state());
                self.kill();
                return Reply::Never;
            }
            Some(Mode::FailedBefore) => return fault(),
            Some(Mode::AnswerLost) => {
                apply(&mut self.state());
                return fault();
            }
            Some(Mode::AskedTwice) => {
                apply(&mut self.state());
            }
            Some(Mode::Hangs) => {
                apply(&mut self.state());
                return Reply::Never;
            }
            Some(Mode::Suspended) => {
                self.0.suspended.store(true, Ordering::SeqCst);
                self.0.stopped.notify_one();
                self.still().await;
                if self.is_dead() {
                    return Reply::Never;
                }
            }
        }
        Reply::Answer(apply(&mut self.state()))
    }

    async fn still(&self) {
        loop {
            let woken = self.0.gate.notified();
            tokio::pin!(woken);
            woken.as_mut().enable();
            if !self.0.suspended.load(Ordering::SeqCst) {
                return;
            }
            woken.await;
        }
    }
}

pub(super) fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    // An assertion that failed elsewhere is told there.
    state
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
