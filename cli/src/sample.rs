//! Sample events, one per provider, with ids and times of their own.

use catalogue::{Piece, Place, Source, Template};
use serde_json::{Map, Value, json};
use webhook::time::UnixMillis;

use crate::{failure::Failure, form};

/// Sorted by name. A sample has headers, and a JSON body or the fields of a form; some have a query.
#[rustfmt::skip]
const SAMPLES: &[(&str, &str)] = &[
    ("adyen", include_str!("samples/adyen.json")),
    ("affirm", include_str!("samples/affirm.json")),
    ("airtable", include_str!("samples/airtable.json")),
    ("asana", include_str!("samples/asana.json")),
    ("auth0", include_str!("samples/auth0.json")),
    ("authorize-net", include_str!("samples/authorize-net.json")),
    ("aws-sns", include_str!("samples/aws-sns.json")),
    ("bitbucket", include_str!("samples/bitbucket.json")),
    ("box", include_str!("samples/box.json")),
    ("braintree", include_str!("samples/braintree.json")),
    ("brex", include_str!("samples/brex.json")),
    ("buildkite", include_str!("samples/buildkite.json")),
    ("calendly", include_str!("samples/calendly.json")),
    ("chargebee", include_str!("samples/chargebee.json")),
    ("checkr", include_str!("samples/checkr.json")),
    ("circleci", include_str!("samples/circleci.json")),
    ("clerk", include_str!("samples/clerk.json")),
    ("cloudflare-notifications", include_str!("samples/cloudflare-notifications.json")),
    ("cloudflare-stream", include_str!("samples/cloudflare-stream.json")),
    ("coinbase-cdp", include_str!("samples/coinbase-cdp.json")),
    ("coinbase-commerce", include_str!("samples/coinbase-commerce.json")),
    ("contentful", include_str!("samples/contentful.json")),
    ("datadog", include_str!("samples/datadog.json")),
    ("discord", include_str!("samples/discord.json")),
    ("docusign", include_str!("samples/docusign.json")),
    ("drill", include_str!("samples/drill.json")),
    ("dropbox", include_str!("samples/dropbox.json")),
    ("easypost", include_str!("samples/easypost.json")),
    ("elevenlabs", include_str!("samples/elevenlabs.json")),
    ("etsy", include_str!("samples/etsy.json")),
    ("financbase", include_str!("samples/financbase.json")),
    ("formify", include_str!("samples/formify.json")),
    ("front", include_str!("samples/front.json")),
    ("frontitude", include_str!("samples/frontitude.json")),
    ("fusionauth", include_str!("samples/fusionauth.json")),
    ("github", include_str!("samples/github.json")),
    ("gitlab", include_str!("samples/gitlab.json")),
    ("gocardless", include_str!("samples/gocardless.json")),
    ("google-pubsub", include_str!("samples/google-pubsub.json")),
    ("heroku", include_str!("samples/heroku.json")),
    ("hook0", include_str!("samples/hook0.json")),
    ("hubspot", include_str!("samples/hubspot.json")),
    ("incident-io", include_str!("samples/incident-io.json")),
    ("increase", include_str!("samples/increase.json")),
    ("intercom", include_str!("samples/intercom.json")),
    ("jira", include_str!("samples/jira.json")),
    ("jira-connect", include_str!("samples/jira-connect.json")),
    ("klaviyo", include_str!("samples/klaviyo.json")),
    ("lemon-squeezy", include_str!("samples/lemon-squeezy.json")),
    ("line", include_str!("samples/line.json")),
    ("linear", include_str!("samples/linear.json")),
    ("linkedin", include_str!("samples/linkedin.json")),
    ("lithic", include_str!("samples/lithic.json")),
    ("lob", include_str!("samples/lob.json")),
    ("mailgun", include_str!("samples/mailgun.json")),
    ("mercado-pago", include_str!("samples/mercado-pago.json")),
    ("meta", include_str!("samples/meta.json")),
    ("microsoft-graph", include_str!("samples/microsoft-graph.json")),
    ("microsoft-teams", include_str!("samples/microsoft-teams.json")),
    ("modern-treasury", include_str!("samples/modern-treasury.json")),
    ("mollie", include_str!("samples/mollie.json")),
    ("monday", include_str!("samples/monday.json")),
    ("mux", include_str!("samples/mux.json")),
    ("netlify", include_str!("samples/netlify.json")),
    ("notion", include_str!("samples/notion.json")),
    ("okta", include_str!("samples/okta.json")),
    ("onfleet", include_str!("samples/onfleet.json")),
    ("openai", include_str!("samples/openai.json")),
    ("orum", include_str!("samples/orum.json")),
    ("paddle", include_str!("samples/paddle.json")),
    ("pagerduty", include_str!("samples/pagerduty.json")),
    ("paypal", include_str!("samples/paypal.json")),
    ("paystack", include_str!("samples/paystack.json")),
    ("persona", include_str!("samples/persona.json")),
    ("plaid", include_str!("samples/plaid.json")),
    ("plivo", include_str!("samples/plivo.json")),
    ("polar", include_str!("samples/polar.json")),
    ("postmark", include_str!("samples/postmark.json")),
    ("razorpay", include_str!("samples/razorpay.json")),
    ("recurly", include_str!("samples/recurly.json")),
    ("render", include_str!("samples/render.json")),
    ("replicate", include_str!("samples/replicate.json")),
    ("resend", include_str!("samples/resend.json")),
    ("sanity", include_str!("samples/sanity.json")),
    ("self", include_str!("samples/self.json")),
    ("sendgrid", include_str!("samples/sendgrid.json")),
    ("sentry", include_str!("samples/sentry.json")),
    ("shippo", include_str!("samples/shippo.json")),
    ("shopify", include_str!("samples/shopify.json")),
    ("sinch", include_str!("samples/sinch.json")),
    ("slack", include_str!("samples/slack.json")),
    ("square", include_str!("samples/square.json")),
    ("squarespace", include_str!("samples/squarespace.json")),
    ("standard-webhooks", include_str!("samples/standard-webhooks.json")),
    ("stripe", include_str!("samples/stripe.json")),
    ("supabase", include_str!("samples/supabase.json")),
    ("svix", include_str!("samples/svix.json")),
    ("telnyx", include_str!("samples/telnyx.json")),
    ("tiktok", include_str!("samples/tiktok.json")),
    ("trello", include_str!("samples/trello.json")),
    ("truelayer", include_str!("samples/truelayer.json")),
    ("twilio", include_str!("samples/twilio.json")),
    ("twitch", include_str!("samples/twitch.json")),
    ("typeform", include_str!("samples/typeform.json")),
    ("vanta", include_str!("samples/vanta.json")),
    ("vercel", include_str!("samples/vercel.json")),
    ("vonage", include_str!("samples/vonage.json")),
    ("webflow", include_str!("samples/webflow.json")),
    ("websub", include_str!("samples/websub.json")),
    ("whatsapp", include_str!("samples/whatsapp.json")),
    ("wise", include_str!("samples/wise.json")),
    ("woocommerce", include_str!("samples/woocommerce.json")),
    ("workos", include_str!("samples/workos.json")),
    ("x-twitter", include_str!("samples/x-twitter.json")),
    ("xero", include_str!("samples/xero.json")),
    ("zendesk", include_str!("samples/zendesk.json")),
    ("zoom", include_str!("samples/zoom.json")),
];

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
    let known = SAMPLES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text);
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
    set(
        source.event_type,
        wanted.event_type.or(unknown.then_some("sample")),
    );
    set(source.event_id, wanted.id.or(unknown.then_some(&fresh)));

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
fn place(piece: Piece) -> Option<Place> {
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
        Place::Json(_) => put_at(&mut sample["body"], name, value),
        Place::Form(_) => {
            if !sample["form"].is_object() {
                sample["form"] = json!({});
            }
            sample["form"][name] = value.into();
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
fn uuid(random: [u64; 2]) -> String {
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
            assert!(
                SAMPLES.iter().any(|(name, _)| *name == provider.name),
                "{}",
                provider.name
            );
            let source = Source::of(provider);
            let sample = sample(&source, &wanted()).unwrap();
            assert!(
                !String::from_utf8_lossy(&sample.body).contains('$'),
                "{}",
                provider.name
            );
            for template in source.event_id.into_iter().chain(source.event_type) {
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
            Place::Json(_) => json
                .pointer(&format!("/{}", name.replace('.', "/")))
                .is_some(),
            Place::Form(_) => has_field(&body, name),
            Place::Query(_) => has_field(&sample.query, name),
        })
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(SAMPLES.windows(2).all(|pair| pair[0].0 < pair[1].0));
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
    fn id_and_type_can_be_chosen() {
        let sources = sources::sources(Environment::Local);
        for source in sources.iter() {
            let templates = source.event_id.is_some() && source.event_type.is_some();
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
            assert!(
                all.contains("chosen-id") && all.contains("chosen.type"),
                "{all}"
            );
        }
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
