//! Times that are signed, and how long they hold.

use crate::{
    provider::Fact,
    providers::PROVIDERS,
    scheme::Scheme,
    template::{Code, Piece, Place},
};

#[test]
fn what_is_signed_with_a_time_is_never_accepted_for_longer_than_it_is_remembered() {
    let mut ours = 0;
    for provider in PROVIDERS {
        let name = provider.name;
        let remembered = u32::from(crate::Source::of(provider).retention_days) * 86_400;
        for scheme in provider.schemes {
            let issued = scheme.claims.and_then(|claims| claims.issued);
            let time = scheme.timestamp.map(|timestamp| timestamp.tolerance);
            for tolerance in time.into_iter().chain(issued) {
                let past = tolerance.past.unwrap_or(u32::MAX);
                let whole = past.saturating_add(tolerance.future.unwrap_or(0));
                assert!(whole <= remembered, "{name}: {whole}");
                // A number of ours that doesn't look ahead is long enough for every redelivery.
                if !provider.confirms(Fact::Tolerance) && tolerance.future.is_none() {
                    ours += 1;
                    assert!(past >= u32::from(provider.retry_hours) * 3_600, "{name}");
                }
            }
        }
        let is_timed = |scheme: &Scheme| scheme.timestamp.is_some();
        let says_ours = !provider.confirms(Fact::Tolerance);
        assert!(
            !says_ours || provider.schemes.iter().any(is_timed),
            "{name}"
        );
    }
    assert!(ours >= 9, "{ours}");
}

#[test]
fn no_scheme_signs_a_time_of_the_delivery_without_checking_it() {
    for provider in PROVIDERS {
        for scheme in provider.schemes {
            for piece in scheme.message.pieces() {
                let unchecked = match piece {
                    // When the thing happened that Orum tells of, not when it was sent.
                    Piece::Value(Place::Json("created_at")) => false,
                    Piece::Value(place) => place.names().any(|name| {
                        let name = name.to_ascii_lowercase();
                        ["time", "date", "sent_at", "created_at"]
                            .iter()
                            .any(|part| name.contains(part))
                    }),
                    Piece::Code(
                        Code::Contentful
                        | Code::Hook0
                        | Code::HttpMessage
                        | Code::Hygraph
                        | Code::MercadoPago
                        | Code::Sns
                        | Code::Truelayer,
                    ) => scheme.timestamp.is_none(),
                    _ => false,
                };
                assert!(!unchecked, "{}: {piece:?}", provider.name);
            }
            // A token's times are claims. Netlify's, FusionAuth's and Lago's have none that is documented.
            let is_timeless =
                |claims: &crate::Claims| claims.issued.is_none() && claims.expires.is_none();
            if scheme.claims.is_some_and(is_timeless) && scheme.timestamp.is_none() {
                assert!(
                    ["fusionauth", "lago", "netlify"].contains(&provider.name),
                    "{}",
                    provider.name
                );
            }
        }
    }
}
