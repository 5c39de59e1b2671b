//! The engine against references: 50-digit cases, published tables, an independent naive computation, and properties
//! that must hold for any answers.

mod composites;
mod cross_check;
mod named;
mod oracle;
mod properties;
mod published;
mod sentences;
mod several;
mod tails;

use super::{AlphaSums, ItemVersion, JointHistogram, Scale, SessionList};

/// A histogram on a scale from (before, after, learners).
fn histogram(scale: Scale, joint: &[(i32, i32, u64)]) -> JointHistogram {
    let mut histogram = JointHistogram::new(ItemVersion::new("item", 1), scale);
    for &(before, after, count) in joint {
        histogram.add_pairs(before, after, count).unwrap();
    }
    histogram
}

/// An empty list of sessions of the item that `histogram` counts on the scale 1 to 5.
fn no_sessions() -> SessionList {
    SessionList::new(ItemVersion::new("item", 1), Scale::ONE_TO_FIVE)
}

/// Alpha of so many items over nobody.
fn no_alpha(items: usize) -> AlphaSums {
    AlphaSums::new(ItemVersion::new("all", 1), Scale::ONE_TO_FIVE, items)
}

/// The references' tolerance for figures: 1e-9 relative or 1e-12 absolute.
fn close(got: f64, expected: f64) -> bool {
    got.is_finite() && (got - expected).abs() <= (1e-9 * expected.abs()).max(1e-12)
}

/// The references' tolerance for p-values: 1e-7 relative; below 1e-300, anything as small.
fn close_p(got: f64, expected: f64) -> bool {
    (0.0..=1.0).contains(&got)
        && if expected < 1e-300 { got <= 1e-300 } else { (got - expected).abs() <= 1e-7 * expected }
}
