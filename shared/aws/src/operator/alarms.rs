//! What CloudWatch says of a stack: its alarms, whom they tell, how old the queue's oldest ticket is, and how many events it
//! has counted.

use aws_types::SdkConfig;
use protocol::{
    fault::{Fault, FaultKind},
    ports::Backlog as _,
    time::UnixMillis,
};

use crate::{
    backlog::Backlog,
    cloud_watch::{CloudWatch, Series},
    fault,
    metrics::{self, NAMESPACE},
    service::{SNS, Service, query::Element},
};

/// How long a count's parts are, in seconds.
const DAY: u32 = 86_400;

/// CloudWatch and SNS, asked about one stack.
#[derive(Clone, Debug)]
pub struct Watch {
    metrics: CloudWatch,
    sns: Service,
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
            metrics: CloudWatch::new(config),
            sns: Service::new(&SNS, config),
            config: config.clone(),
            stack: stack.to_owned(),
        }
    }

    /// The stack's alarms, by name.
    pub async fn alarms(&self) -> Result<Vec<Alarm>, Fault> {
        let prefix = format!("{}-", self.stack);
        let mut alarms = Vec::new();
        let mut next = None;
        loop {
            let page = self.metrics.alarms(&prefix, next.as_deref()).await;
            let page = page.map_err(|error| fault::of("asking about the alarms", &error))?;
            alarms.extend(page.alarms.iter().filter_map(|said| self.alarm(said)));
            next = page.next;
            if next.is_none() {
                alarms.sort();
                return Ok(alarms);
            }
        }
    }

    fn alarm(&self, said: &Element) -> Option<Alarm> {
        let name = named(said.text_of("AlarmName")?, &self.stack)?;
        let tells = said.entries("AlarmActions").iter();
        Some(Alarm {
            name: name.to_owned(),
            state: said.text_of("StateValue").unwrap_or_default().to_owned(),
            tells: tells.map(|action| action.text().to_owned()).collect(),
            is_enabled: said.text_of("ActionsEnabled") != Some("false"),
        })
    }

    /// How many have confirmed that they want to hear what this topic is told.
    pub async fn listeners(&self, topic: &str) -> Result<u64, Fault> {
        let step = "asking about the topic of the alarms";
        let form = [("TopicArn", topic)];
        let found = self.sns.query("GetTopicAttributes", &form).await;
        let found = found.map_err(|error| fault::of(step, &error))?;
        let mut all = found.entries("Attributes").iter();
        let confirmed = all.find(|said| said.text_of("key") == Some("SubscriptionsConfirmed"));
        let number = confirmed
            .and_then(|said| said.text_of("value"))
            .and_then(|text| text.parse().ok());
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
        let series = Series {
            namespace: NAMESPACE,
            metric: of.name(),
            dimension: ("stack", &self.stack),
            stat: "Sum",
            period: DAY,
            since,
            until: now,
        };
        let counts = self.metrics.values(&series).await;
        let counts = counts.map_err(|error| fault::of("reading the stack's counts", &error))?;
        // The sum of nothing is minus zero.
        Ok((counts.iter()).fold(0.0, |sum, (_, count)| sum + count))
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
