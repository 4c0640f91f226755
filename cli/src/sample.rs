//! Sample events, one per provider, with ids and times of their own.

use catalogue::{INTO, Piece, Place, Source, Template};
use protocol::time::UnixMillis;
use serde_json::{Map, Value, json};

use crate::{failure::Failure, form, samples};

/// An event to send, not yet signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    pub(crate) headers: Vec<(String, String)>,
    /// What the URL has behind `?`; mostly empty.
    pub(crate) query: String,
    pub(crate) body: Vec<u8>,
}

/// What a sample is to have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) id: Option<&'a str>,
    pub(crate) event_type: Option<&'a str>,
    pub(crate) body: Option<&'a [u8]>,
    pub(crate) now: UnixMillis,
    /// Makes the fresh id.
    pub(crate) random: [u64; 2],
}

/// The sample of the source's provider; of a source with a scheme of its own, one by its name, or the
/// least that its templates ask for.
pub(crate) fn sample(source: &Source, wanted: &Wanted<'_>) -> Result<Sample, Failure> {
    let name = source
        .provider
        .map_or(source.name.as_str(), |provider| provider.name);
    let known = samples::named(name);
    let mut sample: Value = match known {
        Some(text) => serde_json::from_str(text).map_err(|error| {
            Failure::trouble(format!("the sample of {name} can't be read: {error}"))
        })?,
        None => json!({"headers": {}, "body": {}}),
    };
    let fresh = uuid(wanted.random);
    fill(&mut sample, &fresh, wanted.now);
    let mut set = |template: Option<Template>, value: Option<&str>| {
        if let (Some(template), Some(value)) = (template, value)
            && let Some(place) = template.pieces().find_map(place)
        {
            put(&mut sample, place, value);
        }
    };
    let unknown = known.is_none();
    // A provider's sample stays what it is: under another type it would be a body that the provider never sends.
    let is_open = source.provider.is_none() || wanted.body.is_some();
    let chosen = wanted.event_type.filter(|_| is_open || unknown);
    set(source.event_type, chosen.or(unknown.then_some("sample")));
    set(source.identity.id, wanted.id.or(unknown.then_some(&fresh)));

    let headers = sample["headers"].as_object().into_iter().flatten();
    let mut headers: Vec<(String, String)> = headers
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    let form = sample["form"].as_object();
    if !headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
    {
        let kind = match form {
            Some(_) => "application/x-www-form-urlencoded",
            None => "application/json",
        };
        headers.push(("content-type".into(), kind.into()));
    }
    Ok(Sample {
        headers,
        query: sample["query"].as_str().unwrap_or_default().to_owned(),
        body: match (wanted.body, form) {
            (Some(body), _) => body.to_vec(),
            (None, Some(fields)) => form_body(fields).into_bytes(),
            (None, None) => sample["body"].to_string().into_bytes(),
        },
    })
}

/// Why what is to be sent isn't of the type that was asked for, if it isn't. `is_own`: its body is no sample.
pub(crate) fn other_type(
    source: &Source,
    asked: Option<&str>,
    is_own: bool,
    found: &str,
) -> Option<String> {
    let asked = asked.filter(|asked| *asked != found)?;
    let name = source.name;
    Some(if source.event_type.is_none() {
        format!("deliveries to `{name}` say no type, so that there is none to choose")
    } else if is_own {
        format!("the body that is given is of the type `{found}`, and not of `{asked}`")
    } else {
        format!(
            "there is no sample of the type `{asked}` for `{name}`; the one that there is has the type `{found}`. Give a \
             body of the other type with --body-file"
        )
    })
}

/// Fields as a form is posted; a value that is no text is sent as JSON.
fn form_body(fields: &Map<String, Value>) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", form::escape(name), form::escape(&text(value))))
        .collect();
    pairs.join("&")
}

/// A text as it is, and any other value as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The place that a template reads first.
pub(crate) fn place(piece: Piece) -> Option<Place> {
    match piece {
        Piece::Value(place) => Some(place),
        _ => None,
    }
}

