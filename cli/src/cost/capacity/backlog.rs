//! A backlog: tickets that wait in the queue, because events came faster than they were worked on, or nobody worked at all.
//!
//! What waits is in no limit: SQS keeps any number of messages, and in flight are only those that a consumer has. The sweeper
//! sends no second ticket for an event that nobody has claimed as long as it is younger than the queue's oldest ticket; but
//! at its last look it sends one for whatever is unfinished. So a ticket's end after the queue's retention is no event's end,
//! until that of the last look's ticket.

use serde_json::{Value, json};

use super::{
    super::{
        data::{Measured, Prices, Stack, default},
        units::{Reads, gb_seconds, gigabytes, read_units, sqs_requests, write_units},
    },
    Asked, Limits, batch_seconds, event_item, number,
};
use crate::{clock::span, print};

/// What `ConsumerConcurrency` may be: the least, the default, more, and the most.
const CONCURRENCIES: [f64; 4] = [2.0, 10.0, 100.0, 1_000.0];

/// How many shards and ages the sweeper sweeps at once.
const SWEPT_AT_ONCE: f64 = 20.0;

/// What becomes of a backlog.
pub(super) struct Backlog {
    tickets: f64,
    rows: Vec<Drain>,
    /// How many tickets a second a table lets through that bears no more than a new one.
    new_table: f64,
    in_flight: f64,
    /// Seconds for which a ticket is kept, and which SQS allows.
    kept: f64,
    kept_at_most: f64,
    /// The age of an event at the last look, in seconds.
    last_look: f64,
    /// How many events a sweep looks at, where all are in hand, and where all are overdue.
    passed: f64,
    healed: f64,
    usd: f64,
    usd_a_look: f64,
}

/// With so much concurrency.
pub(super) struct Drain {
    pub(super) concurrency: f64,
    /// Tickets a second at full speed.
    pub(super) speed: f64,
    pub(super) held_by: &'static str,
    /// `None`: never, for more come in.
    pub(super) seconds: Option<f64>,
    /// How many tickets the last look sends, where all events were received at once.
    pub(super) second_tickets: f64,
}

impl Backlog {
    pub(super) fn of(
        tickets: f64,
        asked: &Asked,
        measured: &Measured,
        stack: &Stack,
        limits: &Limits,
    ) -> Self {
        let rate = asked.rate;
        let of_work = 2.0 * write_units(measured.work_item_bytes.value);
        let of_event = write_units(event_item(asked, measured, stack));
        let writes = |limit: &str| ((limits.of(limit).value - rate * of_event) / of_work).max(0.0);
        let a_batch = stack.batch / batch_seconds(asked, measured, stack);
        let ingests = rate * measured.ingest_ms.value / 1e3;
        let others = [
            ("DynamoDB: the table", writes("table_writes")),
            (
                "Lambda: runs at a time",
                (limits.of("concurrency").value - ingests).max(0.0) * a_batch,
            ),
        ];
        let last_look = setting("SweepAgesSeconds");
        let row = |concurrency: f64| {
            let own = ("ConsumerConcurrency", concurrency * a_batch);
            let (held_by, speed) =
                (others.into_iter()).fold(
                    own,
                    |least, other| if other.1 < least.1 { other } else { least },
                );
            let filling = Filling {
                concurrency,
                first: measured.pollers.value,
                more: limits.of("more_consumers").value / 60.0,
                a_batch,
            };
            let seconds = filling.drains(tickets, speed, rate);
            let late = seconds.map_or(1.0, |seconds| (1.0 - last_look / seconds).max(0.0));
            Drain {
                concurrency,
                speed,
                held_by,
                seconds,
                second_tickets: (tickets * late).round(),
            }
        };
        let looked_at = |calls: f64| {
            let time = setting("SweeperTimeoutSeconds") - measured.sweep_end_seconds.value;
            let pages = (time * 1e3 / (calls * measured.sweeper_ms.value)).floor();
            pages * measured.sweep_page.value * asked.shards.min(SWEPT_AT_ONCE)
        };
        let prices = Prices::read();
        Self {
            tickets,
            rows: CONCURRENCIES.map(row).into(),
            new_table: writes("first_writes"),
            in_flight: limits.of("in_flight").value,
            kept: setting("QueueRetentionSeconds"),
            kept_at_most: limits.of("retention").value,
            last_look,
            passed: looked_at(measured.look_calls.value),
            healed: looked_at(measured.heal_calls.value),
            usd: usd(tickets, asked, measured, stack, &prices),
            usd_a_look: usd_a_look(tickets, measured, &prices),
        }
    }

    #[cfg(test)]
    pub(super) fn rows(&self) -> &[Drain] {
        &self.rows
    }

    /// Tickets that consumers have at the same time.
    fn in_flight(&self, row: &Drain, batch: f64) -> f64 {
        (row.concurrency * batch).min(self.tickets)
    }

