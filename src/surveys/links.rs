//! Personal links and pairing keys: HMACs of the booking under the board's key and the session's salt. Neither is
//! stored anywhere, so a copy of the database opens no questionnaire and joins no answers to people.
//!
//! A link has an edition, which goes into its HMAC: a mail that is sent again carries the next one, and the one before
//! ends. The pairing key knows nothing of editions, so what was answered through the old link goes on under the new.

use super::{rules::Wave, store};
use crate::{
    bookings::rules::BookingId,
    entity::{booking, session},
    server::{secrets::Secrets, state::App},
};
use sea_orm::{ConnectionTrait, DbErr};

/// Letters of the signature in a link: 128 bits.
const SIGNATURE_LETTERS: usize = 32;
/// No link that we made is longer; anything longer is not looked at.
const LONGEST_TOKEN: usize = 100;

/// What a personal link says about itself, before anybody has checked it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkToken {
    /// The booking's reference.
    pub reference: String,
    /// Which questionnaire.
    pub wave: Wave,
    /// How often it was made anew.
    pub edition: i32,
    signature: String,
}

impl LinkToken {
    /// Makes the token of a booking and wave, in this edition.
    pub fn of(reference: &str, wave: Wave, edition: i32, salt: &[u8], secrets: &Secrets) -> Self {
        let letter = wave.letter().to_string();
        let number = edition.to_string();
        let mut parts = vec![reference.as_bytes(), letter.as_bytes(), salt];
        // The first edition signs what links signed before there were editions: those that were mailed stay valid.
        if edition != 0 {
            parts.push(number.as_bytes());
        }
        let mut signature = secrets.sign("survey link", &parts);
        signature.truncate(SIGNATURE_LETTERS);
        Self { reference: reference.to_owned(), wave, edition, signature }
    }

    /// Takes a token apart. None when it is cut off or was never one.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_TOKEN {
            return None;
        }
        let (rest, signature) = text.rsplit_once('-')?;
        let (reference, which) = rest.rsplit_once('-')?;
        let (letter, number) = which.split_at_checked(1)?;
        let wave = Wave::from_letter(letter)?;
        let edition = match number {
            "" => 0,
            number if number.starts_with(|digit: char| digit.is_ascii_digit() && digit != '0') => {
                number.parse().ok()?
            }
            _ => return None,
        };
        let is_whole = signature.len() == SIGNATURE_LETTERS && !reference.is_empty();
        is_whole.then(|| Self { reference: reference.to_owned(), wave, edition, signature: signature.to_owned() })
    }

    /// Whether we made it. Takes the same time for every wrong signature.
    pub fn is_genuine(&self, salt: &[u8], secrets: &Secrets) -> bool {
        use subtle::ConstantTimeEq;
        let genuine = Self::of(&self.reference, self.wave, self.edition, salt, secrets);
        genuine.signature.as_bytes().ct_eq(self.signature.as_bytes()).into()
    }

    /// The page behind it, on this site.
    pub fn path(&self) -> String {
        let number = if self.edition == 0 { String::new() } else { self.edition.to_string() };
        format!("/answers/{}-{}{number}-{}", self.reference, self.wave.letter(), self.signature)
    }
}

/// Under which a booking's answers are kept, in all waves.
pub fn pairing_key(reference: &str, salt: &[u8], secrets: &Secrets) -> String {
    secrets.sign("survey pairing", &[reference.as_bytes(), salt])
}

/// The full address at which this booking answers before the session; None where nothing is asked or the wave has
/// closed. For the booking's confirmation, in its transaction.
pub async fn before_link_in_txn(
    booking: BookingId,
    app: &App,
    db: &impl ConnectionTrait,
) -> Result<Option<String>, DbErr> {
    link_in_txn(booking, Wave::Before, app, db).await
}