/// Writes a value where a template reads it.
fn put(sample: &mut Value, place: Place, value: &str) {
    let Some(name) = place.names().next() else {
        return;
    };
    match place {
        Place::Header(_) => sample["headers"][name] = value.into(),
        Place::Json(_) | Place::Jwt(_) => put_at(&mut sample["body"], name, value),
        Place::Form(_) => {
            if !sample["form"].is_object() {
                sample["form"] = json!({});
            }
            match name.split_once(INTO) {
                Some((field, path)) => put_at(&mut sample["form"][field], path, value),
                None => sample["form"][name] = value.into(),
            }
        }
        Place::Query(_) => {
            let query = sample["query"].as_str().unwrap_or_default();
            let pair = format!("{}={}", form::escape(name), form::escape(value));
            let begin = format!("{}=", form::escape(name));
            let pairs: Vec<&str> = query
                .split('&')
                .filter(|old| !old.is_empty() && !old.starts_with(&begin))
                .chain([pair.as_str()])
                .collect();
            sample["query"] = pairs.join("&").into();
        }
    }
}

/// Writes a value at a dotted path, in which a number is a position in an array that is there.
fn put_at(at: &mut Value, path: &str, value: &str) {
    let mut at = at;
    for key in path.split('.') {
        let element = at
            .as_array()
            .and_then(|array| key.parse().ok().filter(|at: &usize| *at < array.len()));
        if let Some(element) = element {
            at = &mut at[element];
            continue;
        }
        if !at.is_object() {
            *at = json!({});
        }
        at = &mut at[key];
    }
    *at = value.into();
}

/// Replaces what stands for an id or a time.
fn fill(value: &mut Value, id: &str, now: UnixMillis) {
    match value {
        Value::String(text) => match text.as_str() {
            "$now_s" => *value = now.seconds().0.into(),
            "$now_ms" => *value = now.0.into(),
            "$now_iso" => *value = iso(now).into(),
            _ if text.contains("$id") => *value = text.replace("$id", id).into(),
            _ => {}
        },
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, id, now)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, id, now)),
        _ => {}
    }
}

/// `2022-07-26T18:45:17.441Z`.
pub(crate) fn iso(time: UnixMillis) -> String {
    jiff::Timestamp::from_millisecond(time.0)
        .map_or_else(|_| time.0.to_string(), |time| format!("{time:.3}"))
}

