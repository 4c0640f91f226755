//! Questions whether a provider may send, and the one address at which each is answered.
//!
//! The question is signed, but the address in it leads out of here: it is held against the entry's hosts
//! before anybody calls it.

use catalogue::Subscription;

use crate::reading::{
    address::{Address, Hostile},
    json::{self, Found},
};

/// The address at which this body wants its question answered. `None`: it asks nothing, and is an event
/// like any other.
#[must_use]
pub fn asked(subscription: &Subscription, body: &[u8]) -> Option<Result<Address, Hostile>> {
    let (path, value) = subscription.kind;
    if json::find(body, path) != Found::Text(value.into()) {
        return None;
    }
    Some(match json::find(body, subscription.url) {
        Found::Text(url) => Address::new(&url, subscription.hosts),
        _ => Err(Hostile("the question names no address")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SNS: Subscription = Subscription {
        kind: ("Type", "SubscriptionConfirmation"),
        url: "SubscribeURL",
        hosts: &[
            "sns.{region}.amazonaws.com",
            "sns.{region}.amazonaws.com.cn",
        ],
    };
    const GOOD: &str = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription\
                        &TopicArn=arn:aws:sns:us-east-1:123456789012:orders&Token=2336412f37";

    fn asks(url: &str) -> Option<Result<Address, Hostile>> {
        let url = serde_json::Value::from(url);
        let body = format!(r#"{{"Type":"SubscriptionConfirmation","SubscribeURL":{url}}}"#);
        asked(&SNS, body.as_bytes())
    }

    #[test]
    fn a_question_names_an_address_of_the_providers() {
        assert_eq!(asks(GOOD), Some(Ok(Address::configured(GOOD))));
    }

    #[test]
    fn an_event_asks_nothing() {
        for body in [
            "",
            "{}",
            r#"{"Type":"Notification"}"#,
            r#"{"type":"SubscriptionConfirmation"}"#,
            r#"{"Type":["SubscriptionConfirmation"]}"#,
            r#"{"Type":"Notification","Type":"SubscriptionConfirmation"}"#,
        ] {
            assert_eq!(asked(&SNS, body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn a_question_without_one_address_must_not_be_answered() {
        for rest in [
            "",
            r#","SubscribeURL":null"#,
            r#","SubscribeURL":[]"#,
            r#","SubscribeURL":1"#,
            r#","SubscribeURL":"https://sns.us-east-1.amazonaws.com/","SubscribeURL":"https://a.example/""#,
        ] {
            let body = format!(r#"{{"Type":"SubscriptionConfirmation"{rest}}}"#);
            assert!(
                matches!(asked(&SNS, body.as_bytes()), Some(Err(_))),
                "{body}"
            );
        }
    }

    #[test]
    fn a_question_that_names_a_hostile_address_must_not_be_answered() {
        assert!(matches!(asks("https://evil.example/"), Some(Err(_))));
    }
}
