//! `landfall routes list`, without a stack.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::json;

use crate::common::{file, landfall};

mod common;

const CONFIGURATION: &str = r#"
[sources.stripe]
provider = "stripe"

[destinations.billing]
http = "https://billing.example.com/hooks"

[routes.paid]
from = ["stripe"]
types = ["invoice.*", "charge.refunded"]
where = { data = { amount = [{ numeric = [">", 0] }] } }
to = "billing"
body = { id = "{json:id}" }
tries = 20
age_limit = "3d"

[routes.rest]
from = "*"
to = "handler:archive"
environments = ["live"]
"#;

#[test]
fn the_routes_of_an_environment_are_listed() {
    let config = file("routes-list.toml", CONFIGURATION.as_bytes());
    let list = |environment, more: &[&str]| {
        let mut arguments = vec![
            "routes",
            "list",
            "--environment",
            environment,
            "--config",
            &config,
        ];
        arguments.extend(more);
        landfall(&arguments, b"")
    };
    let run = list("live", &[]);
    insta::assert_snapshot!(run.stdout, @r"
    route  from    types                      where  to               tries
    paid   stripe  invoice.* charge.refunded  yes    billing          20
    rest   *       *                          no     handler:archive  -
    ");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let run = list("test", &["--json"]);
    assert_eq!(
        run.json(),
        json!([{
            "route": "paid",
            "from": ["stripe"],
            "types": ["invoice.*", "charge.refunded"],
            "where": {"data": {"amount": [{"numeric": [">", 0]}]}},
            "to": "billing",
            "body": {"id": "{json:id}"},
            "tries": 20,
            "age_limit_seconds": 259_200,
        }])
    );
}

#[test]
fn without_an_environment_a_stack_is_asked() {
    let config = file("routes-stack.toml", CONFIGURATION.as_bytes());
    let run = landfall(&["routes", "list", "--config", &config], b"");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("which stack?"), "{}", run.stderr);
}
