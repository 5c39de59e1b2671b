//! Keys that live outside the database, so that a copy of it alone signs no link and pairs no answers.

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::{io, path::Path};

/// The board's secret key: 32 random bytes in a file that only the service can read.
#[derive(Clone)]
pub struct Secrets {
    key: [u8; 32],
}

/// Why the key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The file cannot be read or made.
    #[error("key-file: {path} cannot be used: {cause}")]
    File {
        /// The file as the setting names it.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
    /// The file holds something else.
    #[error("key-file: {0} does not hold a key of 64 hexadecimal digits")]
    Malformed(String),
    /// The system gave no randomness.
    #[error("the system's random numbers are not available")]
    Randomness,
}

impl Secrets {
    /// Reads the key, or makes one (mode 0600) where there is none yet.
    pub fn open(path: &Path) -> Result<Self, SecretsError> {
        let file_error = |cause| SecretsError::File { path: path.display().to_string(), cause };
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let bytes = HEXLOWER.decode(text.trim().as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
                bytes.map(|key| Self { key }).ok_or_else(|| SecretsError::Malformed(path.display().to_string()))
            }
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
                let key = random_bytes::<32>()?;
                write_private(path, &format!("{}\n", HEXLOWER.encode(&key))).map_err(file_error)?;
                Ok(Self { key })
            }
            Err(other) => Err(file_error(other)),
        }
    }

    /// A key that lives as long as the process, for tests.
    pub fn ephemeral() -> Result<Self, SecretsError> {
        Ok(Self { key: random_bytes()? })
    }

    /// HMAC-SHA-256 of the parts under this key, as 64 hexadecimal digits. `purpose` keeps the uses apart: the
    /// same parts for another purpose give another value.
    pub fn sign(&self, purpose: &str, parts: &[&[u8]]) -> String {
        let mut mac = new_mac(&self.key);
        for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        HEXLOWER.encode(&mac.finalize().into_bytes())
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn new_mac(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("any length")
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    std::fs::write(path, text)
}

/// Random bytes from the system.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], SecretsError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| SecretsError::Randomness)?;
    Ok(bytes)
}

/// A token of 256 random bits, 64 hexadecimal digits.
pub fn random_token() -> Result<String, SecretsError> {
    Ok(HEXLOWER.encode(&random_bytes::<32>()?))
}

/// A reference that a person can read out on the telephone: `length` letters and digits (5 bits each) without
/// I, L, O and U, which are misread.
pub fn random_reference(length: usize) -> Result<String, SecretsError> {
    let text = BASE32_NOPAD.encode(&random_bytes::<16>()?);
    Ok(text.chars().take(length).map(readable).collect())
}

/// Maps RFC 4648's alphabet onto Crockford's, which has no I, L, O or U.
fn readable(letter: char) -> char {
    match letter {
        'I' => '0',
        'L' => '1',
        'O' => '8',
        'U' => '9',
        other => other,
    }
}

/// SHA-256 of a text as 64 hexadecimal digits: what is stored of a token.
pub fn sha256(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cannot_be_shifted_into_one_another() {
        let secrets = Secrets { key: [7; 32] };
        assert_ne!(secrets.sign("link", &[b"ab", b"c"]), secrets.sign("link", &[b"a", b"bc"]));
        assert_ne!(secrets.sign("link", &[b"ab"]), secrets.sign("pair", &[b"ab"]));
    }

    #[test]
    fn a_reference_has_no_letter_that_is_misread() {
        let reference = random_reference(8).unwrap();
        assert_eq!(reference.len(), 8);
        assert!(!reference.contains(['I', 'L', 'O', 'U']), "{reference}");
    }

    #[test]
    fn the_key_survives_a_restart_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("board.key");
        let first = Secrets::open(&path).unwrap();
        assert_eq!(first.key, Secrets::open(&path).unwrap().key);
        std::fs::write(&path, "not a key").unwrap();
        assert!(matches!(Secrets::open(&path), Err(SecretsError::Malformed(_))));
    }
}
