//! Figures in words, by rule: a fall is told as plainly as a rise, and what cannot be told apart from no change is
//! said to be that. Every sentence is made from the figure, its interval and its number of learners, never by hand.

use super::{CourseComparison, CourseStanding, Figure, Flag, Interval, IntervalKind, ItemLine, Scale, Undefined};

/// What the items ask about. Only knowledge questions may be called knowledge; ratings of oneself are confidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Learners rated themselves.
    Confidence,
    /// Learners answered questions with right and wrong answers.
    Knowledge,
}

impl Subject {
    fn capitalised(self) -> &'static str {
        match self {
            Self::Confidence => "Confidence",
            Self::Knowledge => "Knowledge",
        }
    }
}

/// "Confidence rose by 0.82 points on the 1 to 5 scale (95% interval 0.61 to 1.03; 48 matched learners)."
pub fn gain_sentence(line: &ItemLine, subject: Subject) -> String {
    if subject == Subject::Knowledge && line.scale == Scale::WRONG_OR_RIGHT {
        return right_answers_sentence(line);
    }
    let learners = matched(line.n);
    let name = subject.capitalised();
    let gain = match line.mean_gain {
        Ok(gain) => gain,
        Err(reason) => return format!("No gain can be given: {reason}."),
    };
    let scale = line.scale;
    let interval = match line.ci95 {
        Ok(interval) => interval,
        Err(reason) if gain == 0.0 => {
            return format!("{name} stayed the same ({learners}; no interval can be given: {reason}).");
        }
        Err(reason) => {
            let (verb, by) = direction(gain);
            return format!(
                "{name} {verb} by {} on the {scale} scale ({learners}; no interval can be given: {reason}).",
                points(by)
            );
        }
    };
    let basis = match line.interval_kind {
        IntervalKind::Sessions(sessions) => format!("{learners} in {sessions} sessions"),
        IntervalKind::Learners => learners,
    };
    if interval.contains_zero() {
        return format!(
            "{name} shows no clear change: {} on the {scale} scale (95% interval {} to {}; {basis}).",
            signed_points(gain),
            signed(interval.low),
            signed(interval.high)
        );
    }
    let (verb, by) = direction(gain);
    let (least, most) = if gain < 0.0 { (-interval.high, -interval.low) } else { (interval.low, interval.high) };
    format!(
        "{name} {verb} by {} on the {scale} scale (95% interval {} to {}; {basis}).",
        points(by),
        two_digits(least),
        two_digits(most)
    )
}

/// "Right answers rose: from 61% to 83% (22 percentage points, 95% interval 14 to 30; 48 matched learners)."
fn right_answers_sentence(line: &ItemLine) -> String {
    let (Ok(before), Ok(after), Ok(gain)) = (line.mean_before, line.mean_after, line.mean_gain) else {
        return format!("No gain in knowledge can be given: {}.", Undefined::NoLearners);
    };
    let basis = match line.interval_kind {
        IntervalKind::Sessions(sessions) => format!("{} in {sessions} sessions", matched(line.n)),
        IntervalKind::Learners => matched(line.n),
    };
    let hundredths = |share: f64| two_digits((100.0 * share).round()).trim_end_matches(".00").to_owned();
    let verb = match line.ci95 {
        Ok(interval) if interval.contains_zero() => "show no clear change",
        _ if gain > 0.0 => "rose",
        _ if gain < 0.0 => "fell",
        _ => "stayed the same",
    };
    let interval = line.ci95.map_or_else(
        |reason| format!("no interval can be given: {reason}"),
        |interval| format!("95% interval {} to {}", hundredths(interval.low), hundredths(interval.high)),
    );
    format!(
        "Right answers {verb}: from {} to {} ({} percentage points, {interval}; {basis}).",
        percent(before),
        percent(after),
        hundredths(gain)
    )
}

/// "6 managers: 3.83 on the 1 to 5 scale (95% interval 3.04 to 4.62)."
pub fn managers_sentence(managers: u64, mean: f64, ci95: Figure<Interval>, scale: Scale) -> String {
    let who = if managers == 1 { "1 manager".to_owned() } else { format!("{} managers", thousands(managers)) };
    let interval = ci95.map_or_else(
        |reason| format!("no interval can be given: {reason}"),
        |interval| format!("95% interval {} to {}", two_digits(interval.low), two_digits(interval.high)),
    );
    format!("{who}: {} on the {scale} scale ({interval}).", two_digits(mean))
}

