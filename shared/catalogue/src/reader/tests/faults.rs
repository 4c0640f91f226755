//! What a file may not say, where that is said to stand, and how it is mended.

use std::time::Duration;

use insta::assert_snapshot;

use super::*;

/// The line at fault, and what is said of it.
fn told(text: &str) -> String {
    let found = faults(text);
    assert_eq!(found.len(), 1, "{found:#?}");
    let line = text.lines().nth(found[0].line - 1).unwrap_or_default();
    format!("{line}\n    {}\n\n", found[0])
}

#[test]
fn every_fault_is_named_at_once_and_by_line() {
    let found = faults(
        "[sources.payments]\nprovder = \"stripe\"\nrefusal_status = 500\n\n[sources.Shop]\nprovider = \"shopyfi\"\n\n\
         [sources.acme]\ncolour = 1\n[sources.acme.scheme]\nalgorithm = \"md5\"\n",
    );
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_snapshot!(found.join("\n"));
}

#[test]
fn a_fault_of_another_environment_is_a_fault_too() {
    fault(
        "[sources.orum]\nprovider = \"orum\"\n[sources.orum.live]\nsource_ip = [\"203.0.113.1\"]\n",
        4,
        "unknown key `source_ip`",
        "`source_ips`",
    );
}

#[test]
fn keys_and_words_that_are_unknown_are_faults() {
    let told: String = [
        source_of("stripe", "colour = 1"),
        source_of("stripe", "environments = [\"prod\"]"),
        source_of("stripe", "[sources.a.production]\ntries = 1"),
        source_of("strip", ""),
        source_of("quux", ""),
        acme("algorithm = \"hmac-sha-256\""),
        acme("encoding = \"rot13\""),
        acme("key = \"txt\""),
        acme("key = { form = \"text\", prefix = \"a\" }"),
        acme("key = { prefix = \"a\" }"),
        acme("message = \"{body}\"\nnonce = 1"),
    ]
    .iter()
    .map(|text| told(text))
    .collect();
    assert_snapshot!(told);
}

#[test]
fn a_name_that_fits_no_url_and_a_setting_outside_of_a_source_are_faults() {
    let told: String = [
        "[sources.Orum]\nprovider = \"orum\"\n",
        "[sources.\"\"]\nprovider = \"orum\"\n",
        "\n[sources.\"a#b\"]\nprovider = \"orum\"\n",
        "provider = \"stripe\"\n",
        "[[sources.a]]\nprovider = \"stripe\"\n",
        "[stripe]\nprovider = \"stripe\"\n",
        "sources = 1\n",
    ]
    .map(told)
    .concat();
    assert_snapshot!(told);
}

#[test]
fn nothing_fails_open() {
    fault(
        "[sources.a]\n",
        1,
        "no `provider` and no scheme",
        "provider = ",
    );
    fault(
        "\n[sources.a]\nevent_id = \"{json:id}\"\n",
        2,
        "no `provider` and no scheme",
        "[sources.name.scheme]",
    );
    fault(
        "[sources.a]\nprovider = \"\"\n",
        2,
        "`provider` is empty",
        "write a value",
    );
    for (line, wrong) in [
        ("source_ips = []", "empty list"),
        ("environments = []", "empty list"),
        ("secret = \"\"", "`secret` is empty"),
    ] {
        fault(&source_of("orum", line), 3, wrong, "leave the key out");
    }
    fault(
        &acme("message = \"v1:{timestamp}\""),
        7,
        "the body is not signed",
        "body_unsigned = true",
    );
    fault(
        &acme("message = \"{timestamp}{body}\"\ntimestamp = { header = \"T\", unit = \"s\" }"),
        2,
        "no `tolerance`",
        "tolerance = 300",
    );
    fault(
        &acme(
            "message = \"{timestamp}{body}\"\ntimestamp = { header = \"T\", unit = \"s\" }\n\
             tolerance = { future = 1 }",
        ),
        2,
        "leaves the past unchecked",
        "past = 300",
    );
    fault(
        &source_of("slack", "tolerance = {}"),
        3,
        "names no side",
        "past = 300",
    );
}

#[test]
fn a_scheme_lacks_nothing() {
    for key in ["algorithm", "key", "signature", "encoding", "message"] {
        let others = ACME.lines().filter(|line| !line.starts_with(key));
        let text = others.collect::<Vec<_>>().join("\n");
        fault(&text, 2, &format!("no `{key}`"), &format!("{key} = "));
    }
    let text = acme("message = \"{timestamp}{body}\"\ntimestamp = { header = \"T\" }");
    fault(&text, 8, "no `unit`", "\"ms\"");
    fault(
        &acme("signature = { prefix = \"a\" }"),
        5,
        "stands in 0 places",
        "header",
    );
    let text = acme("signature = { header = \"a\", json = \"b\" }");
    fault(&text, 5, "stands in 2 places", "name one");
}

#[test]
fn parameters_of_a_scheme_agree() {
    fault(&acme("key = \"public\""), 2, "does not fit", "agree");
    fault(
        &acme("message = \"{timestamp}{body}\""),
        2,
        "names no timestamp",
        "agree",
    );
    let text =
        acme("message = \"{body}\"\ntimestamp = { header = \"T\", unit = \"s\" }\ntolerance = 5");
    fault(&text, 2, "unsigned", "agree");
    fault(
        &source_of("github", "tolerance = 5"),
        3,
        "no timestamp",
        "leave it out",
    );
    fault(
        &format!("{ACME}tolerance = 5\n"),
        8,
        "no timestamp",
        "leave it out",
    );
}

