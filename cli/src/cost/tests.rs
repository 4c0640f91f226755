#![allow(clippy::unwrap_used, clippy::float_cmp)]

use super::{
    bill::{Asked, Bill, Grows},
    data::{Measured, Prices, Stack},
    units::{
        Reads, gb_seconds, gigabytes, http_api_requests, read_units, sqs_requests, write_units,
    },
};

/// Equal to a tenth of a cent.
#[track_caller]
fn about(found: f64, expected: f64) {
    assert!((found - expected).abs() < 0.001, "{found}, not {expected}");
}

fn bill(events: f64, body: f64, sources: f64) -> Bill {
    gathered(events, body, sources, 0.0)
}

fn asked(events: f64, body: f64, sources: f64, window: f64) -> Asked {
    Asked {
        events,
        body,
        sources,
        retention_days: 30.0,
        window,
        has_api: true,
        source_metrics: false,
    }
}

/// The same where tickets are gathered for so many seconds.
fn gathered(events: f64, body: f64, sources: f64, window: f64) -> Bill {
    let asked = asked(events, body, sources, window);
    Bill::of(&asked, &Measured::read(), &stack(), Prices::read())
}

/// A stack whose numbers don't change with the template's.
fn stack() -> Stack {
    Stack {
        ingest_megabytes: 512.0,
        consumer_megabytes: 512.0,
        sweeper_megabytes: 256.0,
        inline_body_bytes: 262_144.0,
        body_days: 30.0,
        log_days: 90.0,
        shards: 1.0,
        ages: 5.0,
        batch: 10.0,
        alarms: 7.0,
        secrets: 2.0,
    }
}

fn quantity(bill: &Bill, what: &str) -> f64 {
    let mut lines = bill.lines.iter().filter(|line| line.what == what);
    let line = lines.next().unwrap_or_else(|| panic!("{what}"));
    assert!(lines.next().is_none(), "{what}");
    line.quantity
}

/// DynamoDB's page: a write of 1 KB takes one unit, of 3 KB three; a strongly consistent read of 8 KB two, an eventually
/// consistent one of 8 KB one, and of up to 4 KB half a one.
#[test]
fn dynamodb_counts_as_its_pricing_page_says() {
    assert_eq!(write_units(1_024.0), 1.0);
    assert_eq!(write_units(1_025.0), 2.0);
    assert_eq!(write_units(3.0 * 1_024.0), 3.0);
    assert_eq!(read_units(8_192.0, Reads::Strongly), 2.0);
    assert_eq!(read_units(8_192.0, Reads::Eventually), 1.0);
    assert_eq!(read_units(100.0, Reads::Strongly), 1.0);
    assert_eq!(read_units(4_096.0, Reads::Eventually), 0.5);
    // A read that finds nothing is paid for, too.
    assert_eq!(read_units(0.0, Reads::Eventually), 0.5);
}

/// SQS's page: an action with a payload of 256 KB is billed as four requests. API Gateway's: HTTP APIs are metered in steps
/// of 512 KB.
#[test]
fn requests_are_counted_by_their_size() {
    assert_eq!(sqs_requests(256.0 * 1_024.0), 4.0);
    assert_eq!(sqs_requests(65_536.0), 1.0);
    assert_eq!(sqs_requests(65_537.0), 2.0);
    assert_eq!(http_api_requests(2_048.0), 1.0);
    assert_eq!(http_api_requests(768.0 * 1_024.0), 2.0);
}

/// Lambda's page has an application with 3 million requests of 120 ms at 1,536 MB: 540,000 GB-seconds.
#[test]
fn lambda_counts_gigabytes_and_seconds() {
    about(3e6 * gb_seconds(120.0, 1_536.0), 540_000.0);
    about(gb_seconds(1.2, 1_024.0), 0.002);
}

#[test]
fn a_gigabyte_has_1024_cubed_bytes() {
    assert_eq!(gigabytes(3_221_225_472.0), 3.0);
}

#[test]
fn each_price_has_its_page_and_each_size_its_place() {
    let prices = Prices::read();
    let bill = bill(1e6, 400_000.0, 3.0);
    for line in &bill.lines {
        let price = prices.of(line.price);
        assert!(price.usd > 0.0 && price.per >= 1.0, "{}", line.price);
        assert!(
            price.page.starts_with("https://aws.amazon.com/"),
            "{}",
            line.price
        );
    }
    for (name, known) in Measured::told().as_object().unwrap() {
        assert!(known["where"].as_str().unwrap().len() > 20, "{name}");
    }
}

