//! `landfall listen`: brings the events of a stack to a service on this machine, by the operator's own credentials.
//!
//! It looks as `events tail` does, and goes through what it finds in the order of receipt, one event at a time: how far it came
//! is kept after each, so that an event comes at least once.

mod cursor;
mod lag;
mod loopback;
mod replays;
mod request;

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode, time::Duration};

use catalogue::Environment;
use landfall_aws::{
    clock::SystemClock,
    operator::{Along, Of, Span},
};
use protocol::{
    ledger::EventRecord,
    ports::{Clock as _, Position},
    time::UnixMillis,
};
use serde_json::{Value, json};

use self::{
    cursor::Cursor,
    loopback::Service,
    replays::{Found, Replayed, Replays},
};
use crate::{
    args::{GivenListen, GivenStack},
    clock::span,
    escape, events,
    failure::Failure,
    print,
    routes::recorded::Recorded,
    stack::{Stack, block_on},
};

/// How long is waited between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

/// How many events are read at once.
const AT_ONCE: usize = 50;

/// How often a payload is read again that can't be read: it may be gone for good.
const MOST_READS: usize = 5;

/// The pauses before the second try, the third, and so on; the last one stays.
const PAUSES: [u64; 6] = [1, 2, 4, 8, 16, 30];

pub(crate) fn run(
    given: &GivenListen,
    stack: &GivenStack,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    block_on(async {
        let stack = Stack::find(stack).await?;
        if stack.environment == Environment::Live && !given.live {
            return Err(Failure::usage(format!(
                "the stack `{}` is of the environment live, where events are real: give --live if you mean it",
                stack.deployed.name()
            )));
        }
        let sources = given.sources.iter().map(|name| stack.source_name(name));
        let sources: Vec<&str> = sources.collect::<Result<_, _>>()?;
        let file = cursor::file(&stack, &sources)?;
        let Some(to) = &given.to else {
            return lag::run(&stack, &sources, &file, as_json).await;
        };
        let service = Service::at(to, loopback::lookup)?;
        let _lock = cursor::lock(&file)?;
        let now = SystemClock.now();
        let cursor = match &given.since {
            Some(since) => Cursor::starting(since.at(now, &print::manner().zone), now),
            None => Cursor::read(&file)?.unwrap_or_else(|| Cursor::starting(now, now)),
        };
        cursor.write(&file)?;
        let listener = Listener {
            stack: &stack,
            sources: &sources,
            service,
            file,
            skip_failed: given.skip_failed,
            as_json,
        };
        print::note(&format!(
            "what comes to {} goes to {to}, from {} on; Ctrl-C stops",
            sources.join(", "),
            print::time(cursor.events.since())
        ));
        listener.listen(cursor).await
    })
}

struct Listener<'a> {
    stack: &'a Stack,
    sources: &'a [&'a str],
    service: Service,
    /// Where the cursor is kept.
    file: PathBuf,
    skip_failed: bool,
    as_json: bool,
}

/// An event to be brought.
struct Due<'e> {
    event: &'e EventRecord,
    /// The number of its replay.
    epoch: u64,
    /// How many wait behind it, as far as is known.
    waiting: usize,
}

