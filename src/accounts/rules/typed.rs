//! What people type about themselves. Errors are the sentences that they read.

/// The longest name that fits a certificate.
const NAME_LONGEST: usize = 120;
/// RFC 5321's limit.
const ADDRESS_LONGEST: usize = 254;
/// RFC 5321's limit for the part before the @.
const LOCAL_PART_LONGEST: usize = 64;
/// A path to come back to; longer ones are not ours.
const PATH_LONGEST: usize = 500;

/// A line of text: spaces at its ends and in a row removed. `what` starts the sentence: "Job role".
pub fn parse_text(what: &str, text: &str, longest: usize) -> Result<String, String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        let mut letters = what.chars();
        let start = letters.next().map(|first| first.to_lowercase().collect::<String>()).unwrap_or_default();
        return Err(format!("Enter the {start}{}", letters.as_str()));
    }
    if line.chars().count() > longest {
        return Err(format!("{what} must be {longest} characters or fewer"));
    }
    if line.chars().any(char::is_control) {
        return Err(format!("{what} must not hold control characters"));
    }
    Ok(line)
}

/// A person's full name.
pub fn parse_name(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("Enter a full name".into());
    }
    let name = parse_text("Full name", text, NAME_LONGEST)?;
    if !name.chars().any(char::is_alphabetic) {
        return Err("Full name must have letters in it".into());
    }
    Ok(name)
}

/// An e-mail address in lower case.
pub fn parse_address(text: &str) -> Result<String, String> {
    let address = text.trim().to_lowercase();
    if address.is_empty() {
        return Err("Enter an email address".into());
    }
    let well_formed = match address.split_once('@') {
        Some((local, domain)) => is_local_part(local) && is_domain(domain),
        None => false,
    };
    if well_formed && address.len() <= ADDRESS_LONGEST {
        return Ok(address);
    }
    Err("Enter an email address in the correct format, like name@example.org".into())
}

fn is_local_part(local: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    !local.is_empty()
        && local.len() <= LOCAL_PART_LONGEST
        && local.bytes().all(known)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

/// Whether this is the name of a mail domain: at least two labels of letters, digits and hyphens.
pub fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(is_label)
}

/// The part after the @.
pub fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default()
}

/// The six digits of a code, typed with or without spaces.
pub fn parse_code(text: &str) -> Result<String, String> {
    let digits: String = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    if digits.is_empty() {
        return Err("Enter the code from the email".into());
    }
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("The code is 6 digits, like 123456".into());
    }
    Ok(digits)
}

/// Mailboxes that several people read: whoever reads one could sign in as its person.
const GENERIC_MAILBOXES: [&str; 28] = [
    "admin",
    "administration",
    "bursar",
    "contact",
    "enquiries",
    "enquiry",
    "finance",
    "head",
    "headteacher",
    "hello",
    "help",
    "hr",
    "info",
    "mail",
    "manager",
    "nursery",
    "office",
    "post",
    "practice",
    "reception",
    "safeguarding",
    "school",
    "schooloffice",
    "secretary",
    "staff",
    "surgery",
    "team",
    "training",
];

/// Whether an address looks like a mailbox shared by several people, such as office@.
pub fn is_generic_mailbox(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_lowercase();
    let first = local.split(['.', '-', '_', '+']).next().unwrap_or_default();
    GENERIC_MAILBOXES.contains(&local.as_str()) || GENERIC_MAILBOXES.contains(&first)
}

/// Providers of private mailboxes, which people keep when they change jobs.
const PERSONAL_PROVIDERS: [&str; 24] = [
    "aol.com",
    "btinternet.com",
    "btopenworld.com",
    "fastmail.com",
    "gmail.com",
    "gmx.co.uk",
    "gmx.com",
    "googlemail.com",
    "hotmail.co.uk",
    "hotmail.com",
    "icloud.com",
    "live.co.uk",
    "live.com",
    "mac.com",
    "me.com",
    "msn.com",
    "ntlworld.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "sky.com",
    "talktalk.net",
    "virginmedia.com",
    "yahoo.co.uk",
];

/// Whether an address is at a provider of private mailboxes.
pub fn is_personal_mailbox(address: &str) -> bool {
    let domain = domain_of(address);
    PERSONAL_PROVIDERS.contains(&domain) || domain == "yahoo.com"
}

/// An address to come back to, if it is a page of this site; anything else is dropped silently, so that no link to us
/// can send people elsewhere. Browsers read "//host" and "/\host" as another site, and drop tabs and line ends.
pub fn own_site_path(text: &str) -> Option<&str> {
    let mut letters = text.chars();
    let starts_here = letters.next() == Some('/') && !matches!(letters.next(), Some('/' | '\\'));
    let harmless = text.len() <= PATH_LONGEST && text.chars().all(|letter| !letter.is_control() && letter != '\\');
    let leads_in_circles = ["/sign-in", "/sign-out", "/account/new"].iter().any(|path| text.starts_with(path));
    (starts_here && harmless && !leads_in_circles).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_lower_case_and_cannot_hold_a_second_header() {
        assert_eq!(parse_address("  Amira.Khan@School.example.ORG "), Ok("amira.khan@school.example.org".into()));
        assert_eq!(parse_address("o'neill+cpd@x.org"), Ok("o'neill+cpd@x.org".into()));
        let long = format!("{}@x.org", "a".repeat(65));
        for wrong in [
            "",
            "amira",
            "amira@",
            "@x.org",
            "a@b",
            "a@b@c.org",
            "a b@x.org",
            "a@x.org\r\nBcc: b@x.org",
            ".a@x.org",
            "a..b@x.org",
            "a@-x.org",
            "a@x..org",
            "a@x.org,b@x.org",
            "<a@x.org>",
            &long,
        ] {
            assert!(parse_address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_pages_of_this_site_are_returned_to() {
        assert_eq!(own_site_path("/sessions/4/book?step=2"), Some("/sessions/4/book?step=2"));
        for elsewhere in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "evil.example",
            "/a\r\nSet-Cookie: x=1",
            "/sign-in?return=/",
            "/sign-out",
        ] {
            assert_eq!(own_site_path(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn a_code_may_be_typed_with_spaces() {
        assert_eq!(parse_code(" 123 456 "), Ok("123456".into()));
        for wrong in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert!(parse_code(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn shared_mailboxes_are_recognised() {
        for shared in ["office@school.org", "Admin@x.org", "info.north@x.org", "headteacher@x.org"] {
            assert!(is_generic_mailbox(shared), "{shared}");
        }
        for own in ["amira.khan@x.org", "officer@x.org", "teamy@x.org"] {
            assert!(!is_generic_mailbox(own), "{own}");
        }
    }

    #[test]
    fn names_are_one_line() {
        assert_eq!(parse_name("  Amira \n Khan "), Ok("Amira Khan".into()));
        assert_eq!(parse_name(" "), Err("Enter a full name".into()));
        assert!(parse_name("12").is_err());
        assert!(parse_name(&"a".repeat(121)).is_err());
    }
}
