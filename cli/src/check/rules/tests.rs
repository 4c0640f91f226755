#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use catalogue::{Environment, reader};

use super::*;

const QUEUE: &str = "arn:aws:sqs:eu-central-1:123456789012:orders";
const SECRET: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:a-b1c2d3";

/// What is said of a deployment to `test` with these parameters and this configuration.
fn said_of(given: &[(&str, &str)], text: &str) -> Vec<(String, String)> {
    let mut all = BTreeMap::from([("Environment".to_owned(), "test".to_owned())]);
    let given = given.iter();
    all.extend(given.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let environment = Environment::named(&all["Environment"]).unwrap();
    let configured = reader::read(text, environment).unwrap();
    let wrong = broken(&Parameters::with(&all), &configured).into_iter();
    wrong.map(|wrong| (wrong.fault, wrong.mend)).collect()
}

/// That a deployment breaks this rule and no other, and keeps it with one more parameter.
#[track_caller]
fn assert_rule(given: &[(&str, &str)], text: &str, fault: &str, mend: &str, mended: (&str, &str)) {
    let said = said_of(given, text);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].0.starts_with(fault), "{said:?}");
    assert_eq!(said[0].1, mend);
    let given: Vec<_> = given.iter().copied().chain([mended]).collect();
    assert_eq!(said_of(&given, text), [], "mended by {mended:?}");
}

#[test]
fn the_templates_defaults_keep_every_rule() {
    assert_eq!(said_of(&[], ""), []);
    let topic = (
        "AlarmTopicArn",
        "arn:aws:sns:eu-central-1:123456789012:alarms",
    );
    assert_eq!(said_of(&[("Environment", "live"), topic], ""), []);
}

#[test]
fn a_ticket_is_hidden_for_six_timeouts_and_the_window() {
    assert_rule(
        &[("BatchWindowSeconds", "1")],
        "",
        "VisibilityTimeoutSeconds is 360, which is less than 361",
        "write VisibilityTimeoutSeconds=361",
        ("VisibilityTimeoutSeconds", "361"),
    );
    assert_eq!(
        said_of(&[("Environment", "local"), ("BatchWindowSeconds", "1")], ""),
        []
    );
}

#[test]
fn letters_are_kept_for_longer_than_tickets_and_an_alarm_comes_before_they_go() {
    assert_rule(
        &[("DlqRetentionSeconds", "604800")],
        "",
        "DlqRetentionSeconds is 604800, which is less than 604801",
        "write DlqRetentionSeconds=604801",
        ("DlqRetentionSeconds", "1209600"),
    );
    assert_rule(
        &[("OldestLetterAlarmSeconds", "604800")],
        "",
        "OldestLetterAlarmSeconds is 604800, which is more than 604799",
        "write OldestLetterAlarmSeconds=604799",
        ("OldestLetterAlarmSeconds", "604799"),
    );
}

#[test]
fn tries_fit_their_waits_and_their_receives() {
    assert_rule(
        &[("BackoffBaseSeconds", "901")],
        "",
        "BackoffMaxSeconds is 900, which is less than 901",
        "write BackoffMaxSeconds=901",
        ("BackoffMaxSeconds", "901"),
    );
    assert_rule(
        &[("Tries", "21")],
        "",
        "MaxReceiveCount is 100, which is less than 105",
        "write MaxReceiveCount=105",
        ("MaxReceiveCount", "105"),
    );
}

#[test]
fn the_last_look_is_later_than_anything_waits() {
    let route = "[sources.a]\nprovider = \"stripe\"\n[destinations.b]\nhttp = \"https://b.example\"\n\
                 [routes.c]\nfrom = \"*\"\nto = \"b\"\nage_limit = \"4d\"\n";
    assert_rule(
        &[("SweepAgesSeconds", "120,345600")],
        route,
        "the last of SweepAgesSeconds is 345600, which is no more than 345600",
        "add an age of more than 345600",
        ("SweepAgesSeconds", "120,345601"),
    );
    // Three days, where a route says nothing.
    let unsaid = route.replace("age_limit = \"4d\"\n", "");
    assert_eq!(said_of(&[("SweepAgesSeconds", "120,259201")], &unsaid), []);
    assert_eq!(
        said_of(&[("SweepAgesSeconds", "120,259200")], &unsaid).len(),
        1
    );
    assert_rule(
        &[("SweepAgesSeconds", "120,360")],
        "",
        "the last of SweepAgesSeconds is 360, which is no more than 360",
        "add an age of more than 360",
        ("SweepAgesSeconds", "120,361"),
    );
    assert_rule(
        &[("SweepAgesSeconds", "900,120,432000")],
        "",
        "SweepAgesSeconds doesn't rise",
        "write the ages in their order",
        ("SweepAgesSeconds", "120,900,432000"),
    );
}

#[test]
fn the_sweepers_silence_is_longer_than_its_pauses() {
    for (schedule, wrong) in [
        ("rate(1 minute)", 0),
        ("rate(14 minutes)", 0),
        ("rate(15 minutes)", 1),
        ("rate(1 hour)", 1),
        ("cron(0 12 * * ? *)", 0),
    ] {
        assert_eq!(
            said_of(&[("SweepSchedule", schedule)], "").len(),
            wrong,
            "{schedule}"
        );
    }
}

