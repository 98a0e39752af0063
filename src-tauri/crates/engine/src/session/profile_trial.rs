//! The profile editor's commands: the form of a profile, what it would make of the open list, and saving it.

use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use toml::Table;

use super::Engine;
use super::open_job::OpenJob;
use super::own_profiles::no_profile;
use super::profile_faults::{FormFault, faults};
use super::profile_form::ProfileForm;
use super::work::Working;
use crate::profiles::ProfileCard;
use crate::profiles::{ProfileId, Profiles, card, id_of, own_profile};
use muster_roster::finding::{Counts, Severity};
use muster_roster::profile::{Profile, Uses, VendorTemplate, overlay};
use muster_roster::roster::Roster;
use muster_rules::checker::Checker;
use muster_rules::rules::{RULES, is_rule};
use muster_store::own_profiles;
use muster_table::error::{Failure, Result};
use muster_table::narrow::count as number;

/// What a form would do, before it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ProfileTrial {
    /// What has to be put right first. Without any, it can be saved.
    pub faults: Vec<FormFault>,
    /// None where no list is open, or the faults stand in the way.
    pub list: Option<ListTrial>,
}

/// The open list as it would be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ListTrial {
    /// The file's name.
    pub name: String,
    /// How many of the list's columns are known, and how many there are.
    pub known: u32,
    /// Those of the list, known or not.
    pub of: u32,
    /// Columns that the profile does not know, as the file has them.
    pub unknown: Vec<String>,
    /// Fields whose column has to be there and is not, by their titles.
    pub missing: Vec<String>,
    /// Whether the key that the form names would hold.
    pub key: KeyTrial,
    /// The problems now, and as they would be.
    pub before: Counts,
    /// As they would be.
    pub after: Counts,
    /// Every rule with a problem before or after, those whose number changes first.
    pub rules: Vec<RuleTrial>,
}

/// Whether the key tells every person from every other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct KeyTrial {
    /// The column, as the file has it; none where there is none.
    pub column: Option<String>,
    /// "412 rows, 412 different, none blank."
    pub says: String,
    /// Whether it is unique and nowhere blank.
    pub holds: bool,
    /// The lines on which it is blank; at most 100.
    pub blank: Vec<u32>,
    /// Keys that more than one row has, the commonest first; at most 100.
    pub shared: Vec<SharedKey>,
}

/// A key that more than one row has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct SharedKey {
    /// As the first of them writes it.
    pub key: String,
    /// How many rows have it.
    pub rows: u32,
    /// The lines they are on; at most 10.
    pub lines: Vec<u32>,
}

/// A rule with a problem before or after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RuleTrial {
    /// The rule's code: `group-unknown`.
    pub rule: String,
    /// "Group not known".
    pub title: String,
    /// As it would be; none where it would be left out.
    pub severity: Option<Severity>,
    /// How many findings it has now.
    pub before: u32,
    /// How many it would have.
    pub after: u32,
}

/// What came of saving a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ProfileSaved {
    /// What has to be put right first; nothing was saved then.
    pub faults: Vec<FormFault>,
    /// The profile that was saved; none where faults stood in the way.
    pub profile: Option<ProfileCard>,
}

/// The most that is listed of what a key lacks.
const MOST: usize = 100;
const MOST_LINES: usize = 10;

/// A form with what it was made of.
struct Draft {
    form: ProfileForm,
    /// The text of the file that is written again; empty for a new one.
    file: String,
    path: PathBuf,
    table: Table,
    faults: Vec<FormFault>,
    profile: Option<Profile>,
}

impl Engine {
    /// A profile as a form: one of one's own to change, one that comes with Muster to begin a new one from.
    pub fn profile_form(&self, request: ProfileId) -> Result<ProfileForm> {
        let profiles = Profiles::read(&self.profiles);
        let (profile, source) =
            profiles.by_id(&request.id).ok_or_else(|| no_profile(&request.id))?;
        let mut form = ProfileForm::of(profile);
        if Profile::built_in_text(&request.id).is_none() {
            form.file = Some(source.clone());
            return Ok(form);
        }
        form.based_on = Some(profile.name.clone());
        let number =
            (1..).find(|n| profiles.by_id(&nth_id(&request.id, *n)).is_none()).unwrap_or(1);
        form.id = nth_id(&request.id, number);
        let own = match profile.id.as_str() {
            "generic" => "Our LMS".to_owned(),
            _ => format!("{}, our own", profile.called()),
        };
        form.name = if number == 1 { own } else { format!("{own} {number}") };
        Ok(form)
    }

