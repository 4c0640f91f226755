//! Verification: who doesn't have the key is refused, and who has it is not.

use std::sync::LazyLock;

use aws_lc_rs::hmac;
use catalogue::{
    Algorithm, Encoding, Field, KeyForm, Piece, Place, Scheme, Template, Timestamp, Tolerance, Unit,
};
use protocol::time::UnixMillis;
use support::{
    Request, keys, own_source,
    schemes::{all, is_plain},
};
use webhook::{
    authenticity::MAX_CANDIDATES,
    keys::{Keys, SigningKey},
    refusal::Reason,
};

use super::Input;

/// Every scheme, with keys that nobody else has and with a pair that signs.
pub(super) struct Held {
    pub(super) scheme: &'static [Scheme],
    strange: Keys,
    own: Keys,
    private: String,
}

pub(super) static HELD: LazyLock<Vec<Held>> = LazyLock::new(|| {
    all()
        .map(|scheme| {
            let pair = keys::pair(scheme);
            let strange = keys::strange(scheme);
            let scheme = std::slice::from_ref(scheme);
            Held {
                scheme,
                strange: support::keys(scheme, &[&strange]),
                own: support::keys(scheme, &[&pair.public]),
                private: pair.private,
            }
        })
        .collect()
});

/// The places that a scheme reads, signature and time included.
pub(super) fn places(scheme: &Scheme) -> Vec<Place> {
    let mut places: Vec<_> = [scheme.signature.place]
        .into_iter()
        .chain(scheme.timestamp.map(|timestamp| timestamp.field.place))
        .chain(scheme.message.pieces().filter_map(|piece| match piece {
            Piece::Value(place) => Some(place),
            _ => None,
        }))
        .collect();
    let mut seen = Vec::new();
    places.retain(|place| {
        let first = !seen.contains(place);
        seen.push(*place);
        first
    });
    places
}

/// The headers that a scheme reads.
pub(super) fn names(scheme: &Scheme) -> Vec<&'static str> {
    places(scheme)
        .into_iter()
        .filter(|place| matches!(place, Place::Header(_)))
        .flat_map(Place::names)
        .collect()
}

/// Without the key nothing is authentic, and what was refused stays refused.
///
/// Scheme, clock, the scheme's headers in their order, query, body.
pub fn verify(bytes: &[u8]) {
    let mut input = Input(bytes);
    let held = input.pick_of_many(&HELD);
    let now = UnixMillis(input.number());
    let mut request = Request::default();
    for name in names(&held.scheme[0]) {
        let value = input.text();
        if !value.is_empty() {
            request.set(name, value);
        }
    }
    request.query = input.text().into_owned();
    request.body = input.rest().to_vec();

    let source = own_source(held.scheme);
    let refusal = request
        .verify(&source, &held.strange, now)
        .expect_err("authentic without the key");
    assert_eq!(
        request.verify(&source, &held.strange, now),
        Err(refusal.clone()),
        "a verdict of its own each time"
    );
    let (none, _) = Keys::load(held.scheme, &[]);
    assert!(request.verify(&source, &none, now).is_err());
    let timed = held.scheme[0].timestamp.is_some() || held.scheme[0].claims.is_some();
    if refusal.reason != Reason::Stale && !timed {
        assert_eq!(
            request.verify(&source, &held.strange, UnixMillis(0)),
            Err(refusal),
            "a clock matters where no time is sent"
        );
    }
}

