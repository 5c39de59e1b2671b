//! How often somebody may ask for a code and try one.
//!
//! An address is limited first: guessing its code is hopeless whoever shares the network. A network is limited last
//! and generously, because a school's staff sit behind one; and beyond its limit everybody behind it still has a
//! first try each, so that an attacker in the building cannot lock the others out.

/// A number of tries within a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What is counted; part of the bucket, so that no two limits share one.
    pub name: &'static str,
    /// How many are allowed.
    pub tries: u64,
    /// Looking back this far.
    pub minutes: i64,
}

/// Codes sent to one address: enough for a slow mail server and some impatience.
pub const SEND_PER_ADDRESS: Limit = Limit { name: "send to address", tries: 5, minutes: 15 };
/// Codes asked for from one network: 60 people in five minutes, twice over.
pub const SEND_PER_NETWORK: Limit = Limit { name: "send from network", tries: 150, minutes: 15 };
/// Wrong codes for one address: two codes' worth in an hour, a chance of one in 100,000.
pub const CODE_TRY_PER_ADDRESS: Limit = Limit { name: "wrong code for address", tries: 10, minutes: 60 };
/// Wrong codes from one network: 60 people who mistype once each.
pub const CODE_TRY_PER_NETWORK: Limit = Limit { name: "wrong code from network", tries: 60, minutes: 15 };
/// Wrong first-run codes: the code has 40 bits.
pub const FIRST_RUN_PER_NETWORK: Limit = Limit { name: "first run", tries: 10, minutes: 15 };

/// How much of the limits is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Tries counted for the address.
    pub address: u64,
    /// Tries counted for the network.
    pub network: u64,
}

/// Whether a code may be sent. Beyond the network's limit only to addresses that belong to somebody here and were
/// not sent one lately; the page looks the same either way.
pub fn may_send(used: Standing, is_known: bool) -> bool {
    if used.address >= SEND_PER_ADDRESS.tries {
        return false;
    }
    used.network < SEND_PER_NETWORK.tries || (is_known && used.address == 0)
}

/// Whether a code may be tried, having got this many wrong. Beyond the network's limit only for an address that
/// nobody got wrong lately.
pub fn may_try(wrong: Standing) -> bool {
    if wrong.address >= CODE_TRY_PER_ADDRESS.tries {
        return false;
    }
    wrong.network < CODE_TRY_PER_NETWORK.tries || wrong.address == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_limited_whatever_its_network() {
        assert!(may_send(Standing { address: 4, network: 4 }, true));
        assert!(!may_send(Standing { address: 5, network: 5 }, true));
        assert!(may_try(Standing { address: 9, network: 9 }));
        assert!(!may_try(Standing { address: 10, network: 10 }));
    }

    #[test]
    fn colleagues_of_an_attacker_still_have_a_try_each() {
        let (sends, wrong) = (SEND_PER_NETWORK.tries, CODE_TRY_PER_NETWORK.tries);
        assert!(may_send(Standing { address: 0, network: sends }, true));
        assert!(!may_send(Standing { address: 0, network: sends }, false), "no mail to strangers");
        assert!(!may_send(Standing { address: 1, network: sends }, true));
        assert!(may_try(Standing { address: 0, network: wrong }));
        assert!(!may_try(Standing { address: 1, network: wrong }));
    }
}
