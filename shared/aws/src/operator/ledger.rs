//! The ledger as an operator reads it: what came in, what of it is in trouble, and one event by its id.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use protocol::{
    fault::Fault,
    ledger::{EventKey, EventRecord, Life, Trouble, Work, partition},
    ports::{Claims as _, Entry, Position, Reads},
    reason::Reason,
    time::UnixMillis,
};
use webhook::event::Search;

use super::{
    newest::{Newest, NextPage},
    wanted::Wanted,
};
use crate::{
    codec::{self, Item, name, sort},
    fault, items, ledger,
    shards::Shards,
};

/// How many entries of the index are looked through for an event whose key has a digest behind its id: some seventy
/// calls, and a tenth of a cent.
const SEARCH: usize = 1_000_000;

/// How many entries of the index are read in one call, where all are wanted; and where those are that begin so.
const PAGE: usize = 500;
const ENTRIES: i32 = 14_000;

/// The ledger of a stack. Reads only.
#[derive(Clone, Debug)]
pub struct Ledger {
    client: Client,
    table: String,
    index: String,
    troubles: String,
    shards: u32,
}

/// Along which index is walked.
#[derive(Clone, Copy, Debug)]
pub enum Along<'a> {
    /// All events.
    Time,
    /// Those that are in one of these troubles, and no others: it costs what they are, and not what was received.
    Trouble(&'a [Trouble]),
    /// Those of them of which a part was given up for this reason; the others' entries are read, and their items are not.
    Reason(&'a [Trouble], Reason),
}

/// The events of which time are walked through, and from where on.
#[derive(Clone, Debug)]
pub struct Span {
    /// Received at or after this.
    pub since: UnixMillis,
    /// Received at or before this.
    pub until: Option<UnixMillis>,
    /// Those that come behind this one.
    pub behind: Option<Position>,
}

/// Whose events are walked through. The index has those of all sources in one order, so that whoever wants some reads
/// past the others.
#[derive(Clone, Copy, Debug)]
pub enum Of<'a> {
    /// All.
    All,
    /// Those of these sources.
    Sources(&'a [&'a str]),
}

/// A way through events, from the newest on.
#[derive(Debug)]
pub struct Walk {
    ledger: Ledger,
    index: String,
    by: Attributes,
    wanted: Wanted,
    span: Span,
    newest: Newest,
    entries: usize,
}

/// An event, whole.
#[derive(Clone, Debug)]
pub struct Found {
    /// The event.
    pub event: EventRecord,
    /// The work of this life, once it was claimed.
    pub work: Option<Work>,
    /// Whether others came under its id, with other bodies; this one is the newest.
    pub has_others: bool,
}

impl Ledger {
    /// `shards` is how many the stack has now; it may have had more.
    pub(super) fn new(
        client: Client,
        table: &str,
        index: &str,
        troubles: &str,
        shards: u32,
    ) -> Self {
        Self {
            client,
            table: table.to_owned(),
            index: index.to_owned(),
            troubles: troubles.to_owned(),
            shards,
        }
    }

    /// The events of this time, to be walked through from the newest.
    pub async fn walk(&self, along: Along<'_>, of: Of<'_>, span: Span) -> Result<Walk, Fault> {
        let beginnings = match of {
            Of::All => Vec::new(),
            Of::Sources(names) => names.iter().map(|name| format!("{name}#")).collect(),
        };
        self.walk_through(along, beginnings, span).await
    }

    async fn walk_through(
        &self,
        along: Along<'_>,
        beginnings: Vec<String>,
        span: Span,
    ) -> Result<Walk, Fault> {
        let most = Shards::new(self.client.clone(), &self.table).most().await?;
        let shards = (0..most.max(self.shards)).map(partition);
        let (index, by, partitions): (_, _, Vec<String>) = match along {
            Along::Time => (&self.index, Attributes::TIME, shards.collect()),
            Along::Trouble(troubles) | Along::Reason(troubles, _) => {
                let of_shard = |shard: String| {
                    let troubles = troubles.iter();
                    troubles.map(move |trouble| codec::trouble_partition(*trouble, &shard))
                };
                let partitions = shards.flat_map(of_shard).collect();
                (&self.troubles, Attributes::TROUBLE, partitions)
            }
        };
        let reason = match along {
            Along::Reason(_, reason) => Some(reason),
            Along::Time | Along::Trouble(_) => None,
        };
        Ok(Walk {
            ledger: self.clone(),
            index: index.clone(),
            by,
            wanted: Wanted { beginnings, reason },
            span,
            newest: Newest::new(partitions.into_iter()),
            entries: 0,
        })
    }

