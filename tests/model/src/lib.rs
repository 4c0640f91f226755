//! A model of the protocol: ingest, consumer, sweeper, SQS and the ledger, for one event id and up to two lives of it,
//! against an adversary. Read it beside the tables of `protocol::decide`: [`mod@config`] says what the adversary may do, and
//! `ingest.rs`, `consumer.rs` and `sweeper.rs` each take one effect a step in the order of docs/contract.md. What to do next is
//! asked of the core itself (`protocol::decide`), never restated.
//!
//! # Method
//! A state is the ledger's two items, both queues, the index entry, the cursors, the local variables of whoever is at
//! work, the adversary's remaining means, and what the properties remember. Every action that is possible in a state
//! is tried, breadth first, until no state is new; states are remembered by a 64-bit fingerprint, and twins (processes
//! and places in a queue are interchangeable) count once. S1 to S4 are checked at the effects they speak of, S5 in
//! every state. A step that breaks a property isn't followed any further: the first break has the name.
//!
//! L1 says where things end once the faults are over. One fair schedule is fixed: who can take a step takes it, time
//! passes when nobody can, nobody sends or asks again. Its steps are themselves among the actions explored, so every
//! explored state has its continuation among the explored states until the last tick (or until an event expires);
//! only the quiescent states there are continued one by one, for handlers that succeed, that fail and that give up.
//! There every event that stands must have ended, and every ticket must be at rest. Where tickets may be destroyed,
//! they are so only while the last look still comes late enough to find it, and not under a working consumer's hands:
//! L1's "provided that".
//!
//! A tick is a day to the decisions, so that retention and the two days by which `work` outlives `event` have room; a
//! lease, a backoff and the visibility timeout are a tick each. Time may pass at any moment; where no process outlives
//! its deadline, a running handler is killed by it. An invocation of ingest lives at most a tick, and none of the
//! consumer sits between its read and its claim until DynamoDB deletes the expired work. A dead process's message
//! comes back with its visibility; "delivered twice" gives it to a second consumer before that, whose receipt is then
//! the one that counts (the SQS API's rule).
//!
//! # Legs
//! An event has up to two routes, each configured or not; an ask (a redrive, a redelivery) has a number, by which a ticket
//! that comes twice, or was sent twice, is known. Of each leg the properties remember whether it is done, what is asked of
//! it, and which asks opened a round: S4 says that nothing but an ask opens a round of what has ended, each ask one, and
//! that a leg is run no more than its tries; S5 that an ask is in a queue until the ledger says that the leg is to be run.
//! With a leg that takes its process with it whenever it runs, the one beside it must succeed.
//!
//! # What it found
//! That a leg must be known to have lapsed until it comes back: run together with its neighbours after each lapse, a
//! poisonous leg takes their tries. That the wait of a redelivery for its hour is safe in the ledger: there it can neither
//! be lost nor be had twice. That a spare ticket, which opens nothing, leaves no event to a person: before, of two who had
//! one ticket the second couldn't tell it from a redrive, claimed, and might die after the first had deleted it.
//!
//! # Deliveries that carry several events
//! are a second model beside this one, made of its parts: [`mod@bundle`].
//!
//! # Not here
//! S6; the bytes of an event; neighbours (what they do to a cursor is an action); AWS's own durability; handlers' effects.
//!
//! # Why not stateright
//! It brings a web server and some twenty-five crates into the lock file; its properties are of states, while most of
//! ours are of effects; and its "eventually" doesn't see cycles and joins. What is needed of it is one file here
//! ([`explore`]).

#![allow(
    clippy::doc_markdown,
    clippy::struct_excessive_bools,
    clippy::trivially_copy_pass_by_ref,
    reason = "DynamoDB is a name; a configuration and a ghost are lists of yes and no; small states are lent like large ones"
)]

mod adversary;
pub mod bundle;
mod claim;
pub mod config;
pub mod configs;
mod consumer;
mod convert;
pub mod enabled;
pub mod explore;
pub mod fingerprint;
mod ingest;
pub mod mutant;
pub mod parts;
pub mod property;
pub mod report;
pub mod single;
pub mod state;
pub mod step;
mod sweeper;
mod wrong;
