//! Where a page of a long list begins.

/// How many rows stand before a page of a list, counted from 1. A page beyond the end is the last one, so that an old
/// link still shows something; `web`'s pagination names the same page.
pub fn rows_before(page: u64, total: u64, per_page: u64) -> u64 {
    let last = total.div_ceil(per_page).max(1);
    (page.clamp(1, last) - 1) * per_page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_beyond_the_end_is_the_last_one() {
        assert_eq!([0, 1, 2, 3, u64::MAX].map(|page| rows_before(page, 101, 50)), [0, 0, 50, 100, 100]);
        assert_eq!(rows_before(3, 100, 50), 50, "a full last page");
        assert_eq!(rows_before(7, 0, 50), 0, "an empty list");
    }
}
