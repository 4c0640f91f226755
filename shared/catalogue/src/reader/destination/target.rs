//! What a destination is: one of nine kinds, each a key of its own.

use crate::{
    arn::Arn,
    reader::{
        report::{Report, shown},
        shape::Rule,
        slot::Slot,
        table::Table,
        value::Value,
    },
};

use super::url::url;

/// What a destination is, without what goes with it.
#[derive(Clone, Copy, Debug)]
pub(in crate::reader) enum Target {
    Http(&'static str),
    EventBridge(Arn),
    Sqs(Arn),
    Sns(Arn),
    Lambda(Arn),
    StepFunctions(Arn),
    Kinesis(Arn),
    Firehose(Arn),
    S3(&'static str),
}

impl Target {
    /// The key that says it.
    pub(in crate::reader) const fn word(self) -> &'static str {
        match self {
            Self::Http(_) => "http",
            Self::EventBridge(_) => "event_bridge",
            Self::Sqs(_) => "sqs",
            Self::Sns(_) => "sns",
            Self::Lambda(_) => "lambda",
            Self::StepFunctions(_) => "step_functions",
            Self::Kinesis(_) => "kinesis",
            Self::Firehose(_) => "firehose",
            Self::S3(_) => "s3",
        }
    }
}

/// What an ARN of one kind looks like.
struct Arns {
    key: &'static str,
    service: &'static str,
    /// What stands before the name.
    before: &'static str,
    /// The whole of it, as a regular expression.
    pattern: &'static str,
    example: &'static str,
    of: fn(Arn) -> Target,
}

const ARNS: [Arns; 7] = [
    Arns {
        key: "event_bridge",
        service: "events",
        before: "event-bus/",
        pattern: "^arn:aws(-[a-z0-9-]+)?:events:[a-z0-9-]+:[0-9]{12}:event-bus/[0-9A-Za-z._/-]+$",
        example: "arn:aws:events:eu-central-1:123456789012:event-bus/default",
        of: Target::EventBridge,
    },
    Arns {
        key: "sqs",
        service: "sqs",
        before: "",
        pattern: "^arn:aws(-[a-z0-9-]+)?:sqs:[a-z0-9-]+:[0-9]{12}:[0-9A-Za-z._/-]+$",
        example: "arn:aws:sqs:eu-central-1:123456789012:orders",
        of: Target::Sqs,
    },
    Arns {
        key: "sns",
        service: "sns",
        before: "",
        pattern: "^arn:aws(-[a-z0-9-]+)?:sns:[a-z0-9-]+:[0-9]{12}:[0-9A-Za-z._/-]+$",
        example: "arn:aws:sns:eu-central-1:123456789012:orders",
        of: Target::Sns,
    },
    Arns {
        key: "lambda",
        service: "lambda",
        before: "function:",
        pattern: "^arn:aws(-[a-z0-9-]+)?:lambda:[a-z0-9-]+:[0-9]{12}:function:[0-9A-Za-z._/-]+(:[0-9A-Za-z_-]+)?$",
        example: "arn:aws:lambda:eu-central-1:123456789012:function:orders",
        of: Target::Lambda,
    },
    Arns {
        key: "step_functions",
        service: "states",
        before: "stateMachine:",
        pattern: "^arn:aws(-[a-z0-9-]+)?:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[0-9A-Za-z._/-]+(:[0-9A-Za-z_-]+)?$",
        example: "arn:aws:states:eu-central-1:123456789012:stateMachine:orders",
        of: Target::StepFunctions,
    },
    Arns {
        key: "kinesis",
        service: "kinesis",
        before: "stream/",
        pattern: "^arn:aws(-[a-z0-9-]+)?:kinesis:[a-z0-9-]+:[0-9]{12}:stream/[0-9A-Za-z._/-]+$",
        example: "arn:aws:kinesis:eu-central-1:123456789012:stream/orders",
        of: Target::Kinesis,
    },
    Arns {
        key: "firehose",
        service: "firehose",
        before: "deliverystream/",
        pattern: "^arn:aws(-[a-z0-9-]+)?:firehose:[a-z0-9-]+:[0-9]{12}:deliverystream/[0-9A-Za-z._/-]+$",
        example: "arn:aws:firehose:eu-central-1:123456789012:deliverystream/orders",
        of: Target::Firehose,
    },
];

/// What the table says that the destination is: one thing, or nothing.
pub(super) fn target(table: &Table<'_>, report: &mut Report<'_>) -> Slot<Target> {
    table.rule(Rule::AtMostOne(&[
        &["http"],
        &["event_bridge"],
        &["sqs"],
        &["sns"],
        &["lambda"],
        &["step_functions"],
        &["kinesis"],
        &["firehose"],
        &["s3"],
    ]));
    let mut found: Vec<(&str, Slot<Target>)> = vec![(
        "http",
        table.slot("http", report, |value, report| {
            url(value, report).map(Target::Http)
        }),
    )];
    for arns in &ARNS {
        let read = |value: Value<'_>, report: &mut Report<'_>| arn(value, arns, report);
        found.push((arns.key, table.slot(arns.key, report, read)));
    }
    found.push(("s3", table.slot("s3", report, bucket)));
    let mut there = (found.into_iter()).filter(|(_, slot)| !slot.is_absent());
    let Some((first, slot)) = there.next() else {
        return Slot::Absent;
    };
    let mut is_alone = true;
    for (other, slot) in there {
        is_alone = false;
        if let Some(at) = slot.at() {
            report.add(
                at,
                format!("the destination is two things at once: `{first}` and `{other}`"),
                "keep one of the two; for both, write two destinations and a route to each",
            );
        }
    }
    if is_alone { slot } else { Slot::Faulty }
}

fn arn(value: Value<'_>, arns: &Arns, report: &mut Report<'_>) -> Option<Target> {
    let text = value.like(arns.pattern).text(report)?;
    let in_name = |b: u8| b.is_ascii_alphanumeric() || b"._/-".contains(&b);
    let in_qualifier = |b: u8| b.is_ascii_alphanumeric() || b"_-".contains(&b);
    let has_qualifier = matches!(arns.service, "lambda" | "states");
    let found = Arn::parse(text).filter(|arn| {
        let name = (arn.service() == arns.service)
            .then(|| arn.resource().strip_prefix(arns.before))
            .flatten()
            .unwrap_or_default();
        let (name, qualifier) = match name.split_once(':') {
            Some((name, qualifier)) if has_qualifier => (name, Some(qualifier)),
            _ => (name, None),
        };
        !name.is_empty()
            && name.bytes().all(in_name)
            && qualifier.is_none_or(|text| !text.is_empty() && text.bytes().all(in_qualifier))
    });
    if found.is_none() {
        report.add(
            value.at(),
            format!("`{}` is no ARN for `{}`", shown(text), arns.key),
            format!(
                "write it whole, for example {} = \"{}\"",
                arns.key, arns.example
            ),
        );
    }
    found.map(arns.of)
}

/// A bucket's name, as S3 has them.
fn bucket(value: Value<'_>, report: &mut Report<'_>) -> Option<Target> {
    let text = value
        .like("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
        .text(report)?;
    let at_ends = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let within = |b: u8| at_ends(&b) || b == b'.' || b == b'-';
    let fits = (3..=63).contains(&text.len())
        && text.bytes().all(within)
        && [text.as_bytes().first(), text.as_bytes().last()]
            .into_iter()
            .flatten()
            .all(at_ends);
    if !fits {
        report.add(
            value.at(),
            format!("`{}` is no name of a bucket", shown(text)),
            "write its name alone, for example s3 = \"orders-archive\"",
        );
    }
    fits.then_some(Target::S3(text))
}
