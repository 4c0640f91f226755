use super::*;
use crate::time::UnixMillis;

fn ticket(why: Why) -> Ticket {
    let key = EventKey::new("stripe", "evt_1");
    Ticket::new(key, Life(UnixMillis(1)), why, UnixMillis(2))
}

const ALL: [Why; 6] = [
    Why::New,
    Why::Again,
    Why::Sweep,
    Why::Reopen,
    Why::Redrive,
    Why::Replay,
];

#[test]
fn a_ticket_survives_the_queue_whatever_the_id() {
    for id in [
        "evt_1",
        "a#b",
        "\u{0}\u{1f}\u{7f}\u{fffe}\u{ffff}",
        "\"\\",
        "žluť 🦀",
    ] {
        for why in ALL {
            for (route, ask) in [(None, None), (Some("paid".into()), Some(Ask(0xab)))] {
                let ticket = Ticket {
                    key: EventKey::new("stripe", id),
                    life: Life(UnixMillis(1_700_000_000_123)),
                    why,
                    route,
                    epoch: 3,
                    sent_at: UnixMillis(1_700_000_000_456),
                    ask,
                };
                let text = ticket.encode();
                assert!(text.bytes().all(|b| (b' '..=b'~').contains(&b)), "{text}");
                assert_eq!(Ticket::decode(&text), Some(ticket));
            }
        }
    }
}

#[test]
fn a_ticket_says_what_there_is_to_say() {
    assert_eq!(
        ticket(Why::New).encode(),
        r#"{"v":2,"source":"stripe","id":"evt_1","received_at":1,"why":"new","sent_at":2}"#
    );
    let replay = Ticket {
        route: Some("paid".into()),
        epoch: 1,
        ..ticket(Why::Replay)
    };
    assert_eq!(
        replay.encode(),
        r#"{"v":2,"source":"stripe","id":"evt_1","received_at":1,"why":"replay","route":"paid","epoch":1,"sent_at":2}"#
    );
}

#[test]
fn a_letter_asks_anew_for_whoever_moves_it_back() {
    for why in ALL {
        let sent = Ticket {
            ask: Some(Ask(7)),
            ..ticket(why)
        };
        let letter = sent.letter();
        let asks = if why == Why::Replay {
            why
        } else {
            Why::Redrive
        };
        assert_eq!((letter.why, letter.ask), (asks, None));
        let redriven = letter.redriven(Ask(9), UnixMillis(5));
        let said = (redriven.why, redriven.ask, redriven.sent_at);
        assert_eq!(said, (asks, Some(Ask(9)), UnixMillis(5)));
    }
}

#[test]
fn an_ask_is_known_by_the_beginning_of_a_digest() {
    // printf %s m-1 | sha256sum | head -c 16
    assert_eq!(Ask::named("m-1").to_string(), ASK);
}

const ASK: &str = "a461b472cb41a9ec";

#[test]
fn the_longest_ticket_is_read() {
    let ticket = Ticket {
        route: Some("r".repeat(64)),
        epoch: u64::MAX,
        ask: Some(Ask(u64::MAX)),
        ..Ticket::new(
            EventKey::new("s".repeat(64), "\u{1}".repeat(1_024 + 17)),
            Life(UnixMillis(i64::MAX)),
            Why::Redrive,
            UnixMillis(i64::MAX),
        )
    };
    assert_eq!(Ticket::decode(&ticket.encode()), Some(ticket));
}

#[test]
fn what_is_longer_than_any_ticket_is_not_read() {
    let ticket = ticket(Why::New);
    let padded = |length| format!("{:<length$}", ticket.encode());
    assert_eq!(
        Ticket::decode(&padded(MAX_TICKET_BYTES)),
        Some(ticket.clone())
    );
    assert_eq!(Ticket::decode(&padded(MAX_TICKET_BYTES + 1)), None);
}

#[test]
fn what_is_no_ticket_is_not_read_as_one() {
    for text in [
        "",
        "{}",
        "null",
        r#"{"v":1,"source":"a","id":"b","received_at":1,"epoch":0}"#,
        r#"{"v":1,"source":"a","id":"b","received_at":1,"why":"new","sent_at":1}"#,
        r#"{"v":2,"source":"","id":"b","received_at":1,"why":"new","sent_at":1}"#,
        r#"{"v":2,"source":"a","id":"","received_at":1,"why":"new","sent_at":1}"#,
        r#"{"v":2,"source":"a","id":"b","received_at":1,"why":"new"}"#,
        r#"{"v":2,"source":"a","id":"b","received_at":1,"sent_at":1}"#,
        r#"{"v":2,"source":"a","id":"b","received_at":"1","why":"new","sent_at":1}"#,
        r#"{"v":2,"source":"a","id":"b","received_at":1,"why":"new","sent_at":1,"epoch":-1}"#,
        r#"{"v":2,"source":"a","id":"b","received_at":1,"why":"new","sent_at":1,"x":1}"#,
        r#"{"v":2,"source":"a","id":"b","received_at":1,"why":"x","sent_at":1}"#,
        r#"{"v":2,"source":"a","id":"b","received_at":1,"why":"new","sent_at":1,"route":""}"#,
        r#"{"v":2,"source":"a","id":"b","received_at":1,"why":"new","sent_at":1,"ask":"+1"}"#,
    ] {
        assert_eq!(Ticket::decode(text), None, "{text}");
    }
}
