//! The board's page: every figure of the demonstration's year, computed once more from the rows by SQL that shares
//! nothing with the program.

use crate::{
    board::TestBoard,
    browser::Browser,
    demo::{core_sums, filled, number},
};
use learning_gain::{accounts::rules::Role, server::database::Database};
use scraper::{ElementRef, Html, Selector};
use sea_orm::{ConnectionTrait, Statement};

/// "15,204".
fn thousands(count: i64) -> String {
    let digits = count.to_string();
    let grouped: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap()).collect();
    grouped.join(",")
}

fn share(count: i64, of: i64) -> String {
    format!("{:.1}% {} of {}", 100.0 * count as f64 / of as f64, thousands(count), thousands(of))
}

/// The table of the chart with this title.
fn chart<'a>(page: &'a Html, title: &str) -> Option<ElementRef<'a>> {
    let captions = Selector::parse("table.lg-chart-table caption").unwrap();
    let caption = page.select(&captions).find(|caption| words_of(*caption) == title)?;
    ElementRef::wrap(caption.parent()?)
}

fn words_of(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// "+0.68", with a true minus sign.
fn gain_text(sum: i64, n: i64) -> String {
    let text = format!("{:+.2}", sum as f64 / n as f64);
    if text == "+0.00" || text == "-0.00" { "0.00".to_owned() } else { text.replace('-', "−") }
}

/// n, mean before, mean after and mean gain of each course, and of all together.
async fn the_gain_of_every_course(member: &Browser, db: &Database) {
    let page = Html::parse_document(&member.body);
    let table = chart(&page, "Overall confidence before and after, 2020/21").expect("the chart");
    let row_of = |title: &str| {
        let [rows, heads] = ["tbody tr", "th"].map(|name| Selector::parse(name).unwrap());
        let mut found = table.select(&rows).filter(|row| row.select(&heads).any(|head| words_of(head) == title));
        found.next().map(words_of)
    };
    let courses = Statement::from_string(db.backend(), "SELECT id, title FROM courses ORDER BY id");
    let (mut shown, mut all) = (0, (0, 0, 0));
    for course in db.reader().query_all_raw(courses).await.unwrap() {
        let (id, title): (i64, String) = (course.try_get_by_index(0).unwrap(), course.try_get_by_index(1).unwrap());
        let (n, before, after) = core_sums(id, db).await;
        let row = row_of(&title);
        // Fewer than five are nobody's to see.
        if n < 5 {
            assert!(row.is_none_or(|row| row == format!("{title} Not enough answers yet")), "{title}");
            continue;
        }
        let row = row.unwrap_or_else(|| panic!("{title} is not on the page"));
        let mean = |sum: i64| format!("{:.2}", sum as f64 / n as f64);
        let figures = format!("{title} {} before, {} after", mean(before), mean(after));
        assert!(row.starts_with(&figures), "“{figures}” in “{row}”");
        let gain = format!(" {} 95% ", gain_text(after - before, n));
        assert!(row.contains(&gain), "“{gain}” in “{row}”");
        assert!(row.ends_with(&format!(" {} answered both", thousands(n))), "{n} in “{row}”");
        shown += 1;
        all = (all.0 + n, all.1 + before, all.2 + after);
    }
    assert!(shown > 14, "{shown} courses");
    let (n, before, after) = all;
    let headline = format!("Gain in confidence {} 95% interval", gain_text(after - before, n));
    member.must_say(&headline).must_say(&format!("; {} people answered before and after", thousands(n)));
}

#[tokio::test]
async fn every_figure_of_the_boards_page_is_what_its_rows_make() {
    let board = TestBoard::empty(true).await;
    filled(&board).await;
    let db = &board.app.db;
    let in_year =
        |column: &str| format!("{column} >= '2020-03-31T23:00:00+00:00' AND {column} < '2021-03-31T23:00:00+00:00'");
    let held_in = format!(
        "FROM bookings b JOIN sessions s ON s.id = b.session_id WHERE {} AND s.status <> 'cancelled' AND EXISTS \
         (SELECT 1 FROM bookings o WHERE o.session_id = s.id AND o.outcome IS NOT NULL)",
        in_year("s.starts_at")
    );
    let count = async |condition: &str| number(&format!("SELECT COUNT(*) {held_in} AND {condition}"), db).await;
    let booked = "b.state = 'booked' AND b.walk_in = FALSE AND b.outcome";
    let held = count(&format!("{booked} IS NOT NULL")).await;
    let attended = count(&format!("{booked} = 'attended'")).await;
    let missed = count(&format!("{booked} = 'did_not_attend'")).await;
    let walked_in = count("b.walk_in = TRUE AND b.state = 'booked' AND b.outcome = 'attended'").await;
    let cancelled_late = count("b.state = 'cancelled_late'").await;
    let sessions = number(&format!("SELECT COUNT(DISTINCT s.id) {held_in}"), db).await;
    let room = format!("SELECT CAST(SUM(capacity) AS BIGINT) FROM sessions WHERE id IN (SELECT s.id {held_in})");
    let room = number(&room, db).await;
    assert!(held > 5_000 && missed > 100 && cancelled_late > 50, "a year without anything to count");
    assert_ne!(attended, missed);

    let live = format!("SELECT b.person_id {held_in} AND b.outcome = 'attended' AND b.state = 'booked'");
    let completed = |kind: &str| {
        format!(
            "FROM completions c JOIN courses k ON k.id = c.course_id WHERE k.kind = '{kind}' AND {}",
            in_year("c.completed_at")
        )
    };
    let people = async |rows: &str| number(&format!("SELECT COUNT(*) FROM ({rows}) AS people"), db).await;
    let [by_recording, by_e_learning] = ["recording", "e_learning"].map(completed);
    let everybody = format!("{live} UNION SELECT c.person_id {by_recording} UNION SELECT c.person_id {by_e_learning}");
    let trained = people(&everybody).await;
    let trained_live = people(&format!("SELECT DISTINCT person_id FROM ({live}) AS live")).await;
    let trained_by = async |rows: &str| people(&format!("SELECT DISTINCT c.person_id {rows}")).await;
    let (recording, e_learning) = (trained_by(&by_recording).await, trained_by(&by_e_learning).await);

    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    member.open("/board?year=2020").await.must_say(&format!(
        "People trained {} {} in live sessions, {} by recordings, {} by e-learning; each person counted once",
        thousands(trained),
        thousands(trained_live),
        thousands(recording),
        thousands(e_learning)
    ));
    let attendances = format!("Attendances {} in {sessions} live sessions", thousands(attended + walked_in));
    member.must_say(&attendances);
    for (row, words) in [
        ("Attendance", share(attended, held) + " places held"),
        ("Did not attend", share(missed, held) + " places held"),
        ("Late cancellation", share(cancelled_late, held + cancelled_late) + " places held and late cancellations"),
        ("Fill", share(attended + walked_in, room) + " places that the sessions had"),
    ] {
        let said = member.rows_named(row);
        assert!(said.contains(&words), "{row}: “{words}” is not in “{said}”");
    }
    for (name, rows, by) in [("Recordings", &by_recording, recording), ("E-learning", &by_e_learning, e_learning)] {
        let completions = number(&format!("SELECT COUNT(*) {rows}"), db).await;
        member.must_say(&format!("{name} {} completed, by {} people", thousands(completions), thousands(by)));
    }

    let charges = format!("FROM charges WHERE {}", in_year("proposed_at"));
    let proposed = number(&format!("SELECT COUNT(*) {charges}"), db).await;
    assert!(proposed > 97);
    for (state, word) in [
        ("confirmed", "Confirmed"),
        ("waived", "Waived"),
        ("notified", "Notified"),
        ("proposed", "Proposed"),
        ("lapsed", "Lapsed"),
    ] {
        let these = number(&format!("SELECT COUNT(*) {charges} AND state = '{state}'"), db).await;
        assert!(these > 0, "{word}");
        let pence = format!("SELECT CAST(SUM(amount_pence) AS BIGINT) {charges} AND state = '{state}'");
        let pounds = format!("£{}.00", thousands(number(&pence, db).await / 100));
        let said = member.rows_named(word);
        let share =
            format!("{} of {} {:.1}%", thousands(these), thousands(proposed), 100.0 * these as f64 / proposed as f64);
        assert!(said.contains(&share) && said.contains(&pounds), "{word}: “{share}”, “{pounds}” in “{said}”");
    }
    let confirmed = number(&format!("SELECT COUNT(*) {charges} AND state = 'confirmed'"), db).await;
    member.must_say(&format!("{confirmed} of {} charges proposed in the year were confirmed", thousands(proposed)));

    the_gain_of_every_course(&member, db).await;

    // The charts, each with its title, and every course's attendance in words.
    let page = Html::parse_document(&member.body);
    for title in ["Overall confidence before and after, 2020/21", "Attendance by course, 2020/21"] {
        let drawn = chart(&page, title).map(|table| table.select(&Selector::parse("tbody svg").unwrap()).count());
        assert!(drawn.is_some_and(|drawn| drawn > 10), "{title}: {drawn:?} rows are drawn");
    }
    let of_course = "k.slug = 'neglect-in-practice'";
    let course = |outcome: &str| {
        let joined = held_in.replacen("WHERE", "JOIN courses k ON k.id = s.course_id WHERE", 1);
        format!("SELECT COUNT(*) {joined} AND {of_course} AND {booked} {outcome}")
    };
    let (attended, held) = (number(&course("= 'attended'"), db).await, number(&course("IS NOT NULL"), db).await);
    let title = "SELECT title FROM courses k WHERE k.slug = 'neglect-in-practice'";
    let row = db.reader().query_one_raw(Statement::from_string(db.backend(), title)).await.unwrap().unwrap();
    let title: String = row.try_get_by_index(0).unwrap();
    let words =
        format!("{:.1}% ({} of {})", 100.0 * attended as f64 / held as f64, thousands(attended), thousands(held));
    assert!(held > 20 && member.rows_named(&title).contains(&words), "{title}: {words}");
}