/// "31 of 48 learners improved, 14 stayed the same and 3 declined."
pub fn shares_sentence(line: &ItemLine) -> String {
    if line.n == 0 {
        return "Nobody answered both before and after.".to_owned();
    }
    let learners = if line.n == 1 { "learner" } else { "learners" };
    format!(
        "{} of {} {learners} improved, {} stayed the same and {} declined.",
        thousands(line.improved),
        thousands(line.n),
        thousands(line.same),
        thousands(line.declined)
    )
}

/// "80% of those who answered did so both times; only they are counted."
pub fn matching_sentence(line: &ItemLine) -> String {
    matching(line, "did so both before and after", "did so both times")
}

/// The same about all items together: "60% of those who answered did so for every item, both times; only they
/// are counted."
pub fn all_items_matching_sentence(line: &ItemLine) -> String {
    matching(line, "did so for every item, both before and after", "did so for every item, both times")
}

fn matching(line: &ItemLine, all_did: &str, some_did: &str) -> String {
    match line.match_rate {
        Err(_) => "Nobody has answered yet.".to_owned(),
        Ok(_) if !line.has(Flag::Unmatched) => format!("Everyone who answered {all_did}."),
        Ok(rate) => {
            let unmatched = match (line.mean_before, line.mean_before_only) {
                (Ok(matched), Ok(once)) => format!(
                    " Before the course they stood at {}, those who did not answer after it at {}.",
                    two_digits(matched),
                    two_digits(once)
                ),
                _ => String::new(),
            };
            format!("{} of those who answered {some_did}; only they are counted.{unmatched}", percent(rate))
        }
    }
}

/// "The average gain is 0.81 standard deviations (Cohen's d_av)."
pub fn effect_size_sentence(line: &ItemLine) -> String {
    match line.d_av {
        Ok(d_av) => format!("The average gain is {} standard deviations (Cohen’s d_av).", signed(d_av)),
        Err(reason) => format!("No standardised gain can be given: {reason}."),
    }
}

/// "A change like this or larger would be rare if nothing had changed (p < 0.001, exact signed rank test)."
pub fn p_sentence(line: &ItemLine) -> String {
    /// The customary level (Fisher 1925). It says how surprising a change is, not how large.
    const CUSTOMARY: f64 = 0.05;
    let test = if line.p_is_exact { "exact signed rank test" } else { "signed rank test" };
    match line.p {
        Err(reason) => format!("No test can be made: {reason}."),
        Ok(p) if p < CUSTOMARY => {
            format!("A change like this would be rare if nothing had changed ({}, {test}).", p_words(p))
        }
        Ok(p) => format!("A change like this could well be chance ({}, {test}).", p_words(p)),
    }
}

/// "8% were at the top of the scale before. The group used 43% of the room it had to rise."
pub fn room_sentence(line: &ItemLine) -> String {
    let Ok(top) = line.top_before else {
        return "Nobody answered both before and after.".to_owned();
    };
    let ceiling = if line.has(Flag::Ceiling) { ", so there was little room to rise" } else { "" };
    let top = format!("{} were at the top of the scale before{ceiling}.", percent(top));
    match line.room_used {
        Ok(used) if used >= 0.0 => format!("{top} The group used {} of the room it had to rise.", percent(used)),
        Ok(_) => format!("{top} The group fell, so it used none of the room it had to rise."),
        Err(reason) => format!("{top} The room used cannot be given: {reason}."),
    }
}

/// How a course stands beside the average of all: never a rank.
pub fn standing_words(standing: &CourseStanding) -> &'static str {
    let is_above = standing.funnel_z.is_ok_and(|z| z > 0.0);
    match (standing.outside_998, standing.outside_95) {
        (Ok(true), _) if is_above => "Above the average by more than chance",
        (Ok(true), _) => "Below the average by more than chance",
        (_, Ok(true)) if is_above => "Perhaps above the average: one average course in twenty lies this far out",
        (_, Ok(true)) => "Perhaps below the average: one average course in twenty lies this far out",
        (_, Ok(false)) => "Cannot be told apart from the average",
        _ => "Nothing to compare with",
    }
}

