//! The ports of a process, on the services.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use protocol::{
    fault::{Fault, FaultKind},
    ledger::{EventKey, EventRecord, Holder, State, Work, WorkVersion, shard},
    outgoing::{Outgoing, Refusal},
    ports::{
        Backlog, BodyStore, Claims, Clock, Cursor, DeadLetter, Destinations, Entry, Existing,
        Index, MOST_TOGETHER, MOST_TOLD, Position, Put, Queue, Reads, Receipts, Recorder,
        StoredBodies, Unsent, Written,
    },
    ticket::Ticket,
    time::{Millis, UnixMillis},
};
use webhook::{
    endpoint::{
        enrolment::{Offer, Pending},
        quarantine::Kept,
    },
    keys::{PrivateKeys, Secret},
    ports::{Callbacks, Enrolments, Opening, Quarantine},
    reading::address::Address,
};

use super::{Process, Seen, Watched, door, sqs::Letter};

/// The most keys of which `BatchGetItem` reads the items.
const MOST_KEYS: usize = 100;

impl<S: Watched> Clock for Process<S> {
    fn now(&self) -> UnixMillis {
        self.state().services().now()
    }

    fn random(&self) -> u64 {
        // What a dead process's threads still do must not change what others draw.
        if self.is_dead() {
            return 0;
        }
        let mut state = self.state();
        let services = state.services();
        services.random.unwrap_or_else(|| services.chance.draw())
    }
}

impl<S: Watched> Recorder for Process<S> {
    async fn put_event(&self, event: &EventRecord, now: UnixMillis) -> Result<Put, Fault> {
        self.call("put_event", |state| {
            let services = state.services();
            match services.events.get(&event.key) {
                Some(found) if found.is_current(now) => Put::Exists(Existing {
                    delivery_id: found.delivery_id.clone(),
                    life: found.life(),
                    body_digest: found.body_digest.clone(),
                }),
                _ => {
                    services.events.insert(event.key.clone(), event.clone());
                    services.did(format!("put_event {}", event.key.id()));
                    Put::Stored
                }
            }
        })
        .await
    }

    async fn read_work(&self, key: &EventKey) -> Result<Option<Work>, Fault> {
        self.call("read_work", |state| {
            state.services().works.get(key).cloned()
        })
        .await
    }
}

impl<S: Watched> Claims for Process<S> {
    async fn read(&self, key: &EventKey) -> Result<Entry, Fault> {
        self.call("read", |state| Entry {
            event: state.services().events.get(key).cloned(),
            work: state.services().works.get(key).cloned(),
        })
        .await
    }

    async fn claim(
        &self,
        key: &EventKey,
        as_read: Option<WorkVersion>,
        work: &Work,
    ) -> Result<Written, Fault> {
        let name = match work.state {
            State::Processing => "claim",
            _ => "settle",
        };
        self.call(name, |state| {
            let services = state.services();
            let before = services.works.get(key).cloned();
            if before.as_ref() == Some(work) {
                return Written::Yes;
            }
            if before.as_ref().map(Work::version) != as_read {
                return Written::No;
            }
            services.works.insert(key.clone(), work.clone());
            services.did(format!("{name} {}", key.id()));
            state.saw(self.number(), Seen::Claimed(key, before, work));
            Written::Yes
        })
        .await
    }

    async fn finish(
        &self,
        key: &EventKey,
        holder: Holder,
        work: &Work,
        told: &[EventRecord],
    ) -> Result<Written, Fault> {
        assert!(told.len() <= MOST_TOLD, "{} events", told.len());
        let name = match work.state {
            State::Waiting => "finish_waiting",
            State::Succeeded => "finish_succeeded",
            State::Failed => "finish_failed",
            State::Processing => "finish_processing",
        };
        let held = WorkVersion {
            life: holder.life,
            state: State::Processing,
            attempt: holder.attempt,
            until: holder.until,
        };
        self.call(name, |state| {
            let services = state.services();
            if services.works.get(key).map(Work::version) != Some(held) {
                return Written::No;
            }
            services.works.insert(key.clone(), work.clone());
            services.did(format!("finish {}", work.state.as_str()));
            services.tell(told.iter());
            state.saw(self.number(), Seen::Finished(key, work, told));
            Written::Yes
        })
        .await
    }
}

impl<S: Watched> Index for Process<S> {
    async fn most_shards(&self) -> Result<u32, Fault> {
        self.call("most_shards", |state| state.services().shards.most)
            .await
    }

    async fn page(
        &self,
        partition: &str,
        after: Option<&Position>,
        until: UnixMillis,
        limit: u16,
    ) -> Result<Vec<Position>, Fault> {
        self.call("page", |state| {
            let services = state.services();
            let (now, shards) = (services.now(), services.shards.now);
            let is_shown = |event: &&EventRecord| {
                let late = services.late.get(&event.key).copied().unwrap_or_default();
                event.received_at.plus(late) <= now
            };
            let events = services.events.values().filter(is_shown);
            let mut page: Vec<_> = events
                .map(|event| Position {
                    received_at: event.received_at,
                    key: event.key.clone(),
                })
                .filter(|place| place.received_at <= until)
                .filter(|place| shard(&place.key, shards) == partition)
                .filter(|place| after.is_none_or(|after| place > after))
                .collect();
            page.sort();
            page.truncate(limit.into());
            page
        })
        .await
    }

