//! What of an event its provider encrypts, for the operator's certificate.

/// A member of an event's JSON that its provider encrypts for a certificate of the operator's. It is an object: with other JSON,
/// encrypted by a key that is used once, and with that key, encrypted for the certificate.
///
/// | | |
/// |---|---|
/// | the key, 32 bytes | by RSA-OAEP with SHA-1, and MGF1 with SHA-1 |
/// | the JSON | by AES-256 in CBC mode, filled up as PKCS #7 says; the initialization vector is the first 16 bytes of the key |
/// | the signature of the encrypted JSON | HMAC-SHA256 by the key |
///
/// All of them stand there in base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encrypted {
    /// The name of the member.
    pub member: &'static str,
    /// The name that the decrypted JSON has in its place.
    pub decrypted: &'static str,
    /// The field in it with the encrypted JSON.
    pub data: &'static str,
    /// The field with the signature of the encrypted JSON.
    pub signature: &'static str,
    /// The field with the encrypted key.
    pub key: &'static str,
    /// The field with the name that the operator has given the certificate.
    pub certificate: &'static str,
    /// The page that says so.
    pub source: &'static str,
}
