//! One delivery, from the request to the answer: read it from top to bottom.

use std::sync::Arc;

use catalogue::{Accepted, Source, Sources};
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use protocol::{
    decide::ingest::{Answer, Step, after_put, after_read},
    fault::{Fault, FaultKind},
    ledger::{self, EventRecord, Life},
    ports::{BodyStore as _, Clock as _, Put, Queue as _, Recorder as _, Written},
    ticket::{Ask, Ticket, Why},
    time::UnixMillis,
};
use webhook::{
    authenticity::verify::{Checked, precheck},
    endpoint::{
        admission,
        enrolment::{self, Offer},
        handshake::{self, Question, Unproven},
    },
    event::Authentic,
    keys::{
        Keys,
        origin::{self, Origin},
    },
    ports::{Enrolments as _, Front, Secrets as _},
    reading::delivery::Delivery,
    refusal::Reason,
};

use crate::{
    admission::{admit, refused, source_of},
    answer::{Cause, Denied, Recorded, Taken, response},
    budget::Budget,
    front,
    note::{Event, Note},
    quarantine,
    request::{Body, NoRequest, Request},
    world::World,
};

/// The step of a ticket on its way to the queue.
const SENDING: &str = "sending the ticket";

/// What ingest goes by.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The stack's name.
    pub stack: &'static str,
    /// The function's own version, as Lambda numbers them.
    pub version: &'static str,
    /// The sources of the stack's environment.
    pub sources: &'static Sources,
    /// Larger bodies go to the bucket.
    pub inline_body_bytes: usize,
}

/// Answers a request, given as API Gateway's event. Lambda ends the invocation at `deadline`.
pub async fn receive(
    world: &impl World,
    settings: &Settings,
    event: &str,
    deadline: UnixMillis,
) -> ApiGatewayV2httpResponse {
    let started = world.clock().now();
    let budget = Budget::new(started, deadline);
    let mut note = Note::default();
    let answer = match Request::read(event) {
        Ok(request) => match world.front() {
            None => answered(world, settings, &request, budget, &mut note).await,
            Some(front) => {
                // On the heap, so that nobody without a front has room for it on the stack.
                let behind = behind(front, world, settings, request, budget, &mut note);
                Box::pin(behind).await
            }
        },
        Err(NoRequest) => Err(Denied::Refused(Cause::NoRequest)),
    };
    let now = world.clock().now();
    let line = note.line(&answer, settings, now, now.since(started));
    let line = match &answer {
        Err(Denied::Refused(_)) => world.thinned(line),
        _ => Some(line),
    };
    if let Some(line) = line {
        world.note(line);
    }
    response(answer)
}

/// The same behind a front, whose secret is read again beside the answer where that is due.
async fn behind(
    front: &impl Front,
    world: &impl World,
    settings: &Settings,
    mut request: Request<'_>,
    budget: Budget,
    note: &mut Note,
) -> Result<Taken, Denied> {
    let clock = world.clock();
    front::admit(front, clock, &mut request, budget, note).await?;
    let answer = answered(world, settings, &request, budget, note);
    tokio::join!(answer, front::refresh(front, clock, budget)).0
}

/// The answer; of what is refused perhaps something is kept for the operator before it is given.
async fn answered(
    world: &impl World,
    settings: &Settings,
    request: &Request<'_>,
    budget: Budget,
    note: &mut Note,
) -> Result<Taken, Denied> {
    let answer = answer(world, settings, request, budget, note).await;
    if let Err(denied) = &answer
        && quarantine::concerns(denied)
    {
        // On the heap, so that nobody else has room for it on the stack.
        let keeping = quarantine::keep(world, settings.sources, request, denied, budget, note);
        Box::pin(keeping).await;
    }
    answer
}

