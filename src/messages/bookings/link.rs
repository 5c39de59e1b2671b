//! The signature of personal links to bookings: an HMAC under the board's key, which is not in the database.
//!
//! A link says how often it was made: a mail that is sent again carries a new one, which nobody in the office has seen.
//! Links to questionnaires are made in `surveys::links`; here they are only found in texts.

use crate::server::secrets::Secrets;
use subtle::ConstantTimeEq;

/// Hexadecimal digits of the signature in a link: 160 bits.
const SIGNATURE_LENGTH: usize = 40;
/// What stands before the token in a link.
const PATH: &str = "/bookings/link/";
/// What stands before the token in a link to a questionnaire.
const ANSWERS_PATH: &str = "/answers/";

/// The last part of a booking's personal link, made for the `number`-th time.
pub fn link_token(secrets: &Secrets, reference: &str, number: u32) -> String {
    format!("{reference}-{number}-{}", signature(secrets, reference, number))
}

/// The reference behind a link; None where the link was forged or cut off.
pub fn reference_of_link<'a>(secrets: &Secrets, token: &'a str) -> Option<&'a str> {
    open_link(secrets, token).map(|(reference, _)| reference)
}

fn open_link<'a>(secrets: &Secrets, token: &'a str) -> Option<(&'a str, u32)> {
    let (rest, given) = token.rsplit_once('-')?;
    let (reference, number) = rest.rsplit_once('-')?;
    let number = number.parse().ok()?;
    let is_ours = bool::from(signature(secrets, reference, number).as_bytes().ct_eq(given.as_bytes()));
    is_ours.then_some((reference, number))
}

fn signature(secrets: &Secrets, reference: &str, number: u32) -> String {
    let mut signature = secrets.sign("booking-link", &[reference.as_bytes(), number.to_string().as_bytes()]);
    signature.truncate(SIGNATURE_LENGTH);
    signature
}

/// The text with every personal link made new.
pub fn renew_links(secrets: &Secrets, text: &str) -> String {
    replace_tokens(text, PATH, |token| match open_link(secrets, token) {
        Some((reference, number)) => link_token(secrets, reference, number.saturating_add(1)),
        None => token.to_owned(),
    })
}

/// The text with every personal link masked, for people whose link it is not.
pub fn mask_links(text: &str) -> String {
    let masked = replace_tokens(text, PATH, |_| "…".to_owned());
    replace_tokens(&masked, ANSWERS_PATH, |_| "…".to_owned())
}

/// The references of the bookings to which a text has personal links, each once.
pub fn references_in(secrets: &Secrets, text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for token in tokens(text, PATH) {
        let reference = reference_of_link(secrets, &token).map(str::to_owned);
        found.extend(reference.filter(|reference| !found.contains(reference)));
    }
    found
}

/// The tokens of the links to questionnaires in a text, each once.
pub fn answer_tokens(text: &str) -> Vec<String> {
    tokens(text, ANSWERS_PATH)
}

fn tokens(text: &str, path: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    replace_tokens(text, path, |token| {
        if !found.iter().any(|known| known == token) {
            found.push(token.to_owned());
        }
        String::new()
    });
    found
}

fn replace_tokens(text: &str, path: &str, mut replace: impl FnMut(&str) -> String) -> String {
    let mut parts = text.split(path);
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').unwrap_or(part.len());
        replaced.push_str(path);
        replaced.push_str(&replace(&part[..end]));
        replaced.push_str(&part[end..]);
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_links_open_a_booking() {
        let secrets = Secrets::ephemeral().unwrap();
        let token = link_token(&secrets, "K7M2PQ4X", 1);
        assert_eq!(reference_of_link(&secrets, &token), Some("K7M2PQ4X"));
        assert_eq!(reference_of_link(&secrets, &token.replace("K7", "K8")), None);
        assert_eq!(reference_of_link(&secrets, &token.replace("-1-", "-2-")), None);
        assert_eq!(reference_of_link(&secrets, &token[..token.len() - 1]), None);
        assert_eq!(reference_of_link(&secrets, "K7M2PQ4X"), None);
        assert_eq!(reference_of_link(&secrets, "K7M2PQ4X-1-"), None);
        let other = Secrets::ephemeral().unwrap();
        assert_eq!(reference_of_link(&other, &token), None);
    }

    #[test]
    fn a_mail_that_is_sent_again_has_new_links_and_the_office_sees_none() {
        let secrets = Secrets::ephemeral().unwrap();
        let (first, second) = (link_token(&secrets, "K7M2PQ4X", 1), link_token(&secrets, "K7M2PQ4X", 2));
        let mail =
            |token: &str| format!("<a href=\"https://b.uk/bookings/link/{token}\">x</a> /bookings/link/{token}\n");
        assert_eq!(renew_links(&secrets, &mail(&first)), mail(&second));
        assert_eq!(reference_of_link(&secrets, &second), Some("K7M2PQ4X"));
        assert_eq!(references_in(&secrets, &[mail(&first), mail(&second)].concat()), ["K7M2PQ4X"]);
        assert_eq!(references_in(&secrets, &mail(&first.replace("K7", "K8"))), [""; 0]);
        let masked = mask_links(&format!("{} https://b.uk/answers/K7M2PQ4X-b-0123abcd.", mail(&first)));
        assert!(!masked.contains("K7M2PQ4X") && masked.contains("/answers/…."), "{masked}");
        assert_eq!(renew_links(&secrets, "no link here"), "no link here");
        let twice = "/answers/K7M2PQ4X-b-0123abcd\n<a href=\"https://b.uk/answers/K7M2PQ4X-b-0123abcd\">";
        assert_eq!(answer_tokens(twice), ["K7M2PQ4X-b-0123abcd"]);
    }
}
