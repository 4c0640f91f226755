//! How fast deliveries are verified. Large bodies, by the main families of schemes, beside a bare hash of the same bytes;
//! and one delivery in configurations of one source, of ten and of a thousand, of all providers in turn.
//!
//! `make bench-speed` prints both tables, by processor time.
#![allow(clippy::unwrap_used)]

use std::{fmt::Write as _, hint::black_box, time::Duration};

use catalogue::{Environment, PROVIDERS, Provider, Scheme, Sources, reader};
use landfall_tests::on_processor;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use support::{NOW, Request, filled, keys as keys_of, keys::pair, samples::sample_for, source_of};
use webhook::keys::Keys;

/// One provider of each family, and the digest that its deliveries cannot be verified without.
const FAMILIES: &[(&str, &str, Hash)] = &[
    ("github", "HMAC, one header", hash::<Sha256>),
    (
        "stripe",
        "HMAC, time and list in one header",
        hash::<Sha256>,
    ),
    ("slack", "HMAC, time in a header", hash::<Sha256>),
    (
        "standard-webhooks",
        "HMAC, id and time signed",
        hash::<Sha256>,
    ),
    ("square", "HMAC, the URL signed", hash::<Sha256>),
    ("paystack", "HMAC with SHA-512", hash::<Sha512>),
    ("vercel", "HMAC with SHA-1", hash::<Sha1>),
    ("sendgrid", "ECDSA with P-256", hash::<Sha256>),
    (
        "fusionauth",
        "JSON Web Token with the body's digest",
        hash::<Sha256>,
    ),
    (
        "http-message-signatures",
        "HTTP message signature",
        hash::<Sha256>,
    ),
    ("discord", "Ed25519, which hashes twice", hash::<Sha512>),
    ("linear", "HMAC, time in the body", hash::<Sha256>),
];

type Hash = fn(&[u8]);

const MIB: usize = 1 << 20;

/// So much processor time is collected, which is told in steps.
const COLLECTED: Duration = Duration::from_millis(400);

fn main() {
    println!("| provider | what | of a bare hash, 1 MiB | MB/s | of a bare hash, 4 MiB | MB/s |");
    println!("|---|---|--:|--:|--:|--:|");
    for (name, what, hash) in FAMILIES {
        let provider = Provider::named(name).unwrap();
        let scheme = &filled(provider)[0];
        let mut line = format!("| {name} | {what} |");
        for bytes in [MIB, 4 * MIB] {
            let (verified, bare) = large(provider, scheme, bytes, *hash);
            let times = verified.as_secs_f64() / bare.as_secs_f64();
            let speed = f64::from(u32::try_from(bytes).unwrap()) / 1e6 / verified.as_secs_f64();
            write!(line, " {times:.2} | {speed:.0} |").unwrap();
        }
        println!("{line}");
    }
    println!("\n| sources | look-up and verification of a delivery of 2 KB, µs |");
    println!("|--:|--:|");
    for sources in [1, 10, 100, 1_000] {
        println!(
            "| {sources} | {:.2} |",
            delivery_among(sources).as_secs_f64() * 1e6
        );
    }
}

/// How long it takes to verify an authentic delivery of so many bytes, and to hash these.
fn large(
    provider: &'static Provider,
    scheme: &'static Scheme,
    bytes: usize,
    hash: Hash,
) -> (Duration, Duration) {
    let source = source_of(provider);
    let keys = keys_of(source.schemes, &[&pair(scheme).public]);
    let mut request = sample_for(provider, scheme);
    grow(&mut request, bytes);
    request.sign(std::slice::from_ref(scheme), &pair(scheme).private, NOW);
    let verified = measured(|| request.verify(&source, &keys, NOW).unwrap());
    let body = request.body.clone();
    let bare = measured(|| hash(black_box(&body)));
    (verified, bare)
}

/// Fills a body of JSON up to this length, as a provider's large bodies are filled: with one long text.
fn grow(request: &mut Request, bytes: usize) {
    let text = String::from_utf8(std::mem::take(&mut request.body)).unwrap();
    let (start, end) = text.split_at(text.rfind('}').unwrap());
    let more = bytes.saturating_sub(text.len() + 10);
    request.body = format!("{start},\"zz\":\"{}\"{end}", "x".repeat(more)).into_bytes();
}

/// How long a delivery takes, from its source's name to the event, where so many sources are configured.
fn delivery_among(sources: usize) -> Duration {
    let read = configured(sources);
    let github = PROVIDERS
        .iter()
        .position(|provider| provider.name == "github");
    let name = name(github.unwrap() % sources);
    let source = read.get(&name).unwrap();
    let scheme = &source.schemes[0];
    let mut request = sample_for(source.provider.unwrap(), scheme);
    grow(&mut request, 2_048);
    request.sign(std::slice::from_ref(scheme), &pair(scheme).private, NOW);
    let keys: Vec<(&str, Keys)> = (read.iter())
        .map(|source| {
            let text = pair(&source.schemes[0]).public;
            (source.name.as_str(), keys_of(source.schemes, &[&text]))
        })
        .collect();
    measured(|| {
        let source = black_box(&read).get(black_box(&name)).unwrap();
        let at = keys.binary_search_by(|(name, _)| (*name).cmp(source.name.as_str()));
        request.verify(source, &keys[at.unwrap()].1, NOW).unwrap();
    })
}

/// So many sources of all providers in turn.
fn configured(sources: usize) -> Sources {
    let mut text = String::new();
    let github = PROVIDERS
        .iter()
        .position(|provider| provider.name == "github");
    for at in 0..sources {
        // Whatever stands there in turn, the one that is measured is GitHub's.
        let turn = if at == github.unwrap() % sources {
            github.unwrap()
        } else {
            at % PROVIDERS.len()
        };
        let provider = &PROVIDERS[turn];
        let settings: Vec<_> = (provider.settings.iter())
            .map(|setting| format!("{} = {:?}", setting.name, setting.example))
            .collect();
        let (name, settings) = (name(at), settings.join(", "));
        writeln!(text, "[sources.{name}]\nprovider = \"{}\"", provider.name).unwrap();
        if !settings.is_empty() {
            writeln!(text, "settings = {{ {settings} }}").unwrap();
        }
    }
    reader::read(&text, Environment::Live).unwrap().sources
}

fn name(at: usize) -> String {
    format!("s{at:04}")
}

fn hash<D: Digest>(bytes: &[u8]) {
    black_box(D::digest(bytes));
}

/// The shorter of two means.
fn measured(mut run: impl FnMut()) -> Duration {
    let mut mean = || {
        let start = on_processor();
        for runs in 1_u32.. {
            for _ in 0..REPEATED {
                run();
            }
            let time = on_processor().saturating_sub(start);
            if time > COLLECTED {
                return time / (runs * REPEATED);
            }
        }
        Duration::ZERO
    };
    mean().min(mean())
}

/// How often it is run between two looks at the clock, which costs a call of the system.
const REPEATED: u32 = 20;
