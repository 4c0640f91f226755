//! What CloudWatch says of a stack: its alarms, whom they tell, how old the queue's oldest ticket is, and how many events it
//! has counted.

use aws_sdk_cloudwatch::{
    primitives::DateTime,
    types::{Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat},
};
use aws_types::SdkConfig;
use protocol::{
    fault::{Fault, FaultKind},
    ports::Backlog as _,
    time::UnixMillis,
};

use crate::{
    backlog::Backlog,
    fault,
    metrics::{self, NAMESPACE},
};

/// How long a count's parts are, in seconds.
const DAY: i32 = 86_400;

/// CloudWatch and SNS, asked about one stack.
#[derive(Clone, Debug)]
pub struct Watch {
    cloudwatch: aws_sdk_cloudwatch::Client,
    sns: aws_sdk_sns::Client,
    config: SdkConfig,
    stack: String,
}

/// An alarm of the stack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alarm {
    /// What the template calls it.
    pub name: String,
    /// `OK`, `ALARM` or `INSUFFICIENT_DATA`.
    pub state: String,
    /// The topics that are told.
    pub tells: Vec<String>,
    /// Whether anybody is told at all.
    pub is_enabled: bool,
}

impl Watch {
    pub(super) fn new(config: &SdkConfig, stack: &str) -> Self {
        Self {
            cloudwatch: aws_sdk_cloudwatch::Client::new(config),
            sns: aws_sdk_sns::Client::new(config),
            config: config.clone(),
            stack: stack.to_owned(),
        }
    }

    /// The stack's alarms, by name.
    pub async fn alarms(&self) -> Result<Vec<Alarm>, Fault> {
        let mut alarms = Vec::new();
        let mut pages = self
            .cloudwatch
            .describe_alarms()
            .alarm_name_prefix(format!("{}-", self.stack))
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| fault::of("asking about the alarms", &error))?;
            alarms.extend(page.metric_alarms().iter().filter_map(|alarm| {
                let name = named(alarm.alarm_name()?, &self.stack)?;
                Some(Alarm {
                    name: name.to_owned(),
                    state: alarm
                        .state_value()
                        .map_or("", |state| state.as_str())
                        .into(),
                    tells: alarm.alarm_actions().to_vec(),
                    is_enabled: alarm.actions_enabled().unwrap_or(true),
                })
            }));
        }
        alarms.sort();
        Ok(alarms)
    }

    /// How many have confirmed that they want to hear what this topic is told.
    pub async fn listeners(&self, topic: &str) -> Result<u64, Fault> {
        let step = "asking about the topic of the alarms";
        let found = (self.sns.get_topic_attributes())
            .topic_arn(topic)
            .send()
            .await
            .map_err(|error| fault::of(step, &error))?;
        let confirmed = found
            .attributes()
            .and_then(|all| all.get("SubscriptionsConfirmed"));
        let number = confirmed.and_then(|text| text.parse().ok());
        number.ok_or_else(|| Fault::new(FaultKind::Malformed, step, "SNS left out who listens"))
    }

    /// Since when the oldest ticket waits; `None`: none does.
    pub async fn oldest_ticket(
        &self,
        queue: &str,
        now: UnixMillis,
    ) -> Result<Option<UnixMillis>, Fault> {
        Backlog::new(&self.config, queue).oldest_ticket(now).await
    }

    /// How many the stack has counted of a metric since then.
    pub async fn counted(
        &self,
        of: metrics::Metric,
        since: UnixMillis,
        now: UnixMillis,
    ) -> Result<f64, Fault> {
        let stack = Dimension::builder()
            .name("stack")
            .value(&self.stack)
            .build();
        let metric = Metric::builder()
            .namespace(NAMESPACE)
            .metric_name(of.name())
            .dimensions(stack)
            .build();
        let stat = MetricStat::builder().metric(metric).period(DAY).stat("Sum");
        let query = MetricDataQuery::builder()
            .id("sum")
            .metric_stat(stat.build());
        let read = self
            .cloudwatch
            .get_metric_data()
            .metric_data_queries(query.build())
            .start_time(DateTime::from_millis(since.0))
            .end_time(DateTime::from_millis(now.0))
            .send()
            .await
            .map_err(|error| fault::of("reading the stack's counts", &error))?;
        let results = read.metric_data_results();
        let counts = results.iter().flat_map(MetricDataResult::values);
        // The sum of nothing is minus zero.
        Ok(counts.fold(0.0, |sum, count| sum + count))
    }
}

/// What the template calls an alarm whose name `CloudFormation` has made up: the stack's, the template's, and letters. Another
/// stack's name may begin like this one's.
fn named<'a>(name: &'a str, stack: &str) -> Option<&'a str> {
    let rest = name.strip_prefix(stack)?.strip_prefix('-')?;
    let own = rest.split('-').next()?;
    own.ends_with("Alarm").then_some(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_has_the_templates_name_and_another_stacks_is_left_out() {
        let found = |name| named(name, "landfall-test");
        assert_eq!(
            found("landfall-test-DlqAlarm-1A2B3C4D5E6F"),
            Some("DlqAlarm")
        );
        assert_eq!(found("landfall-test-2-DlqAlarm-1A2B3C4D5E6F"), None);
        assert_eq!(found("landfall-testing-DlqAlarm-1"), None);
        assert_eq!(found("landfall-test-somebody-elses"), None);
    }
}