    /// These events, whole, but for bodies that are elsewhere.
    pub async fn whole(&self, at: &[Position]) -> Result<Vec<(EventRecord, Option<Work>)>, Fault> {
        let mut works = BTreeMap::new();
        let mut events = BTreeMap::new();
        for item in self.read_both(at, &[]).await? {
            let key = codec::read_key(&item)?;
            match codec::text(&item, name::SK)? {
                sort::WORK => drop(works.insert(key, codec::read_work(&item)?)),
                _ => drop(events.insert(key, codec::read_event(&item)?)),
            }
        }
        let of_key = |Position { key, .. }: &Position| {
            let event = events.remove(key)?;
            let work = of_life(works.remove(key), event.life());
            Some((event, work))
        };
        Ok(at.iter().filter_map(of_key).collect())
    }

    async fn read_both(&self, at: &[Position], attributes: &[&str]) -> Result<Vec<Item>, Fault> {
        let keys = at.iter().flat_map(|Position { key, .. }| {
            let key = key.to_string();
            [sort::EVENT, sort::WORK].map(|sort| codec::primary(&key, sort))
        });
        let asked = items::Asked {
            step: "reading events",
            attributes,
            reads: Reads::Strongly,
        };
        items::read(&self.client, &self.table, keys.collect(), asked).await
    }

    /// The event of this id; the id may be the key under which the ledger has it, too.
    pub async fn find(&self, source: &str, id: &str) -> Result<Option<Found>, Fault> {
        let search = Search::new(source, id);
        for key in search.keys() {
            if let Some(found) = self.read(&key, false).await? {
                return Ok(Some(found));
            }
        }
        let beginnings = search.keys().map(|key| format!("{key}#")).collect();
        let all = Span::since(UnixMillis(0));
        let mut walk = self.walk_through(Along::Time, beginnings, all).await?;
        let mut found = Vec::new();
        // Two, for it is to be said whether there are others.
        while found.len() < 2 && walk.entries < SEARCH {
            let page = walk.look(1, SEARCH).await?;
            if page.is_empty() {
                break;
            }
            found.extend(page.into_iter().filter(|at| search.matches(&at.key)));
        }
        match found.first() {
            Some(Position { key, .. }) => self.read(key, found.len() > 1).await,
            None => Ok(None),
        }
    }

    async fn read(&self, key: &EventKey, has_others: bool) -> Result<Option<Found>, Fault> {
        let ledger = ledger::Ledger::new(self.client.clone(), &self.table, self.shards);
        let Entry { event, work } = ledger.read(key).await?;
        Ok(event.map(|event| Found {
            work: of_life(work, event.life()),
            event,
            has_others,
        }))
    }
}

impl Walk {
    /// So many events more, the newest first; fewer only where there are no more.
    pub async fn next(&mut self, most: usize) -> Result<Vec<Position>, Fault> {
        self.look(most, usize::MAX).await
    }

    /// How many entries of the index were looked through so far.
    #[must_use]
    pub const fn entries(&self) -> usize {
        self.entries
    }

    /// A place before all that wasn't taken yet, though something that was may stand behind it. `None`: all was.
    #[must_use]
    pub fn place(&self) -> Option<Position> {
        let time = |item: &Item| codec::number(item, self.by.time).ok().map(UnixMillis);
        let latest = || self.newest.latest(time).unwrap_or_else(|| self.span.last());
        (!self.is_at_its_end()).then(|| Position {
            received_at: latest(),
            // Behind it in its moment is every key: no source's name has such a letter.
            key: EventKey::new("~", "~"),
        })
    }

    /// Whether all there is was taken.
    #[must_use]
    pub fn is_at_its_end(&self) -> bool {
        self.newest.is_at_its_end()
    }

