//! `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).

use aws_smithy_types::{DateTime, date_time::Format};
use protocol::time::{Millis, UnixMillis};

/// The wait that a header asks for, if it can be read. What has passed is no wait.
pub(super) fn wait(text: &str, now: UnixMillis) -> Option<Millis> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than a number has room for are a long time.
        return Some(Millis::seconds(text.parse().unwrap_or(i64::MAX)));
    }
    let date = DateTime::from_str(text, Format::HttpDate).ok()?;
    let wait = UnixMillis(date.to_millis().ok()?).since(now);
    Some(wait.max(Millis(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thu, 01 Dec 1994 16:00:00 GMT.
    const NOW: UnixMillis = UnixMillis(786_297_600_000);

    #[test]
    fn seconds_and_dates_are_read() {
        for (text, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Thu, 01 Dec 1994 16:02:00 GMT", Some(120)),
            ("Thu, 01 Dec 1994 15:59:59 GMT", Some(0)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("1994-12-01T16:02:00Z", None),
        ] {
            assert_eq!(wait(text, NOW), seconds.map(Millis::seconds), "{text}");
        }
        let longest = "9".repeat(40);
        assert_eq!(wait(&longest, NOW), Some(Millis(i64::MAX)));
    }
}