#[test]
fn the_template_says_how_a_stack_is_made() {
    let stack = Stack::of_template();
    assert!(stack.alarms >= 7.0 && stack.secrets >= 2.0, "{stack:?}");
    for number in [
        stack.ingest_megabytes,
        stack.consumer_megabytes,
        stack.inline_body_bytes,
        stack.body_days,
        stack.log_days,
        stack.shards,
        stack.ages,
        stack.batch,
    ] {
        assert!(number >= 1.0, "{stack:?}");
    }
}

/// By hand, from the prices of 2026-11-29.
#[test]
fn a_million_events_are_counted_by_hand() {
    let bill = bill(1e6, 100.0, 1.0);
    // Written: the event, its index entry, a claim and a finish, of a kilobyte at most each.
    let writes =
        ["the event", "its index entry", "claim and finish"].map(|what| quantity(&bill, what));
    assert_eq!(writes, [1e6, 1e6, 2e6]);
    // 43,800 sweeps a month, and a cursor for each age.
    assert_eq!(quantity(&bill, "the sweeper's cursors"), 219_000.0);
    let usd = |what: &str| bill.usd(bill.lines.iter().find(|line| line.what == what).unwrap());
    about(usd("claim and finish"), 1.25);
    about(usd("deliveries"), 1.0);
    about(usd("runs of ingest and consumer"), 0.4);
    // 20 ms at half a gigabyte: 0.01 GB-seconds at 13.3334 dollars a million.
    about(usd("time of ingest"), 0.133_334);
    about(usd("sends"), 0.4);
    about(usd("fair queues"), 0.1);
    about(usd("receives and deletes"), 0.8);
    about(usd("the consumer's read"), 0.125);
    // Three looks of half a unit, and five small parts of pages.
    let looks = quantity(&bill, "the sweeper's looks");
    assert!((1.5e6..1.55e6).contains(&looks), "{looks}");
    about(usd("alarms"), 0.7);
    about(usd("secrets"), 0.8);
    let lines: f64 = bill.lines.iter().map(|line| bill.usd(line)).sum();
    about(bill.total(), lines);
    let parts = [Grows::WithEvents, Grows::WithUse, Grows::Not, Grows::Had]
        .map(|grows| bill.growing(grows));
    about(bill.total(), parts.iter().sum());
    about(bill.per_million(), parts[0]);
}

#[test]
fn a_stack_at_rest_has_no_line_that_grows() {
    let bill = bill(0.0, 2_048.0, 100.0);
    let at_rest = [Grows::Not, Grows::Had];
    assert!(bill.lines.iter().all(|line| at_rest.contains(&line.grows)));
    assert_eq!(bill.per_million(), 0.0);
    about(
        bill.total(),
        at_rest.map(|grows| bill.growing(grows)).iter().sum(),
    );
    // Five pollers, each with three polls a minute.
    assert_eq!(quantity(&bill, "Lambda's polls of the queue"), 657_000.0);
}

#[test]
fn an_item_grows_between_what_was_measured_and_beyond() {
    let measured = Measured::read();
    let points = &measured.event_item_bytes.value;
    for (body, item) in points {
        assert_eq!(measured.event_item(*body), *item);
    }
    let [.., (from, low), (to, high)] = points.as_slice() else {
        panic!("two sizes at least");
    };
    about(
        measured.event_item(f64::midpoint(*from, *to)),
        f64::midpoint(*low, *high),
    );
    about(measured.event_item(to + (to - from)), high + (high - low));
}

#[test]
fn behind_a_function_url_neither_the_api_nor_its_log_is_paid_for() {
    let api = bill(1e6, 2_048.0, 1.0);
    let asked = Asked {
        has_api: false,
        ..asked(1e6, 2_048.0, 1.0, 0.0)
    };
    let url = Bill::of(&asked, &Measured::read(), &stack(), Prices::read());
    assert!(url.lines.iter().all(|line| line.service != "API Gateway"));
    // A dollar for the requests, and a line of 232 bytes at half a dollar a gigabyte.
    let saved = api.per_million() - url.per_million();
    assert!((1.10..1.12).contains(&saved), "{saved}");
}

