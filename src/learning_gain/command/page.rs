//! A page that needs nothing else: per course a chart of each item from before to after with the interval of the
//! gain, the sentences, and the table. No scripts; colours have text beside them.

use std::fmt::Write;

use super::report::{CourseReport, GainReport, ReportLine};
use super::table::{HEADINGS, cells, course_notes, flag_word, flags, session_interval_words};
use crate::learning_gain::rules::sentence::{
    Subject, all_items_matching_sentence, flag_sentence, gain_sentence, matching_sentence, room_sentence,
    shares_sentence, signed_figure_words,
};
use crate::learning_gain::rules::{Interval, ItemLine, Scale};

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;\
color:#0b0c0c}.wide{overflow-x:auto}table{border-collapse:collapse}th,td{padding:.3rem .6rem;border-bottom:1px solid \
#b1b4b6;text-align:right;white-space:nowrap}th:first-child,td:first-child{text-align:left}svg{max-width:100%;\
height:auto}svg text{font:14px system-ui,sans-serif}";

/// The whole page.
pub(super) fn render(report: &GainReport) -> String {
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>Learning gain</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<main>\n<h1>Learning gain</h1>\n<p>These figures compare what the same learners answered \
         before and after a course. They are the learners’ own view of their confidence, not a measure of what they \
         know or do. There is no comparison group, and some rise would be expected from low starters.</p>\n"
    );
    for (number, course) in report.courses.iter().enumerate() {
        push_course(&mut html, number, course);
    }
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

