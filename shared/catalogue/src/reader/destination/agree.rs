//! A destination of one environment: its tables laid over each other. Here it is checked that they agree.

use crate::{
    destination::{Destination, DestinationName, Http, Kind},
    reader::{report::Report, slot::Slot},
};

use super::{DestinationLayer, Target};

/// How the name of a FIFO queue or topic ends.
const FIFO: &str = ".fifo";

/// What only some kinds have, by its key: whether it is there, and which kinds have it.
type Extra = (&'static str, Option<usize>, &'static [&'static str]);

/// A destination of one environment, if everything in it is well and agrees.
pub(in crate::reader) fn destination(
    name: Option<DestinationName>,
    layer: DestinationLayer,
    at: usize,
    report: &mut Report<'_>,
) -> Option<Destination> {
    let target = match layer.target {
        Slot::Given(_, target) => target,
        Slot::Faulty => return None,
        Slot::Absent => {
            report.missing(
                at,
                "the destination leads nowhere",
                "say what it is, for example http = \"https://billing.example.com/hooks\"",
            );
            return None;
        }
    };
    let extras: [Extra; 5] = [
        ("headers", layer.headers.at(), &["http"]),
        ("secret", layer.secret.at(), &["http"]),
        ("group", layer.group.at(), &["sqs", "sns"]),
        ("key", layer.key.at(), &["kinesis", "s3"]),
        ("invocation", layer.invocation.at(), &["lambda"]),
    ];
    for (key, place, kinds) in extras {
        if let Some(at) = place
            && !kinds.contains(&target.word())
        {
            report.add(
                at,
                format!("`{key}` says nothing to `{}`", target.word()),
                format!("leave it out: it belongs to `{}`", kinds.join("` and `")),
            );
        }
    }
    let kind = match target {
        Target::Http(url) => Kind::Http(Http {
            url,
            headers: layer.headers.value().unwrap_or_default(),
            secret: layer.secret.value(),
        }),
        Target::EventBridge(bus) => Kind::EventBridge { bus },
        Target::Sqs(queue) => {
            group_fits(&layer, queue.resource(), "queue", at, report)?;
            let group = layer.group.value();
            Kind::Sqs { queue, group }
        }
        Target::Sns(topic) => {
            group_fits(&layer, topic.resource(), "topic", at, report)?;
            let group = layer.group.value();
            Kind::Sns { topic, group }
        }
        Target::Lambda(function) => Kind::Lambda {
            function,
            asynchronous: layer.invocation.value().unwrap_or(false),
        },
        Target::StepFunctions(state_machine) => Kind::StepFunctions { state_machine },
        Target::Kinesis(stream) => {
            let key = layer.key.value();
            Kind::Kinesis { stream, key }
        }
        Target::Firehose(stream) => Kind::Firehose { stream },
        Target::S3(bucket) => {
            if layer.key.is_absent() {
                report.missing(
                    at,
                    "the destination has no `key`: an object for each event needs a name",
                    "write, for example, key = \"{source}/{date}/{event_id}\"",
                );
            }
            let key = layer.key.value()?;
            Kind::S3 { bucket, key }
        }
    };
    Some(Destination {
        name: name?,
        kind,
        rate: layer.rate.value(),
        concurrency: layer.concurrency.value(),
        timeout: layer.timeout.value(),
    })
}

/// Whether there is a group just where one is needed: at a FIFO queue or topic.
fn group_fits(
    layer: &DestinationLayer,
    name: &str,
    noun: &str,
    at: usize,
    report: &mut Report<'_>,
) -> Option<()> {
    match (name.ends_with(FIFO), &layer.group) {
        (true, Slot::Absent) => {
            report.missing(
                layer.target.at().unwrap_or(at),
                format!("a FIFO {noun} has no `group`"),
                "say what stays in order among itself, for example group = \"{json:data.object.id}\"",
            );
            None
        }
        (false, Slot::Given(at, _)) => {
            report.add(
                *at,
                format!("`group` says nothing to a standard {noun}, which keeps no order"),
                format!("leave it out, or name a FIFO {noun}: one whose name ends in `.fifo`"),
            );
            None
        }
        (_, Slot::Faulty) => None,
        _ => Some(()),
    }
}
