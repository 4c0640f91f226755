//! What a stack's parameters must say together, and together with the configuration, that no parameter's own bounds can say.

use catalogue::{Configuration, permission::permissions};
use protocol::decide::limits::Limits;
use serde_json::{Map, Value};

use super::parameters::{Parameters, Wrong};

/// Writes to one partition of an index that DynamoDB takes in a second.
const PARTITION_WRITES: i64 = 1_000;

/// How much longer than its event a body is kept: for the time after which DynamoDB takes the event away.
const BODY_OUTLIVES_DAYS: i64 = 3;

/// Whether each rule holds, and how to mend those that don't.
pub(super) fn broken(parameters: &Parameters, configured: &Configuration) -> Vec<Wrong> {
    let mut rules = Rules {
        parameters,
        wrong: Vec::new(),
    };
    rules.queue();
    rules.sweeper(configured);
    rules.receiving(configured);
    rules.permissions(configured);
    rules.together();
    rules.wrong
}

struct Rules<'a> {
    parameters: &'a Parameters,
    wrong: Vec<Wrong>,
}

impl Rules<'_> {
    fn queue(&mut self) {
        let [hidden, timeout, window] = self.numbers([
            "VisibilityTimeoutSeconds",
            "ConsumerTimeoutSeconds",
            "BatchWindowSeconds",
        ]);
        let least = 6 * timeout + window;
        // On one machine times are shorter, so that what takes minutes can be watched.
        if hidden < least && !self.is("local") {
            let why = "a ticket would be seen again while Lambda still holds it";
            self.at_least("VisibilityTimeoutSeconds", hidden, least, why);
        }
        let [kept, letters, alarm] = self.numbers([
            "QueueRetentionSeconds",
            "DlqRetentionSeconds",
            "OldestLetterAlarmSeconds",
        ]);
        if letters <= kept {
            let why = "what SQS itself moves there counts from its first sending, and may be gone before anybody sees it";
            self.at_least("DlqRetentionSeconds", letters, kept + 1, why);
        } else if alarm >= letters - kept {
            let why = "a letter that SQS itself moved may be gone before the alarm";
            self.at_most("OldestLetterAlarmSeconds", alarm, letters - kept - 1, why);
        }
        let [base, max] = self.numbers(["BackoffBaseSeconds", "BackoffMaxSeconds"]);
        if max < base {
            let why = "the consumer doesn't start with less than BackoffBaseSeconds";
            self.at_least("BackoffMaxSeconds", max, base, why);
        }
        let [receives, tries] = self.numbers(["MaxReceiveCount", "Tries"]);
        if receives < 5 * tries {
            let why = "SQS would give tickets up that have tries left";
            self.at_least("MaxReceiveCount", receives, 5 * tries, why);
        }
    }

    fn sweeper(&mut self, configured: &Configuration) {
        const AGES: &str = "SweepAgesSeconds";
        let ages: Vec<i64> = (self.parameters.list(AGES).iter())
            .filter_map(|age| age.parse().ok())
            .collect();
        let last = ages.last().copied().unwrap_or_default();
        if !ages.is_sorted_by(|a, b| a < b) {
            self.say(
                AGES,
                format!("{AGES} doesn't rise"),
                "write the ages in their order".into(),
            );
        }
        let [hidden] = self.numbers(["VisibilityTimeoutSeconds"]);
        let limits = configured.routes.iter().map(|route| {
            let limit = route
                .age_limit
                .map(|limit| i64::try_from(limit.as_secs()).unwrap_or(i64::MAX));
            limit.unwrap_or(Limits::AGE.0 / 1_000)
        });
        let longest = limits.max().unwrap_or_default();
        if last <= hidden {
            let why = "the sweeper doesn't start with a last age within VisibilityTimeoutSeconds";
            self.last_age(last, hidden, why);
        } else if last <= longest && !self.is("local") {
            let why = "the last look must come later than the longest `age_limit` of a route, or nobody looks after what still waits then";
            self.last_age(last, longest, why);
        }
        let schedule = self.parameters.text("SweepSchedule");
        let [alarm] = self.numbers(["SweeperAlarmSeconds"]);
        if let Some(every) = seconds_of_rate(schedule)
            && alarm <= every
        {
            let fault = format!(
                "SweeperAlarmSeconds is {alarm}, and the sweeper runs by {schedule}: it would always be raised"
            );
            let mend = "take a larger one of its values, or run the sweeper more often".into();
            self.say("SweeperAlarmSeconds", fault, mend);
        }
    }

    fn last_age(&mut self, last: i64, than: i64, why: &str) {
        let fault =
            format!("the last of SweepAgesSeconds is {last}, which is no more than {than}: {why}");
        self.say(
            "SweepAgesSeconds",
            fault,
            format!("add an age of more than {than}"),
        );
    }

    fn receiving(&mut self, configured: &Configuration) {
        let [rate, shards] = self.numbers(["ThrottleRate", "Shards"]);
        if rate > PARTITION_WRITES * shards && self.parameters.text("FrontDoor") == "api" {
            let needed = (rate + PARTITION_WRITES - 1) / PARTITION_WRITES;
            let fault = format!(
                "ThrottleRate is {rate}, and the ledger's index takes {PARTITION_WRITES} events a second for each of {shards} in Shards"
            );
            self.say(
                "Shards",
                fault,
                format!("write Shards={needed}, or a lower ThrottleRate"),
            );
        }
        let retained = configured
            .sources
            .iter()
            .map(|source| i64::from(source.retention_days));
        let least = retained.max().unwrap_or_default() + BODY_OUTLIVES_DAYS;
        let [days] = self.numbers(["BodyDays"]);
        if days < least {
            let why = "large bodies would be gone before their events are";
            self.at_least("BodyDays", days, least, why);
        }
    }

    fn permissions(&mut self, configured: &Configuration) {
        for (parameter, arns) in permissions(&configured.destinations) {
            for arn in arns {
                self.listed(parameter, &arn, "the consumer may not reach a destination");
            }
        }
        let own = configured.sources.iter().filter_map(|source| source.secret);
        let own: std::collections::BTreeSet<_> =
            own.filter(|secret| secret.starts_with("arn:")).collect();
        for arn in own {
            self.listed(
                "OwnSecretArns",
                arn,
                "ingest may not read a source's own secret",
            );
        }
    }

    fn listed(&mut self, parameter: &'static str, arn: &str, why: &str) {
        let listed = self.parameters.list(parameter);
        if !listed.iter().any(|pattern| fits(pattern, arn)) {
            let fault = format!("{parameter} doesn't list {arn}: {why}");
            let all: Vec<&str> = listed.into_iter().chain([arn]).collect();
            self.say(
                parameter,
                fault,
                format!("write {parameter}={}", all.join(",")),
            );
        }
    }

    fn together(&mut self) {
        let text = |name| self.parameters.text(name);
        if self.is("live") && text("AlarmTopicArn").is_empty() {
            let fault = "AlarmTopicArn is empty: nobody is told when something stands still, which live refuses";
            let mend = "write AlarmTopicArn= and the ARN of an SNS topic";
            self.say("AlarmTopicArn", fault.into(), mend.into());
        }
        let [budget] = self.numbers(["MonthlyBudget"]);
        if budget > 0 && text("AlarmTopicArn").is_empty() && !self.is("live") {
            let fault = format!(
                "MonthlyBudget is {budget} and AlarmTopicArn is empty: nobody would be told"
            );
            let mend = "write AlarmTopicArn= and the ARN of an SNS topic".into();
            self.say("AlarmTopicArn", fault, mend);
        }
        for [one, other] in [
            ["FrontSecretArn", "FrontDomain"],
            ["SubnetIds", "SecurityGroupIds"],
        ] {
            let (has, lacks) = match (text(one).is_empty(), text(other).is_empty()) {
                (false, true) => (one, other),
                (true, false) => (other, one),
                _ => continue,
            };
            let fault = format!("{has} is set and {lacks} isn't: they go together");
            self.say(lacks, fault, format!("set {lacks} as well, or neither"));
        }
        self.domain();
        let text = self.parameters.text("HandlerSettings");
        let settings = serde_json::from_str::<Map<String, Value>>(text);
        if settings.is_err() {
            // What is wrong with it is not quoted: people put into it what they shouldn't.
            let fault = "HandlerSettings is no JSON object: the consumer wouldn't start".into();
            self.say(
                "HandlerSettings",
                fault,
                r#"write HandlerSettings="{\"name\": \"value\"}""#.into(),
            );
        }
    }

    fn domain(&mut self) {
        let is_set = |name| !self.parameters.text(name).is_empty();
        let (domain, certificate) = (is_set("DomainName"), is_set("CertificateArn"));
        let record = is_set("HostedZoneId");
        if domain && !certificate {
            let fault = "DomainName is set and CertificateArn isn't: API Gateway serves no domain without its certificate";
            let mend = "write CertificateArn= and the ARN of its certificate in ACM";
            self.say("CertificateArn", fault.into(), mend.into());
        }
        if domain && self.parameters.text("FrontDoor") != "api" {
            let fault = "DomainName is set and FrontDoor isn't api: a function URL can have no domain of yours";
            self.say(
                "FrontDoor",
                fault.into(),
                "write FrontDoor=api, or put infra/front.yaml before it".into(),
            );
        }
        if !domain && (certificate || record) {
            let fault =
                "CertificateArn or HostedZoneId is set and DomainName isn't, whose they are";
            self.say(
                "DomainName",
                fault.into(),
                "set DomainName as well, or none of them".into(),
            );
        }
    }

    /// The values of these parameters. One that isn't a number is named as out of its bounds.
    fn numbers<const N: usize>(&self, names: [&str; N]) -> [i64; N] {
        names.map(|name| self.parameters.number(name).unwrap_or_default())
    }

    fn is(&self, environment: &str) -> bool {
        self.parameters.text("Environment") == environment
    }

    fn at_least(&mut self, parameter: &str, is: i64, least: i64, why: &str) {
        let fault = format!("{parameter} is {is}, which is less than {least}: {why}");
        self.say(parameter, fault, format!("write {parameter}={least}"));
    }

    fn at_most(&mut self, parameter: &str, is: i64, most: i64, why: &str) {
        let fault = format!("{parameter} is {is}, which is more than {most}: {why}");
        self.say(parameter, fault, format!("write {parameter}={most}"));
    }

    fn say(&mut self, parameter: &str, fault: String, mend: String) {
        let parameter = parameter.to_owned();
        self.wrong.push(Wrong {
            parameter,
            fault,
            mend,
        });
    }
}

/// How many seconds lie between two runs of a rate; a cron expression says nothing of it.
fn seconds_of_rate(schedule: &str) -> Option<i64> {
    let rate = schedule.strip_prefix("rate(")?.strip_suffix(')')?;
    let (number, unit) = rate.split_once(' ')?;
    let seconds = match unit.trim_end_matches('s') {
        "minute" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(seconds)
}

/// Whether IAM would let this pattern, in which a star is anything, stand for the ARN.
fn fits(pattern: &str, arn: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == arn,
        Some((head, rest)) => {
            let Some(after) = arn.strip_prefix(head) else {
                return false;
            };
            let ends = (0..=after.len()).filter(|at| after.is_char_boundary(*at));
            ends.map(|at| &after[at..]).any(|tail| fits(rest, tail))
        }
    }
}

#[cfg(test)]
mod tests;
