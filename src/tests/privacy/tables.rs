//! The one list of tables against the migrations.

use learning_gain::{
    privacy::rules::{Holds, TABLES, Table},
    server::tables::table_names,
};
use sea_orm::{
    ConnectionTrait, ExprTrait,
    sea_query::{Alias, Expr, Query},
};
use std::{collections::BTreeMap, fs, path::Path};

/// A table as its migration makes it.
#[derive(Default)]
struct Made {
    /// Columns with the name of the function that types them: "text_null".
    columns: Vec<(String, String)>,
    /// Columns that lead to people.
    to_people: Vec<String>,
}

/// Every table of the migrations.
fn made_tables() -> BTreeMap<String, Made> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/src");
    let mut tables = BTreeMap::new();
    let mut added = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for made in text.split("Table::create()").skip(1) {
            let Some(name) = made.split(".table(\"").nth(1).and_then(|rest| rest.split('"').next()) else { continue };
            // What comes after the statement belongs to the next one.
            let made = made.split("create_index").next().unwrap_or_default();
            let table: &mut Made = tables.entry(name.to_owned()).or_default();
            for column in made.split(".col(").skip(1) {
                let Some((kind, rest)) = column.split_once("(\"") else { continue };
                if kind.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_') {
                    table.columns.push((rest.split('"').next().unwrap_or_default().to_owned(), kind.to_owned()));
                }
            }
            for link in made.split("references(").skip(1) {
                let parts: Vec<&str> = link.split('"').collect();
                if parts.get(5) == Some(&"people") {
                    table.to_people.push(parts[3].to_owned());
                }
            }
        }
        for altered in text.split("Table::alter()").skip(1) {
            let Some(name) = altered.split(".table(\"").nth(1).and_then(|rest| rest.split('"').next()) else {
                continue;
            };
            for column in altered.split(".add_column(").skip(1) {
                let (kind, rest) = column.split_once("(\"").expect("a column with its type");
                let name_of_column = rest.split('"').next().unwrap_or_default().to_owned();
                added.push((name.to_owned(), name_of_column, kind.to_owned()));
            }
        }
    }
    for (name, column, kind) in added {
        tables.get_mut(&name).expect("a table that is there").columns.push((column, kind));
    }
    // The service's own: one random number, which no backup holds.
    tables.remove("write_marks").expect("the mark of the last write");
    tables
}

fn table(name: &str) -> &'static Table {
    TABLES.iter().find(|table| table.name == name).unwrap_or_else(|| panic!("{name} is missing from privacy's list"))
}

#[test]
fn every_table_and_column_is_in_the_list() {
    let made = made_tables();
    assert!(made.len() > 40, "only {} tables were found in the migrations", made.len());
    for (name, made) in &made {
        let listed = table(name);
        let found_by = match listed.holds {
            Holds::PeoplesData(of_people) => {
                let mut named: Vec<&str> = of_people.shown.iter().chain(of_people.withheld).copied().collect();
                let mut there: Vec<&str> = made.columns.iter().map(|(column, _)| column.as_str()).collect();
                named.sort_unstable();
                there.sort_unstable();
                assert_eq!(named, there, "{name}: what the download gives and withholds");
                format!("{:?}", of_people.found_by)
            }
            Holds::NobodysData(_) => String::new(),
        };
        for column in &made.to_people {
            let is_named = listed.done_by.contains(&column.as_str()) || found_by.contains(&format!("\"{column}\""));
            assert!(is_named, "{name}.{column} leads to a person, and the list does not say what for");
        }
        for column in listed.mentions {
            assert!(made.columns.iter().any(|(there, _)| there == column), "{name}.{column} is not there");
        }
    }
    let mut listed: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
    let mut there = table_names();
    listed.sort_unstable();
    there.sort_unstable();
    assert_eq!(listed, there, "the list of privacy and the tables that there are");
    for listed in TABLES {
        let is_peoples = matches!(listed.holds, Holds::PeoplesData(_));
        assert!(!is_peoples || made.contains_key(listed.name), "{} was not found in the migrations", listed.name);
    }
}

/// Where in the database a text stands: every text column of every table.
pub async fn places_of(text: &str, db: &impl ConnectionTrait) -> Vec<String> {
    let mut places = Vec::new();
    for (name, made) in made_tables() {
        for (column, kind) in made.columns.iter().filter(|(_, kind)| kind.starts_with("text")) {
            let (table, column): (String, String) = (name.clone(), column.clone());
            let all = Query::select()
                .column(Alias::new(&column))
                .from(Alias::new(&table))
                .and_where(Expr::col(Alias::new(&column)).is_not_null())
                .to_owned();
            for row in db.query_all(&all).await.unwrap() {
                let value: String = row.try_get_by_index(0).unwrap();
                if value.to_lowercase().contains(&text.to_lowercase()) {
                    places.push(format!("{table}.{column} ({kind}): {value}"));
                }
            }
        }
    }
    places
}
