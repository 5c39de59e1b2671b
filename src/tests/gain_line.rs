//! The line that every view shows, figure by figure, beside numbers that were worked out without the engine; and the
//! charts, each with its title and what it says.

use crate::{
    board::TestBoard,
    gain_answers::{Given, course_of, give, questionnaire, release},
};
use learning_gain::{accounts::rules::Role, agencies::rules::AgencyType, sessions::rules::SessionId};
use scraper::{Html, Selector};

/// People who answered the core statement so, before and after: (before, after, people). By hand: means 66/25 and 81/25,
/// gain 15/25 = 0.6, s_d² = 28/24; s_before² = 9.76/24, s_after² = 10.56/24, so d_av = 0.6/√(20.32/48) = 0.922;
/// 19 changed, W⁺ = 155 of 190, whose exact p with ties, by folding the 2¹⁹ signs, is 0.011242; t₀.₉₇₅(24) = 2.063899, so
/// the interval is 0.6 ± 0.445852. Of the room 5 − 2.64 = 2.36, 25.4 % was used.
const NEGLECT: [(i32, i32, usize); 4] = [(2, 3, 8), (2, 4, 6), (3, 3, 6), (4, 3, 5)];
/// 7 rose by one and 6 fell by one, so p is 1: of the two p-values that of Neglect is 2 × 0.011242 after Benjamini and
/// Hochberg.
const EXPLOITATION: [(i32, i32, usize); 3] = [(1, 2, 7), (3, 3, 6), (4, 3, 6)];

fn people(session: SessionId, cells: &[(i32, i32, usize)]) -> Vec<Given> {
    let all = cells.iter().flat_map(|(before, after, count)| (0..*count).map(move |_| (*before, *after)));
    let of = |(place, (before, after)): (usize, (i32, i32))| Given {
        session,
        agency: if place % 2 == 0 { AgencyType::Health } else { AgencyType::School },
        door: false,
        before: [before, 1 + (place % 3) as i32],
        after: [after, 3 + (place % 2) as i32],
        knows: [(place % 2) as i32, 1],
        then: 1 + (place % 2) as i32,
        again: None,
        manager: None,
    };
    all.enumerate().map(of).collect()
}

/// The title and the description of every drawing on a page.
fn drawings(body: &str) -> Vec<(String, String)> {
    let page = Html::parse_document(body);
    let text = |of: scraper::ElementRef<'_>, name: &str| {
        let found = of.select(&Selector::parse(name).unwrap()).next().expect("each drawing has both");
        found.text().collect::<String>()
    };
    let svg = Selector::parse("svg[role=img]").unwrap();
    page.select(&svg).map(|drawing| (text(drawing, "title"), text(drawing, "desc"))).collect()
}

#[tokio::test]
async fn a_course_shows_every_figure_of_the_line_and_every_chart() {
    let board = TestBoard::new().await;
    let asked = questionnaire(&board).await;
    let (_, neglect) = course_of(&board, &asked, "Neglect", &["2024-03-10 10:00", "2025-03-10 10:00"]).await;
    let (_, exploitation) = course_of(&board, &asked, "Exploitation", &["2025-03-11 10:00"]).await;
    give(&board, &asked, "earlier", &people(neglect[0], &[(1, 2, 7), (2, 4, 8), (3, 3, 5)])).await;
    give(&board, &asked, "neglect", &people(neglect[1], &NEGLECT)).await;
    give(&board, &asked, "exploitation", &people(exploitation[0], &EXPLOITATION)).await;
    board.set_clock("2025-09-01 09:00");
    release(&board).await;
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    member.open("/board/courses/neglect?year=2024").await;
    for words in [
        "25 people. Everyone who answered did so both before and after",
        "2.64 → 3.24",
        "+0.60 (95% interval 0.15 to 1.05)",
        "The average gain is +0.92 standard deviations (Cohen’s d_av).",
        "14 improved, 6 stayed the same and 5 declined.",
        "Of the room to rise, 25% was used.",
        "A change like this would be rare if nothing had changed (p = 0.011, exact signed rank test).",
        "Counted over all courses of the year: q = 0.022",
    ] {
        member.must_say(words);
    }
    let titles: Vec<String> = drawings(&member.body).into_iter().map(|(title, _)| title).collect();
    for title in ["Answers before and after: Overall, I am confident", "Gain in overall confidence"] {
        assert!(titles.iter().any(|found| found == title), "no drawing “{title}”: {titles:?}");
    }
    // The other charts are tables with a drawing in each row; their title is the table's caption.
    let page = Html::parse_document(&member.body);
    let captions = Selector::parse("table caption").unwrap();
    let captions: Vec<String> = page.select(&captions).map(|caption| caption.text().collect()).collect();
    for title in ["Statements of Neglect", "Gain in each session", "Overall confidence by agency type"] {
        assert!(captions.iter().any(|found| found.contains(title)), "no chart “{title}”: {captions:?}");
    }
    let trend = drawings(&member.body).into_iter().find(|(title, _)| title == "Gain in overall confidence").unwrap();
    assert!(trend.1.contains("board year by board year"), "{}", trend.1);
    // 2023/24: gains 7 × 1 and 8 × 2 over 20 people.
    member.must_say("+1.15 (").must_say("2023/24");

    member.open("/board/courses?year=2024").await;
    let (_, said) = drawings(&member.body).into_iter().find(|(title, _)| title.starts_with("Gain and size")).unwrap();
    assert!(said.contains("Each dot is a course") && said.contains("of 2 courses"), "{said}");
    member.open("/board/courses/exploitation?year=2024").await;
    member.must_say("A change like this could well be chance (p > 0.999, exact signed rank test).");
    member.must_say("Counted over all courses of the year: q > 0.999");
}
