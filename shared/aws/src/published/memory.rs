//! The addresses of keys by which signatures were proven, in the ledger's table, so that a process that starts
//! knows them before a stranger can name others: one item a source, `source#` and `keys`.

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use catalogue::Source;
use protocol::fault::Fault;
use webhook::{keys::origin, reading::address::Address};

use crate::{
    codec::{self, Item, sort},
    fault,
};

const ADDRESSES: &str = "addresses";

/// The table.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    client: Client,
    table: String,
}

impl Memory {
    pub(crate) fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// The addresses of a source's keys, the latest last: those that its deliveries still may name.
    pub(super) async fn read(&self, source: &Source) -> Result<Vec<Address>, Fault> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(source)))
            .send()
            .await
            .map_err(|error| fault::of("reading the addresses of keys", &error))?;
        Ok(found
            .item()
            .map_or_else(Vec::new, |item| addresses(source, item)))
    }

    /// Keeps these. Should two processes do so at once, one of them stays, and whoever misses an address keeps
    /// it with the next event that it proves.
    pub(super) async fn write(&self, source: &Source, addresses: &[Address]) -> Result<(), Fault> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item(source, addresses)))
            .send()
            .await;
        put.map(|_| ())
            .map_err(|error| fault::of("keeping the addresses of keys", &error))
    }
}

/// No event has an empty id, so no event's key is the same.
fn key(source: &Source) -> Item {
    codec::primary(&format!("{}#", source.name), sort::KEYS)
}

fn item(source: &Source, addresses: &[Address]) -> Item {
    let texts = addresses.iter().map(|address| codec::s(address.url()));
    let mut item = key(source);
    item.insert(ADDRESSES.into(), AttributeValue::L(texts.collect()));
    item
}

fn addresses(source: &Source, item: &Item) -> Vec<Address> {
    let texts = item.get(ADDRESSES).and_then(|value| value.as_l().ok());
    let texts = texts
        .into_iter()
        .flatten()
        .filter_map(|text| text.as_s().ok());
    texts
        .filter_map(|text| origin::remembered(source, text))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::Provider;

    use super::*;

    #[test]
    fn addresses_come_back_and_those_that_must_not_be_called_do_not() {
        let source = Source::of(Provider::named("aws-sns").unwrap());
        let url = |hex: &str| {
            format!("https://sns.us-east-1.amazonaws.com/SimpleNotificationService-{hex}.pem")
        };
        let kept: Vec<_> = ["0a", "0b"]
            .into_iter()
            .map(|hex| origin::remembered(&source, &url(hex)).unwrap())
            .collect();
        let mut item = item(&source, &kept);
        assert_eq!(addresses(&source, &item), kept);
        let Some(AttributeValue::L(list)) = item.get_mut(ADDRESSES) else {
            panic!("a list")
        };
        list.push(codec::s(
            "https://evil.example/SimpleNotificationService-0a.pem",
        ));
        list.push(codec::n(1));
        assert_eq!(addresses(&source, &item), kept);
        assert!(addresses(&source, &Item::new()).is_empty());
    }
}
