//! Reads what a field's list says: values, and objects of one operator.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use serde_json::{Map, Number, Value};

use super::{Case, Comparison, Excluded, Matcher, TextPattern, Wildcard};
use crate::{decimal::Decimal, misread::Misreads};

pub(super) fn matcher(value: &Value, misreads: &mut Misreads) -> Option<Matcher> {
    match value {
        Value::Null => Some(Matcher::Null),
        Value::Bool(value) => Some(Matcher::Bool(*value)),
        Value::String(text) => exact_text(text, misreads),
        Value::Number(number) => exact_number(number, misreads),
        Value::Array(_) => {
            misreads.add(
                "a list of values has a list in it",
                "write the values side by side: an array in the payload matches if one of its elements does",
            );
            None
        }
        Value::Object(object) => {
            let Some((operator, operand)) = single(object) else {
                misreads.add(
                    "an operator's table has one name",
                    "write each operator as a table of its own; one of them has to hold",
                );
                return None;
            };
            misreads.below(operator, |misreads| operation(operator, operand, misreads))
        }
    }
}

fn single(object: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut members = object.iter();
    let (name, value) = members.next()?;
    members.next().is_none().then_some((name.as_str(), value))
}

fn exact_text(text: &str, misreads: &mut Misreads) -> Option<Matcher> {
    if is_address(text) {
        misreads.add(
            format!("EventBridge takes `{text}` for an address, and matches other ways to write it"),
            format!("write `{{ equals-ignore-case = \"{text}\" }}` for the text, or a network under `cidr`"),
        );
        return None;
    }
    Some(Matcher::Text(text.into()))
}

/// Whether EventBridge reads a text as an address: four numbers, or hexadecimal digits with colons.
fn is_address(text: &str) -> bool {
    let parts: Vec<_> = text.split('.').collect();
    let is_v4 = parts.len() == 4
        && parts.iter().all(|part| {
            let digits = part.trim_start_matches('0');
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_digit())
                && (digits.is_empty() || digits.parse::<u8>().is_ok())
        });
    is_v4 || (!text.contains('.') && text.parse::<Ipv6Addr>().is_ok())
}

fn exact_number(number: &Number, misreads: &mut Misreads) -> Option<Matcher> {
    if number.is_f64() {
        misreads.add(
            format!("AWS's pages and EventBridge disagree about which numbers are `{number}`"),
            format!("write `{{ numeric = [\"=\", {number}] }}`"),
        );
        return None;
    }
    Decimal::parse(&number.to_string()).map(Matcher::Integer)
}

fn operation(operator: &str, operand: &Value, misreads: &mut Misreads) -> Option<Matcher> {
    match operator {
        "prefix" | "suffix" | "equals-ignore-case" | "wildcard" => {
            text_pattern(operator, operand, misreads).map(Matcher::Like)
        }
        "numeric" => numeric(operand, misreads).map(Matcher::Numeric),
        "exists" => {
            let exists = operand.as_bool();
            if exists.is_none() {
                misreads.add("`exists` is no boolean", "write `true` or `false`");
            }
            exists.map(Matcher::Exists)
        }
        "cidr" => cidr(operand, misreads).map(Matcher::Cidr),
        "anything-but" => anything_but(operand, misreads).map(Matcher::AnythingBut),
        "exactly" => {
            misreads.add("AWS's pages don't know `exactly`", "write the value itself");
            None
        }
        _ => {
            misreads.add(
                format!("`{operator}` is no operator"),
                "there are `prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `numeric`, `exists`, `cidr` and `anything-but`",
            );
            None
        }
    }
}

fn text<'v>(operator: &str, operand: &'v Value, misreads: &mut Misreads) -> Option<&'v str> {
    let text = operand.as_str();
    if text.is_none() {
        misreads.add(
            format!("the operand of `{operator}` is no text"),
            format!("write `{operator} = \"TEXT\"`"),
        );
    }
    text
}

