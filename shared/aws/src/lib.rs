//! The world as AWS provides it: one thin adapter per service for the ports of `protocol` and `webhook`, and the
//! functions' configuration, log and metrics.

#[cfg(any(feature = "destinations", feature = "operator"))]
pub mod attributes;
#[cfg(feature = "backlog")]
pub mod backlog;
pub mod bodies;
pub mod callbacks;
mod caller;
pub mod clients;
pub mod clock;
#[cfg(feature = "backlog")]
mod cloud_watch;
mod codec;
mod conditional;
pub mod config;
#[cfg(feature = "destinations")]
pub mod destinations;
pub mod enrolment;
mod fault;
pub mod front;
pub mod gates;
pub mod index;
mod items;
pub mod keyring;
#[cfg(any(feature = "destinations", feature = "operator"))]
mod lambda;
pub mod ledger;
pub mod log;
pub mod marks;
pub mod metrics;
#[cfg(feature = "destinations")]
pub mod opening;
#[cfg(feature = "operator")]
pub mod operator;
mod outbound;
pub mod probe;
pub mod projection;
mod published;
pub mod quarantine;
pub mod queue;
pub mod running;
pub mod s3;
pub mod secrets;
mod service;
pub mod shards;
pub mod trace;
mod way;
