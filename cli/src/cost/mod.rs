//! `landfall cost`: what a stack costs on AWS, line by line, without AWS.

mod bill;
mod data;
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