    pub(super) fn show(&self) {
        let batch = setting("BatchSize");
        let rows: Vec<_> = (self.rows.iter())
            .map(|row| {
                [
                    count(row.concurrency),
                    number(row.speed),
                    row.seconds.map_or_else(|| "never".to_owned(), length),
                    count(row.second_tickets),
                    count(self.in_flight(row, batch)),
                    row.held_by.to_owned(),
                ]
            })
            .collect();
        let headings = [
            "ConsumerConcurrency",
            "tickets a second",
            "drained in",
            "second tickets",
            "in flight",
            "what holds it",
        ];
        print::table(headings, &rows);
        let Self {
            tickets,
            kept,
            last_look,
            ..
        } = *self;
        let until = kept + last_look;
        print::line(&format!(
            "\nIn flight are {} at most. A table that bears no more than a new one lets {} a second through, and all of it in {}.",
            number(self.in_flight),
            number(self.new_table),
            length(tickets / self.new_table),
        ));
        print::line(&format!(
            "The sweeper, once a minute, looks past all of it in {}, and sends nothing; at its last look, at {}, it sends a \
             second ticket for what is unfinished. Were all tickets lost, it would send them in {}.",
            sweeps(tickets, self.passed),
            length(last_look),
            sweeps(tickets, self.healed),
        ));
        print::line(&format!(
            "A ticket is kept for {}, by SQS for {} at most, and the last look's until {}.",
            length(kept),
            length(self.kept_at_most),
            length(until),
        ));
        let late = self
            .rows
            .iter()
            .filter(|row| row.seconds.is_none_or(|it| it > until));
        let late: Vec<_> = late.map(|row| count(row.concurrency)).collect();
        if !late.is_empty() {
            print::line(&format!(
                "With a ConsumerConcurrency of {} it takes longer: then events are left without a ticket.",
                late.join(" or "),
            ));
        }
        print::line(&format!(
            "To work on it costs {} USD; to wait, {} USD for each look of the sweeper.",
            number(self.usd),
            number(self.usd_a_look),
        ));
    }

    pub(super) fn told(&self) -> Value {
        let batch = setting("BatchSize");
        let rows = self.rows.iter().map(|row| {
            json!({
                "consumer_concurrency": row.concurrency,
                "tickets_per_second": row.speed,
                "held_by": row.held_by,
                "seconds": row.seconds,
                "second_tickets": row.second_tickets,
                "in_flight": self.in_flight(row, batch),
            })
        });
        json!({
            "tickets": self.tickets,
            "by_concurrency": rows.collect::<Vec<_>>(),
            "in_flight_at_most": self.in_flight,
            "new_table_tickets_per_second": self.new_table,
            "looked_past_per_sweep": self.passed,
            "sent_per_sweep_at_most": self.healed,
            "last_look_seconds": self.last_look,
            "kept_seconds": self.kept,
            "kept_seconds_at_most": self.kept_at_most,
            "usd": self.usd,
            "usd_per_look": self.usd_a_look,
        })
    }
}

/// How an event source takes up a queue that has filled.
struct Filling {
    concurrency: f64,
    /// Batches at a time, at first, and how many more each second.
    first: f64,
    more: f64,
    /// Tickets a second of one batch at a time.
    a_batch: f64,
}

impl Filling {
    /// After how many seconds nothing is left, where no more than so many tickets a second are worked on and so many come.
    fn drains(&self, tickets: f64, at_most: f64, rate: f64) -> Option<f64> {
        let (mut left, mut after) = (tickets, 0.0);
        loop {
            let batches = self.first + self.more * after;
            let speed = (batches.min(self.concurrency) * self.a_batch).min(at_most);
            let grows = batches < self.concurrency && speed < at_most;
            let less = speed - rate;
            if !grows || left <= less {
                return (less > 0.0).then(|| after + left / less);
            }
            left -= less;
            after += 1.0;
        }
    }
}

/// What it costs to work on so many tickets, in full batches.
fn usd(tickets: f64, asked: &Asked, measured: &Measured, stack: &Stack, prices: &Prices) -> f64 {
    let batches = tickets / stack.batch;
    let of_batch = gb_seconds(
        batch_seconds(asked, measured, stack) * 1e3,
        stack.consumer_megabytes,
    );
    let (event, work) = (
        event_item(asked, measured, stack),
        measured.work_item_bytes.value,
    );
    let receives = sqs_requests(measured.ticket_bytes.value * stack.batch);
    let overhead = measured.log_overhead_bytes.value;
    let lines = (measured.consumer_line_bytes.value + overhead) * stack.batch
        + measured.batch_line(stack.batch)
        + overhead;
    let of = [
        ("lambda_requests", batches),
        ("lambda_arm64", batches * of_batch),
        ("dynamodb_writes", tickets * 2.0 * write_units(work)),
        (
            "dynamodb_reads",
            tickets * read_units(event + work, Reads::Strongly),
        ),
        // Each batch is received, and deleted.
        ("sqs_requests", batches * (receives + 1.0)),
        ("logs_ingestion", gigabytes(batches * lines)),
    ];
    of.iter()
        .map(|(price, quantity)| cost(prices, price, *quantity))
        .sum()
}

/// What a look at so many events costs of which nobody has worked on any: the index, and twice what there is of their work.
fn usd_a_look(events: f64, measured: &Measured, prices: &Prices) -> f64 {
    let work = measured.work_item_bytes.value;
    let entry = measured.index_entry_bytes.value / 4_096.0 / 2.0;
    let units = read_units(work, Reads::Eventually) + read_units(work, Reads::Strongly) + entry;
    cost(prices, "dynamodb_reads", events * units)
}

fn cost(prices: &Prices, name: &str, quantity: f64) -> f64 {
    let price = prices.of(name);
    quantity / price.per * price.usd
}

/// The template's default; of several the last.
fn setting(parameter: &str) -> f64 {
    let last = default(parameter).rsplit(',').next();
    last.and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// Of whole things.
fn count(number_of: f64) -> String {
    if number_of < 9.95 {
        format!("{number_of:.0}")
    } else {
        number(number_of)
    }
}

fn length(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what is too long is told as the longest there is"
    )]
    span((seconds.round().max(1.0) * 1e3) as i64)
}

fn sweeps(events: f64, at_once: f64) -> String {
    let count = (events / at_once).ceil();
    format!(
        "{count:.0} {}",
        if count > 1.0 { "sweeps" } else { "sweep" }
    )
}
