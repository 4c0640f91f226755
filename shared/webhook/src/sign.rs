//! Signs deliveries as providers do: for samples, fire drills and tests. Driven by the same table as
//! [`verify`](crate::verify): what this signs, that accepts.

use std::fmt;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256},
};
use base64::Engine as _;
use catalogue::{Algorithm, Field, KeyForm, Place, Scheme};

use crate::{
    delivery::Delivery,
    extract,
    key::{self, KeyFault, LENIENT, PRIVATE_PREFIX, Secret},
    message::Message,
    pem,
    signature::{self, SharedKey},
    time::UnixMillis,
    timestamp::Sent,
};

/// What signs: the shared secret, or the private half of a key pair.
pub struct SigningKey {
    scheme: &'static Scheme,
    label: String,
    half: Half,
}

enum Half {
    Shared(Box<SharedKey>),
    Ed25519(Ed25519KeyPair),
    Ecdsa(EcdsaKeyPair),
    Rsa(rsa::KeyPair),
}

/// Why a delivery can't be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SignFault(pub String);

impl SigningKey {
    /// The signing half of a secret. For HMAC the text is what the receiver holds, too. For
    /// public-key schemes it is the private key: PEM (PKCS#8; PKCS#1 for RSA, SEC 1 for ECDSA), or
    /// `whsk_…` for Ed25519. A private key belongs to the first of these schemes that can sign with it,
    /// a shared secret to the scheme to which it belongs when it verifies.
    pub fn load(schemes: &'static [Scheme], secret: &Secret) -> Result<Self, KeyFault> {
        let text = secret.value().trim();
        let is_private = text.starts_with(PRIVATE_PREFIX) || pem::is_armoured(text);
        let (scheme, half) = if is_private {
            schemes
                .iter()
                .find_map(|scheme| Some((scheme, private(scheme.algorithm, text)?)))
                .ok_or("is a key with which none of the schemes signs")
        } else {
            match key::scheme_of(schemes, text) {
                Some(scheme) if matches!(scheme.key, KeyForm::Public { .. }) => {
                    Err("is no private key; the scheme signs with one")
                }
                Some(scheme) => key::shared(scheme, secret.value())
                    .map(|key| (scheme, Half::Shared(Box::new(key)))),
                None => Err("has no scheme to belong to"),
            }
        }
        .map_err(|fault| secret.fault(fault))?;
        Ok(Self {
            scheme,
            label: secret.label().to_owned(),
            half,
        })
    }

    /// The scheme that it signs by.
    #[must_use]
    pub fn scheme(&self) -> &'static Scheme {
        self.scheme
    }

    fn sign(&self, message: &Message<'_>) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match &self.half {
            Half::Shared(key) => Some(key.sign(message)),
            Half::Ed25519(key) => Some(key.sign(&message.whole()).as_ref().to_vec()),
            Half::Ecdsa(key) => Some(key.sign(&random, &message.whole()).ok()?.as_ref().to_vec()),
            Half::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, &message.whole(), &mut signature)
                    .ok()?;
                Some(signature)
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.label)
    }
}

/// The private key of this text, if it is one of this algorithm.
fn private(algorithm: Algorithm, text: &str) -> Option<Half> {
    if let Some(encoded) = text.strip_prefix(PRIVATE_PREFIX) {
        let bytes = LENIENT.decode(encoded).ok()?;
        if algorithm != Algorithm::Ed25519 {
            return None;
        }
        let pair = match bytes.len() {
            32 => Ed25519KeyPair::from_seed_unchecked(&bytes),
            64 => Ed25519KeyPair::from_seed_and_public_key(&bytes[..32], &bytes[32..]),
            _ => return None,
        };
        return pair.ok().map(Half::Ed25519);
    }
    let block = pem::read(text)?;
    let der = &block.der;
    match algorithm {
        Algorithm::Ed25519 => Ed25519KeyPair::from_pkcs8(der).ok().map(Half::Ed25519),
        Algorithm::EcdsaP256Sha256 => {
            let form = &ECDSA_P256_SHA256_ASN1_SIGNING;
            EcdsaKeyPair::from_pkcs8(form, der)
                .or_else(|_| EcdsaKeyPair::from_private_key_der(form, der))
                .ok()
                .map(Half::Ecdsa)
        }
        Algorithm::RsaPkcs1Sha256 => rsa::KeyPair::from_pkcs8(der)
            .or_else(|_| rsa::KeyPair::from_der(der))
            .ok()
            .map(Half::Rsa),
        _ => None,
    }
}

/// The headers that make this delivery authentic at `now`: signature and, where the scheme has one,
/// timestamp (one header where both share it). The delivery has everything else that is signed, as the
/// header with the event id, already; the headers returned are to replace those of the same name.
pub fn sign(
    key: &SigningKey,
    delivery: &Delivery<'_>,
    now: UnixMillis,
) -> Result<Vec<(String, String)>, SignFault> {
    let scheme = key.scheme;
    let mut headers = Vec::new();
    let mut timestamp = None;
    if let Some(signed_at) = scheme.timestamp {
        let field = signed_at.field;
        timestamp = Some(if let Some(header) = header(&field) {
            let text = Sent::format(now, signed_at.unit)
                .ok_or_else(|| SignFault("the time is none that can be written".into()))?;
            headers.push((header, entry(&field, &text)));
            text
        } else {
            let place = extract::describe(field.place);
            extract::text(field.place, delivery)
                .map_err(|_| SignFault(format!("{place} must hold the time: it is signed")))?
                .into_owned()
        });
    }
    let message = Message::render(scheme, delivery, timestamp.as_deref())
        .map_err(|refusal| SignFault(refusal.detail.into_owned()))?;
    let signature = key
        .sign(&message)
        .ok_or_else(|| SignFault("the key could not sign".into()))?;

    let name = header(&scheme.signature).ok_or_else(|| {
        let place = extract::describe(scheme.signature.place);
        SignFault(format!(
            "{place} would hold the signature; only headers can be signed into"
        ))
    })?;
    let signature = entry(
        &scheme.signature,
        &signature::encode(scheme.encoding, &signature),
    );
    match headers.iter_mut().find(|(found, _)| *found == name) {
        Some((_, list)) => {
            list.extend(scheme.signature.split);
            list.push_str(&signature);
        }
        None => headers.push((name, signature)),
    }
    Ok(headers)
}

/// The name under which a field is sent, if it is a header: the first of its alternatives.
fn header(field: &Field) -> Option<String> {
    match field.place {
        place @ Place::Header(_) => place.names().next().map(str::to_owned),
        _ => None,
    }
}

fn entry(field: &Field, text: &str) -> String {
    let prefix = field.prefixes.first().copied().unwrap_or_default();
    format!("{prefix}{text}")
}