#[test]
fn templates_are_well_formed_and_name_the_event() {
    let id = |template: &str| source_of("stripe", &format!("event_id = \"{template}\""));
    fault(&id("{jsn:id}"), 3, "no placeholder", "{json:id}");
    fault(&id("{json:id"), 3, "no placeholder", "{json:id}");
    fault(&id("event"), 3, "the same for every event", "{json:id}");
    fault(&id("{body}"), 3, "no single value", "{json:PATH}");
    fault(&id("{header:X Id}"), 3, "no header name", "letters");
    fault(
        &acme("message = \"{bdy}\""),
        7,
        "no placeholder",
        "{timestamp}.{body}",
    );
    fault(
        &acme("signature = { header = \"a||b\" }"),
        5,
        "empty name",
        "one `|`",
    );
    fault(
        &acme("signature = { header = \"a b\" }"),
        5,
        "no header name",
        "letters",
    );
    fault(
        &acme("signature = { header = \"a\", split = \", \" }"),
        5,
        "one character",
        "\",\"",
    );
    fault(
        &acme("signature = { header = \"a\", prefix = [] }"),
        5,
        "empty list",
        "leave",
    );
}

#[test]
fn values_are_of_their_kind_and_range() {
    for (line, mend) in [
        ("refusal_status = 200", "refusal_status = 400"),
        ("refusal_status = \"401\"", "refusal_status = 400"),
        ("max_body_bytes = 0", "max_body_bytes = 1"),
        ("max_body_bytes = 6258689", "max_body_bytes = 1"),
        (
            "max_body_bytes = 99999999999999999999",
            "max_body_bytes = 1",
        ),
        ("tries = 0", "tries = 1"),
        ("tries = 2.5", "tries = 1"),
        ("tolerance = -1", "tolerance = 1"),
        ("tolerance = { past = -1 }", "past = 1"),
        ("tolerance = \"5\"", "tolerance = 300"),
        ("event_id = 1", "event_id = \"…\""),
        ("headers = \"X-A\"", "headers = [\"…\"]"),
        ("headers = [\"X:A\"]", "letters"),
        ("headers = [1]", "headers = \"…\""),
        ("secret = 5", "secret = \"…\""),
        ("reference = \"{json:id}\"", "order_id"),
        (
            "reference = { a = \"{json:id}\", b = \"{json:id}\" }",
            "order_id",
        ),
        ("reference = { Id = \"{json:id}\" }", "lower-case"),
        ("scheme = 1", "[sources.name.scheme]"),
        ("live = 1", "[sources.name.live]"),
        ("source_ips = [\"203.0.113.256\"]", "203.0.113.7"),
        ("source_ips = [\"203.0.113.7/33\"]", "203.0.113.7"),
        ("source_ips = [\"203.0.113.7/24\"]", "203.0.113.0/24"),
    ] {
        fault(&source_of("stripe", line), 3, "", mend);
    }
}

#[test]
fn every_item_of_a_list_is_checked() {
    let found = faults(
        "[sources.a]\nprovider = \"orum\"\nsource_ips = [\n  \"x\",\n  \"203.0.113.7\",\n  \"y\",\n]\n",
    );
    let lines: Vec<_> = found.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [4, 6]);
}

#[test]
fn the_ledger_remembers_longer_than_anyone_sends() {
    let text = |days: u16| source_of("stripe", &format!("retention_days = {days}"));
    fault(
        &text(23),
        3,
        "`retention_days` is too short",
        "at least retention_days = 24",
    );
    assert_eq!(one(&text(24)).retention_days, 24);
    let source = one("[sources.a]\nprovider = \"stripe\"\nretry_hours = 240\n");
    assert_eq!(source.retention_days, 31);
    fault(
        &format!("{ACME}[sources.acme.test]\nretention_days = 23\n"),
        9,
        "too short",
        "24",
    );
}

#[test]
fn a_table_of_an_environment_that_the_source_lacks_is_a_fault() {
    fault(
        "[sources.a]\nprovider = \"orum\"\nenvironments = [\"test\"]\n[sources.a.live]\ntries = 1\n",
        4,
        "not configured in the environment `live`",
        "add \"live\"",
    );
}

#[test]
fn a_line_that_cant_be_read_is_named_and_the_others_are_still_checked() {
    fault("[sources.a]\nprovider = stripe\n", 2, "", "key = \"text\"");
    fault(
        "[sources.a]\nprovider = \"stripe\"\nprovider = \"stripe\"\n",
        3,
        "stands there twice",
        "keep one",
    );
    fault(
        "[sources.a]\nprovider = \"stripe\"\n[sources.a]\ntries = 1\n",
        3,
        "stands there twice",
        "keep one",
    );
    fault("[sources.a\nprovider = \"stripe\"\n", 1, "", "brackets");
    let found = faults("[sources.a]\nprovider = \"stripe\n[sources.b]\nprovider = \"strip\"\n");
    let lines: Vec<_> = found.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 4], "{found:#?}");
}

#[test]
fn how_often_a_source_speaks_is_a_length_of_time_within_its_memory() {
    let text = |every: &str| source_of("stripe", &format!("speaks_every = \"{every}\""));
    let source = one(&text("5m"));
    assert_eq!(source.speaks_every, Some(Duration::from_mins(5)));
    assert_eq!(one(&text("30d")).retention_days, 30);
    fault(&text("4m"), 3, "from 5m to 30d", "speaks_every = \"5m\"");
    fault(&text("31d"), 3, "from 5m to 30d", "speaks_every = \"30d\"");
    fault(
        &text("hourly"),
        3,
        "no length of time",
        "speaks_every = \"15m\"",
    );
    fault(
        &source_of("stripe", "retention_days = 24\nspeaks_every = \"25d\""),
        4,
        "longer than events are remembered",
        "at most speaks_every = \"24d\"",
    );
}
