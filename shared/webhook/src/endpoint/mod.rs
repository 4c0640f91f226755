//! What providers ask of an endpoint beside its taking events: proofs that it is theirs to send to, a place for a secret
//! that they hand over, and leave to go on sending. And what an operator has
//! kept of what was refused.

pub mod admission;
pub mod enrolment;
pub mod handshake;
pub mod quarantine;
pub mod subscription;
