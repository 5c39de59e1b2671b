//! The courses of the demonstration board: what the 2020/21 report names, in our own words.

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
const SCHOOLS: &str = "Schools and colleges";
const EARLY_YEARS: &str = "Early years";
const HEALTH: &str = "Health";
const SOCIAL_CARE: &str = "Social care and early help";
const POLICE: &str = "Police and justice";
const CHARITIES: &str = "Charities and volunteers";
const CARERS: &str = "Foster carers";
const YOUTH: &str = "Youth work";

const INTRODUCTION: &str = "Introduction";
const CORE: &str = "Core";
const SPECIALIST: &str = "Specialist";
const REFRESHER: &str = "Refresher";

/// The course of the prepared session.
pub const PREPARED_COURSE: &str = "listening-to-children";

/// All courses; the position in the list is the id, counted from 1.
pub const COURSES: &[CoursePlan] = &[
    CoursePlan {
        slug: "child-exploitation",
        title: "Child exploitation",
        summary: "How children are drawn into sexual and criminal exploitation, and what you can do on the first day that you worry.",
        description: "Two trainers, one from health and one from youth work, lead you through what happened to three young people. You work in small groups with the county's screening tool and leave with a plan for your own service.",
        topic: "Exploitation",
        level: SPECIALIST,
        kind: CourseKind::Live,
        minutes: 180,
        validity_months: Some(36),
        priority: Some(OUTSIDE_HOME),
        audiences: &[SOCIAL_CARE, SCHOOLS, HEALTH, POLICE, YOUTH],
        outcomes: [
            "recognise the signs that a child is being exploited",
            "talk with a young person who does not see themselves as exploited",
            "use the screening tool and share what it shows",
            "say what to do when a child is at risk today",
        ],
        learning_points: &[8, 10, 2],
        sessions: (6, 28, 2),
        places: 34,
        shape: Shape::Rise,
        completions: 0,
    },
    CoursePlan {
        slug: "safeguarding-disabled-children",
        title: "Safeguarding disabled children",
        summary: "Disabled children are three times as likely to be harmed and less likely to be heard. This course is about hearing them.",
        description: "With a parent and a specialist nurse as trainers. You look at how signs of harm are explained away by a child's condition, and practise asking in ways that do not depend on speech.",
        topic: "Disability",
        level: SPECIALIST,
        kind: CourseKind::Live,
        minutes: 180,
        validity_months: Some(36),
        priority: None,
        audiences: &[HEALTH, SCHOOLS, SOCIAL_CARE, CARERS],
        outcomes: [
            "recognise harm in a child who communicates without speech",
            "question whether a change is explained by a child's condition",
            "bring together the services around one child",
            "make a child's wishes visible in my records",
        ],
        learning_points: &[1, 6, 2],
        sessions: (3, 16, 1),
        places: 30,
        shape: Shape::Rise,
        completions: 0,
    },
    CoursePlan {
        slug: "sexual-abuse",
        title: "Sexual abuse",
        summary: "What children who were abused wish that adults had noticed, and how to respond when a child begins to tell.",
        description: "The course keeps to what you can see, ask and do in your role. You can step out at any time, and a trainer stays for half an hour afterwards.",
        topic: "Sexual abuse",
        level: SPECIALIST,
        kind: CourseKind::Live,
        minutes: 180,
        validity_months: Some(36),
        priority: None,
        audiences: &[SOCIAL_CARE, SCHOOLS, HEALTH, POLICE],
        outcomes: [
            "recognise signs of sexual abuse in children of different ages",
            "respond when a child begins to tell",
            "record what a child says in the child's own words",
            "work with a family while a case is investigated",
        ],
        learning_points: &[1, 2, 7],
        sessions: (4, 18, 1),
        places: 36,
        shape: Shape::Rise,
        completions: 0,
    },
    CoursePlan {
        slug: "healthy-and-unhealthy-sexual-behaviours",
        title: "Healthy and unhealthy sexual behaviours",
        summary: "Tell apart what belongs to growing up from what needs a response, from nursery to sixth form.",
        description: "You sort real examples with the traffic-light guide, first alone, then with colleagues from other services, and compare where you drew the line.",
        topic: "Sexual abuse",
        level: SPECIALIST,
        kind: CourseKind::Live,
        minutes: 150,
        validity_months: Some(36),
        priority: Some(EDUCATION),
        audiences: &[SCHOOLS, EARLY_YEARS, HEALTH, CARERS],
        outcomes: [
            "tell healthy from worrying sexual behaviour at each age",
            "respond calmly in the moment",
            "talk with parents about what happened",
            "plan how to keep all children involved safe",
        ],
        learning_points: &[4, 2],
        sessions: (3, 18, 1),
        places: 34,
        shape: Shape::Steep,
        completions: 0,
    },
    CoursePlan {
        slug: "supporting-lgbt-young-people",
        title: "Supporting LGBT young people",
        summary: "What lesbian, gay, bisexual and trans young people in our county say helps, and what puts them at risk.",
        description: "Young people from a local group wrote the examples and recorded their answers. You look at your own service through their eyes.",
        topic: "Identity and wellbeing",
        level: SPECIALIST,
        kind: CourseKind::Live,
        minutes: 120,
        validity_months: Some(36),
        priority: None,
        audiences: &[SCHOOLS, YOUTH, HEALTH, CARERS],
        outcomes: [
            "use words that young people are comfortable with",
            "recognise bullying and rejection at home as risks",
            "respond when a young person comes out to me",
            "find the local support that young people recommend",
        ],
        learning_points: &[7, 1],
        sessions: (2, 14, 1),
        places: 36,
        shape: Shape::Rise,
        completions: 0,
    },
    CoursePlan {
        slug: "mental-health-difficulties-overview",
        title: "Overview of mental health difficulties for young people",
        summary: "Low mood, anxiety, eating and more: what you may notice, what you can say, and where help begins.",
        description: "A clinical psychologist and a school counsellor go through the common difficulties with short films, then you practise first conversations in pairs.",
        topic: "Mental health",
        level: SPECIALIST,
        kind: CourseKind::Live,
        minutes: 180,
        validity_months: Some(36),
        priority: None,
        audiences: &[SCHOOLS, SOCIAL_CARE, YOUTH, CARERS],
        outcomes: [
            "recognise the common mental health difficulties",
            "begin a conversation about feelings",
            "judge when somebody needs help today",
            "support a young person who is waiting for treatment",
        ],
        learning_points: &[7, 5],
        sessions: (4, 24, 2),
        places: 30,
        shape: Shape::Rise,
        completions: 0,
    },
    CoursePlan {
        slug: "self-harm-workshop",
        title: "Self-harm workshop",
        summary: "A practical morning on understanding self-harm and responding without panic and without blame.",
        description: "You practise what to say in the first five minutes, write a safety plan together with a young person in an example, and look after yourself as well.",
        topic: "Mental health",
        level: SPECIALIST,
        kind: CourseKind::Live,
        minutes: 150,
        validity_months: Some(36),
        priority: None,
        audiences: &[SCHOOLS, HEALTH, YOUTH, CARERS],
        outcomes: [
            "explain what self-harm may mean for a young person",
            "respond in the first five minutes",
            "write a safety plan together with a young person",
            "decide with whom to share what I know",
        ],
        learning_points: &[7, 8],
        sessions: (3, 18, 1),
        places: 30,
        shape: Shape::Steep,
        completions: 0,
    },
    CoursePlan {
        slug: "early-help",
        title: "Early help: assessing and planning with families",
        summary: "Bring a family and its services round one table before things get worse.",
        description: "You fill in an assessment from a family's story, then hold the first meeting as a role play, with a family worker who has led a hundred of them.",
        topic: "Early help",
        level: CORE,
        kind: CourseKind::Live,
        minutes: 180,
        validity_months: Some(36),
        priority: Some(NEGLECT),
        audiences: &[SCHOOLS, EARLY_YEARS, HEALTH, SOCIAL_CARE, CHARITIES],
        outcomes: [
            "decide when a family needs early help",
            "carry out an early help assessment with a family",
            "lead a meeting that the family finds useful",
            "tell when early help is not enough",
        ],
        learning_points: &[1, 5, 4],
        sessions: (6, 30, 2),
        places: 36,
        shape: Shape::Rise,
        completions: 0,
    },
    CoursePlan {
        slug: "neglect-in-practice",
        title: "Neglect: from worry to action",
        summary: "Neglect seldom has one moment. Learn to describe it, to measure it, and to act before years pass.",
        description: "You use the county's neglect tool on a family that you know, compare scores with colleagues, and write what daily life is like for the child.",
        topic: "Neglect",
        level: CORE,
        kind: CourseKind::Live,
        minutes: 180,
        validity_months: Some(36),
        priority: Some(NEGLECT),
        audiences: &[SOCIAL_CARE, HEALTH, SCHOOLS, EARLY_YEARS],
        outcomes: [
            "describe what neglect is like for the child",
            "use the neglect tool with a family",
            "challenge drift when nothing changes",
            "work with parents who have much to carry themselves",
        ],
        learning_points: &[1, 5, 9],
        sessions: (5, 26, 2),
        places: 34,
        shape: Shape::Rise,
        completions: 0,
    },
    CoursePlan {
        slug: "foundation-working-together",
        title: "Safeguarding foundation: working together",
        summary: "The core day for everyone who works with children: what to notice, whom to tell, what happens next.",
        description: "People from six kinds of service in one (online) room. You follow one family from the first worry to the conference, each in your own role.",
        topic: "Core safeguarding",
        level: CORE,
        kind: CourseKind::Live,
        minutes: 240,
        validity_months: Some(36),
        priority: None,
        audiences: &[EVERYONE, SCHOOLS, EARLY_YEARS, HEALTH, CHARITIES],
        outcomes: [
            "recognise abuse and neglect",
            "say what I must do when I am worried about a child",
            "share information lawfully",
            "take part in a child protection conference",
        ],
        learning_points: &[1, 2, 4],
        sessions: (9, 34, 3),
        places: 36,
        shape: Shape::Rise,
        completions: 0,
    },
    CoursePlan {
        slug: "designated-lead-induction",
        title: "Designated safeguarding lead: induction",
        summary: "For new designated leads in schools, colleges and early years: the role, the records, the hard conversations.",
        description: "Two experienced leads show you how they keep their records, supervise colleagues and get through a difficult week.",
        topic: "Education",
        level: SPECIALIST,
        kind: CourseKind::Live,
        minutes: 300,
        validity_months: Some(24),
        priority: Some(EDUCATION),
        audiences: &[SCHOOLS, EARLY_YEARS],
        outcomes: [
            "carry out the role of designated lead",
            "make a referral that is acted on",
            "keep records that tell a child's story",
            "support colleagues who hear hard things",
        ],
        learning_points: &[4, 2],
        sessions: (4, 18, 1),
        places: 36,
        shape: Shape::Steep,
        completions: 0,
    },
    CoursePlan {
        slug: "designated-lead-refresher",
        title: "Designated safeguarding lead: refresher",
        summary: "Every two years: what changed in law and guidance, and what this year's reviews ask of schools.",
        description: "A brisk update for experienced leads, with time to bring your own questions.",
        topic: "Education",
        level: REFRESHER,
        kind: CourseKind::Live,
        minutes: 180,
        validity_months: Some(24),
        priority: Some(EDUCATION),
        audiences: &[SCHOOLS, EARLY_YEARS],
        outcomes: [
            "apply this year's changes in guidance",
            "use the findings of local reviews in my school",
            "audit my own school's safeguarding",
            "lead a whole-school response to a worry",
        ],
        learning_points: &[4, 10],
        sessions: (3, 16, 1),
        places: 36,
        shape: Shape::Ceiling,
        completions: 0,
    },
    CoursePlan {
        slug: "online-lives",
        title: "Online lives: harm on screens",
        summary: "Games, group chats and live streams change faster than our advice. A course that keeps up.",
        description: "Young trainers show what they use and how harm reaches them there. Many people leave less sure of themselves than they came, and better prepared.",
        topic: "Online safety",
        level: SPECIALIST,
        kind: CourseKind::Live,
        minutes: 120,
        validity_months: Some(24),
        priority: Some(OUTSIDE_HOME),
        audiences: &[SCHOOLS, YOUTH, CARERS, POLICE],
        outcomes: [
            "explain what children do online today",
            "recognise grooming in a chat",
            "respond when an image has been shared",
            "agree rules with a young person that hold",
        ],
        learning_points: &[8, 10],
        sessions: (2, 14, 1),
        places: 34,
        shape: Shape::Fall,
        completions: 0,
    },
    CoursePlan {
        slug: "context-outside-the-home",
        title: "Context matters: safety outside the home",
        summary: "When the risk is the park, the bus or the peer group, the plan has to change places, not only parents.",
        description: "You map where young people in your area feel safe and unsafe, and plan with police, youth workers and shopkeepers what to change there.",
        topic: "Exploitation",
        level: SPECIALIST,
        kind: CourseKind::Live,
        minutes: 150,
        validity_months: Some(36),
        priority: Some(OUTSIDE_HOME),
        audiences: &[SOCIAL_CARE, POLICE, YOUTH, SCHOOLS],
        outcomes: [
            "map the places where young people are at risk",
            "plan with partners how to change a place",
            "involve young people in the plan",
            "assess peer groups rather than single children",
        ],
        learning_points: &[10, 8],
        sessions: (2, 14, 1),
        places: 36,
        shape: Shape::Steep,
        completions: 0,
    },
    CoursePlan {
        slug: "domestic-abuse-the-childs-view",
        title: "Domestic abuse: the child's view",
        summary: "Living with domestic abuse from a child's height, and what helps while adults decide.",
        description: "Built around the voices of four children. You practise safe questions to a parent and to a child, apart and together.",
        topic: "Domestic abuse",
        level: CORE,
        kind: CourseKind::Live,
        minutes: 180,
        validity_months: Some(36),
        priority: None,
        audiences: &[EVERYONE, SOCIAL_CARE, HEALTH, POLICE],
        outcomes: [
            "describe what domestic abuse does to a child",
            "ask about domestic abuse safely",
            "help a parent plan for safety",
            "speak up for the child in a meeting about adults",
        ],
        learning_points: &[1, 5, 7],
        sessions: (4, 20, 1),
        places: 34,
        shape: Shape::Rise,
        completions: 0,
    },
    CoursePlan {
        slug: "volunteers-start-here",
        title: "Safeguarding for new volunteers",
        summary: "Made in five weeks for the people who began to help in the first lockdown: an hour and a half that keeps children and helpers safe.",
        description: "Short, plain and friendly. For food banks, doorstep deliveries, befriending calls and online clubs.",
        topic: "Core safeguarding",
        level: INTRODUCTION,
        kind: CourseKind::Live,
        minutes: 90,
        validity_months: Some(36),
        priority: None,
        audiences: &[CHARITIES],
        outcomes: [
            "recognise when something is not right at a door or on a call",
            "say whom I tell and how",
            "keep myself safe as a volunteer",
            "keep what I hear to those who need it",
        ],
        learning_points: &[1, 2],
        sessions: (0, 18, 1),
        places: 36,
        shape: Shape::Steep,
        completions: 0,
    },
    CoursePlan {
        slug: "fabricated-or-induced-illness",
        title: "Fabricated or induced illness",
        summary: "A rare and difficult form of harm: perplexing presentations, and how services can stay together.",
        description: "For a small group with a designated doctor. One case, in depth.",
        topic: "Health",
        level: SPECIALIST,
        kind: CourseKind::Live,
        minutes: 150,
        validity_months: Some(36),
        priority: None,
        audiences: &[HEALTH, SOCIAL_CARE],
        outcomes: [
            "recognise a perplexing presentation",
            "keep a chronology across services",
            "speak with one voice to a family",
            "follow the local pathway",
        ],
        learning_points: &[6, 2],
        sessions: (0, 1, 1),
        places: 12,
        shape: Shape::TooSmall,
        completions: 0,
    },
    CoursePlan {
        slug: "review-webinar-family-k",
        title: "Learning from a review: Family K",
        summary: "What the published review of Family K asks each of us to do differently. A webinar with the reviewer.",
        description: "The reviewer tells the story in thirty minutes, three services say what they have changed, and you choose one thing to do this week.",
        topic: "Learning from reviews",
        level: CORE,
        kind: CourseKind::Live,
        minutes: 75,
        validity_months: None,
        priority: Some(NEGLECT),
        audiences: &[EVERYONE, HEALTH, SCHOOLS, SOCIAL_CARE],
        outcomes: [
            "say what the review found",
            "use “was not brought” in my records",
            "ask about a child's day, not only about events",
            "change one thing in my own work this week",
        ],
        learning_points: &[1, 3, 6, 9],
        sessions: (0, 1, 0),
        places: 340,
        shape: Shape::Rise,
        completions: 0,
    },
    CoursePlan {
        slug: "review-webinar-young-person-r",
        title: "Learning from a review: Young person R",
        summary: "A young person harmed outside the home, and the many doors that opened and closed. A webinar with the reviewer.",
        description: "The reviewer's account, a school's and the police's response, and questions from the floor.",
        topic: "Learning from reviews",
        level: CORE,
        kind: CourseKind::Live,
        minutes: 75,
        validity_months: None,
        priority: Some(OUTSIDE_HOME),
        audiences: &[EVERYONE, SCHOOLS, POLICE, YOUTH],
        outcomes: [
            "say what the review found",
            "see behaviour as a sign of harm",
            "keep contact with a young person who moves away from us",
            "change one thing in my own work this week",
        ],
        learning_points: &[8, 10, 4, 2],
        sessions: (0, 1, 0),
        places: 340,
        shape: Shape::Rise,
        completions: 0,
    },
    CoursePlan {
        slug: "listening-to-children",
        title: "Listening to children: a first course",
        summary: "Two hours on the oldest tool we have: asking a child, waiting, and believing that the answer matters.",
        description: "New this spring. You practise open questions and long silences with actors, and hear from children what good listening feels like.",
        topic: "The child's voice",
        level: INTRODUCTION,
        kind: CourseKind::Live,
        minutes: 120,
        validity_months: Some(36),
        priority: None,
        audiences: &[EVERYONE, HEALTH, SCHOOLS, EARLY_YEARS, CARERS],
        outcomes: [
            "ask a child open questions",
            "bear silence and not fill it",
            "hear what a child says without words",
            "tell a child honestly what happens next",
        ],
        learning_points: &[1, 2, 7],
        sessions: (0, 0, 2),
        places: 16,
        shape: Shape::Nothing,
        completions: 0,
    },
    CoursePlan {
        slug: "neglect-e-learning",
        title: "Neglect: an introduction online",
        summary: "An hour at your own pace: what neglect is, what it does, and what to do about it.",
        description: "Short films, questions and a certificate. Take breaks when you like; your place is kept.",
        topic: "Neglect",
        level: INTRODUCTION,
        kind: CourseKind::ELearning,
        minutes: 60,
        validity_months: Some(36),
        priority: Some(NEGLECT),
        audiences: &[EVERYONE],
        outcomes: [
            "say what neglect is",
            "recognise its signs at different ages",
            "explain how it builds up",
            "say what to do with a worry",
        ],
        learning_points: &[1, 9],
        sessions: (0, 0, 0),
        places: 0,
        shape: Shape::Nothing,
        completions: 2480,
    },
    CoursePlan {
        slug: "first-steps-e-learning",
        title: "First steps in safeguarding online",
        summary: "For your first week in a job or as a volunteer with children.",
        description: "Forty-five minutes in plain English, with subtitles in six languages.",
        topic: "Core safeguarding",
        level: INTRODUCTION,
        kind: CourseKind::ELearning,
        minutes: 45,
        validity_months: Some(36),
        priority: None,
        audiences: &[EVERYONE, CHARITIES],
        outcomes: [
            "name the four kinds of abuse",
            "say whom I tell",
            "write down what I saw and heard",
            "know what I must not promise",
        ],
        learning_points: &[1, 2],
        sessions: (0, 0, 0),
        places: 0,
        shape: Shape::Nothing,
        completions: 3150,
    },
    CoursePlan {
        slug: "family-k-recording",
        title: "Recording: learning from Family K",
        summary: "The webinar on the Family K review, to watch alone or with your team.",
        description: "Seventy-five minutes in four chapters, with a sheet of questions for a team meeting.",
        topic: "Learning from reviews",
        level: CORE,
        kind: CourseKind::Recording,
        minutes: 75,
        validity_months: None,
        priority: Some(NEGLECT),
        audiences: &[EVERYONE],
        outcomes: [
            "say what the review found",
            "use “was not brought” in my records",
            "ask about a child's day, not only about events",
            "change one thing in my own work this week",
        ],
        learning_points: &[1, 3, 6, 9],
        sessions: (0, 0, 0),
        places: 0,
        shape: Shape::Nothing,
        completions: 1240,
    },
    CoursePlan {
        slug: "back-to-school-recording",
        title: "Recording: safeguarding as schools open again",
        summary: "What children may bring with them after months at home, for every adult in a school.",
        description: "Thirty minutes for a staff meeting, from the board's education group.",
        topic: "Education",
        level: CORE,
        kind: CourseKind::Recording,
        minutes: 30,
        validity_months: None,
        priority: Some(EDUCATION),
        audiences: &[SCHOOLS],
        outcomes: [
            "notice how a child has changed",
            "make time for children to talk",
            "follow up children who do not come back",
            "tell the designated lead what I notice",
        ],
        learning_points: &[4, 7],
        sessions: (0, 0, 0),
        places: 0,
        shape: Shape::Nothing,
        completions: 1460,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn slugs_and_titles_are_unique_and_learning_points_exist() {
        let slugs: BTreeSet<&str> = COURSES.iter().map(|course| course.slug).collect();
        let titles: BTreeSet<&str> = COURSES.iter().map(|course| course.title).collect();
        assert_eq!((slugs.len(), titles.len()), (COURSES.len(), COURSES.len()));
        assert!(COURSES.iter().flat_map(|course| course.learning_points).all(|point| (1..=10).contains(point)));
    }

    #[test]
    fn every_learning_point_is_taught_and_every_priority_served() {
        for point in 1..=10 {
            assert!(COURSES.iter().any(|course| course.learning_points.contains(&point)), "{point}");
        }
        for priority in [NEGLECT, EDUCATION, OUTSIDE_HOME] {
            assert!(COURSES.iter().any(|course| course.priority == Some(priority)), "{priority}");
        }
    }

    #[test]
    fn about_400_sessions_are_planned() {
        let planned: usize = COURSES.iter().map(|course| course.sessions.0 + course.sessions.1 + course.sessions.2).sum();
        assert!((380..=440).contains(&planned), "{planned}");
        assert!(COURSES.iter().any(|course| course.slug == PREPARED_COURSE && course.shape == Shape::Nothing));
    }
}