#[test]
fn no_more_is_let_through_than_the_index_takes() {
    assert_rule(
        &[("ThrottleRate", "1001")],
        "",
        "ThrottleRate is 1001, and the ledger's index takes 1000 events a second for each of 1 in Shards",
        "write Shards=2, or a lower ThrottleRate",
        ("Shards", "2"),
    );
    // It throttles nothing.
    assert_eq!(
        said_of(&[("ThrottleRate", "1001"), ("FrontDoor", "url")], ""),
        []
    );
}

#[test]
fn bodies_outlive_their_events() {
    let text = "[sources.a]\nprovider = \"stripe\"\nretention_days = 60\n";
    assert_rule(
        &[],
        text,
        "BodyDays is 33, which is less than 63",
        "write BodyDays=63",
        ("BodyDays", "63"),
    );
}

#[test]
fn whatever_a_route_leads_to_is_allowed() {
    let text = format!("[destinations.orders]\nsqs = \"{QUEUE}\"\n");
    let mend = format!("write DestinationQueueArns={QUEUE}");
    assert_rule(
        &[],
        &text,
        &format!("DestinationQueueArns doesn't list {QUEUE}"),
        &mend,
        ("DestinationQueueArns", QUEUE),
    );
    let other = QUEUE.replace("orders", "others");
    let said = said_of(&[("DestinationQueueArns", &other)], &text);
    assert_eq!(
        said[0].1,
        format!("write DestinationQueueArns={other},{QUEUE}")
    );
    for (pattern, wrong) in [
        ("arn:aws:sqs:eu-central-1:123456789012:*", 0),
        ("arn:aws:sqs:*:123456789012:o*s", 0),
        ("*", 0),
        ("arn:aws:sqs:eu-central-1:123456789012:order", 1),
        ("arn:aws:sqs:eu-central-1:123456789012:o*z", 1),
    ] {
        let found = said_of(&[("DestinationQueueArns", pattern)], &text).len();
        assert_eq!(found, wrong, "{pattern}");
    }
}

#[test]
fn a_sources_own_secret_may_be_read() {
    let text = format!("[sources.a]\nprovider = \"stripe\"\nsecret = \"{SECRET}\"\n");
    let mend = format!("write OwnSecretArns={SECRET}");
    assert_rule(
        &[],
        &text,
        &format!("OwnSecretArns doesn't list {SECRET}"),
        &mend,
        ("OwnSecretArns", SECRET),
    );
    // Nobody can tell its ARN from here.
    assert_eq!(said_of(&[], &text.replace(SECRET, "a-name")), []);
}

#[test]
fn somebody_is_told_of_live() {
    assert_rule(
        &[("Environment", "live")],
        "",
        "AlarmTopicArn is empty",
        "write AlarmTopicArn= and the ARN of an SNS topic",
        (
            "AlarmTopicArn",
            "arn:aws:sns:eu-central-1:123456789012:alarms",
        ),
    );
}

#[test]
fn a_budget_tells_somebody() {
    assert_rule(
        &[("MonthlyBudget", "50")],
        "",
        "MonthlyBudget is 50 and AlarmTopicArn is empty",
        "write AlarmTopicArn= and the ARN of an SNS topic",
        (
            "AlarmTopicArn",
            "arn:aws:sns:eu-central-1:123456789012:alarms",
        ),
    );
}

#[test]
fn what_goes_together_is_set_together() {
    assert_rule(
        &[("FrontSecretArn", SECRET)],
        "",
        "FrontSecretArn is set and FrontDomain isn't",
        "set FrontDomain as well, or neither",
        ("FrontDomain", "hooks.example.com"),
    );
    assert_rule(
        &[("FrontDomain", "hooks.example.com")],
        "",
        "FrontDomain is set and FrontSecretArn isn't",
        "set FrontSecretArn as well, or neither",
        ("FrontSecretArn", SECRET),
    );
    assert_rule(
        &[("SubnetIds", "subnet-1")],
        "",
        "SubnetIds is set and SecurityGroupIds isn't",
        "set SecurityGroupIds as well, or neither",
        ("SecurityGroupIds", "sg-1"),
    );
}

#[test]
fn a_domain_has_its_certificate_and_an_api() {
    const CERTIFICATE: &str = "arn:aws:acm:eu-central-1:123456789012:certificate/a";
    assert_rule(
        &[("DomainName", "hooks.example.com")],
        "",
        "DomainName is set and CertificateArn isn't",
        "write CertificateArn= and the ARN of its certificate in ACM",
        ("CertificateArn", CERTIFICATE),
    );
    assert_rule(
        &[("CertificateArn", CERTIFICATE)],
        "",
        "CertificateArn or HostedZoneId is set and DomainName isn't",
        "set DomainName as well, or none of them",
        ("DomainName", "hooks.example.com"),
    );
    assert_rule(
        &[
            ("DomainName", "hooks.example.com"),
            ("CertificateArn", CERTIFICATE),
            ("FrontDoor", "url"),
        ],
        "",
        "DomainName is set and FrontDoor isn't api",
        "write FrontDoor=api, or put infra/front.yaml before it",
        ("FrontDoor", "api"),
    );
}

#[test]
fn handlers_are_told_a_json_object_and_what_is_wrong_with_it_is_not_quoted() {
    for settings in ["{", "[]", "{hunter2}", ""] {
        let said = said_of(&[("HandlerSettings", settings)], "");
        assert_eq!(said.len(), 1, "{settings}");
        assert!(!said[0].0.contains("hunter2"));
    }
    assert_eq!(said_of(&[("HandlerSettings", r#"{"a": 1}"#)], ""), []);
}
