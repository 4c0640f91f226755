//! A look through the ledger, from the newest event on: which it shows, how far it came, and whether it may go on.

use std::collections::VecDeque;

use landfall_aws::{
    clock::SystemClock,
    operator::{Along, Ledger, Of, Span, Walk},
};
use protocol::{
    ledger::{EventRecord, Work},
    ports::{Clock as _, Position},
    time::{Millis, UnixMillis},
};

use super::{cursor, which::Which};
use crate::{args::GivenSpan, consent, escape, failure::Failure, print, stack::Stack};

/// How many events are read at once: both items of each are one call.
const AT_ONCE: usize = 50;

/// How far is looked back where nobody says, and not only trouble is looked for.
const BACK: Millis = Millis(3_600_000);

/// A look at the events of some time that are meant.
pub(crate) struct Look<'a> {
    stack: &'a Stack,
    which: &'a Which<'a>,
    ledger: Ledger,
    walk: Walk,
    /// What is meant of what was read.
    ahead: VecDeque<Seen>,
    /// The last event that was looked at.
    last: Option<Position>,
    budget: Budget,
}

/// An event that is meant.
pub(crate) struct Seen {
    pub(crate) event: EventRecord,
    pub(crate) work: Option<Work>,
    /// The payload, where it had to be read.
    pub(crate) body: Option<Vec<u8>>,
}

/// How many entries of the index may be looked through.
struct Budget {
    /// Without asking once more.
    entries: usize,
    step: usize,
    asks: Asks,
}

/// What becomes of a look that has come to the end of its budget.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// It asks at a terminal, and ends elsewhere.
    OrEnds,
    /// It asks at a terminal, and elsewhere it is a fault that nobody can be asked.
    OrFails,
    /// It goes on: that was said before.
    Nobody,
}

/// Tells of a payload that can't be read: the others can.
pub(crate) fn unreadable(event: &EventRecord, why: &Failure) {
    print::note(&format!(
        "the payload of {} can't be looked at: {why}",
        escape::value(&event.event_id)
    ));
}

impl<'a> Look<'a> {
    pub(crate) async fn new(
        stack: &'a Stack,
        which: &'a Which<'a>,
        given: &GivenSpan,
        asks: Asks,
    ) -> Result<Self, Failure> {
        let now = SystemClock.now();
        let zone = &print::manner().zone;
        let along = which.along();
        let since = match &given.since {
            Some(since) => since.at(now, zone),
            None if matches!(along, Along::Time) => now.plus(Millis(-BACK.0)),
            None => UnixMillis(0),
        };
        let span = Span {
            since,
            until: given.until.as_ref().map(|until| until.at(now, zone)),
            behind: given.cursor.as_deref().map(cursor::read).transpose()?,
        };
        let of = match which.sources() {
            [] => Of::All,
            sources => Of::Sources(sources),
        };
        let ledger = stack.deployed.ledger()?;
        let walk = ledger.walk(along, of, span).await?;
        let step = usize::try_from(given.scan).unwrap_or(usize::MAX);
        Ok(Self {
            stack,
            which,
            ledger,
            walk,
            ahead: VecDeque::new(),
            last: None,
            budget: Budget {
                entries: step,
                step,
                asks,
            },
        })
    }

    /// The next event that is meant. `None`: there is none, or it may look no further.
    pub(crate) async fn next(&mut self) -> Result<Option<Seen>, Failure> {
        loop {
            if let Some(seen) = self.ahead.pop_front() {
                return Ok(Some(seen));
            }
            if self.walk.is_at_its_end() || !self.may_go_on()? {
                return Ok(None);
            }
            let page = self.walk.look(AT_ONCE, self.budget.entries).await?;
            if let Some(last) = page.last() {
                self.last = Some(last.clone());
            }
            for (event, work) in self.ledger.whole(&page).await? {
                let which = self.which;
                if !which.takes(
                    &event.key,
                    &event.event_id,
                    &event.event_type,
                    work.as_ref(),
                ) {
                    continue;
                }
                let mut body = None;
                if which.wants_body() {
                    match self.stack.body(&event).await {
                        Ok(bytes) if which.takes_body(&bytes) => body = Some(bytes),
                        Ok(_) => continue,
                        Err(why) => {
                            unreadable(&event, &why);
                            continue;
                        }
                    }
                }
                self.ahead.push_back(Seen { event, work, body });
            }
        }
    }

    /// How many entries of the index were looked through.
    pub(crate) fn entries(&self) -> usize {
        self.walk.entries()
    }

    /// Where another look can go on, if there may be more behind this event, or behind all that was looked at.
    pub(crate) fn cursor(&self, shown: Option<&Seen>) -> Option<String> {
        if !self.ahead.is_empty() {
            // What was read and isn't shown comes again.
            let seen = shown?;
            return Some(cursor::written(&Position {
                received_at: seen.event.received_at,
                key: seen.event.key.clone(),
            }));
        }
        // Much may have been looked through of which nothing was wanted.
        let place = self.walk.place()?;
        let behind = self
            .last
            .clone()
            .map_or(place.clone(), |last| last.min(place));
        Some(cursor::written(&behind))
    }

    /// How far it came, for a person.
    pub(crate) fn in_words(&self) -> String {
        let place = self
            .walk
            .place()
            .filter(|place| place.received_at < UnixMillis(i64::MAX));
        match place.map(|place| print::time(place.received_at)) {
            Some(back) => format!("{} events were looked at, back to {back}", self.entries()),
            None => format!("{} events were looked at", self.entries()),
        }
    }

    /// Whether it may go on; asks where its budget is at its end.
    fn may_go_on(&mut self) -> Result<bool, Failure> {
        if self.walk.entries() < self.budget.entries {
            return Ok(true);
        }
        let can_ask = print::can_ask();
        let more = self.budget.entries.max(self.budget.step);
        let goes_on = match self.budget.asks {
            Asks::Nobody => true,
            Asks::OrEnds if !can_ask => false,
            Asks::OrEnds | Asks::OrFails => {
                let asked = format!("look at {more} more ({})", self.in_words());
                consent::given(&asked, false)?
            }
        };
        if goes_on {
            self.budget.entries = self.budget.entries.saturating_add(more);
        }
        Ok(goes_on)
    }
}
