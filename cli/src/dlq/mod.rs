//! `landfall dlq`: the letters of what was given up. They are listed, put back into the queue, or taken away.

mod which;

use std::process::ExitCode;

use futures_util::{StreamExt as _, stream};
use landfall_aws::{
    clock::SystemClock,
    operator::{Letter, Letters},
};
use protocol::{
    fault::Fault,
    ledger::EventKey,
    ports::Clock as _,
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};

use self::which::{Which, reason};
use crate::{
    args::{Dlq, GivenLetters, GivenStack},
    consent,
    deed::{self, Filter, Outcome},
    escape,
    failure::Failure,
    print,
    sample::iso,
    stack::{Stack, block_on},
};

/// How many letters are moved at once.
const AT_ONCE: usize = 16;

/// How many letters are shown of those that are meant, before somebody is asked.
const SAMPLE: usize = 5;

pub(crate) fn run(asked: &Dlq, stack: &GivenStack, as_json: bool) -> Result<ExitCode, Failure> {
    block_on(async {
        let stack = Stack::find(stack).await?;
        let queue = stack.deployed.letters()?;
        match asked {
            Dlq::List { which } => {
                let found = Taken::of(&queue, which).await?;
                queue.release(found.all()).await?;
                list(&found, as_json);
                Ok(status(&found.meant))
            }
            Dlq::Show { source, event_id } => {
                let which = GivenLetters {
                    source: Some(source.clone()),
                    event_id: Some(event_id.clone()),
                    limit: u32::MAX,
                    ..GivenLetters::default()
                };
                let found = Taken::of(&queue, &which).await?;
                queue.release(found.all()).await?;
                show(&found.meant, as_json);
                Ok(status(&found.meant))
            }
            Dlq::Redrive { which, yes } => {
                let mut found = Taken::of(&queue, which).await?;
                let (can, cannot) = (found.meant.into_iter())
                    .partition::<Vec<_>, _>(|letter| letter.ticket.is_some());
                found.meant = can;
                if !cannot.is_empty() {
                    print::note(&format!(
                        "{} no ticket of Landfall's and can't go back; `landfall dlq discard --reason malformed` takes such \
                         letters away",
                        counted(cannot.len(), "letter is", "letters are")
                    ));
                }
                found.others.extend(cannot);
                act(&stack, which, found, Deed::Redrive, *yes, as_json).await
            }
            Dlq::Discard { which, yes } => {
                let found = Taken::of(&queue, which).await?;
                act(&stack, which, found, Deed::Discard, *yes, as_json).await
            }
        }
    })
}

/// What becomes of letters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Redrive,
    Discard,
}

/// Letters that are in this process's hands.
struct Taken {
    meant: Vec<Letter>,
    others: Vec<Letter>,
    now: UnixMillis,
}

impl Taken {
    async fn of(queue: &Letters, given: &GivenLetters) -> Result<Self, Failure> {
        let limit = usize::try_from(given.limit).unwrap_or(usize::MAX);
        let count = queue.count().await?;
        let letters = queue.take(limit).await?;
        if letters.len() >= limit {
            print::note(&format!(
                "{} were looked at, of about {}; --limit looks at more",
                counted(letters.len(), "letter", "letters"),
                count.there
            ));
        }
        if count.in_hand > 0 {
            print::note(&format!(
                "about {} in the hands of somebody else now, and not among these",
                counted(
                    usize::try_from(count.in_hand).unwrap_or(usize::MAX),
                    "letter is",
                    "letters are"
                )
            ));
        }
        let now = SystemClock.now();
        let which = Which { given, now };
        let (meant, others) = letters
            .into_iter()
            .partition(|letter| which.includes(letter));
        Ok(Self { meant, others, now })
    }

    fn all(&self) -> impl Iterator<Item = &Letter> {
        self.meant.iter().chain(&self.others)
    }
}

