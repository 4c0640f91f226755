//! What the ports promise, as checks that run on whatever implements them: on the world of the tests, and, through the
//! real adapters, on any service that speaks DynamoDB, SQS and S3.
//!
//! The functions' tests believe their world. So whatever that promises, the services must promise too, and the other way
//! round: one suite for both holds them together. Where an engine is known to differ ([`differences`]), its check runs all
//! the same, and says so when the difference is gone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc)]

pub mod aws;
pub mod differences;
mod fake;
pub mod page;
pub mod run;
pub mod suite;
pub mod world;

use aws::Aws;
use run::Check;

/// Whatever can be tried on the services.
#[must_use]
pub fn checks() -> Vec<Check<Aws>> {
    let mut checks = suite::checks();
    checks.extend(aws::services::checks());
    checks
}
