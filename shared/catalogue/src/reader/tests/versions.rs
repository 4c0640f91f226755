//! Which of its provider's schemes a source counts, and what it changes of each.

use super::*;
use crate::{Algorithm, Field};

fn versions(text: &str) -> Vec<&'static str> {
    let schemes = one(text).schemes.iter();
    schemes.map(|scheme| scheme.version).collect()
}

#[test]
fn an_older_version_counts_only_if_it_is_named() {
    let hubspot = "[sources.crm]\nprovider = \"hubspot\"\n";
    assert_eq!(versions(hubspot), ["v3"]);
    let with = |list: &str| versions(&format!("{hubspot}versions = {list}\n"));
    assert_eq!(with("[\"v3\", \"v1\"]"), ["v3", "v1"]);
    assert_eq!(with("[\"v1\", \"v3\"]"), ["v3", "v1"], "the table's order");
    assert_eq!(with("[\"v2\"]"), ["v2"]);
    let both = "[sources.bank]\nprovider = \"adyen\"\n";
    assert_eq!(versions(both), ["platform", "payments"]);
    let one = format!("{both}versions = [\"payments\"]\n");
    assert_eq!(
        versions(&one),
        ["payments"],
        "and fewer, if fewer are named"
    );
}

#[test]
fn an_environment_may_count_others() {
    let text = "[sources.crm]\nprovider = \"hubspot\"\n[sources.crm.test]\nversions = [\"v1\"]\n";
    let of = |environment| {
        let sources = read(text, environment).unwrap().sources;
        sources.get("crm").unwrap().schemes[0].version
    };
    assert_eq!(of(Environment::Live), "v3");
    assert_eq!(of(Environment::Test), "v1");
}

#[test]
fn versions_that_are_not_there_are_faults() {
    let with = |list: &str| format!("[sources.crm]\nprovider = \"hubspot\"\nversions = {list}\n");
    let wrong = "HubSpot has no version `v4`";
    fault(&with("[\"v3\", \"v4\"]"), 3, wrong, "v3");
    fault(
        &with("[\"v3\", \"v3\"]"),
        3,
        "stands there twice",
        "one of the two",
    );
    fault(&with("[]"), 3, "empty list", "leave the key out");
    fault(&with("\"v3\""), 3, "not a list", "versions = [");
    fault(
        "[sources.code]\nprovider = \"github\"\nversions = [\"v1\"]\n",
        3,
        "GitHub has one way to sign",
        "leave `versions` out",
    );
    let own = ACME.replacen(
        "[sources.acme]\n",
        "[sources.acme]\nversions = [\"v1\"]\n",
        1,
    );
    fault(&own, 2, "the source names no provider", "leave it out");
}

#[test]
fn each_of_a_providers_schemes_can_be_changed() {
    let hubspot = "[sources.crm]\nprovider = \"hubspot\"\nversions = [\"v3\", \"v2\"]\n";
    let source = one(&format!(
        "{hubspot}[[sources.crm.scheme]]\nversion = \"v2\"\nalgorithm = \"hmac-sha256\"\n\
         [[sources.crm.scheme]]\nversion = \"v3\"\nsignature = {{ header = \"X-Other\" }}\n"
    ));
    let [v3, v2] = source.schemes else {
        panic!("{:?}", source.schemes);
    };
    assert_eq!(v3.signature, Field::header("X-Other"));
    assert_eq!(v3.algorithm, Algorithm::HmacSha256);
    assert_eq!((v2.version, v2.algorithm), ("v2", Algorithm::HmacSha256));
    let one = one(&format!(
        "{hubspot}[sources.crm.scheme]\nversion = \"v2\"\nencoding = \"base64\"\n"
    ));
    assert_eq!(
        one.schemes[0],
        Provider::named("hubspot").unwrap().schemes[0]
    );
    assert_eq!(one.schemes[1].encoding, Encoding::Base64);
}

#[test]
fn a_change_of_a_version_that_does_not_count_is_a_fault() {
    let text = "[sources.crm]\nprovider = \"hubspot\"\n[[sources.crm.scheme]]\nversion = \"v1\"\nkey = \"hex\"\n";
    let wrong = "version `v1`, which doesn't count for this source";
    fault(text, 3, wrong, "under `versions`");
}