    async fn read_works(
        &self,
        keys: &[EventKey],
        reads: Reads,
    ) -> Result<BTreeMap<EventKey, Work>, Fault> {
        assert!(keys.len() <= MOST_KEYS, "{} keys", keys.len());
        let name = match reads {
            Reads::Strongly => "read_works",
            Reads::Eventually => "peek_works",
        };
        self.call(name, |state| {
            let services = state.services();
            let is_shown =
                |key: &&EventKey| reads == Reads::Strongly || !services.unseen.contains(*key);
            let work = |key: &EventKey| Some((key.clone(), services.works.get(key)?.clone()));
            keys.iter().filter(is_shown).filter_map(work).collect()
        })
        .await
    }

    async fn read_cursor(&self, name: &str) -> Result<Option<Cursor>, Fault> {
        self.call("read_cursor", |state| {
            state.services().cursors.get(name).cloned()
        })
        .await
    }

    async fn move_cursor(
        &self,
        name: &str,
        from: Option<&Position>,
        to: &Cursor,
    ) -> Result<Written, Fault> {
        self.call("move_cursor", |state| {
            let services = state.services();
            if services.cursors.get(name).map(|cursor| &cursor.at) != from {
                return Written::No;
            }
            services.cursors.insert(name.into(), to.clone());
            services.did(format!("move_cursor {name}"));
            Written::Yes
        })
        .await
    }

    async fn read_heard(&self, sources: &[&str]) -> Result<BTreeMap<String, UnixMillis>, Fault> {
        self.call("read_heard", |state| {
            let heard = &state.services().heard;
            let of_source = |source: &&str| Some(((*source).to_owned(), *heard.get(*source)?));
            sources.iter().filter_map(of_source).collect()
        })
        .await
    }

    async fn note_heard(&self, source: &str, at: UnixMillis) -> Result<(), Fault> {
        self.call("note_heard", |state| {
            let services = state.services();
            let noted = services.heard.entry(source.to_owned()).or_insert(at);
            *noted = at.max(*noted);
            services.did(format!("note_heard {source}"));
        })
        .await
    }
}

impl<S: Watched> Queue for Process<S> {
    async fn send(&self, ticket: &Ticket) -> Result<(), Fault> {
        self.call("send", |state| {
            let services = state.services();
            let now = services.now();
            services.sqs.send(ticket.encode(), now);
            services.did(format!("send {}", ticket.key.id()));
            state.saw(self.number(), Seen::Sent(ticket));
        })
        .await
    }

    async fn send_together(&self, tickets: &[Ticket]) -> Result<(), Unsent> {
        assert!(tickets.len() <= MOST_TOGETHER, "{}", tickets.len());
        let sent = self.call("send_together", |state| {
            let mut refused = None;
            for (at, ticket) in tickets.iter().enumerate() {
                let services = state.services();
                if services.sqs.refused.contains(ticket.key.id()) {
                    refused = refused.or(Some(at));
                    continue;
                }
                let now = services.now();
                services.sqs.send(ticket.encode(), now);
                services.did(format!("send {}", ticket.key.id()));
                state.saw(self.number(), Seen::Sent(ticket));
            }
            refused
        });
        let unsent = |first, fault| Err(Unsent { first, fault });
        match sent.await {
            Ok(None) => Ok(()),
            Ok(Some(at)) => unsent(at, door::fault("send_together", FaultKind::Throttled)),
            Err(fault) => unsent(0, fault),
        }
    }
}

impl<S: Watched> Backlog for Process<S> {
    async fn oldest_ticket(&self, now: UnixMillis) -> Result<Option<UnixMillis>, Fault> {
        self.call("oldest_ticket", |state| state.services().sqs.oldest(now))
            .await
    }
}

impl<S: Watched> Receipts for Process<S> {
    async fn hide(&self, receipt: &str, length: Millis) -> Result<(), Fault> {
        self.call("hide", |state| {
            let services = state.services();
            let now = services.now();
            services.sqs.hide(receipt, length, now);
            services.did(format!("hide {receipt} {}", length.0));
        })
        .await
    }

    async fn send_again(
        &self,
        ticket: &Ticket,
        delay: Millis,
        _: Option<&str>,
    ) -> Result<(), Fault> {
        self.call("send_again", |state| {
            let services = state.services();
            // SQS takes whole seconds, rounded up, and a quarter of an hour at most.
            let up = (delay.0.max(0) + 999).div_euclid(1_000).min(900) * 1_000;
            let now = services.now();
            (services.sqs).send_for(ticket.encode(), now, now.plus(Millis(up)));
            let (why, id) = (ticket.why.as_str(), ticket.key.id());
            services.did(format!("send_again {why} {id} {}", delay.0));
            state.saw(self.number(), Seen::Sent(ticket));
        })
        .await
    }

