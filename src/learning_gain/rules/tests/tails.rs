//! Distribution tails against 40-digit arithmetic (mpmath), and bounds of the steps that they take.
#![expect(clippy::excessive_precision, reason = "the digits of the reference as it gives them")]

use rstest::rstest;

use super::super::tails::{
    NODES, fair_coin_two_sided_p, ln_gamma_step, normal_two_sided_log10_p, student_975, student_two_sided_ln_p,
    tail_over_last_term,
};
use super::{close_p, histogram};
use crate::learning_gain::rules::{GainStatistics, NamedFigure, Scale, SignedRank, Undefined, Value, bca_interval};

/// (degrees of freedom, t, ln of the two-sided p)
const STUDENT: &[(f64, f64, f64)] = &[
    (1.0, 0.001, -0.000_636_822_288_438_398_36),
    (1.0, 1.96, -1.202_830_484_435_030_9),
    (1.0, 40.0, -4.140_670_436_334_719_1),
    (1.0, 1000.0, -7.359_338_317_604_780_8),
    (2.0, 0.5, -0.405_465_108_108_164_38),
    (2.0, 6.0, -3.624_160_703_640_218_8),
    (2.0, 1000.0, -13.815_512_057_962_899),
    (3.0, 0.001, -0.000_735_375_352_726_942_57),
    (3.0, 6.0, -4.680_679_073_642_899),
    (3.0, 1000.0, -19.932_398_817_336_774),
    (7.0, 1.96, -2.398_879_107_555_116_6),
    (7.0, 40.0, -20.259_394_724_147_003),
    (24.0, 6.0, -12.589_588_000_230_856),
    (24.0, 1000.0, -129.474_989_577_809_11),
    (99.0, 0.5, -0.480_968_089_410_806_45),
    (99.0, 40.0, -143.208_896_031_674_55),
    (999.0, 0.001, -0.000_798_003_101_722_549_27),
    (999.0, 6.0, -19.709_387_858_333_954),
    (999.0, 1000.0, -3_455.101_183_922_840_6),
    (1e5, 1.96, -2.995_761_010_080_848_3),
    (1e5, 40.0, -797.574_818_460_685_52),
    (1e5, 1000.0, -119_900.698_242_413_73),
    (1e7, 0.001, -0.000_798_202_887_056_817_4),
    (1e7, 6.0, -20.043_587_589_917_306),
    (1e7, 1000.0, -476_557.984_914_191_02),
    (1e10, 0.001, -0.000_798_202_906_999_906_3),
    (1e10, 0.5, -0.482_764_581_015_843_96),
    (1e10, 1.96, -2.995_816_470_615_069_3),
    (1e10, 6.0, -20.043_621_735_235_182),
    (1e10, 40.0, -803.915_230_753_225_55),
    (1e10, 1000.0, -499_982.135_164_175_83),
];

#[test]
fn student_tails_keep_ten_digits_everywhere() {
    for &(df, t, expected) in STUDENT {
        let got = student_two_sided_ln_p(t, df);
        // An error in ln p is a relative error in p.
        let tolerance = 1e-11 + 4e-16 * expected.abs();
        assert!((got - expected).abs() < tolerance, "df {df}, t {t}: {got}, expected {expected}");
        assert_eq!(student_two_sided_ln_p(-t, df), got);
    }
    assert_eq!(student_two_sided_ln_p(0.0, 4.0), 0.0);
}

#[test]
fn student_tails_agree_with_statrs_where_it_is_exact() {
    use statrs::distribution::{ContinuousCDF, StudentsT};
    for df in [1.0, 2.0, 5.0, 17.0, 80.0, 400.0] {
        let reference = StudentsT::new(0.0, 1.0, df).unwrap();
        for t in [0.01, 0.3, 1.0, 2.5, 7.0, 20.0] {
            let (got, expected) = (student_two_sided_ln_p(t, df).exp(), 2.0 * reference.sf(t));
            assert!((got - expected).abs() < 1e-10 * expected, "df {df}, t {t}: {got}, statrs {expected}");
        }
    }
}

#[rstest]
#[case(1.0, 12.706_204_736_174_704_6)]
#[case(2.0, 4.302_652_729_749_463_8)]
#[case(3.0, 3.182_446_305_283_709_5)]
#[case(4.0, 2.776_445_105_197_794_3)]
#[case(7.0, 2.364_624_251_592_785_3)]
#[case(18.0, 2.100_922_040_241_038_4)]
#[case(30.0, 2.042_272_456_301_238_3)]
#[case(100.0, 1.983_971_518_523_552_2)]
#[case(500.0, 1.964_719_837_467_367_7)]
#[case(999.0, 1.962_341_461_133_449_9)]
fn student_quantiles_keep_eleven_digits(#[case] df: f64, #[case] expected: f64) {
    let got = student_975(df);
    assert!((got - expected).abs() < 1e-11 * expected, "{got}, expected {expected}");
}

