//! Answering by the code that the trainer shows.

/// Wrong tries by one person, with one reference or for one address. A reference has 40 bits and a code 30, so nobody
/// is kept out because somebody else in the room tries.
pub const WRONG_TRIES: u64 = 10;
/// Looking back this far.
pub const LIMIT_MINUTES: i64 = 15;
/// Longer texts are neither a code nor a reference nor an address.
const LONGEST: usize = 254;

/// How somebody says who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// By their booking's reference, as their mails and the register show it.
    Reference(String),
    /// By their address, to which the personal link is then sent.
    Address(String),
}

/// Reads a code as people type it: capitals, without spaces and hyphens; the letters that our codes do not have are
/// read as the digits they look like.
pub fn parse_code(text: &str) -> Result<String, String> {
    let code = readable(text);
    if code.is_empty() {
        return Err("Enter the code that the trainer shows".into());
    }
    if code.len() > 12 || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err("The code has letters and digits only, such as K7M2PQ".into());
    }
    Ok(code)
}

/// Reads a booking reference or an e-mail address.
pub fn parse_who(text: &str) -> Result<Who, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("Enter your booking reference or your email address".into());
    }
    if text.len() > LONGEST {
        return Err("That is too long for a booking reference or an email address".into());
    }
    if text.contains('@') {
        return Ok(Who::Address(text.to_lowercase()));
    }
    let reference: String = text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_uppercase();
    if reference.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        Ok(Who::Reference(reference))
    } else {
        Err("A booking reference has letters and digits only; an email address has an @".into())
    }
}

fn readable(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .map(|letter| match letter.to_ascii_uppercase() {
            'I' | 'L' => '1',
            'O' => '0',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(parse_code(" k7m-2pq "), Ok("K7M2PQ".into()));
        assert_eq!(parse_code("o1L"), Ok("011".into()));
        assert!(parse_code("").is_err());
        assert!(parse_code("K7M2P<").is_err());
    }

    #[test]
    fn an_address_has_an_at_and_a_reference_has_none() {
        assert_eq!(parse_who(" Amira@Example.org "), Ok(Who::Address("amira@example.org".into())));
        assert_eq!(parse_who("k7m2 pq4x"), Ok(Who::Reference("K7M2PQ4X".into())));
        assert!(parse_who("K7M2 <b>").is_err());
        assert!(parse_who(&"x".repeat(300)).is_err());
    }
}
