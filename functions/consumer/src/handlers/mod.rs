//! Your handlers: the one folder that you must edit.
//!
//! A handler is an `async fn name(event: Event, context: Context) -> Result<(), Failure>`, and a line in
//! [`routes`]; one that shares clients or settings with others takes an `Arc<State>` too. The handlers
//! here are examples with real meaning: each checks the event's data before it uses any, keeps the newest
//! state of whatever the event is about, and leaves out a state that comes late. Replace them with your own.
//!
//! - `Ok(())`: done; it won't run again, unless on purpose.
//! - `Failure::Retry`: it runs again, later and later, until no tries are left.
//! - `Failure::Permanent`: it will never succeed; a person looks at it.
//! - A panic or an overrun of its time is a `Failure::Retry`.
//!
//! What a failure or a panic says is kept in the log, the ledger and the dead-letter queue: it must
//! not quote the event's data, and neither must what a handler logs by `tracing`. A handler that ends the
//! process is survived too, but takes a try from every event that runs beside it.
//!
//! An event that no route fits has succeeded, and the log says `unrouted`.

mod financbase;
mod formify;
mod frontitude;
mod orum;
mod self_;
mod validate;

#[cfg(test)]
mod tests;

use lambda_runtime::Error;

use crate::{drill::drill, router::Routes, start::Start};

/// What handlers share, such as clients and settings. A handler that wants it is listed by `on_with`.
pub struct State;

/// Builds the state, once in the life of a process. An error ends the process, in the error's words.
pub async fn state(_start: Start) -> Result<State, Error> {
    Ok(State)
}

/// Which handler works on which events: the source's name, the event's type or how it begins.
#[must_use]
pub fn routes() -> Routes<State> {
    Routes::new()
        .on("financbase", "invoice.*", financbase::invoice)
        .on("financbase", "payment.*", financbase::payment)
        .on("formify", "document.*", formify::document)
        .on("frontitude", "*", frontitude::any)
        .on("orum", "transfer_updated", orum::transfer)
        .on("orum", "person_*", orum::person)
        .on("orum", "business_*", orum::business)
        .on("orum", "external_account_*", orum::external_account)
        .on("self", "verification.completed", self_::completed)
        .on("drill", "drill.*", drill)
}
