//! Where public keys come from.

use super::{acme, acme_with, fault, faults, one};
use crate::{Asked, KeyOrigin, Place, Shows};

/// A scheme with public keys, and this line.
fn with(line: &str) -> String {
    acme("algorithm = \"ed25519\"")
        .replace("key = \"text\"", "key = \"public\"")
        .replacen('\n', &format!("\n{line}\n"), 1)
}

#[test]
fn a_source_says_where_its_keys_are() {
    let hosts = &["api.example.com", "sns.{region}.example.com"];
    for (line, keys) in [
        ("", KeyOrigin::Secret),
        ("keys = \"secret\"", KeyOrigin::Secret),
        (
            "keys = { url = \"https://id.example.com:8443/jwks?v=1\" }",
            KeyOrigin::Published {
                url: "https://id.example.com:8443/jwks?v=1",
            },
        ),
        (
            "keys = { header = \"X-A|X-B\", hosts = [\"api.example.com\", \"sns.{region}.example.com\"] }",
            KeyOrigin::Named {
                place: Place::Header("X-A|X-B"),
                hosts,
                sandbox: &[],
                path: "",
                names: &[],
            },
        ),
        (
            "keys = { header = \"X-A\", hosts = [\"api.example.com\", \"sns.{region}.example.com\"], \
             path = \"/certs/{id}.pem\", names = [\"hooks.example.com\"] }",
            KeyOrigin::Named {
                place: Place::Header("X-A"),
                hosts,
                sandbox: &[],
                path: "/certs/{id}.pem",
                names: &["hooks.example.com"],
            },
        ),
        (
            "keys = { json = \"cert.url\", hosts = [\"api.example.com\", \"sns.{region}.example.com\"] }",
            KeyOrigin::Named {
                place: Place::Json("cert.url"),
                hosts,
                sandbox: &[],
                path: "",
                names: &[],
            },
        ),
    ] {
        assert_eq!(*one(&with(line)).keys, keys, "{line}");
    }
}

#[test]
fn a_source_says_how_its_keys_are_asked_for() {
    let asked = Asked {
        id: Place::Header("X-Key-Id"),
        url: "https://api.example.com:8443/keys/{id}?v=1",
        sandbox: "",
        answer: "data.key",
        shows: Shows::Bearer,
    };
    let all = "header = \"X-Key-Id\", ask = \"https://api.example.com:8443/keys/{id}?v=1\", answer = \"data.key\"";
    let source = one(&with(&format!("keys = {{ {all} }}")));
    assert_eq!(*source.keys, KeyOrigin::Asked(asked));
    let token = "token = { url = \"https://id.example.com/token\", scope = \"a b\" }";
    let source = one(&with(&format!("keys = {{ {all}, {token} }}")));
    let shows = Shows::ClientToken {
        url: "https://id.example.com/token",
        sandbox: "",
        scope: "a b",
    };
    assert_eq!(*source.keys, KeyOrigin::Asked(Asked { shows, ..asked }));
}

#[test]
fn what_asks_for_a_key_is_checked() {
    for ask in [
        "https://a.example/keys",
        "https://{id}.example/keys",
        "https://a.example/{id}/{id}",
        "http://a.example/{id}",
        "https://a.example/{id}#b",
        "https://u@a.example/{id}",
        "https://a.example?b/{id}",
    ] {
        let line = format!("keys = {{ header = \"X\", ask = \"{ask}\", answer = \"a\" }}");
        let mend = "ask = \"https://api.example.com/keys/{id}\"";
        fault(
            &with(&line),
            2,
            "is no address over HTTPS with the key's id",
            mend,
        );
    }
    let with_rest = |rest| {
        with(&format!(
            "keys = {{ header = \"X\", ask = \"https://a.example/{{id}}\", {rest} }}"
        ))
    };
    fault(
        &with_rest("answer = \"a..b\""),
        2,
        "is no path",
        "separated by dots",
    );
    let text = with_rest("answer = \"a\", token = { url = \"https://a.example/\" }");
    fault(&text, 2, "no `scope`", "token = {");
    let text = with_rest("answer = \"a\", token = { url = \"http://a.example/\", scope = \"s\" }");
    fault(&text, 2, "is no address over HTTPS", "https://");
}

#[test]
fn what_is_asked_outside_of_live_is_the_providers_test_environment() {
    let text = "[sources.a]\nprovider = \"ebay\"\n";
    for environment in crate::Environment::ALL {
        let sources = super::read(text, environment).unwrap().sources;
        let KeyOrigin::Asked(asked) = sources.get("a").unwrap().keys else {
            panic!("{environment:?}")
        };
        let Shows::ClientToken { url, .. } = asked.shows else {
            panic!("{environment:?}")
        };
        let live = environment == crate::Environment::Live;
        for url in [asked.url, url] {
            assert_eq!(url.starts_with("https://api.ebay.com/"), live, "{url}");
            assert_eq!(
                url.starts_with("https://api.sandbox.ebay.com/"),
                !live,
                "{url}"
            );
        }
    }
}

