//! A payment is credited to an account, in a database of the user's, exactly once.

use std::sync::Arc;

use aws_sdk_dynamodb::{
    error::ProvideErrorMetadata as _,
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, Put, TransactWriteItem, Update},
};
use serde::Deserialize;

use super::State;
use crate::handler::{Context, Event, Failure};

#[cfg(test)]
mod tests;

#[derive(Deserialize)]
struct Payment {
    account: String,
    /// In cents.
    amount: u64,
}

pub(super) async fn credit(
    event: Event,
    context: Context,
    state: Arc<State>,
) -> Result<(), Failure> {
    let payment: Payment = event.json()?;
    if !(1..=256).contains(&payment.account.len()) {
        return Err(Failure::permanent("`account` is no account's name"));
    }
    let text = |text: String| AttributeValue::S(text);

    // The key of this event, if it isn't there. It must be the first: the answer says of each write, in this order, why
    // the transaction was cancelled.
    let remember = Put::builder()
        .table_name(&state.settings.accounts)
        .item("pk", text(format!("done#{}", context.idempotency_key)))
        .item("event", text(event.id))
        .condition_expression("attribute_not_exists(pk)");
    // The effect. By itself it would add up with every run.
    let add = Update::builder()
        .table_name(&state.settings.accounts)
        .key("pk", text(format!("account#{}", payment.account)))
        .update_expression("ADD balance :amount")
        .expression_attribute_values(":amount", AttributeValue::N(payment.amount.to_string()));
    let (Ok(remember), Ok(add)) = (remember.build(), add.build()) else {
        return Err(Failure::permanent("the transaction can't be built"));
    };

    // Both or neither, whenever the process dies.
    let written = state
        .dynamodb
        .transact_write_items()
        .transact_items(TransactWriteItem::builder().put(remember).build())
        .transact_items(TransactWriteItem::builder().update(add).build())
        .send()
        .await;
    match written {
        Ok(_) => Ok(()),
        Err(error) if error.as_service_error().is_some_and(is_there) => {
            tracing::info!("credited before");
            Ok(())
        }
        // AWS's name for it, which has nothing of the event's.
        Err(error) => Err(Failure::retry(error.code().unwrap_or("no answer"))),
    }
}

/// Whether it was cancelled because the key is there: an earlier run has done it. Another reason, such as a transaction
/// on the same account at the same moment, may be gone at the next try.
fn is_there(error: &TransactWriteItemsError) -> bool {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
        return false;
    };
    let of_key = cancelled.cancellation_reasons().first();
    of_key.and_then(|reason| reason.code()) == Some("ConditionalCheckFailed")
}
