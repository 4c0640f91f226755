//! Tickets arrive as they were sent, come back when they were hidden, and are buried with what is known of them.

use protocol::{
    ledger::EventKey,
    ports::{DeadLetter, MOST_TOGETHER, Queue as _, Receipts as _},
    ticket::{Ask, Ticket, Why},
    time::Millis,
};

use super::{LIFE, source};
use crate::{
    run::Check,
    world::{Message, TRACE, World},
};

/// How often a queue is asked for a message.
const LOOKS: usize = 30;

pub(super) fn checks<W: World>() -> Vec<Check<W>> {
    vec![
        Check {
            port: "Queue",
            promise: "a ticket is received as it was sent",
            run: |world| Box::pin(ticket_is_received(world)),
        },
        Check {
            port: "Queue",
            promise: "a ticket's message group is its source",
            run: |world| Box::pin(ticket_has_its_group(world)),
        },
        Check {
            port: "Queue",
            promise: "a ticket carries its delivery's trace",
            run: |world| Box::pin(ticket_has_its_trace(world)),
        },
        Check {
            port: "Queue",
            promise: "tickets that are sent together are each received as it was sent",
            run: |world| Box::pin(tickets_are_received(world)),
        },
        Check {
            port: "Queue",
            promise: "a ticket that is sent with others has its group and its trace",
            run: |world| Box::pin(ticket_among_others_has_its_attributes(world)),
        },
        Check {
            port: "Receipts",
            promise: "a ticket that is hidden for a second comes back, received twice",
            run: |world| Box::pin(hidden_ticket_comes_back(world)),
        },
        Check {
            port: "Receipts",
            promise: "a ticket that is hidden for no time is there at once",
            run: |world| Box::pin(ticket_is_put_back_at_once(world)),
        },
        Check {
            port: "Receipts",
            promise: "a ticket that is to be hidden for longer than a queue hides one is hidden",
            run: |world| Box::pin(hidden_for_ever(world)),
        },
        Check {
            port: "Receipts",
            promise: "a ticket that is sent again comes when its time has come, and not before",
            run: |world| Box::pin(ticket_is_sent_again(world)),
        },
        Check {
            port: "Receipts",
            promise: "a ticket that is sent again begins a chain of its own",
            run: |world| Box::pin(ticket_begins_a_chain(world)),
        },
        Check {
            port: "Receipts",
            promise: "a ticket that is deleted doesn't come back",
            run: |world| Box::pin(deleted_ticket_stays_away(world)),
        },
        Check {
            port: "Receipts",
            promise: "a letter has the ticket's text",
            run: |world| Box::pin(letter_has_the_text(world)),
        },
        Check {
            port: "Receipts",
            promise: "a letter has its source, route, reason, attempts and error, and the trace",
            run: |world| Box::pin(letter_has_its_attributes(world)),
        },
    ]
}

fn ticket(world: &impl World, check: &str) -> Ticket {
    let key = EventKey::new(source(world, check), "1");
    Ticket::new(key, LIFE, Why::New, LIFE.0)
}

async fn sent(world: &impl World, ticket: &Ticket) -> Message {
    world.queue().send(ticket).await.unwrap();
    received(world, &ticket.encode()).await
}

/// The message of this text, once the queue shows it.
async fn received(world: &impl World, text: &str) -> Message {
    for _ in 0..LOOKS {
        let mut messages = world.receive().await;
        messages.retain(|message| message.body == text);
        if let Some(message) = messages.pop() {
            return message;
        }
    }
    panic!("{text} was not received");
}

/// The letter of this text, taken away.
async fn letter(world: &impl World, text: &str) -> Message {
    for _ in 0..LOOKS {
        let mut letters = world.receive_letters().await;
        letters.retain(|letter| letter.body == text);
        if let Some(letter) = letters.pop() {
            world.delete_letter(&letter).await;
            return letter;
        }
    }
    panic!("{text} was not buried");
}

async fn ticket_is_received(world: &impl World) {
    let source = source(world, "sent");
    for (id, why, epoch) in [
        ("evt_1", Why::New, 0),
        ("\u{0}\u{1f}\u{7f}\u{fffe}\u{ffff}", Why::Reopen, 0),
        ("žluť 🦀 \"\\ <&>", Why::Replay, 7),
    ] {
        let ticket = Ticket {
            route: (epoch > 0).then(|| "paid".into()),
            epoch,
            ask: Some(Ask(u64::MAX)),
            ..Ticket::new(EventKey::new(&*source, id), LIFE, why, LIFE.0)
        };
        let message = sent(world, &ticket).await;
        world.delete(&message).await;
        assert_eq!(Ticket::decode(&message.body), Some(ticket));
        assert_eq!(message.receives, 1);
    }
}

async fn ticket_has_its_group(world: &impl World) {
    let ticket = ticket(world, "group");
    let message = sent(world, &ticket).await;
    world.delete(&message).await;
    assert_eq!(message.group.as_deref(), Some(ticket.key.source()));
}

async fn ticket_has_its_trace(world: &impl World) {
    let message = sent(world, &ticket(world, "trace")).await;
    world.delete(&message).await;
    assert_eq!(message.trace.as_deref(), Some(TRACE));
}

