#![doc = include_str!("../README.md")]
//!
//! # What is in it
//!
//! What Landfall knows about providers, as data: the parameters of a signature scheme, the table of
//! providers, and the reader of `landfall.toml`. No cryptography, no clock, no environment: the check
//! that a build makes of a configuration needs no more than this crate.

pub mod arn;
pub mod asked;
pub mod check;
pub mod condition;
pub mod configuration;
pub mod decimal;
pub mod destination;
pub mod encrypted;
pub mod event_template;
pub mod handshake;
pub mod hops;
pub mod identity;
mod leaked;
pub mod misread;
mod name;
pub mod own_event;
pub mod permission;
pub mod provider;
pub mod providers;
pub mod reader;
pub mod reshape;
pub mod route;
pub mod scheme;
pub mod size;
pub mod source;
pub mod template;
pub mod url;

pub use arn::Arn;
pub use asked::{Asked, Shows};
pub use condition::Condition;
pub use configuration::Configuration;
pub use destination::{Destination, DestinationName, Destinations};
pub use encrypted::Encrypted;
pub use event_template::{EventPart, EventTemplate};
pub use handshake::{Accepted, Fixed, Form, Handshake, Method, Proof, Reply, ReplyPiece};
pub use identity::{Identity, ToldBy};
pub use misread::Misread;
pub use own_event::OwnEvent;
pub use provider::{Bundle, Enrolment, Fact, KeyOrigin, Provider, Setting, Subscription};
pub use providers::PROVIDERS;
pub use reshape::Reshape;
pub use route::{HandlerName, Route, RouteName, Routes};
pub use scheme::{
    Algorithm, BodyForm, Claims, Encoding, Field, KeyForm, QUOTE, Scheme, Timestamp, Tolerance,
    Unit,
};
pub use size::BodyLimit;
pub use source::{Environment, Payload, Source, SourceName, Sources};
pub use template::{Code, INTO, Piece, Place, Template, WHOLE};
pub use url::{UrlFault, UrlForm};
