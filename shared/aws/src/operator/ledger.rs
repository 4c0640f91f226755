//! The ledger as an operator reads it: what came in lately, in short or whole, and one event by its id.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use protocol::{
    fault::Fault,
    ledger::{EventKey, EventRecord, Life, Work, partition},
    ports::{Claims as _, Entry, Position},
    time::UnixMillis,
};
use webhook::event::Search;

use super::newest::{Newest, NextPage};
use crate::{
    codec::{self, Item, name, sort},
    fault, items, ledger,
};

/// How many entries of the index are looked through for an event whose key has a digest behind its id.
const SEARCH: usize = 10_000;

/// How many entries of the index are read in one call.
const PAGE: usize = 500;

/// What is read for a summary: of the event what names it, and its work whole.
const SUMMARY: [&str; 13] = [
    name::PK,
    name::SK,
    name::EVENT_ID,
    name::EVENT_TYPE,
    name::RECEIVED_AT,
    name::LIFE,
    name::STATE,
    name::ATTEMPT,
    name::UNTIL,
    name::LEGS,
    name::ALL,
    name::TOKEN,
    name::EXPIRES_AT,
];

/// The ledger of a stack. Reads only.
#[derive(Clone, Debug)]
pub struct Ledger {
    client: Client,
    table: String,
    index: String,
    shards: u32,
}

/// A way through the events of some sources, from the newest on.
#[derive(Debug)]
pub struct Walk {
    ledger: Ledger,
    after: UnixMillis,
    newest: Newest,
}

/// An event in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Where the ledger keeps it.
    pub key: EventKey,
    /// The id as the provider gave it.
    pub event_id: String,
    /// The type as the provider gave it.
    pub event_type: String,
    /// When it was received.
    pub received_at: UnixMillis,
    /// The work of this life, once it was claimed.
    pub work: Option<Work>,
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
    pub(super) fn new(client: Client, table: &str, index: &str, shards: u32) -> Self {
        Self {
            client,
            table: table.to_owned(),
            index: index.to_owned(),
            shards,
        }
    }

    /// The events of these sources that were received at or after this time, to be walked through from the newest.
    #[must_use]
    pub fn walk<'s>(&self, sources: impl Iterator<Item = &'s str>, after: UnixMillis) -> Walk {
        let shards = self.shards;
        let partitions = sources
            .flat_map(|source| (0..shards).map(move |shard| partition(source, shard)))
            .collect::<Vec<_>>();
        Walk {
            ledger: self.clone(),
            after,
            newest: Newest::new(partitions.into_iter()),
        }
    }

    /// These events in short. The index may still name one that has gone.
    pub async fn summaries(&self, at: &[Position]) -> Result<Vec<Summary>, Fault> {
        let mut works = BTreeMap::new();
        let mut events = BTreeMap::new();
        for item in self.read_both(at, &SUMMARY).await? {
            let key = codec::read_key(&item)?;
            match codec::text(&item, name::SK)? {
                sort::WORK => drop(works.insert(key, codec::read_work(&item)?)),
                _ => drop(events.insert(key, item)),
            }
        }
        let of_key = |Position { key, .. }: &Position| {
            let event = events.get(key)?;
            Some(summary(works.remove(key), event, key.clone()))
        };
        at.iter().filter_map(of_key).collect()
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
        let step = "reading events";
        items::read(&self.client, &self.table, keys.collect(), attributes, step).await
    }

    /// The event of this id; the id may be the key under which the ledger has it, too.
    pub async fn find(&self, source: &str, id: &str) -> Result<Option<Found>, Fault> {
        let search = Search::new(source, id);
        for key in search.keys() {
            if let Some(found) = self.read(&key, false).await? {
                return Ok(Some(found));
            }
        }
        let mut found = Vec::new();
        let mut walk = self.walk(std::iter::once(source), UnixMillis(0));
        for _ in 0..SEARCH / PAGE {
            let page = walk.next(PAGE).await?;
            let is_last = page.len() < PAGE;
            found.extend(page.into_iter().filter(|at| search.matches(&at.key)));
            if is_last || found.len() > 1 {
                break;
            }
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
        let mut taken = Vec::new();
        while taken.len() < most {
            if let Some((at, partition, from)) = self.newest.wanting() {
                let (page, next) = self.read_page(partition, from, most).await?;
                self.newest.give(at, page, next);
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
    ) -> Result<(Vec<Position>, NextPage), Fault> {
        let start = match from {
            NextPage::First => None,
            NextPage::After(key) => Some(key.clone()),
            NextPage::No => return Ok((Vec::new(), NextPage::No)),
        };
        let page = self
            .ledger
            .client
            .query()
            .table_name(&self.ledger.table)
            .index_name(&self.ledger.index)
            .key_condition_expression("#shard = :shard AND #received_at >= :after")
            .expression_attribute_names("#shard", name::SHARD)
            .expression_attribute_names("#received_at", name::RECEIVED_AT)
            .expression_attribute_values(":shard", codec::s(partition))
            .expression_attribute_values(":after", codec::n(self.after.0))
            .scan_index_forward(false)
            .limit(i32::try_from(most.min(PAGE)).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(|error| fault::of("reading the index", &error))?;
        let read: Result<_, _> = page.items().iter().map(codec::read_position).collect();
        let next = page.last_evaluated_key;
        Ok((read?, next.map_or(NextPage::No, NextPage::After)))
    }
}

fn summary(work: Option<Work>, event: &Item, key: EventKey) -> Result<Summary, Fault> {
    let received_at = UnixMillis(codec::number(event, name::RECEIVED_AT)?);
    Ok(Summary {
        event_id: codec::read_event_id(event, &key)?,
        key,
        event_type: codec::text(event, name::EVENT_TYPE)?.to_owned(),
        received_at,
        work: of_life(work, Life(received_at)),
    })
}

/// The work of an older life says nothing of this one.
fn of_life(work: Option<Work>, life: Life) -> Option<Work> {
    work.filter(|work| work.life == life)
}
