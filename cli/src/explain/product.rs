//! A signature of the provider's that isn't the one this source takes: an older version, another product's, or one
//! that the delivery itself says is made otherwise.

use catalogue::{Algorithm, Claims, Encoding, Field, Scheme, Template, UrlForm};

use super::suspect::{Change, Guess, Suspect};
use crate::describe;

/// Another signature that a provider makes, and what to do where only that is there.
struct Product {
    providers: &'static [&'static str],
    scheme: Scheme,
    what: &'static str,
    mend: &'static str,
}

/// SHA-1 in a header, as in the first years of `WebSub`.
const HUB_SHA1: Scheme = Scheme {
    algorithm: Algorithm::HmacSha1,
    signature: Field::header("X-Hub-Signature").after(&["sha1="]),
    ..Scheme::PLAIN
};

const PRODUCTS: &[Product] = &[
    // https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers
    Product {
        providers: &["github"],
        scheme: HUB_SHA1,
        what: "GitHub's older signature (HMAC-SHA1, in the header X-Hub-Signature)",
        mend: "GitHub sends X-Hub-Signature-256 beside it. Find what drops that header on its way, such as a proxy that \
               knows the older one only, or update a sender that isn't GitHub itself. The older signature isn't taken in \
               its place.",
    },
    // https://developers.facebook.com/docs/messenger-platform/webhooks#validate-payloads
    Product {
        providers: &["meta", "whatsapp"],
        scheme: HUB_SHA1,
        what: "Meta's older signature (HMAC-SHA1, in the header X-Hub-Signature)",
        mend: "Meta sends X-Hub-Signature-256 beside it. Find what drops that header on its way, and see that the app uses \
               a current version of the Graph API. The older signature isn't taken in its place.",
    },
    // https://developer.squareup.com/docs/webhooks/step3validate
    Product {
        providers: &["square"],
        scheme: Scheme {
            algorithm: Algorithm::HmacSha1,
            signature: Field::header("x-square-signature"),
            encoding: Encoding::Base64,
            message: Template::new("{url}{body}"),
            ..Scheme::PLAIN
        },
        what: "Square's older signature (HMAC-SHA1, in the header x-square-signature)",
        mend: "Square sends x-square-hmacsha256-signature beside it. Find what drops that header on its way, or make the \
               subscription anew with a current API version. The older signature isn't taken in its place.",
    },
    // https://docs.wise.com/features/webhooks-notifications/event-handling
    Product {
        providers: &["wise"],
        scheme: Scheme {
            algorithm: Algorithm::RsaPkcs1Sha1,
            key: catalogue::KeyForm::Public { prefix: "" },
            signature: Field::header("X-Signature"),
            encoding: Encoding::Base64,
            ..Scheme::PLAIN
        },
        what: "Wise's older signature (RSA with SHA-1, in the header X-Signature)",
        mend: "Wise sends X-Signature-SHA256 beside it. Find what drops that header on its way. The older signature isn't \
               taken in its place.",
    },
    // https://www.twilio.com/docs/usage/webhooks/webhooks-security
    Product {
        providers: &["twilio"],
        scheme: Scheme {
            algorithm: Algorithm::HmacSha256,
            signature: Field::header("X-Twilio-Signature"),
            encoding: Encoding::Base64,
            message: Template::new("{url}{twilio}"),
            url_forms: &[UrlForm::AnyPort],
            ..Scheme::PLAIN
        },
        what: "Twilio's signature with a shared key (HMAC-SHA256)",
        mend: "Twilio names that algorithm in the header X-Twilio-Webhooks-Signature-Settings, without which it isn't taken: \
               find what drops that header on its way.",
    },
];

pub(super) fn guesses<'s>(suspect: &'s Suspect<'_>) -> Box<dyn Iterator<Item = Guess> + 's> {
    let name = suspect.case.source.provider.map(|provider| provider.name);
    let is_ones =
        move |product: &&Product| name.is_some_and(|name| product.providers.contains(&name));
    let products = PRODUCTS.iter().filter(is_ones).map(|product| Guess {
        change: Change::Schemes(vec![product.scheme]),
        sentence: format!(
            "The delivery is signed in another way of the provider's: it has {}, which is right.",
            product.what
        ),
        mend: product.mend.to_owned(),
    });
    Box::new(
        products
            .chain(prefixes(suspect))
            .chain(versions(suspect))
            .chain(conditions(suspect)),
    )
}

