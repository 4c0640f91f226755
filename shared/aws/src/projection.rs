//! The table that handlers write to by `context.projection`. Key `pk`; `occurred_at` in milliseconds and `state`
//! as JSON, or counters.

use aws_sdk_dynamodb::{
    Client,
    operation::put_item::PutItemError,
    types::{AttributeValue, ReturnValue},
};
use protocol::{
    fault::{Fault, FaultKind},
    ports::Written,
    time::UnixMillis,
};

use crate::fault;

/// The table.
#[derive(Clone, Debug)]
pub struct ProjectionTable {
    client: Client,
    name: String,
}

impl ProjectionTable {
    /// The table of this name.
    #[must_use]
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self {
            client,
            name: name.into(),
        }
    }

    /// Writes a state unless one that is newer stands there.
    pub async fn put_if_newer(
        &self,
        key: &str,
        occurred_at: UnixMillis,
        json: &str,
    ) -> Result<Written, Fault> {
        let occurred_at = AttributeValue::N(occurred_at.0.to_string());
        let put = self
            .client
            .put_item()
            .table_name(&self.name)
            .item("pk", AttributeValue::S(key.into()))
            .item("occurred_at", occurred_at.clone())
            .item("state", AttributeValue::S(json.into()))
            // The same again is written again: the answer to the first write may have been lost.
            .condition_expression(
                "attribute_not_exists(occurred_at) OR occurred_at <= :occurred_at",
            )
            .expression_attribute_values(":occurred_at", occurred_at)
            .send()
            .await;
        fault::of_write(
            "writing the projection",
            put,
            PutItemError::is_conditional_check_failed_exception,
        )
    }

    /// Adds one to a counter of an item, and says what it is now.
    pub async fn count(&self, key: &str, counter: &str) -> Result<u64, Fault> {
        let updated = self
            .client
            .update_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.into()))
            .update_expression("ADD #counter :one")
            .expression_attribute_names("#counter", counter)
            .expression_attribute_values(":one", AttributeValue::N("1".into()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(|error| fault::of("counting in the projection", &error))?;
        updated
            .attributes()
            .and_then(|item| item.get(counter)?.as_n().ok()?.parse().ok())
            .ok_or_else(|| {
                let step = "counting in the projection";
                Fault::new(FaultKind::Malformed, step, "no count came back")
            })
    }
}
