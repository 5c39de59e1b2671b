//! What the office types about a venue.

use super::Problems;

/// A venue as typed and understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VenueEdit {
    /// Its name, unique among venues.
    pub name: String,
    /// Street and town.
    pub address: String,
    /// The postcode.
    pub postcode: String,
    /// Steps, lifts, hearing loop, parking for disabled people.
    pub access_notes: String,
    /// How to come there.
    pub travel_notes: String,
    /// How many people it takes.
    pub capacity: i32,
}

impl VenueEdit {
    /// Understands what was typed, or says what is wrong with each field.
    pub fn parse<'a>(value: impl Fn(&str) -> &'a str) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let text = |field: &str| value(field).trim().replace("\r\n", "\n");
        let line = |field: &str| value(field).split_whitespace().collect::<Vec<_>>().join(" ");
        let edit = Self {
            name: line("name"),
            address: text("address"),
            postcode: line("postcode").to_uppercase(),
            access_notes: text("access"),
            travel_notes: text("travel"),
            capacity: value("capacity").trim().parse().unwrap_or(0),
        };
        let mut check = |field: &str, what: &str, value: &str, longest: usize, required: bool| {
            if required && value.is_empty() {
                problems.push((field.to_owned(), format!("Enter {what}")));
            } else if value.chars().count() > longest {
                problems.push((field.to_owned(), format!("This must be {longest} characters or fewer")));
            }
        };
        check("name", "the venue’s name", &edit.name, 120, true);
        check("address", "the street and town", &edit.address, 400, true);
        check("postcode", "the postcode", &edit.postcode, 12, true);
        check("access", "", &edit.access_notes, 2_000, false);
        check("travel", "", &edit.travel_notes, 2_000, false);
        if !(1..=2_000).contains(&edit.capacity) {
            problems.push(("capacity".into(), "Enter how many people it takes, from 1 to 2,000".into()));
        }
        if problems.is_empty() { Ok(edit) } else { Err(problems) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_venue_is_read_as_typed_and_checked() {
        let value = |field: &str| match field {
            "name" => " Town   hall ",
            "address" => "High Street\r\nTesttown",
            "postcode" => "ox1 1aa",
            "capacity" => "40",
            _ => "",
        };
        let edit = VenueEdit::parse(value).unwrap();
        assert_eq!((edit.name.as_str(), edit.postcode.as_str()), ("Town hall", "OX1 1AA"));
        assert_eq!(edit.address, "High Street\nTesttown");
        let problems = VenueEdit::parse(|field| if field == "capacity" { "0" } else { "" }).unwrap_err();
        let fields: Vec<&str> = problems.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["name", "address", "postcode", "capacity"]);
    }

    #[test]
    fn every_text_of_a_venue_has_a_longest_length_that_is_still_taken() {
        for (field, longest) in
            [("name", 120), ("address", 400), ("postcode", 12), ("access", 2_000), ("travel", 2_000)]
        {
            let wrong = |length| {
                let long = "ä".repeat(length);
                let parsed = VenueEdit::parse(|name| match name {
                    "capacity" => "40",
                    name if name == field => &long,
                    "name" | "address" | "postcode" => "OX1",
                    _ => "",
                });
                parsed.err().map(|problems| problems[0].0.clone())
            };
            assert_eq!(wrong(longest), None, "{field}");
            assert_eq!(wrong(longest + 1).as_deref(), Some(field));
        }
    }
}
