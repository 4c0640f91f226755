//! Secrets and the keys made of them.

use std::{borrow::Cow, fmt, sync::Arc};

use base64::Engine as _;
use catalogue::{KeyForm, KeyOrigin, Scheme, Source};
use sha1::{Digest as _, Sha1};
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    keys::{
        credential::Credential,
        material::{self, Material, SharedKey},
        pair::{PublicKey, is_armoured, is_public},
    },
    reading::base64::LENIENT,
};

/// A secret as the provider handed it out. It can't be printed, compared or serialised.
#[derive(Clone)]
pub struct Secret {
    value: String,
    label: String,
    purpose: Purpose,
}

/// What a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To verify deliveries with, or to ask the provider for the key that does.
    Signature,
    /// To know the provider by, when it proves the endpoint. It is never taken for a key.
    VerifyToken,
}

/// The keys of a source, ready to verify with: decoded once, when the secrets are loaded.
pub struct Keys {
    /// Shared with the events that they have proven, which outlive a change of keys.
    pub(crate) entries: Vec<Arc<Key>>,
    /// The verify tokens.
    tokens: Vec<VerifyToken>,
    /// What is shown to the provider for its keys, newest first.
    credentials: Vec<Credential>,
}

/// A verify token: its digest, to know who asks by, and its text, to answer with.
struct VerifyToken {
    digest: [u8; 32],
    text: String,
}

/// One key: which scheme it belongs to, and its material.
pub(crate) struct Key {
    pub(crate) scheme: &'static Scheme,
    pub(crate) label: String,
    pub(crate) material: Material,
}

/// A secret that can't be a key of the source's schemes. The text names the label, never the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret `{label}` {fault}")]
pub struct KeyFault {
    /// Which secret.
    pub label: String,
    /// What is wrong with it.
    pub fault: &'static str,
}

impl Secret {
    /// A secret and the name by which logs speak of it.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            purpose: Purpose::Signature,
        }
    }

    /// The same secret for this purpose.
    #[must_use]
    pub fn for_purpose(self, purpose: Purpose) -> Self {
        Self { purpose, ..self }
    }

    /// What it is for.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The name by which logs speak of it.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    pub(crate) fn value(&self) -> &str {
        &self.value
    }

    pub(crate) fn fault(&self, fault: &'static str) -> KeyFault {
        KeyFault {
            label: self.label.clone(),
            fault,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.label)
    }
}

impl Keys {
    /// What the secrets of a source are, newest first: keys, as [`Keys::load`] makes them; or, where the provider gives its
    /// keys for a credential, that.
    #[must_use]
    pub fn of(source: &Source, secrets: &[Secret]) -> (Self, Vec<KeyFault>) {
        let KeyOrigin::Asked(asked) = *source.keys else {
            return Self::load(source.schemes, secrets);
        };
        let is_shown = |secret: &Secret| secret.purpose == Purpose::Signature;
        let (shown, others): (Vec<_>, Vec<_>) = secrets.iter().cloned().partition(is_shown);
        let (mut keys, mut faults) = Self::load(source.schemes, &others);
        for secret in shown {
            match Credential::read(asked.shows, &secret.value) {
                Ok(credential) => keys.credentials.push(credential),
                Err(fault) => faults.push(secret.fault(fault)),
            }
        }
        (keys, faults)
    }

    /// Decodes secrets, newest first. Those that are no keys are reported and left out.
    ///
    /// A secret belongs to the first of the schemes whose key form asks for the prefix that it has, else to
    /// the first scheme; and to every other one with the same key form, where it can be a key of that.
    #[must_use]
    pub fn load(schemes: &'static [Scheme], secrets: &[Secret]) -> (Self, Vec<KeyFault>) {
        let mut entries = Vec::with_capacity(secrets.len());
        let (mut tokens, mut faults) = (Vec::new(), Vec::new());
        for secret in secrets {
            match secret.purpose {
                Purpose::VerifyToken if secret.value.is_empty() => {
                    faults.push(secret.fault(BLANK));
                }
                Purpose::VerifyToken => {
                    tokens.push(VerifyToken {
                        digest: material::token_digest(secret.value.as_bytes()),
                        text: secret.value.clone(),
                    });
                }
                Purpose::Signature => {
                    if let Err(fault) = add_keys(schemes, secret, &mut entries) {
                        faults.push(secret.fault(fault));
                    }
                }
            }
        }
        let keys = Self {
            entries,
            tokens,
            credentials: Vec::new(),
        };
        (keys, faults)
    }

