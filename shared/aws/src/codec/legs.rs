//! A leg as an attribute of its event's `work` item. An item is paid for by the kilobyte, and may have many legs: what says
//! nothing is left out, and the names are short.

use aws_sdk_dynamodb::types::AttributeValue;
use protocol::{
    fault::Fault,
    ledger::{Leg, LegState},
    reason::Reason,
    ticket::Ask,
    time::UnixMillis,
};

use super::{Item, broken, n, name, number, number_or_zero, s, text};

/// The attributes of a leg.
mod part {
    pub(super) const STATE: &str = "state";
    pub(super) const TRIES: &str = "tries";
    pub(super) const UNTIL: &str = "until";
    pub(super) const SINCE: &str = "since";
    pub(super) const EPOCH: &str = "epoch";
    pub(super) const REOPENS: &str = "reopens";
    pub(super) const BY: &str = "by";
    pub(super) const LAPSED: &str = "lapsed";
    pub(super) const ERROR: &str = "error";
    pub(super) const REASON: &str = "reason";
}

pub(super) fn attribute(leg: &Leg) -> AttributeValue {
    let mut item = Item::new();
    let mut put = |name: &str, value| item.insert(name.to_owned(), value);
    put(part::STATE, s(leg.state.as_str()));
    put(part::TRIES, n(leg.tries));
    put(part::UNTIL, n(leg.until.0));
    put(part::SINCE, n(leg.since.0));
    if leg.epoch > 0 {
        put(part::EPOCH, n(leg.epoch));
    }
    if leg.reopens > 0 {
        put(part::REOPENS, n(leg.reopens));
    }
    if !leg.by.asks().is_empty() {
        // In order, the youngest last.
        let asks = leg.by.asks().iter().map(|ask| n(ask.0));
        put(part::BY, AttributeValue::L(asks.collect()));
    }
    if leg.lapsed {
        put(part::LAPSED, AttributeValue::Bool(true));
    }
    if let Some(error) = &leg.last_error {
        put(part::ERROR, s(error));
    }
    if let Some(reason) = leg.reason {
        put(part::REASON, s(reason.as_str()));
    }
    AttributeValue::M(item)
}

pub(super) fn read(leg: &AttributeValue) -> Result<Leg, Fault> {
    let item = leg.as_m().map_err(|_| broken(name::LEGS))?;
    let asks = match item.get(part::BY) {
        Some(AttributeValue::L(asks)) => asks.as_slice(),
        Some(_) => return Err(broken(part::BY)),
        None => &[],
    };
    let ask = |value: &AttributeValue| Some(Ask(value.as_n().ok()?.parse().ok()?));
    let asks: Option<Vec<_>> = asks.iter().map(ask).collect();
    let reason = |value: &AttributeValue| {
        let named = value.as_s().ok().and_then(|name| Reason::named(name));
        named.ok_or_else(|| broken(part::REASON))
    };
    Ok(Leg {
        state: LegState::named(text(item, part::STATE)?).ok_or_else(|| broken(part::STATE))?,
        tries: number(item, part::TRIES)?,
        until: UnixMillis(number(item, part::UNTIL)?),
        since: UnixMillis(number(item, part::SINCE)?),
        epoch: number_or_zero(item, part::EPOCH)?,
        reopens: number_or_zero(item, part::REOPENS)?,
        by: asks.ok_or_else(|| broken(part::BY))?.into_iter().collect(),
        lapsed: item.contains_key(part::LAPSED),
        last_error: item
            .get(part::ERROR)
            .and_then(|value| value.as_s().ok())
            .cloned(),
        reason: item.get(part::REASON).map(reason).transpose()?,
    })
}
