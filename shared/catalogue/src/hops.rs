//! How a loop is cut: an event that goes out by a route and comes back as a new one, for ever.
//!
//! What goes to a destination says how often it has gone out of a Landfall so far. Whoever posts it back says so too, in a
//! header, which is kept where the new event could go out again; and what has gone out too often goes out no more. Nobody
//! signs the header: who sends authentic deliveries can have their own events kept in by it, and who catches one on its way and is
//! quicker with it, that one.

/// The header, and the attribute of a message.
pub const HEADER: &str = "landfall-hops";

/// How often an event goes out.
pub const MOST: u32 = 8;

/// How often an event has gone out that came with this header. A header that came several times is a list: the highest
/// number in it counts, and what is no number doesn't.
#[must_use]
pub fn count(header: Option<&str>) -> u32 {
    let numbers = header.unwrap_or_default().split(',');
    let numbers = numbers.filter_map(|text| text.trim().parse().ok());
    numbers.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_number_counts() {
        for (header, expected) in [
            (None, 0),
            (Some(""), 0),
            (Some("1"), 1),
            (Some(" 3 "), 3),
            (Some("3, 8,1"), 8),
            (Some("many, 2"), 2),
            (Some("-1"), 0),
            (Some("4294967295"), u32::MAX),
            (Some("99999999999"), 0),
        ] {
            assert_eq!(count(header), expected, "{header:?}");
        }
    }
}