/// The schemes with another text before the signature: a mark was changed, or all of it is missing.
fn prefixes<'s>(suspect: &'s Suspect<'_>) -> impl Iterator<Item = Guess> + 's {
    let schemes = suspect.schemes().iter();
    schemes.flat_map(move |scheme| {
        let expected = scheme.signature.prefixes.first().copied().unwrap_or_default();
        let stem = expected.trim_end_matches(['=', ',', ' ', ':']);
        let marks = ["=", "-", ":", " ", ": ", ",", "= "].iter().map(move |mark| format!("{stem}{mark}"));
        // A name and a bar, such as a public key's: another one's name.
        let named = expected.ends_with('|').then(|| "*|".to_owned());
        let changed = [
            String::new(),
            expected.to_uppercase(),
            expected.to_lowercase(),
        ];
        let written = changed.into_iter().chain(marks).chain(named).filter(move |prefix| prefix != expected && !stem.is_empty());
        written.map(move |prefix| {
            let found = match prefix.as_str() {
                "" => "nothing".to_owned(),
                "*|" => "another name and `|`".to_owned(),
                prefix => format!("`{prefix}`"),
            };
            let prefixes: &'static [&'static str] = vec![&*prefix.leak()].leak();
            Guess {
                change: Change::Schemes(vec![Scheme { signature: scheme.signature.after(prefixes), ..*scheme }]),
                sentence: format!(
                    "The signature is right, but for the text before it: {found} stands there in the {}, and `{expected}` is \
                     expected.",
                    describe::field(Field { prefixes: &[""], split: None, ..scheme.signature })
                ),
                mend: "See what wrote this header: the provider writes it as it is expected, so that it was changed since.".into(),
            }
        })
    })
}

/// The provider's other schemes, each by itself: one that is right where the newer one isn't tells that the secret is.
fn versions<'s>(suspect: &'s Suspect<'_>) -> impl Iterator<Item = Guess> + 's {
    let known = suspect.schemes().iter();
    let of_provider = suspect
        .case
        .source
        .provider
        .map_or(&[][..], |provider| provider.schemes)
        .iter();
    let is_there = |scheme: &&Scheme| {
        let mut names = scheme.signature.place.outer_names();
        names.any(|name| suspect.header(name).is_some())
    };
    known.chain(of_provider).filter_map(move |scheme| {
        // The one that counts: of the others the first that is there, else the first.
        let others = || suspect.schemes().iter().filter(|other| other.signature != scheme.signature);
        let of = others().find(is_there).or(others().next())?;
        let alone = Scheme { when: None, unless: None, ..*scheme };
        let its = |scheme: &Scheme| format!("{} ({})", describe::field(scheme.signature), describe::in_short(scheme));
        Some(Guess {
            change: Change::Schemes(vec![alone]),
            sentence: format!(
                "The secret is right: what stands in the {} is right for it, and what counts is the signature in the {}, \
                 which isn't ({}).",
                its(scheme),
                its(of),
                suspect.refusal.detail
            ),
            mend: "The weaker proof isn't taken in the place of the stronger one. See that the delivery has the stronger one, \
                   and that what only it signs (the URL, the method, the body, the time) is what was sent."
                .into(),
        })
    })
}

/// The schemes without one of their conditions: the signature is right, and something else isn't.
fn conditions<'s>(suspect: &'s Suspect<'_>) -> impl Iterator<Item = Guess> + 's {
    let detail = &suspect.refusal.detail;
    let edits: [fn(&Scheme) -> Scheme; 5] = [
        |scheme| Scheme {
            when: None,
            named: &[],
            ..*scheme
        },
        |scheme| Scheme {
            unless: None,
            ..*scheme
        },
        |scheme| Scheme {
            equal: &[],
            ..*scheme
        },
        |scheme| {
            scheme.with_claims(|claims| Claims {
                equal: &[],
                url_digest: None,
                request_digest: None,
                ..*claims
            })
        },
        |scheme| Scheme {
            when: None,
            unless: None,
            named: &[],
            equal: &[],
            claims: None,
            ..*scheme
        },
    ];
    let without = edits.into_iter().map(move |edit| {
        let schemes: Vec<Scheme> = suspect.schemes().iter().map(edit).collect();
        let for_another_body = schemes.iter().all(|scheme| scheme.claims.is_none())
            && suspect.schemes().iter().any(|scheme| scheme.claims.is_some_and(|claims| claims.body_digest.is_some()));
        let (sentence, mend) = if for_another_body {
            (
                format!("The token's signature is right, so it isn't the secret; but it doesn't vouch for this body: {detail}."),
                "The body was changed on its way, or the token is another delivery's: hand over the raw bytes of both.",
            )
        } else {
            (
                format!("The signature is right, and so is the secret. What is refused is something else: {detail}."),
                "See what the delivery says there, and what the source asks for.",
            )
        };
        Guess { change: Change::Schemes(schemes), sentence, mend: mend.to_owned() }
    });
    let challenge = Guess {
        change: Change::NoHandshakes,
        sentence: format!("The signature is right, but proves nothing: {detail}."),
        mend: "The provider signs whatever a stranger sends as a challenge, so that such bytes are never taken for an event."
            .into(),
    };
    without.chain([challenge])
}
