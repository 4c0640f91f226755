//! The template's parameters, as a deployment has them: what is given, and the defaults.

use std::collections::{BTreeMap, BTreeSet};

const TEMPLATE: &str = include_str!("../../../infra/template.yaml");

/// What is wrong with parameters, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Which parameter is to be changed.
    pub(super) parameter: String,
    pub(super) fault: String,
    pub(super) mend: String,
}

/// Every parameter with its value.
pub(super) struct Parameters(BTreeMap<String, String>);

/// What the template says of a parameter.
type Said = BTreeMap<&'static str, &'static str>;

impl Parameters {
    /// What a deployment has that gives these.
    pub(super) fn with(given: &BTreeMap<String, String>) -> Self {
        let declared = declared();
        let defaults = declared.iter().filter_map(|(name, said)| {
            let default = said.get("Default")?;
            Some(((*name).to_owned(), unquoted(default).to_owned()))
        });
        let given = given
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()));
        Self(defaults.chain(given).collect())
    }

    /// Its value; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The same as a number. `None` where it is none, which the parameter's own bounds say.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.text(name).parse().ok()
    }

    /// The same as a list.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        let items = self.text(name).split(',').map(str::trim);
        items.filter(|item| !item.is_empty()).collect()
    }
}

/// What the template itself wouldn't take: a name that it doesn't have, a value out of its bounds, one that is missing.
pub(super) fn refused(given: &BTreeMap<String, String>) -> Vec<Wrong> {
    let declared = declared();
    let mut wrong = Vec::new();
    let mut say = |parameter: &str, fault: String, mend: String| {
        let parameter = parameter.to_owned();
        wrong.push(Wrong {
            parameter,
            fault,
            mend,
        });
    };
    for (name, said) in &declared {
        if !said.contains_key("Default") && !given.contains_key(*name) {
            let one = said.get("AllowedValues").unwrap_or(&"");
            say(
                name,
                format!("{name} is missing"),
                format!("set it to one of {one}"),
            );
        }
    }
    for (name, value) in given {
        let Some(said) = declared.get(name.as_str()) else {
            let mend = "names are spelled as in infra/template.yaml".to_owned();
            say(name, format!("the template has no parameter {name}"), mend);
            continue;
        };
        if let Some(allowed) = said.get("AllowedValues") {
            let allowed: BTreeSet<_> = allowed
                .trim_matches(['[', ']'])
                .split(", ")
                .map(unquoted)
                .collect();
            if !allowed.contains(value.as_str()) {
                let allowed: Vec<_> = allowed.into_iter().collect();
                say(
                    name,
                    format!("{name} is `{value}`"),
                    format!("it is one of {}", allowed.join(", ")),
                );
            }
        } else if said.get("Type") == Some(&"Number") {
            let bound = |key| said.get(key).and_then(|bound| bound.parse::<i64>().ok());
            let (least, most) = (bound("MinValue"), bound("MaxValue"));
            let number = value.parse::<i64>().ok();
            let fits = |number: i64| {
                least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most)
            };
            if !number.is_some_and(fits) {
                let from = least
                    .map(|least| format!(" from {least}"))
                    .unwrap_or_default();
                let to = most.map(|most| format!(" to {most}")).unwrap_or_default();
                say(
                    name,
                    format!("{name} is `{value}`"),
                    format!("it is a whole number{from}{to}"),
                );
            }
        }
    }
    wrong
}

/// The template's parameters. Each of its lines that is read here is written as in the whole file: two spaces before a name,
/// four before what is said of it.
fn declared() -> BTreeMap<&'static str, Said> {
    let (_, rest) = TEMPLATE.split_once("\nParameters:\n").unwrap_or_default();
    let block = rest.split("\n\nRules:\n").next().unwrap_or_default();
    let mut declared: BTreeMap<&str, Said> = BTreeMap::new();
    let mut name = "";
    for line in block.lines() {
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        match key.strip_prefix("    ") {
            Some(key) => {
                declared.entry(name).or_default().insert(key, value.trim());
            }
            None => {
                if let Some(named) = key.strip_prefix("  ").filter(|key| !key.starts_with('#')) {
                    name = named;
                }
            }
        }
    }
    declared
}

fn unquoted(text: &str) -> &str {
    text.trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn what_is_not_given_is_as_the_template_says() {
        let parameters = Parameters::with(&given(&[("Environment", "live"), ("Tries", "9")]));
        assert_eq!(parameters.number("Tries"), Some(9));
        assert_eq!(parameters.number("QueueRetentionSeconds"), Some(604_800));
        assert_eq!(
            (
                parameters.text("Tracing"),
                parameters.text("HandlerSettings")
            ),
            ("false", "{}")
        );
        assert_eq!(parameters.list("DestinationQueueArns"), [""; 0]);
        assert_eq!(parameters.text("SweepSchedule"), "rate(1 minute)");
    }

    #[test]
    fn what_the_template_would_refuse_is_named() {
        assert_eq!(
            refused(&given(&[
                ("Environment", "live"),
                ("Tries", "50"),
                ("Tracing", "true")
            ])),
            []
        );
        for (pairs, fault, mend) in [
            (
                &[][..],
                "Environment is missing",
                "set it to one of [local, test, live]",
            ),
            (
                &[("Environment", "prod")],
                "Environment is `prod`",
                "it is one of live, local, test",
            ),
            (
                &[("Environment", "live"), ("Tries", "51")],
                "Tries is `51`",
                "it is a whole number from 1 to 50",
            ),
            (
                &[("Environment", "live"), ("Tries", "many")],
                "Tries is `many`",
                "it is a whole number from 1 to 50",
            ),
            (
                &[("Environment", "live"), ("Tracing", "yes")],
                "Tracing is `yes`",
                "it is one of false, true",
            ),
            (
                &[("Environment", "live"), ("VisibilityTimeout", "60")],
                "the template has no parameter VisibilityTimeout",
                "names are spelled as in infra/template.yaml",
            ),
        ] {
            let wrong = refused(&given(pairs));
            assert_eq!(wrong.len(), 1, "{wrong:?}");
            assert_eq!(
                (wrong[0].fault.as_str(), wrong[0].mend.as_str()),
                (fault, mend)
            );
        }
    }
}