/// A text whose capitals don't count: beyond ASCII EventBridge's own rule isn't the same in both directions.
fn folded(text: &str, misreads: &mut Misreads) -> Option<String> {
    if !text.is_ascii() {
        misreads.add(
            format!("which letters of `{text}` are capitals of which is not the same for everyone"),
            "list the spellings as values, or use letters of ASCII alone",
        );
        return None;
    }
    Some(text.into())
}

fn text_pattern(operator: &str, operand: &Value, misreads: &mut Misreads) -> Option<TextPattern> {
    type End = fn(String, Case) -> TextPattern;
    let end: Option<End> = match operator {
        "prefix" => Some(TextPattern::Prefix),
        "suffix" => Some(TextPattern::Suffix),
        _ => None,
    };
    if let (Some(end), Value::Object(nested)) = (end, operand) {
        let Some(("equals-ignore-case", operand)) = single(nested) else {
            misreads.add(
                format!("`{operator}` takes a text, or `equals-ignore-case` and nothing else"),
                format!("write `{operator} = {{ equals-ignore-case = \"TEXT\" }}`"),
            );
            return None;
        };
        let text = text("equals-ignore-case", operand, misreads)?;
        return folded(text, misreads).map(|text| end(text, Case::Ignored));
    }
    let text = text(operator, operand, misreads)?;
    match (end, operator) {
        (Some(end), _) => Some(end(text.into(), Case::Counts)),
        (None, "wildcard") => wildcard(text, misreads).map(TextPattern::Wildcard),
        (None, _) => folded(text, misreads).map(TextPattern::EqualsIgnoreCase),
    }
}

fn wildcard(text: &str, misreads: &mut Misreads) -> Option<Wildcard> {
    let mut pieces = vec![String::new()];
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let literal = match character {
            '*' if characters.peek() == Some(&'*') => {
                misreads.add(
                    format!("`{text}` has two `*` side by side"),
                    "write one: it stands for any characters; `\\*` is the character itself",
                );
                return None;
            }
            '*' => {
                pieces.push(String::new());
                continue;
            }
            '\\' => {
                let Some(escaped @ ('*' | '\\')) = characters.next() else {
                    misreads.add(
                        format!("a backslash in `{text}` escapes neither `*` nor a backslash"),
                        "write two backslashes for one",
                    );
                    return None;
                };
                escaped
            }
            _ => character,
        };
        if let Some(piece) = pieces.last_mut() {
            piece.push(literal);
        }
    }
    Some(Wildcard { pieces })
}

fn numeric(operand: &Value, misreads: &mut Misreads) -> Option<Vec<(Comparison, Decimal)>> {
    use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual};

    let comparisons = match operand.as_array().map(Vec::as_slice) {
        Some([sign, number]) => vec![(sign, number)],
        Some([sign, number, upper, most]) => vec![(sign, number), (upper, most)],
        _ => Vec::new(),
    };
    let mut read = Vec::new();
    for (sign, value) in comparisons {
        let sign = match sign.as_str() {
            Some("=") => Comparison::Equal,
            Some("<") => Comparison::Less,
            Some("<=") => Comparison::LessOrEqual,
            Some(">") => Comparison::Greater,
            Some(">=") => Comparison::GreaterOrEqual,
            _ => {
                read.clear();
                break;
            }
        };
        let Value::Number(number) = value else {
            read.clear();
            break;
        };
        read.push((sign, comparable(number, misreads)?));
    }
    match read.as_slice() {
        [_] => Some(read),
        [
            (Greater | GreaterOrEqual, least),
            (Less | LessOrEqual, most),
        ] if least < most => Some(read),
        _ => {
            misreads.add(
                "`numeric` is a comparison, or a range whose lower end stands first",
                "write it as `[\">\", 0]` or `[\">=\", 0, \"<\", 100]`",
            );
            None
        }
    }
}

