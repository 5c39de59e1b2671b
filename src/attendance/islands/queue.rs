//! Marks that wait for the network, in the browser's storage: one entry per mark, its key holds register and nonce,
//! its value booking, mark and minutes. A browser without storage keeps them as long as the page is open.

use crate::attendance::rules::Mark;

/// A mark that was made and is not saved yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Made with the mark.
    pub nonce: String,
    /// Whose booking.
    pub booking: i64,
    /// The mark.
    pub mark: Mark,
    /// How late, where that is known.
    pub minutes: Option<i32>,
}

#[cfg(any(feature = "hydrate", test))]
impl Waiting {
    fn key(&self, date: i64) -> String {
        format!("{}{}", prefix(date), self.nonce)
    }

    fn value(&self) -> String {
        match self.minutes {
            Some(minutes) => format!("{}:{}:{minutes}", self.booking, self.mark.word()),
            None => format!("{}:{}", self.booking, self.mark.word()),
        }
    }

    fn read(date: i64, key: &str, value: &str) -> Option<Self> {
        let nonce = key.strip_prefix(&prefix(date))?.to_owned();
        let mut parts = value.split(':');
        let (booking, mark) = (parts.next()?.parse().ok()?, Mark::from_word(parts.next()?)?);
        Some(Self { nonce, booking, mark, minutes: parts.next().and_then(|minutes| minutes.parse().ok()) })
    }
}

#[cfg(any(feature = "hydrate", test))]
fn prefix(date: i64) -> String {
    format!("register.{date}.")
}

#[cfg(feature = "hydrate")]
fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

#[cfg(feature = "hydrate")]
thread_local! {
    /// What a browser without storage, or with a full one, could not keep there: register and mark.
    static UNSTORED: std::cell::RefCell<Vec<(i64, Waiting)>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Keeps a mark.
#[cfg(feature = "hydrate")]
pub fn keep(date: i64, waiting: &Waiting) {
    let is_stored = storage().is_some_and(|storage| storage.set_item(&waiting.key(date), &waiting.value()).is_ok());
    if !is_stored {
        UNSTORED.with_borrow_mut(|unstored| unstored.push((date, waiting.clone())));
    }
}

/// Forgets a mark that was sent.
#[cfg(feature = "hydrate")]
pub fn forget(date: i64, waiting: &Waiting) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&waiting.key(date));
    }
    UNSTORED.with_borrow_mut(|unstored| unstored.retain(|(of, kept)| *of != date || kept.nonce != waiting.nonce));
}

/// Everything that waits for this register, in the order in which it was made: nonces begin with the time.
#[cfg(feature = "hydrate")]
pub fn all(date: i64) -> Vec<Waiting> {
    let mut waiting: Vec<Waiting> = Vec::new();
    let mut insert = |found: Waiting| {
        let at = waiting.partition_point(|earlier| earlier.nonce < found.nonce);
        waiting.insert(at, found);
    };
    if let Some(storage) = storage() {
        for index in 0..storage.length().unwrap_or(0) {
            let Some(key) = storage.key(index).ok().flatten() else { continue };
            let Some(value) = storage.get_item(&key).ok().flatten() else { continue };
            if let Some(found) = Waiting::read(date, &key, &value) {
                insert(found);
            }
        }
    }
    UNSTORED.with_borrow(|unstored| {
        unstored.iter().filter(|(of, _)| *of == date).for_each(|(_, kept)| insert(kept.clone()));
    });
    waiting
}

/// Never seen before in this browser: milliseconds since 1970 and a random number. It sorts after what waits, also where
/// the device's clock was put back meanwhile.
#[cfg(feature = "hydrate")]
pub fn nonce_after(last: Option<&Waiting>) -> String {
    let moment = moment_after(last, js_sys::Date::now() as u64);
    format!("{moment:015}-{}", (js_sys::Math::random() * 1e15) as u64)
}

#[cfg(any(feature = "hydrate", test))]
fn moment_after(last: Option<&Waiting>, now: u64) -> u64 {
    let of = |waiting: &Waiting| waiting.nonce.split('-').next()?.parse::<u64>().ok();
    last.and_then(of).map_or(now, |last| now.max(last + 1))
}

#[cfg(not(feature = "hydrate"))]
pub fn keep(_date: i64, _waiting: &Waiting) {}

#[cfg(not(feature = "hydrate"))]
pub fn forget(_date: i64, _waiting: &Waiting) {}

#[cfg(not(feature = "hydrate"))]
pub fn all(_date: i64) -> Vec<Waiting> {
    Vec::new()
}

#[cfg(not(feature = "hydrate"))]
pub fn nonce_after(_last: Option<&Waiting>) -> String {
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_booking_mark_and_nonce_and_reads_back() {
        let waiting = Waiting { nonce: "000001-5".into(), booking: 7, mark: Mark::DidNotAttend, minutes: None };
        assert_eq!(waiting.key(3), "register.3.000001-5");
        assert_eq!(waiting.value(), "7:did_not_attend");
        assert_eq!(Waiting::read(3, &waiting.key(3), &waiting.value()), Some(waiting.clone()));
        assert_eq!(Waiting::read(4, &waiting.key(3), &waiting.value()), None);
        let late = Waiting { mark: Mark::Late, minutes: Some(15), ..waiting };
        assert_eq!(late.value(), "7:late:15");
        assert_eq!(Waiting::read(3, &late.key(3), &late.value()), Some(late));
    }
    #[test]
    fn a_mark_sorts_after_what_waits_whatever_the_clock_says() {
        let waiting = Waiting { nonce: "000000000000007-5".into(), booking: 7, mark: Mark::Late, minutes: None };
        assert_eq!([6, 7, 8, 90].map(|now| moment_after(Some(&waiting), now)), [8, 8, 8, 90]);
        assert_eq!(moment_after(None, 6), 6);
    }
}
