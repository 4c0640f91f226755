//! Since when the queue's tickets wait. SQS says how many can be taken now, and CloudWatch how old the oldest one was a
//! minute ago; SQS has no attribute for that.
//!
//! The count comes first. It is newer, it costs next to nothing, and it tells tickets that wait for a consumer from those
//! that are delayed or in somebody's hands, of which AWS doesn't say whether the age counts them. What AWS does say errs to
//! the young: a message that was received three times and not deleted is left out of the age
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html>).

use aws_sdk_sqs::types::QueueAttributeName;
use aws_types::SdkConfig;
use protocol::{
    fault::Fault,
    ports,
    time::{Millis, UnixMillis},
};

use crate::{
    cloud_watch::{CloudWatch, Series},
    fault,
};

/// SQS tells CloudWatch once a minute.
const PERIOD_SECONDS: u32 = 60;

/// An age that is older than this says nothing of now.
const LOOKED_BACK: Millis = Millis::seconds(300);

/// The queue's backlog.
#[derive(Clone, Debug)]
pub struct Backlog {
    sqs: aws_sdk_sqs::Client,
    metrics: CloudWatch,
    url: String,
}

impl Backlog {
    /// That of the queue at this URL.
    #[must_use]
    pub fn new(config: &SdkConfig, url: impl Into<String>) -> Self {
        Self {
            sqs: aws_sdk_sqs::Client::new(config),
            metrics: CloudWatch::new(config),
            url: url.into(),
        }
    }

    async fn anything_waits(&self) -> Result<bool, Fault> {
        let count = QueueAttributeName::ApproximateNumberOfMessages;
        let read = self
            .sqs
            .get_queue_attributes()
            .queue_url(&self.url)
            .attribute_names(count.clone())
            .send()
            .await
            .map_err(|error| fault::of("counting the queue's tickets", &error))?;
        let said = read.attributes.and_then(|mut said| said.remove(&count));
        Ok(said.is_some_and(|text| text != "0"))
    }

    async fn read_age(&self, now: UnixMillis) -> Result<Option<UnixMillis>, Fault> {
        let queue = self.url.rsplit('/').next().unwrap_or_default();
        let series = Series {
            namespace: "AWS/SQS",
            metric: "ApproximateAgeOfOldestMessage",
            dimension: ("QueueName", queue),
            stat: "Maximum",
            period: PERIOD_SECONDS,
            since: now.plus(Millis(-LOOKED_BACK.0)),
            until: now,
        };
        let ages = self.metrics.values(&series).await;
        let ages = ages
            .map_err(|error| fault::of("reading the age of the queue's oldest ticket", &error))?;
        Ok(oldest(&ages))
    }
}

impl ports::Backlog for Backlog {
    async fn oldest_ticket(&self, now: UnixMillis) -> Result<Option<UnixMillis>, Fault> {
        if self.anything_waits().await? {
            self.read_age(now).await
        } else {
            Ok(None)
        }
    }
}

/// When the oldest message was sent, by the newest of these ages. The time of an age is the beginning of the minute that it
/// was told in, so that this is up to a minute too early: the ticket itself must not come out as older than the backlog.
fn oldest(ages: &[(UnixMillis, f64)]) -> Option<UnixMillis> {
    let (at, seconds) = ages.iter().max_by_key(|(at, _)| *at)?;
    // A count of seconds below a year fits whatever holds it.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is no longer than a queue keeps a message"
    )]
    let age = Millis((seconds * 1_000.0) as i64);
    Some(at.plus(Millis(-age.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_ticket_was_sent_its_age_before_the_newest_minute_that_is_told_of() {
        let newest = (UnixMillis(1_800_000_000_000), 1_000.0);
        let before = (UnixMillis(1_799_999_940_000), 1.0);
        assert_eq!(oldest(&[]), None);
        let expected = Some(UnixMillis(1_799_999_000_000));
        // CloudWatch begins with the newest, as it is asked to.
        assert_eq!(oldest(&[newest, before]), expected);
        assert_eq!(oldest(&[before, newest]), expected);
    }
}
