//! The courses of the demonstration board: what the 2020/21 report names, in our own words.

mod general;
mod specialist;

use crate::courses::rules::CourseKind;

/// The ten learning points from case reviews.
pub const LEARNING_POINTS: [&str; 10] = [
    "Lived experience of the child",
    "Curiosity",
    "Response to physical abuse",
    "The role of schools",
    "Parental wellbeing",
    "Fragmented management of health needs",
    "Children's emotional wellbeing",
    "Limited capacity to protect themselves in adolescence",
    "“Was not brought” instead of “did not attend”",
    "Context outside the home",
];

/// How the answers of a course come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A confident start and a better end.
    Rise,
    /// A lower start and a large step.
    Steep,
    /// People find out how much they did not know.
    Fall,
    /// Experienced people who began at the top.
    Ceiling,
    /// Too few answers to show.
    TooSmall,
    /// Nobody has answered yet: the prepared session's course.
    Nothing,
}

/// One course as the demonstration makes it.
pub struct CoursePlan {
    /// Its address.
    pub slug: &'static str,
    /// Its title.
    pub title: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// What the day is like.
    pub description: &'static str,
    /// Safeguarding in this topic: completes the core statement.
    pub topic: &'static str,
    /// How deep it goes.
    pub level: &'static str,
    /// Live, recording or e-learning.
    pub kind: CourseKind,
    /// How long it takes.
    pub minutes: i32,
    /// After how many months it should be repeated.
    pub validity_months: Option<i32>,
    /// Which of the board's three priorities it serves.
    pub priority: Option<&'static str>,
    /// Who needs it.
    pub audiences: &'static [&'static str],
    /// What people can do afterwards; also what they are asked about before and after.
    pub outcomes: [&'static str; 4],
    /// Which learning points it teaches, counted from 1.
    pub learning_points: &'static [usize],
    /// Sessions delivered in 2019/20, delivered in 2020/21 by 22 March, and to come.
    pub sessions: (usize, usize, usize),
    /// Places on a session.
    pub places: i32,
    /// How its answers come out.
    pub shape: Shape,
    /// How many completed it in 2020/21, for recordings and e-learning.
    pub completions: usize,
}

/// The board's three priorities.
pub const NEGLECT: &str = "Neglect";
/// The second.
pub const EDUCATION: &str = "Safeguarding in education";
/// The third.
pub const OUTSIDE_HOME: &str = "Exploitation outside the home";

const EVERYONE: &str = "Everyone who works with children";
const SCHOOLS: &str = "Teachers and school staff";
const EARLY_YEARS: &str = "Early years staff";
const HEALTH: &str = "Health staff";
const SOCIAL_CARE: &str = "Social workers and early help staff";
const POLICE: &str = "Police and justice staff";
const CHARITIES: &str = "Volunteers and charity staff";
const CARERS: &str = "Foster carers";
const YOUTH: &str = "Youth workers";

const INTRODUCTION: &str = "Introduction";
const CORE: &str = "Core";
const SPECIALIST: &str = "Specialist";
const REFRESHER: &str = "Refresher";

/// The course of the prepared session.
pub const PREPARED_COURSE: &str = "listening-to-children";

/// All courses; the place in this order is the id, counted from 1.
pub fn courses() -> impl Iterator<Item = &'static CoursePlan> {
    specialist::SPECIALIST_COURSES.iter().chain(general::GENERAL_COURSES)
}

impl CoursePlan {
    /// The core statement: overall confidence in safeguarding for this topic.
    pub fn core_statement(&self) -> String {
        let children = match self.topic {
            "Exploitation" => "from exploitation",
            "Disability" => "who are disabled",
            "Sexual abuse" => "from sexual abuse",
            "Identity and wellbeing" => "who are, or may be, LGBT",
            "Mental health" => "with mental health difficulties",
            "Early help" => "whose families need early help",
            "Neglect" => "who are neglected",
            "Education" => "in your school or setting",
            "Online safety" => "online",
            "Domestic abuse" => "who live with domestic abuse",
            "Health" => "whose illness is hard to explain",
            "The child's voice" => "by listening to them",
            _ => "in your work",
        };
        format!("Overall, how confident are you in safeguarding children {children}?")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn slugs_and_titles_are_unique_and_learning_points_exist() {
        let slugs: BTreeSet<&str> = courses().map(|course| course.slug).collect();
        let titles: BTreeSet<&str> = courses().map(|course| course.title).collect();
        assert_eq!((slugs.len(), titles.len()), (courses().count(), courses().count()));
        assert!(courses().flat_map(|course| course.learning_points).all(|point| (1..=10).contains(point)));
    }

    #[test]
    fn every_learning_point_is_taught_and_every_priority_served() {
        for point in 1..=10 {
            assert!(courses().any(|course| course.learning_points.contains(&point)), "{point}");
        }
        for priority in [NEGLECT, EDUCATION, OUTSIDE_HOME] {
            assert!(courses().any(|course| course.priority == Some(priority)), "{priority}");
        }
    }

    #[test]
    fn about_400_sessions_are_planned() {
        let planned: usize = courses().map(|course| course.sessions.0 + course.sessions.1 + course.sessions.2).sum();
        assert!((380..=440).contains(&planned), "{planned}");
        assert!(courses().any(|course| course.slug == PREPARED_COURSE && course.shape == Shape::Nothing));
    }
}
