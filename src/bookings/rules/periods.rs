//! How long places are held and when people are reminded: boards differ, so it is data with a default.

use crate::settings::rules::parse_count;

/// Working days, as the board has set them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periods {
    /// A request holds its place until 23:59 on so many working days after it was made.
    pub approval: u32,
    /// An offer stands until 23:59 on so many working days after it was made.
    pub offer: u32,
    /// People are reminded so many working days before the day of their cancel-by moment.
    pub reminder: u32,
}

impl Default for Periods {
    /// As English boards commonly have it.
    fn default() -> Self {
        Self { approval: 3, offer: 2, reminder: 2 }
    }
}

/// The keys of the settings table.
pub mod period_keys {
    /// Working days.
    pub const APPROVAL: &str = "bookings.approval_days";
    /// Working days.
    pub const OFFER: &str = "bookings.offer_days";
    /// Working days.
    pub const REMINDER: &str = "bookings.reminder_days";
}

/// Two weeks: whoever waits longer for an answer has planned something else.
const LONGEST: u32 = 10;

/// Reads what was typed. Fails with (field, sentence) for each line that cannot be used.
pub fn parse_periods(approval: &str, offer: &str, reminder: &str) -> Result<Periods, Vec<(&'static str, String)>> {
    let approval = parse_count("Working days for an approval", approval, 1, LONGEST);
    let offer = parse_count("Working days for an offer", offer, 1, LONGEST);
    let reminder = parse_count("Working days before the cancel-by moment", reminder, 1, LONGEST);
    match (approval, offer, reminder) {
        (Ok(approval), Ok(offer), Ok(reminder)) => Ok(Periods { approval, offer, reminder }),
        (approval, offer, reminder) => {
            let problem = |field, outcome: Result<u32, String>| outcome.err().map(|problem| (field, problem));
            let problems =
                [problem("approval_days", approval), problem("offer_days", offer), problem("reminder_days", reminder)];
            Err(problems.into_iter().flatten().collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_period_is_a_whole_number_of_days_up_to_two_weeks() {
        assert_eq!(parse_periods("3", "2", "2"), Ok(Periods::default()));
        assert_eq!(parse_periods(" 10 ", "1", "4"), Ok(Periods { approval: 10, offer: 1, reminder: 4 }));
        let wrong = parse_periods("0", "11", "two").unwrap_err();
        let fields: Vec<_> = wrong.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["approval_days", "offer_days", "reminder_days"]);
        assert_eq!(wrong[0].1, "Working days for an approval must be a whole number from 1 to 10");
    }
}