    /// The same of texts that were read at an address, which anyone can read: public keys are taken, and
    /// nothing else.
    #[must_use]
    pub fn published(schemes: &'static [Scheme], texts: &[Secret]) -> (Self, Vec<KeyFault>) {
        let (mut keys, mut faults) = Self::load(schemes, texts);
        let shared = |key: &Key| matches!(key.material, Material::Shared(_));
        for text in texts {
            let mut entries = keys.entries.iter();
            if entries.any(|key| key.label == text.label && shared(key)) {
                faults.push(
                    text.fault("is no public key, and what stands at an address is no secret"),
                );
            }
        }
        keys.entries.retain(|key| !shared(key));
        (keys, faults)
    }

    /// The keys of this scheme.
    pub(crate) fn of_scheme(&self, scheme: &Scheme) -> impl Iterator<Item = &Arc<Key>> {
        self.entries.iter().filter(|key| key.is_of(scheme))
    }

    /// Whether the source has a verify token.
    pub(crate) fn has_verify_token(&self) -> bool {
        !self.tokens.is_empty()
    }

    /// Whether this is one of the verify tokens.
    pub(crate) fn is_verify_token(&self, text: &str) -> bool {
        let is = |token: &VerifyToken| material::is_token(text.as_bytes(), &token.digest);
        // Every one is looked at, so that the time tells nothing.
        self.tokens
            .iter()
            .fold(false, |found, token| found | is(token))
    }

    /// The verify token that was stored last.
    pub(crate) fn newest_verify_token(&self) -> Option<&str> {
        self.tokens.first().map(|token| token.text.as_str())
    }

    /// What is shown to the provider for its keys: the newest there is.
    #[must_use]
    pub fn credential(&self) -> Option<&Credential> {
        self.credentials.first()
    }

    /// Whether there is nothing to verify deliveries with, or to ask for what does.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.credentials.is_empty()
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels: Vec<_> = self.entries.iter().map(|key| &key.label).collect();
        write!(f, "Keys({labels:?})")
    }
}

impl Key {
    /// Whether it is a key of this scheme.
    fn is_of(&self, scheme: &Scheme) -> bool {
        std::ptr::eq(self.scheme, scheme) || self.scheme == scheme
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.label)
    }
}

/// Adds the keys that a secret is; a fault, if it is none.
fn add_keys(
    schemes: &'static [Scheme],
    secret: &Secret,
    keys: &mut Vec<Arc<Key>>,
) -> Result<(), &'static str> {
    let chosen = scheme_of(schemes, &secret.value).ok_or("has no scheme to belong to")?;
    let siblings = schemes
        .iter()
        .filter(|other| other.key == chosen.key && !std::ptr::eq(*other, chosen));
    let before = keys.len();
    let mut fault = None;
    for scheme in [chosen].into_iter().chain(siblings) {
        if let Err(found) = add_keys_of(scheme, secret, keys) {
            fault = fault.or(Some(found));
        }
    }
    match fault {
        Some(fault) if keys.len() == before => Err(fault),
        _ => Ok(()),
    }
}

