//! Tickets arrive as they were sent, come back when they were hidden, and are buried with what is known of them.

use protocol::{
    ledger::EventKey,
    ports::{DeadLetter, Queue as _, Receipts as _},
    ticket::{Ticket, Why},
    time::Millis,
};

use super::{LIFE, source};
use crate::{
    run::Check,
    world::{Message, TRACE, World},
};

/// How often a queue is asked for a message.
const LOOKS: usize = 10;

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
            promise: "a letter has the ticket's text",
            run: |world| Box::pin(letter_has_the_text(world)),
        },
        Check {
            port: "Receipts",
            promise: "a letter has its source, reason, attempts and error, and the trace",
            run: |world| Box::pin(letter_has_its_attributes(world)),
        },
    ]
}

fn ticket(world: &impl World, check: &str) -> Ticket {
    Ticket::new(EventKey::new(source(world, check), "1"), LIFE)
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
        ("evt_1", Why::Look, 0),
        ("\u{0}\u{1f}\u{7f}\u{fffe}\u{ffff}", Why::Reopen, 0),
        ("žluť 🦀 \"\\ <&>", Why::Look, 7),
    ] {
        let ticket = Ticket {
            key: EventKey::new(&*source, id),
            life: LIFE,
            epoch,
            why,
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

async fn letter_has_the_text(world: &impl World) {
    for text in ["no ticket", "{\"v\":1,\n\"source\":\"žluť 🦀\"}"] {
        let text = format!("{text} {}", world.run());
        let buried = DeadLetter {
            body: text.clone(),
            source: None,
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
            reason: "tries",
            error: error.unwrap_or_default().into(),
            attempts: 8,
        };
        world.receipts().bury(&buried).await.unwrap();
        let letter = letter(world, &buried.body).await;
        let attribute = |name| letter.attributes.get(name).map(String::as_str);
        assert_eq!(attribute("reason"), Some("tries"));
        assert_eq!(attribute("attempts"), Some("8"));
        assert_eq!(attribute("error"), error);
        assert_eq!(letter.group.as_deref(), Some(ticket.key.source()));
        assert_eq!(letter.trace.as_deref(), Some(TRACE));
    }
}
