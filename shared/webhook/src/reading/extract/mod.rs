//! Takes single texts out of a delivery: the fields and templates of the table, interpreted.

use std::borrow::Cow;

use base64::Engine as _;
use catalogue::{Field, INTO, Piece, Place, QUOTE, Template, WHOLE};

use crate::{
    reading::{
        base64::{LENIENT, LENIENT_URL},
        delivery::Delivery,
        form,
        json::{self, Found},
        jws, structured,
    },
    refusal::Refusal,
};

/// Why there is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoText {
    /// Nothing stands there, or an empty text.
    Absent,
    /// What stands there can't be taken for a text; why.
    Unusable(&'static str),
}

/// The text at a place: of its alternatives the first that is there and not empty.
pub(crate) fn text<'a>(place: Place, delivery: &Delivery<'a>) -> Result<Cow<'a, str>, NoText> {
    for name in place.names() {
        if let Some(text) = alternative(place, name, delivery).map_err(NoText::Unusable)?
            && !text.is_empty()
        {
            return Ok(text);
        }
    }
    Err(NoText::Absent)
}

/// The text at a place, or the refusal of a delivery in which it isn't there or can't be read.
pub(crate) fn required<'a>(place: Place, delivery: &Delivery<'a>) -> Result<Cow<'a, str>, Refusal> {
    text(place, delivery).map_err(|why| refuse(why, &describe(place)))
}

/// The text at a place of a request that nothing signs: none that stands there twice, not even with one
/// value, for no provider asks like that.
pub(crate) fn text_said_once<'a>(place: Place, delivery: &Delivery<'a>) -> Option<Cow<'a, str>> {
    let encoded = match place {
        Place::Form(_) => delivery.body,
        Place::Query(_) => delivery.query.as_bytes(),
        Place::Header(_) | Place::Json(_) | Place::Jwt(_) => b"",
    };
    if (place.outer_names()).any(|name| form::count(encoded, name) > 1) {
        return None;
    }
    text(place, delivery).ok()
}

fn alternative<'a>(
    place: Place,
    name: &str,
    delivery: &Delivery<'a>,
) -> Result<Option<Cow<'a, str>>, &'static str> {
    match place {
        // No header is called so, and one that a stranger calls so is not meant.
        _ if name.contains(INTO) => inner(place, name, delivery),
        Place::Header(_) => Ok(delivery.headers.get(name).map(Cow::Borrowed)),
        Place::Json(_) => leaf(json::find(delivery.body, name)),
        Place::Form(_) => form::field(delivery.body, name),
        Place::Query(_) => form::find(delivery.query.as_bytes(), name),
        Place::Jwt(_) => in_token(delivery.body, name),
    }
}

/// The token that the body is, or a text of its claims.
fn in_token<'a>(body: &'a [u8], name: &str) -> Result<Option<Cow<'a, str>>, &'static str> {
    if body.is_empty() {
        return Ok(None);
    }
    let token = jws::text(body).ok_or(NO_TOKEN)?;
    if name == WHOLE {
        return Ok(Some(token.into()));
    }
    let claims = jws::payload(token).ok_or(NO_TOKEN)?;
    leaf(json::find(&claims, name))
}

const NO_TOKEN: &str = "the body is no JSON Web Token";

fn leaf<'a>(found: Found) -> Result<Option<Cow<'a, str>>, &'static str> {
    match found {
        Found::Absent => Ok(None),
        Found::Text(text) | Found::Number(text) => Ok(Some(text.into())),
        Found::Unusable(why) => Err(why),
    }
}

/// What stands at a path into the text at a place, `X-Signature>kid`: that is JSON, or JSON in base64 up to its first
/// dot, as in a token; or a structured field, of whose members the first that has a parameter of this name counts.
fn inner<'a>(
    place: Place,
    name: &str,
    delivery: &Delivery<'a>,
) -> Result<Option<Cow<'a, str>>, &'static str> {
    let Some((outer, path)) = name.split_once(INTO) else {
        return Ok(None);
    };
    let Some(text) = alternative(place, outer, delivery)? else {
        return Ok(None);
    };
    let is_json = text.trim_start().starts_with(['{', '[']);
    if !is_json && text.contains("=(") {
        let members = structured::members(&text).ok_or("it is no list of what is signed")?;
        let found = members.iter().find_map(|member| member.parameter(path));
        return Ok(found.map(|value| value.text().to_owned().into()));
    }
    let json = if is_json {
        Cow::Borrowed(text.as_bytes())
    } else {
        let encoded = text.split('.').next().unwrap_or_default();
        let decoded = LENIENT
            .decode(encoded)
            .or_else(|_| LENIENT_URL.decode(encoded));
        Cow::Owned(decoded.map_err(|_| "it is neither JSON nor JSON in base64")?)
    };
    leaf(json::find(&json, path))
}

