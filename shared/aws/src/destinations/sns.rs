//! Publishes events to a topic of Amazon SNS: the body as the message, and what else is to be known as its attributes, by
//! which subscriptions filter.

use aws_types::SdkConfig;
use catalogue::arn::Arn;
use protocol::outgoing::{Outgoing, Refusal};

use super::{clients, message, refusal, text};
use crate::service::{SNS, Service};

/// Of a message with its attributes, in bytes. A topic takes 256 KiB unless its `MaximumMessageSize` says more:
/// <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>.
const LARGEST: usize = 1_048_576;

/// The longest name of a message group: the same page.
const LONGEST_GROUP: usize = 128;

/// A topic.
pub(super) struct Topic {
    service: Service,
    topic: Arn,
}

impl Topic {
    pub(super) fn new(config: &SdkConfig, topic: Arn) -> Self {
        Self {
            service: Service::new(&SNS, &clients::in_region_of(config, topic)),
            topic,
        }
    }

    pub(super) async fn deliver(&self, outgoing: &Outgoing) -> Result<(), Refusal> {
        let body = text::message("SNS", outgoing)?;
        let attributes = message::attributes("SNS", outgoing)?;
        refusal::too_large("SNS", message::size(body, &attributes), LARGEST)?;
        let group = outgoing.key.as_deref();
        let group = group.map(|group| text::group(group, LONGEST_GROUP));
        let once = text::is_fifo(self.topic).then(|| text::once(outgoing));
        let mut form = vec![
            ("TopicArn".to_owned(), self.topic.as_str()),
            ("Message".to_owned(), body),
        ];
        let group = group.as_deref();
        form.extend(group.map(|group| ("MessageGroupId".to_owned(), group)));
        let once = once.as_deref();
        form.extend(once.map(|once| ("MessageDeduplicationId".to_owned(), once)));
        for (at, (name, text)) in (1..).zip(&attributes) {
            let entry = format!("MessageAttributes.entry.{at}");
            form.push((format!("{entry}.Name"), name));
            form.push((format!("{entry}.Value.DataType"), "String"));
            form.push((format!("{entry}.Value.StringValue"), text));
        }
        match self.service.query("Publish", &form).await {
            Ok(_) => Ok(()),
            Err(error) => Err(refusal::of("Publish", &error)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{
        super::testing::{Aws, outgoing},
        *,
    };

    const PUBLISHED: &str = r#"<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"#;

    async fn deliver(aws: &Aws, name: &str, outgoing: &Outgoing) -> Result<(), Refusal> {
        let topic = format!("arn:aws:sns:eu-west-1:123456789012:{name}");
        let topic = Arn::parse(topic.leak()).unwrap();
        Topic::new(&aws.config(), topic).deliver(outgoing).await
    }

    #[tokio::test]
    async fn the_body_is_the_message_and_all_else_is_its_attributes() {
        let aws = Aws::answering(200, PUBLISHED);
        deliver(&aws, "orders", &outgoing()).await.unwrap();
        let asked = aws.asked().remove(0);
        assert_eq!(asked.uri, "https://sns.eu-west-1.amazonaws.com/");
        for part in [
            "TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A123456789012%3Aorders",
            "Message=%7B%22id%22%3A%20%22in_1%22%2C%20%22note%22%3A%20%22hush%22%7D",
            "=landfall-event-type&",
            "StringValue=invoice.paid",
            "=landfall-idempotency-key&",
        ] {
            assert!(asked.body.contains(part), "{part}: {}", asked.body);
        }
        assert!(
            !asked.body.contains("MessageDeduplicationId"),
            "{}",
            asked.body
        );
    }

    #[tokio::test]
    async fn a_fifo_topic_takes_each_event_once_and_each_replay() {
        for (epoch, end) in [(0, "&"), (1, "-1&")] {
            let aws = Aws::answering(200, PUBLISHED);
            let event = Outgoing {
                key: Some("cus_1".into()),
                epoch,
                ..outgoing()
            };
            deliver(&aws, "orders.fifo", &event).await.unwrap();
            let body = format!("{}&", aws.asked().remove(0).body);
            let id = format!("MessageDeduplicationId={}{end}", event.idempotency_key);
            assert!(
                body.contains(&id) && body.contains("MessageGroupId=cus_1&"),
                "{body}"
            );
        }
    }

    #[tokio::test]
    async fn a_topic_that_is_not_there_is_permanent() {
        let gone = "<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error></ErrorResponse>";
        let refusal = deliver(&Aws::answering(404, gone), "orders", &outgoing()).await;
        assert_eq!(
            refusal,
            Err(Refusal::permanent("Publish answered 404 NotFound"))
        );
    }
}
