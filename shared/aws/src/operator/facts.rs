//! What AWS says of the parts of a stack: whether they are as the template has them, and how full its queues are.

use aws_sdk_dynamodb::types::TimeToLiveStatus;
use aws_sdk_sqs::types::QueueAttributeName;
use aws_types::SdkConfig;
use protocol::{
    fault::{Fault, FaultKind},
    time::Millis,
};

use crate::{clients::Clients, fault};

/// Asks AWS about the parts of a stack. Each question needs a permission of its own.
#[derive(Clone, Debug)]
pub struct Facts {
    pub(super) clients: Clients,
    pub(super) lambda: aws_sdk_lambda::Client,
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

impl Facts {
    pub(super) fn new(clients: &Clients, config: &SdkConfig) -> Self {
        Self {
            clients: clients.clone(),
            lambda: aws_sdk_lambda::Client::new(config),
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
        let found = (self.lambda.get_function_configuration())
            .function_name(function)
            .send()
            .await
            .map_err(|error| fault::of("asking about a function", &error))?;
        Ok(Millis::seconds(i64::from(found.timeout.unwrap_or(3))))
    }

    /// How a function gets its messages.
    pub async fn mapping(&self, id: &str) -> Result<MappingFacts, Fault> {
        let found = (self.lambda.get_event_source_mapping())
            .uuid(id)
            .send()
            .await
            .map_err(|error| fault::of("asking about the event source mapping", &error))?;
        Ok(MappingFacts {
            is_enabled: found.state.is_some_and(|state| state == "Enabled"),
            has_partial_responses: !found.function_response_types.unwrap_or_default().is_empty(),
            most_at_once: (found.scaling_config)
                .and_then(|scaling| scaling.maximum_concurrency)
                .and_then(|most| most.try_into().ok()),
        })
    }

    /// How many runs there is room for.
    pub async fn room(&self) -> Result<Room, Fault> {
        let step = "asking about the account";
        let found = self.lambda.get_account_settings().send().await;
        let found = found.map_err(|error| fault::of(step, &error))?;
        let limit = found
            .account_limit
            .ok_or_else(|| Fault::new(FaultKind::Malformed, step, "Lambda left out its limits"))?;
        let number = |number: i32| u32::try_from(number).unwrap_or(0);
        Ok(Room {
            total: number(limit.concurrent_executions),
            shared: limit
                .unreserved_concurrent_executions
                .map_or_else(|| number(limit.concurrent_executions), number),
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
