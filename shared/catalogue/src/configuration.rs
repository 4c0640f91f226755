//! What `landfall.toml` says for one environment.

use crate::{destination::Destinations, route::Routes, source::Sources};

/// Who sends, where to, and which events go there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// Who sends.
    pub sources: Sources,
    /// Where events go.
    pub destinations: Destinations,
    /// Which events go where.
    pub routes: Routes,
}
