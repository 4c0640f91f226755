//! What stands in for AWS in more than one world of the tests. Which calls fail, hang or are counted is
//! each world's own affair.
#![allow(clippy::expect_used, clippy::missing_panics_doc)]

pub mod gateway;
pub mod records;
pub mod tables;
