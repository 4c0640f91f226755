//! What a route makes of an event, as far as the event and the configuration say.

use std::collections::BTreeMap;

use catalogue::{
    Configuration, EventTemplate,
    route::{Route, To},
};
use protocol::outgoing::idempotency_key;
use routing::{Filling, Order, Unfilled, Unordered};

use super::recorded::Recorded;

/// What is sent of an event along one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    /// The reshaped body; `None`: the original bytes.
    pub(crate) body: Option<Vec<u8>>,
    /// What the route says beside it.
    pub(crate) headers: BTreeMap<String, String>,
    /// What the destination's own template comes to, by the name that it has there.
    pub(crate) key: Option<(&'static str, String)>,
    /// What must not be overtaken.
    pub(crate) order: Option<Order>,
}

/// What is sent of an event along a route that it goes, or why nothing can be: the leg would fail.
pub(crate) fn sent(
    recorded: Recorded<'_>,
    route: &Route,
    configuration: &Configuration,
) -> Result<Sent, String> {
    let event = recorded.event;
    let name = route.name.as_str();
    let filling = Filling {
        event: &recorded.as_routes_see_it(configuration),
        route: name,
        idempotency_key: &idempotency_key(&event.key, event.life(), name),
    };
    let unfilled = |why: Unfilled| why.to_string();
    let body = route.body.as_ref().map(|reshape| filling.body(reshape));
    let key = template(route, configuration).map(|(name, template)| {
        let text = filling.text(template).map_err(unfilled)?;
        Ok::<_, String>((name, text))
    });
    let order = route.order_by.map(|order_by| filling.order(order_by));
    Ok(Sent {
        body: body.transpose().map_err(unfilled)?,
        headers: filling.headers(&route.headers).map_err(unfilled)?,
        key: key.transpose()?,
        order: order
            .transpose()
            .map_err(|why: Unordered| why.to_string())?,
    })
}

/// The template of a route's destination, and the key that says it.
fn template(route: &Route, configuration: &Configuration) -> Option<(&'static str, EventTemplate)> {
    let To::Destination(name) = route.to else {
        return None;
    };
    (configuration.destinations.get(name.as_str())?.kind).template()
}