/// Every text at a place: headers that are alternatives may be sent side by side, as for two secrets,
/// and the elements of a list have one each, of which none may be missing.
pub(crate) fn texts<'a>(
    place: Place,
    delivery: &Delivery<'a>,
) -> Result<Vec<Cow<'a, str>>, NoText> {
    let found: Vec<Cow<'a, str>> = match place {
        Place::Header(_) => place
            .names()
            .filter(|name| !name.contains(INTO))
            .flat_map(|name| match name.strip_suffix('*') {
                Some(stem) => delivery.headers.numbered(stem),
                None => delivery.headers.get(name).into_iter().collect(),
            })
            .map(Cow::Borrowed)
            .collect(),
        Place::Json(path) if path.contains('*') => json::find_all(delivery.body, path)
            .into_iter()
            .map(|found| match found {
                Found::Text(text) | Found::Number(text) if !text.is_empty() => Ok(Cow::Owned(text)),
                Found::Text(_) | Found::Number(_) | Found::Absent => Err(NoText::Absent),
                Found::Unusable(why) => Err(NoText::Unusable(why)),
            })
            .collect::<Result<_, _>>()?,
        _ => return text(place, delivery).map(|text| vec![text]),
    };
    if found.is_empty() {
        return text(place, delivery).map(|text| vec![text]);
    }
    Ok(found)
}

/// The groups of a field's text, each a list by itself; of a field without groups the whole text.
pub(crate) fn groups<'t>(field: &Field, text: &'t str) -> impl Iterator<Item = &'t str> {
    let blank = |group: &&str| !group.trim_matches([' ', '\t']).is_empty();
    separated(text, field.group).filter(blank)
}

fn separated(text: &str, separator: Option<char>) -> impl Iterator<Item = &str> {
    let (list, single) = match separator {
        Some(separator) => (Some(text.split(separator)), None),
        None => (None, Some(text)),
    };
    list.into_iter().flatten().chain(single)
}

/// The entries of a field's text that begin with one of its prefixes, without it. Others are skipped:
/// they are of a version that this scheme doesn't speak.
pub(crate) fn entries<'t>(field: &Field, text: &'t str) -> impl Iterator<Item = &'t str> {
    let Field {
        prefixes, split, ..
    } = *field;
    groups(field, text)
        .flat_map(move |group| separated(group, split))
        .filter_map(move |entry| {
            let entry = entry.trim_matches([' ', '\t']);
            prefixes
                .iter()
                .find_map(|prefix| without_prefix(entry, prefix))
        })
}

/// What follows a prefix; one that begins with `*` is anything up to what stands behind that. A quote at its end is
/// one of two: what follows ends with the other.
fn without_prefix<'t>(entry: &'t str, prefix: &str) -> Option<&'t str> {
    let text = match prefix.strip_prefix('*') {
        Some(end) if !end.is_empty() => entry.split_once(end).map(|(_, text)| text),
        _ => entry.strip_prefix(prefix),
    };
    if prefix.ends_with(QUOTE) {
        return text?.strip_suffix(QUOTE);
    }
    text
}

/// A template of texts, filled in. `None` if a part of it is missing, or is no text.
pub(crate) fn rendered(
    template: Template,
    delivery: &Delivery<'_>,
    timestamp: Option<&str>,
) -> Option<String> {
    let mut filled = String::new();
    for piece in template.pieces() {
        match piece {
            Piece::Literal(literal) => filled.push_str(literal),
            Piece::Value(place) => filled.push_str(&text(place, delivery).ok()?),
            Piece::Timestamp => filled.push_str(timestamp?),
            Piece::Method => filled.push_str(delivery.method),
            Piece::Host => filled.push_str(delivery.host()),
            Piece::Path => filled.push_str(delivery.path),
            Piece::PathAndQuery => filled.push_str(delivery.path_and_query()),
            Piece::Url => filled.push_str(delivery.url),
            Piece::UrlWithoutQuery => filled.push_str(delivery.url_without_query()),
            Piece::Body | Piece::Code(_) => return None,
        }
    }
    Some(filled)
}

/// A template of an event's id, type or reference, filled in. `None` if any part of it is missing, or
/// if it names none: a text that is the same for every event says nothing.
pub(crate) fn fill(
    template: Template,
    delivery: &Delivery<'_>,
    timestamp: Option<&str>,
) -> Option<String> {
    // A well-formed template has a brace just where it has a placeholder.
    let is_constant = !template.text().contains('{');
    if is_constant {
        return None;
    }
    rendered(template, delivery, timestamp)
}

/// A place in words, for the operator.
pub(crate) fn describe(place: Place) -> String {
    let kind = match place {
        Place::Header(_) => "header",
        Place::Json(_) => "JSON field",
        Place::Form(_) => "form field",
        Place::Query(_) => "query parameter",
        Place::Jwt(WHOLE) => return "the token that the body is".into(),
        Place::Jwt(_) => "claim",
    };
    let names: Vec<_> = place.names().collect();
    format!("the {kind} `{}`", names.join("` or `"))
}

/// The refusal of a delivery in which something of this name is missing.
pub(crate) fn refuse(why: NoText, what: &str) -> Refusal {
    match why {
        NoText::Absent => Refusal::missing(format!("{what} is absent or empty")),
        NoText::Unusable(why) => Refusal::malformed(format!("{what} can't be read: {why}")),
    }
}

#[cfg(test)]
mod tests;
