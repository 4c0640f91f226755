//! What AWS documents of the services, and what the adapters are made for. On an engine that is laxer than AWS an adapter
//! that forgot one of these would go unnoticed.

use aws_sdk_dynamodb::{
    operation::put_item::builders::PutItemFluentBuilder,
    types::{AttributeValue, KeysAndAttributes},
};
use aws_sdk_sqs::{
    operation::send_message::builders::SendMessageFluentBuilder, types::MessageAttributeValue,
};

use super::Aws;
use crate::{run::Check, world::World as _};

/// All of them.
#[must_use]
pub fn checks() -> Vec<Check<Aws>> {
    vec![
        Check {
            port: "DynamoDB",
            promise: "an item of more than 400 KB is refused",
            run: |aws| Box::pin(too_large_an_item(aws)),
        },
        Check {
            port: "DynamoDB",
            promise: "a batch read that names a key twice is refused",
            run: |aws| Box::pin(a_key_twice(aws)),
        },
        Check {
            port: "DynamoDB",
            promise: "a batch read of 101 keys is refused",
            run: |aws| Box::pin(too_many_keys(aws)),
        },
        Check {
            port: "DynamoDB",
            promise: "a batch read of more than 16 MB is answered in parts",
            run: |aws| Box::pin(answer_in_parts(aws)),
        },
        Check {
            port: "DynamoDB",
            promise: "a query that starts beyond its range is refused",
            run: |aws| Box::pin(start_beyond_the_range(aws)),
        },
        Check {
            port: "SQS",
            promise: "a message is hidden for twelve hours from its receipt at most",
            run: |aws| Box::pin(hidden_for_too_long(aws)),
        },
        Check {
            port: "SQS",
            promise: "an attribute that is empty is refused",
            run: |aws| Box::pin(empty_attribute(aws)),
        },
        Check {
            port: "SQS",
            promise: "a control character doesn't arrive",
            run: |aws| Box::pin(control_character(aws)),
        },
        Check {
            port: "SQS",
            promise: "a message group that has a space in it is refused",
            run: |aws| Box::pin(group_with_a_space(aws)),
        },
    ]
}

fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn put(aws: &Aws, check: &str, key: usize, bytes: usize) -> PutItemFluentBuilder {
    let put = aws.clients.dynamodb.put_item().table_name(&aws.table);
    put.item("pk", text(format!("{check}-{}#{key}", aws.run)))
        .item("sk", text("work"))
        .item("last_error", text("e".repeat(bytes)))
}

/// How many items came, and how many were left; `None` where the call was refused.
async fn batch(aws: &Aws, check: &str, keys: &[usize]) -> Option<(usize, usize)> {
    let mut wanted = KeysAndAttributes::builder();
    for key in keys {
        let pk = text(format!("{check}-{}#{key}", aws.run));
        wanted = wanted.keys([("pk".into(), pk), ("sk".into(), text("work"))].into());
    }
    let batch = aws.clients.dynamodb.batch_get_item();
    let batch = batch.request_items(&aws.table, wanted.build().unwrap());
    let found = match batch.send().await {
        Ok(found) => found,
        Err(error) => {
            assert!(error.as_service_error().is_some(), "{error:?}");
            return None;
        }
    };
    let items = found.responses.unwrap_or_default();
    let left = found.unprocessed_keys.unwrap_or_default();
    Some((
        items.values().map(Vec::len).sum(),
        left.values().map(|left| left.keys.len()).sum(),
    ))
}

async fn too_large_an_item(aws: &Aws) {
    let refused = put(aws, "too-large", 0, 400 * 1_024)
        .send()
        .await
        .unwrap_err();
    assert!(refused.as_service_error().is_some(), "{refused:?}");
}

async fn a_key_twice(aws: &Aws) {
    assert_eq!(batch(aws, "twice", &[0, 0]).await, None);
}

async fn too_many_keys(aws: &Aws) {
    let keys: Vec<_> = (0..101).collect();
    assert_eq!(batch(aws, "too-many", &keys).await, None);
}

async fn answer_in_parts(aws: &Aws) {
    let keys: Vec<_> = (0..60).collect();
    for key in &keys {
        put(aws, "parts", *key, 300 * 1_024).send().await.unwrap();
    }
    // AWS's own example: of 300 KB each, 52 items come. Their names and keys count too, so that it may be one more or less.
    let (came, left) = batch(aws, "parts", &keys).await.unwrap();
    assert_eq!(came + left, 60);
    assert!((50..=54).contains(&came), "{came} came at once");
}

async fn start_beyond_the_range(aws: &Aws) {
    let shard = format!("beyond-{}#0", aws.run);
    let number = |number: u8| AttributeValue::N(number.to_string());
    let query = aws.clients.dynamodb.query().table_name(&aws.table);
    let query = query
        .index_name(&aws.index_name)
        .key_condition_expression("shard = :shard AND #at <= :until")
        .expression_attribute_names("#at", "at")
        .expression_attribute_values(":shard", text(&shard))
        .expression_attribute_values(":until", number(1))
        .exclusive_start_key("pk", text(format!("beyond-{}#1", aws.run)))
        .exclusive_start_key("sk", text("event"))
        .exclusive_start_key("shard", text(&shard))
        .exclusive_start_key("at", number(2));
    let refused = query.send().await.unwrap_err();
    assert!(refused.as_service_error().is_some(), "{refused:?}");
}

fn message(aws: &Aws) -> SendMessageFluentBuilder {
    let message = aws.clients.sqs.send_message().queue_url(&aws.queue_url);
    message.message_body(aws.run.as_str())
}

fn attribute(text: &str) -> MessageAttributeValue {
    let attribute = MessageAttributeValue::builder().data_type("String");
    attribute.string_value(text).build().unwrap()
}

/// Sends what is to be refused. Where it isn't, it is taken away again.
async fn refused(aws: &Aws, message: SendMessageFluentBuilder) {
    match message.send().await {
        Ok(_) => {
            take_away(aws).await;
            panic!("it was sent");
        }
        Err(error) => assert!(error.as_service_error().is_some(), "{error:?}"),
    }
}

async fn take_away(aws: &Aws) {
    for message in aws.receive().await {
        aws.delete(&message).await;
    }
}

async fn hidden_for_too_long(aws: &Aws) {
    message(aws).send().await.unwrap();
    let received = aws.receive().await.pop().unwrap();
    let hide = aws.clients.sqs.change_message_visibility();
    let hide = hide
        .queue_url(&aws.queue_url)
        .receipt_handle(&received.receipt);
    let hidden = hide.visibility_timeout(43_200).send().await;
    aws.delete(&received).await;
    let refused = hidden.unwrap_err();
    assert!(refused.as_service_error().is_some(), "{refused:?}");
}

async fn empty_attribute(aws: &Aws) {
    let message = message(aws).message_attributes("error", attribute(""));
    refused(aws, message).await;
}

/// AWS's pages say that it is refused, and that it is replaced.
async fn control_character(aws: &Aws) {
    let message = message(aws).message_attributes("error", attribute("a\u{1}b"));
    if let Err(error) = message.send().await {
        assert!(error.as_service_error().is_some(), "{error:?}");
        return;
    }
    let received = aws.receive().await.pop().unwrap();
    aws.delete(&received).await;
    assert_eq!(received.attributes["error"], "a\u{fffd}b");
}

async fn group_with_a_space(aws: &Aws) {
    let message = message(aws).message_group_id("a b");
    refused(aws, message).await;
}
