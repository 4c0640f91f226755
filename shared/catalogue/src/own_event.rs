//! The landing's own events: what Landfall tells of itself, under the source [`LANDFALL`](crate::SourceName::LANDFALL).

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OwnEvent {
    /// A leg of an event was given up, and its letter is in the dead-letter queue.
    EventFailed,
    /// Too much has failed of what was sent to a destination: nothing goes out to it for now.
    DestinationOpened,
    /// Events reach a destination again that was open.
    DestinationClosed,
}

impl OwnEvent {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::EventFailed,
        Self::DestinationOpened,
        Self::DestinationClosed,
    ];

    /// The event's type.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EventFailed => "landfall.event.failed",
            Self::DestinationOpened => "landfall.destination.opened",
            Self::DestinationClosed => "landfall.destination.closed",
        }
    }
}
