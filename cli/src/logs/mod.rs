//! `landfall logs`: what the functions have logged, of all, of a source or of one event.

pub(crate) mod read;
mod which;
pub(crate) mod words;

use std::{collections::BTreeSet, process::ExitCode, time::Duration};

use landfall_aws::{
    clock::SystemClock,
    operator::{FUNCTIONS, LogLine, OPERATORS},
};
use protocol::{
    ports::Clock as _,
    time::{Millis, UnixMillis},
};

use self::{
    read::{Read, parsed, read_of},
    which::Which,
};
use crate::{
    args::{GivenLogs, GivenStack},
    failure::Failure,
    print,
    stack::{Deployed, block_on},
};

/// How long is waited between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

/// How late CloudWatch Logs may bring a line: it is looked that far back each time.
const LATE: Millis = Millis(60_000);

pub(crate) fn run(
    given: &GivenLogs,
    stack: &GivenStack,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    block_on(async {
        let stack = Deployed::find(stack).await?.stack;
        let which = Which {
            source: given.source.as_deref(),
            event_id: given.event_id.as_deref(),
        };
        let zone = &print::manner().zone;
        let now = SystemClock.now();
        let since = given.since.at(now, zone);
        let until = given.until.as_ref().map(|until| until.at(now, zone));
        let most = usize::try_from(given.limit).unwrap_or(usize::MAX);
        let pattern = which.pattern();
        let logs = stack.logs();
        let of: &[&'static str] = if given.operators {
            &[OPERATORS]
        } else {
            &FUNCTIONS
        };
        let Read { mut lines, more } =
            read_of(&logs, of, since, until, pattern.as_deref(), most).await?;
        lines.retain(|line| which.takes(&parsed(line)));
        for line in &lines {
            say(line, as_json);
        }
        if let Some(at) = more {
            print::note(&format!(
                "there are more: raise --limit, or go on with --since {}",
                print::time(at)
            ));
        }
        if !given.follow {
            if lines.is_empty() && more.is_none() {
                print::note("nothing was logged of it in that time; --since looks further back");
            }
            return Ok(ExitCode::from(u8::from(lines.is_empty())));
        }
        let mut seen: BTreeSet<(UnixMillis, String)> =
            lines.into_iter().map(|line| (line.at, line.id)).collect();
        loop {
            #[expect(
                clippy::disallowed_methods,
                reason = "CloudWatch Logs tells nobody that there is a new line"
            )]
            tokio::time::sleep(BETWEEN_LOOKS).await;
            let from = SystemClock.now().plus(Millis(-LATE.0)).max(since);
            let Read { mut lines, .. } =
                read_of(&logs, of, from, None, pattern.as_deref(), usize::MAX).await?;
            lines.retain(|line| which.takes(&parsed(line)));
            seen.retain(|(at, _)| *at >= from);
            for line in lines {
                if seen.insert((line.at, line.id.clone())) {
                    say(&line, as_json);
                }
            }
        }
    })
}

fn say(line: &LogLine, as_json: bool) {
    let told = parsed(line);
    if as_json {
        print::json(&told);
        return;
    }
    print::line(&format!(
        "{}  {:<8}  {}",
        print::time(line.at),
        line.function,
        words::words(&told)
    ));
}
