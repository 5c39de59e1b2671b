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

/// What comes of asking for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// The address was sent too many; it is told so.
    TooMany,
    /// Nothing, and an older code stays in force; the page looks as if one had been sent.
    Nothing,
    /// A code is made that nobody gets, because no mail may go there; whoever tries it is told the same as everybody.
    CodeWithoutMail,
    /// A code is made and mailed.
    CodeByMail,
}

/// Decides about a request for a code. Beyond the network's limit only addresses that belong to somebody here, and were
/// not sent one lately, get mail. Whether there is mail is the only thing that depends on `is_known`.
pub fn decide_sending(used: Standing, is_known: bool) -> Sending {
    let is_crowded = used.network >= SEND_PER_NETWORK.tries;
    if used.address >= SEND_PER_ADDRESS.tries {
        Sending::TooMany
    } else if is_crowded && used.address > 0 {
        Sending::Nothing
    } else if is_crowded && !is_known {
        Sending::CodeWithoutMail
    } else {
        Sending::CodeByMail
    }
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
        assert_eq!(decide_sending(Standing { address: 4, network: 4 }, true), Sending::CodeByMail);
        assert_eq!(decide_sending(Standing { address: 5, network: 5 }, true), Sending::TooMany);
        assert!(may_try(Standing { address: 9, network: 9 }));
        assert!(!may_try(Standing { address: 10, network: 10 }));
    }

    #[test]
    fn colleagues_of_an_attacker_still_have_a_try_each() {
        let (sends, wrong) = (SEND_PER_NETWORK.tries, CODE_TRY_PER_NETWORK.tries);
        let ask = |address, is_known| decide_sending(Standing { address, network: sends }, is_known);
        assert_eq!(ask(0, true), Sending::CodeByMail);
        assert_eq!(ask(0, false), Sending::CodeWithoutMail, "no mail to strangers");
        assert_eq!(ask(1, true), Sending::Nothing);
        assert!(may_try(Standing { address: 0, network: wrong }));
        assert!(!may_try(Standing { address: 1, network: wrong }));
    }

    #[test]
    fn being_known_decides_about_the_mail_and_nothing_else() {
        for address in 0..=SEND_PER_ADDRESS.tries {
            for network in [0, SEND_PER_NETWORK.tries - 1, SEND_PER_NETWORK.tries] {
                let used = Standing { address, network };
                let (known, unknown) = (decide_sending(used, true), decide_sending(used, false));
                let differs_in_mail = (known, unknown) == (Sending::CodeByMail, Sending::CodeWithoutMail);
                assert!(known == unknown || differs_in_mail, "{used:?}: {known:?} and {unknown:?}");
            }
        }
    }
}