    /// The same, as long as no more entries than these were looked through.
    pub async fn look(&mut self, most: usize, entries: usize) -> Result<Vec<Position>, Fault> {
        let mut taken = Vec::new();
        while taken.len() < most {
            if let Some((at, partition, from)) = self.newest.wanting() {
                if self.entries >= entries {
                    break;
                }
                let (page, next, looked) = self.read_page(partition, from, most).await?;
                self.newest.give(at, page, next);
                self.entries += looked;
                continue;
            }
            match self.newest.take() {
                Some(position) => taken.push(position),
                None => break,
            }
        }
        Ok(taken)
    }

    async fn read_page(
        &self,
        partition: &str,
        from: &NextPage,
        most: usize,
    ) -> Result<(Vec<Position>, NextPage, usize), Fault> {
        let start = match from {
            NextPage::First => None,
            NextPage::After(key) => Some(key.clone()),
            NextPage::No => return Ok((Vec::new(), NextPage::No, 0)),
        };
        let limit = if self.wanted.is_all() {
            // One more, by which it is known whether several were received at once.
            i32::try_from((most + 1).min(PAGE)).unwrap_or(i32::MAX)
        } else {
            ENTRIES
        };
        let until = self.span.last();
        // DynamoDB refuses a range that ends before it begins.
        if until < self.span.since {
            return Ok((Vec::new(), NextPage::No, 0));
        }
        let mut query = self
            .ledger
            .client
            .query()
            .table_name(&self.ledger.table)
            .index_name(&self.index)
            .key_condition_expression("#partition = :partition AND #time BETWEEN :since AND :until")
            .expression_attribute_names("#partition", self.by.partition)
            .expression_attribute_names("#time", self.by.time)
            .expression_attribute_values(":partition", codec::s(partition))
            .expression_attribute_values(":since", codec::n(self.span.since.0))
            .expression_attribute_values(":until", codec::n(until.0))
            .scan_index_forward(false)
            .limit(limit)
            .set_exclusive_start_key(start);
        if let Some(filter) = self.wanted.filter() {
            query = query.filter_expression(filter.expression);
            for (name, attribute) in filter.names {
                query = query.expression_attribute_names(name, attribute);
            }
            for (name, value) in filter.values {
                query = query.expression_attribute_values(name, value);
            }
        }
        let page = query
            .send()
            .await
            .map_err(|error| fault::of("reading the index", &error))?;
        let wanted = |position: &Position| {
            let key = position.key.to_string();
            self.wanted.has(&key)
                && self
                    .span
                    .behind
                    .as_ref()
                    .is_none_or(|behind| position < behind)
        };
        let entry = |item: &Item| codec::read_entry(item, self.by.time);
        let read: Result<Vec<_>, _> = page.items().iter().map(entry).collect();
        let read = read?.into_iter().filter(wanted).collect();
        let looked = usize::try_from(page.scanned_count).unwrap_or_default();
        let next = page.last_evaluated_key;
        Ok((read, next.map_or(NextPage::No, NextPage::After), looked))
    }
}

/// By which attributes an index has its entries.
#[derive(Clone, Copy, Debug)]
struct Attributes {
    partition: &'static str,
    time: &'static str,
}

impl Attributes {
    const TIME: Self = Self {
        partition: name::SHARD,
        time: name::RECEIVED_AT,
    };
    const TROUBLE: Self = Self {
        partition: name::TROUBLE,
        time: name::LIFE,
    };
}

impl Span {
    /// All that was received since then.
    #[must_use]
    pub const fn since(since: UnixMillis) -> Self {
        Self {
            since,
            until: None,
            behind: None,
        }
    }

    /// The last moment that can be meant.
    fn last(&self) -> UnixMillis {
        let behind = self.behind.as_ref().map(|behind| behind.received_at);
        let ends = [self.until, behind];
        ends.into_iter()
            .flatten()
            .min()
            .unwrap_or(UnixMillis(i64::MAX))
    }
}

/// The work of an older life says nothing of this one.
fn of_life(work: Option<Work>, life: Life) -> Option<Work> {
    work.filter(|work| work.life == life)
}
