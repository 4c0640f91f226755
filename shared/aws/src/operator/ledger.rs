//! The ledger as an operator reads it: what came in lately, and one event by its id.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use protocol::{
    fault::Fault,
    ledger::{EventKey, EventRecord, Life, Work, partition},
    ports::{Claims as _, Entry, Position},
    time::UnixMillis,
};
use webhook::event::Search;

use crate::{
    codec::{self, Item, name, sort},
    fault, items, ledger,
};

/// How many entries of the index are looked through for an event whose key has a digest behind its id.
const SEARCH: usize = 10_000;

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

    /// The newest events of these sources, received at or after this time, newest first.
    pub async fn newest(
        &self,
        sources: impl Iterator<Item = &str>,
        after: UnixMillis,
        limit: usize,
    ) -> Result<Vec<Summary>, Fault> {
        let mut found = Vec::new();
        for source in sources {
            let newest = self.entries(source, after, limit, |_| true, limit).await?;
            found.extend(newest);
        }
        newest_first(&mut found);
        found.truncate(limit);
        let keys = found.iter().flat_map(|Position { key, .. }| {
            let key = key.to_string();
            [sort::EVENT, sort::WORK].map(|sort| codec::primary(&key, sort))
        });
        let step = "reading events in short";
        let items = items::read(&self.client, &self.table, keys.collect(), &SUMMARY, step).await?;
        let mut events = BTreeMap::new();
        let mut works = BTreeMap::new();
        for item in &items {
            let key = codec::read_key(item)?;
            match codec::text(item, name::SK)? {
                sort::WORK => drop(works.insert(key, codec::read_work(item)?)),
                _ => drop(events.insert(key, item)),
            }
        }
        let of_key = |Position { key, .. }: Position| {
            // The index may still name an event that has gone.
            let event = events.get(&key)?;
            Some(summary(works.remove(&key), event, key))
        };
        found.into_iter().filter_map(of_key).collect()
    }

    /// The event of this id; the id may be the key under which the ledger has it, too.
    pub async fn find(&self, source: &str, id: &str) -> Result<Option<Found>, Fault> {
        let search = Search::new(source, id);
        for key in search.keys() {
            if let Some(found) = self.read(&key, false).await? {
                return Ok(Some(found));
            }
        }
        let is_wanted = |key: &EventKey| search.matches(key);
        let mut found = self
            .entries(source, UnixMillis(0), SEARCH, is_wanted, 2)
            .await?;
        newest_first(&mut found);
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

    /// The wanted entries of the index from its newest end: of each shard so many are looked at, unless fewer are
    /// enough.
    async fn entries(
        &self,
        source: &str,
        after: UnixMillis,
        look_at: usize,
        is_wanted: impl Fn(&EventKey) -> bool,
        enough: usize,
    ) -> Result<Vec<Position>, Fault> {
        let mut all = Vec::new();
        for shard in 0..self.shards {
            let shard = partition(source, shard);
            let (mut found, mut seen, mut start) = (Vec::new(), 0, None);
            loop {
                let page = self
                    .client
                    .query()
                    .table_name(&self.table)
                    .index_name(&self.index)
                    .key_condition_expression("#shard = :shard AND #received_at >= :after")
                    .expression_attribute_names("#shard", name::SHARD)
                    .expression_attribute_names("#received_at", name::RECEIVED_AT)
                    .expression_attribute_values(":shard", codec::s(&shard))
                    .expression_attribute_values(":after", codec::n(after.0))
                    .scan_index_forward(false)
                    .set_exclusive_start_key(start)
                    .send()
                    .await
                    .map_err(|error| fault::of("reading the index", &error))?;
                for item in page.items() {
                    let at = codec::read_position(item)?;
                    if is_wanted(&at.key) {
                        found.push(at);
                    }
                }
                seen += page.items().len();
                start = page.last_evaluated_key;
                if start.is_none() || seen >= look_at || found.len() >= enough {
                    break;
                }
            }
            all.extend(found);
        }
        Ok(all)
    }
}

fn newest_first(found: &mut [Position]) {
    found.sort_unstable_by(|a, b| (b.received_at, &b.key).cmp(&(a.received_at, &a.key)));
}

fn summary(work: Option<Work>, event: &Item, key: EventKey) -> Result<Summary, Fault> {
    let received_at = UnixMillis(codec::number(event, name::RECEIVED_AT)?);
    Ok(Summary {
        key,
        event_id: codec::text(event, name::EVENT_ID)?.to_owned(),
        event_type: codec::text(event, name::EVENT_TYPE)?.to_owned(),
        received_at,
        work: of_life(work, Life(received_at)),
    })
}

/// The work of an older life says nothing of this one.
fn of_life(work: Option<Work>, life: Life) -> Option<Work> {
    work.filter(|work| work.life == life)
}
