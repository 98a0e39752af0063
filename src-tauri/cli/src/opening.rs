//! From the files that were named to rosters that can be looked at.

use std::path::Path;
use std::sync::Arc;

use muster_engine::accounts;
use muster_engine::checker::Checker;
use muster_engine::error::{Failure, FailureKind, Result};
use muster_engine::lists::{List, Lists};
use muster_engine::plan::ChangedThere;
use muster_engine::profile::connector::Connector;
use muster_engine::profile::{Choices, PolicyId, Profile, Use, Uses, VendorTemplate, header_form};
use muster_engine::profiles::{Chosen, Profiles};
use muster_engine::reading::{Read, ReadAs, Reading};
use muster_engine::roster::Roster;
use muster_engine::session::lists;
use muster_engine::settling::{KeyPair, SettledColumn};
use muster_engine::sheets;
use muster_engine::store;
use muster_engine::table::Table;
use muster_engine::verify::must_be_of;
use muster_engine::worksheet::{self, ColumnsRead, Rosters, Told};

use crate::arguments::{Against, Shared, list_place};
use crate::clock;
use crate::exit;
use crate::named_by_hand;
use crate::of_account::OfAccount;
pub use crate::on_disk::{name, profiles};
use crate::progress::Progress;

/// A roster, and what was named beside it.
pub struct Opened {
    /// As it was named.
    pub file: String,
    pub reading: Reading,
    pub chosen: Chosen,
    pub roster: Roster,
    pub older: Option<Roster>,
    /// The older file's name; none where none was named.
    pub older_name: Option<String>,
    pub lists: Lists,
    /// What the LMS is told at the upload; some rules depend on it.
    pub choices: Choices,
    /// How many days old the older file is, where the file system says.
    pub snapshot_age: Option<u32>,
    /// What was said of its columns.
    pub columns: ColumnsRead,
    /// The account that it is of.
    pub account: Option<OfAccount>,
    /// Columns that were taken for one of the LMS's, and why.
    pub settled: Vec<SettledColumn>,
    /// By which columns people were taken to be known, where nobody had said.
    pub known_by: Option<KeyPair>,
    /// What is to be told of what the file lacked and was taken from the snapshot.
    pub completed: Told,
}

impl Opened {
    /// The same with what a report of another system lacks and the LMS has: a list to be sent.
    pub fn completed(self) -> Result<Opened> {
        if let (Some(older), Some(name)) = (&self.older, &self.older_name) {
            let forms = |roster: &Roster| -> std::collections::BTreeSet<String> {
                roster.table.names().iter().map(|name| header_form(name)).collect()
            };
            // What has the list's own columns is of its LMS. A key that somebody chose and that is not there, the plan
            // tells with the one that is.
            let is_like = forms(older) == forms(&self.roster);
            let is_told = older.key.is_none() && self.choices.key_is_said;
            if !is_told {
                let recognised = match is_like {
                    true => None,
                    false => profiles()?.certain(older.table.names())?,
                };
                must_be_of(older, name, recognised.as_deref())?;
            }
        }
        let rosters = Rosters {
            roster: self.roster,
            snapshot: self.older,
            settled: self.settled,
            known_by: self.known_by,
        };
        let mut choices = self.choices;
        let day_first = self.account.as_ref().map(|a| a.known().day_first).unwrap_or_default();
        let (rosters, completed) = rosters.completed(clock::today(), &day_first, &mut choices)?;
        let Rosters { roster, snapshot: older, settled, known_by } = rosters;
        Ok(Opened { roster, older, settled, known_by, completed, choices, ..self })
    }

    /// Looks at everything.
    pub fn check(self) -> Result<(Checker, About)> {
        let Opened { file, reading, chosen, roster, older, lists, choices, .. } = self;
        let (snapshot_age, columns, account) = (self.snapshot_age, self.columns, self.account);
        let count = roster.table.len();
        let progress = Progress::of(format!("Checking {}", crate::page::people(count)), count);
        let (settled, known_by, completed) = (self.settled, self.known_by, self.completed);
        let is_of_account = self.older_name.is_none();
        let rosters = Rosters {
            roster,
            snapshot: older,
            settled: settled.clone(),
            known_by: known_by.clone(),
        };
        let mut known = account.as_ref().map(OfAccount::known).unwrap_or_default();
        known.lists = lists;
        let checker =
            rosters.check(known, choices, Some(clock::today()), &|done| progress.report(done))?;
        let about = About {
            file,
            reading,
            chosen,
            snapshot_age,
            columns,
            account,
            settled,
            known_by,
            completed,
            is_of_account,
        };
        Ok((checker, about))
    }
}

