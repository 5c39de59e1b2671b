//! Reading the booking form.

use crate::{accounts::rules::PersonKind, agencies::rules::AgencyId};

/// Longest job role.
const JOB_ROLE_MOST: usize = 100;
/// Longest text about access needs.
const ACCESS_NEEDS_MOST: usize = 1000;
/// Longest name of an organisation or a person.
const NAME_MOST: usize = 200;
/// Length of a request id: 32 random bytes in hexadecimal digits.
const REQUEST_ID_LENGTH: usize = 64;

/// For whom somebody comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForWhom {
    /// For an agency that they belong to.
    Membership(AgencyId),
    /// For an agency whose name they typed.
    Named(String),
    /// For an organisation that is not in the list.
    NotListed(String),
    /// For nobody but themselves.
    Myself,
}

/// The values of the radio buttons.
pub mod for_whom {
    /// Another organisation, by name.
    pub const OTHER: &str = "other";
    /// An organisation that we do not know.
    pub const NOT_LISTED: &str = "not-listed";
    /// Nobody.
    pub const MYSELF: &str = "myself";
}

/// The details screen's fields as they were typed.
#[derive(Clone, Debug, Default)]
pub struct TypedDetails<'a> {
    /// An agency's number, or a word of `for_whom`.
    pub agency: &'a str,
    /// The name typed for `other` or `not-listed`.
    pub agency_name: &'a str,
    /// The job.
    pub job_role: &'a str,
    /// The kind of work.
    pub person_kind: &'a str,
    /// What has to be arranged.
    pub access_needs: &'a str,
}

/// The details screen, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// For whom.
    pub for_whom: ForWhom,
    /// The job.
    pub job_role: String,
    /// The kind of work.
    pub person_kind: PersonKind,
    /// What has to be arranged.
    pub access_needs: Option<String>,
}

/// What is wrong with a field: its name and the sentence.
pub type Wrong = (&'static str, String);

/// Reads the details screen. Fails with one sentence for each field that is wrong.
pub fn parse_details(typed: &TypedDetails<'_>) -> Result<Details, Vec<Wrong>> {
    let mut wrong: Vec<Wrong> = Vec::new();
    let for_whom = parse_for_whom(typed).map_err(|problem| wrong.push(problem)).ok();
    let job_role = typed.job_role.trim();
    if job_role.is_empty() {
        wrong.push(("job_role", "Enter your job role".into()));
    } else if job_role.chars().count() > JOB_ROLE_MOST {
        wrong.push(("job_role", format!("Job role must be {JOB_ROLE_MOST} characters or fewer")));
    }
    let person_kind = parse_person_kind(typed.person_kind);
    if person_kind.is_none() {
        wrong.push(("person_kind", "Select how you work with children and families".into()));
    }
    let access_needs = typed.access_needs.trim();
    if access_needs.chars().count() > ACCESS_NEEDS_MOST {
        wrong.push(("access_needs", format!("What you need must be {ACCESS_NEEDS_MOST} characters or fewer")));
    }
    match (for_whom, person_kind) {
        (Some(for_whom), Some(person_kind)) if wrong.is_empty() => Ok(Details {
            for_whom,
            job_role: job_role.to_owned(),
            person_kind,
            access_needs: (!access_needs.is_empty()).then(|| access_needs.to_owned()),
        }),
        _ => Err(wrong),
    }
}

/// For which of somebody's employers a booking is that the office makes for them: a number, or `for_whom::MYSELF`, as it
/// was chosen on the form, or nothing where the form has not asked. Whoever works for one comes for that one; of
/// several, nobody guesses. None for people who come for nobody. Fails where it has to be chosen, or chosen again.
pub fn choose_employer(employers: &[AgencyId], chosen: &str) -> Result<Option<AgencyId>, Wrong> {
    let asked_for = || ("agency", "Select which organisation they come for".to_owned());
    match (chosen, employers) {
        (for_whom::MYSELF, _) | ("", []) => Ok(None),
        ("", [only]) => Ok(Some(*only)),
        (number, _) => {
            let agency = number.parse().map(AgencyId).map_err(|_| asked_for())?;
            if employers.contains(&agency) { Ok(Some(agency)) } else { Err(asked_for()) }
        }
    }
}

fn parse_for_whom(typed: &TypedDetails<'_>) -> Result<ForWhom, Wrong> {
    let name = typed.agency_name.trim();
    let named = || match name.chars().count() {
        0 => Err(("agency_name", "Enter the name of your organisation".to_owned())),
        length if length > NAME_MOST => {
            Err(("agency_name", format!("Name of your organisation must be {NAME_MOST} characters or fewer")))
        }
        _ => Ok(name.to_owned()),
    };
    match typed.agency {
        for_whom::OTHER => Ok(ForWhom::Named(named()?)),
        for_whom::NOT_LISTED => Ok(ForWhom::NotListed(named()?)),
        for_whom::MYSELF => Ok(ForWhom::Myself),
        number => match number.parse::<i64>() {
            Ok(id) => Ok(ForWhom::Membership(AgencyId(id))),
            Err(_) => Err(("agency", "Select the organisation that you are coming for".to_owned())),
        },
    }
}

/// The kinds of work with their values in forms and their words.
pub const PERSON_KINDS: [(PersonKind, &str, &str); 5] = [
    (PersonKind::Employed, "employed", "Employed by an organisation"),
    (PersonKind::FosterCarer, "foster_carer", "Foster carer"),
    (PersonKind::Volunteer, "volunteer", "Volunteer"),
    (PersonKind::SelfEmployed, "self_employed", "Self-employed"),
    (PersonKind::Childminder, "childminder", "Childminder"),
];

/// The kind of work behind a form's value.
pub fn parse_person_kind(value: &str) -> Option<PersonKind> {
    PERSON_KINDS.iter().find(|(_, word, _)| *word == value).map(|(kind, _, _)| *kind)
}

/// A kind of work as a form's value.
pub fn person_kind_value(kind: PersonKind) -> &'static str {
    PERSON_KINDS.iter().find(|(known, _, _)| *known == kind).map(|(_, word, _)| *word).unwrap_or_default()
}

