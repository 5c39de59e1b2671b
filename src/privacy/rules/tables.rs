//! The one list of tables: what each holds of a person, how it is kept, shown and erased.

/// One table of the database.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Whether its rows are about people.
    pub holds: Holds,
    /// Columns that say who did something; after erasing they lead to a row without a name.
    pub done_by: &'static [&'static str],
    /// Texts that may name somebody whom the row is not about; erasing takes the name out of them.
    pub mentions: &'static [&'static str],
}

/// Whether a table's rows are about people.
#[derive(Clone, Copy, Debug)]
pub enum Holds {
    /// They are not: why.
    NobodysData(&'static str),
    /// They are.
    PeoplesData(OfPeople),
}

/// Rows about people.
#[derive(Clone, Copy, Debug)]
pub struct OfPeople {
    /// What they are, as a heading of the person's own download.
    pub what: &'static str,
    /// How a person's rows are found.
    pub found_by: FoundBy,
    /// Columns that the download gives.
    pub shown: &'static [&'static str],
    /// Columns that it does not give: keys, secrets, and what is about somebody else.
    pub withheld: &'static [&'static str],
    /// How long they are kept.
    pub kept: &'static str,
    /// What erasing does.
    pub erasing: Erasing,
}

/// How a person's rows are found in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// It is the table of people.
    Itself,
    /// This column is the person.
    Person(&'static str),
    /// This column is one of their addresses.
    Address(&'static str),
    /// The first column is the person, or the second one of their addresses.
    PersonOrAddress(&'static str, &'static str),
    /// `booking_id` is one of their bookings.
    Booking,
    /// `booking_id` is one of their bookings, or this column is the person.
    BookingOrPerson(&'static str),
    /// The subject is the person, one of their bookings, or a charge for one.
    Subject,
}

/// What erasing a person does to their rows.
#[derive(Clone, Copy, Debug)]
pub enum Erasing {
    /// The rows go.
    Delete,
    /// The rows stay, these columns are emptied.
    Blank(&'static [(&'static str, Blank)]),
    /// The rows stay as they are: why nothing in them tells who it was.
    Stay(&'static str),
}

/// What an emptied column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    /// Nothing.
    Null,
    /// The words that stand for any erased person.
    Text,
    /// An empty text.
    Empty,
}

const RECORD: &str = "As long as the person works with children here, until they are erased";

const fn nobodys(name: &'static str, why: &'static str) -> Table {
    Table { name, holds: Holds::NobodysData(why), done_by: &[], mentions: &[] }
}

const fn peoples(name: &'static str, of_people: OfPeople) -> Table {
    Table { name, holds: Holds::PeoplesData(of_people), done_by: &[], mentions: &[] }
}

const CATALOGUE: &str = "Describes courses";
const ANSWERS: &str =
    "Answers under a pairing key, which nobody can join to a person once the session's secret is gone";
const FIGURES: &str = "Sums of at least five people";
const POLICY: &str = "The charging policy";