/// As many as are sent together, the ids of which SQS would take for no text of a message.
fn together(world: &impl World, check: &str) -> Vec<Ticket> {
    let source = source(world, check);
    let ticket = |at| {
        let key = EventKey::new(&*source, format!("\u{0}\u{ffff}\"žluť 🦀 {at}"));
        Ticket::new(key, LIFE, Why::Sweep, LIFE.0)
    };
    (0..MOST_TOGETHER).map(ticket).collect()
}

async fn tickets_are_received(world: &impl World) {
    let tickets = together(world, "together");
    world.queue().send_together(&tickets).await.unwrap();
    let mut left: Vec<String> = tickets.iter().map(Ticket::encode).collect();
    for _ in 0..LOOKS {
        for message in world.receive().await {
            if let Some(at) = left.iter().position(|text| *text == message.body) {
                left.swap_remove(at);
                world.delete(&message).await;
            }
        }
        if left.is_empty() {
            return;
        }
    }
    panic!("{left:?} were not received");
}

async fn ticket_among_others_has_its_attributes(world: &impl World) {
    let tickets = &together(world, "attributes")[..2];
    world.queue().send_together(tickets).await.unwrap();
    for ticket in tickets {
        let message = received(world, &ticket.encode()).await;
        world.delete(&message).await;
        assert_eq!(message.group.as_deref(), Some(ticket.key.source()));
        assert_eq!(message.trace.as_deref(), Some(TRACE));
    }
}

async fn comes_back(world: &impl World, check: &str, length: Millis) {
    let message = sent(world, &ticket(world, check)).await;
    world
        .receipts()
        .hide(&message.receipt, length)
        .await
        .unwrap();
    let again = received(world, &message.body).await;
    world.delete(&again).await;
    assert_eq!(again.receives, 2);
}

async fn hidden_ticket_comes_back(world: &impl World) {
    comes_back(world, "hidden", Millis(1_000)).await;
}

async fn ticket_is_put_back_at_once(world: &impl World) {
    comes_back(world, "at-once", Millis(0)).await;
}

async fn hidden_for_ever(world: &impl World) {
    let message = sent(world, &ticket(world, "ever")).await;
    let hidden = world
        .receipts()
        .hide(&message.receipt, Millis::days(400))
        .await;
    world.delete(&message).await;
    assert_eq!(hidden, Ok(()));
}

async fn ticket_is_sent_again(world: &impl World) {
    let ticket = ticket(world, "again");
    let delay = Millis::seconds(3);
    let receipts = world.receipts();
    receipts.send_again(&ticket, delay, None).await.unwrap();
    let early = world.receive().await;
    assert!(early.iter().all(|message| message.body != ticket.encode()));
    let message = received(world, &ticket.encode()).await;
    world.delete(&message).await;
    assert_eq!(message.receives, 1);
}

async fn ticket_begins_a_chain(world: &impl World) {
    let ticket = ticket(world, "chain");
    let receipts = world.receipts();
    for (came_with, carries) in [
        (Some(format!("{TRACE};Lineage=1:6b5a2c4e:15")), Some(TRACE)),
        (None, None),
    ] {
        let sent = receipts.send_again(&ticket, Millis(0), came_with.as_deref());
        sent.await.unwrap();
        let message = received(world, &ticket.encode()).await;
        world.delete(&message).await;
        let trace = message.trace.expect("a trace of its own");
        assert!(carries.is_none_or(|carries| trace == carries), "{trace}");
        assert!(
            trace.starts_with("Root=1-") && !trace.contains("Lineage"),
            "{trace}"
        );
    }
}

async fn deleted_ticket_stays_away(world: &impl World) {
    let message = sent(world, &ticket(world, "deleted")).await;
    let receipts = world.receipts();
    receipts.hide(&message.receipt, Millis(0)).await.unwrap();
    let again = received(world, &message.body).await;
    receipts.delete(&again.receipt).await.unwrap();
    for _ in 0..3 {
        let messages = world.receive().await;
        assert!(messages.iter().all(|left| left.body != message.body));
    }
}

async fn letter_has_the_text(world: &impl World) {
    for text in ["no ticket", "{\"v\":1,\n\"source\":\"žluť 🦀\"}"] {
        let text = format!("{text} {}", world.run());
        let buried = DeadLetter {
            body: text.clone(),
            source: None,
            route: None,
            reason: "malformed",
            error: String::new(),
            attempts: 0,
        };
        world.receipts().bury(&buried).await.unwrap();
        letter(world, &text).await;
    }
}

async fn letter_has_its_attributes(world: &impl World) {
    let ticket = ticket(world, "letter");
    // What a queue takes of an error is said where it is sent; here it is that there is one, and whole.
    for (body, error) in [
        ("with", Some("žluť \"it\" failed\n\tat 🦀")),
        ("without", None),
    ] {
        let buried = DeadLetter {
            body: format!("{body} {}", ticket.encode()),
            source: Some(ticket.key.source().into()),
            route: Some("paid".into()),
            reason: "tries",
            error: error.unwrap_or_default().into(),
            attempts: 8,
        };
        world.receipts().bury(&buried).await.unwrap();
        let letter = letter(world, &buried.body).await;
        let attribute = |name| letter.attributes.get(name).map(String::as_str);
        assert_eq!(attribute("reason"), Some("tries"));
        assert_eq!(attribute("attempts"), Some("8"));
        assert_eq!(attribute("route"), Some("paid"));
        assert_eq!(attribute("error"), error);
        assert_eq!(letter.group.as_deref(), Some(ticket.key.source()));
        assert_eq!(letter.trace.as_deref(), Some(TRACE));
    }
}
