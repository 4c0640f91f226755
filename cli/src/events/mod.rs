//! `landfall events`: what the ledger holds. Reads only.

mod list;
mod show;

use std::process::ExitCode;

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
