//! Numbers as they are written: compared by their digits, so that no reader's `double` decides.

use std::{cmp::Ordering, fmt};

/// A JSON number by its value: `300`, `300.0` and `3e2` are one. No digit is lost, whatever the number's length.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    negative: bool,
    /// Without zeros at either end; none at all for zero. The number is `0.DIGITS` times ten to the `exponent`.
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// Reads a number of JSON's grammar, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return None,
            None => (mantissa, ""),
        };
        let is_number = !whole.is_empty()
            && (whole == "0" || !whole.starts_with('0'))
            && [whole, fraction]
                .iter()
                .all(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        if !is_number {
            return None;
        }
        let digits = format!("{whole}{fraction}");
        let without_head = digits.trim_start_matches('0');
        let zeros_before = i64::try_from(digits.len() - without_head.len()).ok()?;
        let digits = without_head.trim_end_matches('0').to_owned();
        let place = i64::try_from(whole.len()).ok()?;
        Some(if digits.is_empty() {
            Self {
                negative: false,
                digits,
                exponent: 0,
            }
        } else {
            Self {
                negative,
                digits,
                exponent: (place - zeros_before).saturating_add(exponent),
            }
        })
    }

    /// How many digits it has, zeros at its ends not counted.
    #[must_use]
    pub fn digits(&self) -> usize {
        self.digits.len()
    }

    /// How many of its digits stand behind the decimal point.
    #[must_use]
    pub fn decimals(&self) -> u64 {
        let digits = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        u64::try_from(digits.saturating_sub(self.exponent)).unwrap_or(0)
    }

    /// The power of ten of its first digit: 0 for `5`, 3 for `1000`, -2 for `0.01`; 0 for zero.
    #[must_use]
    pub fn magnitude(&self) -> i64 {
        if self.digits.is_empty() {
            0
        } else {
            self.exponent.saturating_sub(1)
        }
    }

    fn size(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => (self.exponent.cmp(&other.exponent))
                .then_with(|| self.digits.as_str().cmp(&other.digits)),
        }
    }
}

/// An exponent beyond every number that can be meant stands for the largest there is.
fn read_exponent(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) => (text.starts_with('-'), digits),
        None => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse().unwrap_or(i64::MAX / 2).min(i64::MAX / 2);
    Some(if negative { -size } else { size })
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.size(other),
            (true, true) => other.size(self),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// In one form for each number, which is JSON: plain up to twenty zeros, and with an exponent beyond.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST_ZEROS: i64 = 20;
        if self.negative {
            f.write_str("-")?;
        }
        let digits = self.digits.as_str();
        let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        match (usize::try_from(self.exponent), self.exponent) {
            _ if digits.is_empty() => f.write_str("0"),
            (Ok(place), _) if place > 0 && place < digits.len() => {
                write!(f, "{}.{}", &digits[..place], &digits[place..])
            }
            (Ok(place), exponent) if place > 0 && exponent - length <= MOST_ZEROS => {
                write!(f, "{digits:0<place$}")
            }
            (_, exponent) if (-MOST_ZEROS..=0).contains(&exponent) => {
                let zeros = usize::try_from(-exponent).unwrap_or(0);
                write!(f, "0.{:0<zeros$}{digits}", "")
            }
            (_, exponent) => {
                let (first, rest) = digits.split_at(1);
                let point = if rest.is_empty() { "" } else { "." };
                write!(f, "{first}{point}{rest}e{}", exponent - 1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
    }

    #[test]
    fn one_number_is_written_in_many_ways() {
        for (one, other) in [
            ("300", "300.0"),
            ("300", "3e2"),
            ("300", "3.0E+2"),
            ("0", "-0.00e9"),
            ("0.001", "1e-3"),
            ("820982911946154508", "820982911946154508.0"),
            ("-12.50", "-1.25e1"),
        ] {
            assert_eq!(decimal(one), decimal(other));
        }
    }

    #[test]
    fn every_digit_counts() {
        let ascending = [
            "-1e99999999999999999999",
            "-5",
            "-0.5",
            "0",
            "1e-400",
            "0.1",
            "0.1000000000000000055",
            "9007199254740992",
            "9007199254740993",
            "1e400",
            "1e99999999999999999999",
        ];
        for pair in ascending.windows(2) {
            assert!(decimal(pair[0]) < decimal(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn what_json_calls_no_number_is_none() {
        for text in [
            "", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "1 ", "NaN", "--1", "1.e2",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn its_measures_are_those_of_its_value() {
        for (text, digits, decimals, magnitude) in [
            ("1000", 1, 0, 3),
            ("0.010", 1, 2, -2),
            ("12.5", 3, 1, 1),
            ("0", 0, 0, 0),
        ] {
            let number = decimal(text);
            let found = (number.digits(), number.decimals(), number.magnitude());
            assert_eq!(found, (digits, decimals, magnitude), "{text}");
        }
    }

    proptest! {
        #[test]
        fn doubles_are_ordered_alike(one: i32, other: i32, scale in 0_u32..6) {
            let power = 10_f64.powi(i32::try_from(scale).unwrap_or(0));
            let (one, other) = (f64::from(one) / power, f64::from(other) / power);
            let texts = (one.to_string(), other.to_string());
            prop_assert_eq!(
                decimal(&texts.0).cmp(&decimal(&texts.1)),
                one.total_cmp(&other)
            );
        }

        #[test]
        fn what_is_printed_is_read_as_the_same(text in "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][-+]?[0-9]{1,4})?") {
            let number = decimal(&text);
            prop_assert_eq!(decimal(&number.to_string()), number);
        }

        #[test]
        fn any_text_is_a_number_or_none(text: String) {
            let _ = Decimal::parse(&text);
        }
    }
}
