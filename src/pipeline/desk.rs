//! The desk: one thread at which every report is read and checked.
//!
//! A compiled expression keeps a cache of its own for each thread that searches with it, and reading
//! and checking search with dozens. At threads that come and go those caches add up to more memory than
//! all else in a daemon; at one thread each of them exists once. Reports are short work: what may
//! take long, the conversion of foreign formats, is done elsewhere.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::LazyLock;
use std::sync::mpsc::{SendError, Sender, channel};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

static DESK: LazyLock<Sender<Job>> = LazyLock::new(|| {
    let (sender, jobs) = channel::<Job>();
    // Where the system gives no thread, `jobs` is dropped, and each job is done by whoever brings it.
    let thread = std::thread::Builder::new().name("desk".to_owned()).spawn(move || jobs.into_iter().for_each(|job| job()));
    if let Err(error) = thread {
        tracing::warn!(%error, "no thread for reading");
    }
    sender
});

/// Does work at the desk, after what was brought before it. A panic goes on to whoever brought the work.
pub(crate) async fn at_desk<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (answer, answered) = oneshot::channel();
    let job: Job = Box::new(move || {
        // Nobody may be waiting any more; then the answer is of no use.
        drop(answer.send(catch_unwind(AssertUnwindSafe(work))));
    });
    if let Err(SendError(job)) = DESK.send(job) {
        job();
    }
    match answered.await {
        Ok(Ok(done)) => done,
        Ok(Err(panic)) => resume_unwind(panic),
        Err(_) => resume_unwind(Box::new("the desk ended") as Box<dyn Any + Send>),
    }
}

/// Work that blocks, off the async threads; a panic goes on to whoever made the visit.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use super::at_desk;

    #[tokio::test]
    async fn work_is_done_in_one_thread_and_a_panic_ends_only_its_own() {
        let thread = || std::thread::current().id();
        let first = at_desk(thread).await;
        let panicked = tokio::spawn(at_desk(|| panic!("at the desk"))).await;
        assert!(panicked.is_err_and(|error| error.is_panic()));
        assert_eq!(at_desk(thread).await, first);
        assert_ne!(first, thread());
    }
}
