//! What stands on the bill of a month: how much of what. Nothing here knows a price or a size.

use super::{
    bill::{Asked, Grows, Line},
    data::{Measured, Stack},
    units::{
        MINUTES, Reads, SECONDS, gb_seconds, gigabytes, http_api_requests, read_units,
        sqs_requests, write_units,
    },
};

struct Writer<'a> {
    asked: &'a Asked,
    measured: &'a Measured,
    stack: &'a Stack,
    lines: Vec<Line>,
}

/// What is used of each thing that AWS has a price for.
pub(super) fn of(asked: &Asked, measured: &Measured, stack: &Stack) -> Vec<Line> {
    let mut writer = Writer {
        asked,
        measured,
        stack,
        lines: Vec::new(),
    };
    writer.requests();
    writer.ledger();
    writer.queue();
    writer.bodies();
    writer.logs();
    writer.at_rest();
    writer.lines.retain(|line| line.quantity > 0.0);
    writer.lines
}

impl Writer<'_> {
    fn put(
        &mut self,
        service: &'static str,
        what: &'static str,
        price: &'static str,
        quantity: f64,
    ) {
        self.line(service, what, price, quantity, Grows::WithEvents);
    }

    fn fixed(
        &mut self,
        service: &'static str,
        what: &'static str,
        price: &'static str,
        quantity: f64,
    ) {
        self.line(service, what, price, quantity, Grows::Not);
    }

    fn line(
        &mut self,
        service: &'static str,
        what: &'static str,
        price: &'static str,
        quantity: f64,
        grows: Grows,
    ) {
        self.lines.push(Line {
            service,
            what,
            price,
            quantity,
            grows,
        });
    }

    /// What answers, and what works.
    fn requests(&mut self) {
        let (asked, known, stack) = (self.asked, self.measured, self.stack);
        if asked.has_api {
            let calls = asked.events * http_api_requests(asked.body);
            self.put("API Gateway", "deliveries", "http_api", calls);
        }
        let batch = self.batch();
        let runs = asked.events + asked.events / batch;
        self.put(
            "Lambda",
            "runs of ingest and consumer",
            "lambda_requests",
            runs,
        );
        let ingest = gb_seconds(known.ingest_ms.value, stack.ingest_megabytes);
        self.put(
            "Lambda",
            "time of ingest",
            "lambda_arm64",
            asked.events * ingest,
        );
        let more = (batch - 1.0) * known.consumer_more_ms.value;
        let consumer = gb_seconds(known.consumer_ms.value + more, stack.consumer_megabytes) / batch;
        self.put(
            "Lambda",
            "time of consumer",
            "lambda_arm64",
            asked.events * consumer,
        );
    }

    fn ledger(&mut self) {
        let (asked, known, stack) = (self.asked, self.measured, self.stack);
        let entry = known.index_entry_bytes.value;
        let work = known.work_item_bytes.value;
        let event = self.event_item();
        let writes = [
            ("the event", write_units(event)),
            ("its index entry", write_units(entry)),
            ("claim and finish", 2.0 * write_units(work)),
        ];
        for (what, units) in writes {
            self.put("DynamoDB", what, "dynamodb_writes", asked.events * units);
        }
        // Each sweep moves a cursor if an event has come of its age.
        let cursors = stack.shards * stack.ages;
        let moves = (cursors * MINUTES).min(asked.events * stack.ages);
        self.put(
            "DynamoDB",
            "the sweeper's cursors",
            "dynamodb_writes",
            moves,
        );

        let read = read_units(event + work, Reads::Strongly);
        self.put(
            "DynamoDB",
            "the consumer's read",
            "dynamodb_reads",
            asked.events * read,
        );
        // The index is read at each age, and the work at the first two and the last: it was finished by the first.
        let looks = stack.ages.min(FULL_LOOKS) * read_units(work, Reads::Eventually)
            + stack.ages * entry / 4_096.0 / 2.0;
        let looks = asked.events * looks;
        self.put("DynamoDB", "the sweeper's looks", "dynamodb_reads", looks);

        let months = asked.retention_days / 30.0;
        let overhead = known.item_overhead_bytes.value;
        let kept = gigabytes(asked.events * (event + work + entry + 3.0 * overhead));
        self.put(
            "DynamoDB",
            "what is kept",
            "dynamodb_storage",
            kept * months,
        );
        // Point-in-time recovery counts the table and not its index.
        let table = gigabytes(asked.events * (event + work + 2.0 * overhead));
        self.put(
            "DynamoDB",
            "its backup",
            "dynamodb_recovery",
            table * months,
        );
    }

    fn queue(&mut self) {
        let (events, ticket) = (self.asked.events, self.measured.ticket_bytes.value);
        let send = sqs_requests(ticket);
        self.put("SQS", "sends", "sqs_requests", events * send);
        self.put("SQS", "fair queues", "sqs_fair", events);
        let batch = self.batch();
        let each = sqs_requests(ticket * batch) + 1.0;
        let calls = events / batch * each;
        self.put("SQS", "receives and deletes", "sqs_requests", calls);
    }

    fn bodies(&mut self) {
        let asked = self.asked;
        if asked.body <= self.stack.inline_body_bytes {
            return;
        }
        self.put("S3", "bodies put", "s3_puts", asked.events);
        self.put("S3", "bodies read", "s3_gets", asked.events);
        let kept = gigabytes(asked.events * asked.body) * self.stack.body_days / 30.0;
        self.put("S3", "bodies kept", "s3_storage", kept);
    }

    fn logs(&mut self) {
        let known = self.measured;
        let line = |bytes: f64| bytes + known.log_overhead_bytes.value;
        let by_source = if self.asked.source_metrics {
            known.source_metrics_bytes.value
        } else {
            0.0
        };
        let functions = line(known.ingest_line_bytes.value + by_source) + self.consumer_lines();
        let access = if self.asked.has_api {
            line(known.access_line_bytes.value)
        } else {
            0.0
        };
        let events = self.asked.events;
        let kept = self.kept_logs();
        self.put(
            "CloudWatch",
            "lines of ingest and consumer",
            "logs_ingestion",
            gigabytes(events * functions),
        );
        self.put(
            "CloudWatch",
            "API Gateway's access log",
            "logs_ingestion",
            gigabytes(events * access),
        );
        self.put(
            "CloudWatch",
            "logs kept",
            "logs_storage",
            gigabytes(events * (functions + access)) * kept,
        );
    }

    /// What is there without any event, and what the first one brings.
    fn at_rest(&mut self) {
        let (asked, known, stack) = (self.asked, self.measured, self.stack);
        self.fixed(
            "EventBridge",
            "the sweeper's schedule",
            "scheduler",
            MINUTES,
        );
        self.fixed("Lambda", "runs of the sweeper", "lambda_requests", MINUTES);
        let cursors = stack.shards * stack.ages;
        // The number of shards, and then twenty at a time; each cursor is read, and then the index from there on.
        let rounds = 1.0 + (cursors / 20.0).ceil() * 2.0;
        let sweep = gb_seconds(rounds * known.sweeper_ms.value, stack.sweeper_megabytes);
        self.fixed(
            "Lambda",
            "time of the sweeper",
            "lambda_arm64",
            MINUTES * sweep,
        );
        let strongly = read_units(0.0, Reads::Strongly);
        let reads = cursors * (strongly + read_units(0.0, Reads::Eventually)) + strongly;
        self.fixed(
            "DynamoDB",
            "the sweeper's cursors and queries",
            "dynamodb_reads",
            MINUTES * reads,
        );
        let polls = known.pollers.value * SECONDS / known.poll_seconds.value;
        self.fixed("SQS", "Lambda's polls of the queue", "sqs_requests", polls);
        let line =
            gigabytes(MINUTES * (known.sweep_line_bytes.value + known.log_overhead_bytes.value));
        self.fixed("CloudWatch", "lines of the sweeper", "logs_ingestion", line);
        let kept = self.kept_logs();
        self.fixed(
            "CloudWatch",
            "these lines kept",
            "logs_storage",
            line * kept,
        );
        self.fixed(
            "CloudWatch",
            "metrics of the sweeper",
            "metrics",
            SWEEPER_METRICS,
        );
        for (service, what, number) in [
            ("CloudWatch", "alarms", stack.alarms),
            ("Secrets Manager", "secrets", stack.secrets),
        ] {
            self.lines.push(Line {
                service,
                what,
                price: what,
                quantity: number,
                grows: Grows::Had,
            });
        }
        let of_sources = if asked.source_metrics {
            EVENT_METRICS * asked.sources
        } else {
            0.0
        };
        for (what, number) in [
            ("metrics of events", EVENT_METRICS),
            ("metrics of each source", of_sources),
        ] {
            let quantity = if asked.events > 0.0 { number } else { 0.0 };
            self.lines.push(Line {
                service: "CloudWatch",
                what,
                price: "metrics",
                quantity,
                grows: Grows::WithUse,
            });
        }
    }

    /// Bytes of the consumer's log for an event. A ticket that comes alone counts in its own line, and so does each where
    /// sources have metrics; others leave that to their batch's line.
    fn consumer_lines(&self) -> f64 {
        let known = self.measured;
        let (overhead, own) = (
            known.log_overhead_bytes.value,
            known.consumer_line_bytes.value,
        );
        let alone = own + known.consumer_counts_bytes.value + overhead;
        if self.asked.source_metrics {
            return alone + known.source_metrics_bytes.value;
        }
        let batch = self.batch();
        let gathered = own + overhead + (known.batch_line(batch) + overhead) / batch;
        alone.min(gathered)
    }

    /// How many tickets the consumer gets at once, on average: the one with which a poller begins to gather, and what comes
    /// to it while it does.
    fn batch(&self) -> f64 {
        let a_second = self.asked.events / SECONDS / self.measured.pollers.value;
        (1.0 + a_second * self.asked.window).min(self.stack.batch)
    }

    /// A large body isn't in its event's item.
    fn event_item(&self) -> f64 {
        let inline = self.asked.body <= self.stack.inline_body_bytes;
        self.measured
            .event_item(if inline { self.asked.body } else { 0.0 })
    }

    /// How many gigabyte-months a gigabyte of log lines makes in a month's bill, once the oldest go as fast as new ones come.
    fn kept_logs(&self) -> f64 {
        self.measured.log_compression.value * self.stack.log_days / 30.0
    }
}

/// How many looks read the work of an event that is finished by the first.
const FULL_LOOKS: f64 = 3.0;

/// Metrics that each sweep writes: what it found, what was unfinished, and that it came to its end.
const SWEEPER_METRICS: f64 = 3.0;

/// Metrics of an event that is accepted and succeeds: one accepted, how long it took; one succeeded, how long its legs and
/// its way took.
const EVENT_METRICS: f64 = 5.0;
