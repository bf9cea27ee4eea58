//! The program: parse, run, exit code. The only place that makes a clock.

use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    // A child that reads or converts documents: no arguments to parse, no log, nothing but its limits.
    if let Some(code) = nianjian::convert::as_child() {
        return code;
    }
    let arguments = match nianjian::cli::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let filter = tracing_subscriber::EnvFilter::try_new(arguments.log_filter()).unwrap_or_default();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
    nianjian::cli::run(arguments, clock())
}

/// The system's clock; `NIANJIAN_NOW` (RFC 3339) sets where it starts, for tests and demonstrations.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
fn clock() -> nianjian::fetch::Clock {
    let start = std::env::var("NIANJIAN_NOW").ok().and_then(|text| chrono::DateTime::parse_from_rfc3339(&text).ok());
    match start {
        Some(start) => {
            let (start, began) = (start.to_utc(), std::time::Instant::now());
            Arc::new(move || start + began.elapsed())
        }
        None => Arc::new(chrono::Utc::now),
    }
}
