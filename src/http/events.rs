//! A run as server-sent events: one `run` event at each change, one `end` event with the run as it ended.
//!
//! The journal is what is asked, a few times a second: it is the truth that survives a restart of the
//! visitor, and a stream that was cut is simply opened again.

use super::error::ApiError;
use super::{App, objects};
use crate::model::Run;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// How often the store is asked.
const POLL: Duration = Duration::from_millis(300);

/// What a stream knows between two events.
struct Watch {
    app: App,
    id: String,
    told: Option<Run>,
    _permit: OwnedSemaphorePermit,
}

/// Follows a run until it has ended, the visitor goes, or the daemon stops.
pub(super) async fn of_run(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let asked = id.clone();
    app.office.pipeline().store(move |store| store.run(&asked)).await?.ok_or(ApiError::NotFound("run"))?;
    let permit = app.streams.clone().try_acquire_owned().map_err(|_| ApiError::TooMany)?;
    let watch = Watch { app, id, told: None, _permit: permit };
    let events = stream::unfold(Some(watch), |watch| async { watch?.next().await });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

impl Watch {
    /// The next event, and what to go on with; nothing to go on with after the run's end.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Option<Watch>)> {
        loop {
            let id = self.id.clone();
            // A store that fails ends the stream; the visitor asks again and is told why.
            let run = self.app.office.pipeline().store(move |store| store.run(&id)).await.ok()??;
            if run.state.ended() {
                return Some((Ok(event("end", &run)), None));
            }
            if self.told.as_ref() != Some(&run) {
                let event = event("run", &run);
                self.told = Some(run);
                return Some((Ok(event), Some(self)));
            }
            tokio::select! {
                () = self.app.stop.cancelled() => return None,
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }
}

fn event(name: &str, run: &Run) -> Event {
    Event::default().event(name).data(objects::run(run).to_string())
}
