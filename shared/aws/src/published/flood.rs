//! Strangers who name addresses of their own, and of a provider who sends now and then.

use catalogue::{Provider, Source};
use chance::Chance;
use protocol::time::{Millis, UnixMillis};
use webhook::{
    keys::{Keys, Secret, origin},
    reading::address::Address,
};

use super::Cache;

/// A public key as a certificate of SNS has one; its private half was thrown away.
const KEY: &str = include_str!("rsa-public.pem");

const START: UnixMillis = UnixMillis(1_700_000_000_000);

/// How long a process lives.
const LIFE: i64 = 1_200_000;

/// SNS tries a message once, and three times more, 20 s apart.
const TRIES: i64 = 4;
const APART: i64 = 20_000;

/// What a process knows when it starts, and what becomes of its first calls.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// A process before it has proven a message by the key at this address, and told the others.
    Remembered,
    /// The same, and for the first ten seconds the provider doesn't answer.
    RememberedUnreachable,
    /// The address is new: nobody has proven anything by its key.
    New,
}

/// A number between 0 and 1.
fn fraction(chance: &mut Chance) -> f64 {
    let drawn = chance.draw();
    let [high, ..] = drawn.to_be_bytes().map(u32::from);
    let low = u32::try_from(drawn & 0xff_ffff).unwrap_or(0);
    f64::from(high * 0x0100_0000 + low) / f64::from(u32::MAX)
}

/// How many milliseconds pass until the next of those that come so often in a minute.
fn wait(per_minute: f64, chance: &mut Chance) -> i64 {
    let millis = -(1.0 - fraction(chance)).max(f64::MIN_POSITIVE).ln() * 60_000.0 / per_minute;
    #[allow(clippy::cast_possible_truncation, reason = "some minutes")]
    let millis = millis as i64;
    millis.max(1)
}

struct Process {
    source: Source,
    cache: Cache,
    start: Start,
}

impl Process {
    fn address(&self, number: usize) -> Address {
        let url = format!(
            "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-{number:032x}.pem"
        );
        origin::remembered(&self.source, &url).unwrap_or_else(|| panic!("{url}"))
    }

    /// A delivery that names this address: whether a key was found there.
    fn delivery(&mut self, number: usize, after: i64) -> bool {
        let (address, now) = (self.address(number), START.plus(Millis(after)));
        let name = self.source.name.as_str();
        if self.cache.keys(name, &address, now).is_none()
            && self.cache.take_call(name, &address, now)
        {
            let unreachable = self.start == Start::RememberedUnreachable && after < 10_000;
            if !unreachable {
                let good = (number == 0).then(|| Secret::new(KEY, "published"));
                let secrets: Vec<_> = good.into_iter().collect();
                let (keys, _) = Keys::published(self.source.schemes, &secrets);
                self.cache.read(name, &address, keys, now);
            }
        }
        let keys = self.cache.keys(name, &address, now);
        keys.is_some_and(|keys| !keys.is_empty())
    }
}

/// How many messages of how many are lost in one process, where strangers come so often in a minute and a
/// message every five minutes.
fn lost(start: Start, strangers: f64, seed: u64) -> (u32, u32) {
    let mut chance = Chance::new(seed);
    let Some(provider) = Provider::named("aws-sns") else {
        panic!("SNS is in the catalogue")
    };
    let mut process = Process {
        source: Source::of(provider),
        cache: Cache::default(),
        start,
    };
    let mut arrivals = Vec::new();
    let (mut at, mut number) = (0, 1);
    while at < LIFE {
        at += wait(strangers, &mut chance);
        arrivals.push((at, number, None));
        number += 1;
    }
    // Strangers may be what the process was started for.
    let (mut at, mut messages) = (wait(1.0 / 5.0, &mut chance), 0);
    while at < LIFE - TRIES * APART {
        let tries = 0..TRIES;
        arrivals.extend(tries.map(|of| (at + of * APART, 0, Some(messages))));
        at += wait(1.0 / 5.0, &mut chance);
        messages += 1;
    }
    arrivals.sort_unstable();
    if start != Start::New {
        let good = process.address(0);
        process.cache.vouch("aws-sns", &good);
        process.delivery(0, 0);
    }
    let mut proven = std::collections::BTreeSet::new();
    for (after, number, message) in arrivals {
        if process.delivery(number, after) {
            proven.extend(message);
        }
    }
    let proven = u32::try_from(proven.len()).unwrap_or(0);
    (messages - proven, messages)
}

/// The same over many processes, in percent of all messages.
fn share(start: Start, strangers: f64, processes: u64) -> f64 {
    let (mut lost_in_all, mut in_all) = (0, 0);
    for seed in 0..processes {
        let (some, of) = lost(start, strangers, seed);
        lost_in_all += some;
        in_all += of;
    }
    100.0 * f64::from(lost_in_all) / f64::from(in_all)
}

#[test]
fn no_message_is_lost_by_a_key_that_is_remembered_however_many_strangers_come() {
    for start in [Start::Remembered, Start::RememberedUnreachable] {
        for (strangers, processes) in [(60.0, 20), (1_200.0, 5)] {
            let lost = share(start, strangers, processes);
            assert!(lost.abs() < f64::EPSILON, "{strangers} a minute: {lost} %");
        }
    }
}

#[test]
fn what_remains_is_a_key_that_nobody_has_proven_anything_by() {
    let quiet = share(Start::New, 1.0, 20);
    assert!(quiet.abs() < f64::EPSILON, "{quiet} %");
    let once_a_second = share(Start::New, 60.0, 60);
    let twenty = share(Start::New, 1_200.0, 10);
    assert!((20.0..70.0).contains(&once_a_second), "{once_a_second} %");
    assert!(twenty > 70.0, "{twenty} %");
}
