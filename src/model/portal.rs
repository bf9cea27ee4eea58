//! Portals: web sites we visit, with manners and a schedule.

use std::time::Duration;

/// One `[[portal]]` of the configuration, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portal {
    /// Short id, used in labels, addresses of the API and the log.
    pub id: String,
    pub name: String,
    /// List pages (columns) where reading starts.
    pub start: Vec<url::Url>,
    /// Name of a profile in `rules/profiles`, or `auto`.
    pub profile: String,
    /// Six-field cron expression, as the schedule room parses it.
    pub schedule: String,
    /// Floor between two requests to one host, where the portal sets its own.
    pub min_delay: Option<Duration>,
    /// Other hosts whose pages may be fetched for this portal.
    pub hosts: Vec<String>,
    /// Whether pages that only their scripts can show are shown by a browser of this machine.
    pub browser: bool,
}

impl Portal {
    /// Whether an address lies on a host that this portal may fetch from. The usual ports of http and
    /// https are one site: many portals link from one to the other.
    pub fn covers(&self, url: &url::Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        self.hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host))
            || self.start.iter().any(|start| start.host_str() == Some(host) && start.port() == url.port())
    }
}
