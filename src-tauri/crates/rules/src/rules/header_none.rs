use std::collections::BTreeSet;

use super::{CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::{header_form, synonyms};
use muster_roster::roster::{Column, Roster, is_address};
use muster_table::edit::Edit;
use muster_table::narrow;
use muster_table::words::listed;

pub static RULE: Rule = Rule {
    code: "header-none",
    title: "No column names",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Reading,
    scope: RuleScope::Header(check),
    page: include_str!("header_none.md"),
};

/// So many rows tell what a column holds.
const LOOKED_AT: usize = 200;

/// What stands where the column names should.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// Somebody.
    Person,
    /// One thing of each person: rows and columns are exchanged.
    Across,
}

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let roster = &context.roster;
    let Some(stands) = instead_of_names(roster) else { return };
    sink.header(None, || {
        let value: Vec<&str> = roster.columns.iter().map(|column| column.name.trim()).collect();
        let value: String = value.join(", ").chars().take(200).collect();
        if stands == Stands::Across {
            let message = "people stand beside each other here and not below each other: exchange rows and columns in the \
                           spreadsheet (copy, paste special, transpose), and open it again";
            return FindingText::new(value, message);
        }
        let line = roster.table.header_line();
        let message = format!(
            "line {line} looks like a person, so the file has no column names, and nobody is checked by the right ones"
        );
        FindingText::new(value, message).fix(Some(named(roster)))
    });
}

/// Whether this rule has something to say.
pub(super) fn is_doubted(context: &CheckContext) -> bool {
    instead_of_names(&context.roster).is_some()
}

fn instead_of_names(roster: &Roster) -> Option<Stands> {
    let names: Vec<&str> = roster.columns.iter().map(|column| column.name.trim()).collect();
    let is_known = |column: &&Column| {
        column.field.is_some()
            || column.used.is_some()
            || synonyms::says_who(&column.name)
            || synonyms::meaning_of(&column.form).is_some()
    };
    let others_known = roster.columns.iter().skip(1).any(|column| is_known(&column));
    if names.len() > 1 && !others_known && is_across(roster) {
        return Some(Stands::Across);
    }
    if names.iter().any(|name| is_address(name)) {
        return Some(Stands::Person);
    }
    let known = roster.columns.iter().any(|column| is_known(&column));
    let like_data = |column: &Column| {
        let name = column.name.trim();
        let is_number =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit() || b"-./:".contains(&b));
        is_number || cells(roster, column.at).any(|cell| !name.is_empty() && cell.trim() == name)
    };
    (!known && roster.columns.iter().any(like_data)).then_some(Stands::Person)
}

/// Whether names of columns stand below each other in the first one: two things that are told of people, and among them
/// who they are.
fn is_across(roster: &Roster) -> bool {
    let (mut all, mut told) = (0, BTreeSet::new());
    let mut who = false;
    for cell in cells(roster, 0) {
        let says_who = synonyms::says_who(&cell);
        all += usize::from(!cell.trim().is_empty());
        if says_who || synonyms::meaning_of(&header_form(&cell)).is_some() {
            told.insert(header_form(&cell));
        }
        who |= says_who;
    }
    let first = &roster.columns[0].name;
    (who || synonyms::says_who(first)) && told.len() >= 2 && told.len() * 2 >= all
        || told.len() == 1 && all == 1 && synonyms::says_who(first)
}

/// What a column had when it was opened: what is edited since does not make a person of its name.
fn cells(roster: &Roster, column: usize) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
    let rows = roster.table.opened_rows().take(LOOKED_AT);
    rows.filter_map(move |row| roster.table.opened(row, column))
}

/// The first line as somebody, below names that are put in.
fn named(roster: &Roster) -> Fix {
    let names = names_for(roster);
    let shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let rename = |(column, name): (&Column, &String)| Edit::Rename {
        column: narrow::place(column.at),
        before: column.name.clone(),
        after: name.clone(),
    };
    let mut edits: Vec<Edit> = roster.columns.iter().zip(&names).map(rename).collect();
    let cells = roster.columns.iter().map(|column| column.name.clone()).collect();
    edits.push(Edit::Insert { row: roster.table.fresh_row(), at: 0, cells });
    Fix {
        title: format!("take that line for a person, and call the columns {}", listed(&shown)),
        safety: Safety::Unsafe,
        edits,
    }
}

/// Names for the columns, by what stands in them; by the profile, where it has such a field. What is only a guess is
/// there to be renamed.
fn names_for(roster: &Roster) -> Vec<String> {
    let held: Vec<Vec<String>> = roster.columns.iter().map(|column| held(roster, column)).collect();
    let most = |at: usize, is: &dyn Fn(&str) -> bool| {
        let filled = held[at].iter().filter(|cell| !cell.is_empty());
        let (all, like) =
            filled.fold((0, 0), |(all, like), cell| (all + 1, like + usize::from(is(cell))));
        all > 0 && like * 3 >= all * 2
    };
    let email = (0..held.len()).find(|at| most(*at, &is_address));
    let is_word = |cell: &str| {
        !cell.is_empty() && cell.chars().all(|c| c.is_alphabetic() || "-'’.".contains(c))
    };
    let is_words = |cell: &str| {
        cell.contains(' ') && cell.chars().all(|c| c.is_alphabetic() || " -'’.,".contains(c))
    };
    let differ =
        |at: usize| held[at].iter().collect::<BTreeSet<_>>().len() * 3 >= held[at].len() * 2;
    let is_login = |at: usize| {
        let logins = email.filter(|mail| *mail != at).map(|mail| held[at].iter().zip(&held[mail]));
        logins.is_some_and(|mut pairs| {
            pairs.all(|(login, mail)| {
                let own = mail.split('@').next().unwrap_or_default();
                login == own && !login.is_empty() && *login == login.to_lowercase()
            })
        })
    };
    let login = (0..held.len()).find(|at| is_login(*at));
    let free = |at: &usize| Some(*at) != email && Some(*at) != login;
    let whole = (0..held.len()).filter(free).find(|at| most(*at, &is_words) && differ(*at));
    let parts = (0..held.len()).find(|at| {
        let is_part = |at: usize| at < held.len() && free(&at) && most(at, &is_word) && differ(at);
        whole.is_none() && is_part(*at) && is_part(at + 1)
    });
    (0..held.len())
        .map(|at| {
            let guessed = match at {
                _ if Some(at) == email => Some("Email"),
                _ if Some(at) == login => Some("Username"),
                _ if Some(at) == whole => Some("Name"),
                _ if Some(at) == parts => Some("First name"),
                _ if parts.is_some_and(|first| at == first + 1) => Some("Last name"),
                _ => None,
            };
            let Some(name) = guessed else { return format!("Column {}", at + 1) };
            let form = header_form(name);
            let field = roster.profile.fields.iter().find(|field| field.is_headed(&form));
            field.and_then(|field| field.headers.first()).map_or(name, String::as_str).to_owned()
        })
        .collect()
}

/// What a column holds, with what stands in the place of its name.
fn held(roster: &Roster, column: &Column) -> Vec<String> {
    let below = cells(roster, column.at).map(|cell| cell.trim().to_owned());
    std::iter::once(column.name.trim().to_owned()).chain(below).collect()
}
