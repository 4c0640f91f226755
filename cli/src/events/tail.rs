//! `landfall events tail`: events as they come.

use std::{collections::BTreeSet, process::ExitCode, time::Duration};

use landfall_aws::{
    clock::SystemClock,
    operator::{Along, Of, Span},
};
use protocol::{
    ports::{Clock as _, Position},
    time::Millis,
};

use super::{list, look::unreadable, which::Which};
use crate::{failure::Failure, print, stack::Stack};

/// How long is waited between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

/// How late the index may have an event, and ingest's clock be.
const LATE: Millis = Millis(10_000);

/// How many events are read at once.
const AT_ONCE: usize = 50;

pub(super) async fn run(
    stack: &Stack,
    which: &Which<'_>,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let ledger = stack.deployed.ledger()?;
    let of = match which.sources() {
        [] => Of::All,
        sources => Of::Sources(sources),
    };
    let start = SystemClock.now();
    let mut seen: BTreeSet<Position> = BTreeSet::new();
    let along = which.along();
    loop {
        let since = match along {
            Along::Time => SystemClock.now().plus(Millis(-LATE.0)).max(start),
            // They fail, or are late, long after they came.
            Along::Trouble(_) | Along::Reason(..) => start,
        };
        let mut walk = ledger.walk(along, of, Span::since(since)).await?;
        let mut new = Vec::new();
        loop {
            let page = walk.next(AT_ONCE).await?;
            if page.is_empty() {
                break;
            }
            new.extend(page.into_iter().filter(|at| !seen.contains(at)));
        }
        seen.retain(|at| at.received_at >= since);
        seen.extend(new.iter().cloned());
        new.reverse();
        for page in new.chunks(AT_ONCE) {
            for (event, work) in ledger.whole(page).await? {
                let is_meant = which.takes(
                    &event.key,
                    &event.event_id,
                    &event.event_type,
                    work.as_ref(),
                );
                if !is_meant {
                    continue;
                }
                if which.wants_body() {
                    match stack.body(&event).await {
                        Ok(body) if which.takes_body(&body) => {}
                        Ok(_) => continue,
                        Err(why) => {
                            unreadable(&event, &why);
                            continue;
                        }
                    }
                }
                let row = list::row(&event, work.as_ref());
                if as_json {
                    print::json(&row);
                } else {
                    list::say(&row);
                }
            }
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "DynamoDB tells nobody that there is a new event"
        )]
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}
