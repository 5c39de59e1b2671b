//! Personal links and pairing keys: HMACs of the booking under the board's key and the session's salt. Neither is
//! stored anywhere, so a copy of the database opens no questionnaire and joins no answers to people.

use super::{rules::Wave, store};
use crate::{
    bookings::rules::BookingId,
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
    signature: String,
}

impl LinkToken {
    /// Makes the token of a booking and wave.
    pub fn of(reference: &str, wave: Wave, salt: &[u8], secrets: &Secrets) -> Self {
        let letter = wave.letter().to_string();
        let mut signature = secrets.sign("survey link", &[reference.as_bytes(), letter.as_bytes(), salt]);
        signature.truncate(SIGNATURE_LETTERS);
        Self { reference: reference.to_owned(), wave, signature }
    }

    /// Takes a token apart. None when it is cut off or was never one.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_TOKEN {
            return None;
        }
        let (rest, signature) = text.rsplit_once('-')?;
        let (reference, letter) = rest.rsplit_once('-')?;
        let wave = Wave::from_letter(letter)?;
        let is_whole = signature.len() == SIGNATURE_LETTERS && !reference.is_empty();
        is_whole.then(|| Self { reference: reference.to_owned(), wave, signature: signature.to_owned() })
    }

    /// Whether we made it. Takes the same time for every wrong signature.
    pub fn is_genuine(&self, salt: &[u8], secrets: &Secrets) -> bool {
        use subtle::ConstantTimeEq;
        let genuine = Self::of(&self.reference, self.wave, salt, secrets);
        genuine.signature.as_bytes().ct_eq(self.signature.as_bytes()).into()
    }

    /// The page behind it, on this site.
    pub fn path(&self) -> String {
        format!("/answers/{}-{}-{}", self.reference, self.wave.letter(), self.signature)
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
    Ok(token.map(|token| format!("{}{}", app.config.public_url.trim_end_matches('/'), token.path())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_genuine_only_whole_and_for_its_own_wave_booking_and_session() {
        let secrets = Secrets::ephemeral().unwrap();
        let token = LinkToken::of("K7M2PQ4X", Wave::Before, b"salt", &secrets);
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
    fn a_pairing_key_is_no_link_and_differs_between_sessions() {
        let secrets = Secrets::ephemeral().unwrap();
        let key = pairing_key("K7M2PQ4X", b"salt", &secrets);
        assert_ne!(key, pairing_key("K7M2PQ4X", b"another", &secrets));
        assert!(!LinkToken::of("K7M2PQ4X", Wave::Before, b"salt", &secrets).path().contains(&key[..8]));
    }
}
