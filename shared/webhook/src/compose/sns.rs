//! AWS SNS: <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>

use catalogue::Place;

use crate::{delivery::Delivery, extract, refusal::Refusal};

use super::{malformed, text};

const NOTIFICATION: &[&str] = &[
    "Message",
    "MessageId",
    "Subject",
    "Timestamp",
    "TopicArn",
    "Type",
];

const SUBSCRIPTION: &[&str] = &[
    "Message",
    "MessageId",
    "SubscribeURL",
    "Timestamp",
    "Token",
    "TopicArn",
    "Type",
];

/// Names and values, a line each. The certificate that the message names must be Amazon's, though the
/// key is the operator's copy: a message that names another was not made by SNS.
pub(super) fn message(delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let fields = match text(Place::Json("Type"), delivery)?.as_str() {
        "Notification" => NOTIFICATION,
        "SubscriptionConfirmation" | "UnsubscribeConfirmation" => SUBSCRIPTION,
        _ => return Err(malformed("SNS has no message of this type")),
    };
    if !is_amazons(&text(
        Place::Json("SigningCertURL|SigningCertUrl"),
        delivery,
    )?) {
        return Err(malformed("the certificate is not Amazon's"));
    }
    let mut lines = Vec::new();
    for field in fields {
        let place = Place::Json(field);
        // Most notifications have no subject.
        if *field == "Subject" && extract::text(place, delivery) == Err(extract::Lack::Absent) {
            continue;
        }
        lines.push(format!("{field}\n{}\n", text(place, delivery)?));
    }
    Ok(lines.concat())
}

/// Whether this is the URL of a certificate of SNS.
pub(crate) fn is_amazons(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://sns.") else {
        return false;
    };
    let Some((host, path)) = rest.split_once('/') else {
        return false;
    };
    let region = host
        .strip_suffix(".amazonaws.com")
        .or_else(|| host.strip_suffix(".amazonaws.com.cn"));
    let fits = region.is_some_and(|region| {
        region.len() >= 3
            && region
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    fits && path.strip_suffix(".pem").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_amazons() {
        for url in [
            "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem",
            "https://sns.cn-north-1.amazonaws.com.cn/a/b.pem",
        ] {
            assert!(is_amazons(url), "{url}");
        }
        for url in [
            "http://sns.us-east-1.amazonaws.com/a.pem",
            "https://sns.us-east-1.amazonaws.com/a.txt",
            "https://sns.us-east-1.amazonaws.com",
            "https://sns.us-east-1.amazonaws.com.evil.example/a.pem",
            "https://evil.example/sns.us-east-1.amazonaws.com/a.pem",
            "https://sns.evil.example/.amazonaws.com/a.pem",
            "https://sns.us-east-1.amazonaws.com@evil.example/a.pem",
            "https://sns.us-east-1.amazonaws.com:443/a.pem",
            "https://sns.x.amazonaws.com/a.pem",
            "https://sns.a.b.amazonaws.com/a.pem",
            "https://sns..amazonaws.com/a.pem",
            "",
        ] {
            assert!(!is_amazons(url), "{url}");
        }
    }
}