impl Listener<'_> {
    async fn listen(&self, mut cursor: Cursor) -> Result<ExitCode, Failure> {
        let mut replays = Replays::default();
        let (mut looks, mut failures) = (0_u64, 0_usize);
        loop {
            match self.look(&mut cursor, &mut replays).await {
                Ok(()) => (looks, failures) = (looks + 1, 0),
                // What never worked won't by itself; what did may do so again.
                Err(failure) if looks == 0 => return Err(failure),
                Err(failure) => {
                    print::standing("");
                    print::note(&format!(
                        "{}; it is tried again",
                        failure.told(print::manner().verbose)
                    ));
                    pause(failures).await;
                    failures += 1;
                    continue;
                }
            }
            cursor.looked_at = SystemClock.now();
            cursor.write(&self.file)?;
            print::standing(&format!(
                "nothing waits; looked at {}",
                print::time(cursor.looked_at)
            ));
            wait(BETWEEN_LOOKS).await;
        }
    }

    /// Brings what has come since, and what was replayed.
    async fn look(&self, cursor: &mut Cursor, replays: &mut Replays) -> Result<(), Failure> {
        let ledger = self.stack.deployed.ledger()?;
        let new = self.arrived(cursor).await?;
        let mut waiting = new.len();
        for page in new.chunks(AT_ONCE) {
            let whole = ledger.whole(page).await?;
            let mut whole: BTreeMap<String, EventRecord> = whole
                .into_iter()
                .map(|(event, _)| (event.key.to_string(), event))
                .collect();
            for at in page {
                waiting -= 1;
                let key = at.key.to_string();
                // What isn't there any more has expired.
                let event = whole.remove(&key);
                let due = event.as_ref().map(|event| Due {
                    event,
                    epoch: 0,
                    waiting,
                });
                let answer = match &due {
                    Some(due) => self.bring(due).await?,
                    None => None,
                };
                cursor.events.pass(key, at.received_at);
                cursor.write(&self.file)?;
                // Whoever reads of it can rely on its being noted.
                self.say(due, answer);
            }
        }
        let now = SystemClock.now();
        let since = cursor.replays.since();
        let found = replays
            .look(&self.stack.deployed.logs(), self.sources, since, now)
            .await;
        let Found { replayed, until } = found?;
        let mut waiting = replayed.len();
        for Replayed {
            at,
            source,
            event_id,
            epoch,
        } in replayed
        {
            waiting -= 1;
            let Some(found) = ledger.find(&source, &event_id).await? else {
                continue;
            };
            // Several routes of one replay have a line each.
            let name = format!("{}@{epoch}", found.event.key);
            if !cursor.replays.knows(&name) {
                let due = Due {
                    event: &found.event,
                    epoch,
                    waiting,
                };
                let answer = self.bring(&due).await?;
                cursor.replays.pass(name, at);
                cursor.write(&self.file)?;
                self.say(Some(due), answer);
            }
        }
        cursor.replays.pass_all(until);
        Ok(())
    }

    /// What has come since, the oldest first.
    async fn arrived(&self, cursor: &Cursor) -> Result<Vec<Position>, Failure> {
        let ledger = self.stack.deployed.ledger()?;
        let span = Span::since(cursor.events.since());
        let mut walk = ledger
            .walk(Along::Time, Of::Sources(self.sources), span)
            .await?;
        let mut new = Vec::new();
        loop {
            let page = walk.next(AT_ONCE).await?;
            if page.is_empty() {
                break;
            }
            let is_new = |at: &Position| !cursor.events.has(&at.key.to_string(), at.received_at);
            new.extend(page.into_iter().filter(is_new));
        }
        new.reverse();
        Ok(new)
    }

    /// Brings an event, however long that takes. `None`: it isn't one that can be brought.
    async fn bring(&self, due: &Due<'_>) -> Result<Option<loopback::Answer>, Failure> {
        let Due {
            event,
            epoch,
            waiting,
        } = *due;
        let id = escape::value(&event.event_id);
        let mut reads = 0;
        let body = loop {
            let why = match self.stack.body(event).await {
                Ok(body) => break body,
                Err(why) => why,
            };
            print::standing("");
            if reads == MOST_READS {
                print::note(&format!(
                    "{id} is left out, for its payload can't be read: {why}"
                ));
                return Ok(None);
            }
            print::note(&format!(
                "the payload of {id} can't be read: {why}; it is tried again"
            ));
            pause(reads).await;
            reads += 1;
        };
        let recorded = Recorded { event, body: &body };
        if recorded.no_event(&self.stack.configured).is_some() {
            return Ok(None);
        }
        for tries in 0_usize.. {
            let attempt = u64::try_from(tries).unwrap_or(u64::MAX).saturating_add(1);
            let answer = self
                .service
                .post(&request::headers(event, epoch, attempt), &body);
            print::standing("");
            let why = match answer {
                Ok(answer) if answer.status / 100 == 2 || self.skip_failed => {
                    return Ok(Some(answer));
                }
                Ok(answer) => format!("the service answered {}", answer.status),
                Err(error) => format!("the service doesn't answer ({error})"),
            };
            let lag = SystemClock.now().since(event.received_at);
            print::note(&format!(
                "{id} of {}: {why}; it is sent again in {} s. Received {} ago, {waiting} more wait",
                event.key.source(),
                seconds(tries),
                span(lag.0)
            ));
            pause(tries).await;
        }
        Ok(None)
    }

    fn say(&self, due: Option<Due<'_>>, answer: Option<loopback::Answer>) {
        let Some((due, answer)) = due.zip(answer) else {
            return;
        };
        let told = told(&due, &answer, SystemClock.now());
        if self.as_json {
            print::json(&told);
            return;
        }
        let text = |name: &str| told[name].as_str().unwrap_or_default();
        let replay = match due.epoch {
            0 => String::new(),
            epoch => format!("  replay {epoch}"),
        };
        let passed = if told["taken"] == true {
            ""
        } else {
            "  passed"
        };
        print::line(&format!(
            "{}  {}  {}  {}{replay}  {}{passed} in {} ms  received {} ago, {} wait",
            print::time(due.event.received_at),
            text("source"),
            escape::value(text("event_id")),
            escape::value(text("event_type")),
            told["status"],
            told["ms"],
            span(told["lag_ms"].as_i64().unwrap_or_default()),
            due.waiting
        ));
    }
}

fn told(due: &Due<'_>, answer: &loopback::Answer, now: UnixMillis) -> Value {
    let Due {
        event,
        epoch,
        waiting,
    } = due;
    let mut told = events::named(event);
    told["replay"] = json!(epoch);
    told["status"] = json!(answer.status);
    told["taken"] = json!(answer.status / 100 == 2);
    told["ms"] = json!(answer.took.as_millis());
    told["lag_ms"] = json!(now.since(event.received_at));
    told["waiting"] = json!(waiting);
    told
}

/// For how long is waited after so many tries before this one.
fn seconds(tries: usize) -> u64 {
    PAUSES[tries.min(PAUSES.len() - 1)]
}

async fn pause(tries: usize) {
    wait(Duration::from_secs(seconds(tries))).await;
}

#[expect(
    clippy::disallowed_methods,
    reason = "neither DynamoDB nor a service that fails says when it is time to look again"
)]
async fn wait(length: Duration) {
    tokio::time::sleep(length).await;
}

#[cfg(test)]
mod tests {
    use support::records;

    use super::*;

    #[test]
    fn pauses_grow_to_half_a_minute() {
        let all: Vec<u64> = (0..8).map(seconds).collect();
        assert_eq!(all, [1, 2, 4, 8, 16, 30, 30, 30]);
    }

    #[test]
    fn what_was_brought_says_how_far_it_is_behind() {
        let event = records::event("github", "1");
        let due = Due {
            event: &event,
            epoch: 2,
            waiting: 7,
        };
        let answer = loopback::Answer {
            status: 404,
            took: Duration::from_millis(12),
        };
        let told = told(&due, &answer, UnixMillis(event.received_at.0 + 1_500));
        assert_eq!(
            (&told["lag_ms"], &told["waiting"]),
            (&json!(1_500), &json!(7))
        );
        assert_eq!(
            (&told["replay"], &told["taken"]),
            (&json!(2), &json!(false))
        );
    }
}
