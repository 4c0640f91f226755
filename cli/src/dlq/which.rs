//! Which letters are meant.

use landfall_aws::operator::Letter;
use protocol::{ledger::EventKey, time::UnixMillis};

use crate::args::GivenLetters;

/// What a letter's reason is called that SQS itself moved, after too many receives.
const TOO_MANY_RECEIVES: &str = "too_many_receives";

/// A choice of letters.
pub(super) struct Which<'g> {
    pub(super) given: &'g GivenLetters,
    pub(super) now: UnixMillis,
}

impl Which<'_> {
    pub(super) fn includes(&self, letter: &Letter) -> bool {
        let given = self.given;
        let key = letter.ticket.as_ref().map(|ticket| &ticket.key);
        let age = self.now.since(letter.sent_at);
        is(given.source.as_deref(), key.map(EventKey::source))
            && is(given.event_id.as_deref(), key.map(EventKey::id))
            && is(given.reason.as_deref(), Some(reason(letter)))
            && is(given.route.as_deref(), letter.route.as_deref())
            && given.older_than.is_none_or(|length| age > length)
            && given.newer_than.is_none_or(|length| age < length)
    }
}

fn is(asked: Option<&str>, found: Option<&str>) -> bool {
    asked.is_none_or(|asked| found == Some(asked))
}

/// Why a letter was written, in a word.
pub(super) fn reason(letter: &Letter) -> &str {
    letter.reason.as_deref().unwrap_or(TOO_MANY_RECEIVES)
}

#[cfg(test)]
mod tests {
    use protocol::{
        ledger::Life,
        ticket::{Ticket, Why},
        time::Millis,
    };

    use super::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    fn letter(reason: Option<&str>, seconds_ago: i64) -> Letter {
        let life = Life(NOW);
        let ticket = Ticket::new(EventKey::new("stripe", "evt_1"), life, Why::Redrive, NOW);
        let mut letter = Letter::default();
        letter.ticket = Some(ticket);
        letter.reason = reason.map(str::to_owned);
        letter.route = Some("paid".into());
        letter.sent_at = NOW.plus(Millis::seconds(-seconds_ago));
        letter
    }

    fn includes(change: impl FnOnce(&mut GivenLetters), letter: &Letter) -> bool {
        let mut given = GivenLetters::default();
        change(&mut given);
        let which = Which {
            given: &given,
            now: NOW,
        };
        which.includes(letter)
    }

    #[test]
    fn without_a_choice_all_letters_are_meant() {
        let no_ticket = Letter::default();
        assert!(includes(|_| {}, &letter(Some("exhausted"), 5)));
        assert!(includes(|_| {}, &no_ticket));
    }

    #[test]
    fn all_that_is_asked_must_hold() {
        let letter = letter(Some("exhausted"), 60);
        let yes = |change: fn(&mut GivenLetters)| assert!(includes(change, &letter));
        let no = |change: fn(&mut GivenLetters)| assert!(!includes(change, &letter));
        yes(|given| given.source = Some("stripe".into()));
        no(|given| given.source = Some("strip".into()));
        yes(|given| given.event_id = Some("evt_1".into()));
        no(|given| given.event_id = Some("evt_12".into()));
        yes(|given| given.route = Some("paid".into()));
        no(|given| given.route = Some("all".into()));
        yes(|given| given.reason = Some("exhausted".into()));
        no(|given| given.reason = Some("permanent".into()));
        yes(|given| given.older_than = Some(Millis::seconds(59)));
        no(|given| given.older_than = Some(Millis::seconds(61)));
        yes(|given| given.newer_than = Some(Millis::seconds(61)));
        no(|given| given.newer_than = Some(Millis::seconds(59)));
        no(|given| {
            given.source = Some("stripe".into());
            given.reason = Some("permanent".into());
        });
    }

    #[test]
    fn what_sqs_moved_has_a_reason_of_its_own() {
        let letter = letter(None, 5);
        assert!(includes(
            |given| given.reason = Some("too_many_receives".into()),
            &letter
        ));
    }
}
