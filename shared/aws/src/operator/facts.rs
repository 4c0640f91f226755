//! What AWS says of the parts of a stack: whether they are as the template has them, and how full its queues are.

use aws_sdk_dynamodb::types::TimeToLiveStatus;
use aws_sdk_sqs::types::QueueAttributeName;
use aws_types::SdkConfig;
use protocol::{
    fault::{Fault, FaultKind},
    time::Millis,
};
use serde::Deserialize;

use crate::{clients::Clients, fault, lambda::Lambda, service::encoded};

/// Asks AWS about the parts of a stack. Each question needs a permission of its own.
#[derive(Clone, Debug)]
pub struct Facts {
    pub(super) clients: Clients,
    lambda: Lambda,
}

/// A queue, as SQS describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueFacts {
    /// Messages that can be taken.
    pub waiting: u64,
    /// Messages that somebody has in hand.
    pub in_flight: u64,
    /// Messages that can't be taken yet.
    pub delayed: u64,
    /// For how long a message that was taken is hidden.
    pub visibility: Millis,
    /// For how long a message is kept.
    pub retention: Millis,
    /// Whether SQS moves what was taken too often to another queue.
    pub has_backstop: bool,
}

/// How the consumer gets its tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MappingFacts {
    /// Whether it gets any.
    pub is_enabled: bool,
    /// Whether it may say which of them failed.
    pub has_partial_responses: bool,
    /// How many runs it may have under way at once, where that is limited.
    pub most_at_once: Option<u32>,
}

/// How many runs of functions may be under way at once in the account and region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// In all.
    pub total: u32,
    /// Of functions for which none are reserved.
    pub shared: u32,
}

/// <https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Function {
    /// In seconds.
    timeout: i64,
}

/// <https://docs.aws.amazon.com/lambda/latest/api/API_GetEventSourceMapping.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Mapping {
    state: Option<String>,
    function_response_types: Option<Vec<String>>,
    scaling_config: Option<Scaling>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Scaling {
    maximum_concurrency: Option<u32>,
}

/// <https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Settings {
    account_limit: Option<Limit>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Limit {
    concurrent_executions: u32,
    unreserved_concurrent_executions: Option<u32>,
}

impl Facts {
    pub(super) fn new(clients: &Clients, config: &SdkConfig) -> Self {
        Self {
            clients: clients.clone(),
            lambda: Lambda::new(config),
        }
    }

    /// A queue.
    pub async fn queue(&self, url: &str) -> Result<QueueFacts, Fault> {
        let step = "asking about a queue";
        let found = (self.clients.sqs.get_queue_attributes())
            .queue_url(url)
            .attribute_names(QueueAttributeName::All)
            .send()
            .await
            .map_err(|error| fault::of(step, &error))?;
        let all = found.attributes.unwrap_or_default();
        let number = |name: QueueAttributeName| all.get(&name).and_then(|text| text.parse().ok());
        let seconds =
            |name| number(name).map(|seconds: u64| Millis::seconds(seconds.cast_signed()));
        let bare = || {
            Fault::new(
                FaultKind::Malformed,
                step,
                "SQS left out what was asked for",
            )
        };
        Ok(QueueFacts {
            waiting: number(QueueAttributeName::ApproximateNumberOfMessages).ok_or_else(bare)?,
            in_flight: number(QueueAttributeName::ApproximateNumberOfMessagesNotVisible)
                .unwrap_or(0),
            delayed: number(QueueAttributeName::ApproximateNumberOfMessagesDelayed).unwrap_or(0),
            visibility: seconds(QueueAttributeName::VisibilityTimeout).ok_or_else(bare)?,
            retention: seconds(QueueAttributeName::MessageRetentionPeriod).ok_or_else(bare)?,
            has_backstop: all.contains_key(&QueueAttributeName::RedrivePolicy),
        })
    }

    /// How long a function may run.
    pub async fn timeout(&self, function: &str) -> Result<Millis, Fault> {
        let path = format!("/2015-03-31/functions/{}/configuration", encoded(function));
        let found = self.lambda.get("GetFunctionConfiguration", path).await;
        let Function { timeout } =
            found.map_err(|error| fault::of("asking about a function", &error))?;
        Ok(Millis::seconds(timeout))
    }

    /// How a function gets its messages.
    pub async fn mapping(&self, id: &str) -> Result<MappingFacts, Fault> {
        let path = format!("/2015-03-31/event-source-mappings/{}", encoded(id));
        let found = self.lambda.get("GetEventSourceMapping", path).await;
        let found: Mapping =
            found.map_err(|error| fault::of("asking about the event source mapping", &error))?;
        Ok(MappingFacts {
            is_enabled: found.state.is_some_and(|state| state == "Enabled"),
            has_partial_responses: !found.function_response_types.unwrap_or_default().is_empty(),
            most_at_once: (found.scaling_config).and_then(|scaling| scaling.maximum_concurrency),
        })
    }

    /// How many runs there is room for.
    pub async fn room(&self) -> Result<Room, Fault> {
        let step = "asking about the account";
        let path = "/2016-08-19/account-settings".to_owned();
        let found = self.lambda.get("GetAccountSettings", path).await;
        let found: Settings = found.map_err(|error| fault::of(step, &error))?;
        let limit = found
            .account_limit
            .ok_or_else(|| Fault::new(FaultKind::Malformed, step, "Lambda left out its limits"))?;
        let total = limit.concurrent_executions;
        Ok(Room {
            total,
            shared: limit.unreserved_concurrent_executions.unwrap_or(total),
        })
    }

    /// Whether a table deletes what has expired.
    pub async fn deletes_expired(&self, table: &str) -> Result<bool, Fault> {
        let found = (self.clients.dynamodb.describe_time_to_live())
            .table_name(table)
            .send()
            .await
            .map_err(|error| fault::of("asking about the table", &error))?;
        let status = found
            .time_to_live_description
            .and_then(|told| told.time_to_live_status);
        Ok(matches!(
            status,
            Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
        ))
    }
}