/// Ten events a second, five pollers, five seconds: each begins with one and gets ten more. Ten are the most.
#[test]
fn gathered_tickets_cost_a_run_a_receive_and_a_delete_for_all_of_them() {
    let events = 10.0 * 730.0 * 3_600.0;
    let alone = bill(events, 2_048.0, 1.0);
    about(quantity(&alone, "receives and deletes"), 2.0 * events);
    for (window, batch) in [(1.0, 3.0), (4.0, 9.0), (5.0, 10.0), (300.0, 10.0)] {
        let bill = gathered(events, 2_048.0, 1.0, window);
        about(
            quantity(&bill, "receives and deletes"),
            2.0 * events / batch,
        );
        about(
            quantity(&bill, "runs of ingest and consumer"),
            events + events / batch,
        );
        let run = 30.0 + 4.0 * (batch - 1.0);
        about(
            quantity(&bill, "time of consumer"),
            events / batch * run / 1_000.0 / 2.0,
        );
        // What a ticket counts is in one line for all of them.
        let what = "lines of ingest and consumer";
        assert!(quantity(&bill, what) < quantity(&alone, what), "{batch}");
    }
}

/// A bill with a metric of each name for each source, too.
fn by_source(sources: f64) -> Bill {
    let asked = Asked {
        source_metrics: true,
        ..asked(1e6, 2_048.0, sources, 0.0)
    };
    Bill::of(&asked, &Measured::read(), &stack(), Prices::read())
}

#[test]
fn the_number_of_sources_is_paid_for_only_where_they_have_metrics() {
    let (one, many) = (bill(1e6, 2_048.0, 1.0), bill(1e6, 2_048.0, 100.0));
    about(one.total(), many.total());
    assert_eq!(quantity(&many, "metrics of events"), 5.0);
    let (one, hundred) = (by_source(1.0), by_source(100.0));
    assert_eq!(quantity(&hundred, "metrics of each source"), 500.0);
    // Five more for each, at 30 cents.
    about(hundred.total() - one.total(), 99.0 * 1.5);
    about(one.per_million(), hundred.per_million());
    // Five cursors and pages and the number of shards, each minute of a month.
    assert_eq!(
        quantity(&many, "the sweeper's cursors and queries"),
        43_800.0 * 8.5
    );
}

/// The goals for ten million events of 2 KB a month, with tickets that are gathered; and for a stack at rest.
#[test]
fn an_event_costs_what_was_aimed_at() {
    let of = |has_api| {
        let asked = Asked {
            has_api,
            ..asked(1e7, 2_048.0, 100.0, 20.0)
        };
        Bill::of(
            &asked,
            &Measured::read(),
            &Stack::of_template(),
            Prices::read(),
        )
    };
    assert!(
        of(false).per_million() <= 5.0,
        "{}",
        of(false).per_million()
    );
    assert!(of(true).per_million() <= 6.1, "{}", of(true).per_million());
    assert!(of(true).growing(Grows::Not) <= 1.5);
}

/// Above the limit a body is an object of the bucket, and its event's item has none.
#[test]
fn a_large_body_is_paid_for_in_the_bucket() {
    let (small, large) = (bill(1e6, 262_144.0, 1.0), bill(1e6, 262_145.0, 1.0));
    assert!(small.lines.iter().all(|line| line.service != "S3"));
    about(quantity(&large, "bodies put"), 1e6);
    assert_eq!(quantity(&large, "the event"), 1e6);
    assert!(quantity(&small, "the event") > 50e6);
}

#[test]
fn a_part_of_a_month_costs_its_part_and_its_events() {
    let of = crate::cost::Use {
        sources: 1,
        has_api: true,
        window: 0,
        source_metrics: false,
    };
    let at_rest = crate::cost::so_far(&of, 0.0, 1.0);
    let half = crate::cost::so_far(&of, 0.0, 0.5);
    assert!(at_rest > 0.0 && (half - at_rest / 2.0).abs() < 1e-9);
    let busy = crate::cost::so_far(&of, 1e6, 1.0);
    let busier = crate::cost::so_far(&of, 2e6, 1.0);
    assert!(busy > at_rest && busier > busy + 1.0);
}
