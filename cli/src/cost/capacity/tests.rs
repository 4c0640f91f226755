//! The arithmetic, by hand.
#![allow(clippy::unwrap_used, clippy::float_cmp)]

use super::*;

/// The share of each limit, the largest first.
fn shares(rate: f64, change: impl FnOnce(&mut Asked)) -> Vec<(&'static str, f64)> {
    let stack = Stack::of_template();
    let mut asked = Asked {
        rate,
        body: 2_048.0,
        shards: stack.shards,
        handler_ms: 0.0,
        has_api: true,
    };
    change(&mut asked);
    let needs = needs(&asked, &Measured::read(), &stack, &Limits::read());
    needs.iter().map(|need| (need.what, need.share())).collect()
}

fn share(of: &[(&str, f64)], what: &str) -> f64 {
    of.iter().find(|(found, _)| *found == what).unwrap().1
}

/// 338 bytes without a body, 838 with one of 1,878, 5,112 with one of 15,033: 2,048 comes to some 893, which is one write unit.
#[test]
fn an_event_of_two_kilobytes_takes_one_write_and_its_work_two() {
    // 3,000 of the 4,000 write units that AWS gives a new table.
    let found = shares(1_000.0, |_| {});
    assert_eq!(share(&found, "DynamoDB: a new table"), 0.75);
    // A body of 15 KB is five.
    let found = shares(1_000.0, |asked| asked.body = 15_033.0);
    assert_eq!(share(&found, "DynamoDB: a new table"), 7_000.0 / 4_000.0);
    // One that is too large for the ledger is the bucket's.
    let found = shares(1_000.0, |asked| asked.body = 1_000_000.0);
    assert_eq!(share(&found, "DynamoDB: a new table"), 0.75);
}

#[test]
fn at_1_000_a_second_the_throttle_is_first_and_one_shard_is_full() {
    let found = shares(1_000.0, |_| {});
    assert_eq!(
        found[..2],
        [
            ("ThrottleRate", 2.0),
            ("DynamoDB: a shard of the index", 1.0)
        ]
    );
    // 100 batches a second, each 30 + 9 * 4 = 66 ms, and ten consumers.
    assert!((share(&found, "ConsumerConcurrency") - 0.66).abs() < 1e-9);
    // 166 ms.
    let found = shares(1_000.0, |asked| asked.handler_ms = 100.0);
    assert!((share(&found, "ConsumerConcurrency") - 1.66).abs() < 1e-9);
}

#[test]
fn at_100_000_a_second_a_hundred_shards_are_full() {
    let found = shares(100_000.0, |asked| asked.shards = 100.0);
    assert_eq!(share(&found, "DynamoDB: a shard of the index"), 1.0);
    assert_eq!(share(&found, "API Gateway: requests"), 10.0);
    // 20 ms each, and 660 batches at a time.
    assert!((share(&found, "Lambda: runs at a time") - 2.66).abs() < 1e-9);
    assert_eq!(share(&found, "DynamoDB: the table"), 7.5);
}

#[test]
fn a_function_url_has_no_limit_of_api_gateway() {
    let found = shares(1_000.0, |asked| asked.has_api = false);
    assert_eq!(found[0].0, "DynamoDB: a shard of the index");
    assert!(found.iter().all(|(what, _)| !what.contains("API Gateway")));
}

#[test]
fn at_one_a_second_nothing_is_in_sight() {
    assert!(shares(1.0, |_| {})[0].1 < 0.01);
}

#[test]
fn the_template_takes_as_many_shards_as_are_asked_for_at_most() {
    let template = include_str!("../../../../infra/template.yaml");
    let (_, shards) = template.split_once("\n  Shards:\n").unwrap();
    let (_, most) = shards.split_once("\n    MaxValue: ").unwrap();
    assert_eq!(most.lines().next(), Some("100"));
}

#[test]
fn every_limit_says_where_it_is_from_and_the_page_repeats_it() {
    let page = include_str!("../../../../docs/capacity.md");
    for (name, limit) in Limits::read().list {
        let link = limit.page.unwrap();
        assert!(link.starts_with("https://docs.aws.amazon.com/"), "{name}");
        let row = format!(
            "| {} {} | {} | [page]({link}) |",
            number(limit.value),
            limit.unit,
            limit.of
        );
        assert!(page.contains(&row), "{row}");
        assert!(!limit.knob.is_empty(), "{name}");
    }
}

#[test]
fn a_number_has_the_digits_that_count() {
    for (value, text) in [
        (0.0, "0"),
        (0.000_027_6, "0.000028"),
        (0.066, "0.066"),
        (1.0, "1.0"),
        (2.66, "2.7"),
        (9.99, "10"),
        (66.4, "66"),
        (999.6, "1,000"),
        (1_886_904.0, "1,886,904"),
    ] {
        assert_eq!(number(value), text);
    }
}

/// A backlog of so many tickets.
fn backlog(tickets: f64, rate: f64, handler_ms: f64) -> Backlog {
    let stack = Stack::of_template();
    let asked = Asked {
        rate,
        body: 2_048.0,
        shards: stack.shards,
        handler_ms,
        has_api: true,
    };
    Backlog::of(tickets, &asked, &Measured::read(), &stack, &Limits::read())
}

