//! The handlers by their names: routes of `landfall.toml` lead to `handler:NAME`.

use std::{collections::BTreeMap, future::Future, sync::Arc};

use crate::{
    handler::{Context, Event, Failure, Handler, Outcome, handler},
    leftover::{self, Holders, Run, Runs},
};

/// The handlers, as [`handlers`](crate::handlers) lists them, and the type of the state that they share.
pub struct Handlers<S = ()>(Vec<(&'static str, Made<S>)>);

/// What makes a handler once there is a state.
type Made<S> = Box<dyn FnOnce(&Arc<S>) -> Handler + Send + Sync>;

/// The handlers with their state, by name, and what their runs have left behind.
#[derive(Clone, Default)]
pub struct Registry {
    by_name: BTreeMap<&'static str, Handler>,
    state: Option<Holders>,
    runs: Runs,
}

impl<S> Default for Handlers<S> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<S: Send + Sync + 'static> Handlers<S> {
    /// No handlers yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Has routes to `handler:NAME` lead to this function.
    #[must_use]
    pub fn add<F, R, T>(mut self, name: &'static str, function: F) -> Self
    where
        F: Fn(Event, Context) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, Failure>> + Send + 'static,
        T: Into<Outcome> + 'static,
    {
        let made = move |_: &Arc<S>| handler(function);
        self.0.push((name, Box::new(made)));
        self
    }

    /// As [`add`](Self::add), for a function that wants the state too.
    #[must_use]
    pub fn add_with<F, R, T>(mut self, name: &'static str, function: F) -> Self
    where
        F: Fn(Event, Context, Arc<S>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, Failure>> + Send + 'static,
        T: Into<Outcome> + 'static,
    {
        let made = move |state: &Arc<S>| {
            let state = Arc::clone(state);
            handler(move |event, context| function(event, context, Arc::clone(&state)))
        };
        self.0.push((name, Box::new(made)));
        self
    }

    /// The names, as they were listed.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|(name, _)| *name).collect()
    }

    /// The handlers with the state that they share. A name that stands there twice is a fault: routes would lead to one
    /// of the two.
    pub fn with(self, state: S) -> Result<Registry, String> {
        let state = Arc::new(state);
        let mut registry = Registry::default();
        for (name, made) in self.0 {
            if registry.by_name.insert(name, made(&state)).is_some() {
                return Err(format!("two handlers are called `{name}`"));
            }
        }
        registry.state = Some(Holders::of(state));
        Ok(registry)
    }
}

impl Registry {
    /// The handler of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Handler> {
        self.by_name.get(name)
    }

    /// A run of this handler begins; whatever belongs to it holds this.
    pub(crate) fn begin(&self, name: &str, source: &str, event_id: &str) -> Arc<Run> {
        self.runs.begin(name, source, event_id)
    }

    /// Whether a handler has left something behind, which the log then says. To be asked when all runs are over.
    pub(crate) fn left_something(&self) -> bool {
        leftover::is_told(&self.runs, self.state.as_ref())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::testkit::{Table, event};

    async fn run(registry: &Registry, name: &str) -> Result<Outcome, Failure> {
        let handler = registry.get(name).unwrap();
        handler(event("s", "t", "{}"), Table::default().context()).await
    }

    #[tokio::test]
    async fn a_handler_is_found_by_its_name_alone() {
        let handlers =
            Handlers::new().add("a", async |_, _| Err::<(), _>(Failure::permanent("a's")));
        assert_eq!(handlers.names(), ["a"]);
        let registry = handlers.with(()).unwrap();
        assert_eq!(run(&registry, "a").await, Err(Failure::permanent("a's")));
        assert!(registry.get("b").is_none());
    }

    #[tokio::test]
    async fn handlers_that_want_it_share_the_state() {
        let count = async |_: Event, _: Context, state: Arc<AtomicUsize>| {
            state.fetch_add(1, Ordering::SeqCst);
            Ok(())
        };
        let told = async |_: Event, _: Context, state: Arc<AtomicUsize>| {
            Err::<(), _>(Failure::permanent(state.load(Ordering::SeqCst).to_string()))
        };
        let handlers = Handlers::new()
            .add_with("a", count)
            .add_with("b", count)
            .add_with("told", told);
        let registry = handlers.with(AtomicUsize::new(0)).unwrap();
        for name in ["a", "b", "a"] {
            run(&registry, name).await.unwrap();
        }
        assert_eq!(run(&registry, "told").await, Err(Failure::permanent("3")));
    }

    #[test]
    fn two_handlers_of_one_name_are_a_fault() {
        let handlers = Handlers::new()
            .add("a", async |_, _| Ok(()))
            .add("a", async |_, _| Ok(()));
        let fault = handlers.with(()).err();
        assert_eq!(fault.as_deref(), Some("two handlers are called `a`"));
    }
}
