//! What a page says about keeping it; stands beside the page's handler.

use std::time::Duration;

/// Whether a page may be kept, and what its content depends on besides the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    params: Option<&'static [&'static str]>,
    fresh_for: Option<Duration>,
}

impl Policy {
    /// A public page that depends on its path and on these query parameters only. All others
    /// are hidden from the handler. Parameters stand in the order of the canonical address.
    #[must_use]
    pub const fn page(params: &'static [&'static str]) -> Self {
        Self {
            params: Some(params),
            fresh_for: None,
        }
    }

    /// A page that is rendered each time: what a visitor typed is in it, or who the visitor is.
    #[must_use]
    pub const fn never() -> Self {
        Self {
            params: None,
            fresh_for: None,
        }
    }

    /// Fresh for so long instead of until the next quarter of an hour; never past midnight in
    /// Amsterdam, when "vandaag" turns.
    #[must_use]
    pub const fn fresh_for(self, duration: Duration) -> Self {
        Self {
            params: self.params,
            fresh_for: Some(duration),
        }
    }

    pub(super) const fn keeps(self) -> bool {
        self.params.is_some()
    }

    pub(super) fn params(self) -> &'static [&'static str] {
        self.params.unwrap_or_default()
    }

    pub(super) const fn duration(self) -> Option<Duration> {
        self.fresh_for
    }
}
