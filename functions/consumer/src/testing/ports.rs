//! The world of the tests as the consumer asks it: each call as the real one answers it, or as a test has planned.

use fakes::tables;
use protocol::{
    fault::{Fault, FaultKind},
    ledger::{EventKey, EventRecord, Holder, State, Work, WorkVersion},
    ports::{
        BodyStore, Claims, Clock, DeadLetter, Entry, Put, Queue, Receipts, Recorder, StoredBodies,
        Written,
    },
    ticket::Ticket,
    time::{Millis, UnixMillis},
};
use webhook::{ports::Callbacks, reading::address::Address};

use super::{Memory, NOW};

impl Clock for Memory {
    fn now(&self) -> UnixMillis {
        self.lock().now.unwrap_or(NOW)
    }

    fn random(&self) -> u64 {
        self.lock().random
    }
}

impl Recorder for Memory {
    async fn put_event(&self, event: &EventRecord, now: UnixMillis) -> Result<Put, Fault> {
        self.hang("put_event").await;
        let mut inner = self.call("put_event")?;
        let put = tables::put_event(&mut inner.events, event, now);
        if put == Put::Stored {
            inner.effects.push(format!("put_event {}", event.key.id()));
        }
        Ok(put)
    }

    async fn read_work(&self, key: &EventKey) -> Result<Option<Work>, Fault> {
        Ok(self.call("read_work")?.works.get(key).cloned())
    }
}

impl Claims for Memory {
    async fn read(&self, key: &EventKey) -> Result<Entry, Fault> {
        self.hang("read").await;
        let inner = self.call("read")?;
        Ok(Entry {
            event: inner.events.get(key).cloned(),
            work: inner.works.get(key).cloned(),
        })
    }

    async fn claim(
        &self,
        key: &EventKey,
        as_read: Option<WorkVersion>,
        work: &Work,
    ) -> Result<Written, Fault> {
        let mut inner = self.call("claim")?;
        if let Some(work) = inner.before_claim.take() {
            inner.works.insert(key.clone(), work);
        }
        let written = tables::claim(&mut inner.works, key, as_read, work);
        if written == Written::Yes {
            let what = match work.state {
                State::Waiting => "postpone",
                _ => "claim",
            };
            inner.effects.push(format!("{what} {}", key.id()));
        }
        if inner.doubled.contains("claim") {
            return Ok(tables::claim(&mut inner.works, key, as_read, work));
        }
        Ok(written)
    }

    async fn finish(&self, key: &EventKey, holder: Holder, work: &Work) -> Result<Written, Fault> {
        self.hang("finish").await;
        let mut inner = self.call("finish")?;
        let written = tables::finish(&mut inner.works, key, holder, work);
        if written == Written::Yes {
            let state = work.state.as_str();
            inner.effects.push(format!("finish {state}"));
        }
        if inner.doubled.contains("finish") {
            return Ok(tables::finish(&mut inner.works, key, holder, work));
        }
        Ok(written)
    }
}

impl Queue for Memory {
    async fn send(&self, ticket: &Ticket) -> Result<(), Fault> {
        let mut inner = self.call("send")?;
        inner.effects.push(format!("send {}", ticket.key.id()));
        inner.tickets.push(ticket.clone());
        Ok(())
    }
}

impl Receipts for Memory {
    async fn hide(&self, receipt: &str, length: Millis) -> Result<(), Fault> {
        let mut inner = self.call("hide")?;
        inner.effects.push(format!("hide {receipt} {}", length.0));
        Ok(())
    }

    async fn bury(&self, letter: &DeadLetter) -> Result<(), Fault> {
        let mut inner = self.call("bury")?;
        inner.effects.push(format!("bury {}", letter.reason));
        inner.letters.push(letter.clone());
        Ok(())
    }
}

impl BodyStore for Memory {
    async fn put_body(&self, key: &str, body: &[u8]) -> Result<(), Fault> {
        let mut inner = self.call("put_body")?;
        inner.effects.push("put_body".into());
        inner.objects.insert(key.into(), body.to_vec());
        Ok(())
    }
}

impl StoredBodies for Memory {
    async fn get_body(&self, key: &str) -> Result<Vec<u8>, Fault> {
        let mut inner = self.call("get_body")?;
        inner.effects.push(format!("get_body {key}"));
        let found = inner.objects.get(key).cloned();
        found.ok_or_else(|| Fault::new(FaultKind::Other, "get_body", "no such object"))
    }
}

impl Callbacks for Memory {
    async fn get(&self, callback: &Address) -> Result<u16, Fault> {
        self.hang("get").await;
        let mut inner = self.call("get")?;
        inner.effects.push("get".into());
        inner.called.push(callback.url().into());
        Ok(inner.status)
    }
}
