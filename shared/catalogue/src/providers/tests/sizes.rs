//! How large a body may be, by what it costs to refuse it.

use crate::{
    providers::PROVIDERS,
    scheme::{Algorithm, KeyForm, Scheme},
    size::BodyLimit,
    template::{Code, Piece, Place},
};

#[test]
fn a_size_is_said_where_a_provider_sends_more_than_is_taken() {
    for provider in PROVIDERS {
        let largest = provider.largest_body_bytes;
        assert!(largest.is_none_or(|bytes| bytes > crate::size::MAX_BODY_BYTES));
    }
}

/// Whether its token has the body as a claim, which is decoded and read before a signature is compared.
fn says_the_body(scheme: &Scheme) -> bool {
    let equal = scheme.claims.map_or(&[][..], |claims| claims.equal);
    equal.iter().any(|(_, template)| template.is_body())
}

/// Whether to refuse a delivery takes more than SHA-256 over the body once for each key.
fn costs_more_than_a_hash(scheme: &Scheme) -> bool {
    let reads_body = |piece| {
        matches!(
            piece,
            Piece::Code(
                Code::Adyen
                    | Code::Braintree
                    | Code::HttpMessage
                    | Code::Hygraph
                    | Code::JwsDetached
                    | Code::PlivoV3
                    | Code::Sns
                    | Code::Truelayer
                    | Code::Twilio
            )
        )
    };
    let signs_body = scheme.message.pieces().any(|piece| piece == Piece::Body);
    let in_json = |place| matches!(place, Place::Json(_));
    let reads_json = |piece| matches!(piece, Piece::Value(place) if in_json(place));
    let reads_form = |piece| matches!(piece, Piece::Value(Place::Form(_)));
    scheme.signature.place.is_in_body()
        || scheme.message.pieces().any(reads_json)
        || scheme
            .timestamp
            .is_some_and(|time| in_json(time.field.place))
        || scheme.message.pieces().any(reads_form)
        || scheme.message.pieces().any(reads_body)
        || signs_body && !scheme.algorithm.is_public_key() && scheme.algorithm.has_a_slower_hash()
        || signs_body && scheme.algorithm == Algorithm::Ed25519
        || scheme.signature.group.is_some()
        || says_the_body(scheme)
        || !scheme.url_forms.is_empty()
        || matches!(scheme.key, KeyForm::TextOrBase64 { .. })
}

// `make bench-verify` measures whether the limits are small enough.
#[test]
fn what_costs_more_than_a_hash_to_refuse_is_taken_in_smaller_sizes_and_nothing_else() {
    for provider in PROVIDERS {
        let name = provider.name;
        let limit = provider.max_body;
        // A key hashes the body once for each scheme that it serves.
        let hashing = |scheme: &&Scheme| {
            let signs_body = scheme.message.pieces().any(|piece| piece == Piece::Body);
            signs_body && !scheme.algorithm.is_public_key()
        };
        let keys: Vec<_> = (provider.counting().iter().filter(hashing))
            .map(|scheme| scheme.key)
            .collect();
        let hashes_again = (1..keys.len()).any(|at| keys[..at].contains(&keys[at]));
        if provider.schemes.iter().any(costs_more_than_a_hash) || hashes_again {
            assert!(limit.bytes < BodyLimit::DEFAULT.bytes, "{name}");
            assert!(!limit.why.is_empty(), "{name}");
        } else {
            assert_eq!(limit, BodyLimit::DEFAULT, "{name}");
        }
    }
}
