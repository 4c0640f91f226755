//! The addresses at which providers have their questions answered.

use protocol::fault::Fault;
use webhook::{ports, reading::address::Address};

use crate::outbound::Outbound;

/// The way to them, which is needed once in a subscription's life.
#[derive(Clone, Debug, Default)]
pub struct Callbacks(Outbound);

impl ports::Callbacks for Callbacks {
    async fn get(&self, callback: &Address) -> Result<u16, Fault> {
        self.0.status(callback).await
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::Subscription;
    use webhook::{endpoint::subscription, ports::Callbacks as _};

    use super::*;

    /// An address at a host that no resolver knows (RFC 6761).
    fn nowhere() -> Address {
        let subscription = Subscription {
            kind: ("Type", "asks"),
            url: "Url",
            hosts: &["landfall.invalid"],
        };
        let body = br#"{"Type":"asks","Url":"https://landfall.invalid/?Token=hush"}"#;
        subscription::asked(&subscription, body).unwrap().unwrap()
    }

    #[tokio::test]
    async fn a_call_that_fails_does_not_tell_its_address() {
        let fault = Callbacks::default().get(&nowhere()).await.unwrap_err();
        assert!(
            !fault.text.is_empty() && !fault.to_string().contains("hush"),
            "{fault}"
        );
    }
}