/// A kind of work in words.
pub fn person_kind_text(kind: PersonKind) -> &'static str {
    PERSON_KINDS.iter().find(|(known, _, _)| *known == kind).map(|(_, _, text)| *text).unwrap_or_default()
}

/// Whether a text can be a request id that this site gave out.
pub fn is_request_id(text: &str) -> bool {
    text.len() == REQUEST_ID_LENGTH && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A colleague who comes instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Their name.
    pub name: String,
    /// Their address in lower case.
    pub address: String,
}

/// Reads the substitute form. Fails with one sentence for each field that is wrong.
pub fn parse_colleague(name: &str, address: &str) -> Result<Colleague, Vec<Wrong>> {
    let mut wrong: Vec<Wrong> = Vec::new();
    let name = name.trim();
    if name.is_empty() {
        wrong.push(("name", "Enter your colleague’s name".into()));
    } else if name.chars().count() > NAME_MOST || name.chars().any(char::is_control) {
        wrong.push(("name", format!("Name must be {NAME_MOST} characters or fewer, on one line")));
    }
    let address = address.trim().to_lowercase();
    if address.is_empty() {
        wrong.push(("email", "Enter your colleague’s email address".into()));
    } else if !is_address(&address) {
        wrong.push(("email", "Enter an email address in the correct format, like name@example.org".into()));
    }
    if wrong.is_empty() { Ok(Colleague { name: name.to_owned(), address }) } else { Err(wrong) }
}