/// A random UUID.
pub(crate) fn uuid(random: [u64; 2]) -> String {
    let version = (random[0] & !0xf000) | 0x4000;
    let variant = (random[1] & !(0b11 << 62)) | (0b10 << 62);
    let hex = format!("{version:016x}{variant:016x}");
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, PROVIDERS};

    use super::*;

    fn wanted<'a>() -> Wanted<'a> {
        Wanted {
            id: None,
            event_type: None,
            body: None,
            now: UnixMillis(1_658_861_117_441),
            random: [1, 2],
        }
    }

    #[test]
    fn every_provider_has_a_sample_with_an_id_and_a_type() {
        for provider in PROVIDERS {
            let known = samples::named(provider.name);
            assert!(known.is_some(), "{}", provider.name);
            let source = Source::of(provider);
            let sample = sample(&source, &wanted()).unwrap();
            assert!(
                !String::from_utf8_lossy(&sample.body).contains('$'),
                "{}",
                provider.name
            );
            for template in source.identity.id.into_iter().chain(source.event_type) {
                for piece in template.pieces() {
                    if let Piece::Value(place) = piece {
                        assert!(is_there(&sample, place), "{}: {piece:?}", provider.name);
                    }
                }
            }
        }
    }

    /// Whether one of the names of a place is in the sample.
    fn is_there(sample: &Sample, place: Place) -> bool {
        let json = serde_json::from_slice::<Value>(&sample.body).unwrap_or_default();
        let body = String::from_utf8_lossy(&sample.body);
        let has_field = |text: &str, name: &str| {
            let begin = format!("{}=", form::escape(name));
            text.split('&').any(|pair| pair.starts_with(&begin))
        };
        let has_header = |name: &str| {
            let mut headers = sample.headers.iter();
            headers.any(|(found, _)| found.eq_ignore_ascii_case(name))
        };
        place.names().any(|name| match place {
            Place::Header(_) => has_header(name),
            Place::Json(_) | Place::Jwt(_) => json
                .pointer(&format!("/{}", name.replace('.', "/")))
                .is_some(),
            Place::Form(_) => has_field(&body, name.split(INTO).next().unwrap_or_default()),
            Place::Query(_) => has_field(&sample.query, name),
        })
    }

    #[test]
    fn a_value_is_put_where_a_template_reads_it() {
        let mut sample = json!({"headers": {}, "body": {"list": [{"id": 1}]}, "query": "a=1&b=2"});
        put(&mut sample, Place::Json("list.0.id|x"), "new");
        put(&mut sample, Place::Json("list.1.id"), "beside");
        put(&mut sample, Place::Header("X-Id|X-Other"), "h");
        put(&mut sample, Place::Query("a"), "x y&z");
        put(&mut sample, Place::Form("f"), "g");
        assert_eq!(
            sample,
            json!({
                "headers": {"X-Id": "h"},
                "body": {"list": {"1": {"id": "beside"}}},
                "query": "b=2&a=x%20y%26z",
                "form": {"f": "g"},
            })
        );
    }

    #[test]
    fn a_form_is_sent_as_browsers_do() {
        let fields = json!({"a b": "1+1=2 \u{e9}", "json": {"x": [1]}});
        assert_eq!(
            form_body(fields.as_object().unwrap()),
            "a%20b=1%2B1%3D2%20%C3%A9&json=%7B%22x%22%3A%5B1%5D%7D"
        );
    }

    #[test]
    fn the_id_can_be_chosen_and_the_type_where_no_provider_has_its_own_body_for_it() {
        let text = "[sources.financbase]\nprovider = \"financbase\"\n[sources.self]\nprovider = \"self\"\n\
                    [sources.drill]\nevent_id = \"{json:id}\"\nevent_type = \"{json:type}\"\n\
                    [sources.drill.scheme]\nalgorithm = \"hmac-sha256\"\nkey = \"text\"\n\
                    signature = { header = \"X-Drill-Signature\" }\nencoding = \"hex\"\nmessage = \"{body}\"\n";
        let sources = catalogue::reader::read(text, Environment::Local)
            .unwrap()
            .sources;
        for source in sources.iter() {
            let templates = source.identity.id.is_some() && source.event_type.is_some();
            if !templates {
                continue;
            }
            let wanted = Wanted {
                id: Some("chosen-id"),
                event_type: Some("chosen.type"),
                ..wanted()
            };
            let sample = sample(source, &wanted).unwrap();
            let all = format!(
                "{:?}{}{}",
                sample.headers,
                sample.query,
                String::from_utf8_lossy(&sample.body)
            );
            assert!(all.contains("chosen-id"), "{all}");
            assert_eq!(
                all.contains("chosen.type"),
                source.provider.is_none(),
                "{all}"
            );
        }
    }

    #[test]
    fn a_header_names_the_type_of_a_body_of_ones_own() {
        let source = Source::of(catalogue::Provider::named("github").unwrap());
        let wanted = Wanted {
            event_type: Some("issues"),
            body: Some(b"{}"),
            ..wanted()
        };
        let sample = sample(&source, &wanted).unwrap();
        let header = ("X-GitHub-Event".to_owned(), "issues".to_owned());
        assert!(sample.headers.contains(&header), "{:?}", sample.headers);
    }

    #[test]
    fn another_type_than_was_asked_for_is_said_and_never_sent() {
        let source = Source::of(catalogue::Provider::named("stripe").unwrap());
        let asked = Some("charge.refunded");
        assert_eq!(other_type(&source, None, false, "invoice.paid"), None);
        assert_eq!(other_type(&source, asked, false, "charge.refunded"), None);
        let said = other_type(&source, asked, false, "invoice.paid").unwrap();
        for words in ["charge.refunded", "invoice.paid", "--body-file"] {
            assert!(said.contains(words), "{said}");
        }
        let said = other_type(&source, asked, true, "invoice.paid").unwrap();
        assert!(said.starts_with("the body that is given"), "{said}");
        let untyped = Source {
            event_type: None,
            ..source
        };
        let said = other_type(&untyped, asked, false, "unknown").unwrap();
        assert!(said.contains("no type"), "{said}");
    }

    #[test]
    fn times_and_ids_are_written_as_providers_do() {
        assert_eq!(
            iso(UnixMillis(1_658_861_117_441)),
            "2022-07-26T18:45:17.441Z"
        );
        assert_eq!(iso(UnixMillis(0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(uuid([0, 0]), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid([u64::MAX; 2]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
