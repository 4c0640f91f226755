//! The reference of `landfall.toml` is right.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use catalogue::{Environment, reader};

fn page() -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/configuration.md");
    std::fs::read_to_string(page).unwrap()
}

/// The examples of the page, each by itself.
fn examples(page: &str) -> Vec<String> {
    page.split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_example_of_the_reference_can_be_read() {
    let page = page();
    let examples = examples(&page);
    assert!(examples.len() >= 12, "{}", examples.len());
    for example in &examples {
        for environment in Environment::ALL {
            let read = reader::read(example, environment);
            assert!(read.is_ok(), "{example}\n{read:?}");
        }
    }
    // They can stand in one file, too.
    let all = examples.join("\n");
    assert!(reader::read(&all, Environment::Live).is_ok());
}

/// The keys that the reader knows, as the fault about an unknown one lists them.
fn known(text: &str) -> Vec<String> {
    let faults = reader::read(text, Environment::Local).unwrap_err();
    let mend = faults
        .iter()
        .find_map(|fault| fault.mend.strip_prefix("the keys here are "))
        .unwrap();
    mend.replace(" and ", ", ")
        .split(", ")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_key_is_in_the_reference() {
    let page = page();
    let of_source = known("[sources.a]\nprovider = \"github\"\nxxxxxxxxxx = 1\n");
    let of_scheme =
        known("[sources.a]\nprovider = \"github\"\n[sources.a.scheme]\nxxxxxxxxxx = 1\n");
    let of_claims = known(
        "[sources.a]\nprovider = \"github\"\n[sources.a.scheme]\nclaims = { xxxxxxxxxx = 1 }\n",
    );
    let of_route = known("[routes.a]\nfrom = \"*\"\nto = \"handler:a\"\nxxxxxxxxxx = 1\n");
    let of_destination =
        known("[destinations.a]\nhttp = \"https://a.example.com\"\nxxxxxxxxxx = 1\n");
    assert!(of_route.len() > 10 && of_destination.len() > 15);
    for key in of_route.into_iter().chain(of_destination) {
        // What differs in an environment is a table of its own.
        let is_an_environment = Environment::named(&key).is_some();
        assert!(
            is_an_environment || page.contains(&format!("| `{key}` |")),
            "{key}"
        );
    }
    assert!(of_source.len() > 15 && of_scheme.len() > 10 && of_claims.len() == 7);
    for key in of_source {
        let table = format!("[sources.NAME.{key}]");
        let row = format!("| `{key}` |");
        assert!(page.contains(&row) || page.contains(&table), "{key}");
    }
    for key in of_scheme {
        assert!(page.contains(&format!("| `{key}` |")), "{key}");
    }
    for key in of_claims {
        assert!(page.contains(&format!("`{key}")), "{key}");
    }
}
