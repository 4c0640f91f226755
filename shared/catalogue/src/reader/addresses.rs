//! IP addresses and networks.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{
    report::{Report, shown},
    value::Value,
};

pub(super) fn addresses(item: Value<'_>, report: &mut Report<'_>) -> Option<IpNet> {
    let text = item.text(report)?;
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(IpNet::from(address.to_canonical()));
    }
    match text.parse::<IpNet>() {
        Ok(net) if net.trunc() == net => Some(net),
        Ok(net) => {
            report.add(
                item.at(),
                format!("`{text}` names one address and a network at once"),
                format!(
                    "write \"{}\" for the network or \"{}\" for the address",
                    net.trunc(),
                    net.addr()
                ),
            );
            None
        }
        Err(_) => {
            report.add(
                item.at(),
                format!("`{}` is no IP address and no network", shown(text)),
                "write, for example, \"203.0.113.7\" or \"203.0.113.0/24\"",
            );
            None
        }
    }
}
