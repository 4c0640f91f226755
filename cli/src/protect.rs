//! `landfall protect`: what holds events and secrets can't be taken down by mistake.

use std::process::ExitCode;

use serde_json::json;

use crate::{
    args::{GivenProtect, GivenStack},
    consent,
    failure::Failure,
    print,
    stack::{Deployed, block_on},
};

pub(crate) fn run(
    given: &GivenProtect,
    stack: &GivenStack,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    block_on(async {
        let Deployed { stack, .. } = Deployed::find(stack).await?;
        let (name, protection) = (stack.name(), stack.protection()?);
        let asked = format!("take the protection off `{name}`, so that it can be deleted");
        if given.off && !consent::given(&asked, given.yes)? {
            return Ok(ExitCode::FAILURE);
        }
        protection.switch(!given.off).await?;
        let tables = protection.tables();
        if as_json {
            print::json(&json!({"stack": name, "protected": !given.off, "tables": tables}));
        } else if given.off {
            print::line(&format!(
                "{name} can be deleted now, and so can its tables."
            ));
        } else {
            print::line(&format!(
                "{name} can't be deleted, nor can its tables {}; and no update of it replaces or takes away what holds \
                 events, bodies, tickets and secrets.",
                tables.join(" and ")
            ));
        }
        Ok(ExitCode::SUCCESS)
    })
}
