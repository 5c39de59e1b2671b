//! From values to positions.

/// A stretch of values, drawn from 0 to 100 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    /// The five answers: 1 to 5.
    pub(super) const ANSWERS: Scale = Scale {
        low: 1.0,
        high: 5.0,
        step: 1.0,
    };

    /// A scale with round ends that holds all values and nought.
    pub(super) fn around(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold((0.0_f64, 0.0_f64), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        let step = round_step((high - low).max(f64::MIN_POSITIVE));
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        Self {
            low,
            high: if high > low { high } else { low + step },
            step,
        }
    }

    /// From nought to the longest bar.
    pub(super) fn to(longest: f64) -> Self {
        let high = if longest > 0.0 { longest } else { 1.0 };
        Self {
            low: 0.0,
            high,
            step: high,
        }
    }

    /// Where a value lies, 0 to 100.
    pub(super) fn at(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low) * 100.0).clamp(0.0, 100.0)
    }

    /// Where a value lies, from the left.
    pub(super) fn x(&self, value: f64) -> String {
        percent(self.at(value))
    }

    /// The round values of the scale.
    pub(super) fn ticks(&self) -> Vec<f64> {
        let count = ((self.high - self.low) / self.step).round() as u32;
        (0..=count)
            .map(|index| self.low + f64::from(index) * self.step)
            .collect()
    }

    /// A round value as text, with no more places than the scale needs.
    pub(super) fn tick_text(&self, value: f64) -> String {
        let places = if self.step >= 1.0 {
            0
        } else if self.step >= 0.1 {
            1
        } else {
            2
        };
        let text = format!("{value:.places$}");
        if text
            .trim_start_matches('-')
            .chars()
            .all(|digit| digit == '0' || digit == '.')
        {
            "0".to_owned()
        } else {
            text.replace('-', "−")
        }
    }
}

/// A position as SVG writes it.
pub(super) fn percent(position: f64) -> String {
    format!("{position:.2}%")
}

/// The step of 1, 2 or 5 times a power of ten that cuts a span into about four.
fn round_step(span: f64) -> f64 {
    let rough = span / 4.0;
    let magnitude = 10_f64.powf(rough.log10().floor());
    let factor = match rough / magnitude {
        ratio if ratio <= 1.0 => 1.0,
        ratio if ratio <= 2.0 => 2.0,
        ratio if ratio <= 5.0 => 5.0,
        _ => 10.0,
    };
    factor * magnitude
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_has_round_ends_and_holds_nought() {
        let scale = Scale::around([0.4, 1.7].into_iter());
        assert_eq!(scale.at(0.0), 0.0);
        assert_eq!(scale.at(2.0), 100.0);
        let texts: Vec<_> = scale
            .ticks()
            .iter()
            .map(|tick| scale.tick_text(*tick))
            .collect();
        assert_eq!(texts, ["0", "0.5", "1.0", "1.5", "2.0"]);
    }

    #[test]
    fn falls_lie_left_of_nought() {
        let scale = Scale::around([-0.3, 0.9].into_iter());
        assert!(scale.at(-0.3) < scale.at(0.0));
        assert_eq!(scale.tick_text(scale.ticks()[0]), "−0.5");
    }

    #[test]
    fn nothing_to_show_is_still_a_scale() {
        let scale = Scale::around([].into_iter());
        assert_eq!(scale.at(0.0), 0.0);
        assert!(scale.ticks().len() >= 2);
    }
}