    /// What a form would make of the open list. Nothing changes.
    pub fn try_profile(&self, form: ProfileForm) -> Result<ProfileTrial> {
        let draft = self.draft(form)?;
        let place = self.lock_job();
        let list = match (&*place, draft.profile) {
            (Some(job), Some(profile)) if draft.faults.is_empty() => {
                let working = self.work.begin();
                let uses = self.uses_of(&draft.form.from)?;
                let profile = match self.template_of(&draft.form.from)? {
                    Some(template) => profile.with_template(Arc::new(template)).unwrap_or(profile),
                    None => profile,
                };
                Some(job.tried(Arc::new(profile), self.today(), uses, &working)?)
            }
            _ => None,
        };
        Ok(ProfileTrial { faults: draft.faults, list })
    }

    /// Saves a form as a file of one's own. It holds only what differs from the profile that it is based on.
    pub fn save_profile(&self, form: ProfileForm) -> Result<ProfileSaved> {
        let draft = self.draft(form)?;
        if draft.profile.is_none() || !draft.faults.is_empty() {
            return Ok(ProfileSaved { faults: draft.faults, profile: None });
        }
        let text = overlay::written(&draft.file, &draft.table);
        // What was just made is read as it will be, before it takes the place of what is there.
        let source = draft.path.display().to_string();
        Profile::parse(&text, &source, is_rule)
            .map_err(|e| Failure::internal("the profile could not be written").why(e.why))?;
        own_profiles::write(&self.profiles, &draft.path, &text, draft.form.file.is_some())?;
        // Whoever filled in the form has seen what it says.
        own_profiles::take_over(&self.profiles, &text)?;
        let profile = own_profile(&text, &source, &self.profiles)?;
        if profile.id != draft.form.from {
            // What was said of the other one's columns, and its vendor's template, hold for this one too.
            self.keep_uses(&profile.id, &self.uses_of(&draft.form.from)?)?;
            if let Some(template) = self.template_of(&draft.form.from)? {
                self.store(|store| store.keep_template(&profile.id, &template))?;
            }
        }
        Ok(ProfileSaved { faults: Vec::new(), profile: Some(card(&profile, &source)) })
    }

    fn template_of(&self, id: &str) -> Result<Option<VendorTemplate>> {
        let templates = self.store(|store| store.templates())?;
        Ok(templates.into_iter().find(|(of, _)| of == id).map(|(_, template)| template))
    }

    fn draft(&self, mut form: ProfileForm) -> Result<Draft> {
        let profiles = Profiles::read(&self.profiles);
        let (from, source) = profiles.by_id(&form.from).ok_or_else(|| no_profile(&form.from))?;
        let cannot = || Failure::internal("the profile could not be read again");
        let built_in = Profile::built_in_text(&form.from);
        let text = match built_in {
            Some(text) => text.to_owned(),
            None => own_profiles::read_one(PathBuf::from(source).as_path())?,
        };
        let mut table = overlay::effective(&text).ok_or_else(cannot)?;
        let (file, path) = match built_in {
            // A profile of one's own follows the one that comes with Muster in everything it does not say itself.
            Some(_) => {
                table.insert("based_on".into(), form.from.as_str().into());
                form.file = None;
                (String::new(), self.free_file(&form.id))
            }
            None => {
                form.file = Some(source.clone());
                form.id.clone_from(&form.from);
                (text, PathBuf::from(source))
            }
        };
        for field in &mut form.fields {
            if field.id.is_empty() {
                field.id = id_of(&field.title);
            }
        }
        let before = ProfileForm::of(from);
        let mut faults = faults(&form, &profiles);
        form.lay_on(&before, &mut table);
        let profile = match overlay::profile_of(&table) {
            Ok(profile) => Some(profile),
            Err(why) if faults.is_empty() => {
                faults.push(FormFault { at: String::new(), says: why });
                None
            }
            Err(_) => None,
        };
        Ok(Draft { form, file, path, table, faults, profile })
    }
}

