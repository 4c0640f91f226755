//! `landfall routes test`: the routes of an edited configuration, tried on the events that came in.

mod comparison;
mod difference;
mod report;

use std::{collections::BTreeSet, process::ExitCode};

use catalogue::Configuration;
use landfall_aws::{
    clock::SystemClock,
    operator::{Along, Of, Span},
};
use protocol::{decide::limits::RESERVED, ports::Clock as _, time::UnixMillis};

use self::{
    comparison::{Before, Comparison},
    report::Report,
};
use super::recorded::Recorded;
use crate::{args::GivenTest, configuration, failure::Failure, print, stack::Stack};

/// How many events are read at once: both items of each are one call.
const AT_ONCE: usize = 50;

pub(super) async fn run(
    stack: &Stack,
    given: &GivenTest,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let read = |file: &std::path::PathBuf| {
        configuration::Configuration::find(Some(file))?.read(stack.environment)
    };
    let against = given.against.as_ref().map(read).transpose()?;
    for expectation in &given.expectations {
        stack.route(&expectation.route)?;
    }
    let sources = match &given.source {
        Some(name) => BTreeSet::from([stack.source_name(name)?]),
        None => sources(&stack.configured, against.as_ref()),
    };
    let now = SystemClock.now();
    let since = given.since.at(now, &print::manner().zone);
    let before = against.as_ref().map_or(Before::Legs, Before::File);
    let mut comparison = Comparison::new(&stack.configured, before);
    let looked = look(stack, &mut comparison, &sources, since, now, given.limit).await?;
    let report = Report {
        given,
        since,
        comparison,
        looked,
    };
    Ok(report.print(as_json))
}

/// How far the look back came.
struct Looked {
    events: u32,
    /// When the oldest of them was received.
    oldest: Option<UnixMillis>,
    /// Whether there are more, beyond the limit.
    stopped: bool,
}

async fn look(
    stack: &Stack,
    comparison: &mut Comparison<'_>,
    sources: &BTreeSet<&str>,
    since: UnixMillis,
    now: UnixMillis,
    limit: u32,
) -> Result<Looked, Failure> {
    let ledger = stack.deployed.ledger()?;
    let sources: Vec<&str> = sources.iter().copied().collect();
    let mut walk = (ledger.walk(Along::Time, Of::Sources(&sources), Span::since(since))).await?;
    let mut looked = Looked {
        events: 0,
        oldest: None,
        stopped: false,
    };
    loop {
        let left = usize::try_from(limit - looked.events).unwrap_or(usize::MAX);
        if left == 0 {
            looked.stopped = !walk.next(1).await?.is_empty();
            return Ok(looked);
        }
        let page = walk.next(left.min(AT_ONCE)).await?;
        if page.is_empty() {
            return Ok(looked);
        }
        for (event, work) in ledger.whole(&page).await? {
            if !event.is_current(now) {
                continue;
            }
            let body = stack.body(&event).await?;
            let recorded = Recorded {
                event: &event,
                body: &body,
            };
            let legs = work.as_ref().map(|work| {
                let legs = work.legs.keys().map(String::as_str);
                legs.filter(|route| *route != RESERVED).collect::<Vec<_>>()
            });
            comparison.add(recorded, legs.as_deref());
            looked.events += 1;
            looked.oldest = Some(event.received_at);
        }
    }
}

/// The sources whose events may go a route now, or could before.
fn sources<'c>(now: &'c Configuration, before: Option<&'c Configuration>) -> BTreeSet<&'c str> {
    let configurations = std::iter::once(now).chain(before);
    configurations
        .flat_map(Configuration::source_names)
        .collect()
}
