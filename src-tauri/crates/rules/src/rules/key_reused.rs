use super::damage::Damage;
use super::identity::is_slip;
use super::seems::same;
use super::{
    CheckContext, ClaimBasis, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope,
};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::letters::words;
use muster_roster::roster::{Column, Moment};
use muster_table::words::{listed, quoted};

pub static RULE: Rule = Rule {
    code: "key-reused",
    title: "Key of somebody else",
    severity: Severity::Warning,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("key_reused.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    let (Some(snapshot), Some(Renamed { was, over })) =
        (&context.snapshot, context.renamed(person.row))
    else {
        return;
    };
    let roster = &context.roster;
    let stands_in = |key: &usize| person.cell(*key).trim().is_empty();
    let column = roster.key.filter(|key| !stands_in(key)).or(roster.key_fallback);
    let saying = |what: bool| -> Vec<&Column> {
        let says = |c: &&Column| context.says(person.row, was, c) == Some(what);
        context.saying_who().filter(says).collect()
    };
    let (now, before) = (roster.name(person.row), snapshot.name(was));
    let called = |columns: &[&Column]| -> Vec<String> {
        columns.iter().map(|c| roster.called(c.at)).collect()
    };
    if over {
        sink.row(person.row, column, || {
            let (differ, agree) = (saying(false), saying(true));
            let verb = if differ.len() == 1 { "is" } else { "are" };
            let but = match agree.is_empty() {
                true => "nothing says that both are one person".to_owned(),
                false => format!("only {} says that both are one person", listed(&called(&agree))),
            };
            let message = format!(
                "`{}` is the key of {before}, and this row is {now}: {} {verb} of somebody else, and {but}",
                person.key.trim(),
                listed(&called(&differ)),
            );
            FindingText::new(person.key, message)
        });
        return;
    }
    let names: Vec<usize> =
        roster.columns.iter().filter(|c| c.name_part > 0).map(|c| c.at).collect();
    sink.row(person.row, names.first().copied(), || {
        let agree: Vec<&Column> =
            saying(true).into_iter().filter(|c| c.name_part == 0).collect();
        let stay = if agree.len() == 1 { "stays" } else { "stay" };
        let put_back = |&column: &usize| {
            let was = context.was_cell(was, column)?;
            (was != person.cell(column)).then(|| person.set(column, &*was))
        };
        let fix = Fix {
            title: format!("put back {}", quoted(&before)),
            safety: Safety::Unsafe,
            edits: names.iter().filter_map(put_back).collect(),
        };
        let message = format!(
            "was {before}, is {now}: no part of the name is the same, and {} {stay}; is this still the same person?",
            listed(&called(&agree)),
        );
        FindingText::new(now.clone(), message).fix(Some(fix))
    });
}

/// A row under a known key that is called otherwise.
struct Renamed {
    /// Who has the key in the snapshot.
    was: u32,
    /// Whether nothing certain says that it is still the same person.
    over: bool,
}

impl CheckContext {
    /// The person of the snapshot under whose key a row has somebody else: the whole name is another, or a part of it and an
    /// ID as well, and no ID or birthday says that it is still the same person; or the whole name and an address or a login are
    /// others, and one ID alone says so. An address goes with the key: it says so only where part of the name is left. None
    /// where another rule tells whose row it is.
    pub fn put_over(&self, row: u32) -> Option<u32> {
        self.renamed(row).filter(|renamed| renamed.over).map(|renamed| renamed.was)
    }

    fn renamed(&self, row: u32) -> Option<Renamed> {
        let was = self.was(row).filter(|_| self.differs(row))?;
        // Where two rows have the key, one of them is right, and `key-duplicate` tells of both.
        let alone = self.roster.row_of_key(&self.roster.key_text(row)) == Some(row);
        if !alone || self.scrambled().is_any() || self.is_told_as_another(row, was) {
            return None;
        }
        let (mut other_name, mut other_id) = (false, false);
        let (mut known, mut born, mut address) = (0, false, false);
        let mut other_address = false;
        for column in self.saying_who() {
            match self.says(row, was, column) {
                // A surname is a family's.
                Some(true) if column.name_part > 0 => {}
                Some(true) if self.is_own_address(column) => address = true,
                Some(true) if column.moment == Some(Moment::Born) => born = true,
                Some(true) => known += 1,
                Some(false) => {
                    other_name |= column.name_part > 0;
                    other_id |= column.identifies;
                    other_address |= self.is_own_address(column) || column.unique.is_some();
                }
                None => {}
            }
        }
        if !other_name {
            return None;
        }
        let other = self.how_other(row, was);
        // One ID alone that stays is soon handed on with the post, or forgotten when it is.
        let handed_on = known == 1 && !born && other_address && !self.is_transcribed(row, was);
        let known = known > 0 || born;
        let over = match other {
            OtherName::Wholly => !known || handed_on,
            OtherName::InPart => other_id && !known && !address,
            OtherName::No => false,
        };
        // Who is written in other letters is not called otherwise, as long as something says who it is.
        let told = over && (!address || !self.is_transcribed(row, was))
            || known && other == OtherName::Wholly && !self.is_transcribed(row, was);
        let slid = || self.name_columns().into_iter().any(|c| self.has_slid_in(row, c));
        (told && !slid() && !self.has_names_of_others(row, was)).then_some(Renamed { was, over })
    }

    /// Whether `key-changed` or `key-swapped` tells of the row.
    pub(super) fn is_told_as_another(&self, row: u32, was: u32) -> bool {
        let mismatched =
            |row: u32| self.claim(row).is_some_and(|claim| claim.how == ClaimBasis::Mismatched);
        let exchanged = || {
            let own = self.seems(row, was)?;
            let holder = self.roster.row_of_key(&self.snapshot.as_ref()?.key_text(own))?;
            self.is_someone_else(holder).then_some(())
        };
        mismatched(row) || (self.is_someone_else(row) && exchanged().is_some())
    }

    /// The columns by which somebody is known, without the key.
    fn saying_who(&self) -> impl Iterator<Item = &Column> {
        self.roster.columns.iter().filter(|c| {
            !c.is_key
                && !c.is_secret()
                && (c.name_part > 0
                    || self.is_own_address(c)
                    || c.identifies
                    || c.unique.is_some()
                    || c.moment == Some(Moment::Born))
        })
    }

    /// Whether a cell says that a row is the person of the snapshot, or that it is not. What is the key once more says
    /// nothing beside it; nor does a blank, what a spreadsheet made of it, or a letter mistyped.
    fn says(&self, row: u32, was: u32, column: &Column) -> Option<bool> {
        let now = self.roster.table.cell(row, column.at);
        let before = self.was_cell(was, column.at)?;
        let (now, before) = (now.trim(), before.trim());
        let key = self.roster.key_text(row);
        let is_the_key = column.name_part == 0 && same(now, key.trim());
        if is_the_key
            || now.is_empty()
            || before.is_empty()
            || Damage::between(before, now).is_some()
        {
            return None;
        }
        if same(now, before) {
            return Some(true);
        }
        // The year of birth of many is the same but for a digit; names and IDs are mistyped.
        let slip = column.moment != Some(Moment::Born) && is_slip(now, before);
        (!slip).then_some(false)
    }

    /// How much of the whole name is another one. One word alone is half a name, and says nothing.
    fn how_other(&self, row: u32, was: u32) -> OtherName {
        let (now, before) = self.name_words(row, was);
        let like =
            now.iter().filter(|one| before.iter().any(|other| are_alike(one, other))).count();
        match now.len().min(before.len()) {
            0 | 1 => OtherName::No,
            _ if like == 0 => OtherName::Wholly,
            least if like < least => OtherName::InPart,
            _ => OtherName::No,
        }
    }

    /// The words of the name, as the row has it and as the snapshot has.
    fn name_words(&self, row: u32, was: u32) -> (Vec<String>, Vec<String>) {
        let parts = || {
            let has_both = |c: &&Column| c.name_part > 0 && self.snapshot_columns[c.at].is_some();
            self.roster.columns.iter().filter(has_both)
        };
        let now = parts().flat_map(|c| words(&self.roster.table.cell(row, c.at))).collect();
        let before =
            parts().flat_map(|c| words(&self.was_cell(was, c.at).unwrap_or_default())).collect();
        (now, before)
    }

    /// Whether one name is in letters of ASCII and the other has none: `Ольга Ким` may be `Olga Kim`.
    fn is_transcribed(&self, row: u32, was: u32) -> bool {
        let (now, before) = self.name_words(row, was);
        let is_latin =
            |words: &[String]| words.iter().any(|w| w.contains(|c: char| c.is_ascii_alphabetic()));
        is_latin(&now) != is_latin(&before)
    }
}

/// How much of a name is another one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OtherName {
    No,
    /// Some word of it, and not all.
    InPart,
    Wholly,
}

/// Whether two words are one, written differently: more than half of the letters are the same.
fn are_alike(one: &str, other: &str) -> bool {
    let most = one.chars().count().max(other.chars().count());
    strsim::osa_distance(one, other) * 2 < most
}
