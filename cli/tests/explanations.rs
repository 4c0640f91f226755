//! `landfall explain` names what happened: each delivery of the vectors that is refused, with the sentence that it should
//! give, and every one that is authentic after something happened to it on its way.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use common::{run_vector, vector, vectors};
use serde_json::Value;

/// Provider, vector, the kind of the explanation, and words of its sentence or of what to do about it.
#[rustfmt::skip]
const EXPLAINED: &[(&str, &str, &str, &[&str])] = &[
    // Another URL.
    ("square", "slash_at_the_end_of_the_url", "url", &["https://hooks.example.com/webhooks/square/`", "They differ in the slash at the end"]),
    ("trello", "callback_url_was_another", "url", &["https://old.example.com/webhooks/trello", "the host", "entered_url"]),
    ("hubspot", "v3_wrong_method", "url", &["right for the method POST", "given as PUT"]),
    ("contentful", "path_prefix_cut_off_by_a_proxy", "other_url", &["signs the URL", "a proxy changed it", "--entered-url"]),
    ("truelayer", "other_path", "other_url", &["signs the URL", "another one is entered there"]),
    // A body that was parsed and written again.
    ("plaid", "compact_body_of_a_framework", "body_written_again", &["same JSON indented by 2 blanks", "raw bytes"]),
    ("easypost", "number_was_written_otherwise", "body_written_again", &["same JSON with a number written otherwise"]),
    ("square", "body_pretty_printed", "body_written_again", &["without white space"]),
    ("twilio", "json_body_hash_mismatch", "line_end", &["white space around it that wasn't sent"]),
    // A form encoded anew.
    ("slack", "form_encoded_anew_by_a_framework", "form_encoded_anew", &["form was decoded and encoded anew", "raw bytes"]),
    // Line ends.
    ("sendgrid", "line_end_lost_on_the_way", "line_end", &["lost the line end at its end", "`\\r\\n`"]),
    ("sendgrid", "trailing_crlf_trimmed", "line_end", &["lost the line end at its end", "`\\r\\n`"]),
    ("telnyx", "line_end_lost", "line_end", &["lost the line end at its end", "`\\n`"]),
    ("braintree", "line_end_became_two_letters", "line_end", &["became the two letters `\\n`"]),
    ("gitlab", "both_are_sent_the_signature_is_wrong_and_the_token_right", "line_end", &["white space around it that wasn't sent"]),
    // What SNS sends without a signature.
    ("aws-sns", "raw_delivery", "raw_delivery", &["raw message delivery", "RawMessageDelivery = false"]),
    // The clock.
    ("workos", "too_old_in_milliseconds", "clock", &["But for the time, the signature is right", "15 min old, and 180 s are allowed"]),
    ("plaid", "token_from_the_future", "clock", &["1 h 6 min ahead of the clock", "300 s are allowed"]),
    ("plaid", "older_than_5min", "clock", &["5 min 1 s old", "300 s are allowed"]),
    ("linear", "old_body_with_a_fresh_time_in_the_header", "clock", &["1 d 3 h old", "60 s are allowed"]),
    ("box", "future_20min", "clock", &["20 min ahead of the clock"]),
    ("slack", "expired", "clock", &["5 min 1 s old"]),
    // Another version, or another product.
    ("github", "sha1_signature_only", "other_version", &["GitHub's older signature", "X-Hub-Signature-256", "isn't taken in its place"]),
    ("meta", "only_the_old_sha1_header", "other_version", &["Meta's older signature", "X-Hub-Signature-256", "isn't taken in its place"]),
    ("square", "only_the_old_sha1_header", "other_version", &["Square's older signature", "x-square-hmacsha256-signature", "isn't taken in its place"]),
    ("wise", "only_the_old_sha1_header", "other_version", &["Wise's older signature", "X-Signature-SHA256", "isn't taken in its place"]),
    ("hubspot", "v3_wrong_v1_right", "other_version", &["The secret is right", "X-HubSpot-Signature-v3", "weaker proof isn't taken"]),
    ("airtable", "hyphen_after_the_name", "other_version", &["`hmac-sha256-` stands there", "`hmac-sha256=` is expected"]),
    ("github", "no_prefix_bare_hex", "other_version", &["nothing stands there", "`sha256=` is expected"]),
    ("notion", "no_prefix", "other_version", &["nothing stands there", "`sha256=` is expected"]),
    ("google-pubsub", "email_not_verified", "other_version", &["signature is right", "`email_verified`"]),
    ("twilio", "py_shared_key_sha256_without_settings_header", "other_version", &["shared key (HMAC-SHA256)", "X-Twilio-Webhooks-Signature-Settings"]),
    ("box", "py_other_algorithm_named", "other_version", &["signature is right", "`BOX-SIGNATURE-ALGORITHM`"]),
    ("box", "py_other_version_named", "other_version", &["signature is right", "`BOX-SIGNATURE-VERSION`"]),
    ("braintree", "py_other_public_key", "other_version", &["another name and `|` stands there", "`integration_public_key|` is expected"]),
    ("netlify", "digest_of_another_body", "other_version", &["token's signature is right", "for another body"]),
    ("vonage", "body_is_another", "other_version", &["token's signature is right", "for another body"]),
    ("vonage", "no_payload_hash", "other_version", &["token's signature is right", "`payload_hash` is absent"]),
    ("x-twitter", "body_that_the_challenge_would_sign", "other_version", &["right, but proves nothing", "challenge"]),
    // Right for other bytes: then it isn't the secret.
    ("twilio", "json_body_without_digest", "other_bytes", &["right for an empty body", "isn't the secret", "bodySHA256"]),
    ("twilio", "json_body_changed", "composition", &["covers no byte of the body", "isn't the secret"]),
    ("webflow", "body_only", "composition", &["over the body alone", "isn't the secret", "not a mend"]),
    ("orum", "signature_without_created_at_suffix", "composition", &["over the body alone", "isn't the secret"]),
    ("stripe", "only_v0_scheme", "composition", &["behind `v0=`", "not a mend"]),
    // What needs no mending.
    ("woocommerce", "unsigned_ping", "no_event", &["the ping that WooCommerce sends, without a signature"]),
    ("xero", "intent_to_receive_first_letter_changed", "no_event", &["intent to receive", "on purpose", "401"]),
    // What is missing, or can't be.
    ("slack", "missing_signature", "missing", &["`X-Slack-Signature` is absent"]),
    ("microsoft-graph", "client_state_null_in_one", "malformed", &["clientState"]),
    ("sanity", "unknown_scheme_v5", "malformed", &["no signature of a known version"]),
    // What nothing explains.
    ("polar", "other_key", "unexplained", &["secret of another endpoint or environment"]),
    ("standard-webhooks", "tampered_body", "unexplained", &["No usual composition"]),
];

