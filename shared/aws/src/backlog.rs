//! Since when the queue's tickets wait. SQS says how many can be taken now, and CloudWatch how old the oldest one was a
//! minute ago; SQS has no attribute for that.
//!
//! The count comes first. It is newer, it costs next to nothing, and it tells tickets that wait for a consumer from those
//! that are delayed or in somebody's hands, of which AWS doesn't say whether the age counts them. What AWS does say errs to
//! the young: a message that was received three times and not deleted is left out of the age
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html>).

use aws_sdk_cloudwatch::{
    primitives::DateTime,
    types::{Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat, ScanBy},
};
use aws_sdk_sqs::types::QueueAttributeName;
use aws_types::SdkConfig;
use protocol::{
    fault::Fault,
    ports,
    time::{Millis, UnixMillis},
};

use crate::fault;

/// SQS tells CloudWatch once a minute.
const PERIOD_SECONDS: i32 = 60;

/// An age that is older than this says nothing of now.
const LOOKED_BACK: Millis = Millis::seconds(300);

/// The queue's backlog.
#[derive(Clone, Debug)]
pub struct Backlog {
    sqs: aws_sdk_sqs::Client,
    cloudwatch: aws_sdk_cloudwatch::Client,
    url: String,
}

impl Backlog {
    /// That of the queue at this URL.
    #[must_use]
    pub fn new(config: &SdkConfig, url: impl Into<String>) -> Self {
        Self {
            sqs: aws_sdk_sqs::Client::new(config),
            cloudwatch: aws_sdk_cloudwatch::Client::new(config),
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
        let queue = Dimension::builder().name("QueueName").value(queue).build();
        let metric = Metric::builder()
            .namespace("AWS/SQS")
            .metric_name("ApproximateAgeOfOldestMessage")
            .dimensions(queue)
            .build();
        let stat = MetricStat::builder()
            .metric(metric)
            .period(PERIOD_SECONDS)
            .stat("Maximum")
            .build();
        let read = self
            .cloudwatch
            .get_metric_data()
            .metric_data_queries(
                MetricDataQuery::builder()
                    .id("age")
                    .metric_stat(stat)
                    .build(),
            )
            .start_time(DateTime::from_millis(now.plus(Millis(-LOOKED_BACK.0)).0))
            .end_time(DateTime::from_millis(now.0))
            .scan_by(ScanBy::TimestampDescending)
            .send()
            .await
            .map_err(|error| fault::of("reading the age of the queue's oldest ticket", &error))?;
        Ok(read.metric_data_results().first().and_then(oldest))
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
fn oldest(ages: &MetricDataResult) -> Option<UnixMillis> {
    let pairs = ages.timestamps().iter().zip(ages.values());
    let (at, seconds) = pairs.max_by_key(|(at, _)| at.secs())?;
    // A count of seconds below a year fits whatever holds it.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is no longer than a queue keeps a message"
    )]
    let age = Millis((seconds * 1_000.0) as i64);
    Some(UnixMillis(at.secs().saturating_mul(1_000)).plus(Millis(-age.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ages(ages: &[(i64, f64)]) -> MetricDataResult {
        let result = MetricDataResult::builder()
            .set_timestamps(Some(
                ages.iter()
                    .map(|(at, _)| DateTime::from_secs(*at))
                    .collect(),
            ))
            .set_values(Some(ages.iter().map(|(_, age)| *age).collect()));
        result.build()
    }

    #[test]
    fn the_oldest_ticket_was_sent_its_age_before_the_newest_minute_that_is_told_of() {
        assert_eq!(oldest(&ages(&[])), None);
        let expected = Some(UnixMillis(1_799_999_000_000));
        // CloudWatch begins with the newest, unless it is asked otherwise.
        assert_eq!(
            oldest(&ages(&[(1_800_000_000, 1_000.0), (1_799_999_940, 1.0)])),
            expected
        );
        assert_eq!(
            oldest(&ages(&[(1_799_999_940, 1.0), (1_800_000_000, 1_000.0)])),
            expected
        );
    }
}
