//! For tests: good files with a few bytes changed, as disks, editors and spreadsheets change them.

use proptest::{prelude::*, sample::Index};

/// Bytes that mean something in the files that are read, and some that should not be there.
const TELLING: &[u8] = b"0159-+.eE,;\"'[]{}:\n\r\t \\nul\x00\x7f\xc3\xff";

/// One change at a place of the file.
#[derive(Clone, Debug)]
enum Change {
    Replace(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    /// Everything from there on is lost.
    Cut(Index),
    /// What lies between the two places stands there twice.
    Repeat(Index, Index),
}

/// The file with one to six changes.
pub fn mutated(file: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let byte = || prop_oneof![4 => prop::sample::select(TELLING), 1 => any::<u8>()];
    let place = any::<Index>;
    let change = prop_oneof![
        6 => (place(), byte()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        4 => (place(), byte()).prop_map(|(at, byte)| Change::Insert(at, byte)),
        4 => place().prop_map(Change::Remove),
        1 => place().prop_map(Change::Cut),
        2 => (place(), place()).prop_map(|(from, to)| Change::Repeat(from, to)),
    ];
    prop::collection::vec(change, 1..7).prop_map(move |changes| changes.iter().fold(file.to_vec(), changed))
}

fn changed(mut file: Vec<u8>, change: &Change) -> Vec<u8> {
    let ends = file.len() + 1;
    match *change {
        Change::Insert(at, byte) => file.insert(at.index(ends), byte),
        Change::Cut(at) => file.truncate(at.index(ends)),
        Change::Repeat(from, to) => {
            let (from, to) = (from.index(ends), to.index(ends));
            let part = file[from.min(to)..from.max(to)].to_vec();
            file.splice(from..from, part);
        }
        _ if file.is_empty() => {}
        Change::Replace(at, byte) => {
            let at = at.index(file.len());
            file[at] = byte;
        }
        Change::Remove(at) => {
            file.remove(at.index(file.len()));
        }
    }
    file
}
