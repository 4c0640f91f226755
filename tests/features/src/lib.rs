//! One set of features for every selection of packages. There is no code here.
//!
//! Cargo gives a dependency the features that the selected packages want of it, so that `cargo test -p consumer` wants
//! another tokio, serde and rustls than `cargo test --workspace`, and with them another build of the AWS SDK: minutes for
//! every selection. A member that the SDK belongs to names this package among its dev-dependencies, and this package wants
//! what any of them does. `make lint` says when something is missing here.
//!
//! Commands that name no package (`cargo build`, `make build`, `cargo lambda watch`) take the whole workspace, with this
//! package. A release names the packages of the functions, and so has the features that they need.