/// Adds the keys of one scheme that a secret stands for: one, or all of a key set that fit.
fn add_keys_of(
    scheme: &'static Scheme,
    secret: &Secret,
    keys: &mut Vec<Arc<Key>>,
) -> Result<(), &'static str> {
    let key = |material| {
        Arc::new(Key {
            scheme,
            label: secret.label.clone(),
            material,
        })
    };
    let KeyForm::Public { prefix } = scheme.key else {
        let shared = shared(scheme, &secret.value)?.into_iter();
        keys.extend(shared.map(|one| key(Material::Shared(one))));
        return Ok(());
    };
    let text = secret.value.trim();
    if text.is_empty() {
        return Err(BLANK);
    }
    if text.starts_with(PRIVATE_PREFIX) {
        return Err("is a private key; a receiver holds the public half only");
    }
    let text = text.strip_prefix(prefix).unwrap_or(text);
    let text = text.strip_prefix(PUBLIC_PREFIX).unwrap_or(text);
    let public = PublicKey::all(scheme.algorithm, text)?.into_iter();
    keys.extend(public.map(|one| key(Material::Public(one))));
    Ok(())
}

/// The scheme to which a secret with this text belongs.
pub(crate) fn scheme_of(schemes: &'static [Scheme], text: &str) -> Option<&'static Scheme> {
    let asks_for = |scheme: &&Scheme| match scheme.key {
        KeyForm::Public { prefix } | KeyForm::Base64 { prefix } => {
            !prefix.is_empty() && text.trim_start().starts_with(prefix)
        }
        _ => false,
    };
    // Where a provider signs with either kind of key, what can be read as a public key is one, in
    // whatever form: anyone has it, and taken for a shared secret it would let anyone sign.
    let of_its_kind = || {
        let mut schemes = schemes.iter();
        let bare = |scheme: &&Scheme| matches!(scheme.key, KeyForm::Public { prefix: "" });
        let shared = |scheme: &&Scheme| !matches!(scheme.key, KeyForm::Public { .. });
        let public = schemes.clone().find(bare)?;
        let shared = schemes.find(shared)?;
        Some(if is_public(text) { public } else { shared })
    };
    schemes
        .iter()
        .find(asks_for)
        .or_else(of_its_kind)
        .or_else(|| schemes.first())
}

/// The shared keys that this text stands for: one, but of some forms two, what is newer first.
pub(crate) fn shared(scheme: &Scheme, text: &str) -> Result<Vec<SharedKey>, &'static str> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(BLANK);
    }
    // A public key is no secret: taken for one, it would let anyone sign. And a private one that
    // strayed here belongs to somebody else.
    if [PUBLIC_PREFIX, PRIVATE_PREFIX]
        .iter()
        .any(|prefix| trimmed.starts_with(prefix))
        || is_armoured(trimmed)
    {
        return Err("is one half of a key pair, but the scheme takes a shared secret");
    }
    let as_text = Cow::Borrowed(text.as_bytes());
    let mut newer = None;
    let key = match scheme.key {
        KeyForm::Text => as_text,
        KeyForm::TextNfkd => text.nfkd().collect::<String>().into_bytes().into(),
        KeyForm::Sha1 => Sha1::digest(text).to_vec().into(),
        KeyForm::Base64 { prefix } => {
            let encoded = trimmed.strip_prefix(prefix).unwrap_or(trimmed);
            let decoded = LENIENT.decode(encoded);
            decoded.map_err(|_| "is not base64")?.into()
        }
        KeyForm::TextOrBase64 { prefix } => {
            let encoded = trimmed.strip_prefix(prefix);
            let decoded = encoded.and_then(|encoded| LENIENT.decode(encoded).ok());
            newer = decoded.filter(|bytes| !bytes.is_empty()).map(Cow::Owned);
            as_text
        }
        KeyForm::Hex => {
            let decoded = hex::decode(trimmed);
            decoded
                .map_err(|_| "is not an even number of hex digits")?
                .into()
        }
        KeyForm::Public { .. } => return Err("is no shared secret"),
    };
    let keys = newer.into_iter().chain([key]);
    keys.map(|bytes: Cow<'_, [u8]>| SharedKey::new(scheme.algorithm, &bytes))
        .collect::<Option<_>>()
        .ok_or("holds no key: it decodes to nothing")
}

const BLANK: &str = "is blank";

/// How the two halves of a key pair begin in the Standard Webhooks specification.
const PUBLIC_PREFIX: &str = "whpk_";
pub(crate) const PRIVATE_PREFIX: &str = "whsk_";
