//! How AWS counts what it charges for, as its pricing pages say it.

/// Bytes of a gigabyte, as AWS counts them.
const GIGABYTE: f64 = 1_073_741_824.0;

/// Hours of a month, as AWS's calculator counts them.
pub(super) const HOURS: f64 = 730.0;

/// Minutes of such a month.
pub(super) const MINUTES: f64 = HOURS * 60.0;

/// Seconds of such a month.
pub(super) const SECONDS: f64 = HOURS * 3_600.0;

/// How a read of DynamoDB is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// It sees every write that was confirmed before.
    Strongly,
    /// It may see an older state, at half the price.
    Eventually,
}

/// Parts of so many bytes; an empty whole has one.
fn parts(bytes: f64, of: f64) -> f64 {
    (bytes / of).ceil().max(1.0)
}

/// Write request units of one item, or one index entry: one for each begun kilobyte.
pub(super) fn write_units(bytes: f64) -> f64 {
    parts(bytes, 1_024.0)
}

/// Read request units of one call for so many bytes: one for each begun four kilobytes, half of it where an older state
/// will do. A batch read is one call for each of its items; a query is one for all that it reads.
pub(super) fn read_units(bytes: f64, reads: Reads) -> f64 {
    let whole = parts(bytes, 4_096.0);
    match reads {
        Reads::Strongly => whole,
        Reads::Eventually => whole / 2.0,
    }
}

/// SQS's requests of one call: one for each begun 64 KB that it carries.
pub(super) fn sqs_requests(bytes: f64) -> f64 {
    parts(bytes, 65_536.0)
}

/// API Gateway's requests of one call of an HTTP API: one for each begun 512 KB.
pub(super) fn http_api_requests(bytes: f64) -> f64 {
    parts(bytes, 524_288.0)
}

/// GB-seconds of one invocation; Lambda rounds its length up to a millisecond.
pub(super) fn gb_seconds(milliseconds: f64, megabytes: f64) -> f64 {
    milliseconds.ceil() / 1_000.0 * megabytes / 1_024.0
}

/// Gigabytes.
pub(super) fn gigabytes(bytes: f64) -> f64 {
    bytes / GIGABYTE
}
