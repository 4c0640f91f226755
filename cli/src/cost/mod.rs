//! `landfall cost`: what a stack costs on AWS, line by line, without AWS.

mod bill;
pub(crate) mod capacity;
mod data;
mod lines;
mod units;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use serde_json::{Value, json};

use self::{
    bill::{Asked, Bill, Grows},
    data::{Measured, Stack},
};
use crate::{args::GivenCost, print};

/// What the bill leaves out.
const LEFT_OUT: [&str; 6] = [
    "free tiers, discounts, taxes",
    "retries, duplicates and deliveries that are refused: each event comes once and succeeds at once",
    "what is beyond the way out of a leg: NAT gateways, data transfer out, and the destinations' own prices",
    "X-Ray, keys of your own in KMS, CloudFront and WAF, a custom domain",
    "what people and dashboards ask: the console, Logs Insights, `landfall events`",
    "cold starts, and what handlers take",
];

/// How a stack is used.
pub(crate) struct Use {
    pub(crate) sources: usize,
    pub(crate) has_api: bool,
    pub(crate) window: u16,
    pub(crate) source_metrics: bool,
}

/// What so many events of a part of a month cost, with what the stack costs in that part by itself, in USD.
pub(crate) fn so_far(of: &Use, events: f64, part_of_month: f64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "nobody has so many sources")]
    let sources = of.sources.max(1) as f64;
    let asked = Asked {
        events: (events / part_of_month.max(0.001)).max(1.0),
        body: 2_048.0,
        sources,
        retention_days: 30.0,
        window: f64::from(of.window),
        has_api: of.has_api,
        source_metrics: of.source_metrics,
    };
    let bill = Bill::of(
        &asked,
        &Measured::read(),
        &Stack::of_template(),
        data::Prices::read(),
    );
    let by_itself = [Grows::Not, Grows::Had].map(|grows| bill.growing(grows));
    let metrics = if events > 0.0 {
        bill.growing(Grows::WithUse)
    } else {
        0.0
    };
    bill.per_million() * events / 1e6 + (by_itself.iter().sum::<f64>() + metrics) * part_of_month
}

pub(crate) fn run(given: &GivenCost, as_json: bool) -> ExitCode {
    let measured = Measured::read();
    let asked = Asked {
        events: f64::from(given.events),
        body: f64::from(given.body),
        sources: f64::from(given.sources),
        retention_days: f64::from(given.retention_days),
        window: f64::from(given.window),
        has_api: given.front_door == "api",
        source_metrics: given.source_metrics,
    };
    let bill = Bill::of(
        &asked,
        &measured,
        &Stack::of_template(),
        data::Prices::read(),
    );
    if as_json {
        print::json(&told(&bill));
    } else {
        show(&bill, &asked);
    }
    ExitCode::SUCCESS
}

fn show(bill: &Bill, asked: &Asked) {
    let rows = bill.lines.iter().map(|line| {
        let usd = bill.usd(line);
        let price = bill.prices().of(line.price);
        [
            line.service.to_owned(),
            line.what.to_owned(),
            format!("{} {}", amount(line.quantity), price.unit),
            dollars(usd),
            match line.grows {
                Grows::WithEvents => dollars(usd / asked.events * 1e6),
                Grows::WithUse | Grows::Not | Grows::Had => "-".into(),
            },
        ]
    });
    let rows: Vec<_> = rows.collect();
    print::table(
        ["service", "what", "a month", "USD a month", "USD a million"],
        &rows,
    );
    let prices = bill.prices();
    print::line(&format!(
        "\nA million events more: {} USD. A month: {} USD at rest, {} USD for alarms and secrets, {} USD for metrics of \
         events; {} USD in all.",
        dollars(bill.per_million()),
        dollars(bill.growing(Grows::Not)),
        dollars(bill.growing(Grows::Had)),
        dollars(bill.growing(Grows::WithUse)),
        dollars(bill.total()),
    ));
    print::line(&format!(
        "List prices of {}, {}, arm64. Not in it:",
        prices.region, prices.read_on
    ));
    for left_out in LEFT_OUT {
        print::line(&format!("- {left_out}"));
    }
}

fn told(bill: &Bill) -> Value {
    let lines = bill.lines.iter().map(|line| {
        let price = bill.prices().of(line.price);
        json!({
            "service": line.service,
            "what": line.what,
            "quantity": line.quantity,
            "unit": price.unit,
            "price": price.usd,
            "per": price.per,
            "page": price.page,
            "usd": bill.usd(line),
            "grows_with_events": line.grows == Grows::WithEvents,
            "at_rest": matches!(line.grows, Grows::Not | Grows::Had),
        })
    });
    json!({
        "region": bill.prices().region,
        "prices_of": bill.prices().read_on,
        "lines": lines.collect::<Vec<_>>(),
        "usd_per_million": bill.per_million(),
        "usd_at_rest": bill.growing(Grows::Not),
        "usd_of_alarms_and_secrets": bill.growing(Grows::Had),
        "usd_of_metrics": bill.growing(Grows::WithUse),
        "usd": bill.total(),
        "measured": Measured::told(),
        "left_out": LEFT_OUT,
    })
}

fn dollars(usd: f64) -> String {
    format!("{usd:.2}")
}

/// A quantity in a few digits.
fn amount(quantity: f64) -> String {
    let (scaled, unit) = match quantity {
        1e9.. => (quantity / 1e9, " billion"),
        1e6.. => (quantity / 1e6, " million"),
        1e4.. => (quantity / 1e3, " thousand"),
        _ => (quantity, ""),
    };
    let text = format!("{scaled:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}{unit}")
}
