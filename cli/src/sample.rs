//! Sample events, one per provider, with ids and times of their own.

use catalogue::{Piece, Place, Source, Template};
use serde_json::{Value, json};
use webhook::time::UnixMillis;

use crate::failure::Failure;

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
    (
        "cloudflare-notifications",
        include_str!("samples/cloudflare-notifications.json"),
    ),
    (
        "cloudflare-stream",
        include_str!("samples/cloudflare-stream.json"),
    ),
    ("coinbase-cdp", include_str!("samples/coinbase-cdp.json")),
    (
        "coinbase-commerce",
        include_str!("samples/coinbase-commerce.json"),
    ),
    ("contentful", include_str!("samples/contentful.json")),
    ("datadog", include_str!("samples/datadog.json")),
    ("discord", include_str!("samples/discord.json")),
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
    ("gocardless", include_str!("samples/gocardless.json")),
    ("google-pubsub", include_str!("samples/google-pubsub.json")),
    ("heroku", include_str!("samples/heroku.json")),
    ("hook0", include_str!("samples/hook0.json")),
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
    ("meta", include_str!("samples/meta.json")),
    (
        "microsoft-graph",
        include_str!("samples/microsoft-graph.json"),
    ),
    (
        "microsoft-teams",
        include_str!("samples/microsoft-teams.json"),
    ),
    (
        "modern-treasury",
        include_str!("samples/modern-treasury.json"),
    ),
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
    (
        "standard-webhooks",
        include_str!("samples/standard-webhooks.json"),
    ),
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
    let text = SAMPLES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text);
    let mut sample: Value = match text {
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
    let unknown = text.is_none();
    set(
        source.event_type,
        wanted.event_type.or(unknown.then_some("sample")),
    );
    set(source.event_id, wanted.id.or(unknown.then_some(&fresh)));

    let headers = sample["headers"].as_object().into_iter().flatten();
    let mut headers: Vec<(String, String)> = headers
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect();
    headers.push(("content-type".into(), "application/json".into()));
    Ok(Sample {
        headers,
        body: match wanted.body {
            Some(body) => body.to_vec(),
            None => sample["body"].to_string().into_bytes(),
        },
    })
}

fn place(piece: Piece) -> Option<Place> {
    match piece {
        Piece::Value(place @ (Place::Header(_) | Place::Json(_))) => Some(place),
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
        Place::Json(_) => {
            let mut at = &mut sample["body"];
            for key in name.split('.') {
                if !at.is_object() {
                    *at = json!({});
                }
                at = &mut at[key];
            }
            *at = value.into();
        }
        Place::Form(_) | Place::Query(_) => {}
    }
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
            let json: Value = serde_json::from_slice(&sample.body).unwrap();
            for template in source.event_id.into_iter().chain(source.event_type) {
                for piece in template.pieces() {
                    let there = match piece {
                        Piece::Value(Place::Json(names)) => names.split('|').any(|path| {
                            json.pointer(&format!("/{}", path.replace('.', "/")))
                                .is_some()
                        }),
                        Piece::Value(Place::Header(names)) => names.split('|').any(|name| {
                            sample
                                .headers
                                .iter()
                                .any(|(found, _)| found.eq_ignore_ascii_case(name))
                        }),
                        _ => true,
                    };
                    assert!(there, "{}: {piece:?}", provider.name);
                }
            }
        }
    }

    #[test]
    fn id_and_type_can_be_chosen() {
        let sources = sources::sources(Environment::Local);
        for source in sources.iter() {
            let wanted = Wanted {
                id: Some("chosen-id"),
                event_type: Some("chosen.type"),
                ..wanted()
            };
            let sample = sample(source, &wanted).unwrap();
            let all = format!(
                "{:?}{}",
                sample.headers,
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
