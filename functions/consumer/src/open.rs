//! An event's body as routes look at it, and as handlers and destinations get it: what its provider has encrypted is opened.
//!
//! That is done anew for every claim. What is opened is kept nowhere: ledger, bucket and letters have the event as it came,
//! and no text here quotes it.
//!
//! | what is encrypted | the legs |
//! |---|---|
//! | has no private key, or another one; the keys can't be read | are tried again: somebody may store it |
//! | isn't whole, or not what the provider makes | fail at once: its bytes don't change |

use protocol::{decide::finish::RunOutcome, ledger::EventRecord};
use webhook::{
    event::sealed::{Sealed, Unopened},
    ports::Opening as _,
};

use crate::{work::TicketWork, world::World};

/// An event's body, where it has been read.
pub(crate) enum EventBody {
    /// As it came.
    Came(Vec<u8>),
    /// As whoever gets it sees it.
    Opened(Vec<u8>),
}

impl EventBody {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Came(body) | Self::Opened(body) => body,
        }
    }
}

impl<W: World> TicketWork<'_, W> {
    /// The body as whoever gets it sees it, or what becomes of the legs that can't have it.
    pub(crate) async fn opened(
        &self,
        event: &EventRecord,
        body: EventBody,
    ) -> Result<EventBody, RunOutcome> {
        let body = match body {
            EventBody::Opened(body) => body,
            EventBody::Came(came) => self.open(event, &came).await?.unwrap_or(came),
        };
        Ok(EventBody::Opened(body))
    }

    /// The body with what is encrypted in it opened. `None`: nothing is.
    pub(crate) async fn open(
        &self,
        event: &EventRecord,
        body: &[u8],
    ) -> Result<Option<Vec<u8>>, RunOutcome> {
        let name = event.key.source();
        let source = self.consumer.configuration.sources.get(name);
        let Some(encrypted) = source.and_then(|source| source.encrypted) else {
            return Ok(None);
        };
        let sealed = match Sealed::find(encrypted, body) {
            Ok(Some(sealed)) => sealed,
            Ok(None) => return Ok(None),
            Err(why) => return Err(unopened(why)),
        };
        let left = self.until(self.cut_off());
        match tokio::time::timeout(left, self.with_keys(name, &sealed)).await {
            Ok(opened) => opened.map(Some),
            Err(_) => Err(RunOutcome::retry(
                "its private keys could not be read in time",
            )),
        }
    }

    async fn with_keys(&self, source: &str, sealed: &Sealed<'_>) -> Result<Vec<u8>, RunOutcome> {
        let opening = self.consumer.world.opening();
        let keys = opening.private_keys(source, self.now()).await;
        let keys = keys.map_err(|fault| RunOutcome::retry(fault.to_string()))?;
        match sealed.open(&keys) {
            Err(why) if why.wants_key() => {}
            opened => return opened.map_err(unopened),
        }
        // Somebody may have stored the key since.
        match opening.latest_private_keys(source, self.now()).await {
            Some(latest) => sealed.open(&latest).map_err(unopened),
            None => Err(RunOutcome::retry("its private keys are gone")),
        }
    }
}

fn unopened(why: Unopened) -> RunOutcome {
    if why.wants_key() {
        RunOutcome::retry(why.to_string())
    } else {
        RunOutcome::Permanent(why.to_string())
    }
}
