//! Worlds that differ from the usual one.

use protocol::time::Millis;

use super::{drive::World, sender};

impl World {
    /// The same, where the consumer works on so many records at once.
    #[must_use]
    pub fn side_by_side(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// The same, where whoever stands still comes back after so long.
    #[must_use]
    pub fn still_for(mut self, longest_still: Millis) -> Self {
        self.longest_still = longest_still;
        self
    }

    /// The same, where the consumer's configuration knows no source.
    #[must_use]
    pub fn unconfigured(mut self) -> Self {
        self.configuration = sender::nothing();
        self
    }

    /// The same, where a route takes what Landfall tells of itself.
    #[must_use]
    pub fn telling(mut self) -> Self {
        self.state().ghost.telling = true;
        self.configuration = sender::telling();
        self
    }
}