/// "12 of 18 courses cannot be told apart from the average gain of +0.61 points."
pub fn comparison_sentence(comparison: &CourseComparison) -> String {
    let Ok(mean) = comparison.grand_mean else {
        return "There are not enough courses with answers to compare.".to_owned();
    };
    let alike = comparison.courses.iter().filter(|course| course.outside_95 == Ok(false)).count();
    let outside = comparison.courses.iter().filter(|course| course.outside_998 == Ok(true)).count();
    let by_chance = match outside {
        0 => "None differs from it by more than chance would explain".to_owned(),
        1 => "1 differs from it by more than chance would explain".to_owned(),
        _ => format!("{outside} differ from it by more than chance would explain"),
    };
    format!(
        "{alike} of {} courses cannot be told apart from the average gain of {}. {by_chance}; courses also differ in whom they are for and where their people start.",
        comparison.courses_answered,
        signed_points(mean)
    )
}

/// What a flag means for the reader.
pub fn flag_sentence(flag: Flag) -> &'static str {
    match flag {
        Flag::Ceiling => "More than 15% were at the top of the scale before, so the gain understates the course.",
        Flag::FewSessions => {
            "Fewer than five sessions can be told apart: the interval is only a rough guide, so look at the sessions."
        }
        Flag::Unmatched => "Some learners answered only once; they are not counted in the gain.",
        Flag::NoSpread => "Every learner changed by the same amount, so no interval can be given.",
    }
}

/// "p = 0.034", or "p < 0.001"; never 0, and never 1.000 from below.
pub fn p_words(p: f64) -> String {
    if p < 0.001 {
        return "p < 0.001".to_owned();
    }
    if p > 0.999 {
        return "p > 0.999".to_owned();
    }
    format!("p = {p:.3}")
}

/// A figure with two digits, or a dash.
pub fn figure_words(figure: Figure) -> String {
    figure.map_or_else(|_| "–".to_owned(), two_digits)
}

/// A figure with sign and two digits, or a dash.
pub fn signed_figure_words(figure: Figure) -> String {
    figure.map_or_else(|_| "–".to_owned(), signed)
}

/// A share in whole per cent, or a dash.
pub fn share_words(figure: Figure) -> String {
    figure.map_or_else(|_| "–".to_owned(), percent)
}

/// Two digits, with a true minus sign, and no minus before zero.
fn two_digits(value: f64) -> String {
    let text = format!("{:.2}", value.abs());
    if value < 0.0 && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) { format!("−{text}") } else { text }
}

fn signed(value: f64) -> String {
    let text = two_digits(value);
    if value > 0.0 && text != "0.00" { format!("+{text}") } else { text }
}

/// Whole per cent; a share that is neither 0 nor 1 is never shown as 0% or 100%.
fn percent(share: f64) -> String {
    let whole = (100.0 * share).round();
    if share > 0.0 && whole < 1.0 {
        return "under 1%".to_owned();
    }
    if share < 1.0 && whole > 99.0 {
        return "over 99%".to_owned();
    }
    two_digits(whole).trim_end_matches(".00").to_owned() + "%"
}

fn direction(gain: f64) -> (&'static str, f64) {
    if gain < 0.0 { ("fell", -gain) } else { ("rose", gain) }
}

fn points(by: f64) -> String {
    if by > 0.0 && by < 0.005 {
        return "less than 0.01 points".to_owned();
    }
    let text = two_digits(by);
    let unit = if text == "1.00" { "point" } else { "points" };
    format!("{text} {unit}")
}

fn signed_points(gain: f64) -> String {
    format!("{} points", signed(gain))
}

fn matched(n: u64) -> String {
    if n == 1 { "1 matched learner".to_owned() } else { format!("{} matched learners", thousands(n)) }
}

/// A count with its thousands set apart: "15,204".
pub fn thousands(count: u64) -> String {
    if count < 1_000 {
        return count.to_string();
    }
    format!("{},{:03}", thousands(count / 1_000), count % 1_000)
}
