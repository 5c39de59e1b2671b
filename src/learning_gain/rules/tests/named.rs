//! Figures as exports carry them.

use serde_json::json;

use super::super::{ChiSquaredTest, FigureSheet, NamedFigure, Undefined, Value};

fn sheet() -> FigureSheet {
    FigureSheet(vec![
        NamedFigure::count("n", 48),
        NamedFigure::number("mean_gain", Ok(0.5)),
        NamedFigure::number("sd_gain", Err(Undefined::SdGainZero)),
        NamedFigure { name: "df", value: Value::Whole(Err(Undefined::FewerThanTwo)) },
        NamedFigure::number("t", Ok(f64::INFINITY)),
        NamedFigure::chi_squared("bhapkar", Ok(ChiSquaredTest { chi2: 2.5, df: 3, p: 0.25 })),
        NamedFigure::chi_squared("stuart_maxwell", Err(Undefined::Singular)),
        NamedFigure::group("mcnemar", vec![NamedFigure::number("p", Err(Undefined::NoDiscordantPairs))]),
    ])
}

#[test]
fn a_sheet_is_one_object_and_every_missing_figure_says_why() {
    assert_eq!(
        serde_json::to_value(sheet()).unwrap(),
        json!({
            "n": 48,
            "mean_gain": 0.5,
            "sd_gain": null,
            "df": null,
            "t": null,
            "bhapkar": {"chi2": 2.5, "df": 3, "p": 0.25},
            "stuart_maxwell": null,
            "mcnemar": {"p": null},
            "null_reasons": {
                "sd_gain": "sd_gain_zero",
                "df": "n_lt_2",
                "stuart_maxwell": "singular",
                "mcnemar": "no_discordant_pairs",
            },
        })
    );
    assert_eq!(serde_json::to_string(&FigureSheet(Vec::new())).unwrap(), r#"{"null_reasons":{}}"#);
}

#[test]
fn groups_are_columns_of_a_table_and_a_group_that_is_missing_is_one() {
    let columns: Vec<_> = sheet().0.iter().flat_map(NamedFigure::flattened).collect();
    let names: Vec<_> = columns.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "n",
            "mean_gain",
            "sd_gain",
            "df",
            "t",
            "bhapkar_chi2",
            "bhapkar_df",
            "bhapkar_p",
            "stuart_maxwell",
            "mcnemar_p",
        ]
    );
    assert_eq!(columns[6].1, Value::Whole(Ok(3)));
    assert_eq!(columns[8].1, Value::Group(Err(Undefined::Singular)));
}
