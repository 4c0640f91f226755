//! What handlers leave behind when their runs are over: a thread that one blocks, a task that one has spawned.
//!
//! Lambda freezes a process that has answered and asks for more, and thaws it for the next batch. What was still under way
//! goes on then, hours later, beside events that it has nothing to do with. Nothing stops a thread but the end of its
//! process, so a process in which something was left behind ends when it has answered.
//!
//! It is known by what it holds: a run's thread, its event and its projection each hold the [`Run`], and the state of the
//! handlers is held by the registry alone once all runs are over. What holds none of these isn't seen; the handlers' guide
//! says that nothing may outlive its future.

use std::sync::{Arc, Mutex, PoisonError, Weak};

/// One run of a handler.
#[derive(Debug)]
pub(crate) struct Run {
    handler: String,
    source: String,
    event_id: String,
}

/// What a run is held by; nothing where nobody counts, as in tests of handlers.
pub(crate) type Held = Option<Arc<Run>>;

/// The runs that something still holds.
#[derive(Clone, Default)]
pub(crate) struct Runs(Arc<Mutex<Vec<Weak<Run>>>>);

impl Runs {
    /// A run begins.
    pub(crate) fn begin(&self, handler: &str, source: &str, event_id: &str) -> Arc<Run> {
        let run = Arc::new(Run {
            handler: handler.into(),
            source: source.into(),
            event_id: event_id.into(),
        });
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        runs.retain(|run| run.strong_count() > 0);
        runs.push(Arc::downgrade(&run));
        run
    }

    /// Those that are held although they are over: to be asked when all are.
    pub(crate) fn left(&self) -> Vec<Arc<Run>> {
        let runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        runs.iter().filter_map(Weak::upgrade).collect()
    }
}

/// How often a state is held.
#[derive(Clone)]
pub(crate) struct Holders {
    now: Arc<dyn Fn() -> usize + Send + Sync>,
    usual: usize,
}

impl Holders {
    /// Of this state, which has its usual holders now, and is let go of by the caller.
    pub(crate) fn of<S: Send + Sync + 'static>(state: Arc<S>) -> Self {
        let state = {
            let weak = Arc::downgrade(&state);
            drop(state);
            weak
        };
        Self {
            usual: state.strong_count(),
            now: Arc::new(move || state.strong_count()),
        }
    }

    /// Whether somebody else holds it.
    pub(crate) fn has_more(&self) -> bool {
        (self.now)() > self.usual
    }
}

/// Whatever was left behind, written to the log. True: there is something.
pub(crate) fn is_told(runs: &Runs, state: Option<&Holders>) -> bool {
    let left = runs.left();
    for run in &left {
        tracing::error!(
            handler = run.handler,
            source = run.source,
            event_id = run.event_id,
            "a handler has left a thread or a task behind: this process ends"
        );
    }
    let is_state_held = left.is_empty() && state.is_some_and(Holders::has_more);
    if is_state_held {
        tracing::error!(
            "something that a handler has left behind holds the handlers' state: this process ends"
        );
    }
    is_state_held || !left.is_empty()
}
