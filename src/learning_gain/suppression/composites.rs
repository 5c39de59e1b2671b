//! Several statements of the same people, one of which is hidden. Pure.
//!
//! A composite is the sum of its statements, so it gives away one that is hidden: take the others from it. It does so
//! too where a few people left something out: the statements are then about everybody who answered them, the composite
//! about those who answered all, and the difference is about those who answered some. Looking back is answered by the
//! same people about the same time after the course, so its mean after is that of the statement it looks back on.
//!
//! So whatever is made of several statements is shown only if each of them is, and if neither those who answered
//! everything nor the others are all alike in any of them. Cronbach's alpha is made of the same sums and goes with the
//! composite.

/// People, and the sums of their answers to one statement at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnswerSums {
    /// How many.
    pub people: u64,
    /// Σ answer.
    pub total: i128,
    /// Σ answer².
    pub squares: i128,
}

impl AnswerSums {
    /// Of answers with the number of people who gave each.
    pub fn of(answers: &[(i32, u64)]) -> Self {
        answers.iter().fold(Self::default(), |sums, (answer, people)| {
            let (answer, count) = (i128::from(*answer), i128::from(*people));
            Self {
                people: sums.people + people,
                total: sums.total + answer * count,
                squares: sums.squares + answer * answer * count,
            }
        })
    }

    fn is_alike(self) -> bool {
        self.people > 0 && i128::from(self.people) * self.squares == self.total * self.total
    }

    /// These people and others.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            people: self.people + other.people,
            total: self.total + other.total,
            squares: self.squares + other.squares,
        }
    }

    /// Who is left when these are taken away; None if they are no part of it.
    pub(super) fn without(self, some: Self) -> Option<Self> {
        Some(Self {
            people: self.people.checked_sub(some.people)?,
            total: self.total - some.total,
            squares: self.squares - some.squares,
        })
    }
}

/// One statement behind something that is made of several.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its own line is not shown.
    pub is_hidden: bool,
    /// At each time: everybody behind its own line, and those of them behind what is made of several.
    pub times: Vec<(AnswerSums, AnswerSums)>,
}

/// Whether something made of these statements would tell what all of some people answered to one of them.
pub fn gives_one_away(statements: &[Statement]) -> bool {
    statements.iter().any(|statement| {
        statement.is_hidden
            || statement
                .times
                .iter()
                .any(|(everybody, some)| some.is_alike() || everybody.without(*some).is_none_or(AnswerSums::is_alike))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(everybody: &[(i32, u64)], some: &[(i32, u64)]) -> Statement {
        Statement { is_hidden: false, times: vec![(AnswerSums::of(everybody), AnswerSums::of(some))] }
    }

    #[test]
    fn a_hidden_statement_hides_what_is_made_of_it() {
        let mixed = statement(&[(2, 5), (3, 4)], &[(2, 5), (3, 4)]);
        assert!(!gives_one_away(&[mixed.clone(), mixed.clone()]));
        assert!(gives_one_away(&[mixed.clone(), Statement { is_hidden: true, ..mixed }]));
    }

    #[test]
    fn neither_those_who_answered_everything_nor_the_others_may_be_alike() {
        assert!(gives_one_away(&[statement(&[(2, 5), (3, 4)], &[(2, 5)])]), "those who answered everything");
        assert!(gives_one_away(&[statement(&[(2, 9), (3, 6)], &[(2, 4), (3, 6)])]), "five left something out");
        assert!(!gives_one_away(&[statement(&[(2, 7), (3, 8)], &[(2, 4), (3, 6)])]));
        assert!(gives_one_away(&[statement(&[(2, 4)], &[(2, 4), (3, 6)])]), "no part of everybody");
    }
}