    async fn delete(&self, receipt: &str) -> Result<(), Fault> {
        self.call("delete", |state| {
            let services = state.services();
            services.sqs.delete(receipt);
            services.did(format!("delete {receipt}"));
        })
        .await
    }

    async fn bury(&self, letter: &DeadLetter) -> Result<(), Fault> {
        self.call("bury", |state| {
            let services = state.services();
            services.sqs.letters.push(Letter {
                body: letter.body.clone(),
                told: Some(letter.clone()),
                process: Some(self.number()),
            });
            services.did(format!("bury {}", letter.reason));
            state.saw(self.number(), Seen::Buried(letter));
        })
        .await
    }
}

impl<S: Watched> BodyStore for Process<S> {
    async fn put_body(&self, key: &str, body: Bytes, _digest: &str) -> Result<(), Fault> {
        self.call("put_body", |state| {
            let services = state.services();
            services.objects.insert(key.into(), body.to_vec());
            services.did("put_body".into());
        })
        .await
    }
}

impl<S: Watched> StoredBodies for Process<S> {
    async fn get_body(&self, key: &str) -> Result<Vec<u8>, Fault> {
        let found = self.call("get_body", |state| {
            state.services().did(format!("get_body {key}"));
            state.services().objects.get(key).cloned()
        });
        let none = || Fault::new(FaultKind::Other, "get_body", "no such object");
        found.await?.ok_or_else(none)
    }
}

impl<S: Watched> Enrolments for Process<S> {
    async fn keep(
        &self,
        source: &str,
        offer: &Offer,
        from: Option<IpAddr>,
        now: UnixMillis,
    ) -> Result<Written, Fault> {
        self.call("keep", |state| {
            let services = state.services();
            let Some(entry) = services.enrolments.get_mut(source) else {
                return Written::No;
            };
            if !entry.takes(offer, now) {
                return Written::No;
            }
            entry.pending.get_or_insert(Pending {
                secret: offer.secret().into(),
                received_at: now,
                source_ip: from,
            });
            services.did(format!("keep {source}"));
            Written::Yes
        })
        .await
    }
}

impl<S: Watched> Quarantine for Process<S> {
    async fn keep(&self, kept: &Kept) -> Result<Written, Fault> {
        self.call("keep_refused", |state| {
            let services = state.services();
            let Some(room) = services.rooms.get_mut(&kept.source) else {
                return Written::No;
            };
            if !room.take(kept.body.len() as u64, kept.received_at) {
                return Written::No;
            }
            services.quarantined.push(kept.clone());
            services.did(format!("keep_refused {}", kept.source));
            Written::Yes
        })
        .await
    }
}

impl<S: Watched> Callbacks for Process<S> {
    async fn get(&self, callback: &Address) -> Result<u16, Fault> {
        self.call("get", |state| {
            let services = state.services();
            services.called.push(callback.url().into());
            services.did("get".into());
            services.status
        })
        .await
    }
}

impl<S: Watched> Opening for Process<S> {
    async fn private_keys(&self, source: &str, _: UnixMillis) -> Result<Arc<PrivateKeys>, Fault> {
        let stored = self.call("private_keys", |state| {
            let services = state.services();
            services.private_keys.get(source).cloned()
        });
        let stored = stored.await?.unwrap_or_default();
        let secrets = stored.iter();
        let secrets = secrets.map(|(certificate, key)| Secret::new(*key, *certificate));
        let secrets: Vec<_> = secrets.collect();
        Ok(Arc::new(PrivateKeys::load(&secrets).0))
    }

    async fn latest_private_keys(&self, source: &str, now: UnixMillis) -> Option<Arc<PrivateKeys>> {
        self.private_keys(source, now).await.ok()
    }
}

impl<S: Watched> Destinations for Process<S> {
    async fn deliver(
        &self,
        destination: &str,
        outgoing: &Outgoing,
        _: UnixMillis,
        limit: Duration,
    ) -> Result<(), Refusal> {
        let call = self.call("deliver", |state| {
            let services = state.services();
            let refusal = services.refusals.get(destination);
            let answer = refusal.cloned().map_or(Ok(()), Err);
            if answer.is_ok() || services.liars.contains(destination) {
                let taken = (destination.to_owned(), outgoing.clone());
                services.delivered.push(taken);
                services.did(format!("deliver {} {destination}", outgoing.event_id));
            }
            state.saw(self.number(), Seen::Delivered(outgoing, &answer));
            answer
        });
        match tokio::time::timeout(limit, call).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(fault)) => Err(Refusal::transient(fault.to_string())),
            Err(_) => Err(Refusal::transient("no answer in time")),
        }
    }
}
