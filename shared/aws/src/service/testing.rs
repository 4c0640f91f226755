//! How a request is signed, by AWS's words, for tests.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::destinations::testing::Asked as Sent;

/// The signature of a request that `nobody` makes, whose secret is the same, in `us-east-1`: step by step what
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html> says. `path` is what is signed as
/// the path: that of the request, each part of it encoded once more, but for S3.
pub(crate) fn authorization(sent: &Sent, service: &str, path: &str) -> String {
    let says = |name: &str| sent.headers[name].as_str();
    let given = says("authorization");
    let signed = between(given, "SignedHeaders=", ",");
    for name in ["host", "x-amz-date"] {
        assert!(signed.split(';').any(|it| it == name), "{name}: {signed}");
    }
    let (_, query) = path_and_query(sent);
    let mut pairs: Vec<_> = query.split('&').collect();
    pairs.sort_unstable();
    let headers: Vec<_> = (signed.split(';'))
        .map(|name| {
            let text = if name == "host" {
                host(sent)
            } else {
                says(name)
            };
            format!("{name}:{}\n", text.trim())
        })
        .collect();
    let canonical = format!(
        "{}\n{path}\n{}\n{}\n{signed}\n{}",
        sent.method,
        pairs.join("&"),
        headers.concat(),
        digest_of(sent.body.as_bytes())
    );
    let time = says("x-amz-date");
    let scope = format!("{}/us-east-1/{service}/aws4_request", &time[..8]);
    let digest = digest_of(canonical.as_bytes());
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{digest}");
    let parts = [&time[..8], "us-east-1", service, "aws4_request", &text];
    let signature = (parts.iter()).fold(b"AWS4nobody".to_vec(), |key, part| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(part.as_bytes());
        mac.finalize().into_bytes().to_vec()
    });
    let signature = hex::encode(signature);
    format!(
        "AWS4-HMAC-SHA256 Credential=nobody/{scope}, SignedHeaders={signed}, Signature={signature}"
    )
}

/// What a request's URL says behind the host.
pub(crate) fn path_and_query(sent: &Sent) -> (&str, &str) {
    let rest = sent.uri.split_once(host(sent)).unwrap().1;
    rest.split_once('?').unwrap_or((rest, ""))
}

pub(crate) fn digest_of(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}

fn host(sent: &Sent) -> &str {
    between(&sent.uri, "https://", "/")
}

fn between<'a>(text: &'a str, before: &str, behind: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap();
    rest.split_once(behind).unwrap().0
}
