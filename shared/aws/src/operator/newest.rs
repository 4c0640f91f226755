//! Entries of several partitions of the index, in one order: the newest first.

use std::collections::VecDeque;

use protocol::{ports::Position, time::UnixMillis};

use crate::codec::Item;

/// The partitions of the index, of each of which a page at a time is read.
#[derive(Debug)]
pub(super) struct Newest(Vec<Partition>);

#[derive(Debug)]
struct Partition {
    name: String,
    /// What was read and not yet taken, the newest first.
    ahead: VecDeque<Position>,
    next: NextPage,
}

/// Where the next page of a partition begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum NextPage {
    /// At its newest entry.
    First,
    /// Behind this one.
    After(Item),
    /// There is none.
    No,
}

impl Newest {
    pub(super) fn new(partitions: impl Iterator<Item = String>) -> Self {
        let partition = |name| Partition {
            name,
            ahead: VecDeque::new(),
            next: NextPage::First,
        };
        Self(partitions.map(partition).collect())
    }

    /// The partition of which a page must be read before it is known which entry comes next, and where that begins.
    pub(super) fn wanting(&self) -> Option<(usize, &str, &NextPage)> {
        let mut partitions = self.0.iter().enumerate();
        let (at, partition) = partitions.find(|(_, partition)| partition.wants())?;
        Some((at, &partition.name, &partition.next))
    }

    /// The latest time that any entry may have which wasn't taken yet; `None`: nobody knows before more was read. `time` reads
    /// it from where a page begins.
    pub(super) fn latest(&self, time: impl Fn(&Item) -> Option<UnixMillis>) -> Option<UnixMillis> {
        let open = self.0.iter();
        let open = open.filter(|of| !of.ahead.is_empty() || of.next != NextPage::No);
        let times = open.map(|of| match (of.ahead.front(), &of.next) {
            (Some(front), _) => Some(front.received_at),
            (None, NextPage::After(key)) => time(key),
            (None, _) => None,
        });
        times.collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// Whether all was taken.
    pub(super) fn is_at_its_end(&self) -> bool {
        let mut partitions = self.0.iter();
        partitions.all(|of| of.ahead.is_empty() && of.next == NextPage::No)
    }

    /// A page of the partition that wanted one, the newest entry first.
    pub(super) fn give(&mut self, at: usize, page: Vec<Position>, next: NextPage) {
        let partition = &mut self.0[at];
        partition.ahead.extend(page);
        // Of what was received at once the index has an order of its own, which no cursor could go on from.
        let ahead = partition.ahead.make_contiguous();
        ahead.sort_by(|one, other| other.cmp(one));
        partition.next = next;
    }

    /// The newest entry that wasn't taken yet. No partition wants a page.
    pub(super) fn take(&mut self) -> Option<Position> {
        let partitions = self.0.iter_mut();
        let newest = partitions
            .filter(|partition| !partition.ahead.is_empty())
            .max_by(|a, b| a.ahead.front().cmp(&b.ahead.front()))?;
        newest.ahead.pop_front()
    }
}

impl Partition {
    /// Whether a page must be read before it is known which of its entries comes first: those that were received at one
    /// moment may stand on several.
    fn wants(&self) -> bool {
        let time = |position: Option<&Position>| position.map(|position| position.received_at);
        self.next != NextPage::No && time(self.ahead.front()) == time(self.ahead.back())
    }
}

#[cfg(test)]
mod tests {
    use protocol::ledger::EventKey;

    use super::*;
    use crate::codec::primary;

    fn at(time: i64) -> Position {
        Position {
            received_at: UnixMillis(time),
            key: EventKey::new("s", time.to_string()),
        }
    }

    /// Takes all there is, from pages of these partitions.
    fn taken(mut pages: Vec<VecDeque<Vec<i64>>>) -> Vec<i64> {
        let mut newest = Newest::new(pages.iter().map(|_| "s#0".to_owned()));
        let mut all = Vec::new();
        loop {
            if let Some((partition, _, _)) = newest.wanting() {
                let page = pages[partition].pop_front().unwrap_or_default();
                let next = if pages[partition].is_empty() {
                    NextPage::No
                } else {
                    NextPage::After(primary("s#1", "event"))
                };
                newest.give(partition, page.into_iter().map(at).collect(), next);
                continue;
            }
            match newest.take() {
                Some(position) => all.push(position.received_at.0),
                None => return all,
            }
        }
    }

    #[test]
    fn the_newest_of_all_partitions_comes_next_whatever_page_it_is_on() {
        let pages = [
            vec![vec![9, 6], vec![5, 1]],
            vec![],
            // A page may be empty though there are more.
            vec![vec![8, 7], vec![], vec![4]],
        ];
        let pages = pages.map(VecDeque::from).into();
        assert_eq!(taken(pages), [9, 8, 7, 6, 5, 4, 1]);
    }

    #[test]
    fn what_was_received_at_once_comes_in_one_order_whatever_pages_it_is_on() {
        let of = |time, id: &str| Position {
            received_at: UnixMillis(time),
            key: EventKey::new("s", id),
        };
        let mut newest = Newest::new(std::iter::once("0".to_owned()));
        assert!(!newest.is_at_its_end());
        newest.give(
            0,
            vec![of(5, "b"), of(5, "a")],
            NextPage::After(primary("x", "y")),
        );
        assert!(newest.wanting().is_some());
        newest.give(0, vec![of(5, "c"), of(4, "d")], NextPage::No);
        let taken: Vec<Position> = std::iter::from_fn(|| newest.take()).collect();
        assert_eq!(taken, [of(5, "c"), of(5, "b"), of(5, "a"), of(4, "d")]);
        assert!(newest.is_at_its_end());
    }

    #[test]
    fn what_was_not_taken_is_known_to_be_no_later_than_what_is_ahead_or_behind_the_last_page() {
        let mut newest = Newest::new(["0", "1"].map(str::to_owned).into_iter());
        let latest = |newest: &Newest| newest.latest(|_| Some(UnixMillis(7)));
        assert_eq!(latest(&newest), None);
        newest.give(0, vec![at(5)], NextPage::No);
        assert_eq!(latest(&newest), None);
        // A page of which nothing was wanted.
        newest.give(1, Vec::new(), NextPage::After(primary("s#1", "event")));
        assert_eq!(latest(&newest), Some(UnixMillis(7)));
        newest.give(1, vec![at(3)], NextPage::No);
        assert_eq!(latest(&newest), Some(UnixMillis(5)));
    }

    #[test]
    fn nothing_is_taken_before_every_partition_has_shown_its_newest() {
        let mut newest = Newest::new(["a#0".to_owned(), "a#1".to_owned()].into_iter());
        newest.give(0, vec![at(1)], NextPage::No);
        let wanting = newest
            .wanting()
            .map(|(at, name, next)| (at, name, next.clone()));
        assert_eq!(wanting, Some((1, "a#1", NextPage::First)));
    }
}
