//! The destinations' side: what leads to them, what they say, and what is held against the contract there.

use protocol::{
    destination::{Health, Standing, Window},
    ledger::{EventKey, Life},
    outgoing::{Outgoing, Refusal},
    time::Millis,
};
use serde_json::json;
use support::world::NOW;

use super::{
    drive::World,
    sender::{SECRET, Sent, delivery},
    state::State,
};

/// The source whose events are sent to destinations.
pub const OUT: &str = "out";

/// Where they are sent to.
pub(super) const BILLING: &str = "billing";

/// The same with bounds.
pub(super) const NARROW: &str = "narrow";

/// Its windows.
pub(super) const MINUTE: Millis = Millis::seconds(60);

pub(super) const CONFIGURATION: &str = r#"
[sources.out]
event_id = "{json:id}"
event_type = "{json:type}"
[sources.out.scheme]
algorithm = "hmac-sha256"
key = "text"
signature = { header = "X-Shop-Signature", prefix = "sha256=" }
encoding = "hex"
message = "{body}"

[destinations.billing]
http = "https://billing.example.com/hooks"

[destinations.narrow]
http = "https://narrow.example.com/hooks"
rate = "2/min"
concurrency = 1

[routes.sent]
from = ["out"]
types = ["plain", "beside"]
to = "billing"

[routes.beside]
from = ["out"]
types = ["beside"]
to = "handler:handle"

[routes.bounded]
from = ["out"]
types = ["bounded"]
to = "narrow"

[routes.ordered]
from = ["out"]
types = ["ordered"]
to = "billing"
order_by = { entity = "{json:entity}", version = "{json:version}" }

[routes.brief]
from = ["out"]
types = ["brief"]
to = "billing"
age_limit = "1h"
"#;

/// An event of this type, in this version of what it is about.
#[must_use]
pub fn event_out(id: &str, kind: &str, version: u32) -> Sent {
    let body = json!({"id": id, "type": kind, "entity": "in_1", "version": version}).to_string();
    Sent {
        key: EventKey::new(OUT, id),
        request: delivery(OUT, &body, &[], SECRET, NOW),
        body: body.into_bytes(),
        items: None,
        authentic: true,
    }
}

/// A failure that may pass.
pub(super) fn transient() -> Refusal {
    Refusal::transient("the address answered 503")
}

impl World {
    /// From here on this is what the destinations say.
    pub(super) fn falters(&self, refusal: &Refusal) {
        let mut state = self.state();
        for name in [BILLING, NARROW] {
            state.refusals.insert(name.into(), refusal.clone());
        }
    }

    /// From here on they take what they refuse.
    pub(super) fn lie(&self) {
        self.state().liars.extend([BILLING, NARROW]);
    }

    /// The destinations work again, and a person lets go on what was paused.
    pub(super) fn mend_destinations(&self) {
        let mut state = self.state();
        state.refusals.clear();
        state.liars.clear();
        let health = &mut state.gates.health;
        health.retain(|_, health| health.standing != Standing::Paused);
    }

    /// The destination has stood like this for a moment, and is to be tried after so long. If it is closed, one more
    /// failure opens it.
    pub(super) fn stands(&self, standing: Standing, until: Millis) {
        let mut state = self.state();
        let now = state.now();
        let window = Window {
            began: now,
            reached: 0,
            failed: 4,
        };
        let health = Health {
            standing,
            since: now,
            until: now.plus(until),
            window: if standing == Standing::Closed {
                window
            } else {
                Window::default()
            },
            revision: 1,
            ..Health::default()
        };
        state.gates.health.insert(BILLING.into(), health);
    }
}

impl State {
    /// An event was sent to a destination, which did or didn't say that it has taken it: that is its leg's run. Whoever
    /// is sent it a second time, by a retry, a takeover or a replay, is to know it again by its name.
    pub(super) fn delivered(&mut self, outgoing: &Outgoing, taken: bool) {
        let life = Life(outgoing.received_at);
        let key = self.key_of(&outgoing.source, &outgoing.event_id, life);
        let (attempt, route) = (outgoing.attempt, outgoing.route.as_str());
        self.ran(&key, life, attempt, route, &outgoing.body);
        if taken {
            self.did_run(&key, life, attempt, route);
        }
        let leg = (key, life, outgoing.route.clone());
        let name = &outgoing.idempotency_key;
        let mut known = self.ghost.names.iter();
        let others = known.any(|(other, known)| (*other == leg) != (known == name));
        if others {
            let (key, _, route) = &leg;
            self.violated(format!(
                "S4: {route} of {key} was sent under a name that is not its own"
            ));
        }
        self.ghost.names.insert(leg, name.clone());
    }
}
