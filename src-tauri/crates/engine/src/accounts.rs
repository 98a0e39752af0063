//! What an account brings to a file that is of it, and what a file brings to its account: the same for window and command.

use std::path::Path;

use muster_plan::plan::{Protected, known_as};
use muster_plan::push::Target;
use muster_plan::worksheet;
use muster_roster::lists::{List, Lists};
use muster_roster::profile::{Profile, Use, Uses, header_form};
use muster_roster::roster::Roster;
use muster_rules::attaching::{self, Attached, Known, KnownReport};
use muster_rules::rules::is_rule;
use muster_rules::waiver::Waivers;
use muster_store::Store;
use muster_store::accounts::{AccountFacts, AccountRecord, AccountSnapshot, HandedOver, Taken};
use muster_store::outbox::PushRecord;
use muster_store::own_profiles;
use muster_store::said::Said;
use muster_table::edit::Edit;
use muster_table::error::{Failure, Result};
use muster_table::format::encoding::Encoding;
use muster_table::format::text::Decoded;
use muster_table::going::GoOn;
use muster_table::narrow::count as number;
use muster_table::reading::ReadAs;
use muster_table::table::Table;
use muster_table::words::day;

use crate::outbox::{RunResult, as_it_is_now};
use crate::profiles::{Chosen, Profiles, is_an_id};

/// Who is not taken away: those whom the account keeps as protected, and whom the connection signs in as.
pub fn protected_of(
    store: &Store,
    facts: Option<&AccountFacts>,
    target: Option<&Target>,
) -> Result<Protected> {
    let known = target.map(|target| store.signed_in_as(target)).transpose()?.unwrap_or_default();
    let told = |text: String| Some(text).filter(|text| !text.is_empty());
    Ok(Protected {
        people: facts.map(|facts| facts.protected.clone()).unwrap_or_default(),
        own_login: told(known.login),
        own_id: told(known.id),
        administrators: known.administrators,
        administrators_unknown: known.may_change_administrators,
    })
}

/// A roster as it is kept: its text without passwords, and how that is read.
pub struct Packed {
    /// CSV in UTF-8.
    pub text: String,
    /// How many rows it has.
    pub people: u32,
    /// How the text is read.
    pub read_as: ReadAs,
}

impl Packed {
    /// A table without what its profile calls a password; what is only named like one is kept, and shown nowhere.
    pub fn of(table: Table, profile: &std::sync::Arc<Profile>) -> Result<Packed> {
        let table = without_passwords(table, profile)?;
        let read_as = ReadAs {
            header: (table.width() > 0).then(|| header_line(&table)),
            ..ReadAs::of_dialect(table.dialect())
        };
        Ok(Packed { text: table.to_text(), people: number(table.len()), read_as })
    }

    /// The table as it will be read again.
    pub fn table(&self) -> Result<Table> {
        table_of(self.text.clone(), self.read_as.clone())
    }
}

/// A kept text as a table.
pub fn table_of(text: String, read_as: ReadAs) -> Result<Table> {
    let cut = read_as.cut()?;
    let decoded = Decoded { text, encoding: Encoding::UTF_8, bom: false };
    Table::read(decoded, cut, &mut |_| true)
}

/// The line of the column names in the table's text; the row numbers of a sheet do not count there.
fn header_line(table: &Table) -> u32 {
    let breaks = |text: &str| number(text.replace("\r\n", "\n").matches(['\n', '\r']).count());
    let above = table.set_aside().into_iter().filter(|(line, _)| *line < table.header_line());
    above.map(|(_, text)| breaks(&text) + 1).sum::<u32>() + 1
}

fn without_passwords(mut table: Table, profile: &std::sync::Arc<Profile>) -> Result<Table> {
    let roster = Roster::read(table.clone(), profile.clone());
    for column in roster.columns.iter().filter(|column| column.is_password()) {
        let rows: Vec<u32> = table.rows().collect();
        for row in rows {
            let before = table.cell(row, column.at).into_owned();
            if !before.is_empty() {
                let column = number(column.at);
                table.apply(&Edit::Set { row, column, before, after: String::new() })?;
            }
        }
    }
    Ok(table)
}