async fn act(
    stack: &Stack,
    which: &GivenLetters,
    found: Taken,
    deed: Deed,
    yes: bool,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let queue = &stack.deployed.letters()?;
    queue.release(&found.others).await?;
    let count = found.meant.len();
    if count == 0 {
        report(deed, 0, as_json);
        return Ok(ExitCode::FAILURE);
    }
    if !yes {
        for letter in found.meant.iter().take(SAMPLE) {
            print::note(&summary(letter));
        }
        if count > SAMPLE {
            print::note(&format!("and {} more", count - SAMPLE));
        }
    }
    let letters = counted(count, "letter", "letters");
    let asked = match deed {
        Deed::Redrive => format!("put {letters} back into the queue"),
        Deed::Discard => format!("take {letters} away for good"),
    };
    match consent::given(&asked, yes) {
        Ok(true) => {}
        refused => {
            queue.release(&found.meant).await?;
            return refused.map(|_| ExitCode::FAILURE);
        }
    }
    let noted = deed::Deed {
        what: match deed {
            Deed::Redrive => "redrive",
            Deed::Discard => "discard",
        },
        filter: filter(which),
        count,
    };
    noted.note(stack, Outcome::Begun).await;
    let each = found.meant.iter().map(|letter| async move {
        match deed {
            Deed::Redrive => queue.redrive(letter, found.now).await.map(|_| ()),
            Deed::Discard => queue.discard(letter).await,
        }
    });
    let done: Vec<Result<(), Fault>> = stream::iter(each).buffer_unordered(AT_ONCE).collect().await;
    let failed: Vec<&Fault> = done.iter().filter_map(|done| done.as_ref().err()).collect();
    report(deed, count - failed.len(), as_json);
    let outcome = match failed.first() {
        None => Ok(()),
        Some(fault) => Err(Failure::trouble(format!(
            "{} of {count} letters not done: {fault}. Run the command again: a letter that went back twice asks once",
            failed.len()
        ))),
    };
    noted.note(stack, Outcome::of(&outcome)).await;
    outcome.map(|()| ExitCode::SUCCESS)
}

/// What was asked for, as it is noted.
fn filter(which: &GivenLetters) -> Filter {
    let seconds = |length: Option<Millis>| length.map(|length| length.0 / 1_000);
    Filter::default()
        .with("source", which.source.clone())
        .with("event_id", which.event_id.clone())
        .with("reason", which.reason.clone())
        .with("route", which.route.clone())
        .with("older_than_seconds", seconds(which.older_than))
        .with("newer_than_seconds", seconds(which.newer_than))
}

fn report(deed: Deed, count: usize, as_json: bool) {
    let done = match deed {
        Deed::Redrive => "redriven",
        Deed::Discard => "discarded",
    };
    if as_json {
        print::json(&json!({ done: count }));
    } else {
        let letters = counted(count, "letter", "letters");
        print::line(&format!("{letters} {done}"));
    }
}

fn list(found: &Taken, as_json: bool) {
    if as_json {
        print::json(&found.meant.iter().map(told).collect());
        return;
    }
    let text = |text: Option<&str>| text.unwrap_or("-").to_owned();
    let rows = found.meant.iter().map(|letter| {
        let key = letter.ticket.as_ref().map(|ticket| &ticket.key);
        [
            print::time(letter.sent_at),
            text(key.map(EventKey::source)),
            text(key.map(EventKey::id)),
            text(letter.route.as_deref()),
            reason(letter).to_owned(),
            (letter.attempts).map_or_else(|| "-".to_owned(), |count| count.to_string()),
            text(letter.error.as_deref()),
        ]
    });
    let headings = [
        "written", "source", "event id", "route", "reason", "attempts", "error",
    ];
    print::table(headings, &rows.collect::<Vec<_>>());
}

fn show(letters: &[Letter], as_json: bool) {
    if as_json {
        print::json(&letters.iter().map(told).collect());
        return;
    }
    for (at, letter) in letters.iter().enumerate() {
        if at > 0 {
            print::line("");
        }
        let mut rows = vec![
            ("letter".to_owned(), letter.id.clone()),
            ("written".to_owned(), print::time(letter.sent_at)),
            ("reason".to_owned(), reason(letter).to_owned()),
        ];
        let said = [
            ("route", letter.route.clone()),
            (
                "attempts",
                letter.attempts.map(|attempts| attempts.to_string()),
            ),
            ("error", letter.error.clone()),
            ("ticket", Some(letter.body.clone())),
        ];
        let said = said
            .into_iter()
            .filter_map(|(label, text)| Some((label.to_owned(), text?)));
        rows.extend(said);
        print::pairs(&rows);
    }
}

fn told(letter: &Letter) -> Value {
    let ticket = letter.ticket.as_ref();
    json!({
        "message_id": letter.id,
        "written": iso(letter.sent_at),
        "source": ticket.map(|ticket| ticket.key.source()),
        "event_id": ticket.map(|ticket| ticket.key.id()),
        "route": letter.route,
        "reason": reason(letter),
        "attempts": letter.attempts,
        "error": letter.error,
        "ticket": letter.body,
    })
}

fn summary(letter: &Letter) -> String {
    let of = letter.ticket.as_ref().map_or_else(
        || "no ticket".to_owned(),
        |ticket| {
            format!(
                "{} {}",
                escape::value(ticket.key.source()),
                escape::value(ticket.key.id())
            )
        },
    );
    let route = letter.route.as_deref();
    let route = route.map_or(String::new(), |route| {
        format!(", route {}", escape::value(route))
    });
    format!("{of}{route}: {}", escape::value(reason(letter)))
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn status(letters: &[Letter]) -> ExitCode {
    ExitCode::from(u8::from(letters.is_empty()))
}
