//! An item that is written if what stands there allows it, and with it the events that tell of the write.

use aws_sdk_dynamodb::{
    Client,
    operation::{put_item::PutItemError, transact_write_items::TransactWriteItemsError},
    types::{AttributeValue, Put, TransactWriteItem, error::TransactionCanceledException},
};
use protocol::{
    fault::{Fault, FaultKind},
    ports::Written,
};

use crate::{codec::Item, fault};

/// What a transaction says of an item whose condition was false, or that somebody else is writing at this moment.
const ANOTHERS: [&str; 2] = ["ConditionalCheckFailed", "TransactionConflict"];

/// An item, and the condition under which it is written.
#[derive(Clone, Debug)]
pub(crate) struct Conditional {
    pub(crate) item: Item,
    pub(crate) condition: &'static str,
    /// What `#name` stands for in the condition.
    pub(crate) names: Vec<(&'static str, &'static str)>,
    /// What `:value` stands for.
    pub(crate) values: Vec<(&'static str, AttributeValue)>,
}

impl Conditional {
    /// Writes it, and in the same step these items, which stand under keys of their own. Without any it is a plain write,
    /// which costs half.
    pub(crate) async fn write(
        self,
        client: &Client,
        table: &str,
        told: Vec<Item>,
        step: &'static str,
    ) -> Result<Written, Fault> {
        let names = self.names.into_iter();
        let names = names.map(|(name, of)| (name.to_owned(), of.to_owned()));
        let values = self.values.into_iter();
        let values = values.map(|(name, value)| (name.to_owned(), value));
        // DynamoDB refuses a list of values that is empty.
        let (names, values) = (Some(names.collect()), Some(values.collect()));
        let values = values.filter(|values: &Item| !values.is_empty());
        if told.is_empty() {
            let put = client.put_item().table_name(table);
            let written = put
                .set_item(Some(self.item))
                .condition_expression(self.condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .send()
                .await;
            return fault::of_write(
                step,
                written,
                PutItemError::is_conditional_check_failed_exception,
            );
        }
        let condition = Put::builder()
            .condition_expression(self.condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values);
        let puts = told.into_iter().map(|item| (Put::builder(), item));
        let mut transaction = client.transact_write_items();
        for (put, item) in [(condition, self.item)].into_iter().chain(puts) {
            let put = put.table_name(table).set_item(Some(item)).build();
            let put = put.map_err(|error| Fault::new(FaultKind::Other, step, error.to_string()))?;
            transaction = transaction.transact_items(TransactWriteItem::builder().put(put).build());
        }
        let written = transaction.send().await;
        fault::of_write(step, written, |error| match error {
            TransactWriteItemsError::TransactionCanceledException(cancelled) => {
                is_anothers(cancelled)
            }
            _ => false,
        })
    }
}

/// Whether a transaction was cancelled because of what stands where its first item was to be written.
fn is_anothers(cancelled: &TransactionCanceledException) -> bool {
    let first = cancelled.cancellation_reasons().first();
    let code = first.and_then(|reason| reason.code());
    code.is_some_and(|code| ANOTHERS.contains(&code))
}
