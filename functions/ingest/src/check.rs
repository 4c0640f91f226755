//! The check of a version that gets no deliveries yet. A deployment asks for it, by invoking that version itself; what comes
//! through API Gateway or a function URL has another form, whatever a stranger writes.
//!
//! The delivery is signed with a secret that whoever asks has made up, and goes the way of all: the same proof, ledger, bucket and
//! queue. Its source is in no file, and no route takes its event. Beside that the secrets of the configured sources are read.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use catalogue::{KeyOrigin, Source, Sources};
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use landfall_aws::metrics::{By, Line};
use protocol::{
    fault::{Fault, FaultKind},
    ports::{BodyStore, Clock, Queue, Recorder},
    time::UnixMillis,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};
use webhook::{
    keys::{Keys, Secret, origin::Origin},
    ports::{Enrolments, Quarantine, Secrets},
    refusal::Reason,
};

use crate::{
    receive::{Settings, receive},
    world::World,
};

/// How what is asked begins. API Gateway's event begins with its version.
const BEGINS: &str = "{\"landfall-check\":";

static SOURCES: LazyLock<Sources> = LazyLock::new(Sources::of_check);

#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "landfall-check")]
    check: Given,
}

#[derive(Deserialize)]
struct Given {
    /// What the delivery is signed with, as Standard Webhooks has it.
    secret: String,
    /// The delivery, as API Gateway would hand it over.
    delivery: Box<RawValue>,
}

/// What came of it.
#[derive(Serialize)]
pub struct Told {
    /// What a provider would have been answered.
    answer: ApiGatewayV2httpResponse,
    /// What was logged of it.
    line: Value,
    /// Which secrets can't be read, and why. What they say is not this version's doing.
    unreadable: Vec<String>,
}

/// Whether this event asks for a check.
#[must_use]
pub fn is_asked(event: &str) -> bool {
    event.starts_with(BEGINS)
}

/// Takes the delivery that is asked for.
pub async fn check(
    world: &impl World,
    settings: &Settings,
    event: &str,
    deadline: UnixMillis,
) -> Result<Told, Fault> {
    // What serde says of a fault may quote the secret.
    let asked = serde_json::from_str(event).map_err(|_| {
        let text = "it has no secret, or no delivery";
        Fault::new(FaultKind::Malformed, "reading what is to be checked", text)
    });
    let Asked { check } = asked?;
    let secret = Secret::new(check.secret, "check");
    let schemes = SOURCES
        .iter()
        .next()
        .map_or(&[][..], |source| source.schemes);
    let checked = Checked {
        world,
        given: GivenKeys(Arc::new(Keys::load(schemes, &[secret]).0)),
        line: Mutex::default(),
    };
    let settings_of_check = Settings {
        sources: &SOURCES,
        ..*settings
    };
    let delivery = check.delivery.get();
    let answer = receive(&checked, &settings_of_check, delivery, deadline).await;
    let line = checked.line.into_inner();
    Ok(Told {
        answer,
        line: line.unwrap_or_else(PoisonError::into_inner),
        unreadable: unreadable(world, settings.sources).await,
    })
}

/// The secrets that can't be read. Each is read once, for one of its sources.
async fn unreadable(world: &impl World, sources: &Sources) -> Vec<String> {
    let mut of_secret: BTreeMap<Option<&str>, &Source> = BTreeMap::new();
    for source in sources.iter() {
        if matches!(source.keys, KeyOrigin::Secret | KeyOrigin::Asked(_)) {
            of_secret.entry(source.secret).or_insert(source);
        }
    }
    let mut faults = Vec::new();
    for source in of_secret.into_values() {
        let now = world.clock().now();
        let keys = world.secrets().keys(source, &Origin::Secret, now).await;
        match keys.map_err(|fault| (fault.kind, fault)) {
            Ok(_) | Err((FaultKind::Absent | FaultKind::Malformed, _)) => {}
            Err((_, fault)) => faults.push(fault.to_string()),
        }
    }
    faults
}

/// The world, where the keys are those that whoever asks has given.
struct Checked<'a, W> {
    world: &'a W,
    given: GivenKeys,
    line: Mutex<Value>,
}

struct GivenKeys(Arc<Keys>);

impl<W: World> World for Checked<'_, W> {
    fn ledger(&self) -> &impl Recorder {
        self.world.ledger()
    }

    fn queue(&self) -> &impl Queue {
        self.world.queue()
    }

    fn bodies(&self) -> &impl BodyStore {
        self.world.bodies()
    }

    fn secrets(&self) -> &impl Secrets {
        &self.given
    }

    fn enrolments(&self) -> &impl Enrolments {
        self.world.enrolments()
    }

    fn quarantine(&self) -> &impl Quarantine {
        self.world.quarantine()
    }

    fn clock(&self) -> &impl Clock {
        self.world.clock()
    }

    fn note(&self, line: Line) {
        *self.line.lock().unwrap_or_else(PoisonError::into_inner) = json!(line.json(By::Stack));
        self.world.note(line);
    }
}

impl Secrets for GivenKeys {
    async fn keys(&self, _: &Source, _: &Origin, _: UnixMillis) -> Result<Arc<Keys>, Fault> {
        Ok(Arc::clone(&self.0))
    }

    async fn refresh(&self, _: &Source, _: &Origin, _: UnixMillis) {}

    async fn refetch(
        &self,
        _: &Source,
        _: &Origin,
        _: UnixMillis,
    ) -> Result<Option<Arc<Keys>>, Fault> {
        Ok(None)
    }

    async fn quarantined_until(&self, _: &Source, _: Reason, _: UnixMillis) -> Option<UnixMillis> {
        None
    }
}