#[test]
fn each_refused_delivery_gets_the_sentence_that_it_should() {
    let mut wrong = Vec::new();
    for (provider, name, kind, words) in EXPLAINED {
        let run = run_vector("explain", &vector(provider, name), &["--json"]);
        assert_eq!(run.code, 1, "{provider}/{name}: {}", run.stderr);
        let explanation = &run.json()["explanation"];
        let said =
            format!("{} {}", explanation["sentence"], explanation["mend"]).replace("\\\\", "\\");
        if explanation["kind"] != *kind || !words.iter().all(|words| said.contains(words)) {
            wrong.push(format!("{provider}/{name}: {explanation}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether two parts of a sentence that names a difference are the same.
fn is_no_difference(difference: &str) -> bool {
    let Some((theirs, ours)) = difference.split_once("; your scheme has ") else {
        return false;
    };
    let theirs = theirs
        .split_once("it is ")
        .map_or(theirs, |(_, theirs)| theirs);
    theirs == ours.strip_prefix("it ").unwrap_or(ours)
}

#[test]
fn every_refusal_is_explained_and_a_weaker_check_is_never_the_mend() {
    for vector in vectors()
        .iter()
        .filter(|vector| vector["expect"] != "valid")
    {
        let name = format!("{}/{}", vector["provider"], vector["name"]);
        let run = run_vector("explain", vector, &["--json"]);
        assert_eq!(run.code, 1, "{name}: {}{}", run.stdout, run.stderr);
        let json = run.json();
        let sentence = json["explanation"]["sentence"].as_str().unwrap();
        assert!(
            sentence.ends_with('.') && !json["explanation"]["kind"].is_null(),
            "{name}: {json}"
        );
        let provider = catalogue::Provider::named(vector["provider"].as_str().unwrap()).unwrap();
        for found in json["matches"].as_array().unwrap() {
            let lines = found["landfall_toml"].to_string();
            for weaker in ["body_unsigned", "sha1", "token", "unchecked"] {
                assert!(!lines.contains(weaker), "{name}: {found}");
            }
            // How a provider signs that documents it isn't to be changed.
            if provider.confirms(catalogue::Fact::Signature) {
                assert_eq!(lines, "[]", "{name}");
            }
            for difference in found["differences"].as_array().unwrap() {
                let difference = difference.as_str().unwrap();
                assert!(!is_no_difference(difference), "{name}: {difference}");
            }
        }
    }
}

/// The vectors that are authentic, and whose signature covers the whole body.
fn authentic() -> impl Iterator<Item = Value> {
    vectors().into_iter().filter(|vector| {
        let provider = catalogue::Provider::named(vector["provider"].as_str().unwrap()).unwrap();
        vector["expect"] == "valid" && provider.schemes.iter().all(catalogue::Scheme::covers_body)
    })
}

/// What becomes of every authentic vector whose body is changed so.
fn explain_changed(change: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Vec<(String, String)> {
    let mut kinds = Vec::new();
    for mut vector in authentic() {
        let body = common::body(&vector);
        let Some(changed) = change(&body).filter(|changed| *changed != body) else {
            continue;
        };
        vector["body_b64"] = STANDARD.encode(changed).into();
        let run = run_vector("explain", &vector, &["--json"]);
        let name = format!("{}/{}", vector["provider"], vector["name"]);
        if run.code == 1 {
            let kind = run.json()["explanation"]["kind"]
                .as_str()
                .unwrap()
                .to_owned();
            kinds.push((name, kind));
        }
    }
    kinds
}

/// That all of at least so many are of this kind.
fn assert_kind(kinds: &[(String, String)], at_least: usize, kind: &str) {
    assert!(kinds.len() >= at_least, "{}", kinds.len());
    let wrong: Vec<_> = kinds.iter().filter(|(_, found)| found != kind).collect();
    assert!(wrong.is_empty(), "not {kind}: {wrong:?}");
}

#[test]
fn a_line_end_that_was_added_is_named_for_every_provider() {
    let kinds = explain_changed(|body| Some([body, b"\n"].concat()));
    assert_kind(&kinds, 60, "line_end");
}

#[test]
fn a_byte_order_mark_is_named_for_every_provider() {
    let is_json = |body: &[u8]| body.starts_with(b"{") && std::str::from_utf8(body).is_ok();
    let kinds = explain_changed(|body| is_json(body).then(|| [b"\xef\xbb\xbf", body].concat()));
    let named: Vec<_> = kinds
        .into_iter()
        .filter(|(_, kind)| kind != "missing" && kind != "malformed")
        .collect();
    assert_kind(&named, 50, "character_set");
}

#[test]
fn a_body_that_was_read_in_the_wrong_character_set_is_named() {
    let mojibake = |body: &[u8]| {
        let text = std::str::from_utf8(body)
            .ok()
            .filter(|text| !text.is_ascii())?;
        Some(
            text.bytes()
                .map(char::from)
                .collect::<String>()
                .into_bytes(),
        )
    };
    assert_kind(&explain_changed(mojibake), 5, "character_set");
}

#[test]
fn compact_json_that_was_written_with_white_space_is_named_for_every_provider() {
    let kinds = explain_changed(|body| {
        let text = std::str::from_utf8(body).ok()?;
        let value: Value = serde_json::from_str(text).ok()?;
        // Only what is compact and as this library writes it can be had back.
        (value.is_object() && serde_json::to_string(&value).unwrap() == text)
            .then(|| serde_json::to_vec_pretty(&value).unwrap())
    });
    assert_kind(&kinds, 10, "body_written_again");
}

#[test]
fn a_clock_that_is_off_is_named_with_its_distance_for_every_provider() {
    let mut seen = 0;
    for vector in vectors()
        .iter()
        .filter(|vector| vector["expect"] == "valid")
    {
        let Some(now) = vector["now_unix"].as_i64() else {
            continue;
        };
        let mut late = vector.clone();
        late["now_unix"] = (now + 10 * 86_400).into();
        let run = run_vector("explain", &late, &["--json"]);
        let json = run.json();
        if json["reason"] != "stale" {
            continue;
        }
        seen += 1;
        let explanation = &json["explanation"];
        let name = format!("{}/{}: {explanation}", vector["provider"], vector["name"]);
        assert_eq!(explanation["kind"], "clock", "{name}");
        let sentence = explanation["sentence"].as_str().unwrap();
        assert!(sentence.contains(" d "), "{name}");
        let detail = run_vector("verify", &late, &[]).json()["detail"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(detail.contains("s are allowed"), "{name}: {detail}");
    }
    assert!(seen >= 40, "{seen}");
}

#[test]
fn a_secret_in_another_form_is_named_for_every_provider_with_a_shared_one() {
    let mut seen = 0;
    for vector in authentic() {
        let provider = catalogue::Provider::named(vector["provider"].as_str().unwrap()).unwrap();
        let is_text = provider.schemes.iter().all(|scheme| {
            scheme.key == catalogue::KeyForm::Text
                && scheme.algorithm != catalogue::Algorithm::Token
        });
        let (true, Some(secret)) = (is_text, vector["secret"].as_str()) else {
            continue;
        };
        for written in [
            format!("{secret}\n"),
            format!("\"{secret}\""),
            STANDARD.encode(secret),
            format!("whsec_{secret}"),
        ] {
            let mut other = vector.clone();
            other["secret"] = written.clone().into();
            let run = run_vector("explain", &other, &["--json"]);
            let name = format!(
                "{}/{} {written:?}: {}",
                vector["provider"], vector["name"], run.stdout
            );
            assert_eq!(run.code, 1, "{name}");
            assert_eq!(run.json()["explanation"]["kind"], "secret_form", "{name}");
            let shown = secret.len() < 12 || !run.stdout.contains(secret);
            assert!(shown, "{name}");
            seen += 1;
        }
    }
    assert!(seen >= 60, "{seen}");
}
