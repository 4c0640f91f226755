//! Secrets as providers hand them out, and what is no secret.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::{Algorithm, Encoding, Field, KeyForm, Provider, Scheme, Template};
use protocol::time::UnixMillis;
use serde::Deserialize;
use support::{Request, own_source};
use webhook::{
    authenticity::sign::sign,
    keys::{Keys, Secret, SigningKey},
};

#[derive(Deserialize)]
struct Fixtures {
    message: String,
    keys: Vec<PublicKey>,
    wrong: Vec<Wrong>,
}

#[derive(Deserialize)]
struct PublicKey {
    algorithm: String,
    signature_b64: String,
    forms: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Wrong {
    why: String,
    text: String,
}

const PUBLIC: Scheme = Scheme {
    algorithm: Algorithm::RsaPkcs1Sha256,
    key: KeyForm::Public { prefix: "" },
    signature: Field::header("X-Signature"),
    encoding: Encoding::Base64,
    message: Template::new("{body}"),
    ..Scheme::PLAIN
};

static RSA: &[Scheme] = &[PUBLIC];
static ECDSA: &[Scheme] = &[Scheme {
    algorithm: Algorithm::EcdsaP256Sha256,
    ..PUBLIC
}];
static ED25519: &[Scheme] = &[Scheme {
    algorithm: Algorithm::Ed25519,
    ..PUBLIC
}];
static ALL: [(&str, &[Scheme]); 3] = [("rsa", RSA), ("ecdsa", ECDSA), ("ed25519", ED25519)];

fn fixtures() -> Fixtures {
    serde_json::from_str(include_str!("keys/public.json")).unwrap()
}

fn fault(schemes: &'static [Scheme], text: &str) -> Option<&'static str> {
    let (keys, mut faults) = Keys::load(schemes, &[Secret::new(text, "label")]);
    assert_eq!(keys.is_empty(), faults.len() == 1);
    faults.pop().map(|fault| {
        assert!(
            fault.to_string().starts_with("the secret `label` "),
            "{fault}"
        );
        assert!(
            text.trim().is_empty() || !fault.to_string().contains(text.trim()),
            "{fault}"
        );
        fault.fault
    })
}

#[test]
fn a_public_key_is_read_in_every_form() {
    let fixtures = fixtures();
    for key in fixtures.keys {
        for (form, text) in key.forms {
            for (algorithm, schemes) in ALL {
                let name = format!("{form} of {} for {algorithm}", key.algorithm);
                if algorithm != key.algorithm {
                    assert!(fault(schemes, &text).is_some(), "{name}");
                    continue;
                }
                for text in [text.clone(), format!("\n {text}\t\r\n")] {
                    let (keys, faults) = Keys::load(schemes, &[Secret::new(text, "0")]);
                    assert_eq!(faults, [], "{name}");
                    let mut request = Request {
                        body: fixtures.message.clone().into(),
                        ..Request::default()
                    };
                    request.set("X-Signature", key.signature_b64.as_str());
                    let source = own_source(schemes);
                    assert_eq!(
                        request.verify(&source, &keys, UnixMillis(0)),
                        Ok(()),
                        "{name}"
                    );
                    let mut signature = STANDARD.decode(&key.signature_b64).unwrap();
                    for bit in (0..signature.len() * 8).step_by(61) {
                        signature[bit / 8] ^= 1 << (bit % 8);
                        request.set("X-Signature", STANDARD.encode(&signature));
                        assert!(
                            request.verify(&source, &keys, UnixMillis(0)).is_err(),
                            "{name}"
                        );
                        signature[bit / 8] ^= 1 << (bit % 8);
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_no_public_key_is_refused() {
    for wrong in fixtures().wrong {
        for (_, schemes) in ALL {
            assert!(fault(schemes, &wrong.text).is_some(), "{}", wrong.why);
        }
    }
    for text in [
        "",
        " \n",
        "nonsense",
        "AAAA",
        "{}",
        "{",
        "-----BEGIN PUBLIC KEY-----",
        "whpk_",
        "whpk_AAAA",
    ] {
        for (_, schemes) in ALL {
            assert!(fault(schemes, text).is_some(), "{text:?}");
        }
    }
    let small = &fixtures().wrong[0];
    assert!(
        fault(RSA, &small.text).unwrap().contains("2,048"),
        "{}",
        small.why
    );
    // In hex too, though the digits could be base64 of something unreadable.
    let base64: String = small
        .text
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let small = hex::encode(STANDARD.decode(base64).unwrap());
    assert!(fault(RSA, &small).unwrap().contains("2,048"));
}

#[test]
fn a_private_key_is_no_key_to_verify_with() {
    for (_, schemes) in ALL {
        let pair = support::keys::pair(&schemes[0]);
        assert_eq!(fault(schemes, &pair.public), None);
        assert!(fault(schemes, &pair.private).unwrap().contains("private"));
        assert!(SigningKey::load(schemes, &Secret::new(&pair.private, "0")).is_ok());
        assert!(SigningKey::load(schemes, &Secret::new(&pair.public, "0")).is_err());
    }
}

#[test]
fn blank_and_empty_secrets_are_no_keys() {
    for provider in catalogue::PROVIDERS {
        for text in ["", " ", "\t\r\n", "\u{a0}"] {
            assert!(
                fault(provider.schemes, text).is_some(),
                "{} {text:?}",
                provider.name
            );
        }
    }
    let standard = Provider::named("standard-webhooks").unwrap().schemes;
    for text in ["whsec_", "whsec_=", " whsec_ ", "whsec_!", "whsec_A"] {
        assert!(fault(standard, text).is_some(), "{text}");
    }
}

#[test]
fn half_a_key_pair_never_becomes_a_shared_secret() {
    let pem = fixtures().keys[0].forms["pem"].clone();
    let halves = [
        "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        &pem,
    ];
    for provider in catalogue::PROVIDERS {
        if matches!(provider.schemes[0].key, KeyForm::Public { .. }) {
            continue;
        }
        for half in halves {
            assert!(fault(provider.schemes, half).is_some(), "{}", provider.name);
            assert!(
                fault(provider.schemes, &format!(" {half}")).is_some(),
                "{}",
                provider.name
            );
        }
    }
}

/// Whether who holds this text alone can sign for a source that has it as its secret.
fn anyone_can_sign(schemes: &'static [Scheme], text: &str) -> bool {
    let (keys, _) = Keys::load(schemes, &[Secret::new(text, "0")]);
    schemes.iter().any(|scheme| {
        let alone = std::slice::from_ref(scheme);
        let Ok(key) = SigningKey::load(alone, &Secret::new(text, "0")) else {
            return false;
        };
        let mut request = Request::default();
        let signed = request.as_delivery(|delivery| sign(&key, &delivery, UnixMillis(0)));
        request.take(signed.unwrap());
        let verdict = request.verify(&own_source(schemes), &keys, UnixMillis(0));
        verdict.is_ok()
    })
}

#[test]
fn a_public_key_in_any_form_is_no_shared_secret_where_a_provider_signs_with_either() {
    let either = |schemes: &[Scheme]| {
        let public = |scheme: &Scheme| matches!(scheme.key, KeyForm::Public { prefix: "" });
        schemes.iter().any(public) && !schemes.iter().all(public)
    };
    let mut seen = 0;
    for provider in catalogue::PROVIDERS {
        if !either(provider.schemes) {
            continue;
        }
        seen += 1;
        for key in fixtures().keys {
            // The key's bare bytes are like any others.
            let bare = [
                "hex",
                "upper-case hex",
                "base64",
                "base64url",
                "hex of the point",
            ];
            for (form, text) in key.forms {
                if !bare.contains(&form.as_str()) {
                    assert!(!anyone_can_sign(provider.schemes, &text), "{form}");
                }
            }
        }
        assert!(anyone_can_sign(provider.schemes, "a shared secret"));
        let (keys, faults) = Keys::published(
            provider.schemes,
            &[Secret::new("a text at an address", "0")],
        );
        assert!(keys.is_empty() && faults.len() == 1, "{}", provider.name);
    }
    assert!(seen > 0);
}

#[test]
fn a_secret_belongs_to_the_scheme_whose_prefix_it_has() {
    let standard = Provider::named("standard-webhooks").unwrap().schemes;
    let whpk = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
    assert_eq!(fault(standard, whpk), None);
    for text in [
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
        " whsec_AAAA\n",
    ] {
        assert_eq!(fault(standard, text), None, "{text}");
    }
}

/// Whether two secrets make the same key of this scheme.
fn same(schemes: &'static [Scheme], one: &str, other: &str) -> bool {
    let source = own_source(schemes);
    let mut request = Request {
        body: b"x".to_vec(),
        ..Request::default()
    };
    request.sign(schemes, one, UnixMillis(0));
    let (keys, _) = Keys::load(schemes, &[Secret::new(other, "0")]);
    request.verify(&source, &keys, UnixMillis(0)).is_ok()
}

#[test]
fn a_seed_signs_with_its_public_half_behind_it_and_without() {
    let standard = Provider::named("standard-webhooks").unwrap().schemes;
    let asymmetric = standard
        .iter()
        .find(|scheme| matches!(scheme.key, KeyForm::Public { .. }));
    let pair = support::keys::pair(asymmetric.unwrap());
    let bytes = STANDARD.decode(&pair.private["whsk_".len()..]).unwrap();
    let of = |bytes: &[u8]| format!("whsk_{}", STANDARD.encode(bytes));
    assert!(same(ED25519, &of(&bytes), &pair.public));
    assert!(same(ED25519, &of(&bytes[..32]), &pair.public));
    let fault = |text: &str| {
        let key = SigningKey::load(ED25519, &Secret::new(text, "0"));
        key.unwrap_err().to_string()
    };
    let swapped = [&bytes[32..], &bytes[..32]].concat();
    for wrong in [&bytes[..31], &bytes[..33], &bytes[..63], &swapped] {
        assert!(fault(&of(wrong)).contains("none of the schemes signs"));
    }
    assert!(fault(&pair.public).contains("is no private key"));
}

#[test]
fn the_form_of_a_secret_is_the_schemes_never_guessed() {
    static TEXT: &[Scheme] = &[Scheme {
        algorithm: Algorithm::HmacSha256,
        key: KeyForm::Text,
        ..PUBLIC
    }];
    static BASE64: &[Scheme] = &[Scheme {
        key: KeyForm::Base64 { prefix: "whsec_" },
        ..TEXT[0]
    }];
    static HEX: &[Scheme] = &[Scheme {
        key: KeyForm::Hex,
        ..TEXT[0]
    }];
    assert!(!same(TEXT, "whsec_QUJD", "ABC"));
    assert!(!same(TEXT, "ABC", "ABC\n"), "text is all of its bytes");
    assert!(same(BASE64, "whsec_QUJD", "QUJD"));
    assert!(
        same(BASE64, "whsec_QUI=", " whsec_QUI\n"),
        "padding may be missing"
    );
    assert!(
        same(BASE64, "whsec_QUI=", "whsec_QUJ"),
        "spare bits may be set"
    );
    assert!(!same(BASE64, "whsec_QUJD", "whsec_QUJE"));
    assert!(same(HEX, "00fF", " 00Ff\n"));
    assert!(
        fault(HEX, "0").is_some() && fault(HEX, "xx").is_some() && fault(BASE64, "_-8=").is_some()
    );
}

#[test]
fn nothing_prints_a_secret() {
    let secret = Secret::new("hidden-text", "2026-11");
    let (keys, _) = Keys::load(
        Provider::named("github").unwrap().schemes,
        std::slice::from_ref(&secret),
    );
    let key = SigningKey::load(Provider::named("github").unwrap().schemes, &secret).unwrap();
    let printed = format!("{secret:?} {keys:?} {key:?}");
    assert_eq!(
        printed,
        "Secret(2026-11) Keys([\"2026-11\"]) SigningKey(2026-11)"
    );
}