fn push_course(html: &mut String, number: usize, course: &CourseReport) {
    let name = escaped(&course.name);
    let _ = writeln!(html, "<section>\n<h2>{name}</h2>");
    push_chart(html, number, course);
    for line in course.lines() {
        let matching =
            if line.is_composite { all_items_matching_sentence(&line.line) } else { matching_sentence(&line.line) };
        let _ = writeln!(
            html,
            "<h3>{}</h3>\n<p>{} {} {} {}</p>",
            escaped(&line.name),
            escaped(&gain_sentence(&line.line, Subject::Confidence)),
            escaped(&shares_sentence(&line.line)),
            escaped(&matching),
            escaped(&room_sentence(&line.line))
        );
        push_distribution(html, line);
        push_sessions(html, line);
    }
    let _ = writeln!(html, "<div class=\"wide\">\n<table>\n<caption>{name}: all items</caption>\n<thead><tr>");
    for heading in HEADINGS {
        let _ = writeln!(html, "<th scope=\"col\">{heading}</th>");
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for line in course.lines() {
        html.push_str("<tr>");
        for (column, cell) in cells(line).iter().enumerate() {
            let cell = escaped(cell);
            let _ = if column == 0 {
                write!(html, "<th scope=\"row\">{cell}</th>")
            } else {
                write!(html, "<td>{cell}</td>")
            };
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
    for flag in flags(course) {
        let _ = writeln!(html, "<p><strong>{}:</strong> {}</p>", flag_word(flag), flag_sentence(flag));
    }
    let _ = writeln!(html, "<p>{}</p>\n</section>", escaped(&course_notes(course)));
}

/// The sessions behind a line, where they are few.
fn push_sessions(html: &mut String, line: &ReportLine) {
    if line.sessions.is_empty() {
        return;
    }
    let _ = writeln!(
        html,
        "<div class=\"wide\">\n<table>\n<caption>{}: its sessions</caption>\n<thead><tr><th scope=\"col\">Session</th>\
         <th scope=\"col\">Matched</th><th scope=\"col\">Gain</th><th scope=\"col\">95% interval</th></tr></thead>\n<tbody>",
        escaped(&line.name)
    );
    for session in &line.sessions {
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(&session.name),
            session.n,
            signed_figure_words(session.mean_gain),
            escaped(session_interval_words(session).trim_start_matches("95% interval "))
        );
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
}

/// Pixels of the charts: names stand left, the scale right of them.
const WIDTH: f64 = 900.0;
const LEFT: f64 = 260.0;
const RIGHT: f64 = 40.0;
const ROW: f64 = 36.0;

/// One row per item: an open circle before, an arrow to a filled one after, and the interval of the gain drawn around
/// the mean after.
fn push_chart(html: &mut String, number: usize, course: &CourseReport) {
    let Some(first) = course.items.first() else {
        return;
    };
    let scale = first.line.scale;
    let x = |rating: f64| {
        let share = (rating - f64::from(scale.min())) / f64::from(scale.span());
        LEFT + share.clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
    };
    let rows = course.lines().count() as f64;
    let height = ROW * (rows + 1.5);
    let _ = writeln!(
        html,
        "<svg role=\"img\" viewBox=\"0 0 {WIDTH} {height}\" aria-labelledby=\"t{number} d{number}\"><title \
         id=\"t{number}\">{}: mean before and after</title><desc id=\"d{number}\">An open circle is the mean before, a \
         filled one the mean after; the bar is the 95% interval of the gain, added to the mean before. The figures \
         are in the table below.</desc>",
        escaped(&course.name)
    );
    let bottom = ROW * rows + ROW / 2.0;
    let step = (scale.span() / 10).max(1);
    for rating in (scale.min()..=scale.max()).step_by(step.unsigned_abs() as usize) {
        let at = x(f64::from(rating));
        let _ = writeln!(
            html,
            "<line x1=\"{at:.1}\" y1=\"8\" x2=\"{at:.1}\" y2=\"{bottom:.1}\" stroke=\"#b1b4b6\"/><text x=\"{at:.1}\" \
             y=\"{:.1}\" text-anchor=\"middle\">{rating}</text>",
            bottom + 20.0
        );
    }
    for (row, line) in course.lines().enumerate() {
        push_chart_row(html, line, ROW * (row as f64 + 0.75), &x);
    }
    html.push_str("</svg>\n");
}

fn push_chart_row(html: &mut String, line: &ReportLine, y: f64, x: &impl Fn(f64) -> f64) {
    /// Longer names are cut in the chart; they stand whole in the table.
    const LETTERS: usize = 32;
    let name: String = if line.name.chars().count() > LETTERS {
        line.name.chars().take(LETTERS - 1).chain(['…']).collect()
    } else {
        line.name.clone()
    };
    let _ = write!(html, "<text x=\"4\" y=\"{:.1}\">{}</text>", y + 5.0, escaped(&name));
    let ItemLine { mean_before: Ok(before), mean_after: Ok(after), ci95, .. } = &line.line else {
        html.push('\n');
        return;
    };
    if let Ok(Interval { low, high }) = ci95 {
        let (from, to) = (x(before + low), x(before + high));
        let _ = write!(
            html,
            "<rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"12\" fill=\"#bbd4ea\"/>",
            y - 6.0,
            (to - from).max(1.0)
        );
    }
    let (from, to) = (x(*before), x(*after));
    let _ = writeln!(
        html,
        "<line x1=\"{from:.1}\" y1=\"{y:.1}\" x2=\"{to:.1}\" y2=\"{y:.1}\" stroke=\"#0b0c0c\" stroke-width=\"2\"/><circle \
         cx=\"{from:.1}\" cy=\"{y:.1}\" r=\"6\" fill=\"#fff\" stroke=\"#0b0c0c\" stroke-width=\"2\"/><circle \
         cx=\"{to:.1}\" cy=\"{y:.1}\" r=\"6\" fill=\"#1d4f7c\"/>"
    );
}

/// The answers before and after as two stacked bars, lowest rating darkest to highest lightest, counts inside.
fn push_distribution(html: &mut String, line: &ReportLine) {
    /// Totals have too many values for a stacked bar to be read.
    const MOST_VALUES: i32 = 11;
    let scale = line.line.scale;
    let on_scale = |margin: &[(i32, u64)]| margin.iter().all(|entry| scale.contains(entry.0));
    if line.line.n == 0 || scale.span() >= MOST_VALUES || !on_scale(&line.before) || line.is_composite {
        return;
    }
    let name = escaped(&line.name);
    let _ = writeln!(
        html,
        "<svg role=\"img\" viewBox=\"0 0 {WIDTH} 76\"><title>{name}: answers before and after</title><desc>Learners by \
         rating, from {} on the left to {} on the right.</desc>",
        scale.min(),
        scale.max()
    );
    for (row, (label, margin)) in [("Before", &line.before), ("After", &line.after)].into_iter().enumerate() {
        let y = 4.0 + 36.0 * row as f64;
        let _ = write!(html, "<text x=\"4\" y=\"{:.1}\">{label}</text>", y + 20.0);
        let mut left = LEFT;
        for &(rating, count) in margin {
            let width = count as f64 / line.line.n as f64 * (WIDTH - LEFT - RIGHT);
            let (fill, ink) = colours_of(rating, scale);
            let _ = write!(
                html,
                "<rect x=\"{left:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"30\" fill=\"{fill}\" \
                 stroke=\"#fff\"><title>{rating}: {count} learners</title></rect>"
            );
            // A label needs about this many pixels.
            if width > 44.0 {
                let _ = write!(
                    html,
                    "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"{ink}\">{rating}: {count}</text>",
                    left + width / 2.0,
                    y + 20.0
                );
            }
            left += width;
        }
        html.push('\n');
    }
    html.push_str("</svg>\n");
}

/// A blue for the rating, dark for the lowest to light for the highest, and the ink that can be read on it.
fn colours_of(rating: i32, scale: Scale) -> (String, &'static str) {
    const DARKEST: [f64; 3] = [31.0, 80.0, 122.0];
    const LIGHTEST: [f64; 3] = [194.0, 219.0, 240.0];
    let share = f64::from(rating - scale.min()) / f64::from(scale.span());
    let channel = |place: usize| (DARKEST[place] + share * (LIGHTEST[place] - DARKEST[place])).round() as u8;
    let fill = [channel(0), channel(1), channel(2)];
    // One of the two always has 4.5 to 1 (WCAG 2.2, 1.4.3): on whatever lies between, black or white has 4.58.
    let ink = if contrast(fill, [255; 3]) >= contrast(fill, [0; 3]) { "#fff" } else { "#000" };
    (format!("#{:02x}{:02x}{:02x}", fill[0], fill[1], fill[2]), ink)
}

/// The contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance).
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let linear = |channel: u8| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |[red, green, blue]: [u8; 3]| 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter if letter.is_control() => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(colour: &str) -> [u8; 3] {
        let digits = colour.trim_start_matches('#');
        let whole = if digits.len() == 3 { digits.chars().flat_map(|d| [d, d]).collect() } else { digits.to_owned() };
        [0, 2, 4].map(|at| u8::from_str_radix(&whole[at..at + 2], 16).unwrap())
    }

    #[test]
    fn every_count_can_be_read_on_its_bar() {
        assert!((contrast([255; 3], [0; 3]) - 21.0).abs() < 1e-9);
        // A known pair: the grey that is just dark enough on white.
        assert!((contrast([0x76; 3], [255; 3]) - 4.54).abs() < 0.005);
        let scales = [(1, 5), (1, 10), (0, 1), (0, 10), (-3, 3), (1, 4), (1, 7)];
        for scale in scales.map(|(min, max)| Scale::new(min, max).unwrap()) {
            for rating in scale.min()..=scale.max() {
                let (fill, ink) = colours_of(rating, scale);
                let found = contrast(bytes(&fill), bytes(ink));
                assert!(found >= 4.5, "{ink} on {fill}, rating {rating} of {scale}: {found:.2}");
            }
        }
    }
}
