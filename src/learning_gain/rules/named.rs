//! Figures by name, as exports carry them: a value, or nothing and the word for why.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{ChiSquaredTest, Figure, Undefined};

/// A figure and its name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedFigure {
    /// Lower case with underscores, stable between releases.
    pub name: &'static str,
    /// The figure.
    pub value: Value,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A whole number, exact at any size.
    Whole(Figure<i128>),
    /// A number.
    Number(Figure),
    /// Figures that belong together.
    Group(Figure<Vec<NamedFigure>>),
}

impl NamedFigure {
    /// A count.
    pub fn count(name: &'static str, count: u64) -> Self {
        Self { name, value: Value::Whole(Ok(i128::from(count))) }
    }

    /// A number. One that a rounding has made infinite or NaN would be a fault of the engine; it leaves as null.
    pub fn number(name: &'static str, figure: Figure) -> Self {
        Self { name, value: Value::Number(figure) }
    }

    /// Figures that belong together.
    pub fn group(name: &'static str, figures: Vec<Self>) -> Self {
        Self { name, value: Value::Group(Ok(figures)) }
    }

    /// A chi-squared test as the group chi2, df, p.
    pub fn chi_squared(name: &'static str, test: Figure<ChiSquaredTest>) -> Self {
        let group = test.map(|test| {
            vec![
                Self::number("chi2", Ok(test.chi2)),
                Self::count("df", u64::from(test.df)),
                Self::number("p", Ok(test.p)),
            ]
        });
        Self { name, value: Value::Group(group) }
    }

    /// Why the figure, or part of a group, is undefined.
    pub fn reason(&self) -> Option<Undefined> {
        match &self.value {
            Value::Whole(figure) => figure.err(),
            Value::Number(figure) => figure.err(),
            Value::Group(Err(reason)) => Some(*reason),
            Value::Group(Ok(figures)) => figures.iter().find_map(Self::reason),
        }
    }

    /// The single figures, those of groups as `group_name`; for tables with one column each. A group that is undefined
    /// as a whole gives one undefined figure of its own name.
    pub fn flattened(&self) -> Vec<(String, Value)> {
        match &self.value {
            Value::Group(Ok(figures)) => figures
                .iter()
                .flat_map(Self::flattened)
                .map(|(name, value)| (format!("{}_{name}", self.name), value))
                .collect(),
            single => vec![(self.name.to_owned(), single.clone())],
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole(Ok(whole)) => serializer.serialize_i128(*whole),
            Self::Number(Ok(number)) if number.is_finite() => serializer.serialize_f64(*number),
            Self::Group(Ok(figures)) => serialize_by_name(figures, serializer),
            _ => serializer.serialize_none(),
        }
    }
}

/// The figures as one object: each by its name, then `null_reasons` with the word for every undefined one.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureSheet(pub Vec<NamedFigure>);

impl Serialize for FigureSheet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.0.len() + 1))?;
        for figure in &self.0 {
            object.serialize_entry(figure.name, &figure.value)?;
        }
        let reasons: std::collections::BTreeMap<&str, Undefined> =
            self.0.iter().filter_map(|figure| figure.reason().map(|reason| (figure.name, reason))).collect();
        object.serialize_entry("null_reasons", &reasons)?;
        object.end()
    }
}

fn serialize_by_name<S: Serializer>(figures: &[NamedFigure], serializer: S) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(Some(figures.len()))?;
    for figure in figures {
        object.serialize_entry(figure.name, &figure.value)?;
    }
    object.end()
}
