//! `landfall events`: what the ledger holds. Reads only.

mod list;
mod show;

use std::process::ExitCode;

use protocol::ledger::{LegState, Work};

use crate::{
    args::{Events, GivenStack},
    failure::Failure,
    stack::{Stack, block_on},
};

pub(crate) fn run(asked: &Events, stack: &GivenStack, as_json: bool) -> Result<ExitCode, Failure> {
    block_on(async {
        let stack = Stack::find(stack).await?;
        match asked {
            Events::Show {
                source,
                event_id,
                body,
            } => show::run(&stack, source, event_id, *body, as_json).await,
            Events::List {
                source,
                since,
                limit,
            } => {
                let source = source
                    .as_deref()
                    .map(|name| stack.source(name))
                    .transpose()?;
                list::run(&stack, source, *since, usize::from(*limit), as_json).await
            }
        }
    })
}

/// What the legs said that failed, else what those say that wait.
fn last_error(work: &Work) -> Option<&str> {
    let said = |state| {
        let mut legs = work.legs.values().filter(move |leg| leg.state == state);
        legs.find_map(|leg| leg.last_error.as_deref())
    };
    said(LegState::Failed).or_else(|| said(LegState::Waiting))
}
