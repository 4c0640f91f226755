//! What the sweeper asks of the world: AWS.

use landfall_aws::{
    backlog::Backlog,
    clients::{Clients, SdkConfig},
    clock::SystemClock,
    config::SweeperConfig,
    index::Index,
    queue::Queue,
    running::Announcement,
};
use protocol::ports::Clock as _;

use crate::sweep::{Settings, Sweeper};

/// AWS. Cheap to clone.
#[derive(Clone)]
pub struct Aws {
    index: Index,
    queue: Queue,
    backlog: Backlog,
    announcement: Announcement,
}

impl Aws {
    /// The services that this configuration names.
    #[must_use]
    pub fn new(aws: &SdkConfig, config: &SweeperConfig) -> Self {
        let clients = Clients::new(aws);
        Self {
            announcement: Announcement::new(clients.dynamodb.clone(), &config.table),
            index: Index::new(clients.dynamodb, &config.table, &config.index),
            queue: Queue::new(clients.sqs, &config.queue_url),
            backlog: Backlog::new(aws, &config.queue_url),
        }
    }

    /// Says with which configuration the stack runs, so that an operator can ask. What can't be written now is no
    /// reason not to sweep.
    pub async fn announce(&self, digest: &str) {
        if let Err(fault) = self.announcement.write(digest, SystemClock.now()).await {
            let reason = fault.kind.as_str();
            tracing::warn!(reason, error = %fault, "the configuration is not announced");
        }
    }

    /// The sweeper of one invocation, whose trace its tickets carry on.
    #[must_use]
    pub fn sweeper(
        &self,
        settings: &Settings,
        trace: Option<&str>,
    ) -> Sweeper<Index, Queue, Backlog, SystemClock> {
        Sweeper {
            index: self.index.clone(),
            queue: self.queue.traced(trace),
            backlog: self.backlog.clone(),
            clock: SystemClock,
            settings: settings.clone(),
        }
    }
}
