//! The metrics of the program: one struct, one field a metric, the help text beside its name.
//!
//! Labels come from closed lists or from ids of the configuration, never from addresses or titles.

use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};

/// Every metric, registered once. Cheap to clone: the parts are shared.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    pub build_info: IntGaugeVec,
    pub fetches: IntCounterVec,
    pub fetch_duration: Histogram,
    pub runs: IntCounterVec,
    pub portal_last_success: GaugeVec,
    pub portal_blocked: IntGaugeVec,
    pub reports: IntCounterVec,
    pub agencies: IntGaugeVec,
    pub findings_open: IntGaugeVec,
    pub findings_opened: IntCounterVec,
    pub rules_inconclusive: IntCounterVec,
    pub digests: IntCounterVec,
    pub outbox_pending: IntGauge,
    pub snapshots: IntGauge,
    pub store_bytes: IntGauge,
    pub journal_entries: IntGauge,
    pub next_run: GaugeVec,
    pub rules_reload_success: IntGauge,
    pub disk_reserve_reached: IntGauge,
    pub panics: IntCounter,
    pub start_time: Gauge,
}

/// Registers a collector; names are literals and each is used once, so it cannot fail.
fn registered<C: prometheus::core::Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<C>) -> C {
    let collector = made.expect("metric names and labels are valid literals");
    registry.register(Box::new(collector.clone())).expect("every metric is registered once");
    collector
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new()
    }
}

impl Metrics {
    /// All metrics at zero, in a registry of their own.
    pub fn new() -> Metrics {
        let r = Registry::new();
        let metrics = Metrics {
            build_info: registered(
                &r,
                IntGaugeVec::new(Opts::new("nianjian_build_info", "Always 1; the version is in the label."), &["version"]),
            ),
            fetches: registered(
                &r,
                IntCounterVec::new(Opts::new("nianjian_fetches_total", "Requests made to portals, by result."), &["result"]),
            ),
            fetch_duration: registered(
                &r,
                Histogram::with_opts(
                    HistogramOpts::new("nianjian_fetch_duration_seconds", "Seconds from request to last byte.")
                        .buckets(vec![0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0]),
                ),
            ),
            runs: registered(
                &r,
                IntCounterVec::new(Opts::new("nianjian_runs_total", "Runs ended, by cause and state."), &["cause", "state"]),
            ),
            portal_last_success: registered(
                &r,
                GaugeVec::new(
                    Opts::new("nianjian_portal_last_success_timestamp_seconds", "When a run of the portal last was complete."),
                    &["portal"],
                ),
            ),
            portal_blocked: registered(
                &r,
                IntGaugeVec::new(
                    Opts::new("nianjian_portal_blocked", "1 while a gate keeps us from the portal."),
                    &["portal", "kind"],
                ),
            ),
            reports: registered(
                &r,
                IntCounterVec::new(Opts::new("nianjian_reports_total", "Reports read so far, by standard."), &["standard"]),
            ),
            agencies: registered(
                &r,
                IntGaugeVec::new(Opts::new("nianjian_agencies", "Agencies by state, for the newest year due."), &["state"]),
            ),
            findings_open: registered(
                &r,
                IntGaugeVec::new(Opts::new("nianjian_findings_open", "Findings that stand."), &["severity"]),
            ),
            findings_opened: registered(
                &r,
                IntCounterVec::new(Opts::new("nianjian_findings_opened_total", "Findings opened."), &["rule"]),
            ),
            rules_inconclusive: registered(
                &r,
                IntCounterVec::new(
                    Opts::new("nianjian_rules_inconclusive_total", "Checks that could not be decided."),
                    &["rule"],
                ),
            ),
            digests: registered(
                &r,
                IntCounterVec::new(
                    Opts::new("nianjian_digests_total", "Deliveries of digests, by channel and outcome."),
                    &["channel", "outcome"],
                ),
            ),
            outbox_pending: registered(
                &r,
                IntGauge::new("nianjian_outbox_pending", "Deliveries composed and not yet acknowledged."),
            ),
            snapshots: registered(&r, IntGauge::new("nianjian_snapshots", "Bodies kept.")),
            store_bytes: registered(&r, IntGauge::new("nianjian_store_bytes", "Bytes of the data folder.")),
            journal_entries: registered(&r, IntGauge::new("nianjian_journal_entries", "Entries of the journal.")),
            next_run: registered(
                &r,
                GaugeVec::new(Opts::new("nianjian_next_run_timestamp_seconds", "When the portal is visited next."), &["portal"]),
            ),
            rules_reload_success: registered(
                &r,
                IntGauge::new(
                    "nianjian_rules_reload_success",
                    "1 where the last reload of rules and configuration was taken, else 0.",
                ),
            ),
            disk_reserve_reached: registered(
                &r,
                IntGauge::new("nianjian_disk_reserve_reached", "1 while the disk is too full to keep new bodies."),
            ),
            panics: registered(&r, IntCounter::new("nianjian_panics_total", "Panics caught at the edge of a run.")),
            start_time: registered(&r, Gauge::new("nianjian_start_time_seconds", "When the process began.")),
            registry: r,
        };
        metrics.build_info.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        metrics.rules_reload_success.set(1);
        metrics
    }

    /// The Prometheus text of all metrics.
    pub fn text(&self) -> String {
        TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }
}