fn nth_id(id: &str, n: usize) -> String {
    if n == 1 { format!("{id}-own") } else { format!("{id}-own-{n}") }
}

impl OpenJob {
    fn tried(
        &self,
        profile: Arc<Profile>,
        today: Option<jiff::civil::Date>,
        uses: Uses,
        working: &Working,
    ) -> Result<ListTrial> {
        let tried = self.rebuilt(working, |sources| {
            sources.connector = None;
            (sources.profile, sources.today, sources.uses) = (profile, today, uses);
        })?;
        let checker = tried.checker();
        let roster = &checker.context().roster;
        let unknown = roster.columns.iter().filter(|c| c.field.is_none() && !c.name.is_empty());
        let unknown: Vec<String> = unknown.map(|c| c.name.clone()).collect();
        let fields = roster.profile.fields.iter();
        let missing = fields.filter(|f| f.column_required && roster.column_of(&f.id).is_none());
        Ok(ListTrial {
            name: self.facts().name.clone(),
            known: number(roster.columns.iter().filter(|c| c.field.is_some()).count()),
            of: number(roster.columns.len()),
            unknown,
            missing: missing.map(|f| f.title.clone()).collect(),
            key: key_of(roster),
            before: self.checker().counts(),
            after: checker.counts(),
            rules: compared(self.checker(), checker),
        })
    }
}

fn key_of(roster: &Roster) -> KeyTrial {
    let table = &roster.table;
    let Some(column) = roster.key else {
        let says = "No column says who a person is.".to_owned();
        return KeyTrial { column: None, says, holds: false, blank: vec![], shared: vec![] };
    };
    let mut rows: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    let mut blank = Vec::new();
    for row in table.rows() {
        let key = roster.key_text(row);
        let form = roster.key_form(&key);
        if form.is_empty() {
            blank.push(row);
        } else {
            rows.entry(form.into_owned()).or_default().push(row);
        }
    }
    let line = |row: &u32| table.line(*row);
    let mut shared: Vec<SharedKey> = rows
        .values()
        .filter(|rows| rows.len() > 1)
        .map(|rows| SharedKey {
            key: roster.key_text(rows[0]).into_owned(),
            rows: number(rows.len()),
            lines: rows.iter().filter_map(line).take(MOST_LINES).collect(),
        })
        .collect();
    shared.sort_by(|a, b| (b.rows, &a.key).cmp(&(a.rows, &b.key)));
    let holds = blank.is_empty() && shared.is_empty();
    shared.truncate(MOST);
    let blanks = if blank.is_empty() { "none".into() } else { grouped(blank.len()) };
    let says = format!(
        "{}, {} different, {blanks} blank.",
        muster_table::words::counted(table.len(), "row", "rows"),
        grouped(rows.len())
    );
    KeyTrial {
        column: Some(roster.columns[column].name.clone()),
        says,
        holds,
        blank: blank.iter().filter_map(line).take(MOST).collect(),
        shared,
    }
}

/// "1,200".
fn grouped(count: usize) -> String {
    muster_table::words::counted(count, "", "").trim_end().to_owned()
}

fn compared(before: &Checker, after: &Checker) -> Vec<RuleTrial> {
    let skipped = |rule: u8| after.context().is_off(rule);
    let tried = |(n, rule): (usize, &&muster_rules::rules::Rule)| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a rule's place is a byte wherever it is kept"
        )]
        let n = n as u8;
        let severity = after.context().severity(n).unwrap_or(rule.severity);
        RuleTrial {
            rule: rule.code.into(),
            title: rule.title.into(),
            severity: (!skipped(n)).then_some(severity),
            before: before.count_of(n),
            after: after.count_of(n),
        }
    };
    let mut rules: Vec<RuleTrial> = RULES.iter().enumerate().map(tried).collect();
    rules.retain(|rule| rule.before > 0 || rule.after > 0);
    rules.sort_by_key(|rule| rule.before == rule.after);
    rules
}
