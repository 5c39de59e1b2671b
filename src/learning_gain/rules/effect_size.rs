//! Small-sample corrections of the standardised gains (Hedges 1981), both the usual approximation and the exact one.

use super::tails::hedges_factor;
use super::{Figure, Moments, Undefined};

/// Cohen's d_z and d_av, shrunk for small samples. In standard deviations.
#[derive(Debug, Clone, PartialEq)]
pub struct Hedges {
    /// d_z·(1 − 3/(4(n−1) − 1)).
    pub gz: Figure,
    /// d_z·J(n−1), J by gamma functions.
    pub gz_exact: Figure,
    /// d_av·(1 − 3/(4·2n − 9)), as pingouin's paired "hedges".
    pub g_av: Figure,
    /// d_av·J(2n−2).
    pub g_av_exact: Figure,
}

impl Hedges {
    /// Corrects the effect sizes of `moments`.
    pub fn of(moments: &Moments) -> Self {
        let n = moments.n as f64;
        // At n = 2 the factor of d_z is 0 (and its exact form too), which is no estimate of anything.
        let dz = moments.cohen_dz.and_then(|dz| if moments.n < 3 { Err(Undefined::FewerThanThree) } else { Ok(dz) });
        let d_av = moments.cohen_d_av;
        Self {
            gz: dz.map(|dz| dz * (1.0 - 3.0 / (4.0 * (n - 1.0) - 1.0))),
            gz_exact: dz.map(|dz| dz * hedges_factor(n - 1.0)),
            g_av: d_av.map(|d_av| d_av * (1.0 - 3.0 / (8.0 * n - 9.0))),
            g_av_exact: d_av.map(|d_av| d_av * hedges_factor(2.0 * n - 2.0)),
        }
    }
}