/// Every table.
pub const TABLES: &[Table] = &[
    Table {
        mentions: &["billing_name", "billing_address"],
        ..nobodys("agencies", "Employers; a billing contact is named for the agency")
    },
    peoples(
        "people",
        OfPeople {
            what: "You",
            found_by: FoundBy::Itself,
            shown: &["name", "kind", "under_18", "created_at"],
            withheld: &["id", "version", "erased_at"],
            kept: RECORD,
            erasing: Erasing::Blank(&[("name", Blank::Text)]),
        },
    ),
    peoples(
        "addresses",
        OfPeople {
            what: "Email addresses",
            found_by: FoundBy::Person("person_id"),
            shown: &["address", "proven_at", "main", "bounced_at"],
            withheld: &["id", "person_id"],
            kept: "Until the person removes them or is erased",
            erasing: Erasing::Delete,
        },
    ),
    peoples(
        "former_details",
        OfPeople {
            what: "Names and addresses that you had before",
            found_by: FoundBy::Person("person_id"),
            shown: &["detail"],
            withheld: &["id", "person_id"],
            kept: "Until the person is erased: older sentences and mails hold them, and erasing looks for them there",
            erasing: Erasing::Delete,
        },
    ),
    peoples(
        "roles",
        OfPeople {
            what: "Roles",
            found_by: FoundBy::Person("person_id"),
            shown: &["role", "agency_id"],
            withheld: &["id", "person_id"],
            kept: "Until they are taken away",
            erasing: Erasing::Delete,
        },
    ),
    peoples(
        "login_codes",
        OfPeople {
            what: "Sign-in codes",
            found_by: FoundBy::Address("address"),
            shown: &["address", "created_at", "expires_at", "attempts", "used_at"],
            withheld: &["id", "code_hash"],
            kept: "One day",
            erasing: Erasing::Delete,
        },
    ),
    peoples(
        "logins",
        OfPeople {
            what: "Signed-in devices",
            found_by: FoundBy::Person("person_id"),
            shown: &["created_at", "seen_at", "ended_at"],
            withheld: &["id", "token_hash", "person_id"],
            kept: "180 days after the last visit",
            erasing: Erasing::Delete,
        },
    ),
    nobodys("attempts", "Counts tries under keyed hashes, for a day"),
    peoples(
        "memberships",
        OfPeople {
            what: "Agencies",
            found_by: FoundBy::Person("person_id"),
            shown: &["agency_id", "job_role", "from_date", "to_date", "confirmed_at", "confirmed_by"],
            withheld: &["id", "person_id"],
            kept: RECORD,
            erasing: Erasing::Delete,
        },
    ),
    nobodys("settings", "The board's own lines; its contact is an office's address"),
    nobodys("bank_holidays", "Days"),
    Table {
        done_by: &["actor_id"],
        mentions: &["sentence"],
        ..peoples(
            "audit",
            OfPeople {
                what: "What was done about you",
                found_by: FoundBy::Subject,
                shown: &["at", "subject_kind", "sentence"],
                withheld: &["id", "actor_id", "subject_id"],
                kept: "As long as what they are about; the sentences go when the person is erased",
                erasing: Erasing::Blank(&[("sentence", Blank::Text)]),
            },
        )
    },
    Table {
        mentions: &["subject", "body", "html", "calendar"],
        ..peoples(
            "outbox",
            OfPeople {
                what: "Mails to you",
                found_by: FoundBy::PersonOrAddress("person_id", "to_address"),
                shown: &["to_address", "kind", "subject", "body", "created_at", "sent_at", "failed_at", "came_back_at"],
                withheld: &[
                    "id",
                    "message_id",
                    "resent_at",
                    "closed_at",
                    "person_id",
                    "html",
                    "calendar",
                    "has_personal_link",
                    "due_at",
                    "attempts",
                    "leased_until",
                    "last_error",
                ],
                kept: "The text for some months after sending (a setting), one with a personal link until it is sent",
                erasing: Erasing::Delete,
            },
        )
    },
    nobodys("mail_wordings", "The office's own wording of mails"),
    nobodys("job_leases", "When which job ran"),
    nobodys("demo_board", "Marks a demonstration"),
    Table {
        mentions: &["subject", "body", "html", "calendar"],
        ..peoples(
            "demo_mailbox",
            OfPeople {
                what: "Mails of the demonstration",
                found_by: FoundBy::Address("to_address"),
                shown: &["to_address", "subject", "body", "sent_at"],
                withheld: &["id", "html", "calendar"],
                kept: "As long as the demonstration",
                erasing: Erasing::Delete,
            },
        )
    },
    nobodys("learning_points", CATALOGUE),
    nobodys("instruments", "Questionnaires"),
    nobodys("items", "Statements of questionnaires"),
    nobodys("item_learning_points", CATALOGUE),
    nobodys("courses", CATALOGUE),
    nobodys("course_outcomes", CATALOGUE),
    nobodys("course_audiences", CATALOGUE),
    nobodys("course_prerequisites", CATALOGUE),
    nobodys("course_learning_points", CATALOGUE),
    peoples(
        "completions",
        OfPeople {
            what: "Recordings and e-learning",
            found_by: FoundBy::Person("person_id"),
            shown: &["course_id", "agency_id", "started_at", "completed_at"],
            withheld: &["id", "person_id"],
            kept: RECORD,
            erasing: Erasing::Stay("Course, agency and days, of somebody without a name; counted as one completion"),
        },
    ),
    Table { mentions: &["access_notes", "travel_notes"], ..nobodys("venues", "Places where sessions are held") },
    nobodys("policies", POLICY),
    Table { done_by: &["created_by"], ..nobodys("policy_versions", POLICY) },
    Table { mentions: &["reason"], ..nobodys("policy_suspensions", POLICY) },
    Table { mentions: &["joining_instructions", "cancelled_reason"], ..nobodys("sessions", "Dated runs of courses") },
    nobodys("reserved_places", "Places kept for an agency or a sector"),
    Table { done_by: &["submitted_by"], ..nobodys("session_dates", "The dates of a session") },
    peoples(
        "session_trainers",
        OfPeople {
            what: "Sessions that you were asked to train",
            found_by: FoundBy::Person("person_id"),
            shown: &["session_id", "state", "asked_at", "answered_at"],
            withheld: &["id", "person_id"],
            kept: RECORD,
            erasing: Erasing::Stay("A session and an answer, of somebody without a name; counted as one trainer"),
        },
    ),
    Table {
        done_by: &["booked_by_lead"],
        ..peoples(
            "bookings",
            OfPeople {
                what: "Bookings",
                found_by: FoundBy::Person("person_id"),
                shown: &[
                    "reference",
                    "session_id",
                    "agency_id",
                    "agency_confirmed",
                    "person_kind",
                    "job_role",
                    "state",
                    "policy_accepted",
                    "cancel_by",
                    "created_at",
                    "changed_at",
                    "booked_at",
                    "held_since",
                    "waiting_since",
                    "offer_expires_at",
                    "approval_until",
                    "agency_given",
                    "access_needs",
                    "walk_in",
                    "outcome",
                    "cancel_by_reminded_at",
                    "start_reminded_at",
                    "last_day_told_at",
                ],
                withheld: &[
                    "id",
                    "request_id",
                    "person_id",
                    "policy_version_id",
                    "substitute_for",
                    "booked_by_lead",
                    "reserved_place_id",
                ],
                kept: "As the training record; access needs until some days after the session (a setting)",
                erasing: Erasing::Blank(&[
                    ("job_role", Blank::Empty),
                    ("agency_given", Blank::Null),
                    ("access_needs", Blank::Null),
                ]),
            },
        )
    },
    Table {
        done_by: &["checked_by"],
        mentions: &["reason"],
        ..peoples(
            "declared_trainings",
            OfPeople {
                what: "Training elsewhere",
                found_by: FoundBy::Person("person_id"),
                shown: &[
                    "course_id",
                    "title",
                    "provider",
                    "trained_on",
                    "state",
                    "declared_at",
                    "checked_at",
                    "reason",
                ],
                withheld: &["id", "person_id", "checked_by"],
                kept: RECORD,
                erasing: Erasing::Delete,
            },
        )
    },
    Table {
        done_by: &["marked_by"],
        mentions: &["note"],
        ..peoples(
            "marks",
            OfPeople {
                what: "Attendance",
                found_by: FoundBy::Booking,
                shown: &["session_date_id", "mark", "minutes_late", "note", "marked_at"],
                withheld: &["booking_id", "marked_by"],
                kept: RECORD,
                erasing: Erasing::Blank(&[("note", Blank::Null)]),
            },
        )
    },
    Table {
        done_by: &["marked_by"],
        mentions: &["note", "reason"],
        ..peoples(
            "mark_history",
            OfPeople {
                what: "Changes of your attendance",
                found_by: FoundBy::Booking,
                shown: &["session_date_id", "mark", "minutes_late", "note", "marked_at", "reason"],
                withheld: &["id", "nonce", "booking_id", "marked_by"],
                kept: RECORD,
                erasing: Erasing::Blank(&[("note", Blank::Null), ("reason", Blank::Null)]),
            },
        )
    },
    Table {
        done_by: &["decided_by"],
        mentions: &["sentence", "verdict", "payer_name", "payer_address", "waiver_note"],
        ..peoples(
            "charges",
            OfPeople {
                what: "Charges for your places",
                found_by: FoundBy::BookingOrPerson("payer_person_id"),
                shown: &[
                    "reference",
                    "session_id",
                    "trigger",
                    "state",
                    "amount_pence",
                    "verdict",
                    "sentence",
                    "payer_kind",
                    "payer_name",
                    "proposed_at",
                    "lapses_at",
                    "notified_at",
                    "decided_at",
                    "waiver_reason",
                    "waiver_note",
                ],
                withheld: &[
                    "id",
                    "booking_id",
                    "policy_version_id",
                    "payer_agency_id",
                    "payer_person_id",
                    "payer_address",
                    "decided_by",
                    "version",
                ],
                kept: "As long as financial rules demand; the note of a waiver until the person is erased",
                erasing: Erasing::Blank(&[("waiver_note", Blank::Null)]),
            },
        )
    },
    peoples(
        "participations",
        OfPeople {
            what: "Questionnaires that you were asked to fill in (never the answers)",
            found_by: FoundBy::Booking,
            shown: &["wave", "finished", "asked", "link_edition"],
            withheld: &["booking_id"],
            kept: RECORD,
            erasing: Erasing::Stay("Whether a questionnaire was finished, of somebody without a name"),
        },
    ),
    nobodys("responses", ANSWERS),
    nobodys("answers", ANSWERS),
    nobodys("session_cells", FIGURES),
    nobodys("course_cells", FIGURES),
    nobodys("course_session_sums", FIGURES),
    nobodys("released_pairs", ANSWERS),
    nobodys("composite_cells", FIGURES),
    nobodys("composite_session_sums", FIGURES),
    nobodys("alpha_sums", FIGURES),
    nobodys("part_cells", FIGURES),
    nobodys("comparison_cells", FIGURES),
    nobodys("comparison_session_sums", FIGURES),
    nobodys("imported_sessions", "What a history file called a session"),
];