/// What is signed is authentic; with one of its parts replaced, it is not.
///
/// Scheme, which part, the clock, a text for the signed headers, what to replace with, body.
pub fn tamper(bytes: &[u8]) {
    let mut input = Input(bytes);
    let held = input.pick_of_many(&HELD);
    let scheme = &held.scheme[0];
    if !is_plain(scheme) {
        return;
    }
    let part = input.byte();
    let now = UnixMillis(input.number());
    let text = input.text().into_owned();
    let other = input.bytes();
    let mut request = Request {
        body: input.rest().to_vec(),
        ..Request::default()
    };
    for place in places(scheme) {
        match place {
            Place::Header(_) => {
                for name in place.outer_names().take(1) {
                    request.set(&name.replace('*', "1"), text.as_str());
                }
            }
            Place::Query(_) => {
                for name in place.names().take(1) {
                    request.query = format!("{name}={text}");
                }
            }
            Place::Json(_) | Place::Form(_) | Place::Jwt(_) => {}
        }
    }
    let key = webhook::keys::Secret::new(held.private.as_str(), "0");
    let key = SigningKey::load(held.scheme, &key).expect("a pair's own half");
    let Ok(signed) =
        request.as_delivery(|delivery| webhook::authenticity::sign::sign(&key, &delivery, now))
    else {
        return;
    };
    request.take(signed);
    let source = own_source(held.scheme);
    let verdict = request.verify(&source, &held.own, now);
    if let Err(refusal) = verdict {
        // A time in the body is the sender's own, and may be any.
        let in_body = scheme
            .timestamp
            .is_some_and(|timestamp| timestamp.field.place.is_in_body());
        // The signer has no word for times beyond the calendar.
        let beyond = !(-62_135_596_800_000..=253_402_300_799_999).contains(&now.0);
        // The text may be a signature of a newer version, beside which this one doesn't count.
        let replaced = scheme.unless.is_some() && refusal.reason == Reason::Malformed;
        assert!(
            in_body || beyond || replaced,
            "refused what was signed: {refusal}"
        );
        assert_ne!(
            refusal.reason,
            Reason::Forged,
            "signed one, verified another"
        );
        return;
    }

    let mut tampered = request.clone();
    let at = usize::from(part) % (request.headers.len() + 1);
    if let Some((name, value)) = request.headers.get(at) {
        let new = String::from_utf8_lossy(other);
        let new = new.trim_matches([' ', '\t']);
        let is_signature = scheme
            .signature
            .place
            .outer_names()
            .any(|signature| signature.eq_ignore_ascii_case(name));
        if new == value.trim_matches([' ', '\t']) {
            return;
        }
        if is_signature {
            // A list may hold the true one still, and digits have no case.
            let lower = |text: &str| text.to_ascii_lowercase();
            let true_one = value.rsplit(['=', ',']).find(|text| !text.is_empty());
            if true_one.is_none_or(|text| lower(new).contains(&lower(text))) {
                return;
            }
        }
        tampered.set(name, new);
    } else {
        if other == request.body {
            return;
        }
        tampered.body = other.to_vec();
    }
    assert!(
        tampered.verify(&source, &held.own, now).is_err(),
        "authentic, though not what was signed: {tampered:?}"
    );
}

const KEY: &str = "the key of the lists and times";

const LIST: Scheme = Scheme {
    algorithm: Algorithm::HmacSha256,
    key: KeyForm::Text,
    signature: Field::header("X-List").split(',').after(&["v1="]),
    encoding: Encoding::Hex,
    message: Template::new("{timestamp}.{body}"),
    timestamp: Some(Timestamp {
        field: Field::header("X-List").split(',').after(&["t="]),
        unit: Unit::Seconds,
        tolerance: Tolerance::both(0),
    }),
    ..Scheme::PLAIN
};

fn hmac_of(timestamp: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, KEY.as_bytes());
    let message = [timestamp.as_bytes(), b".", body].concat();
    hex::encode(hmac::sign(&key, &message))
}

/// A header that is a list is authentic if the true signature stands in it as an entry of its version, and the true
/// time first of its kind; however else it looks.
///
/// Header, in which \x01 is the true signature and \x02 the true time; body.
pub fn header(bytes: &[u8]) {
    const NOW: i64 = 1_700_000_000;
    static SCHEME: &[Scheme] = &[LIST];
    static KEYS: LazyLock<Keys> = LazyLock::new(|| support::keys(SCHEME, &[KEY]));
    let mut input = Input(bytes);
    let list = input.text();
    let body = input.rest();
    let (time, signature) = (NOW.to_string(), hmac_of(&NOW.to_string(), body));
    let list = list.replace('\u{1}', &signature).replace('\u{2}', &time);

    let trimmed = |text: &str| text.trim_matches([' ', '\t']).to_owned();
    let entries: Vec<_> = list.split(',').map(trimmed).collect();
    let of = |prefix: &'static str| {
        entries
            .iter()
            .filter_map(move |entry| entry.strip_prefix(prefix))
    };
    let is_signature =
        |text: &&str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let expected = of("t=").next() == Some(&time)
        && of("v1=")
            .filter(is_signature)
            .take(MAX_CANDIDATES)
            .any(|text| text.eq_ignore_ascii_case(&signature));

    let mut request = Request {
        body: body.to_vec(),
        ..Request::default()
    };
    request.set("X-List", list);
    let found = request.verify(&own_source(SCHEME), &KEYS, UnixMillis(NOW * 1_000));
    assert_eq!(found.is_ok(), expected, "{request:?}: {found:?}");
}

