//! The name of something in AWS: `arn:aws:sqs:eu-central-1:123456789012:orders`.

use std::fmt;

/// An Amazon Resource Name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn {
    text: &'static str,
    /// Where the resource begins in the text.
    resource: usize,
}

impl Arn {
    /// An ARN with all of its six parts, if it is one: of a region and of an account.
    #[must_use]
    pub fn parse(text: &'static str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let [arn, partition, service, region, account, resource] =
            std::array::from_fn(|_| parts.next().unwrap_or_default());
        let is_word = |text: &str| {
            let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            !text.is_empty() && text.bytes().all(fits)
        };
        let fits = arn == "arn"
            && (partition == "aws" || partition.starts_with("aws-") && is_word(partition))
            && is_word(service)
            && is_word(region)
            && account.len() == 12
            && account.bytes().all(|b| b.is_ascii_digit())
            && !resource.is_empty()
            && resource.bytes().all(|b| b.is_ascii_graphic() && b != b'*');
        fits.then(|| Self {
            text,
            resource: text.len() - resource.len(),
        })
    }

    /// The whole of it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.text
    }

    /// The service: `sqs`.
    #[must_use]
    pub fn service(self) -> &'static str {
        self.part(2)
    }

    /// The region: `eu-central-1`.
    #[must_use]
    pub fn region(self) -> &'static str {
        self.part(3)
    }

    /// The account's number.
    #[must_use]
    pub fn account(self) -> &'static str {
        self.part(4)
    }

    /// What follows the account: `orders`, or `event-bus/orders`.
    #[must_use]
    pub fn resource(self) -> &'static str {
        &self.text[self.resource..]
    }

    fn part(self, at: usize) -> &'static str {
        self.text.split(':').nth(at).unwrap_or_default()
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_taken_apart() {
        let text = "arn:aws:states:eu-central-1:123456789012:stateMachine:Orders";
        let arn = Arn::parse(text).unwrap();
        assert_eq!(arn.as_str(), text);
        assert_eq!(arn.service(), "states");
        assert_eq!(arn.region(), "eu-central-1");
        assert_eq!(arn.account(), "123456789012");
        assert_eq!(arn.resource(), "stateMachine:Orders");
        assert!(Arn::parse("arn:aws-us-gov:sqs:us-gov-west-1:123456789012:a").is_some());
    }

    #[test]
    fn what_is_not_whole_is_no_arn() {
        for text in [
            "",
            "orders",
            "arn:aws:sqs:eu-central-1:123456789012",
            "arn:aws:sqs:eu-central-1:123456789012:",
            "arn:aws:sqs:eu-central-1::orders",
            "arn:aws:sqs:eu-central-1:12345678901x:orders",
            "arn:aws:sqs::123456789012:orders",
            "arn:amazon:sqs:eu-central-1:123456789012:orders",
            "arn:aws:sqs:eu-central-1:123456789012:*",
            "arn:aws:sqs:eu-central-1:123456789012:two words",
            "https://sqs.eu-central-1.amazonaws.com/123456789012/orders",
        ] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }
}