#[test]
fn the_quantile_has_no_step_where_the_method_changes() {
    let step = student_975(999.999) - student_975(1_000.0);
    assert!(step > 0.0 && step < 1e-8, "{step}");
    assert!((student_975(1e10) - 1.959_963_984_777_2).abs() < 1e-12);
}

#[test]
fn normal_tails_beyond_the_smallest_number() {
    // 2Φ(−40) and 2Φ(−35.36), where the two ways of computing meet; from mpmath.
    assert!(
        (normal_two_sided_log10_p(40.0) - -349.135_976_463_681_86).abs() < 1e-9,
        "{}",
        normal_two_sided_log10_p(40.0)
    );
    let (inside, outside) = (normal_two_sided_log10_p(35.355_339), normal_two_sided_log10_p(35.355_340));
    assert!(inside > outside && inside - outside < 2e-5);
    assert_eq!(normal_two_sided_log10_p(0.0), 0.0);
}

#[test]
fn gamma_ratios() {
    // Γ(1)/Γ(½) = 1/√π; Γ(3/2)/Γ(1) = √π/2.
    let sqrt_pi = std::f64::consts::PI.sqrt();
    assert!((ln_gamma_step(0.5).exp() - 1.0 / sqrt_pi).abs() < 1e-14);
    assert!((ln_gamma_step(1.0).exp() - sqrt_pi / 2.0).abs() < 1e-14);
    assert!((ln_gamma_step(1e12) - 0.5 * 1e12_f64.ln()).abs() < 1e-12);
}

#[test]
fn fair_coins() {
    assert_eq!(fair_coin_two_sided_p(0, 0), 1.0);
    assert_eq!(fair_coin_two_sided_p(7, 7), 1.0);
    assert!((fair_coin_two_sided_p(0, 4) - 0.125).abs() < 1e-16);
    assert!((fair_coin_two_sided_p(1, 9) - 22.0 / 1_024.0).abs() < 1e-15);
    // scipy.stats.binomtest(499_000, 1_000_000).pvalue, and a tail far below 1e-16.
    assert!(
        close_p(fair_coin_two_sided_p(499_000, 501_000), 0.045_608_299_865_389_6),
        "{}",
        fair_coin_two_sided_p(499_000, 501_000)
    );
    assert!(close_p(fair_coin_two_sided_p(269_500, 280_500), 9.160_606_630_677_075e-50));
}

/// What grows with the degrees of freedom is what can hang: here it is counted, not timed.
#[test]
fn no_number_of_learners_makes_more_than_a_few_million_steps() {
    assert_eq!(NODES.len(), 257, "the places at which a tail is looked at, for any degrees of freedom");
    for n in [10.0_f64, 1e4, 1e7, 1e10] {
        for k in [n / 2.0 - 1.0, n / 2.0 - n.sqrt(), n / 2.5, 0.0] {
            let terms = tail_over_last_term(f64::floor(k), n).count() as f64;
            assert!(terms <= 5.0 * n.sqrt() && terms <= f64::floor(k) + 1.0, "{terms} terms for {k} of {n}");
        }
    }
    // The convolution of the exact test stops at a hundred changed learners, whatever the others did.
    let many = SignedRank::of(&[(-1, 50), (0, 9_000_000_000), (1, 51)]);
    assert_eq!(many.p_exact_conditional, Err(Undefined::TooManyForExact));
}

#[test]
fn ten_thousand_million_learners_have_figures() {
    let wide = histogram(
        Scale::ONE_TO_TEN,
        &[(3, 5, 4_000_000_000), (5, 3, 3_999_000_000), (6, 6, 2_000_000_000), (1, 10, 1_000_000), (2, 3, 1)],
    );
    let statistics = GainStatistics::of(&wide, 8);
    assert_eq!(statistics.moments.df, Ok(10_000_000_000));
    for (name, value) in statistics.figures().iter().flat_map(NamedFigure::flattened) {
        if let Value::Number(Ok(number)) = value {
            assert!(number.is_finite(), "{name}");
        }
    }
    assert!(bca_interval(&wide).unwrap().low.is_finite());
}
