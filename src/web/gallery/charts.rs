//! The charts of the gallery.

use leptos::prelude::*;

use super::answers;
use crate::web::charts::*;
use crate::web::components::Heading;

/// Every chart, with the states that it must survive.
pub(super) fn page() -> AnyView {
    let row = |name: &str, before: f64, after: f64, gain: f64, half: Option<f64>, matched| BeforeAfterRow {
        name: name.into(),
        href: "/learning-gain/courses/1".into(),
        figures: Some(BeforeAfter {
            before,
            after,
            gain,
            interval: half.map(|half| (gain - half, gain + half)),
            matched,
        }),
        note: String::new(),
    };
    let rows = vec![
        row("Child exploitation", 2.91, 4.22, 1.31, Some(0.16), 412),
        row("Healthy and unhealthy sexual behaviours in children and young people", 2.40, 3.95, 1.55, Some(0.31), 88),
        BeforeAfterRow {
            note: "Most people were at the top before".into(),
            ..row("Early help refresher", 4.86, 4.92, 0.06, None, 51)
        },
        row("Neglect toolkit", 3.80, 3.52, -0.28, Some(0.22), 37),
        BeforeAfterRow {
            name: "Self-harm workshop".into(),
            href: String::new(),
            figures: None,
            note: "Not enough answers yet: shown from 5 people on".into(),
        },
    ];
    let session = |name: &str, gain, half: f64, matched, overall| ForestRow {
        name: name.into(),
        gain: Some(gain),
        interval: Some((gain - half, gain + half)),
        matched,
        overall,
        ..ForestRow::default()
    };
    let sessions = vec![
        session("14 September 2020", 1.42, 0.4, 12, false),
        session("2 November 2020", -0.12, 0.52, 8, false),
        ForestRow { name: "11 January 2021".into(), note: "Not enough answers yet".into(), ..ForestRow::default() },
        session("All sessions", 1.14, 0.16, 212, true),
    ];
    view! {
        <Heading text="Learning gain" caption="Board year 2020/21" />
        <BeforeAfterChart title="Confidence before and after" rows=rows />
        <ForestPlot title="Gain by session" rows=sessions />
        <StackedAnswers title="How answers moved" description="Before, most chose 2 or 3; after, most chose 4 or 5."
            labels=answers() spreads=vec![
                AnswerSpread { name: "Before".into(), counts: [12, 44, 61, 20, 4] },
                AnswerSpread { name: "After".into(), counts: [0, 3, 28, 70, 40] },
            ] />
        <BarChart title="People trained by agency type" row_label="Agency type" value_label="People trained" bars=vec![
            Bar { name: "Schools and colleges".into(), href: "/a".into(), value: 5204.0, text: "5,204".into() },
            Bar { name: "Health".into(), value: 2010.0, text: "2,010".into(), ..Bar::default() },
            Bar { name: "Voluntary and community organisations".into(), value: 340.0, text: "340".into(), ..Bar::default() },
            Bar { name: "Police".into(), value: 0.0, text: "0".into(), ..Bar::default() },
        ] />
        {year_and_funnel()}
    }
    .into_any()
}

fn year_and_funnel() -> AnyView {
    let year = |year: &str, value: Option<f64>, text: &str| YearValue {
        year: year.into(),
        value,
        text: text.into(),
        begins_anew: false,
    };
    let limits = [4.0_f64, 6.0, 8.0, 10.0, 14.0, 18.0, 24.0, 30.0, 40.0]
        .map(|matched| {
            let half = |z: f64| z * 0.9 / matched.sqrt();
            FunnelLimit {
                matched,
                usual: (1.1 - half(1.96), 1.1 + half(1.96)),
                wide: (1.1 - half(3.09), 1.1 + half(3.09)),
            }
        })
        .to_vec();
    let points = [(12, 1.4), (8, -0.12), (22, 1.2), (38, 0.95), (15, 2.1), (30, 1.15)]
        .map(|(matched, gain)| FunnelPoint {
            name: format!("Session of {matched}"),
            href: String::new(),
            matched,
            gain,
        })
        .to_vec();
    view! {
        <LineByYear title="Attendance by year" description="Attendance rose from 88 to 93 percent." value_label="Attendance" years=vec![
            year("2017/18", Some(88.0), "88.0% (220 of 250)"),
            year("2018/19", None, "not recorded"),
            year("2019/20", Some(90.2), "90.2% (240 of 266)"),
            year("2020/21", Some(93.1), "93.1% (269 of 289)"),
        ] />
        <FunnelPlot title="Gains beyond chance" description="One session lies above the limits, one below." mean=1.1 points=points limits=limits />
    }
    .into_any()
}
