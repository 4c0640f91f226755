//! `landfall check`, and where a command finds its configuration.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::PathBuf;

use serde_json::json;

use crate::common::{Run, landfall, landfall_in};

mod common;

const SOUND: &str = "[sources.shop]\nprovider = \"stripe\"\n\n[sources.trial]\nprovider = \"github\"\n\
                     environments = [\"local\", \"test\"]\n";

const FAULTY: &str = "[sources.shop]\nprovider = \"strip\"\n\n[sources.shop.live]\ntries = 0\n";

/// A folder of this test's own, with a project in it.
fn project(name: &str, content: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("landfall-check-{}-{name}", std::process::id()));
    std::fs::create_dir_all(folder.join("infra")).unwrap();
    std::fs::create_dir_all(folder.join("some/where")).unwrap();
    std::fs::write(folder.join("infra/landfall.toml"), content).unwrap();
    folder
}

#[track_caller]
fn assert_sound(run: &Run, said: &str) {
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, said, "")
    );
}

#[test]
fn a_sound_file_says_how_many_sources_there_are() {
    let run = landfall(&["check", "-"], SOUND.as_bytes());
    assert_sound(
        &run,
        "standard input is sound: 2 sources in local, 2 sources in test, 1 source in live\n",
    );
    let run = landfall(&["check", "-", "--environment", "live"], SOUND.as_bytes());
    assert_sound(&run, "standard input is sound: 1 source in live\n");
    let run = landfall(&["check", "-", "--json"], SOUND.as_bytes());
    assert_eq!(
        run.json(),
        json!({
            "file": "standard input",
            // As sha256sum has it.
            "digest": "a6f0db9ef835",
            "sources": {"local": 2, "test": 2, "live": 1},
            "destinations": {"local": 0, "test": 0, "live": 0},
            "routes": {"local": 0, "test": 0, "live": 0},
            "needed": {"local": {}, "test": {}, "live": {}},
            "faults": [],
        })
    );
}

#[test]
fn a_file_with_routes_says_what_its_stack_needs() {
    let text = "[destinations.orders]\nsqs = \"arn:aws:sqs:eu-central-1:123456789012:orders\"\n\
                [routes.all]\nfrom = \"*\"\nto = \"orders\"\n";
    let run = landfall(&["check", "-", "--environment", "live"], text.as_bytes());
    assert_sound(
        &run,
        "standard input is sound: 0 sources, 1 destination and 1 route in live\n\
         needed in live: DestinationQueueArns=arn:aws:sqs:eu-central-1:123456789012:orders\n",
    );
    let run = landfall(
        &["check", "-", "--environment", "live", "--json"],
        text.as_bytes(),
    );
    assert_eq!(
        run.json()["needed"],
        json!({"live": {"DestinationQueueArns": ["arn:aws:sqs:eu-central-1:123456789012:orders"]}})
    );
}

