//! The office adds and removes bank holidays.

use super::{
    bank_holidays::{DAYS_OF_A_YEAR_LEAST, parse_holiday, parse_year},
    pages::bank_holidays_page_with,
    rules::{day_text, parse_day},
    store,
};
use crate::{
    audit::store::{Subject, audit_insert_in_txn},
    web::{
        error::{PageError, PageResult},
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;
use chrono::{Datelike, NaiveDate};

const SUBJECT: Subject = Subject { kind: "bank_holiday", id: 0 };

/// POST /office/bank-holidays/day
pub async fn add_bank_holiday(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let actor = visit.person()?.id;
    let part = |part: &str| form.value(&format!("date-{part}")).to_owned();
    let day = parse_day("the day", &part("day"), &part("month"), &part("year"));
    let holiday = day.map_err(|sentence| ("date", sentence)).and_then(|day| parse_holiday(day, form.value("name")));
    let (date, name) = match holiday {
        Ok(holiday) => holiday,
        Err((field, sentence)) => return bank_holidays_page_with(&visit, form.with_error(field, sentence)).await,
    };
    let txn = visit.app.db.write().await?;
    let all = store::bank_holiday_list(&txn).await?;
    let problem = if all.iter().any(|row| row.date == date) {
        Some(format!("{} is a bank holiday already", day_text(date)))
    } else if !all.iter().any(|row| row.date.year() == date.year()) {
        Some(format!("{} is not known yet: add the whole year below", date.year()))
    } else {
        None
    };
    if let Some(sentence) = problem {
        drop(txn);
        return bank_holidays_page_with(&visit, form.with_error("date", sentence)).await;
    }
    store::bank_holidays_insert_in_txn(&[(date, name.clone())], &txn).await?;
    audit_insert_in_txn(Some(actor), SUBJECT, format!("Added {}: {name}", day_text(date)), visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other(format!("/office/bank-holidays?year={}&done=bank-holiday-added", date.year()))
}

/// POST /office/bank-holidays/year
pub async fn add_bank_holiday_year(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let actor = visit.person()?.id;
    let days = match parse_year(form.value("days")) {
        Ok(days) => days,
        Err(sentence) => return bank_holidays_page_with(&visit, form.with_error("days", sentence)).await,
    };
    let Some(year) = days.first().map(|(day, _)| day.year()) else { return Err(PageError::NotFound) };
    let txn = visit.app.db.write().await?;
    if store::bank_holiday_list(&txn).await?.iter().any(|row| row.date.year() == year) {
        drop(txn);
        let sentence = format!("{year} is known already: add or remove single days");
        return bank_holidays_page_with(&visit, form.with_error("days", sentence)).await;
    }
    store::bank_holidays_insert_in_txn(&days, &txn).await?;
    let sentence = format!("Added {year} with {} bank holidays", days.len());
    audit_insert_in_txn(Some(actor), SUBJECT, sentence, visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other(format!("/office/bank-holidays?year={year}&done=bank-holidays-added"))
}

/// POST /office/bank-holidays/{date}/remove. Twice is the same as once.
pub async fn remove_bank_holiday(visit: Visit, Path(date): Path<String>) -> PageResult {
    let actor = visit.person()?.id;
    let date: NaiveDate = date.parse().map_err(|_| PageError::NotFound)?;
    let txn = visit.app.db.write().await?;
    let all = store::bank_holiday_list(&txn).await?;
    if all.iter().any(|row| row.date == date) {
        let of_year = all.iter().filter(|row| row.date.year() == date.year()).count();
        if of_year <= DAYS_OF_A_YEAR_LEAST {
            return Err(PageError::Conflict(format!(
                "{} has {of_year} bank holidays, and no year has fewer. Add the right day first, then remove the wrong one.",
                date.year()
            )));
        }
        store::bank_holiday_delete_in_txn(date, &txn).await?;
        audit_insert_in_txn(Some(actor), SUBJECT, format!("Removed {}", day_text(date)), visit.now, &txn).await?;
    }
    txn.commit().await?;
    visit.see_other(format!("/office/bank-holidays?year={}&done=bank-holiday-removed", date.year()))
}