/// What there is to say of a roster beside its people.
pub struct About {
    pub file: String,
    pub reading: Reading,
    pub chosen: Chosen,
    pub snapshot_age: Option<u32>,
    pub columns: ColumnsRead,
    pub account: Option<OfAccount>,
    pub settled: Vec<SettledColumn>,
    pub known_by: Option<KeyPair>,
    /// What is to be told of what the file lacked and was taken from the snapshot.
    pub completed: Told,
    /// What the LMS has is what the account knows, if it is of one.
    is_of_account: bool,
}

impl About {
    /// What somebody else changed in the LMS, and the file does not follow; nothing where another snapshot was named than
    /// the account's.
    pub fn changed_there(&self, checker: &Checker) -> Result<ChangedThere> {
        let context = checker.context();
        match (&self.account, &context.snapshot) {
            (Some(account), Some(now)) if self.is_of_account => {
                account.changed_there(&context.roster, now)
            }
            _ => Ok(ChangedThere::default()),
        }
    }

    /// By which column people are found, as `--policy sync-field=` takes it; none where the LMS asks for no such.
    pub fn sync_field<'c>(&self, choices: &'c Choices) -> Option<&'c str> {
        let policy = self.chosen.profile.policy(PolicyId::SyncField)?;
        choices.written().get(&policy.id).map(String::as_str)
    }
}

/// Reads a roster, and what the LMS has if that was named, through the same profile.
pub fn open(shared: &Shared, file: &Path, older: Option<&Against>) -> Result<Opened> {
    open_for(shared, file, older, None)
}

/// The same, as what a connector carries out.
pub fn open_for(
    shared: &Shared,
    file: &Path,
    older: Option<&Against>,
    connector: Option<&'static Connector>,
) -> Result<Opened> {
    // While one is taken for text, which one thread does alone, the other is read.
    let (read_file, read_older) = std::thread::scope(|scope| {
        let older = older.and_then(Against::file);
        let older = older.map(|older| scope.spawn(|| read(older, &shared.older_as)));
        (read(file, &shared.reading), older.map(std::thread::ScopedJoinHandle::join))
    });
    let Read { mut table, reading, .. } = read_file?;
    let account = OfAccount::named(shared)?;
    let (mut export, snapshot_age) = match (older, read_older) {
        (Some(Against::Export(older)), Some(read)) => {
            let read = read.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            (Some(read.table), age(older))
        }
        (Some(_), _) => (None, None),
        (None, _) => match account.as_ref() {
            Some(account) => account.snapshot()?,
            None => (None, None),
        },
    };
    let older_name = older.and_then(Against::file).map(name);
    let older_names = export.as_ref().map(Table::names);
    let mut chosen = profile(shared, account.as_ref(), table.names(), older_names)?;
    chosen.profile = worksheet::carried_by(&chosen.profile, connector)?;
    chosen.profile = named_by_hand::with_roles(shared, &chosen.profile, table.names())?;
    table = worksheet::with_key(&chosen.profile, table)?;
    export = export.map(|export| worksheet::with_key(&chosen.profile, export)).transpose()?;
    let older = match older {
        Some(Against::Nobody) => Some(worksheet::nobody(&chosen.profile, table.names())?),
        _ => export,
    };
    // A column may be named as the file has it or as the LMS has it.
    let older_names = older.as_ref().map_or(&[][..], Table::names);
    let names = [table.names(), older_names].concat();
    let mut asked = account.as_ref().map(|a| a.answers(&chosen.profile, &names));
    let asked = asked.get_or_insert_default();
    if let Some(planned) = &shared.planned {
        asked.extend(worksheet::fitting(&chosen.profile, planned.policies.clone()));
    }
    asked.extend(shared.policies.iter().cloned());
    let mut choices = Choices::asked(&chosen.profile, asked, &names)?;
    let keyed = chosen.profile.with_policies(&choices);
    let mut lists = account.as_ref().map(OfAccount::lists).unwrap_or_default();
    lists.extend(lists_of(&shared.lists, &keyed)?);
    let mut columns = ColumnsRead {
        uses: uses(shared, account.as_ref(), table.names(), older_names, &keyed)?,
        ..ColumnsRead::default()
    };
    if let Some(recipe) = &shared.recipe {
        let (names, unlocked) = (table.names(), shared.key_unlocked);
        columns = worksheet::columns_read(recipe, names, &keyed, &columns.uses, unlocked);
    }
    let rosters =
        Rosters::read(table, older, &chosen.profile, &columns.uses, &mut choices, &|_| true)?;
    let Rosters { roster, snapshot: older, settled, known_by } = rosters;
    chosen.profile = roster.profile.clone();
    let file = file.display().to_string();
    Ok(Opened {
        file,
        reading,
        chosen,
        roster,
        older,
        older_name,
        lists,
        choices,
        snapshot_age,
        columns,
        account,
        settled,
        known_by,
        completed: Told::default(),
    })
}

