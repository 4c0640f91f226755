//! `landfall routes`: which events go where, asked of the configuration and of the events that came in.

mod explain;
pub(crate) mod list;
mod outgoing;
pub(crate) mod recorded;
mod test;

use std::process::ExitCode;

use crate::{
    args::{GivenStack, Routes},
    configuration::Configuration,
    failure::Failure,
    stack::{Stack, block_on},
};

pub(crate) fn run(asked: &Routes, stack: &GivenStack, as_json: bool) -> Result<ExitCode, Failure> {
    match asked {
        Routes::List {
            environment: Some(environment),
        } => {
            let configuration = Configuration::find(stack.config.as_deref())?;
            Ok(list::run(&configuration.read(*environment)?, as_json))
        }
        Routes::List { environment: None } => {
            let stack = block_on(Stack::find(stack))?;
            Ok(list::run(&stack.configured, as_json))
        }
        Routes::Explain {
            source,
            event_id,
            body,
        } => block_on(async {
            let stack = Stack::find(stack).await?;
            explain::run(&stack, source, event_id, *body, as_json).await
        }),
        Routes::Test(given) => block_on(async {
            let stack = Stack::find(stack).await?;
            test::run(&stack, given, as_json).await
        }),
    }
}