#[test]
fn a_live_source_takes_no_key_of_its_providers_test_environment() {
    let text = "[sources.a]\nprovider = \"paypal\"\nsettings = { webhook_id = \"1\" }\n";
    for environment in crate::Environment::ALL {
        let sources = super::read(text, environment).unwrap().sources;
        let KeyOrigin::Named { hosts, .. } = sources.get("a").unwrap().keys else {
            panic!("{environment:?}")
        };
        let live = environment == crate::Environment::Live;
        assert!(hosts.contains(&"api.paypal.com"));
        assert_eq!(hosts.contains(&"api.sandbox.paypal.com"), !live);
    }
}

#[test]
fn the_form_of_a_path_is_checked() {
    for path in [
        "certs",
        "/{hex}{id}",
        "/{hex}{hex}",
        "/a?b",
        "/a b",
        "/{region}",
    ] {
        let line =
            format!("keys = {{ header = \"X\", hosts = [\"a.example.com\"], path = \"{path}\" }}");
        let wrong = format!("`{path}` is no form of a path");
        fault(
            &with(&line),
            2,
            &wrong,
            "write, for example, \"/certs/{id}.pem\": `{hex}` or `{id}` once",
        );
    }
}

#[test]
fn a_source_has_its_providers_keys_unless_it_says_otherwise() {
    let published = one("[sources.a]\nprovider = \"truelayer\"\n").keys;
    assert!(
        matches!(published, KeyOrigin::Published { .. }),
        "{published:?}"
    );
    let own = one("[sources.a]\nprovider = \"truelayer\"\nkeys = \"secret\"\n").keys;
    assert_eq!(*own, KeyOrigin::Secret);
    let url = "https://webhooks.truelayer-sandbox.com/.well-known/jwks";
    let text = format!(
        "[sources.a]\nprovider = \"truelayer\"\n[sources.a.test]\nkeys = {{ url = \"{url}\" }}\n"
    );
    let sources = super::read(&text, crate::Environment::Test)
        .unwrap()
        .sources;
    assert_eq!(
        *sources.get("a").unwrap().keys,
        KeyOrigin::Published { url }
    );
}

#[test]
fn keys_are_at_an_address_over_https_or_at_hosts_that_are_named() {
    for table in ["{}", "{ header = \"X-A\" }"] {
        fault(
            &with(&format!("keys = {table}")),
            2,
            "neither a `url`",
            "keys = {",
        );
    }
    for table in [
        "{ ask = \"https://a.example/{id}\", header = \"X-A\" }",
        "{ answer = \"key\", header = \"X-A\" }",
    ] {
        fault(
            &with(&format!("keys = {table}")),
            2,
            "no `ask`, or no `answer`",
            "keys = {",
        );
    }
    let text = with(
        "keys = { ask = \"https://a.example/{id}\", answer = \"a\", header = \"X\", hosts = [\"a.example\"] }",
    );
    fault(&text, 2, "both `ask` and `hosts`", "keys = {");
    let text = with("keys = { ask = \"https://a.example/{id}\", answer = \"a\" }");
    fault(&text, 2, "stands in 0 places", "header");
    for table in [
        "{ url = \"https://a.example/\", hosts = [\"a.example\"] }",
        "{ url = \"https://a.example/\", header = \"X-A\" }",
    ] {
        fault(
            &with(&format!("keys = {table}")),
            2,
            "a `url` and more",
            "keys = {",
        );
    }
    for url in [
        "http://a.example/",
        "https:///a",
        "https://a.example",
        "https://u@a.example/",
        "https://a.example/#a",
        "https://a.example/a b",
    ] {
        let text = with(&format!("keys = {{ url = \"{url}\" }}"));
        fault(&text, 2, "is no address over HTTPS", "https://");
    }
    let text = with("keys = { hosts = [\"a.example\"] }");
    fault(&text, 2, "stands in 0 places", "header");
    let text = with("keys = { header = \"X-A\", hosts = [\"*.example\"] }");
    fault(&text, 2, "no host that may be called", "lower case");
}

#[test]
fn what_is_published_is_no_shared_secret() {
    let text = acme_with("keys = { url = \"https://a.example/\" }");
    fault(&text, 2, "takes a shared secret", "leave `keys` out");
}

#[test]
fn an_address_of_keys_may_have_a_setting_in_it() {
    let kinde = |domain: &str| {
        format!("[sources.kinde]\nprovider = \"kinde\"\nsettings = {{ domain = \"{domain}\" }}\n")
    };
    let url = "https://acme.kinde.com/.well-known/jwks";
    assert_eq!(
        *one(&kinde("acme.kinde.com")).keys,
        KeyOrigin::Published { url }
    );
    for domain in [
        "https://acme.kinde.com",
        "acme",
        "a b",
        "user@acme.kinde.com",
        "acme.kinde.com:1",
    ] {
        let found = faults(&kinde(domain));
        assert_eq!(found.len(), 1, "{domain}: {found:#?}");
        assert!(found[0].fault.contains("no address"), "{found:#?}");
    }
}