#[test]
fn every_fault_is_named_at_once_with_line_and_mend() {
    let folder = project("faults", FAULTY);
    let named = folder.join("infra/landfall.toml").display().to_string();
    for environment in [&[][..], &["--environment", "local"]] {
        let run = landfall(&[&["check", named.as_str()], environment].concat(), b"");
        assert_eq!((run.code, run.stdout.as_str()), (1, ""));
        assert_eq!(
            run.stderr.lines().collect::<Vec<_>>(),
            [
                format!("{named}:2: no provider is called `strip`; did you mean `stripe`?"),
                format!("{named}:5: `tries` is not a whole number from 1 to 50; write tries = 1"),
            ]
        );
    }
    let run = landfall(&["check", &named, "--json"], b"");
    assert_eq!(run.code, 1);
    let faults = &run.json()["faults"];
    assert_eq!(
        faults[1],
        json!({"line": 5, "fault": "`tries` is not a whole number from 1 to 50", "mend": "write tries = 1"})
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_projects_file_is_found_from_any_folder_in_it() {
    let folder = project("found", SOUND);
    let run = landfall_in(&folder, &[], &["check", "--environment", "live"], b"");
    assert_sound(&run, "infra/landfall.toml is sound: 1 source in live\n");
    let inner = folder.join("some/where");
    let run = landfall_in(&inner, &[], &["check", "--environment", "live"], b"");
    let file = folder.join("infra/landfall.toml");
    assert_sound(
        &run,
        &format!("{} is sound: 1 source in live\n", file.display()),
    );
    let verified = [
        "verify",
        "--source",
        "trial",
        "--secret",
        "x",
        "--body-file",
        "-",
    ];
    let run = landfall_in(&inner, &[], &verified, b"");
    assert_eq!(run.json()["reason"], "missing");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_named_counts_more_than_what_is_found() {
    let folder = project("named", FAULTY);
    let other = folder.join("other.toml").display().to_string();
    std::fs::write(&other, SOUND).unwrap();
    let check = ["check", "--environment", "live"];
    let variable = [("LANDFALL_CONFIG", other.as_str())];
    let said = format!("{other} is sound: 1 source in live\n");
    assert_sound(&landfall_in(&folder, &variable, &check, b""), &said);
    let nowhere = [("LANDFALL_CONFIG", "/nowhere")];
    let given = [&check[..], &["--config", other.as_str()]].concat();
    assert_sound(&landfall_in(&folder, &nowhere, &given, b""), &said);
    let run = landfall_in(&folder, &nowhere, &check, b"");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("/nowhere"), "{}", run.stderr);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_schema_is_the_one_that_the_configuration_names() {
    let run = landfall(&["check", "--schema"], b"");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout == include_str!("../../infra/landfall.schema.json"));
}

#[test]
fn where_there_is_no_file_it_is_said_how_to_name_one() {
    let run = landfall(&["check"], b"");
    assert_eq!(run.code, 2);
    for words in ["infra/landfall.toml", "--config", "LANDFALL_CONFIG"] {
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}

const DEPLOYMENTS: &str = r#"version = 0.1
[test.global.parameters]
parameter_overrides = ["Environment=test", "ThrottleRate=50"]

[live.global.parameters]
parameter_overrides = [
    "Environment=live",
    "VisibilityTimeoutSeconds=60",
    'HandlerSettings="{\"url\": \"https://a.example\"}"',
]

[typo.deploy.parameters]
parameter_overrides = "Environment=live AlarmTopic=arn:aws:sns:eu-central-1:123456789012:alarms Tries=0"
"#;

#[test]
fn what_a_deployment_says_is_checked_before_it_is_deployed() {
    let folder = project("deployment", SOUND);
    std::fs::write(folder.join("samconfig.toml"), DEPLOYMENTS).unwrap();
    let check = |section: &str, more: &[&str]| {
        let given = [&["check", "--config-env", section], more].concat();
        landfall_in(&folder.join("some/where"), &[], &given, b"")
    };
    let run = check("test", &["--environment", "test"]);
    let file = folder.join("infra/landfall.toml");
    assert_sound(
        &run,
        &format!("{} is sound: 2 sources in test\n", file.display()),
    );
    let called = format!("{} [live]", folder.join("samconfig.toml").display());
    let run = check("live", &[]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert_eq!(
        run.stderr.lines().collect::<Vec<_>>(),
        [
            format!(
                "{called}: VisibilityTimeoutSeconds is 60, which is less than 360: a ticket would be seen again while \
                 Lambda still holds it; write VisibilityTimeoutSeconds=360"
            ),
            format!(
                "{called}: AlarmTopicArn is empty: nobody is told when something stands still, which live refuses; \
                 write AlarmTopicArn= and the ARN of an SNS topic"
            ),
        ]
    );
    let run = check("live", &["--json"]);
    assert_eq!(run.code, 1);
    let (told, first) = (run.json(), &run.json()["faults"][0]);
    assert_eq!(told["parameters"], called);
    assert_eq!(first["parameter"], "VisibilityTimeoutSeconds");
    assert_eq!(first["mend"], "write VisibilityTimeoutSeconds=360");
    let run = check("typo", &[]);
    assert_eq!(run.code, 1);
    let faults: Vec<_> = run.stderr.lines().collect();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(
        faults[0].contains("the template has no parameter AlarmTopic;"),
        "{faults:?}"
    );
    assert!(
        faults[1].contains("Tries is `0`; it is a whole number from 1 to 50"),
        "{faults:?}"
    );
    let run = check("nowhere", &[]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("there is no section `nowhere`"),
        "{}",
        run.stderr
    );
    std::fs::remove_dir_all(folder).unwrap();
}
