//! What makes a signature.

/// What makes a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with SHA-1: for the providers that have nothing newer.
    HmacSha1,
    /// HMAC with SHA-256.
    HmacSha256,
    /// HMAC with SHA-384.
    HmacSha384,
    /// HMAC with SHA-512.
    HmacSha512,
    /// SHA-256 of the key followed by the message, which is no HMAC: who has a signature can append to
    /// its message.
    Sha256Concat,
    /// SHA-1 of the message followed by the key, which is no HMAC: who finds two messages with one digest can have
    /// the one signed and send the other.
    Sha1Suffixed,
    /// SHA-256 of the message followed by the key, which is no HMAC.
    Sha256Suffixed,
    /// No signature: the secret itself is sent.
    Token,
    /// Ed25519, a signature of 64 bytes.
    Ed25519,
    /// ECDSA over P-256 with SHA-256, the signature in DER.
    EcdsaP256Sha256,
    /// ECDSA over P-256 with SHA-256, the signature as two numbers of 32 bytes (JWS ES256).
    EcdsaP256Sha256Fixed,
    /// ECDSA over P-256 with SHA-1, the signature in DER.
    EcdsaP256Sha1,
    /// ECDSA over P-521 with SHA-512, the signature as two numbers of 66 bytes (JWS ES512).
    EcdsaP521Sha512Fixed,
    /// RSASSA-PKCS1-v1_5 with SHA-1, keys of 2,048 to 8,192 bits: for AWS SNS, version 1.
    RsaPkcs1Sha1,
    /// RSASSA-PKCS1-v1_5 with SHA-256, keys of 2,048 to 8,192 bits (JWS RS256).
    RsaPkcs1Sha256,
    /// RSASSA-PKCS1-v1_5 with SHA-512, keys of the same sizes (JWS RS512).
    RsaPkcs1Sha512,
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes, keys of the same sizes (JWS PS256).
    RsaPssSha256,
    /// RSASSA-PSS with SHA-512 and a salt of 64 bytes, keys of the same sizes (JWS PS512).
    RsaPssSha512,
}

impl Algorithm {
    /// The number of bytes of every signature, where it doesn't depend on the key.
    #[must_use]
    pub const fn signature_len(self) -> Option<usize> {
        match self {
            Self::HmacSha1 | Self::Sha1Suffixed => Some(20),
            Self::HmacSha256 | Self::Sha256Concat | Self::Sha256Suffixed => Some(32),
            Self::HmacSha384 => Some(48),
            Self::HmacSha512 | Self::Ed25519 | Self::EcdsaP256Sha256Fixed => Some(64),
            Self::EcdsaP521Sha512Fixed => Some(132),
            Self::EcdsaP256Sha256
            | Self::EcdsaP256Sha1
            | Self::Token
            | Self::RsaPkcs1Sha1
            | Self::RsaPkcs1Sha256
            | Self::RsaPkcs1Sha512
            | Self::RsaPssSha256
            | Self::RsaPssSha512 => None,
        }
    }

    /// Whether the receiver holds only a public key.
    #[must_use]
    pub const fn is_public_key(self) -> bool {
        self.is_rsa()
            || matches!(
                self,
                Self::Ed25519
                    | Self::EcdsaP256Sha256
                    | Self::EcdsaP256Sha256Fixed
                    | Self::EcdsaP256Sha1
                    | Self::EcdsaP521Sha512Fixed
            )
    }

    /// Whether the key is one of RSA, whose signatures are as long as its modulus.
    #[must_use]
    pub const fn is_rsa(self) -> bool {
        matches!(
            self,
            Self::RsaPkcs1Sha1
                | Self::RsaPkcs1Sha256
                | Self::RsaPkcs1Sha512
                | Self::RsaPssSha256
                | Self::RsaPssSha512
        )
    }

    /// Whether it is verified alone: a key pair with SHA-1, with which nobody signs anything new.
    #[must_use]
    pub const fn is_only_verified(self) -> bool {
        matches!(self, Self::RsaPkcs1Sha1 | Self::EcdsaP256Sha1)
    }

    /// Whether it hashes by SHA-384 or SHA-512, which take about twice as long as SHA-256 where the processor has
    /// instructions for that.
    #[must_use]
    pub const fn has_a_slower_hash(self) -> bool {
        matches!(
            self,
            Self::HmacSha384
                | Self::HmacSha512
                | Self::Ed25519
                | Self::EcdsaP521Sha512Fixed
                | Self::RsaPkcs1Sha512
                | Self::RsaPssSha512
        )
    }

    /// The name of the algorithm in a token's header, where it may sign tokens.
    #[must_use]
    pub const fn jws_name(self) -> Option<&'static str> {
        match self {
            Self::HmacSha256 => Some("HS256"),
            Self::HmacSha384 => Some("HS384"),
            Self::HmacSha512 => Some("HS512"),
            Self::Ed25519 => Some("EdDSA"),
            Self::EcdsaP256Sha256Fixed => Some("ES256"),
            Self::EcdsaP521Sha512Fixed => Some("ES512"),
            Self::RsaPkcs1Sha256 => Some("RS256"),
            Self::RsaPkcs1Sha512 => Some("RS512"),
            Self::RsaPssSha256 => Some("PS256"),
            Self::RsaPssSha512 => Some("PS512"),
            Self::HmacSha1
            | Self::Sha256Concat
            | Self::Sha1Suffixed
            | Self::Sha256Suffixed
            | Self::Token
            | Self::EcdsaP256Sha256
            | Self::EcdsaP256Sha1
            | Self::RsaPkcs1Sha1 => None,
        }
    }
}
