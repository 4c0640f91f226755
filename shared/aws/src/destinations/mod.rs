//! Where routes lead that lead out of Landfall: one adapter for each kind of destination.
//!
//! Each of them sends one event by one call, says in words what came of it, and decides whether it may be tried again. None
//! of them tries again by itself: a try is the consumer's to count. What is too large for its kind is refused before it is
//! sent.

mod clients;
mod event_bridge;
mod firehose;
mod http;
mod json;
mod kinesis;
mod lambda;
mod message;
mod refusal;
mod s3;
mod sns;
mod sqs;
mod step_functions;
mod text;

use std::{borrow::Cow, collections::BTreeMap, time::Duration};

use aws_types::SdkConfig;
use catalogue::destination::{self, Http, Kind};
use protocol::{
    outgoing::{Outgoing, Refusal},
    ports,
    time::{Millis, UnixMillis},
};

use crate::{
    outbound::Outbound,
    secrets::{SecretsManager, reader::Reader},
};

/// The destinations of a configuration.
pub struct Destinations(BTreeMap<&'static str, Destination>);

/// One destination, and the way to it.
enum Destination {
    Http(http::Service),
    EventBridge(event_bridge::Bus),
    Sqs(sqs::Queue),
    Sns(sns::Topic),
    Lambda(lambda::Function),
    StepFunctions(step_functions::StateMachine),
    Kinesis(kinesis::Stream),
    Firehose(firehose::Firehose),
    S3(s3::Bucket),
}

impl Destinations {
    /// The ways to these destinations. `secret` holds the secrets of those that name none of their own, which are read again
    /// after `ttl`.
    #[must_use]
    pub fn new(
        all: &'static destination::Destinations,
        config: &SdkConfig,
        secret: &str,
        ttl: Millis,
    ) -> Self {
        let outbound = Outbound::to_services();
        let secrets = SecretsManager::new(config);
        let config = clients::without_retries(config);
        let service = |name: &'static str, http: &'static Http| {
            let (id, name) = match http.secret {
                Some(own) => (own, None),
                None => (secret, Some(name)),
            };
            http::Service {
                outbound: outbound.clone(),
                http,
                secret: Reader::new(secrets.clone(), id, name.map(Cow::Borrowed), ttl),
            }
        };
        let way = |to: &'static destination::Destination| match &to.kind {
            Kind::Http(http) => Destination::Http(service(to.name.as_str(), http)),
            Kind::EventBridge { bus } => {
                Destination::EventBridge(event_bridge::Bus::new(&config, *bus))
            }
            Kind::Sqs { queue, .. } => Destination::Sqs(sqs::Queue::new(&config, *queue)),
            Kind::Sns { topic, .. } => Destination::Sns(sns::Topic::new(&config, *topic)),
            Kind::Lambda {
                function,
                asynchronous,
            } => Destination::Lambda(lambda::Function::new(&config, *function, *asynchronous)),
            Kind::StepFunctions { state_machine } => {
                let machine = step_functions::StateMachine::new(&config, *state_machine);
                Destination::StepFunctions(machine)
            }
            Kind::Kinesis { stream, .. } => {
                Destination::Kinesis(kinesis::Stream::new(&config, *stream))
            }
            Kind::Firehose { stream } => {
                Destination::Firehose(firehose::Firehose::new(&config, *stream))
            }
            Kind::S3 { bucket, .. } => Destination::S3(s3::Bucket::new(&config, bucket)),
        };
        Self(all.iter().map(|to| (to.name.as_str(), way(to))).collect())
    }
}

impl ports::Destinations for Destinations {
    async fn deliver(
        &self,
        destination: &str,
        outgoing: &Outgoing,
        now: UnixMillis,
        limit: Duration,
    ) -> Result<(), Refusal> {
        let Some(destination) = self.0.get(destination) else {
            return Err(Refusal::transient(
                "the configuration has no such destination",
            ));
        };
        let delivered = async {
            match destination {
                Destination::Http(service) => service.deliver(outgoing, now).await,
                Destination::EventBridge(bus) => bus.deliver(outgoing, now).await,
                Destination::Sqs(queue) => queue.deliver(outgoing).await,
                Destination::Sns(topic) => topic.deliver(outgoing).await,
                Destination::Lambda(function) => function.deliver(outgoing).await,
                Destination::StepFunctions(machine) => machine.deliver(outgoing).await,
                Destination::Kinesis(stream) => stream.deliver(outgoing).await,
                Destination::Firehose(stream) => stream.deliver(outgoing).await,
                Destination::S3(bucket) => bucket.deliver(outgoing).await,
            }
        };
        match tokio::time::timeout(limit, delivered).await {
            Ok(delivered) => delivered,
            Err(_) => Err(Refusal::transient("there was no answer in time")),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod testing;