/// The same for a booking that was just made on a session with questions, whose row is locked.
pub async fn first_before_link_in_txn(
    booking: &booking::Model,
    session: session::Model,
    app: &App,
    db: &impl ConnectionTrait,
) -> Result<Option<String>, DbErr> {
    let first = store::first_link_token_in_txn(booking, session, Wave::Before, &app.secrets, app.clock.now(), db);
    Ok(first.await?.map(|token| address_of(&token, app)))
}

/// The full address at which this booking answers after the session; None where nothing is asked or the wave has
/// closed.
pub async fn after_link_in_txn(
    booking: BookingId,
    app: &App,
    db: &impl ConnectionTrait,
) -> Result<Option<String>, DbErr> {
    link_in_txn(booking, Wave::After, app, db).await
}

async fn link_in_txn(
    booking: BookingId,
    wave: Wave,
    app: &App,
    db: &impl ConnectionTrait,
) -> Result<Option<String>, DbErr> {
    let token = store::link_token_in_txn(booking, wave, &app.secrets, app.clock.now(), db).await?;
    Ok(token.map(|token| address_of(&token, app)))
}

fn address_of(token: &LinkToken, app: &App) -> String {
    format!("{}{}", app.config.public_url.trim_end_matches('/'), token.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_genuine_only_whole_and_for_its_own_wave_booking_and_session() {
        let secrets = Secrets::ephemeral().unwrap();
        let token = LinkToken::of("K7M2PQ4X", Wave::Before, 0, b"salt", &secrets);
        let text = token.path().strip_prefix("/answers/").unwrap().to_owned();
        let read = LinkToken::parse(&text).unwrap();
        assert_eq!(read, token);
        assert!(read.is_genuine(b"salt", &secrets));
        assert!(!read.is_genuine(b"another", &secrets));
        assert!(!LinkToken { wave: Wave::After, ..read.clone() }.is_genuine(b"salt", &secrets));
        assert!(!LinkToken { reference: "K7M2PQ4Y".into(), ..read }.is_genuine(b"salt", &secrets));
        for cut in 0..text.len() {
            assert_eq!(LinkToken::parse(&text[..cut]), None, "{}", &text[..cut]);
        }
        assert_eq!(LinkToken::parse(&"x".repeat(5_000)), None);
    }

    #[test]
    fn editions_differ_and_the_first_is_what_was_mailed_before_there_were_editions() {
        let secrets = Secrets::ephemeral().unwrap();
        let first = LinkToken::of("K7M2PQ4X", Wave::After, 0, b"salt", &secrets);
        let signed = secrets.sign("survey link", &[b"K7M2PQ4X", b"a", b"salt"]);
        assert_eq!(first.path(), format!("/answers/K7M2PQ4X-a-{}", &signed[..SIGNATURE_LETTERS]));
        let second = LinkToken::of("K7M2PQ4X", Wave::After, 1, b"salt", &secrets);
        let text = second.path().strip_prefix("/answers/").unwrap().to_owned();
        let read = LinkToken::parse(&text).unwrap();
        assert!(read == second && read.edition == 1 && read.is_genuine(b"salt", &secrets));
        assert!(!LinkToken { edition: 2, ..read.clone() }.is_genuine(b"salt", &secrets));
        assert!(!LinkToken { edition: 0, ..read }.is_genuine(b"salt", &secrets));
        for odd in ["-a0-", "-a01-", "-a+1-", "-a-1-", "-ä1-", "-a99999999999-"] {
            assert_eq!(LinkToken::parse(&text.replace("-a1-", odd)).filter(|token| token.edition != 0), None, "{odd}");
        }
    }

    #[test]
    fn a_pairing_key_is_no_link_and_differs_between_sessions() {
        let secrets = Secrets::ephemeral().unwrap();
        let key = pairing_key("K7M2PQ4X", b"salt", &secrets);
        assert_ne!(key, pairing_key("K7M2PQ4X", b"another", &secrets));
        assert!(!LinkToken::of("K7M2PQ4X", Wave::Before, 0, b"salt", &secrets).path().contains(&key[..8]));
    }
}
