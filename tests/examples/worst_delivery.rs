//! How much work a stranger can ask for. Of every scheme in the table the worst delivery that is let in, as large as a
//! source takes it, with as many signatures as fit into its headers and none of them right, is held against five keys;
//! the time is compared with that of a plain HMAC with SHA-256 over the default body limit and one key.
//!
//! `make bench-verify` prints the table, the worst first, and fails where one takes ten times as long.
#![allow(clippy::unwrap_used)]

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use catalogue::{Algorithm, PROVIDERS, Place, Provider, Scheme, Source, size::MAX_BODY_BYTES};
use landfall_tests::on_processor;
use support::{
    NOW, Request, chosen, filled, keys as keys_of, keys::pair, samples::sample_for, source_of,
};
use webhook::{keys::Keys, refusal::Reason};

/// How many times a plain HMAC's time a delivery may take.
const MOST: f64 = 10.0;
const KEYS: usize = 5;
/// API Gateway takes 10,240 bytes of headers: <https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>
const HEADER_BYTES: usize = 9_500;
/// Of the deliveries of a scheme the slowest is found by a glance, and measured by the time on the processor, which
/// others on the machine take nothing from. That is told in steps: so much of it is collected.
const GLANCES: usize = 2;
const COLLECTED: Duration = Duration::from_millis(200);

struct Worst {
    name: String,
    bytes: usize,
    body: &'static str,
    time: Duration,
    /// How many times the plain HMAC's, which is measured beside it.
    ratio: f64,
    reason: Option<Reason>,
}

fn main() -> ExitCode {
    let plain = &Plain::new();
    let only = std::env::args().nth(1);
    let entries = PROVIDERS
        .iter()
        .filter(|provider| only.as_ref().is_none_or(|only| only == provider.name));
    let mut table: Vec<_> = entries
        .flat_map(|provider| {
            (filled(provider).iter()).map(move |scheme| worst(provider, scheme, plain))
        })
        .collect();
    table.sort_by(|one, other| other.ratio.total_cmp(&one.ratio));
    println!(
        "A plain HMAC with SHA-256 over {MAX_BODY_BYTES} bytes: {:.2} ms\n",
        millis(measured(&plain.request, &plain.source, &plain.keys))
    );
    println!("| scheme | body limit | worst body | ms | times the plain HMAC | refused as |");
    println!("|---|--:|---|--:|--:|---|");
    for worst in &table {
        println!(
            "| {} | {} | {} | {:.2} | {:.1} | {} |",
            worst.name,
            worst.bytes,
            worst.body,
            millis(worst.time),
            worst.ratio,
            worst.reason.map_or("ACCEPTED", Reason::as_str)
        );
    }
    let too_much = table.iter().filter(|worst| worst.ratio >= MOST).count();
    let accepted = table.iter().filter(|worst| worst.reason.is_none()).count();
    if too_much + accepted == 0 {
        return ExitCode::SUCCESS;
    }
    eprintln!("{too_much} take {MOST} times a plain HMAC's time or more, {accepted} were accepted");
    ExitCode::FAILURE
}

/// A plain HMAC with SHA-256 over the default body limit, with one key.
struct Plain {
    source: Source,
    keys: Keys,
    request: Request,
}

impl Plain {
    fn new() -> Self {
        let provider = Provider::named("github").unwrap();
        let source = Source {
            max_body_bytes: MAX_BODY_BYTES,
            ..source_of(provider)
        };
        let scheme = &source.schemes[0];
        let keys = keys_of(source.schemes, &[&pair(scheme).public]);
        let mut request = sample_for(provider, scheme);
        request.sign(source.schemes, &pair(scheme).private, NOW);
        request.body = vec![b'x'; MAX_BODY_BYTES];
        Self {
            source,
            keys,
            request,
        }
    }
}