/// A number that EventBridge says it compares exactly.
fn comparable(number: &Number, misreads: &mut Misreads) -> Option<Decimal> {
    let decimal = Decimal::parse(&number.to_string())?;
    let (least, most) = (Decimal::parse("-5e9")?, Decimal::parse("5e9")?);
    let in_range = least <= decimal && decimal <= most;
    if in_range && decimal.digits() <= 15 && decimal.decimals() <= 6 {
        return Some(decimal);
    }
    misreads.add(
        format!("`{number}` is no number that EventBridge is sure to compare"),
        "write one between -5000000000 and 5000000000, with 15 digits and 6 decimals at most",
    );
    None
}

fn cidr(operand: &Value, misreads: &mut Misreads) -> Option<IpNet> {
    let text = text("cidr", operand, misreads)?;
    let Ok(network) = text.parse::<IpNet>() else {
        misreads.add(
            format!("`{text}` is no network"),
            "write it as `10.0.0.0/8` or `2001:db8::/32`",
        );
        return None;
    };
    let is_plain_mask = text.rsplit('/').next() == Some(&network.prefix_len().to_string());
    let is_mapped =
        matches!(network.addr(), IpAddr::V6(address) if address.to_ipv4_mapped().is_some());
    if network.trunc() != network {
        misreads.add(
            format!("`{text}` names an address within its network"),
            format!("write `{}`", network.trunc()),
        );
        return None;
    }
    if network.prefix_len() == network.max_prefix_len() {
        misreads.add(
            format!("EventBridge takes no network of one address, as `{text}` is"),
            format!("write `{{ equals-ignore-case = \"{}\" }}`", network.addr()),
        );
        return None;
    }
    if is_mapped || !is_plain_mask {
        misreads.add(
            format!("`{text}` is written in a way that not everyone reads alike"),
            "write an IPv4 network as `10.0.0.0/8`",
        );
        return None;
    }
    Some(network)
}

fn anything_but(operand: &Value, misreads: &mut Misreads) -> Option<Excluded> {
    if let Value::Object(nested) = operand {
        let nested = single(nested).filter(|(operator, _)| {
            ["prefix", "suffix", "equals-ignore-case", "wildcard"].contains(operator)
        });
        let Some((operator, operand)) = nested else {
            misreads.add(
                "`anything-but` takes `prefix`, `suffix`, `equals-ignore-case` or `wildcard`, one of them",
                "write it as `anything-but = { prefix = \"TEXT\" }`",
            );
            return None;
        };
        return misreads.below(operator, |misreads| {
            let texts = elements(operand, misreads)?;
            let patterns = texts.iter().map(|operand| {
                // What is nested here takes texts alone.
                let text = text(operator, operand, misreads)?;
                if text.is_empty() && operator.ends_with("fix") {
                    misreads.add(
                        format!("`{operator}` is empty, and every text has it"),
                        "write the text that is not to be there",
                    );
                    return None;
                }
                text_pattern(operator, operand, misreads)
            });
            patterns.collect::<Option<_>>().map(Excluded::Like)
        });
    }
    let values = elements(operand, misreads)?;
    let texts: Option<Vec<_>> = values
        .iter()
        .map(|value| Some(value.as_str()?.to_owned()))
        .collect();
    if let Some(texts) = texts {
        return Some(Excluded::Texts(texts));
    }
    let numbers: Option<Vec<_>> = values
        .iter()
        .map(|value| match value {
            Value::Number(number) => Some(number),
            _ => None,
        })
        .collect();
    let Some(numbers) = numbers else {
        misreads.add(
            "`anything-but` takes texts or numbers, not both and nothing else",
            "write texts alone, or numbers alone",
        );
        return None;
    };
    let numbers = numbers
        .into_iter()
        .map(|number| comparable(number, misreads));
    numbers.collect::<Option<_>>().map(Excluded::Numbers)
}

/// A list's elements, or the one value that stands for a list of it.
fn elements<'v>(operand: &'v Value, misreads: &mut Misreads) -> Option<&'v [Value]> {
    match operand {
        Value::Array(values) if values.is_empty() => {
            misreads.add(
                "`anything-but` has an empty list, and excludes nothing",
                "write what is excluded, or `{ exists = true }`",
            );
            None
        }
        Value::Array(values) => Some(values),
        value => Some(std::slice::from_ref(value)),
    }
}
