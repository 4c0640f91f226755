//! What a stack must be allowed so that it can send to a configuration's destinations: parameters of the template, each a
//! list of ARNs, and empty where nothing of its kind is a destination.

use std::collections::BTreeMap;

use crate::destination::{Destination, Destinations, Kind};

/// A parameter of the template, and the ARNs that it must list.
pub type Permission = (&'static str, Vec<String>);

/// The parameters that these destinations need, by name; no ARN twice.
#[must_use]
pub fn permissions(destinations: &Destinations) -> Vec<Permission> {
    let mut needed: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (parameter, arn) in destinations.iter().filter_map(permission) {
        let arns = needed.entry(parameter).or_default();
        if !arns.contains(&arn) {
            arns.push(arn);
        }
    }
    needed.into_iter().collect()
}

/// The parameter that a destination needs, and the ARN that it must list. A service that is posted to needs no permission of
/// AWS, but its secret may: one that is named, and not by its ARN, has an ARN that nobody can tell from here.
#[must_use]
pub fn permission(destination: &Destination) -> Option<(&'static str, String)> {
    let (parameter, arn) = match &destination.kind {
        Kind::Http(http) => {
            let own = http.secret.filter(|secret| secret.starts_with("arn:"));
            return own.map(|secret| ("DestinationSecretArns", secret.to_owned()));
        }
        // Nothing but the name is in the ARN of a bucket; the operator may narrow down which of its objects.
        Kind::S3 { bucket, .. } => {
            return Some(("DestinationObjectArns", format!("arn:aws:s3:::{bucket}/*")));
        }
        Kind::EventBridge { bus } => ("DestinationBusArns", bus),
        Kind::Sqs { queue, .. } => ("DestinationQueueArns", queue),
        Kind::Sns { topic, .. } => ("DestinationTopicArns", topic),
        Kind::Lambda { function, .. } => ("DestinationFunctionArns", function),
        Kind::StepFunctions { state_machine } => ("DestinationStateMachineArns", state_machine),
        Kind::Kinesis { stream, .. } => ("DestinationStreamArns", stream),
        Kind::Firehose { stream } => ("DestinationFirehoseArns", stream),
    };
    Some((parameter, arn.to_string()))
}
