//! 200,000 legs that wait for one destination: what of them is in SQS's hands at once, and how they come back.
//!
//! SQS bears about 120,000 messages in flight of a queue, hidden ones included:
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html>

use std::collections::BTreeMap;

use super::*;

const LEGS: u32 = 200_000;
/// The outage, in seconds.
const DEAD_FOR: i64 = 3 * 3_600;
/// SQS delays a message for no longer.
const LONGEST_DELAY: Millis = Millis::seconds(900);
/// How long a leg's ticket is in a consumer's hands, in seconds.
const IN_HAND: i64 = 2;

/// What was seen, second by second.
#[derive(Default)]
struct Seen {
    /// The most tickets that were received within one ticket's time in hand.
    most_in_flight: u32,
    /// The most legs that were sent in a second.
    most_sent: u32,
    /// How long after the destination was back the last leg was sent, in seconds.
    last: i64,
    /// How many trials there were.
    trials: u32,
}

/// The destination is dead while legs come in evenly, and sound ever after. Each leg looks when its ticket comes, in the
/// order of their times.
fn simulated() -> Seen {
    let mut seen = Seen::default();
    let mut draw = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        draw ^= draw << 13;
        draw ^= draw >> 7;
        draw ^= draw << 17;
        draw
    };
    // How many tickets come at which second; of which legs they are makes no difference.
    let mut due: BTreeMap<i64, u32> = BTreeMap::new();
    for leg in 0..LEGS {
        *due.entry(i64::from(leg) * DEAD_FOR / i64::from(LEGS))
            .or_default() += 1;
    }
    let mut health = Some(Health {
        standing: Standing::Open,
        since: NOW,
        until: NOW.plus(FIRST_TRIAL),
        ..Health::default()
    });
    let mut received: Vec<(i64, u32)> = Vec::new();
    while let Some((second, tickets)) = due.pop_first() {
        let now = NOW.plus(Millis::seconds(second));
        received.retain(|(then, _)| *then > second - IN_HAND);
        received.push((second, tickets));
        let in_flight = received.iter().map(|(_, tickets)| tickets).sum();
        seen.most_in_flight = seen.most_in_flight.max(in_flight);
        let mut sent = 0;
        for _ in 0..tickets {
            let trial_ends = now.plus(Millis::seconds(65));
            let tried = match enter(health.as_ref(), now, random(), trial_ends, 1) {
                Entry::Hold { until, .. } => {
                    let delay = until.since(now).min(LONGEST_DELAY);
                    let after = second + (delay.0 + 999) / 1_000;
                    *due.entry(after.max(second + 1)).or_default() += 1;
                    continue;
                }
                Entry::Pass => false,
                Entry::Try(trial) => {
                    health = Some(trial);
                    seen.trials += 1;
                    true
                }
            };
            let failed = u32::from(second < DEAD_FOR);
            let tally = Tally {
                tried,
                ..tally(1 - failed, failed)
            };
            match leave(health.as_ref(), &tally, now, 1) {
                Change::None => {}
                Change::Counted(next)
                | Change::Opened(next)
                | Change::StillOpen(next)
                | Change::Closed(next) => health = Some(next),
            }
            if failed > 0 {
                *due.entry(second + 60).or_default() += 1;
            } else {
                sent += 1;
                seen.last = second - DEAD_FOR;
            }
        }
        seen.most_sent = seen.most_sent.max(sent);
    }
    seen
}

#[test]
fn two_hundred_thousand_waiting_legs_are_not_in_flight_and_come_back_in_bounded_number() {
    let seen = simulated();
    let told = (seen.trials, seen.most_in_flight, seen.most_sent, seen.last);
    // A few hundred looks a second are a few consumers' work, and far from what SQS bears.
    assert!(seen.most_in_flight < 2_000, "{told:?}");
    assert!(seen.most_sent < 1_000, "{told:?}");
    // The longest wait between two trials, and the longest hold after it.
    assert!((900..=300 + 900 + 65).contains(&seen.last), "{told:?}");
    // Ten seconds, twenty and so on, and every five minutes from then on.
    assert!((30..50).contains(&seen.trials), "{told:?}");
}