/// Where a snapshot of an account comes from.
pub struct Origin {
    /// When the LMS had it, ISO 8601.
    pub at: String,
    /// The file's name.
    pub source: String,
    /// What is remembered about it; may be empty.
    pub note: String,
}

/// Keeps a roster as what the account's LMS has now; gives it back as it is kept.
pub fn keep_snapshot(
    store: &Store,
    account: u32,
    (packed, origin): (&Packed, Origin),
) -> Result<AccountSnapshot> {
    let kept = store.blobs().keep(packed.text.as_bytes())?;
    let Origin { at, source, note } = origin;
    let reading = serde_json::to_value(&packed.read_as)
        .map_err(|e| Failure::internal("the snapshot could not be kept").why(e))?;
    let (people, sha256, size) = (packed.people, String::new(), 0);
    let snapshot = AccountSnapshot { id: 0, at, source, note, people, reading, sha256, size };
    store.keep_account_snapshot(account, snapshot, kept)
}

/// Keeps what the account of a push has after it; nothing where it is of none, or nobody could look. Whoever has the list
/// open keeps it with that.
pub fn keep_after_push(
    store: &Store,
    profiles: &mut Profiles,
    result: &RunResult,
    at: &str,
) -> Result<()> {
    let push = &result.push;
    let Some(account) = push.facts.account.filter(|_| result.people.is_some()) else {
        return Ok(());
    };
    // It may have been forgotten since.
    let Some(account) = store.accounts()?.into_iter().find(|one| one.id == account) else {
        return Ok(());
    };
    let Some(kept) = account.facts.snapshot() else { return Ok(()) };
    if account.profile != push.facts.profile {
        return Ok(());
    }
    let profile = profile_of(&account, profiles)?.profile;
    let before = Roster::read(snapshot_table(store, account.id, kept)?, profile.clone());
    let orders = store.push_orders(push.id)?;
    let Some(table) = as_it_is_now(&profile, Some(&before), (result, &orders))? else {
        return Ok(());
    };
    let (source, note) = (push.target.shown(), found_after(push));
    let origin = Origin { at: at.to_owned(), source, note };
    keep_snapshot(store, account.id, (&Packed::of(table, &profile)?, origin)).map(|_| ())
}

const FOUND_AFTER: &str = "As it was found after push";

/// What is remembered of a snapshot that was kept after a push.
pub(crate) fn found_after(push: &PushRecord) -> String {
    format!("{FOUND_AFTER} {}", push.id)
}

/// Whether a snapshot is what a push left behind.
pub fn is_found_after(snapshot: &AccountSnapshot) -> bool {
    snapshot.note.starts_with(FOUND_AFTER)
}

/// What an account has of its LMS, where that is newer than what was taken at this time (ISO 8601): an older export never
/// takes its place unasked.
pub fn newer_than<'f>(facts: &'f AccountFacts, taken: &str) -> Option<&'f AccountSnapshot> {
    facts.snapshot().filter(|kept| is_before(taken, &kept.at))
}

/// Whether one time (ISO 8601) is before another; files are kept to the second.
pub fn is_before(one: &str, other: &str) -> bool {
    let second = |at: &str| at.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second);
    second(one).zip(second(other)).is_some_and(|(one, other)| one < other)
}

/// "`a.csv` was last written on 27 November 2026, and `c.csv`, of 29 November 2026, is newer".
pub fn is_older(name: &str, taken: &str, newer: &AccountSnapshot) -> String {
    let of = match newer.source.as_str() {
        "" => "what it has".to_owned(),
        source => format!("`{source}`"),
    };
    let (day, newer) = (day(taken), day(&newer.at));
    match day == newer {
        true => format!("`{name}` was written before {of}, both on {day}"),
        false => format!("`{name}` was last written on {day}, and {of} on {newer}"),
    }
}

/// What the account's LMS had at one time.
pub fn snapshot_table(store: &Store, account: u32, snapshot: &AccountSnapshot) -> Result<Table> {
    let read_as: ReadAs = serde_json::from_value(snapshot.reading.clone()).unwrap_or_default();
    table_of(store.account_snapshot_text(account, snapshot)?, read_as)
}