/// Reads a file, or for `-` what is piped in: a table that was pasted has no file.
pub fn read(file: &Path, read_as: &ReadAs) -> Result<Read> {
    let (bytes, name) = if file == Path::new("-") {
        let what = "what is piped in could not be read";
        let bytes = store::own_files::read_stream(|| Ok(std::io::stdin()), what)?;
        (bytes, "what was piped in".to_owned())
    } else {
        (store::own_files::read(file)?.0, name(file))
    };
    let progress = Progress::of(format!("Reading `{name}`"), bytes.len());
    let read = sheets::read(bytes, &name, read_as, &|done| progress.report(done))?;
    // What was said of the file has to be true of it: else something else was meant.
    let (is, has_no, said) = match read.reading.sheet {
        Some(_) => (
            "a workbook",
            "delimiter or encoding",
            [&read_as.delimiter, &read_as.encoding, &read_as.quotes, &read_as.escape]
                .iter()
                .any(|asked| asked.is_some()),
        ),
        None => ("a text", "sheets", read_as.sheet.is_some()),
    };
    match said {
        false => Ok(read),
        true => Err(Failure::state(format!("`{name}` cannot be read so"))
            .why(format!("it is {is} and has no {has_no}"))
            .hint("Look at --as again, and at --older-as.")),
    }
}

fn profile(
    shared: &Shared,
    account: Option<&OfAccount>,
    names: &[String],
    older: Option<&[String]>,
) -> Result<Chosen> {
    let chosen = match (&shared.profile, account) {
        (named, Some(account)) => account.profile(named.as_deref(), shared.template.is_none())?,
        (None, None) => only_one(profiles()?.recognised_beside(names, older)?)?,
        (Some(named), None) => profile_named(named, names)?,
    };
    remark_on(&chosen);
    match &shared.template {
        None => Ok(chosen),
        Some(file) => {
            let profile = Arc::new(with_template(&chosen.profile, file)?);
            Ok(Chosen { profile, ..chosen })
        }
    }
}

/// Says on standard error what a profile of somebody's own softens, until somebody has taken that over, and what of it is
/// not heeded.
pub fn remark_on(chosen: &Chosen) {
    let (origin, name) = (&chosen.profile.origin, &chosen.profile.name);
    if !origin.is_trusted() {
        exit::remark(&format!(
            "The profile `{name}` does not come with Muster, and softens what is looked for:"
        ));
        for sentence in origin.softens.iter() {
            exit::remark(&format!("  {sentence}"));
        }
        exit::remark(&format!(
            "  kit and push are held until this is meant: --release profile={}, or once for all muster profiles {} --trust",
            origin.softens.len(),
            chosen.source
        ));
    }
    for sentence in origin.unheeded.iter() {
        exit::remark(&format!("In the profile `{name}`: {sentence}"));
    }
}

/// A profile that no other fits as well as: which it is decides who is who, and what is done to them.
pub fn only_one(chosen: Chosen) -> Result<Chosen> {
    match chosen.must_be_certain() {
        Ok(()) => Ok(chosen),
        Err(failure) => {
            let fits = chosen.fits();
            let options: Vec<String> =
                fits.iter().map(|fit| format!("--profile {}", fit.id)).collect();
            Err(failure.hint(format!("Say which it is: {}.", options.join(" or "))))
        }
    }
}

/// The profile as the LMS's own template has it. What could not be learnt is told on standard error.
pub fn with_template(profile: &Profile, file: &Path) -> Result<Profile> {
    let (bytes, _) = store::own_files::read(file)?;
    let now = clock::now().to_string();
    let template = VendorTemplate::of(bytes, &name(file), &now, &|_| true)?;
    for remark in &template.remarks {
        crate::exit::remark(remark);
    }
    profile.with_template(Arc::new(template))
}

/// A profile by its id, or that of a file: what ends as a profile file does is one.
pub fn profile_named(named: &str, names: &[String]) -> Result<Chosen> {
    let file = Path::new(named);
    if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")) {
        return Profiles::of_file(file, &store::profile_folder()?);
    }
    let profiles = profiles()?;
    if let Some(chosen) = profiles.chosen(named, names) {
        return Ok(chosen);
    }
    // `canvas` can only be `canvas-sis`.
    let begins = |id: &&str| id.strip_prefix(named).is_some_and(|rest| rest.starts_with('-'));
    let mut meant = profiles.valid.iter().map(|(profile, _)| profile.id.as_str()).filter(begins);
    match (meant.next(), meant.next()) {
        (Some(id), None) => {
            crate::exit::remark(&format!("`{named}` is taken for the profile `{id}`."));
            profiles.chosen(id, names).ok_or_else(|| no_profile(named, &profiles))
        }
        _ => Err(no_profile(named, &profiles)),
    }
}

