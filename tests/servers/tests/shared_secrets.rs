//! The core without the feature `public-keys`: what needs one is refused when a receiver is built, and nothing else is.
#![allow(clippy::unwrap_used)]

use webhook::{
    Receiver, Unbuildable,
    catalogue::{KeyOrigin, PROVIDERS, Provider, Scheme},
};

fn is_public(scheme: &Scheme) -> bool {
    scheme.algorithm.is_public_key()
}

fn built(provider: &Provider, secret: &str) -> Result<Receiver, Unbuildable> {
    let builder = Receiver::builder(provider.name).secret(secret);
    let with_settings = (provider.settings.iter()).fold(builder, |builder, setting| {
        builder.setting(setting.name, setting.example)
    });
    with_settings.build()
}

#[test]
fn a_provider_that_signs_with_a_private_key_is_refused_when_its_receiver_is_built() {
    let key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let mut refused = 0;
    for provider in PROVIDERS {
        if provider.counting().iter().all(is_public) {
            let fault = built(provider, key).unwrap_err();
            assert_eq!(fault, Unbuildable::NoPublicKeys, "{}", provider.name);
            assert!(fault.to_string().contains("`public-keys`"));
            refused += 1;
        }
    }
    assert!(refused > 10, "{refused}");
}

#[test]
fn a_provider_of_shared_secrets_alone_is_built() {
    let mut of_shared = 0;
    for provider in PROVIDERS {
        let is_here = *provider.keys == KeyOrigin::Secret;
        if !is_here || provider.counting().iter().any(is_public) {
            continue;
        }
        of_shared += 1;
        // 32 bytes in hex, which are base64, too, and a user with a password.
        let digits = "0123456789abcdef".repeat(4);
        let secrets = [digits.clone(), format!("user:{digits}")];
        let each: Vec<_> = secrets
            .iter()
            .map(|secret| built(provider, secret))
            .collect();
        assert!(
            each.iter().any(Result::is_ok),
            "{}: {each:?}",
            provider.name
        );
    }
    assert!(of_shared > 150, "{of_shared}");
}

#[test]
fn of_a_provider_that_signs_either_way_only_shared_secrets_are_taken() {
    // Standard Webhooks: `whsec_` is a shared secret, `whpk_` a public key.
    let shared = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let public = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
    assert!(Receiver::of("standard-webhooks", &[shared]).is_ok());
    for secrets in [&[public][..], &[shared, public]] {
        let fault = Receiver::of("standard-webhooks", secrets).unwrap_err();
        assert!(matches!(fault, Unbuildable::Secret(_)), "{fault}");
        assert!(fault.to_string().contains("`public-keys`"), "{fault}");
        assert!(!fault.to_string().contains("1SiA4o9"), "{fault}");
    }
}