/// The slowest refusal that a stranger can have of this scheme.
fn worst(provider: &'static Provider, scheme: &'static Scheme, plain: &Plain) -> Worst {
    let source = if scheme.opt_in {
        chosen(provider, scheme)
    } else {
        source_of(provider)
    };
    let public = pair(scheme).public;
    let keys = keys_of(source.schemes, &[public.as_str(); KEYS]);
    let deliveries = forged(provider, scheme, source.max_body_bytes).into_iter();
    let slowest = deliveries.max_by_key(|(what, request)| {
        assert!(request.body.len() <= source.max_body_bytes, "{what}");
        let glances = (0..GLANCES).map(|_| {
            let start = Instant::now();
            let _ = request.verify(&source, &keys, NOW);
            start.elapsed()
        });
        glances.min()
    });
    let (body, request) = slowest.unwrap();
    let time = measured(&request, &source, &keys);
    let plain = measured(&plain.request, &plain.source, &plain.keys);
    Worst {
        name: [provider.name, scheme.version].join(" "),
        bytes: source.max_body_bytes,
        body,
        time,
        ratio: time.as_secs_f64() / plain.as_secs_f64(),
        reason: request.reason(&source, &keys, NOW),
    }
}

/// How long it takes to refuse this delivery.
fn measured(request: &Request, source: &Source, keys: &Keys) -> Duration {
    request.as_delivery(|delivery| {
        let start = on_processor();
        for runs in 1.. {
            let _ = webhook::authenticity::verify::verify(source, keys, delivery, NOW);
            let time = on_processor().saturating_sub(start);
            // What takes next to nothing is near enough by then.
            if time > COLLECTED || runs == 10_000 {
                return time / runs;
            }
        }
        Duration::ZERO
    })
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Deliveries with a signature of the right form that is none, and bodies as large as they may be.
fn forged(
    provider: &'static Provider,
    scheme: &'static Scheme,
    most: usize,
) -> Vec<(&'static str, Request)> {
    let in_body = scheme.signature.place.is_in_body();
    let mut sample = sample_for(provider, scheme);
    if !scheme.url_forms.is_empty() {
        sample.url.push_str("/%20%3A");
        sample.query = [sample.query.as_str(), "a='%2F%27b"].join("&");
    }
    if scheme.algorithm.is_only_verified() {
        // Nobody signs with it here; what is signed by another has the form as well.
        let other = Scheme {
            algorithm: if scheme.algorithm.is_rsa() {
                Algorithm::RsaPkcs1Sha256
            } else {
                Algorithm::EcdsaP256Sha256
            },
            ..*scheme
        };
        return of(&sample, Box::leak(Box::new(other)), in_body, most);
    }
    of(&sample, scheme, in_body, most)
}

fn of(
    sample: &Request,
    scheme: &'static Scheme,
    in_body: bool,
    most: usize,
) -> Vec<(&'static str, Request)> {
    let sign = |request: &mut Request| {
        request.sign(std::slice::from_ref(scheme), &pair(scheme).private, NOW);
    };
    let mut small = sample.clone();
    if in_body {
        sign(&mut small);
        forge_in_body(&mut small, scheme);
    }
    let mut all = Vec::new();
    for (what, body, content_type) in large(&small.body, most.saturating_sub(200)) {
        let mut request = Request {
            body,
            ..small.clone()
        };
        if let Some(content_type) = content_type {
            request.set("content-type", content_type);
        }
        if !in_body {
            // A body that a scheme can't sign is refused before.
            let signed = std::panic::catch_unwind(|| {
                let mut request = request.clone();
                sign(&mut request);
                request
            });
            let Ok(signed) = signed else { continue };
            request = signed;
            forge_in_headers(&mut request, scheme);
        }
        all.push((what, request));
    }
    all
}

/// Bodies that begin as this one does, and are filled up with what is slow to read.
fn large(small: &[u8], most: usize) -> Vec<(&'static str, Vec<u8>, Option<&'static str>)> {
    const BOUNDARY: &str = "multipart/form-data; boundary=x";
    let text = String::from_utf8_lossy(small).into_owned();
    let room = most.saturating_sub(small.len());
    let mut all = Vec::new();
    let repeated = |part: &str, room: usize| part.repeat(room / part.len());
    for (what, part) in [
        ("JSON, one text", "a"),
        ("JSON, escapes", "\\u0061"),
        ("JSON, line ends", "\\n"),
    ] {
        all.extend(
            at_each_object(&text, |_| {
                format!("\"zz\":\"{}\",", repeated(part, room - 20))
            })
            .map(|body| (what, body.into_bytes(), None)),
        );
    }
    for (what, part) in [
        ("JSON, members", "\"z\":0,"),
        ("JSON, names with escapes", "\"\\u007a\":0,"),
    ] {
        all.extend(
            at_each_object(&text, |_| repeated(part, room))
                .map(|body| (what, body.into_bytes(), None)),
        );
    }
    for (what, part) in [("JSON, numbers", "0,"), ("JSON, objects", "{},")] {
        all.extend(
            at_each_object(&text, |_| {
                format!("\"zz\":[{}0],", repeated(part, room - 20))
            })
            .map(|body| (what, body.into_bytes(), None)),
        );
    }
    // The elements of a list, as often as they fit.
    if let Some((start, end)) = text.find("[{").zip(text.rfind("}]")) {
        let element = &text[start + 1..=end];
        let many = repeated(&format!("{element},"), room);
        let body = format!("{}{many}{}", &text[..=start], &text[start + 1..]);
        all.push(("JSON, elements", body.into_bytes(), None));
    }
    if !text.trim_start().starts_with(['{', '[']) {
        for (what, part) in [
            ("form, fields", "&a"),
            ("form, pairs", "&z=y"),
            ("form, escapes", "&%7a=%79"),
            ("form, one text", "a"),
            ("form, one escaped text", "%7a"),
        ] {
            let body = match part.strip_prefix('&') {
                Some(_) => format!("{text}{}", repeated(part, room)),
                None => format!("{text}&z={}", repeated(part, room - 3)),
            };
            all.push((what, body.into_bytes(), None));
        }
        let part = |name: &str, value: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let fields: String = (text.split('&'))
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| part(name, value))
            .collect();
        let room = most.saturating_sub(fields.len() + 100);
        for (what, filling) in [
            ("multipart, parts", repeated(&part("z", ""), room)),
            ("multipart, one part", part("z", &"a".repeat(room))),
            (
                "multipart, boundaries that are none",
                part("z", &repeated("\r\n--", room)),
            ),
        ] {
            let body = format!("{fields}{filling}--x--\r\n");
            all.push((what, body.into_bytes(), Some(BOUNDARY)));
        }
    }
    all.retain(|(_, body, _)| body.len() <= most + 200);
    if all.is_empty() || text.is_empty() {
        all.push(("anything", vec![b'x'; most], None));
    }
    all
}

