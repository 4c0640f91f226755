#![allow(clippy::unwrap_used)]

use super::*;

const ALL: &[(&str, &str)] = &[
    ("LANDFALL_ENVIRONMENT", "test"),
    ("LANDFALL_STACK", "landfall-test"),
    ("LANDFALL_SOURCE_METRICS", "false"),
    ("LANDFALL_TABLE", "table"),
    ("LANDFALL_INDEX", "by_time"),
    ("LANDFALL_QUEUE_URL", "https://queue"),
    ("LANDFALL_DLQ_URL", "https://dlq"),
    ("LANDFALL_BUCKET", "bucket"),
    ("LANDFALL_ENROLMENT_TABLE", "enrolment"),
    ("LANDFALL_SECRET_ID", "arn:secret"),
    ("LANDFALL_DESTINATION_SECRET_ID", "arn:destinations"),
    ("LANDFALL_SECRET_TTL_SECONDS", "300"),
    ("LANDFALL_INLINE_BODY_BYTES", "262144"),
    ("LANDFALL_SHARDS", "1"),
    ("LANDFALL_TRIES", "8"),
    ("LANDFALL_BACKOFF_BASE_SECONDS", "5"),
    ("LANDFALL_BACKOFF_MAX_SECONDS", "900"),
    ("LANDFALL_CONCURRENCY", "10"),
    ("LANDFALL_VISIBILITY_TIMEOUT_SECONDS", "360"),
    ("LANDFALL_SWEEP_AGES_SECONDS", "120,900,7200,57600,432000"),
    ("LANDFALL_PROJECTION_TABLE", "projection"),
    ("LANDFALL_HANDLER_SETTINGS", r#"{"api": "https://a"}"#),
];

fn with(changes: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
    move |name| {
        changes
            .iter()
            .chain(ALL)
            .find(|(found, _)| *found == name)
            .map(|(_, value)| (*value).to_owned())
    }
}

#[test]
fn the_values_that_the_template_sets_are_read() {
    let ingest = IngestConfig::from_lookup(with(&[])).unwrap();
    assert_eq!(ingest.environment, Environment::Test);
    assert_eq!(ingest.secret_ttl, Millis::seconds(300));
    assert_eq!(ingest.metrics, By::Stack);
    assert_eq!(ingest.inline_body_bytes, 262_144);
    assert_eq!(ingest.front_secret_id, None);
    let behind = IngestConfig::from_lookup(with(&[("LANDFALL_FRONT_SECRET_ID", "arn:front")]));
    assert_eq!(behind.unwrap().front_secret_id.unwrap(), "arn:front");
    let consumer = ConsumerConfig::from_lookup(with(&[])).unwrap();
    assert_eq!(consumer.limits.tries, 8);
    assert_eq!((consumer.inline_body_bytes, consumer.shards), (262_144, 1));
    assert_eq!(consumer.limits.backoff_max, Millis::seconds(900));
    assert_eq!(consumer.handler_settings["api"], "https://a");
    assert_eq!(consumer.destination_secret_id, "arn:destinations");
    let sweeper = SweeperConfig::from_lookup(with(&[])).unwrap();
    assert_eq!(sweeper.ages.len(), 5);
    assert_eq!(sweeper.ages[4], Millis::days(5));
}

#[test]
fn every_fault_is_named_at_once() {
    let faults = IngestConfig::from_lookup(with(&[
        ("LANDFALL_ENVIRONMENT", "prod"),
        ("LANDFALL_TABLE", " "),
        ("LANDFALL_SHARDS", "0"),
        ("LANDFALL_SOURCE_METRICS", "yes"),
        ("LANDFALL_SECRET_TTL_SECONDS", "5m"),
    ]))
    .unwrap_err();
    assert_eq!(
        faults,
        [
            "LANDFALL_ENVIRONMENT is `prod`, not local, test or live",
            "LANDFALL_SOURCE_METRICS is `yes`, not true or false",
            "LANDFALL_TABLE is not set",
            "LANDFALL_SECRET_TTL_SECONDS is `5m`, not a whole number from 1 to 86400",
            "LANDFALL_SHARDS is `0`, not a whole number from 1 to 100",
        ]
    );
}

#[test]
fn handlers_are_told_names_and_values_and_nothing_else() {
    let faults = |text| {
        let read = ConsumerConfig::from_lookup(with(&[("LANDFALL_HANDLER_SETTINGS", text)]));
        read.err().unwrap_or_default()
    };
    assert_eq!(faults("{}"), [""; 0]);
    for text in ["[]", "api=https://a", r#"{"api"}"#, "null"] {
        assert_eq!(
            faults(text),
            [format!(
                "LANDFALL_HANDLER_SETTINGS is `{text}`, not a JSON object"
            )]
        );
    }
    assert_eq!(faults(""), ["LANDFALL_HANDLER_SETTINGS is not set"]);
}

#[test]
fn an_absent_name_is_one_fault() {
    let faults = SweeperConfig::from_lookup(|_| None).unwrap_err();
    assert_eq!(faults.len(), 9, "{faults:?}");
    assert!(faults.iter().all(|fault| fault.ends_with(" is not set")));
}

#[test]
fn what_does_not_fit_together_is_a_fault() {
    let longest = [
        ("LANDFALL_BACKOFF_BASE_SECONDS", "901"),
        ("LANDFALL_BACKOFF_MAX_SECONDS", "900"),
    ];
    let faults = ConsumerConfig::from_lookup(with(&longest)).unwrap_err();
    assert_eq!(
        faults,
        ["LANDFALL_BACKOFF_MAX_SECONDS is less than LANDFALL_BACKOFF_BASE_SECONDS"]
    );
    // A ticket in its first visibility timeout is none of the sweeper's business at its last look.
    let faults = |ages| {
        let read = SweeperConfig::from_lookup(with(&[("LANDFALL_SWEEP_AGES_SECONDS", ages)]));
        read.err().unwrap_or_default().len()
    };
    assert_eq!((faults("120,360"), faults("120,361")), (1, 0));
}

#[test]
fn ages_that_do_not_rise_are_a_fault() {
    for ages in ["0,1", "2,1", "1,1", "1,,2", "-1", "one"] {
        let faults =
            SweeperConfig::from_lookup(with(&[("LANDFALL_SWEEP_AGES_SECONDS", ages)])).unwrap_err();
        assert_eq!(faults.len(), 1, "{ages}");
    }
}
