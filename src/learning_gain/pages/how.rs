//! How learning gain is computed, with an example whose numbers come from the engine.

use crate::{
    learning_gain::rules::{
        ItemLine, ItemVersion, JointHistogram, Moments, PairSums, Scale,
        sentence::{Subject, figure_words, gain_sentence, share_words, signed_figure_words},
    },
    web::{charts::interval_text, components::*, error::PageResult, page::Page, visit::Visit},
};
use leptos::prelude::*;

/// The example's twelve people: before, after, how many.
const EXAMPLE: [(i32, i32, u64); 7] = [(1, 3, 1), (2, 3, 2), (2, 4, 3), (3, 3, 1), (3, 4, 3), (4, 3, 1), (4, 5, 1)];

fn example() -> JointHistogram {
    let mut histogram = JointHistogram::new(ItemVersion::new("example", 1), Scale::ONE_TO_FIVE);
    for (before, after, people) in EXAMPLE {
        let added = histogram.add_pairs(before, after, people);
        debug_assert!(added.is_ok(), "the example lies on its scale");
    }
    histogram
}

/// GET /learning-gain/how
pub async fn how_page(visit: Visit) -> PageResult {
    Ok(visit.page(Page::new("How learning gain is computed"), body))
}

fn body() -> AnyView {
    let histogram = example();
    let line = ItemLine::of(&histogram, None, None);
    let moments = Moments::of(&histogram);
    let sums = PairSums::of(&histogram);
    let rows: Vec<Vec<Cell>> = histogram
        .cells()
        .map(|cell| {
            vec![
                Cell::text(format!("{} before, {} after", cell.before, cell.after)),
                Cell::number(cell.count),
                Cell::number(crate::web::charts::gain_text(f64::from(cell.after - cell.before)).replace(".00", "")),
            ]
        })
        .collect();
    let interval = moments.ci95.map(|interval| interval_text((interval.low, interval.high))).unwrap_or_default();
    let n = line.n;
    view! {
        <Heading text="How learning gain is computed"/>
        <p class="govuk-body-l">
            "Before a session people rate a few statements from 1 to 5, such as “I can recognise the signs that a child may be at risk”. Afterwards they rate the same statements again. Learning gain is how far the same people moved, on average."
        </p>
        <Heading text="Who is counted" level=2 size=Size::M/>
        <ul class="govuk-list govuk-list--bullet">
            <li>"Only people who attended, by the register."</li>
            <li>"Only people who answered both times. An average of everybody before and everybody after can move because different people answered, not because anybody learned."</li>
            <li>"Only answers to the same wording of the same statement."</li>
            <li>"Answers saved but not finished count when the questions close: 30 minutes after the start, and three weeks after the end."</li>
        </ul>
        <Heading text="An example" level=2 size=Size::M/>
        <p class="govuk-body">"Twelve people answered one statement before and after:"</p>
        <Table
            caption="Twelve people and their answers"
            caption_hidden=true
            head=vec![Head::text("Answers"), Head::number("People"), Head::number("Change")]
            rows
        />
        <ol class="govuk-list govuk-list--number">
            <li>
                "Add up the changes: " {sums.gain().to_string()} " points over " {n.to_string()} " people, so the gain is "
                <strong>{signed_figure_words(line.mean_gain)}</strong> ". The average went from "
                {figure_words(line.mean_before)} " to " {figure_words(line.mean_after)} "."
            </li>
            <li>
                "How sure is that? The changes differ from each other by a standard deviation of "
                {figure_words(moments.sd_gain)} "; divided by the square root of " {n.to_string()} " that is a standard error of "
                {figure_words(moments.se_gain)} ". Student’s t with " {(n - 1).to_string()}
                " degrees of freedom makes it a 95% interval: " <strong>{interval}</strong>
                ". If we did this again and again, 95 of 100 such intervals would hold the true gain."
            </li>
            <li>
                "How large is that? The gain is " {signed_figure_words(line.d_av)}
                " standard deviations of the answers (Cohen’s d_av), and the group used " {share_words(line.room_used)}
                " of the room that it had to rise."
            </li>
            <li>{line.improved.to_string()} " people rose, " {line.same.to_string()} " stayed and " {line.declined.to_string()} " fell."</li>
        </ol>
        <InsetText>{gain_sentence(&line, Subject::Confidence)}</InsetText>
        <Heading text="A course with several sessions" level=2 size=Size::M/>
        <p class="govuk-body">
            "People in one session share a trainer, a day and a room, so they are more alike than people drawn at random. For a course the interval therefore compares whole sessions: the mean gain is all changes divided by all people, its variance C/(C−1) · Σ(Sₛ − nₛ·mean)² / N² over the C sessions, and Student’s t has C − 1 degrees of freedom. With fewer than five sessions that is only a rough guide; we say so and show the sessions. What is left over of small sessions, and sessions that are not shown, count as one session together, so that the interval tells nothing about a few people. The same holds for all statements together, looking back, and the gain without answers at the door. Three months later and for agency types the interval takes people as independent and is a little too narrow, because the people of one session who are counted there are often too few to tell about."
        </p>
        <Heading text="All courses side by side" level=2 size=Size::M/>
        <p class="govuk-body">
            "Courses are compared by the one statement that all of them ask. In the funnel each dot is a course; around the average of all people lie the limits within which 95 and 99.8 of 100 average courses of that size would fall by chance (1.96 and 3.09 standard errors, with the spread of the answers within courses). Inside them a course cannot be told apart from the average. Because many courses are tested at once, the p-value of each is adjusted (Benjamini and Hochberg): q says how many false alarms in a hundred to expect among all courses with a q as small. The data hold a random-effects mean as well (DerSimonian and Laird), to which small courses are drawn."
        </p>
        <Heading text="What stands beside a course’s statements" level=2 size=Size::M/>
        <SummaryList rows=vec![
            SummaryRow::new("All statements together", "The mean of all statements of confidence, of people who answered everything both times. Cronbach’s alpha says how well the statements agree: 1 is perfectly; below 0.7 the mean says little."),
            SummaryRow::new("Knowledge", "Questions with a right answer, as shares of right answers before and after. Never added to confidence."),
            SummaryRow::new("Looking back", "How confident people say afterwards that they had been before. Where it lies below what they said then, the course has changed their yardstick. Shown beside the usual gain, never mixed with it."),
            SummaryRow::new("Answers at the door", "Given in the first 30 minutes of the session. They count; the gain without them is printed beside."),
            SummaryRow::new("Three months later", "The same statements on day 90, of people who answered everything again, compared with their own answers before the course."),
            SummaryRow::new("The manager’s view", "What managers say three months later: their mean with its interval by Student’s t. There is no manager’s view from before, so there is no gain."),
            SummaryRow::new("Agency types", "The kind of agency that people worked for when they booked. Types with few people are told together."),
            SummaryRow::new("Learning points", "Only statements tagged with a lesson from a case review count for it."),
        ]/>
        <Heading text="What is never shown" level=2 size=Size::M/>
        <p class="govuk-body">
            "Nothing about one to four people: not as a number, a share or a chart, and not so that it could be worked out by subtracting one figure from another or by looking twice. Nothing where everybody gave the same answer either, because that would be each person’s, nor a question that one to four people answered otherwise than the others. New answers enter the figures only in groups of at least five; a smaller rest waits. Who answered everything, who left something out and who answered at the door enter in groups of their own, and agency types and answers of three months later only when no sum or difference of shown groups could be about fewer than five. Where something is hidden because of what people answered, others beside it are hidden too, so that it cannot be had by subtraction: sessions, courses, the mean of all statements, looking back; and the course itself is, where its other sessions are too few to hide one. Nobody, trainers and the office included, can see what a named person answered."
        </p>
        <Heading text="What the data hold beside the pages" level=2 size=Size::M/>
        <p class="govuk-body">
            "The data of each view (CSV, XLSX, JSON) hold further statistics: standard deviations, Student’s t, Wilcoxon’s test with the treatment of unchanged answers by Pratt and with a correction for continuity, the sign test, medians, Hodges and Lehmann’s estimate, Hedges’ g, Cliff’s delta, McNemar’s test of who became confident, Stuart and Maxwell’s and Bhapkar’s tests of the whole shift, and Marx and Cummings’ normalised change. Each is left out where it would tell about a few people; "<code>"null_reasons"</code>" then says why, in one word per column. Spreads are given from ten people on. Intervals by resampling (BCa bootstrap) are not among them: they take ten thousand rounds each, and "<code>"learning-gain gain"</code>" computes them from a file."
        </p>
        <Heading text="What it does not say" level=2 size=Size::M/>
        <ul class="govuk-list govuk-list--bullet">
            <li>"It is people’s own view of their confidence. Confidence can rise while knowledge does not, so the two are never called the same."</li>
            <li>"There is no comparison with people who did not come. Some rise would be expected anyway, most of all from people who started low: whoever happens to answer low once tends to answer higher the next time (regression to the mean)."</li>
            <li>"People like to please those who teach them and those who ask, and may rate themselves higher afterwards for that reason alone."</li>
            <li>"Where answering is a step to a certificate, some answer in haste. Such answers cannot be told from the others, so they count."</li>
            <li>"Whoever came to several sessions has a pair of answers in each, so a figure can count some people more than once."</li>
            <li>"A statement that was reworded is another statement: answers to the two wordings are never added up. Where courses stand side by side, the wording that more people answered is shown."</li>
            <li>"Where many stand at the top before (above 15%), little room is left to rise; we flag it."</li>
            <li>"Falls are shown as plainly as rises."</li>
            <li>"Courses are not ranked: most differences between courses are within what chance does."</li>
        </ul>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_has_twelve_people_who_rose_by_thirteen_points_together() {
        // 1·2 + 2·1 + 3·2 + 0 + 3·1 − 1 + 1 = 13 over 12 people.
        let sums = PairSums::of(&example());
        assert_eq!((sums.n, sums.gain()), (12, 13));
    }
}
