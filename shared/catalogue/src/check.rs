//! What `landfall check`, the build and a function's start say of a configuration: the same words.

use std::{fmt, iter};

use crate::{
    permission::{Permission, permissions},
    reader::{self, Fault, enumerate},
    source::Environment,
};

/// How much a text configures in one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// In which.
    pub environment: Environment,
    /// How many sources there are.
    pub sources: usize,
    /// How many destinations.
    pub destinations: usize,
    /// How many routes.
    pub routes: usize,
    /// What its stack must be allowed.
    pub permissions: Vec<Permission>,
}

/// How much a text configures in each environment, or everything that is wrong with it, in whichever.
pub fn count(text: &str) -> Result<Vec<Count>, Vec<Fault>> {
    Environment::ALL
        .iter()
        .map(|environment| {
            let read = reader::read(text, *environment)?;
            Ok(Count {
                environment: *environment,
                sources: read.sources.iter().count(),
                destinations: read.destinations.iter().count(),
                routes: read.routes.iter().count(),
                permissions: permissions(&read.destinations),
            })
        })
        .collect()
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = |count: usize, noun: &str| {
            let s = if count == 1 { "" } else { "s" };
            format!("{count} {noun}{s}")
        };
        let sources = noun(self.sources, "source");
        let others: Vec<String> = [(self.destinations, "destination"), (self.routes, "route")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, thing)| noun(count, thing))
            .collect();
        let all = enumerate(iter::once(sources.as_str()).chain(others.iter().map(String::as_str)));
        write!(f, "{all} in {}", self.environment.as_str())
    }
}

/// The faults of a file, one a line.
#[must_use]
pub fn listed(file: &str, faults: &[Fault]) -> String {
    let lines: Vec<String> = (faults.iter())
        .map(|Fault { line, fault, mend }| format!("{file}:{line}: {fault}; {mend}"))
        .collect();
    lines.join("\n")
}

/// That there is no reading the file at all.
#[must_use]
pub fn unreadable(file: &str, why: &impl fmt::Display) -> String {
    format!("{file} can't be read: {why}")
}

/// That a file is sound, and how much it configures.
#[must_use]
pub fn sound(file: &str, counts: &[Count]) -> String {
    let counts: Vec<String> = counts.iter().map(Count::to_string).collect();
    format!("{file} is sound: {}", counts.join(", "))
}

/// The parameters that a stack needs in each environment, one a line, as `sam deploy --parameter-overrides` takes them.
#[must_use]
pub fn needed(counts: &[Count]) -> Vec<String> {
    let counts = counts.iter();
    let lines = counts.flat_map(|count| {
        let environment = count.environment.as_str();
        (count.permissions.iter())
            .map(move |(name, arns)| format!("needed in {environment}: {name}={}", arns.join(",")))
    });
    lines.collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_file_says_how_many_sources_there_are_where() {
        let text = "[sources.a]\nprovider = \"stripe\"\nenvironments = [\"local\", \"test\"]\n\
                    [sources.b]\nprovider = \"github\"\n[sources.b.live]\ntries = 3\n";
        let counts = count(text).unwrap();
        assert_eq!(
            sound("x.toml", &counts),
            "x.toml is sound: 2 sources in local, 2 sources in test, 1 source in live"
        );
    }

    #[test]
    fn what_a_stack_must_be_allowed_is_listed_by_environment() {
        let arn = |service: &str, resource: &str| {
            format!("arn:aws:{service}:eu-central-1:123456789012:{resource}")
        };
        let all = [
            (
                "event_bridge",
                arn("events", "event-bus/a"),
                "DestinationBusArns",
            ),
            (
                "firehose",
                arn("firehose", "deliverystream/a"),
                "DestinationFirehoseArns",
            ),
            (
                "kinesis",
                arn("kinesis", "stream/a"),
                "DestinationStreamArns",
            ),
            (
                "lambda",
                arn("lambda", "function:a"),
                "DestinationFunctionArns",
            ),
            ("sns", arn("sns", "a"), "DestinationTopicArns"),
            ("sqs", arn("sqs", "a"), "DestinationQueueArns"),
            (
                "step_functions",
                arn("states", "stateMachine:a"),
                "DestinationStateMachineArns",
            ),
        ];
        let tables = all.iter().enumerate().flat_map(|(number, (key, arn, _))| {
            // Two destinations may be one thing.
            ["one", "two"]
                .map(|name| format!("[destinations.{name}-{number}]\n{key} = \"{arn}\"\n"))
        });
        let web = "[destinations.web]\nhttp = \"https://a.example\"\n[destinations.web.live]\n\
                   secret = \"arn:aws:secretsmanager:eu-central-1:123456789012:secret:a\"\n";
        let archive =
            "[destinations.z]\ns3 = \"archive\"\nkey = \"{event_id}\"\nenvironments = [\"live\"]\n";
        let text: String = tables.chain([web, archive].map(str::to_owned)).collect();
        let needed = needed(&count(&text).unwrap());
        assert_eq!(needed.len(), 3 * all.len() + 2);
        for (_, arn, parameter) in all {
            let line = format!("needed in test: {parameter}={arn}");
            assert!(needed.contains(&line), "{line}: {needed:#?}");
        }
        for line in [
            "needed in live: DestinationObjectArns=arn:aws:s3:::archive/*",
            "needed in live: DestinationSecretArns=arn:aws:secretsmanager:eu-central-1:123456789012:secret:a",
        ] {
            assert!(needed.contains(&line.to_owned()), "{line}: {needed:#?}");
        }
    }

    #[test]
    fn a_fault_of_another_environment_is_a_fault() {
        let text = "[sources.b]\nprovider = \"github\"\n[sources.b.live]\ntries = 0\n";
        let faults = reader::read(text, Environment::Local).unwrap_err();
        assert_eq!(
            listed("x.toml", &faults),
            "x.toml:4: `tries` is not a whole number from 1 to 50; write tries = 1"
        );
    }
}