/// In this order: the cheapest refusal first, and nothing is read from the body before
/// the signature holds, but what verification itself asks for: signed fields and the address of a key;
/// and what a provider hands over before it can sign.
async fn answer(
    world: &impl World,
    settings: &Settings,
    request: &Request<'_>,
    budget: Budget,
    note: &mut Note,
) -> Result<Taken, Denied> {
    note.address = request.source_ip;
    note.bytes = request.body.len();
    let source = source_of(request, settings.sources)?;
    note.source = Some(source.name.as_str());
    let body = admit(request, source)?;
    let url = request.signed_url(source.entered_url);
    let delivery = request.delivery(&url, &body);
    if let Some(question) = handshake::unsigned(source, &delivery) {
        return shake_hands(world, source, &question, budget).await;
    }
    admission::as_event(source, &delivery)?;

    if let Some(offer) = enrol(world, source, &delivery, budget, note).await? {
        return Ok(Taken::HandedOver(offer));
    }
    let origin = origin::of(source, &delivery).map_err(|refusal| refused(source, refusal))?;
    // What needs no key comes first: to fetch one may cost a call that others need.
    let checked = precheck(source, delivery, world.clock().now())
        .map_err(|refusal| refused(source, refusal))?;
    let keys = keys_of(world, source, &origin, budget).await?;
    let event = prove(world, source, &origin, &keys, &checked, budget).await?;
    if let Some(reply) = handshake::signed(&event) {
        return Ok(Taken::Handshake(reply));
    }

    let record = record_of(world, &event, settings.inline_body_bytes);
    note.event = Some(Event::of(&record));
    store_body(world, &body, &record, budget).await?;
    let put = write(world, source, &origin, &record, budget).await;
    note.conflict = is_conflict(&put, &record);
    let how = finish(world, &record, put, budget, note).await?;
    let (accepted, says) = match source.accepted {
        echoed @ Accepted::Echoed { .. } => match event.echo() {
            Some(text) => (echoed, text.to_owned()),
            None => (Accepted::Outcome, record.event_id),
        },
        accepted => (accepted, record.event_id),
    };
    Ok(Taken::Recorded {
        how,
        says,
        accepted,
    })
}

/// Answers a handshake that nothing signs, with no call to anyone but for secrets that are due.
async fn shake_hands(
    world: &impl World,
    source: &Source,
    question: &Question<'_>,
    budget: Budget,
) -> Result<Taken, Denied> {
    let keys = if question.needs_keys() {
        let (clock, secrets) = (world.clock(), world.secrets());
        // Where no events come in yet, nothing else would notice a secret that was put there since.
        let refresh = secrets.refresh(source, &Origin::Secret, clock.now());
        // Whether it comes in time or not: what was read before counts.
        let _ = budget.within_a_second(clock, refresh).await;
        Some(keys_of(world, source, &Origin::Secret, budget).await?)
    } else {
        None
    };
    match question.reply(keys.as_deref()) {
        Ok(reply) => Ok(Taken::Handshake(reply)),
        Err(Unproven::NoKey) => Err(Denied::Unavailable(Fault::new(
            FaultKind::Other,
            "answering the handshake",
            "the source has no key to make an HMAC with",
        ))),
        Err(unproven) => Err(Denied::Refused(Cause::Unproven(unproven))),
    }
}

/// A secret that the provider hands over is kept for the operator, while enrolment is open. Else the
/// request goes the way of all others, which ends where a signature is missing.
async fn enrol(
    world: &impl World,
    source: &Source,
    delivery: &Delivery<'_>,
    budget: Budget,
    note: &mut Note,
) -> Result<Option<Offer>, Denied> {
    let Some(offer) = enrolment::offered(source, delivery) else {
        return Ok(None);
    };
    let clock = world.clock();
    let name = source.name.as_str();
    let kept = (world.enrolments()).keep(name, &offer, note.address, clock.now());
    match budget.within(clock, "keeping the secret", kept).await {
        Ok(Written::Yes) => Ok(Some(offer)),
        Ok(Written::No) => {
            note.not_enrolled = true;
            Ok(None)
        }
        Err(fault) => Err(Denied::Unavailable(fault)),
    }
}

/// The source's keys. Without any, the fault is ours.
async fn keys_of(
    world: &impl World,
    source: &Source,
    origin: &Origin,
    budget: Budget,
) -> Result<Arc<Keys>, Denied> {
    let (clock, secrets) = (world.clock(), world.secrets());
    let keys = Box::pin(secrets.keys(source, origin, clock.now()));
    let keys = budget.within_a_second(clock, keys).await.flatten();
    keys.map_err(Denied::Unavailable)
}

/// Verifies. A signature that no key explains may be of a secret that was rotated a moment ago.
async fn prove<'a>(
    world: &impl World,
    source: &Source,
    origin: &Origin,
    keys: &Keys,
    checked: &Checked<'a>,
    budget: Budget,
) -> Result<Authentic<'a>, Denied> {
    let refusal = match checked.prove(keys) {
        Ok(event) => return Ok(event),
        Err(refusal) => refusal,
    };
    if refusal.reason != Reason::Forged {
        return Err(refused(source, refusal));
    }
    let clock = world.clock();
    let refetch = world.secrets().refetch(source, origin, clock.now());
    match budget.within_a_second(clock, refetch).await.flatten() {
        Ok(Some(newer)) => {
            let proven = checked.prove(&newer);
            proven.map_err(|refusal| refused(source, refusal))
        }
        Ok(None) => Err(refused(source, refusal)),
        Err(fault) => Err(Denied::Unavailable(fault)),
    }
}

