//! How new the states are that routes have passed on, on the services.

use catalogue::decimal::Decimal;
use protocol::{
    fault::Fault,
    ports::{Mark, Marks, Written},
    time::{UnixMillis, UnixSeconds},
};

use super::{Process, Watched};

impl<S: Watched> Marks for Process<S> {
    async fn read_mark(
        &self,
        route: &str,
        entity: &str,
        now: UnixMillis,
    ) -> Result<Option<Mark>, Fault> {
        self.call("read_mark", |state| {
            let marks = &state.services().marks;
            let found = marks.get(&(route.to_owned(), entity.to_owned()));
            let current = found.filter(|(_, expires_at)| *expires_at > now.seconds());
            current.map(|(mark, _)| mark.clone())
        })
        .await
    }

    async fn raise_mark(
        &self,
        route: &str,
        entity: &str,
        mark: &Mark,
        now: UnixMillis,
        expires_at: UnixSeconds,
    ) -> Result<Written, Fault> {
        self.call("raise_mark", |state| {
            let key = (route.to_owned(), entity.to_owned());
            let marks = &mut state.services().marks;
            let may = |(stands, expires_at): &(Mark, UnixSeconds)| {
                *expires_at <= now.seconds()
                    || stands.kind == mark.kind
                        && Decimal::parse(&stands.version) < Decimal::parse(&mark.version)
            };
            if !marks.get(&key).is_none_or(may) {
                return Written::No;
            }
            marks.insert(key, (mark.clone(), expires_at));
            Written::Yes
        })
        .await
    }
}