/// That there is no such profile, and why, if its file has a mistake.
pub fn no_profile(id: &str, profiles: &Profiles) -> Failure {
    let broken = |f: &&Failure| f.what.contains(&format!("{id}.toml"));
    if let Some(failure) = profiles.broken.iter().find(broken) {
        return failure.clone();
    }
    let mut ids: Vec<&str> = profiles.valid.iter().map(|(p, _)| p.id.as_str()).collect();
    ids.sort_unstable();
    Failure::new(FailureKind::Profile, format!("there is no profile `{id}`"))
        .hint(format!("There are {}.", ids.join(", ")))
}

/// What columns were said to be used as.
fn uses(
    shared: &Shared,
    account: Option<&OfAccount>,
    names: &[String],
    known: &[String],
    profile: &Profile,
) -> Result<Uses> {
    let mut uses = Uses::new();
    for (column, what) in &shared.map {
        let form = header_form(column);
        if !names.iter().any(|name| header_form(name) == form) {
            return Err(Failure::state(format!("there is no column `{column}`")));
        }
        let used = used_as(what, profile, known)?;
        if uses.values().any(|other| *other == used && matches!(used, Use::Field { .. })) {
            return Err(Failure::state(format!("two columns cannot both be `{what}`")));
        }
        if profile.would_show(&form, &used) {
            return Err(Failure::state(format!("`{column}` cannot be `{what}`"))
                .why("it is called as passwords are, and would be shown and sent"));
        }
        uses.insert(form, used);
    }
    let mut all = account.map(|account| account.uses(names)).unwrap_or_default();
    let planned = shared.planned.as_ref().map(|planned| planned.uses_in(names, profile));
    for (form, used) in planned.into_iter().flatten() {
        accounts::give(&mut all, form, used);
    }
    for (form, used) in uses {
        accounts::give(&mut all, form, used);
    }
    Ok(all)
}

/// What a column is said to be used as: a field of the profile, a column that the LMS has, `keep` or `leave`.
pub fn used_as(what: &str, profile: &Profile, known: &[String]) -> Result<Use> {
    let form = header_form(what);
    let headed = || profile.fields.iter().find(|field| field.is_headed(&form));
    let own = || known.iter().find(|name| header_form(name) == form && !form.is_empty());
    match what {
        "keep" => Ok(Use::Keep),
        "leave" => Ok(Use::Leave),
        field if profile.field(field).is_some() => Ok(Use::Field { field: field.to_owned() }),
        _ if headed().is_some() => {
            Ok(Use::Field { field: headed().map_or(String::new(), |field| field.id.clone()) })
        }
        _ if own().is_some() => Ok(Use::Field { field: own().cloned().unwrap_or_default() }),
        field => {
            let ids: Vec<&str> = profile.fields.iter().map(|f| f.id.as_str()).collect();
            // Where no LMS is known, what a column is of everybody can be said.
            let (whose, ids) = match ids.as_slice() {
                [] => ("a list of no known LMS", "key, name, email, manager".to_owned()),
                ids => (&*profile.name, ids.join(", ")),
            };
            Err(Failure::state(format!("{whose} has no field `{field}`"))
                .hint(format!("There are {ids}; or keep or leave.")))
        }
    }
}

/// Refuses a kind of list that neither the profile nor anything else has.
pub fn must_be_a_list(kind: &str, profile: &Profile) -> Result<()> {
    const KINDS: [&str; 5] = ["groups", "roles", "countries", "regions", "managers"];
    let own = profile.fields.iter().any(|f| f.list.as_deref() == Some(kind));
    match own || KINDS.contains(&kind) {
        true => Ok(()),
        false => Err(Failure::state(format!("there is no list of `{kind}`"))
            .hint(format!("There are lists of {}.", KINDS.join(", ")))),
    }
}

/// The lists that were named, by kind.
pub fn lists_of(named: &[(String, String)], profile: &Profile) -> Result<Lists> {
    let mut lists = Lists::new();
    let now = Some(clock::now().to_string());
    for (kind, file) in named {
        must_be_a_list(kind, profile)?;
        let (path, column) = list_place(file);
        let (bytes, _) = store::own_files::read(path)?;
        let values = lists::values_of_file(bytes, &name(path), kind, column, &|_| true)?;
        // Several files of one kind are one list.
        let before = lists.remove(kind).map(|list: List| list.values).unwrap_or_default();
        let source = name(path);
        lists
            .insert(kind.clone(), List::new(before.into_iter().chain(values), source, now.clone()));
    }
    Ok(lists)
}

/// How many days ago a file was last written; for an export, that is when it was taken.
fn age(file: &Path) -> Option<u32> {
    let modified = store::own_files::stamp(file).ok()?.modified;
    let then = jiff::Timestamp::from_nanosecond(i128::from(modified)).ok()?;
    let now = clock::now().as_second();
    worksheet::days_between(then.as_second(), now).filter(|_| modified > 0)
}