/// The event as the ledger is to hold it.
fn record_of(world: &impl World, event: &Authentic<'_>, inline_body_bytes: usize) -> EventRecord {
    let clock = world.clock();
    let delivery_id = format!("{:032x}", clock.unique());
    event.record(delivery_id, clock.now(), inline_body_bytes)
}

/// A body that is too large for the ledger goes first, so that no event is without its body.
async fn store_body(
    world: &impl World,
    body: &Body<'_>,
    record: &EventRecord,
    budget: Budget,
) -> Result<(), Denied> {
    let ledger::Body::Object { key, .. } = &record.body else {
        return Ok(());
    };
    let (bodies, digest) = (world.bodies(), &record.body_digest);
    let put = bodies.put_body(key, body.to_bytes(), digest);
    budget
        .within(world.clock(), "storing the body", put)
        .await
        .map_err(Denied::Unavailable)
}

/// Writes the event, and reads the secrets again beside it if that is due.
async fn write(
    world: &impl World,
    source: &Source,
    origin: &Origin,
    record: &EventRecord,
    budget: Budget,
) -> Result<Put, Fault> {
    let clock = world.clock();
    // On the heap, as all calls are that others wait around: each of them would move some kilobytes of it.
    let put = Box::pin(world.ledger().put_event(record, record.received_at));
    let refresh = Box::pin((world.secrets()).refresh(source, origin, record.received_at));
    let (put, _) = tokio::join!(
        budget.within(clock, "writing the event", put),
        budget.within_a_second(clock, refresh)
    );
    put
}

/// Whether another body was recorded under this id.
fn is_conflict(put: &Result<Put, Fault>, record: &EventRecord) -> bool {
    matches!(put, Ok(Put::Exists(existing)) if existing.body_digest != record.body_digest)
}

/// Takes the steps of the table until there is an answer.
async fn finish(
    world: &impl World,
    record: &EventRecord,
    put: Result<Put, Fault>,
    budget: Budget,
    note: &mut Note,
) -> Result<Recorded, Denied> {
    let mut fault = put.as_ref().err().cloned();
    let mut step = after_put(&put, &record.delivery_id, record.life());
    let answer = loop {
        step = match step {
            Step::Answer(answer) => break answer,
            Step::ReadWork { life } => {
                let read = world.ledger().read_work(&record.key);
                let read = budget.within(world.clock(), "reading the work", read).await;
                after_read(&read, life)
            }
            Step::Send {
                life,
                why,
                sent,
                unsent,
            } => {
                match send(world, record, life, why, budget).await {
                    Ok(()) => break sent,
                    Err(unsent_for) => fault = Some(unsent_for),
                }
                break unsent;
            }
        };
    };
    conclude(answer, fault, note)
}

async fn send(
    world: &impl World,
    record: &EventRecord,
    life: Life,
    why: Why,
    budget: Budget,
) -> Result<(), Fault> {
    if !budget.allows_a_ticket(world.clock()) {
        return Err(Fault::new(FaultKind::TimedOut, SENDING, "no time was left"));
    }
    // Should the queue get the ticket of a redelivery twice, it is one ask all the same.
    let ask = (why == Why::Reopen).then(|| Ask::named(&record.delivery_id));
    let ticket = Ticket {
        ask,
        ..Ticket::new(record.key.clone(), life, why, world.clock().now())
    };
    let sending = Box::pin(world.queue().send(&ticket));
    budget.within(world.clock(), SENDING, sending).await
}

fn conclude(answer: Answer, fault: Option<Fault>, note: &mut Note) -> Result<Recorded, Denied> {
    let how = match answer {
        Answer::Accepted => Recorded::Accepted,
        Answer::Duplicate => Recorded::Duplicate,
        Answer::Reopened => Recorded::Reopened,
        Answer::Unavailable => {
            // The tables say so of a call that failed, and of nothing else.
            let unknown =
                || Fault::new(FaultKind::Other, "recording the event", "nobody knows why");
            return Err(Denied::Unavailable(fault.unwrap_or_else(unknown)));
        }
    };
    note.deferred = fault;
    Ok(how)
}
