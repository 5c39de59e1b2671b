//! The one place that asks the machine what time it is. Everything else is told `now`.

use chrono::{DateTime, Duration, DurationRound, Utc};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// A clock that runs at normal speed, ahead of or behind the machine's by an offset.
///
/// The offset is zero in production, set from the demo board's row in a demonstration, and moved by tests.
/// A frozen clock does not run at all, so that tests can name exact moments.
#[derive(Clone)]
pub struct Clock {
    offset_milliseconds: Arc<AtomicI64>,
    frozen: bool,
}

impl Clock {
    /// The machine's own time.
    pub fn system() -> Self {
        Self { offset_milliseconds: Arc::default(), frozen: false }
    }

    /// A clock that stands at `moment` until it is set again.
    pub fn frozen_at(moment: DateTime<Utc>) -> Self {
        Self { offset_milliseconds: Arc::new(AtomicI64::new(moment.timestamp_millis())), frozen: true }
    }

    /// The present moment in UTC, in whole milliseconds.
    pub fn now(&self) -> DateTime<Utc> {
        let offset = self.offset_milliseconds.load(Ordering::SeqCst);
        let base = if self.frozen { DateTime::UNIX_EPOCH } else { machine_time() };
        let now = base + Duration::milliseconds(offset);
        now.duration_trunc(Duration::milliseconds(1)).unwrap_or(now)
    }

    /// Sets the clock to `moment`; it goes on from there (or stands there, when frozen).
    pub fn set(&self, moment: DateTime<Utc>) {
        let base = if self.frozen { DateTime::UNIX_EPOCH } else { machine_time() };
        self.offset_milliseconds.store((moment - base).num_milliseconds(), Ordering::SeqCst);
    }

    /// How far this clock is from the machine's, in whole seconds.
    pub fn offset_seconds(&self) -> i64 {
        self.offset_milliseconds.load(Ordering::SeqCst) / 1000
    }

    /// Puts the clock this many seconds from the machine's.
    pub fn set_offset_seconds(&self, seconds: i64) {
        self.offset_milliseconds.store(seconds * 1000, Ordering::SeqCst);
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn machine_time() -> DateTime<Utc> {
    Utc::now()
}