/// The profile of an account's LMS, as that LMS's template has it, if the account has one.
pub fn profile_of(account: &AccountRecord, profiles: &mut Profiles) -> Result<Chosen> {
    if let Some(template) = &account.facts.template {
        profiles.learn(&account.profile, template.clone());
    }
    let recognised = format!("It is of the account `{}`.", account.name);
    let found = profiles.by_id(&account.profile).cloned();
    let (profile, source) = found.ok_or_else(|| {
        Failure::state(format!("the account `{}` cannot be used", account.name))
            .why(format!("there is no profile `{}`", account.profile))
            .hint("Put its file back among your own profiles, or take the account over again.")
    })?;
    Ok(Chosen { profile, source, recognised, rivals: Vec::new(), is_guess: false })
}

/// Whom an account keeps as protected, with what they are called in what its LMS has; blank where that has nobody of this
/// key, login or e-mail, and none where it is not known what it has.
pub fn protected_people(
    store: &Store,
    account: &AccountRecord,
    profiles: &mut Profiles,
) -> Result<Vec<(String, Option<String>)>> {
    let keys = account.facts.protected.iter().cloned();
    let Some(kept) = account.facts.snapshot().filter(|_| keys.len() > 0) else {
        return Ok(keys.map(|key| (key, None)).collect());
    };
    let profile = profile_of(account, profiles)?.profile;
    let roster = Roster::read(snapshot_table(store, account.id, kept)?, profile);
    let called = |row: u32| match roster.name(row) {
        name if name.trim().is_empty() => roster.key_text(row).into_owned(),
        name => name,
    };
    let rows = known_as(&account.facts.protected, &roster);
    Ok(keys.zip(rows).map(|(key, row)| (key, Some(row.map(called).unwrap_or_default()))).collect())
}

/// An account's lists, as rules take them.
pub fn lists_of(facts: &AccountFacts) -> Lists {
    let list = |(kind, list): (&String, &muster_store::accounts::AccountList)| {
        (kind.clone(), List::new(list.values.iter().cloned(), &*list.source, list.at.clone()))
    };
    facts.lists.iter().map(list).collect()
}

/// All that an account knows of values, and what somebody let stand.
pub fn known_of(facts: &AccountFacts) -> worksheet::Known {
    known_of_both(Some(facts), &Said::default())
}

/// What is known of a list: what its account keeps, and what was said of the list itself.
pub fn known_of_both(facts: Option<&AccountFacts>, said: &Said) -> worksheet::Known {
    let mut all = facts.map(|facts| facts.said.clone()).unwrap_or_default();
    all.extend(said);
    worksheet::Known { lists: facts.map(lists_of).unwrap_or_default(), ..known_of_list(&all) }
}

/// What is known of a list that is of no account.
pub fn known_of_list(said: &Said) -> worksheet::Known {
    let values = said
        .real
        .iter()
        .map(|(kind, all)| (kind.clone(), all.iter().map(|real| real.value.clone()).collect()));
    worksheet::Known {
        real: values.collect(),
        waivers: Waivers::new(said.waivers.clone()),
        day_first: said.day_first.clone(),
        ..worksheet::Known::default()
    }
}

/// What the columns of a file are used as: as in a report with these columns, else as in the account.
pub fn uses_for(facts: &AccountFacts, names: &[String]) -> Uses {
    let report = facts.reports.iter().find(|report| report.has_columns(names));
    let mut uses = facts.columns.clone();
    if let Some(report) = report {
        for (form, used) in &report.columns {
            give(&mut uses, form.clone(), used.clone());
        }
    }
    uses
}

/// Says what a column is used as; another one that was this field is it no more.
pub fn give(uses: &mut Uses, form: String, used: Use) {
    if matches!(used, Use::Field { .. }) {
        uses.retain(|_, other| *other != used);
    }
    uses.insert(form, used);
}

/// What an account answers to the profile's policies, as far as they fit this file.
pub fn answers_of(
    facts: &AccountFacts,
    profile: &Profile,
    names: &[String],
) -> std::collections::BTreeMap<String, String> {
    let fits = |(id, answer): (&String, &String)| {
        let one = [(id.clone(), answer.clone())].into();
        profile.answers(&one, names).ok().and_then(|kept| kept.into_iter().next())
    };
    facts.choices.iter().filter_map(fits).collect()
}

