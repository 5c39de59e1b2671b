//! The order of a list as its address says it: `?sort=` and a column's word, with `&way=down` for the other way round.
//! The headings are links, so that sorting needs no script and a sorted list can be kept as a bookmark.

use super::{
    components::{Direction, Head, Hidden},
    visit::Visit,
};
use leptos::prelude::*;

/// How a list is sorted, and what its headings link to.
#[derive(Clone, Debug)]
pub struct Sorting<O: 'static> {
    /// The list's address with its filters, without its order and page.
    address: String,
    words: &'static [(&'static str, O)],
    /// The column.
    pub by: O,
    /// Largest or latest first.
    pub descending: bool,
    is_chosen: bool,
}

impl<O: Copy + PartialEq> Sorting<O> {
    /// What the address asks for; `default` and its direction where it names no column of `words`.
    pub fn read(visit: &Visit, words: &'static [(&'static str, O)], default: O, descending: bool) -> Self {
        let address = visit.address_without(&["page", "sort", "way"]);
        let chosen = visit.parameter("sort");
        match words.iter().find(|(word, _)| *word == chosen) {
            Some((_, by)) => {
                let descending = visit.parameter("way") == "down";
                Self { address, words, by: *by, descending, is_chosen: true }
            }
            None => Self { address, words, by: default, descending, is_chosen: false },
        }
    }

    /// A heading that sorts by its column, smallest or earliest first, and then the other way round.
    pub fn head(&self, head: Head, by: O) -> Head {
        self.linked(head, by, false)
    }

    /// A heading that sorts by its column, latest first, and then the other way round.
    pub fn head_latest(&self, head: Head, by: O) -> Head {
        self.linked(head, by, true)
    }

    fn linked(&self, head: Head, by: O, first_descending: bool) -> Head {
        let is_current = self.by == by;
        let next_descending = if is_current { !self.descending } else { first_descending };
        let direction = if self.descending { Direction::Descending } else { Direction::Ascending };
        head.sortable(self.href(by, next_descending), is_current.then_some(direction))
    }

    fn href(&self, by: O, descending: bool) -> String {
        let joint = if self.address.contains('?') { '&' } else { '?' };
        let way = if descending { "&way=down" } else { "" };
        format!("{}{joint}sort={}{way}", self.address, self.word(by))
    }

    fn word(&self, by: O) -> &'static str {
        self.words.iter().find(|(_, known)| *known == by).map_or("", |(word, _)| word)
    }

    /// For the list's filters: a chosen order stays when somebody filters.
    pub fn fields(&self) -> impl IntoView + use<O> {
        let word = self.word(self.by);
        let way = self.descending.then(|| view! { <Hidden name="way" value="down"/> });
        self.is_chosen.then(|| view! { <Hidden name="sort" value=word/> {way} })
    }
}
