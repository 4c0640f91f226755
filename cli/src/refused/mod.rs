//! `landfall refused`: deliveries that were refused, read from ingest's log lines. Ingest makes no call for a refusal, so that
//! they are nowhere else.

mod line;
mod list;
mod show;
pub(crate) mod words;

use std::process::ExitCode;

use crate::{
    args::{GivenStack, Refused},
    failure::Failure,
    stack::{Deployed, block_on},
};

/// The function that refuses.
const INGEST: &str = "ingest";

pub(crate) fn run(asked: &Refused, stack: &GivenStack, as_json: bool) -> Result<ExitCode, Failure> {
    block_on(async {
        let logs = Deployed::find(stack).await?.stack.logs();
        match asked {
            Refused::List(given) => list::run(&logs, given, as_json).await,
            Refused::Show { delivery } => show::run(&logs, delivery, as_json).await,
        }
    })
}
