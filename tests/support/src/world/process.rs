//! A process: what it calls goes through the door, where it may be killed or stopped.

use std::{
    future::pending,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use protocol::fault::Fault;
use tokio::sync::Notify;

use super::{Mode, Services, Watched, door::fault, lock};

/// One process, for one invocation. Clones are the same process.
pub struct Process<S = Services>(Arc<Inner<S>>);

struct Inner<S> {
    state: Arc<Mutex<S>>,
    number: u64,
    dead: AtomicBool,
    suspended: AtomicBool,
    stopped: Notify,
    gate: Notify,
}

/// What becomes of a call.
pub enum Reply<T> {
    /// It is answered.
    Answer(T),
    /// It fails.
    Fault(Fault),
    /// It never returns.
    Never,
}

/// How a process came to a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// For ever.
    Killed,
    /// Until it is woken.
    Suspended,
}

impl<S> Clone for Process<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// The only process of a world of its own.
impl Default for Process {
    fn default() -> Self {
        Self::new(Arc::default(), 0)
    }
}

impl<S: Watched> Process<S> {
    /// The process of this number in this world.
    #[must_use]
    pub fn new(state: Arc<Mutex<S>>, number: u64) -> Self {
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

    /// Everything outside of it.
    pub fn state(&self) -> MutexGuard<'_, S> {
        lock(&self.0.state)
    }

    /// Waits until the process comes to a stop.
    pub async fn stopped(&self) -> Stopped {
        self.0.stopped.notified().await;
        if self.is_dead() {
            Stopped::Killed
        } else {
            Stopped::Suspended
        }
    }

    /// Lets a suspended process go on.
    pub fn wake(&self) {
        self.0.suspended.store(false, Ordering::SeqCst);
        self.0.gate.notify_waiters();
    }

    /// Whether it was killed.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.0.dead.load(Ordering::SeqCst)
    }

    /// Ends the process from outside.
    pub fn kill(&self) {
        self.0.dead.store(true, Ordering::SeqCst);
        self.0.stopped.notify_one();
    }

    /// A call of the process.
    pub async fn call<T>(
        &self,
        name: &'static str,
        effect: impl FnMut(&mut S) -> T + Send,
    ) -> Result<T, Fault> {
        match self.try_call(name, effect).await {
            Reply::Answer(answer) => Ok(answer),
            Reply::Fault(fault) => Err(fault),
            Reply::Never => pending().await,
        }
    }

    /// The same, without waiting for ever.
    pub async fn try_call<T>(
        &self,
        name: &'static str,
        mut effect: impl FnMut(&mut S) -> T + Send,
    ) -> Reply<T> {
        if self.state().services().door.take_turns {
            tokio::task::yield_now().await;
        }
        // A process that stands still stands still as a whole.
        self.still().await;
        if self.is_dead() {
            return Reply::Never;
        }
        let mode = self.state().services().enter(name);
        match mode {
            None | Some(Mode::Takes(_)) => {}
            Some(Mode::KilledBefore) => {
                self.kill();
                return Reply::Never;
            }
            Some(Mode::KilledAfter) => {
                effect(&mut self.state());
                self.kill();
                return Reply::Never;
            }
            Some(Mode::FailedBefore(kind)) => return Reply::Fault(fault(name, kind)),
            Some(Mode::AnswerLost(kind)) => {
                effect(&mut self.state());
                return Reply::Fault(fault(name, kind));
            }
            Some(Mode::AskedTwice) => {
                effect(&mut self.state());
            }
            Some(Mode::Hangs) => {
                effect(&mut self.state());
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
        Reply::Answer(effect(&mut self.state()))
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
