//! The signature of personal links to bookings: an HMAC under the board's key, which is not in the database.

use crate::server::secrets::Secrets;
use subtle::ConstantTimeEq;

/// Hexadecimal digits of the signature in a link: 160 bits.
const SIGNATURE_LENGTH: usize = 40;

/// The last part of a booking's personal link.
pub fn link_token(secrets: &Secrets, reference: &str) -> String {
    format!("{reference}-{}", signature(secrets, reference))
}

/// The reference behind a link; None where the link was forged or cut off.
pub fn reference_of_link<'a>(secrets: &Secrets, token: &'a str) -> Option<&'a str> {
    let (reference, given) = token.split_once('-')?;
    bool::from(signature(secrets, reference).as_bytes().ct_eq(given.as_bytes())).then_some(reference)
}

fn signature(secrets: &Secrets, reference: &str) -> String {
    let mut signature = secrets.sign("booking-link", &[reference.as_bytes()]);
    signature.truncate(SIGNATURE_LENGTH);
    signature
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_links_open_a_booking() {
        let secrets = Secrets::ephemeral().unwrap();
        let token = link_token(&secrets, "K7M2PQ4X");
        assert_eq!(reference_of_link(&secrets, &token), Some("K7M2PQ4X"));
        assert_eq!(reference_of_link(&secrets, &token.replace("K7", "K8")), None);
        assert_eq!(reference_of_link(&secrets, &token[..token.len() - 1]), None);
        assert_eq!(reference_of_link(&secrets, "K7M2PQ4X"), None);
        assert_eq!(reference_of_link(&secrets, "K7M2PQ4X-"), None);
        let other = Secrets::ephemeral().unwrap();
        assert_eq!(reference_of_link(&other, &token), None);
    }
}
