//! Where the mutations begin: the vectors, the sample events of the platform, and what each door's format is made of.

use std::{collections::BTreeMap, fs, path::PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::PROVIDERS;
use serde_json::{Value, json};
use support::vectors::Vector;

use super::signature::{HELD, names};

/// The project's root.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn file(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What the mutations of every target begin with, by `TARGET/NAME`: the seeds, and the inputs in
/// `fuzz/corpus`, which once found a fault.
#[must_use]
pub fn inputs() -> BTreeMap<PathBuf, Vec<u8>> {
    let mut inputs = seeds();
    let kept = root().join("fuzz/corpus");
    for target in fs::read_dir(&kept).unwrap() {
        for file in fs::read_dir(target.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.strip_prefix(&kept).unwrap().to_owned();
            inputs.insert(name, fs::read(path).unwrap());
        }
    }
    inputs
}

fn seeds() -> BTreeMap<PathBuf, Vec<u8>> {
    let mut seeds = Seeds::default();
    for provider in PROVIDERS {
        for vector in Vector::of(provider) {
            of_vector(&mut seeds, &vector);
        }
    }
    addresses(&mut seeds);
    keys(&mut seeds);
    times(&mut seeds);
    lists(&mut seeds);
    tickets(&mut seeds);
    forms(&mut seeds);
    handshakes(&mut seeds);
    deliveries_of_several(&mut seeds);
    events(&mut seeds);
    configurations(&mut seeds);
    for at in 0..HELD.len() {
        let fields = [&b"1700000000000"[..], b"text", b"other"];
        let [high, low] = number(at);
        let start = [high, low, 0];
        let body = br#"{"id":"a","sent_at":1700000000000,"data":{"id":1},"created_at":"now"}"#;
        seeds.fields("tamper", &at.to_string(), &start, &fields, body);
    }
    seeds.0
}

#[derive(Default)]
struct Seeds(BTreeMap<PathBuf, Vec<u8>>);

impl Seeds {
    fn add(&mut self, target: &str, name: &str, bytes: impl Into<Vec<u8>>) {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let name: String = name.chars().map(plain).collect();
        let path = PathBuf::from(target).join(format!("seed-{name}"));
        let before = self.0.insert(path, bytes.into());
        assert!(before.is_none(), "two seeds {target}/{name}");
    }

    fn fields(&mut self, target: &str, name: &str, start: &[u8], fields: &[&[u8]], body: &[u8]) {
        let mut bytes = start.to_vec();
        for field in fields {
            bytes.extend_from_slice(field);
            bytes.push(0);
        }
        bytes.extend_from_slice(body);
        self.add(target, name, bytes);
    }
}

/// The number of one of many, as a target reads it.
fn number(at: usize) -> [u8; 2] {
    u16::try_from(at).unwrap().to_be_bytes()
}

fn of_vector(seeds: &mut Seeds, vector: &Vector) {
    let request = vector.request();
    let title = vector.title();
    let position = PROVIDERS.iter().position(|p| p.name == vector.provider);
    let provider = &PROVIDERS[position.unwrap()];
    for (at, held) in HELD.iter().enumerate() {
        let scheme = &held.scheme[0];
        if !provider.schemes.iter().any(|of| std::ptr::eq(of, scheme)) {
            continue;
        }
        let now = vector.now().0.to_string();
        let headers = names(scheme).into_iter();
        let headers = headers.map(|name| request.get(name).unwrap_or_default().as_bytes());
        let fields: Vec<_> = [now.as_bytes()]
            .into_iter()
            .chain(headers)
            .chain([&b""[..]])
            .collect();
        let start = number(at);
        seeds.fields(
            "verify",
            &format!("{title}-{at}"),
            &start,
            &fields,
            &request.body,
        );
    }
    let start = number(position.unwrap());
    seeds.fields(
        "event",
        &title,
        &start,
        &[b"header", b"id=1"],
        &request.body,
    );
    let event = json!({
        "version": "2.0",
        "rawPath": format!("/webhooks/{}", vector.provider),
        "rawQueryString": "a=1",
        "headers": vector.headers,
        "requestContext": {
            "domainName": "example.com",
            "http": {"method": "POST", "sourceIp": "192.0.2.1"},
        },
        "body": vector.body_b64,
        "isBase64Encoded": true,
    });
    seeds.add("request", &title, event.to_string());
}

fn keys(seeds: &mut Seeds) {
    let fixtures: Value =
        serde_json::from_str(&file("shared/webhook/tests/keys/public.json")).unwrap();
    for key in fixtures["keys"].as_array().unwrap() {
        for (form, text) in key["forms"].as_object().unwrap() {
            let name = format!("{}-{form}", key["algorithm"].as_str().unwrap());
            seeds.add("key", &name, text.as_str().unwrap());
        }
    }
    for (at, wrong) in fixtures["wrong"].as_array().unwrap().iter().enumerate() {
        seeds.add(
            "key",
            &format!("wrong-{at}"),
            wrong["text"].as_str().unwrap(),
        );
    }
    let standard = format!("whsec_{}", STANDARD.encode([7; 24]));
    let v1a = format!("whpk_{}", STANDARD.encode([7; 32]));
    let private = format!("whsk_{}", STANDARD.encode([7; 64]));
    for (name, text) in [
        ("text", "text"),
        ("hex", "00ff"),
        ("whsec", &standard),
        ("whpk", &v1a),
        ("whsk", &private),
    ] {
        seeds.add("key", name, text);
    }
}

fn times(seeds: &mut Seeds) {
    let times = [
        "1700000000",
        "1700000000000",
        "+01700000300",
        "-1",
        "9223372036854775808",
        "-9223372036854775808",
        "1e9",
        "2023-11-14T22:13:20Z",
        "2023-11-14T22:13:20.123+00:00",
        "253402300800",
    ];
    // Three units with each of six tolerances; every time meets some of them.
    for (at, time) in (0..18).zip(times.iter().cycle()) {
        seeds.fields(
            "timestamp",
            &at.to_string(),
            &[at],
            &[b"1700000000000"],
            time.as_bytes(),
        );
    }
}

fn lists(seeds: &mut Seeds) {
    for (at, list) in [
        "t=\u{2},v1=\u{1}",
        "v1=\u{1}, t=\u{2}",
        "t=\u{2},v1=00,v1=\u{1},v0=\u{1}",
        "t=1,t=\u{2},v1=\u{1}",
        " t=\u{2} ,\tv1=\u{1}\t",
        "t=\u{2},V1=\u{1}",
        "v1=\u{1}",
        "t=\u{2}",
        "t=,t=\u{2},v1=\u{1}",
        ",,,",
        "\u{1}\u{2}",
    ]
    .iter()
    .enumerate()
    {
        seeds.fields("header", &at.to_string(), b"", &[list.as_bytes()], b"{}");
    }
    let many = format!(
        "t=\u{2}{},v1=\u{1}",
        format!(",v1={}", "00".repeat(32)).repeat(31)
    );
    seeds.fields("header", "many", b"", &[many.as_bytes()], b"{}");
    let more = format!(
        "t=\u{2}{},v1=\u{1}",
        format!(",v1={}", "00".repeat(32)).repeat(32)
    );
    seeds.fields("header", "too-many", b"", &[more.as_bytes()], b"{}");
}

fn deliveries_of_several(seeds: &mut Seeds) {
    let list = r#"[{"id":"a","n":1}, {"id":"a","n":2},{"id":17},{},{"id":"a","n":1},[ ],null]"#;
    for (at, body) in [
        list.to_owned(),
        format!(r#"{{"id":"d","events":{list}}}"#),
        format!(r#"{{"a":{{"x":[],"b":{list}}}}}"#),
    ]
    .into_iter()
    .enumerate()
    {
        let bytes = [&[u8::try_from(at).unwrap()], body.as_bytes()].concat();
        seeds.add("items", &at.to_string(), bytes);
    }
}

fn addresses(seeds: &mut Seeds) {
    for (at, address) in [
        "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37",
        "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0123456789abcdef.pem",
        "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77",
        "https://user:pass@api.paypal.com:443/..//%2e%2e/a;b=c?d#e",
        "https://api.paypal.com\\@evil.example/",
    ]
    .into_iter()
    .enumerate()
    {
        seeds.add("address", &at.to_string(), address);
    }
}

fn tickets(seeds: &mut Seeds) {
    let batch = file("infra/events/tickets.json");
    seeds.add("batch", "sample", batch.as_str());
    let batch: Value = serde_json::from_str(&batch).unwrap();
    for (at, record) in batch["Records"].as_array().unwrap().iter().enumerate() {
        seeds.add(
            "ticket",
            &format!("sample-{at}"),
            record["body"].as_str().unwrap(),
        );
    }
    for (at, strange) in [
        "null",
        "[]",
        "1e400",
        r#""\ud800""#,
        r#""\u0000\ufffe""#,
        r#"{"Records":[{"messageId":null,"body":{"a":[1]}}]}"#,
        r#"{"Records":[]}"#,
        "{}",
        "not json",
    ]
    .iter()
    .enumerate()
    {
        seeds.add("batch", &at.to_string(), *strange);
    }
    seeds.add(
        "batch",
        "deep",
        format!("{}{}", "[".repeat(200), "]".repeat(200)),
    );
    seeds.add(
        "ticket",
        "escaped",
        r#"{"v":1,"source":"a","id":"\u0000\ud83e\udd80\ufffe","received_at":-1,"epoch":7}"#,
    );
    seeds.fields(
        "ticket",
        "fields",
        b"",
        &[b"1700000000000", b"3", b"stripe"],
        "evt\u{0}\"\\🦀".as_bytes(),
    );
}

fn forms(seeds: &mut Seeds) {
    let part = |headers: &str| format!("--b\r\n{headers}\r\n\r\n1\r\n--b--");
    let named = "Content-Disposition: form-data; name=\"a\"";
    for (at, body) in [
        "a=1&b=%20&a".to_owned(),
        part(named),
        format!("\r\n{}", part(named)),
        part(&format!("{named}; filename=\"f\"")),
        part(&format!("{named}\r\nContent-Transfer-Encoding: base64")),
        part(&named.replace(": ", ":").replace('"', "")),
        "--b\r\n\r\n\r\n--b \t\r\n\r\n--b".into(),
    ]
    .iter()
    .enumerate()
    {
        seeds.fields(
            "form",
            &at.to_string(),
            b"",
            &[b"b", b"a", b"text"],
            body.as_bytes(),
        );
    }
}

fn handshakes(seeds: &mut Seeds) {
    for (at, body) in [
        r#"{"type":"url_verification","challenge":"c","token":"t"}"#,
        r#"{"type":"url_verification","challenge":"\u0000\"🦀"}"#,
        r#"{"type":"url_verification","challenge":1}"#,
        r#"{"type":"url_verification","challenge":"a","challenge":"b"}"#,
        r#"{"type":"event_callback","challenge":"c"}"#,
        "challenge=c&type=url_verification",
        r#"{"challenge":"c"}"#,
        "challenge=c",
        "validationToken=a%20b%3A1",
        "validationToken=%3Cscript%3E",
        "hub.mode=subscribe&hub.verify_token=t&hub.challenge=c",
        "hub.mode=subscribe&hub.topic=https://example.com/feed.xml&hub.challenge=c",
        "crc_token=abc123",
        "bt_challenge=20f9f8ed05f77439fe955c977e4c8a53",
    ]
    .iter()
    .enumerate()
    {
        seeds.add("handshake", &at.to_string(), *body);
    }
}

fn events(seeds: &mut Seeds) {
    seeds.add("request", "schedule", file("infra/events/schedule.json"));
    let bodies = [
        r#"{"id":"a","type":"b","a":{"b":"c"},"c":1}"#,
        r#"{"id":"a","id":"b"}"#,
        r#"{"id":-1.50e3,"type":7}"#,
        r#"{"id":null,"type":{}}"#,
        r#"{"\u0069d":"\ud800"}"#,
        "id=1&type=%C3%A9+x&id=2",
        "id=%00",
        "{",
    ];
    let long = format!(
        r#"{{"id":"{}","type":"{}"}}"#,
        "é".repeat(513),
        "t".repeat(257)
    );
    // The vectors have events of the providers. Behind these stand six sources of the targets' own.
    for source in PROVIDERS.len()..PROVIDERS.len() + 6 {
        let start = number(source);
        for (at, body) in bodies.iter().copied().chain([long.as_str()]).enumerate() {
            let name = format!("{source}-{at}");
            seeds.fields(
                "event",
                &name,
                &start,
                &[b"sha256:x", b"id=%2b&b=1"],
                body.as_bytes(),
            );
        }
    }
}

fn configurations(seeds: &mut Seeds) {
    seeds.add("sources", "own", file("tests/stack/landfall.toml"));
    for (name, text) in [
        (
            "plain",
            "[sources.a]\nprovider = \"stripe\"\n[sources.a.live]\nsource_ips = [\"203.0.113.7\", \"2001:db8::/32\"]\n",
        ),
        (
            "spelled-out",
            "[sources.acme]\nevent_id = \"{json:id|a.b}-{header:X}\"\nreference = { order = \"{query:o}\" }\n[sources.acme.scheme]\n\
             algorithm = \"hmac-sha256\"\nkey = { base64 = \"whsec_\" }\nsignature = { header = \"X-Acme\", split = \",\", prefix = \"v1=\" }\n\
             encoding = \"hex\"\nmessage = \"{timestamp}.{body}\"\ntimestamp = { header = \"X-Acme\", split = \",\", prefix = \"t=\", unit = \"seconds\" }\n\
             tolerance = { past = 300, future = 60 }\n",
        ),
        (
            "faults",
            "[sources.A_]\nprovder = 1\ntolerance = -1\n[sources.b]\nprovider = \"strip\"\nretention_days = 1\n[sources.b.live]\nx = {}\nenvironments = [\"live\"]\n",
        ),
        (
            "broken",
            "[sources.a\nb = \"\n[sources.a]\n[sources.a]\nc = 1 2\n\"\u{0}\" = '''\n",
        ),
    ] {
        seeds.add("sources", name, text);
    }
}
