//! What the event source hands over, and what it wants back.
//!
//! Only what is needed is read, and all of it leniently: one strange record must not fail a batch.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// What the function is invoked with: by the event source with a batch, by an operator with the name of a destination that is
/// to be tried. Whoever may invoke it could hand over any batch as well.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Invocation {
    /// The messages.
    #[serde(rename = "Records", default)]
    pub records: Vec<Record>,
    /// The destination.
    #[serde(rename = "landfall-test", default)]
    pub test: Option<String>,
}

/// A batch of messages.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The messages.
    pub records: Vec<Record>,
}

/// A message. A field that is absent or no text is empty, or its JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Record {
    /// What the response names it by.
    #[serde(deserialize_with = "text")]
    pub message_id: String,
    /// What this receipt of it is called.
    #[serde(deserialize_with = "text")]
    pub receipt_handle: String,
    /// The ticket, if it is one.
    #[serde(deserialize_with = "text")]
    pub body: String,
    /// What SQS says of it.
    #[serde(deserialize_with = "attributes")]
    pub attributes: Attributes,
}

/// What SQS says of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Attributes {
    /// Lambda's header `X-Amzn-Trace-Id`, as whoever sent the message gave it.
    #[serde(rename = "AWSTraceHeader")]
    pub trace: Option<String>,
}

/// The partial batch response: whatever it doesn't name is deleted from the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The messages that stay in the queue.
    pub batch_item_failures: Vec<Failed>,
}

/// A message that stays in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failed {
    /// Its message id; an empty or unknown one would fail the whole batch.
    pub item_identifier: String,
}

/// Attributes of another form are none.
fn attributes<'de, D: Deserializer<'de>>(from: D) -> Result<Attributes, D::Error> {
    let json = Box::<RawValue>::deserialize(from)?;
    Ok(serde_json::from_str(json.get()).unwrap_or_default())
}

/// Reads raw JSON first: what nests too deep for a tree, or holds half a surrogate pair, must not fail the batch either.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let json = Box::<RawValue>::deserialize(from)?;
    Ok(match serde_json::from_str::<Option<String>>(json.get()) {
        Ok(text) => text.unwrap_or_default(),
        Err(_) => json.get().to_owned(),
    })
}
