//! What is encrypted for the private half of a key pair: RSA-OAEP for a key that is used once, and AES-256-CBC by that key for
//! the rest.

use aws_lc_rs::{
    cipher::{AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey},
    encoding::{AsDer as _, Pkcs8V1Der},
    iv::FixedLength,
    rsa::{self, OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, PrivateDecryptingKey},
};

use crate::keys::pair::pem;

/// How many bytes the key has that is used once.
pub(crate) const ONCE_BYTES: usize = 32;

const IV_BYTES: usize = 16;

/// A private key that opens what was encrypted for its other half.
pub(crate) struct OpeningKey(OaepPrivateDecryptingKey);

impl OpeningKey {
    /// The private key of a PEM text: PKCS #8, or PKCS #1. What else is in it, such as the certificate, is passed over.
    pub(crate) fn read(text: &str) -> Result<Self, &'static str> {
        let block = pem::find(text, |label| label.contains("PRIVATE"))
            .ok_or("is no private key in PEM that can be read")?;
        if block.label.contains("ENCRYPTED") {
            return Err("is a private key under a passphrase: store it without");
        }
        PrivateDecryptingKey::from_pkcs8(&block.der)
            .or_else(|_| {
                let bare = rsa::KeyPair::from_der(&block.der)?;
                let told: Pkcs8V1Der<'_> = bare.as_der()?;
                PrivateDecryptingKey::from_pkcs8(told.as_ref())
            })
            .ok()
            .and_then(|key| OaepPrivateDecryptingKey::new(key).ok())
            .map(Self)
            .ok_or("is no RSA key of 2,048 to 8,192 bits")
    }

    /// The key that is encrypted for this one; `None`: it is for another, or is none.
    pub(crate) fn once(&self, encrypted: &[u8]) -> Option<[u8; ONCE_BYTES]> {
        let Self(key) = self;
        let mut room = vec![0; key.min_output_size()];
        let once = key.decrypt(&OAEP_SHA1_MGF1SHA1, encrypted, &mut room, None);
        <[u8; ONCE_BYTES]>::try_from(&*once.ok()?).ok()
    }
}

/// What was encrypted by a key that is used once; `None`: it was not.
pub(crate) fn decrypt(once: &[u8; ONCE_BYTES], mut data: Vec<u8>) -> Option<Vec<u8>> {
    let vector = <[u8; IV_BYTES]>::try_from(&once[..IV_BYTES]).ok()?;
    let key = UnboundCipherKey::new(&AES_256, once).ok()?;
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?;
    let context = DecryptionContext::Iv128(FixedLength::from(vector));
    let length = key.decrypt(&mut data, context).ok()?.len();
    // It is decrypted where it stands, from the beginning.
    data.truncate(length);
    Some(data)
}
