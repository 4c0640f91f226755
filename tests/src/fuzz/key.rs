//! Secrets: whatever an operator pastes is a key or is refused, and half a pair is never taken for the other half.

use catalogue::KeyForm;
use webhook::keys::{Keys, Secret, SigningKey};

use super::signature::HELD;

/// The text of a secret.
pub fn key(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let secret = Secret::new(text.as_ref(), "label");
    for held in HELD.iter() {
        let (keys, faults) = Keys::load(held.scheme, std::slice::from_ref(&secret));
        assert_eq!(keys.is_empty(), faults.len() == 1);
        assert!(faults.iter().all(|fault| fault.label == "label"));
        if text.trim().is_empty() {
            assert!(keys.is_empty(), "a blank key");
        }
        let signer = SigningKey::load(held.scheme, &secret).is_ok();
        if matches!(held.scheme[0].key, KeyForm::Public { .. }) {
            assert!(
                keys.is_empty() || !signer,
                "the private half is taken for the public one"
            );
            continue;
        }
        // Who can sign can verify, and the other way round.
        assert_eq!(keys.is_empty(), !signer);
        let text = text.trim();
        let half = ["whpk_", "whsk_"]
            .iter()
            .any(|prefix| text.starts_with(prefix));
        assert!(
            keys.is_empty() || !half && !text.contains("-----BEGIN "),
            "half a pair is taken for a shared secret"
        );
    }
}
