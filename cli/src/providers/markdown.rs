//! The catalogue as a page of the docs.

use catalogue::{KeyOrigin, PROVIDERS, Provider};

use crate::describe;

use super::page::{Part, landfall_toml, parts, secret_commands, secret_forms, unconfirmed};

/// The whole page.
pub(super) fn document() -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str(
        "\n| name | provider | signs | handshake | bundle | not signed | unconfirmed |\n",
    );
    page.push_str("|---|---|---|---|---|---|---|\n");
    for provider in PROVIDERS {
        page.push_str(&overview(provider));
    }
    for provider in PROVIDERS {
        page.push_str(&section(provider));
    }
    page
}

const INTRODUCTION: &str = "\
# Providers

<!-- Generated: landfall providers --markdown > docs/providers.md -->

The providers that a source can name. `landfall providers NAME` prints the same for one of them. A provider that \
isn't here can be [spelled out in `landfall.toml`](configuration.md).

What is *unconfirmed* may be otherwise: try it on a real delivery, with `landfall explain`. What is *not signed* a valid \
signature doesn't prove.

## Set one up

1. Write the table that the provider's section ends with into `infra/landfall.toml`, under a name of your choice, and \
deploy. `ApiUrl` of the stack's outputs + `/webhooks/NAME` is what to enter at the provider.
2. Unless its keys are fetched, set its secret. The command asks for it, or reads a file or standard input; the secrets of \
other sources, and older ones of this source, stay.

```sh
landfall --stack STACK secrets set NAME
landfall --stack STACK secrets set NAME --secret-file FILE
```

3. `landfall --stack STACK send --source NAME` sends a signed sample.
";

fn overview(provider: &'static Provider) -> String {
    let signs: Vec<String> = provider
        .schemes
        .iter()
        .map(|scheme| cell(&code(&describe::in_short(scheme))))
        .collect();
    let yes = |there: bool| if there { "yes" } else { "" };
    format!(
        "| [`{0}`](#{0}) | {1} | {2} | {3} | {4} | {5} | {6} |\n",
        provider.name,
        cell(provider.title),
        signs.join("<br>"),
        yes(!provider.handshakes.is_empty()),
        yes(provider.bundle.is_some()),
        yes(!provider.unsigned.is_empty()),
        cell(&unconfirmed(provider)),
    )
}

fn section(provider: &'static Provider) -> String {
    let mut lines = vec![
        String::new(),
        format!("## {}", provider.name),
        String::new(),
        format!("**{}**", provider.title),
        String::new(),
    ];
    for part in parts(provider) {
        lines.extend(listed(&part));
    }
    for setting in provider.settings {
        let help = code(setting.help);
        lines.push(format!("- setting `{}`: {help}", setting.name));
    }
    let about = match *provider.keys {
        KeyOrigin::Secret | KeyOrigin::Asked(_) => "the secret",
        _ => "keys of your own, with `keys = \"secret\"`",
    };
    lines.push(format!(
        "- {about}: {}; {}",
        secret_forms(provider).join("; or "),
        (secret_commands(provider).iter())
            .map(|command| format!("`{command}`"))
            .collect::<Vec<_>>()
            .join(" and ")
    ));
    lines.extend([String::new(), "```toml".into()]);
    lines.extend(landfall_toml(provider));
    lines.extend(["```".into(), String::new()]);
    lines.join("\n")
}

fn listed(part: &Part) -> Vec<String> {
    match part.lines.as_slice() {
        [one] => vec![format!("- {}: {}", part.about, code(one))],
        several => {
            let mut lines = vec![format!("- {}:", part.about)];
            lines.extend(several.iter().map(|line| format!("  - {}", code(line))));
            lines
        }
    }
}

/// Placeholders and the like set as code, and what Markdown would take for its own left alone.
fn code(line: &str) -> String {
    let mut text = String::new();
    let mut in_code = false;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if c == '`' {
            in_code = !in_code;
        }
        if c == '{' && !in_code {
            // From the first placeholder to the last one that hangs together with it.
            let end = rest
                .char_indices()
                .find(|(at, c)| matches!(c, ' ' | ',' | ';') && balanced(&rest[..*at]))
                .map_or(rest.len(), |(at, _)| at);
            text.push('`');
            text.push_str(&rest[..end]);
            text.push('`');
            rest = &rest[end..];
            continue;
        }
        match c {
            '<' | '*' | '|' if !in_code => {
                text.push('\\');
                text.push(c);
            }
            _ => text.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    text
}

fn balanced(text: &str) -> bool {
    text.matches('{').count() == text.matches('}').count()
}

/// A text as a cell of a table, where `|` would end it.
fn cell(text: &str) -> String {
    text.replace("\\|", "|").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_set_as_code() {
        assert_eq!(
            code("HMAC over {timestamp}.{body}, hex"),
            "HMAC over `{timestamp}.{body}`, hex"
        );
        assert_eq!(code("`{crc32}` is a*b"), "`{crc32}` is a\\*b");
        assert_eq!(cell("`{header:A|B}`"), "`{header:A\\|B}`");
    }
}
