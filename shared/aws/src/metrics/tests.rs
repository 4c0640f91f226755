use serde_json::json;

use super::*;

fn line() -> Line {
    Line::new("delivery", "landfall-test", UnixMillis(1_700_000_000_123))
}

#[test]
fn a_line_has_the_shape_of_the_embedded_metric_format() {
    let line = line()
        .source("stripe")
        .count(Metric::DeliveriesAccepted)
        .millis(Metric::IngestMs, Millis(17))
        .text("event_id", "evt_1")
        .number("status", 200);
    insta::assert_snapshot!(format!("{:#}", json!(line.json(By::Source))));
}

#[test]
fn metrics_are_told_apart_by_source_only_where_that_is_asked_for() {
    let of = |line: &Line, by| {
        json!(line.json(by))["_aws"]["CloudWatchMetrics"][0]["Dimensions"].clone()
    };
    let counted = || line().count(Metric::DeliveriesAccepted);
    let about = counted().source("stripe");
    assert_eq!(of(&about, By::Stack), json!([["stack"]]));
    assert_eq!(
        of(&about, By::Source),
        json!([["stack"], ["stack", "source"]])
    );
    assert_eq!(of(&counted(), By::Source), json!([["stack"]]));
    assert_eq!(json!(about.json(By::Stack))["source"], "stripe");
}

#[test]
fn what_is_never_well_is_told_apart_by_version_too() {
    let of = |line: &Line, by| {
        json!(line.json(by))["_aws"]["CloudWatchMetrics"][0]["Dimensions"].clone()
    };
    let counted = line().count(Metric::DeliveriesUnrecorded).version("7");
    assert_eq!(json!(counted.json(By::Stack))["version"], "7");
    assert_eq!(
        of(&counted, By::Stack),
        json!([["stack"], ["stack", "version"]])
    );
    assert_eq!(
        of(&counted.source("stripe"), By::Source),
        json!([["stack"], ["stack", "source"], ["stack", "version"]])
    );
    let named = line()
        .count(Metric::DeliveriesAccepted)
        .text("version", "7");
    assert_eq!(of(&named, By::Stack), json!([["stack"]]));
}

#[test]
fn a_line_that_counts_nothing_keeps_its_fields() {
    let line = line().count(Metric::AttemptsHeld);
    assert_eq!(
        line.measured().collect::<Vec<_>>(),
        [(Metric::AttemptsHeld, 1)]
    );
    let json = json!(line.uncounted().json(By::Source));
    assert_eq!(json["_aws"], Value::Null);
    assert_eq!(json["attempts.held"], 1);
}

/// By the specification a metric has a number, or an array of numbers, of which CloudWatch takes a hundred.
#[test]
fn a_metric_may_have_several_values() {
    let of = |values| json!(line().values(Metric::AttemptsMs, values).json(By::Stack));
    assert_eq!(of(vec![7])["attempts.ms"], 7);
    assert_eq!(of(vec![7, 9])["attempts.ms"], json!([7, 9]));
}

#[test]
fn every_dimension_and_every_metric_has_its_field() {
    // What CloudWatch asks of a line, by its specification: the target members of every dimension
    // set and of every metric definition exist; a dimension's value is text, a metric's a number.
    for line in [
        line().count(Metric::DeliveriesRefused),
        line()
            .source("s")
            .count(Metric::DeliveriesForged)
            .count(Metric::DeliveriesForged),
    ] {
        let json = json!(line.json(By::Source));
        let directive = &json["_aws"]["CloudWatchMetrics"][0];
        for set in directive["Dimensions"].as_array().into_iter().flatten() {
            for name in set.as_array().into_iter().flatten() {
                assert!(
                    json[name.as_str().unwrap_or_default()].is_string(),
                    "{name}"
                );
            }
        }
        let metrics = directive["Metrics"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        assert_eq!(metrics.len(), 1);
        for metric in metrics {
            assert!(json[metric["Name"].as_str().unwrap_or_default()].is_number());
        }
    }
}

#[test]
fn a_line_without_a_source_has_no_such_dimension() {
    let json = json!(line().count(Metric::DeliveriesRefused).json(By::Source));
    assert_eq!(
        json["_aws"]["CloudWatchMetrics"][0]["Dimensions"],
        json!([["stack"]])
    );
}

#[test]
fn a_line_is_one_line_and_not_too_long() {
    let text = "a\n\u{0}\"}".repeat(1_000_000);
    let json = json!(line().text("event_id", &text).json(By::Stack)).to_string();
    assert!(!json.contains('\n'));
    assert!(json.len() < 16_384);
}

#[test]
fn no_two_metrics_have_one_name_and_every_name_is_one_that_cloudwatch_takes() {
    for (at, metric) in Metric::ALL.iter().enumerate() {
        assert!(metric.name().is_ascii() && metric.name().len() <= 255);
        assert!(
            Metric::ALL[..at]
                .iter()
                .all(|other| other.name() != metric.name())
        );
    }
}