const fn timed(unit: Unit, tolerance: Tolerance) -> Scheme {
    Scheme {
        signature: Field::header("X-Signature"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Time"),
            unit,
            tolerance,
        }),
        ..LIST
    }
}

const fn sides(past: Option<u32>, future: Option<u32>) -> Tolerance {
    Tolerance { past, future }
}

const fn each(tolerance: Tolerance) -> [Scheme; 6] {
    [
        timed(Unit::Seconds, tolerance),
        timed(Unit::Millis, tolerance),
        timed(Unit::Iso, tolerance),
        timed(Unit::SecondsOrMillis, tolerance),
        timed(Unit::HttpDate, tolerance),
        timed(Unit::IsoUtc, tolerance),
    ]
}

static TIMED: [[Scheme; 6]; 6] = [
    each(sides(Some(300), Some(300))),
    each(sides(Some(0), Some(0))),
    each(sides(Some(300), None)),
    each(sides(None, Some(1))),
    each(sides(Some(u32::MAX), Some(u32::MAX))),
    each(sides(None, None)),
];

/// A time rightly signed is accepted within the tolerance and nowhere else: reckoned here with numbers that don't
/// overflow.
///
/// Unit, tolerance, clock in ms, time.
pub fn timestamp(bytes: &[u8]) {
    static KEYS: LazyLock<Vec<(&[Scheme], Keys)>> = LazyLock::new(|| {
        let each = TIMED.iter().flatten().map(std::slice::from_ref);
        each.map(|scheme| (scheme, support::keys(scheme, &[KEY])))
            .collect()
    });
    let mut input = Input(bytes);
    let (scheme, keys) = input.pick(&KEYS);
    let now = input.number();
    let time = input.text();
    let time = time.trim_matches([' ', '\t']);
    let mut request = Request::default();
    request.set("X-Time", time);
    request.set("X-Signature", hmac_of(time, b""));
    let found = request.verify(&own_source(scheme), keys, UnixMillis(now));
    let timestamp = scheme[0].timestamp.expect("each has one");
    let expected = if time.is_empty() {
        Some(Reason::Missing)
    } else {
        let (unit, now) = match timestamp.unit {
            Unit::Seconds => (1, i128::from(now.div_euclid(1_000))),
            Unit::Millis => (1_000, i128::from(now)),
            Unit::SecondsOrMillis => {
                let digits = time.trim_start_matches(['+', '-', '0']).len();
                if digits < 12 {
                    (1, i128::from(now.div_euclid(1_000)))
                } else {
                    (1_000, i128::from(now))
                }
            }
            // The calendar is the library's matter.
            Unit::Iso | Unit::IsoUtc | Unit::HttpDate => {
                if let Err(refusal) = found {
                    assert!(matches!(refusal.reason, Reason::Malformed | Reason::Stale));
                }
                return;
            }
        };
        reckoned(time, unit, now, timestamp.tolerance)
    };
    let found = found.err().map(|refusal| refusal.reason);
    assert_eq!(found, expected, "{time:?} at {now}, {timestamp:?}");
}

fn reckoned(time: &str, unit: i128, now: i128, tolerance: Tolerance) -> Option<Reason> {
    let (sign, digits) = match time.as_bytes() {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] | digits => (1, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Some(Reason::Malformed);
    }
    let sent = sign
        * digits.iter().fold(0_i128, |number, digit| {
            (number * 10 + i128::from(digit - b'0')).min(i128::from(u64::MAX))
        });
    // Nobody checks either side.
    if tolerance.past.is_none() && tolerance.future.is_none() {
        return None;
    }
    let in_calendar = (-62_135_596_800..=253_402_300_799).contains(&(sent / unit));
    let holds = |distance: i128, limit: Option<u32>| {
        limit.is_none_or(|seconds| distance <= i128::from(seconds) * unit)
    };
    let fresh =
        in_calendar && holds(now - sent, tolerance.past) && holds(sent - now, tolerance.future);
    (!fresh).then_some(Reason::Stale)
}