/// Takes note of a file that is not the LMS's own export, so that the next of its kind is read as this one was.
pub fn remember_report(
    facts: &mut AccountFacts,
    (roster, snapshot): (&Roster, Option<&Roster>),
    file: &str,
    now: &str,
) {
    let forms = |roster: &Roster| {
        let mut forms: Vec<String> = roster.table.names().iter().map(|n| header_form(n)).collect();
        forms.sort_unstable();
        forms
    };
    let is_of_lms = match snapshot {
        Some(snapshot) if !snapshot.table.is_empty() => forms(snapshot) == forms(roster),
        _ => roster.columns.iter().all(|column| column.field.is_some() && column.used.is_none()),
    };
    if !is_of_lms {
        let uses = &roster.profile.uses;
        facts.remember_report(KnownReport::of(roster.table.names(), file, now, uses));
    }
}

/// Says which account a table is of, and why.
pub fn attach(store: &Store, profiles: &Profiles, table: &Table, go_on: GoOn) -> Result<Attached> {
    let recognised = profiles.recognised(table.names())?.profile;
    let mut all = Vec::new();
    for account in store.accounts()? {
        let mut own = profiles.clone();
        // An account of a profile that is gone is no account of any file.
        let Ok(chosen) = profile_of(&account, &mut own) else { continue };
        let snapshot = match account.facts.snapshot() {
            Some(kept) => {
                let table = snapshot_table(store, account.id, kept)?;
                Some((Roster::read(table, chosen.profile.clone()), kept.at.clone()))
            }
            None => None,
        };
        all.push((lists_of(&account.facts), chosen.profile, snapshot, account));
    }
    let known: Vec<Known> = all
        .iter()
        .map(|(lists, profile, snapshot, account)| Known {
            id: account.id,
            name: &account.name,
            profile,
            snapshot: snapshot.as_ref().map(|(roster, at)| (roster, at.as_str())),
            columns: &account.facts.columns,
            reports: &account.facts.reports,
            lists,
        })
        .collect();
    Ok(attaching::attach(table, &recognised, &known, go_on))
}

/// Writes an account to a file for a colleague, with its profile where that is one of the person's own.
pub fn export(
    store: &Store,
    account: &AccountRecord,
    profiles: &Path,
    to: &Path,
    replace: bool,
) -> Result<()> {
    let own = match Profile::built_in_text(&account.profile) {
        Some(_) => None,
        None => own_text(&account.profile, profiles),
    };
    store.export_account(account.id, own, to, replace)
}

/// Takes an account over, and its profile where there is none of its id here.
pub fn import(store: &Store, from: &Path, taken: Option<Taken>, profiles: &Path) -> Result<u32> {
    let handed = HandedOver::read(from)?;
    let name = handed.name.clone();
    let there = Profiles::read(profiles).by_id(&handed.profile).is_some();
    if !there {
        let Some(text) = &handed.own_profile else {
            return Err(Failure::state(format!("the account `{name}` cannot be taken over"))
                .why(format!("there is no profile `{}` here", handed.profile))
                .hint("Take over its profile's file first."));
        };
        let own = Profile::parse(text, &from.display().to_string(), is_rule)?;
        if own.id != handed.profile || !is_an_id(&own.id) {
            return Err(Failure::state(format!("the account `{name}` cannot be taken over"))
                .why("the profile that came with it is another one")
                .hint("Ask your colleague to hand it over once more."));
        }
        own_profiles::write(
            profiles,
            &profiles.join(format!("{}.toml", handed.profile)),
            text,
            false,
        )?;
    }
    store.import_account(handed, taken.unwrap_or(Taken::As(&name)))
}

fn own_text(id: &str, folder: &Path) -> Option<String> {
    let read = Profiles::read(folder);
    let (_, source) = read.by_id(id)?;
    own_profiles::read_one(Path::new(source)).ok()
}

/// Where an account keeps what a column's values become: by the field, or by the form of its name.
pub fn place_of(column: &str, profile: &Profile) -> String {
    let form = header_form(column);
    match profile.fields.iter().find(|field| field.id == column || field.is_headed(&form)) {
        Some(field) => format!("field:{}", field.id),
        None => format!("column:{form}"),
    }
}
