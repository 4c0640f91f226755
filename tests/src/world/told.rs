//! What Landfall tells of itself is told in the step that it tells of, once, and of nothing else.

use catalogue::SourceName;
use protocol::{
    destination::{Health, Standing},
    ledger::{Body, EventKey, EventRecord, LegState, Work},
};

use super::state::State;

impl State {
    /// A claim ended, and these events tell of what failed. Each leg that this claim gave up has one.
    pub(super) fn told_of_failures(&mut self, key: &EventKey, work: &Work, told: &[EventRecord]) {
        let hand = self.in_hand_of(key);
        let legs = work.legs.iter();
        let failed =
            legs.filter(|(route, leg)| leg.state == LegState::Failed && hand.contains(*route));
        let failed = failed.count();
        let own = key.source() == SourceName::LANDFALL.as_str();
        let expected = if self.ghost.telling && !own {
            failed
        } else {
            0
        };
        if told.len() != expected {
            let many = told.len();
            self.violated(format!(
                "told: {many} of {key}, of whose legs {failed} failed"
            ));
        }
        for event in told {
            self.told(event);
        }
    }

    /// A destination's health was written.
    pub(super) fn told_of_turn(
        &mut self,
        before: Option<&Health>,
        after: &Health,
        told: Option<&EventRecord>,
    ) {
        let before = before.map_or(Standing::Closed, |before| before.standing);
        let turns = matches!(
            (before, after.standing),
            (Standing::Closed, Standing::Open) | (Standing::Trial, Standing::Closed)
        );
        if told.is_some() != (turns && self.ghost.telling) {
            let after = after.standing;
            self.violated(format!("told: {told:?} of {before}, which is {after} now"));
        }
        if let Some(event) = told {
            self.told(event);
        }
    }

    /// What is told is an event that nobody has sent.
    fn told(&mut self, event: &EventRecord) {
        let Body::Inline(body) = &event.body else {
            return self.violated(format!("told: {} is without its body", event.key));
        };
        let before = self
            .ghost
            .sent
            .insert(event.key.clone(), vec![body.clone()]);
        if before.is_some() {
            self.violated(format!("told: {} twice", event.key));
        }
    }
}
