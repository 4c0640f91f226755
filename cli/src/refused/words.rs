//! What the reason of a refusal means, and what to try.

/// The reasons, as ingest's `Cause::reason` and its tests name them.
pub(crate) const REASONS: &[&str] = &[
    "missing",
    "malformed",
    "stale",
    "forged",
    "unknown_source",
    "method",
    "too_large",
    "source_ip",
    "front",
    "no_verify_token",
    "verify_token",
    "unknown_subject",
];

/// In a sentence or three.
pub(super) fn of(reason: &str, source: Option<&str>) -> String {
    let source = source.unwrap_or("SOURCE");
    match reason {
        "missing" => "What signs the delivery wasn't there, or not all of it. Either no secret is set at the provider, so that it \
             doesn't sign, or something on the way drops the header, or it isn't from that provider: anybody can post to \
             the URL.\nTry: landfall providers NAME says what a delivery must have; have the provider send its own test event."
            .to_owned(),
        "malformed" => "What signs the delivery hasn't the form that the provider gives it, or the body isn't what it is said \
             to be. See which version of the signature the provider sends, and whether something on the way shortens or \
             changes it."
            .to_owned(),
        "stale" => "The time that was signed is too far from that of its receipt. Either it is an old delivery that somebody \
             sends again, or the sender's clock is wrong, or something on the way held it back.\n\
             Try: have the provider send the event again, which signs it anew; landfall providers NAME says what is allowed."
            .to_owned(),
        "forged" => format!(
            "No secret of the source explains the signature. It is the secret of another endpoint or environment, or one \
             that was changed at the provider only, or something on the way changes the body, or the URL where that is \
             signed, or somebody else has sent it.\n\
             Try: landfall secrets list {source}; landfall send --source {source}; and with a delivery at hand, \
             landfall explain --source {source} says which of these it is."
        ),
        "unknown_source" => "No source of that name is configured, or the path isn't /webhooks/SOURCE. The name isn't told, \
             since anybody may write anything there.\nTry: landfall sources has the URLs as they are to be entered."
            .to_owned(),
        "method" => format!(
            "The method isn't one that the provider sends events with. Somebody has opened the URL in a browser, or the \
             provider wants to prove the endpoint in a way that the source isn't configured for.\n\
             Try: landfall url {source}; see `handshake` at the source's provider in landfall providers."
        ),
        "too_large" => "The body is larger than the source takes. If it is the provider's, raise the source's \
             `max_body_bytes`."
            .to_owned(),
        "source_ip" => "It came from an address that isn't in the source's `source_ips`. If it is the provider's, it has \
             begun to send from another address: see its page, and add that."
            .to_owned(),
        "front" => "It came past the front, by the stack's own address. What is entered at the provider must be the front's \
             address: landfall sources prints it."
            .to_owned(),
        "no_verify_token" | "verify_token" => format!(
            "The provider, or somebody else, wants the endpoint to be proven, and shows another token than the source's.\n\
             Try: landfall secrets set {source} --verify-token, with the text that is entered at the provider."
        ),
        "unknown_subject" => "Somebody wants the endpoint to be proven for something that the source doesn't name."
            .to_owned(),
        _ => "This version of the command doesn't know that reason.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_explained() {
        let unknown = of("another", None);
        for reason in REASONS {
            assert_ne!(of(reason, Some("github")), unknown, "{reason}");
        }
        assert!(of("forged", Some("github")).contains("landfall secrets list github"));
    }
}
