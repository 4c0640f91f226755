//! A model of the protocol: ingest, consumer, sweeper, SQS and the ledger, for one event id and up to two lives of it,
//! against an adversary. Read it beside the design's tables: [`mod@config`] says what the adversary may do, and
//! `ingest.rs`, `consumer.rs` and `sweeper.rs` each take one effect a step in the design's order. What to do next is
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
//! # What it found
//! One ticket is delivered twice. Its first holder gives the event up: ticket into the dead-letter queue, failed. The
//! second delivery reads failed and claims (rightly: it can't be told from a redrive) and dies; then the first holder
//! deletes the message that both had. The event rests in processing with no ticket in the queue. The sweeper finds it
//! while a look remains; after the last look nothing does, and its ticket stands in the dead-letter queue, where the
//! alarm is and a redrive runs it. Checked to the letter ([`config::Config::strict`]), L1 breaks there, and a test keeps
//! that known; otherwise such an end is accepted, and only such: given up by a holder, its ticket in the dead-letter queue.
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
pub mod config;
pub mod configs;
mod consumer;
pub mod enabled;
pub mod explore;
pub mod fingerprint;
mod ingest;
pub mod mutant;
pub mod property;
pub mod report;
pub mod single;
pub mod state;
pub mod step;
mod sweeper;
