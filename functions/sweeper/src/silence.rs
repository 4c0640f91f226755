//! Whether a source has gone silent: nothing authentic came for longer than it is said to be quiet.
//!
//! The index has the events of all sources in one order, so nothing finds the last one of a source there. Instead the first
//! looks hear of each event as they pass it, and when a source was last heard is noted in the ledger. So silence is told as
//! far as these have come, some minutes late. A sweep that dies between passing an event and noting it forgets that it was
//! heard; what comes of that is an alarm too many.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{
    fault::Fault,
    ports::{Backlog, Clock, Index, Queue},
    time::{Millis, UnixMillis},
};

use crate::sweep::Sweeper;

impl<I: Index, Q: Queue, B: Backlog, C: Clock> Sweeper<I, Q, B, C> {
    /// Which sources have been silent for longer than they are said to be, as of the first look of a sweep that began then
    /// and heard these. One of which nothing was ever noted is listened to from now on.
    pub(crate) async fn listen(
        &self,
        heard: &BTreeMap<String, UnixMillis>,
        began: UnixMillis,
    ) -> Result<BTreeSet<String>, Fault> {
        let first_look = self.settings.ages.first().copied().unwrap_or_default();
        let until = began.plus(Millis(-first_look.0));
        let names: Vec<&str> = (self.settings.speakers.keys())
            .map(String::as_str)
            .collect();
        let noted = self.index.read_heard(&names).await?;
        let mut silent = BTreeSet::new();
        for (source, every) in &self.settings.speakers {
            let noted = noted.get(source).copied();
            let last = heard.get(source).copied().max(noted).unwrap_or(until);
            if Some(last) != noted {
                self.index.note_heard(source, last).await?;
            }
            if until.since(last) > *every {
                silent.insert(source.clone());
            }
        }
        Ok(silent)
    }
}
