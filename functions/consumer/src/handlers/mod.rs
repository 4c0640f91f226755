//! Your handlers: the one folder that you must edit.
//!
//! A handler is an `async fn name(event: Event, context: Context) -> Result<(), Failure>`, a line in [`all`], and a route
//! in `infra/landfall.toml` that leads to `handler:NAME`; one that shares clients or settings with others takes an
//! `Arc<State>` too. The handlers
//! here are examples with real meaning: each checks the event's data before it uses any, keeps the newest
//! state of whatever the event is about, and leaves out a state that comes late. Replace them with your own.
//!
//! - `Ok(())`: done; it won't run again, unless on purpose.
//! - `Ok(Outcome::skipped("why"))`: there was nothing to do; it counts as done, and says why.
//! - `Ok(Outcome::Snoozed(time))`: not yet; it runs again after that time, without using a try, until its route's
//!   `age_limit` is reached.
//! - `Failure::Retry`: it runs again, later and later, until no tries are left; `RetryAfter`: not before a time.
//! - `Failure::Permanent`: it will never succeed; a person looks at it.
//! - A panic or an overrun of its time is a `Failure::Retry`.
//!
//! What a failure or a panic says is kept in the log, the ledger and the dead-letter queue: it must
//! not quote the event's data, and neither must what a handler logs by `tracing`. A handler that ends the
//! process is survived too, but takes a try from every event that runs beside it.
//!
//! An event that no route fits has succeeded, and the log says `unrouted`. The whole of it is in `docs/handlers.md`.

mod financbase;
mod formify;
mod frontitude;
mod orum;
mod self_;
mod validate;

#[cfg(test)]
mod tests;

use lambda_runtime::Error;

use crate::{drill::drill, registry::Handlers, start::Start};

/// What handlers share, such as clients and settings. A handler that wants it is listed by `add_with`.
pub struct State;

/// Builds the state, once in the life of a process. An error ends the process, in the error's words.
pub async fn state(_start: Start) -> Result<State, Error> {
    Ok(State)
}

/// The handlers, by the names that routes lead to.
#[must_use]
pub fn all() -> Handlers<State> {
    Handlers::new()
        .add("financbase-invoice", financbase::invoice)
        .add("financbase-payment", financbase::payment)
        .add("formify-document", formify::document)
        .add("frontitude", frontitude::any)
        .add("orum-transfer", orum::transfer)
        .add("orum-person", orum::person)
        .add("orum-business", orum::business)
        .add("orum-external-account", orum::external_account)
        .add("self-verification", self_::completed)
        .add("drill", drill)
}
