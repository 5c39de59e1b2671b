//! Which whole numbers fit everything that is known.

use super::super::line::{Hidden, ShownLine};

/// What somebody knows of unknown sums of answers: which numbers each can be, and what some of them make together.
#[derive(Clone, Default)]
pub(super) struct Known {
    /// The numbers that each unknown can be, in order.
    pub(super) domains: Vec<Vec<i64>>,
    /// Unknowns, each counted so often, and what they make.
    sums: Vec<(Vec<(usize, i64)>, i64)>,
    actual: Vec<i64>,
}

impl Known {
    /// Takes a group of people in, from 1 to 5 each, with what its line says of them. Returns the place of its sum.
    pub(super) fn group(&mut self, answers: &[i64], line: &Result<ShownLine, Hidden>) -> usize {
        let (count, sum) = (answers.len() as i64, answers.iter().sum());
        let is_alike = answers.iter().all(|answer| *answer == answers[0]);
        self.domains.push(match line {
            Ok(_) => vec![sum],
            Err(why) if why.is_about_answers() && is_alike => (1..=5).map(|answer| answer * count).collect(),
            Err(_) => (count..=5 * count).collect(),
        });
        self.actual.push(sum);
        self.actual.len() - 1
    }

    /// What these make together is shown.
    pub(super) fn tell(&mut self, of: impl Iterator<Item = usize>) {
        let of: Vec<(usize, i64)> = of.map(|place| (place, 1)).collect();
        let sum = of.iter().map(|(place, _)| self.actual[*place]).sum();
        self.sums.push((of, sum));
    }

    /// These and those are the same people in two divisions, whether their total is shown or not.
    pub(super) fn are_the_same(&mut self, these: &[usize], those: &[usize]) {
        let of = these.iter().map(|place| (*place, 1)).chain(those.iter().map(|place| (*place, -1)));
        self.sums.push((of.collect(), 0));
    }

    /// The least and the most that an unknown counted so often can be; None where nothing is left for it.
    fn ends(&self, (place, times): (usize, i64)) -> Option<(i64, i64)> {
        let (first, last) = (self.domains[place].first()? * times, self.domains[place].last()? * times);
        Some((first.min(last), first.max(last)))
    }

    /// Leaves out what cannot be because of a sum. None where nothing fits; else whether something was left out.
    fn narrow(&mut self, number: usize) -> Option<bool> {
        let (of, sum) = self.sums[number].clone();
        let mut is_smaller = false;
        for (place, times) in &of {
            let (mut least, mut most) = (0, 0);
            for other in of.iter().filter(|(other, _)| other != place) {
                let (first, last) = self.ends(*other)?;
                (least, most) = (least + first, most + last);
            }
            let before = self.domains[*place].len();
            self.domains[*place].retain(|value| (sum - most..=sum - least).contains(&(value * times)));
            is_smaller |= self.domains[*place].len() < before;
        }
        Some(is_smaller)
    }
}

/// Choices tried for one question: enough for the leaks that the tests beside this one look for. A question that is open
/// after so many counts as no leak; without an end, one run over 150 boards took nine minutes.
const TRIES_MOST: u32 = 500;

/// Whether some choice from the domains makes all sums, as far as can be told with so many tries.
pub(super) fn can_have_solution(known: &Known) -> bool {
    can_be(known.clone(), &mut 0)
}

/// Bounds first, then one value after the other.
fn can_be(mut known: Known, tries: &mut u32) -> bool {
    *tries += 1;
    if *tries > TRIES_MOST {
        return true;
    }
    loop {
        let mut is_smaller = false;
        for number in 0..known.sums.len() {
            match known.narrow(number) {
                Some(smaller) => is_smaller |= smaller,
                None => return false,
            }
        }
        if known.domains.iter().any(Vec::is_empty) {
            return false;
        }
        if !is_smaller {
            break;
        }
    }
    let is_asked = |place: &usize| known.sums.iter().any(|(of, _)| of.iter().any(|(other, _)| other == place));
    let open = (0..known.domains.len()).filter(|place| known.domains[*place].len() > 1).filter(is_asked);
    let Some(next) = open.min_by_key(|place| known.domains[*place].len()) else { return true };
    known.domains[next].iter().any(|value| {
        let mut tried = known.clone();
        tried.domains[next] = vec![*value];
        can_be(tried, tries)
    })
}
