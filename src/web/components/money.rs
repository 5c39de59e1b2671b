//! Money as people write it.

/// Pence as pounds: "£50", "£4,850.50", "−£20". Whole pounds have no pence.
pub fn pounds(pence: i64) -> String {
    let sign = if pence < 0 { "−" } else { "" };
    let pence = pence.unsigned_abs();
    let whole = thousands(pence / 100);
    match pence % 100 {
        0 => format!("{sign}£{whole}"),
        rest => format!("{sign}£{whole}.{rest:02}"),
    }
}

/// Pence as pounds with pence always: "£4,850.00", for columns and invoices.
pub fn pounds_and_pence(pence: i64) -> String {
    let sign = if pence < 0 { "−" } else { "" };
    let pence = pence.unsigned_abs();
    format!("{sign}£{}.{:02}", thousands(pence / 100), pence % 100)
}

/// "1 person", "15,204 people".
pub fn people_text(count: u64) -> String {
    match count {
        1 => "1 person".to_owned(),
        count => format!("{} people", thousands(count)),
    }
}

/// A count with its thousands set apart: "15,204".
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_as_people_write_it() {
        assert_eq!(pounds(5_000), "£50");
        assert_eq!(pounds(485_050), "£4,850.50");
        assert_eq!(pounds(-2_005), "−£20.05");
        assert_eq!(pounds_and_pence(485_000), "£4,850.00");
        assert_eq!(pounds_and_pence(5), "£0.05");
        assert_eq!(pounds(i64::MIN), "−£92,233,720,368,547,758.08");
    }

    #[test]
    fn one_person_is_no_people() {
        assert_eq!([0, 1, 2, 1_200].map(people_text), ["0 people", "1 person", "2 people", "1,200 people"]);
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(15_204), "15,204");
        assert_eq!(thousands(1_000_000), "1,000,000");
    }
}
