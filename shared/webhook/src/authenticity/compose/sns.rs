//! AWS SNS: <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>

use catalogue::Place;

use crate::{
    reading::{
        delivery::Delivery,
        extract,
        json::{self, Found},
    },
    refusal::Refusal,
};

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
    let fields = match &*extract::required(Place::Json("Type"), delivery)? {
        "Notification" => NOTIFICATION,
        "SubscriptionConfirmation" | "UnsubscribeConfirmation" => SUBSCRIPTION,
        _ => return Err(Refusal::malformed("SNS has no message of this type")),
    };
    if !is_amazons(&extract::required(
        Place::Json("SigningCertURL|SigningCertUrl"),
        delivery,
    )?) {
        return Err(Refusal::malformed("the certificate is not Amazon's"));
    }
    let mut lines = Vec::new();
    for field in fields {
        let value = match json::find(delivery.body, field) {
            // Most notifications have no subject; one that is there is signed, be it empty.
            Found::Absent if *field == "Subject" => continue,
            Found::Text(subject) if *field == "Subject" => subject,
            _ => extract::required(Place::Json(field), delivery)?.into_owned(),
        };
        // The message alone may have several lines: it is what is left between the others.
        if *field != "Message" && value.contains('\n') {
            return Err(Refusal::malformed(
                "a field beside the message has several lines",
            ));
        }
        lines.push(format!("{field}\n{value}\n"));
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
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::reading::delivery::Headers;

    fn of(body: &str) -> Result<String, Refusal> {
        let headers = Headers::default();
        message(&Delivery {
            method: "POST",
            path: "",
            query: "",
            url: "",
            headers: &headers,
            body: body.as_bytes(),
        })
    }

    #[test]
    fn each_type_signs_fields_of_its_own() {
        let with = |own: &str| {
            of(&format!(
                r#"{{"MessageId":"1","Message":"m","TopicArn":"arn","Timestamp":"t",{own},
                    "SigningCertURL":"https://sns.us-east-1.amazonaws.com/a.pem"}}"#
            ))
        };
        assert_eq!(
            with(r#""Type":"Notification","Subject":"s""#).unwrap(),
            "Message\nm\nMessageId\n1\nSubject\ns\nTimestamp\nt\nTopicArn\narn\nType\nNotification\n"
        );
        assert_eq!(
            with(r#""Type":"Notification","Subject":"""#).unwrap(),
            "Message\nm\nMessageId\n1\nSubject\n\nTimestamp\nt\nTopicArn\narn\nType\nNotification\n"
        );
        assert_eq!(
            with(r#""Type":"Notification","Token":"k""#).unwrap(),
            "Message\nm\nMessageId\n1\nTimestamp\nt\nTopicArn\narn\nType\nNotification\n"
        );
        for kind in ["SubscriptionConfirmation", "UnsubscribeConfirmation"] {
            let asked = format!(r#""Type":"{kind}","Subject":"s","SubscribeURL":"u","Token":"k""#);
            assert_eq!(
                with(&asked).unwrap(),
                format!(
                    "Message\nm\nMessageId\n1\nSubscribeURL\nu\nTimestamp\nt\nToken\nk\nTopicArn\narn\nType\n{kind}\n"
                )
            );
            assert!(with(&format!(r#""Type":"{kind}","Token":"k""#)).is_err());
        }
        for other in [
            r#""Type":"Other""#,
            r#""Subject":"s""#,
            r#""Type":"Notification","Subject":null"#,
            r#""Type":"Notification","Message":"twice""#,
        ] {
            assert!(with(other).is_err(), "{other}");
        }
    }

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
