//! What a source says where its provider asks for a text of the operator's.

use super::*;

const PAYPAL: &str = "[sources.shop]\nprovider = \"paypal\"\n";

#[test]
fn settings_are_filled_in() {
    let source = one(&format!(
        "{PAYPAL}settings = {{ webhook_id = \"8PT597110X687430L\" }}\n"
    ));
    let message = source.schemes[0].message.text();
    assert!(message.contains("8PT597110X687430L"), "{message}");
    assert!(!message.contains("{setting:"), "{message}");
    // What differs from the provider's scheme is laid over it then.
    let source = one(&format!(
        "{PAYPAL}settings = {{ webhook_id = \"8PT597110X687430L\" }}\n\
         [sources.shop.scheme]\nencoding = \"base64\"\n"
    ));
    assert!(
        source.schemes[0]
            .message
            .text()
            .contains("8PT597110X687430L")
    );
}

#[test]
fn settings_may_differ_by_environment() {
    let text = format!(
        "{PAYPAL}settings = {{ webhook_id = \"A\" }}\n[sources.shop.live]\nsettings = {{ webhook_id = \"B\" }}\n"
    );
    for (environment, id) in [
        (Environment::Local, "|A|"),
        (Environment::Test, "|A|"),
        (Environment::Live, "|B|"),
    ] {
        let sources = read(&text, environment).unwrap().sources;
        let message = sources.get("shop").unwrap().schemes[0].message.text();
        assert!(message.contains(id), "{message}");
    }
}

#[test]
fn settings_are_all_there_and_no_others() {
    for (lines, line, wrong, mend) in [
        (
            "",
            1,
            "`webhook_id` is missing: the webhook's id",
            "settings = { webhook_id = \"1JE",
        ),
        (
            "settings = {}",
            1,
            "`webhook_id` is missing",
            "settings = { webhook_id",
        ),
        ("settings = true", 3, "not a table", "settings = {"),
        (
            "settings = { webhook_id = 1 }",
            3,
            "not a text",
            "webhook_id = \"…\"",
        ),
        (
            "settings = { webhook_id = \"\" }",
            3,
            "is empty",
            "write a value",
        ),
        (
            "settings = { webhook_id = \"{body}\" }",
            3,
            "has braces",
            "nothing is filled in",
        ),
        (
            "settings = { webhook_id = \"A\", audience = \"B\" }",
            3,
            "nothing asks for the setting `audience`",
            "landfall providers",
        ),
    ] {
        fault(&format!("{PAYPAL}{lines}\n"), line, wrong, mend);
    }
    let found = faults(&format!("{PAYPAL}settings = {{ webhookid = \"A\" }}\n"));
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(
        found[1].mend.contains("did you mean `webhook_id`?"),
        "{found:#?}"
    );
    fault(
        "[sources.a]\nprovider = \"github\"\nsettings = { x = \"y\" }\n",
        3,
        "nothing asks for the setting `x`",
        "leave it out",
    );
    fault(
        &format!(
            "[sources.acme]\nsettings = {{ x = \"y\" }}\n{}",
            &ACME[15..]
        ),
        2,
        "nothing asks for the setting `x`",
        "leave it out",
    );
}