fn drained(backlog: &Backlog) -> Vec<(f64, Option<f64>)> {
    let rows = backlog.rows().iter();
    rows.map(|row| (row.concurrency, row.seconds)).collect()
}

/// 66 ms of a batch of ten are the consumer's: with 934 more it takes a second. AWS begins with five batches at a time, and
/// adds 300 in a minute: five in a second.
#[test]
fn a_backlog_takes_as_long_as_its_batches_do_and_as_the_event_source_takes_it_up() {
    let found = drained(&backlog(1e6, 0.0, 934.0));
    let expected = [
        // 20 a second.
        (2.0, Some(50_000.0)),
        // 50 in the first second, and then 100 a second.
        (10.0, Some(1.0 + 999_950.0 / 100.0)),
        // Within 19 seconds 10 * (5 + 10 + … + 95) = 9,500, and then 1,000 a second.
        (100.0, Some(19.0 + 990_500.0 / 1_000.0)),
        // Within 199 seconds 10 * (5 + 10 + … + 995) = 995,000, and then 10,000 a second.
        (1_000.0, Some(199.5)),
    ];
    assert_eq!(found, expected);
    // What is gone before the event source has taken it up.
    assert_eq!(drained(&backlog(25.0, 0.0, 934.0))[1].1, Some(0.5));
}

#[test]
fn where_more_comes_in_than_is_worked_on_a_backlog_never_ends() {
    let found = drained(&backlog(1e6, 100.0, 934.0));
    assert_eq!(found[..2], [(2.0, None), (10.0, None)]);
    // Each second 100 come.
    let took = found[2].1.unwrap();
    assert!(
        (took - (19.0 + (990_500.0 + 1_900.0) / 900.0)).abs() < 1e-6,
        "{took}"
    );
}

#[test]
fn what_holds_a_backlog_is_the_scarcest_of_what_it_needs() {
    let held = |rate, handler_ms| {
        let backlog = backlog(1e6, rate, handler_ms);
        let last = backlog.rows().last().unwrap();
        (last.held_by, last.speed)
    };
    assert_eq!(held(0.0, 934.0), ("ConsumerConcurrency", 10_000.0));
    // A claim and a finish of the 40,000 write units that a table has.
    assert_eq!(held(0.0, 0.0), ("DynamoDB: the table", 20_000.0));
    // An event is one more.
    assert_eq!(held(1_000.0, 0.0), ("DynamoDB: the table", 19_500.0));
    // 20 of the 1,000 runs at a time are ingest's.
    assert_eq!(held(1_000.0, 934.0), ("Lambda: runs at a time", 9_800.0));
}

#[test]
fn the_last_look_sends_a_second_ticket_for_what_is_unfinished_by_then() {
    // Ten days at 20 a second: half of it is left after five.
    let ten_days = backlog(20.0 * 864_000.0, 0.0, 934.0);
    assert_eq!(ten_days.rows()[0].second_tickets, 20.0 * 432_000.0);
    assert_eq!(ten_days.rows()[2].second_tickets, 0.0);
    let told = ten_days.told();
    assert_eq!(told["last_look_seconds"], 432_000.0);
    // What SQS allows, by its page.
    assert_eq!(told["kept_seconds_at_most"], 14.0 * 86_400.0);
    assert_eq!(told["kept_seconds"], 7.0 * 86_400.0);
}

#[test]
fn in_flight_are_only_the_batches_that_consumers_have() {
    let told = backlog(1e6, 0.0, 0.0).told();
    let of = |row: usize| told["by_concurrency"][row]["in_flight"].as_f64().unwrap();
    assert_eq!([of(1), of(3)], [100.0, 10_000.0]);
    assert_eq!(told["in_flight_at_most"], 120_000.0);
}

/// 55 seconds, of which a page of 100 takes 40 ms where all of it is in hand, and 50 ms where all of it is overdue.
#[test]
fn a_sweep_looks_at_as_many_events_as_its_time_allows() {
    let told = backlog(1e6, 0.0, 0.0).told();
    assert_eq!(told["looked_past_per_sweep"], 137_500.0);
    assert_eq!(told["sent_per_sweep_at_most"], 110_000.0);
}

/// 100,000 batches: as many runs, 3,300 GB-seconds, 2 million writes, 1 million reads, 200,000 calls of SQS, 478 MB of log.
#[test]
fn a_million_tickets_cost_what_their_parts_do() {
    let told = backlog(1e6, 0.0, 0.0).told();
    let parts = 0.02 + 0.0440 + 1.25 + 0.125 + 0.08 + 0.2224;
    let usd = told["usd"].as_f64().unwrap();
    assert!((usd - parts).abs() < 1e-3, "{usd}");
    // Half a read, a whole one, and 74 bytes of the index.
    let look = told["usd_per_look"].as_f64().unwrap();
    assert!((look - 0.125 * 1.509).abs() < 1e-3, "{look}");
}
