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

/// 338 bytes without a body, 829 with one of 1,878, 5,050 with one of 15,033: 2,048 comes to some 884, which is one write unit.
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
