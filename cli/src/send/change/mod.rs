//! Changes an event before it is signed: values of its body, and its id. Whatever isn't changed stays byte for byte.

mod form;
mod json;

use catalogue::{Place, Source};
use serde_json::{Value, value::RawValue};
use webhook::reading::jws;

use crate::{
    failure::Failure,
    sample::{Sample, place, uuid},
};

/// What the id becomes.
#[derive(Clone, Copy)]
pub(super) enum New<'a> {
    /// This one.
    Exactly(&'a str),
    /// A fresh one that looks like the old.
    Like([u64; 2]),
}

/// Whether an id could be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Renamed {
    Yes,
    No,
}

/// What a body is.
enum Form<'a> {
    Json(&'a str),
    Pairs(&'a str),
}

/// Sets what `PATH=VALUE` says.
pub(super) fn set(event: &mut Sample, text: &str) -> Result<(), Failure> {
    let (path, value) = text
        .split_once('=')
        .filter(|(path, _)| !path.is_empty())
        .ok_or_else(|| Failure::usage("--set is written PATH=VALUE: data.amount=500"))?;
    let failed = |why: String| Failure::usage(format!("--set {path}: {why}"));
    let set = match form_of(event).map_err(failed)? {
        Form::Json(body) => json::set(body, path, &written(value)),
        Form::Pairs(body) => form::set(body, path, value),
    };
    event.body = set.map_err(failed)?.into_bytes();
    Ok(())
}

/// Gives the event another id, where its source's template reads one.
pub(super) fn rename(
    source: &Source,
    event: &mut Sample,
    new: New<'_>,
) -> Result<Renamed, Failure> {
    let first = |template: catalogue::Template| template.pieces().find_map(place);
    let Some(place) = source.identity.id.and_then(first) else {
        return Ok(Renamed::No);
    };
    let failed = |why: String| Failure::usage(format!("the event can't get another id: {why}"));
    let names: Vec<&str> = place.names().collect();
    let Some(usual) = names.first() else {
        return Ok(Renamed::No);
    };
    match place {
        Place::Header(_) => {
            let is_named = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
            match event.headers.iter_mut().find(|(name, _)| is_named(name)) {
                Some((_, value)) => *value = renewed(value, new),
                None => event.headers.push(((*usual).to_owned(), renewed("", new))),
            }
        }
        Place::Query(_) => {
            let there = |name: &&str| form::value(&event.query, name).is_some();
            let name = names.iter().copied().find(there).unwrap_or(usual);
            let old = form::value(&event.query, name).unwrap_or_default();
            event.query = form::set(&event.query, name, &renewed(&old, new)).map_err(failed)?;
        }
        // What is signed is claims: those of a token that came, or a sample's.
        Place::Jwt(_) => {
            let claims = match jws::claims(&event.body) {
                Some(claims) => claims,
                None => String::from_utf8_lossy(&event.body).into_owned(),
            };
            event.body = renamed_json(&claims, &names, new)
                .map_err(failed)?
                .into_bytes();
        }
        Place::Json(_) | Place::Form(_) => {
            let body = match (place, form_of(event).map_err(failed)?) {
                (Place::Form(_), Form::Pairs(body)) => {
                    let there = |name: &&str| form::value(body, name).is_some();
                    let name = names.iter().copied().find(there).unwrap_or(usual);
                    let old = form::value(body, name).unwrap_or_default();
                    form::set(body, name, &renewed(&old, new))
                }
                (Place::Form(_), Form::Json(_)) => Err("the body is no form".to_owned()),
                // A form may hold the event's JSON in one of its fields.
                (_, Form::Pairs(body)) => {
                    let field = source.provider.and_then(|provider| provider.payload_field);
                    let field = field.ok_or_else(|| failed("the body is a form".to_owned()))?;
                    let held = form::value(body, field).unwrap_or_default();
                    renamed_json(&held, &names, new).and_then(|held| form::set(body, field, &held))
                }
                (_, Form::Json(body)) => renamed_json(body, &names, new),
            };
            event.body = body.map_err(failed)?.into_bytes();
        }
    }
    Ok(Renamed::Yes)
}

fn renamed_json(body: &str, names: &[&str], new: New<'_>) -> Result<String, String> {
    let found = |name: &&str| json::raw(body, name).is_ok_and(|raw| raw.is_some());
    let name = names.iter().copied().find(found).or(names.first().copied());
    let name = name.unwrap_or_default();
    let old = json::raw(body, name)?.unwrap_or("\"\"");
    let value = match (serde_json::from_str::<String>(old), new) {
        (Ok(old), new) => Value::from(renewed(&old, new)).to_string(),
        // A number stays one.
        (Err(_), New::Like(_)) if old.starts_with(|first: char| first.is_ascii_digit()) => {
            renewed(old, new)
        }
        (Err(_), new) => written(&renewed("", new)),
    };
    json::set(body, name, &value)
}

/// An id in place of another: digits for digits, and with what stands before the last `_` of the old one.
fn renewed(old: &str, new: New<'_>) -> String {
    let random = match new {
        New::Exactly(id) => return id.to_owned(),
        New::Like(random) => random,
    };
    if !old.is_empty() && old.bytes().all(|byte| byte.is_ascii_digit()) {
        // So that no reader's number is too small for it.
        return (random[0] >> 12).to_string();
    }
    match old.rsplit_once('_') {
        Some((kind, _)) if !kind.is_empty() => {
            format!("{kind}_{}", uuid(random).replace('-', ""))
        }
        _ => uuid(random),
    }
}

/// The value as JSON: itself if it is, and else a text.
fn written(value: &str) -> String {
    match serde_json::from_str::<&RawValue>(value) {
        Ok(json) => json.get().to_owned(),
        Err(_) => Value::from(value).to_string(),
    }
}

fn form_of(event: &Sample) -> Result<Form<'_>, String> {
    let body = std::str::from_utf8(&event.body).map_err(|_| "the body is no text".to_owned())?;
    let mut headers = event.headers.iter();
    let kind = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let kind = kind.map_or("", |(_, kind)| kind.as_str());
    if kind.to_ascii_lowercase().starts_with("multipart/") {
        return Err("the body is a form in parts; change it with --edit".to_owned());
    }
    if webhook::reading::form::is_form(kind) {
        return Ok(Form::Pairs(body));
    }
    match serde_json::from_str::<&RawValue>(body) {
        Ok(_) => Ok(Form::Json(body)),
        Err(_) => Err("the body is neither JSON nor a form; change it with --edit".to_owned()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn event(kind: &str, body: &str) -> Sample {
        Sample {
            headers: vec![("Content-Type".into(), kind.into())],
            query: String::new(),
            body: body.into(),
        }
    }

    fn text(event: &Sample) -> &str {
        std::str::from_utf8(&event.body).unwrap()
    }

    #[test]
    fn a_value_is_json_if_it_can_be_read_as_that_and_else_a_text() {
        for (value, expected) in [
            ("500", "500"),
            ("1.10", "1.10"),
            ("12345678901234567890.0e-3", "12345678901234567890.0e-3"),
            ("\"500\"", "\"500\""),
            ("{\"b\": [1, 2]}", "{\"b\": [1, 2]}"),
            ("null", "null"),
            ("paid", "\"paid\""),
            ("", "\"\""),
            ("a=b", "\"a=b\""),
            ("007", "\"007\""),
        ] {
            let mut event = event("application/json", "{\"a\":{\"x\":1.0 },\"z\":1e2}");
            set(&mut event, &format!("a.x={value}")).unwrap();
            assert_eq!(
                text(&event),
                format!("{{\"a\":{{\"x\":{expected} }},\"z\":1e2}}")
            );
        }
    }

    #[test]
    fn what_can_not_be_set_is_said() {
        for (kind, body, asked) in [
            ("application/json", "{}", "a"),
            ("application/json", "{}", "=1"),
            ("application/json", "no json", "a=1"),
            ("multipart/form-data; boundary=b", "--b", "a=1"),
        ] {
            assert!(set(&mut event(kind, body), asked).is_err(), "{asked}");
        }
    }

    #[test]
    fn an_id_is_replaced_by_one_that_looks_like_it() {
        let like = New::Like([u64::MAX, 7]);
        assert_eq!(
            renewed("evt_1Mqq", like),
            "evt_ffffffffffff4fff8000000000000007"
        );
        assert_eq!(renewed("12345", like), (u64::MAX >> 12).to_string());
        assert_eq!(renewed("d1", like).len(), 36);
        assert_eq!(renewed("d1", New::Exactly("d2")), "d2");
    }

    #[test]
    fn the_id_is_set_where_the_source_reads_it() {
        let source = |name: &str| Source::of(catalogue::Provider::named(name).unwrap());
        let new = New::Exactly("new");
        let mut stripe = event("application/json", "{\"amount\":1.10,\"id\":\"evt_1\"}");
        assert_eq!(
            rename(&source("stripe"), &mut stripe, new).unwrap(),
            Renamed::Yes
        );
        assert_eq!(text(&stripe), "{\"amount\":1.10,\"id\":\"new\"}");
        let mut github = event("application/json", "{}");
        github
            .headers
            .push(("x-github-delivery".into(), "old".into()));
        assert_eq!(
            rename(&source("github"), &mut github, new).unwrap(),
            Renamed::Yes
        );
        assert_eq!(github.headers[1].1, "new");
        assert_eq!(github.headers.len(), 2);
        // RFC 7519's form: `{"alg":"RS256"}`, `{"event_id":"event_1"}` and a signature, which is made anew.
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJldmVudF9pZCI6ImV2ZW50XzEifQ.c2ln";
        let mut kinde = event("application/jwt", token);
        assert_eq!(
            rename(&source("kinde"), &mut kinde, new).unwrap(),
            Renamed::Yes
        );
        assert_eq!(text(&kinde), "{\"event_id\":\"new\"}");
    }

    #[test]
    fn every_provider_with_an_id_gives_its_sample_another() {
        for provider in catalogue::PROVIDERS {
            let source = Source::of(provider);
            let wanted = crate::sample::Wanted {
                id: None,
                event_type: None,
                body: None,
                now: protocol::time::UnixMillis(1_800_000_000_000),
                random: [1, 2],
            };
            let first = crate::sample::sample(&source, &wanted).unwrap();
            let mut second = first.clone();
            let renamed = rename(&source, &mut second, New::Like([3, 4])).unwrap();
            let has_id = source
                .identity
                .id
                .is_some_and(|id| id.pieces().any(|piece| place(piece).is_some()));
            assert_eq!(renamed == Renamed::Yes, has_id, "{}", provider.name);
            assert_eq!(first != second, has_id, "{}", provider.name);
        }
    }
}