/// Whether a text has the shape of an address; whether it works, only a mail can tell. 254 is what SMTP carries.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let clean =
        !text.chars().any(|letter| letter.is_whitespace() || letter.is_control() || "<>()[],;:\"\\".contains(letter));
    let labels = domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    text.len() <= 254 && clean && !local.is_empty() && !domain.contains('@') && domain.contains('.') && labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> TypedDetails<'static> {
        TypedDetails { agency: "7", job_role: " Teacher ", person_kind: "employed", ..Default::default() }
    }

    #[test]
    fn a_full_form_is_understood() {
        let details = parse_details(&TypedDetails { access_needs: " step-free ", ..typed() }).unwrap();
        assert_eq!(details.for_whom, ForWhom::Membership(AgencyId(7)));
        assert_eq!(details.job_role, "Teacher");
        assert_eq!(details.access_needs.as_deref(), Some("step-free"));
        assert_eq!(parse_details(&typed()).unwrap().access_needs, None);
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let wrong = parse_details(&TypedDetails::default()).unwrap_err();
        let fields: Vec<_> = wrong.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["agency", "job_role", "person_kind"]);
        let long = "x".repeat(1001);
        let wrong = parse_details(&TypedDetails { access_needs: &long, ..typed() }).unwrap_err();
        assert_eq!(wrong[0].0, "access_needs");
        let wrong = parse_details(&TypedDetails { agency: "other", ..typed() }).unwrap_err();
        assert_eq!(wrong[0].0, "agency_name");
    }

    /// Which field is wrong; None where all is well.
    fn wrong_field(typed: &TypedDetails<'_>) -> Option<&'static str> {
        parse_details(typed).err().map(|wrong| wrong[0].0)
    }

    #[test]
    fn every_text_has_a_longest_length_that_is_still_taken() {
        let text = |length: usize| "ä".repeat(length);
        assert_eq!(wrong_field(&TypedDetails { job_role: &text(JOB_ROLE_MOST), ..typed() }), None);
        assert_eq!(wrong_field(&TypedDetails { job_role: &text(JOB_ROLE_MOST + 1), ..typed() }), Some("job_role"));
        assert_eq!(wrong_field(&TypedDetails { access_needs: &text(ACCESS_NEEDS_MOST), ..typed() }), None);
        for agency in [for_whom::OTHER, for_whom::NOT_LISTED] {
            let named = |name: &str| wrong_field(&TypedDetails { agency, agency_name: name, ..typed() });
            assert_eq!(named(&text(NAME_MOST)), None);
            assert_eq!(named(&text(NAME_MOST + 1)), Some("agency_name"));
            assert_eq!(named(" "), Some("agency_name"));
        }
        assert!(parse_colleague(&text(NAME_MOST), "a@x.uk").is_ok());
        assert_eq!(parse_colleague(&text(NAME_MOST + 1), "a@x.uk").unwrap_err()[0].0, "name");
    }

    #[test]
    fn for_whom_somebody_comes_is_one_of_four_things() {
        let named =
            |agency| parse_details(&TypedDetails { agency, agency_name: " Oak School ", ..typed() }).unwrap().for_whom;
        assert_eq!(named(for_whom::OTHER), ForWhom::Named("Oak School".into()));
        assert_eq!(named(for_whom::NOT_LISTED), ForWhom::NotListed("Oak School".into()));
        assert_eq!(named(for_whom::MYSELF), ForWhom::Myself);
        assert_eq!(named("7"), ForWhom::Membership(AgencyId(7)));
    }

    #[test]
    fn nobody_guesses_which_of_several_employers_is_meant() {
        let (oak, ash) = (AgencyId(7), AgencyId(8));
        assert_eq!(choose_employer(&[], ""), Ok(None));
        assert_eq!(choose_employer(&[oak], ""), Ok(Some(oak)), "who has one employer comes for it");
        assert_eq!(choose_employer(&[oak, ash], "").unwrap_err().0, "agency");
        assert_eq!(choose_employer(&[oak, ash], "8"), Ok(Some(ash)));
        for employers in [&[][..], &[oak], &[oak, ash]] {
            assert_eq!(choose_employer(employers, for_whom::MYSELF), Ok(None));
            // Somebody else's employer, one that they have left meanwhile, and nonsense.
            for chosen in ["9", for_whom::OTHER, "7 or 8"] {
                assert!(choose_employer(employers, chosen).is_err(), "{chosen}");
            }
        }
    }

    #[test]
    fn every_kind_of_work_has_a_value_and_words_of_its_own() {
        for (kind, value, words) in PERSON_KINDS {
            assert_eq!(parse_person_kind(value), Some(kind));
            assert_eq!((person_kind_value(kind), person_kind_text(kind)), (value, words));
        }
        assert_eq!(parse_person_kind(""), None);
    }

    #[test]
    fn a_colleague_has_a_name_on_one_line_and_an_address() {
        let wrong = |name, address| parse_colleague(name, address).unwrap_err()[0].clone();
        assert_eq!(wrong(" ", "a@x.uk"), ("name", "Enter your colleague’s name".to_owned()));
        assert_eq!(wrong("Amira\nKhan", "a@x.uk").0, "name");
        assert_eq!(wrong("Amira", " "), ("email", "Enter your colleague’s email address".to_owned()));
        let amira = parse_colleague(" Amira ", " A@X.uk ").unwrap();
        assert_eq!((amira.name.as_str(), amira.address.as_str()), ("Amira", "a@x.uk"));
    }

    #[test]
    fn an_address_is_told_from_a_text() {
        let longest = format!("{}@x.uk", "a".repeat(249));
        let longer = format!("a{longest}");
        for good in ["amira@school.example.org", "a.b+c@x.uk", "a@x-y.uk", &longest] {
            assert!(parse_colleague("Amira", good).is_ok(), "{good}");
        }
        for bad in ["amira", "@x.uk", "a@b", "a b@x.uk", "a@x..uk", "a@x.uk\r\nBcc: b@x.uk", "a@b@c.uk", &longer] {
            assert!(parse_colleague("Amira", bad).is_err(), "{bad}");
        }
        for bad in ["a@-x.uk", "a@x-.uk", "a@.uk", "a@x.uk.", "a@x\u{7}y.uk", "a\u{a0}b@x.uk", "a,b@x.uk", "a@x.uk@"] {
            assert!(parse_colleague("Amira", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_ids_that_the_site_gave_out_are_taken() {
        assert!(is_request_id(&"a1".repeat(32)));
        assert!(!is_request_id("a1"));
        assert!(!is_request_id(&"zz".repeat(32)));
    }
}