/// The text with a filling at the beginning of each of its objects in turn.
fn at_each_object(text: &str, filling: impl Fn(usize) -> String) -> impl Iterator<Item = String> {
    let is_json = text.trim_start().starts_with(['{', '[']);
    let starts = text.match_indices("{\"").filter(move |_| is_json);
    starts.map(move |(at, _)| format!("{}{}{}", &text[..=at], filling(at), &text[at + 1..]))
}

/// Makes the signature in a header or the query another, and fills its header with more of them.
fn forge_in_headers(request: &mut Request, scheme: &Scheme) {
    let names: Vec<_> = match scheme.signature.place {
        Place::Header(_) => scheme.signature.place.outer_names().collect(),
        _ => return request.query = forged_text(&request.query),
    };
    for (name, value) in &mut request.headers {
        let is = |own: &&str| match own.strip_suffix('*') {
            Some(stem) => name
                .get(..stem.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(stem)),
            None => name.eq_ignore_ascii_case(own),
        };
        if !names.iter().any(is) {
            continue;
        }
        *value = forged_text(value);
        let field = scheme.signature;
        if let Some(separator) = field.group.or(field.split) {
            let more = format!("{separator}{value}");
            let fit = (HEADER_BYTES / more.len()).saturating_sub(1);
            value.push_str(&more.repeat(fit));
        }
    }
}

/// Likewise in a body: of all that stands there a signature is the longest text without a mark.
fn forge_in_body(request: &mut Request, scheme: &Scheme) {
    let text = String::from_utf8_lossy(&request.body).into_owned();
    let secret = pair(scheme).private;
    let runs = text.split(|c: char| !is_of_signature(c));
    let signature = match scheme.algorithm {
        Algorithm::Token => secret.as_str(),
        _ => runs.max_by_key(|run| run.len()).unwrap_or_default(),
    };
    request.body = text
        .replace(signature, &forged_text(signature))
        .into_bytes();
}

fn is_of_signature(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+/_-%".contains(c)
}

/// A text of the same form whose last long run of digits is another.
fn forged_text(text: &str) -> String {
    let mut runs = text.split(|c: char| !is_of_signature(c));
    let run = runs.rfind(|run| run.len() >= 20).unwrap_or(text);
    let at = run.as_ptr() as usize - text.as_ptr() as usize + run.len() / 2;
    let other = match text.get(at..=at) {
        Some("0") => "1",
        _ => "0",
    };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}
