//! What one LMS's roster means: its fields, key, lists, policies and rules. A profile is data, not code.

pub mod assignment;
mod characters;
mod choices;
pub mod connector;
mod connector_mapping;
mod cross_check;
mod family;
mod file;
mod file_form;
mod import_semantics;
mod limits;
pub mod matching;
mod old_keys;
mod origin;
mod other_export;
pub mod overlay;
mod places;
mod plain_fault;
mod policy;
mod recognise;
pub mod schema;
mod scope;
mod secrets;
pub mod synonyms;
mod vendor_template;
mod vendor_workbook;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Severity;

pub use characters::Characters;
pub use choices::{
    AddOrReplace, Choices, Invitations, Missing, NewFields, NewGroups, Scope, Spelt,
};
pub use connector::Connector;
pub use connector_mapping::ConnectorMapping;
pub use cross_check::{CrossCheck, CrossKind};
pub use family::Family;
pub use import_semantics::ByFile;
pub use limits::MOST_BYTES;
pub use matching::{Use, Uses};
pub use origin::Origin;
pub use other_export::OtherExport;
pub use places::PlaceCode;
pub use policy::{Choice, Policy, PolicyId, Takes};
pub use recognise::{Recognised, candidates, header_form, recognise};
pub use secrets::{is_password_name, is_secret_name};
pub use vendor_template::{VendorTemplate, kind_of_list};
pub use vendor_workbook::VendorWorkbook;

/// Whether there is a rule of this code.
pub type IsRule = fn(&str) -> bool;

/// The profiles that come with Muster. A test where the rules are defined sees that they name only existing ones.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("canvas-sis", include_str!("../../profiles/canvas-sis.toml")),
    ("edapp", include_str!("../../profiles/edapp.toml")),
    ("emtrain-learners", include_str!("../../profiles/emtrain-learners.toml")),
    ("emtrain-roster", include_str!("../../profiles/emtrain-roster.toml")),
    ("generic", include_str!("../../profiles/generic.toml")),
    ("kaspersky-asap", include_str!("../../profiles/kaspersky-asap.toml")),
    ("kolibri", include_str!("../../profiles/kolibri.toml")),
    ("moodle", include_str!("../../profiles/moodle.toml")),
    ("oneroster-users", include_str!("../../profiles/oneroster-users.toml")),
    ("safetyculture", include_str!("../../profiles/safetyculture.toml")),
    ("scim", include_str!("../../profiles/scim.toml")),
    ("workleap", include_str!("../../profiles/workleap.toml")),
];

/// What the roster of one LMS means, and how its import behaves. Files with the ending `.toml` hold one each.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What it is called by: small letters, digits and hyphens, such as `edapp`.
    pub id: String,
    /// The profile that comes with Muster from which this one differs. The file then holds only what differs: entries
    /// of a list are found by their `id` or `topic`, one with `removed = true` is left out, and `unset` names what no
    /// longer holds.
    #[serde(default)]
    pub based_on: Option<String>,
    /// "EdApp (SC Training)".
    pub name: String,
    /// One sentence for the list to choose from.
    pub summary: String,
    /// The day on which its facts were last checked, ISO.
    pub version: String,
    /// Why the header is not certain, where the vendor does not publish it.
    #[serde(default)]
    pub provisional: Option<String>,
    /// The address of the vendor's article that most of it goes by; unset where nobody has noted it.
    #[serde(default)]
    pub source_url: Option<String>,
    /// The address of the vendor's other articles, with `{number}` in the place of the number by which a source names one.
    #[serde(default)]
    pub article_url: Option<String>,
    /// The upload file that the LMS takes.
    #[serde(default)]
    pub file: FileForm,
    /// Which field says who a row is.
    pub key: KeyRule,
    /// Whether one error stops the whole import, or only its row.
    #[serde(default)]
    pub errors: OnErrors,
    /// What an import does to people who exist already.
    #[serde(default)]
    pub existing: Existing,
    /// It mails an invitation to everybody whom it makes, whatever is chosen.
    #[serde(default)]
    pub always_invites: bool,
    /// What else may become of somebody who is set inactive, after the name: "may be deleted by Emtrain".
    #[serde(default)]
    pub inactive_may: Option<String>,
    /// What its article says to do by hand with somebody who has left, after "If they have left,": "deactivate or delete
    /// them in their user profile".
    #[serde(default)]
    pub leavers: Option<String>,
    /// Fields that tell a file of this LMS from any other list of people; one of them has to be there for a header
    /// to be recognised.
    #[serde(default)]
    pub recognised_by: Vec<String>,
    /// Headers that only files of this LMS have, as they are written there, in any case. Where none of them is there a
    /// header is not recognised, and where only some are it is a question. Empty where nothing tells them apart.
    #[serde(default)]
    pub distinctive: Vec<String>,
    /// The columns that the LMS knows, in its order.
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    /// What has to hold between several columns of one person.
    #[serde(default, rename = "check")]
    pub checks: Vec<CrossCheck>,
    /// Columns beside the profile's fields.
    #[serde(default)]
    pub columns: OtherColumns,
    /// What the LMS exports too and its import does not take.
    #[serde(default, rename = "other_export")]
    pub other_exports: Vec<OtherExport>,
    /// Values that the LMS fixes, by list: `roles`.
    #[serde(default)]
    pub lists: BTreeMap<String, Vec<String>>,
    /// Set once the vendor's own template was looked at.
    #[serde(skip)]
    pub template: Option<Arc<VendorTemplate>>,
    /// Which of the lists are that template's.
    #[serde(skip)]
    pub template_lists: BTreeSet<String>,
    /// What the LMS asks for at each upload, or what the plan has to know.
    #[serde(default, rename = "policy")]
    pub policies: Vec<Policy>,
    /// What differs from the catalogue, by rule.
    #[serde(default)]
    pub rules: BTreeMap<String, RuleSetting>,
    /// What it does, in words, each with its source: shown where somebody decides.
    #[serde(default, rename = "statement")]
    pub statements: Vec<StatementText>,
    /// How an export is taken out of the LMS, step by step; empty where nobody has written it down.
    #[serde(default, rename = "export")]
    pub export_steps: Vec<String>,
    /// What to click in the LMS, in order. `{…}` is filled in for each kit.
    #[serde(default)]
    pub checklist: Vec<String>,
    /// When a plan is held, where that differs from what is usual, by guard.
    #[serde(default)]
    pub guards: BTreeMap<String, GuardSetting>,
    /// Days after which a snapshot is old.
    #[serde(default = "a_month")]
    pub snapshot_max_age_days: u32,
    /// What is not known about this LMS; shown, never guessed.
    #[serde(default)]
    pub unknown: Vec<String>,
    /// How connectors reach this LMS, by connector.
    #[serde(default, rename = "connector")]
    pub connectors: BTreeMap<String, ConnectorMapping>,
    /// The connector as whose push it is read. No part of a profile's file.
    #[serde(skip)]
    pub sent_by: Option<String>,
    /// What columns of the file at hand are used as, beside what their names say. No part of a profile's file.
    #[serde(skip)]
    pub uses: Uses,
    /// Where it comes from. No part of a profile's file.
    #[serde(skip)]
    pub origin: Origin,
}

fn a_month() -> u32 {
    31
}

/// The upload file that the LMS takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FileForm {
    /// `csv`, `xlsx`, or `xls` for a workbook of Excel 97 to 2003.
    pub format: String,
    /// `UTF-8`, `UTF-16LE`, `windows-1252`.
    pub encoding: String,
    /// Whether the file begins with a byte order mark.
    pub bom: bool,
    /// What stands between two cells: `,`, `;` or a tab.
    pub delimiter: String,
    /// `LF` or `CRLF`.
    pub line_end: String,
    /// The largest number of people in one file; 0 for no known limit.
    pub most_people: u32,
    /// Whether its reports count rows from the first person, not from the line of the column names.
    pub error_rows_skip_header: bool,
    /// First characters before which the LMS's export puts an apostrophe that its import would keep.
    pub formula_prefixes: String,
}

impl Default for FileForm {
    fn default() -> Self {
        Self {
            format: "csv".into(),
            encoding: "UTF-8".into(),
            bom: false,
            delimiter: ",".into(),
            line_end: "CRLF".into(),
            most_people: 0,
            error_rows_skip_header: false,
            formula_prefixes: String::new(),
        }
    }
}

/// Which field says who a row is.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyRule {
    /// A field's id; empty where the person has to choose.
    pub field: String,
    /// The field that stands in where the key is blank.
    #[serde(default)]
    pub falls_back_to: Option<String>,
    /// Whether upper and lower case make different keys.
    #[serde(default)]
    pub case_matters: bool,
    /// Who makes keys: `you` or `lms`. A key of the LMS's own is blank for a new person.
    #[serde(default)]
    pub given_by: KeyGiver,
    /// Where in the LMS a key is changed, because a file cannot.
    #[serde(default)]
    pub by_hand: Option<String>,
    /// The field that names the key somebody had: beside it a file changes the key.
    #[serde(default)]
    pub renamed_by: Option<String>,
}

/// Who makes keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyGiver {
    /// You do; a new person comes with one.
    #[default]
    You,
    /// The LMS does; a new person's is blank, and the LMS's export shows it afterwards.
    Lms,
}

/// What an error in one row does to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnErrors {
    /// All or nothing.
    #[default]
    Stop,
    /// Row by row.
    Skip,
}

/// What an import does to people who exist already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Existing {
    /// It changes them.
    #[default]
    Updated,
    /// It leaves them as they are.
    Ignored,
    /// Nobody has written it down.
    Unknown,
}

/// A column that the LMS knows, and how its import takes it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// What the rest of the profile calls it: `email`.
    pub id: String,
    /// "Groups".
    pub title: String,
    /// How the column is headed; the first is the one to write. Case, spaces and punctuation do not count.
    pub headers: Vec<String>,
    /// How a column of this meaning may be headed too, such as in another language, which no vendor has published. Read, and
    /// written only where the account's own template or export has it.
    #[serde(default)]
    pub headers_inferred: Vec<String>,
    /// What its values are; text unless said otherwise.
    #[serde(default)]
    pub kind: FieldKind,
    /// The column has to be there.
    #[serde(default)]
    pub column_required: bool,
    /// Every person has to have a value.
    #[serde(default)]
    pub value_required: bool,
    /// No two people may have the same value: `case-matters` or `any-case`.
    #[serde(default)]
    pub unique: Option<Unique>,
    /// A number or code that stays with a person whatever else of them changes, such as an employee ID. It says more
    /// of who somebody is than a name or an address.
    #[serde(default)]
    pub identifies: bool,
    /// How several values are joined in a cell: `; `.
    #[serde(default)]
    pub separator: Option<String>,
    /// The list its values come from: `groups`, `roles`.
    #[serde(default)]
    pub list: Option<String>,
    /// The words it takes, exactly.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The LMS writes it and does not read it.
    #[serde(default)]
    pub read_only: bool,
    /// The LMS takes it for new people and passes over it for those who exist.
    #[serde(default)]
    pub create_only: bool,
    /// Its words that mean that a person is not active.
    #[serde(default)]
    pub inactive: Vec<String>,
    /// Values that everybody has who comes in by a file, whatever the file says.
    #[serde(default)]
    pub always: Vec<String>,
    /// Whoever is named here has to be there before: an upload has new people behind those whom they name.
    #[serde(default)]
    pub named_first: bool,
    /// Values that make somebody an administrator: a plan that gives one or takes it is held.
    #[serde(default)]
    pub admin: Vec<String>,
    /// The fewest characters of a value that is not blank.
    #[serde(default)]
    pub min: Option<usize>,
    /// The most characters of a value.
    #[serde(default)]
    pub max: Option<usize>,
    /// Characters that the LMS takes, as in a character class: `A-Za-z0-9_`. Letters of any script: `\p{L}`.
    #[serde(default)]
    pub characters: Option<Characters>,
    /// Characters of which nobody says whether the LMS takes them.
    #[serde(default)]
    pub characters_unsure: Option<Characters>,
    /// How dates are to be written, the first the one to write: `YYYY-MM-DD`, `D.M.YYYY`. Empty where nobody says.
    #[serde(default)]
    pub date_forms: Vec<String>,
    /// Part of what a person is called, in this order, where 1 comes first.
    #[serde(default)]
    pub name_part: u8,
    /// What a cell holds that means "leave it as it is", such as `*` for a password.
    #[serde(default)]
    pub keep_word: Option<String>,
    /// What a blank cell does to somebody who exists: `keep`, `clear`, or unset where nobody says.
    #[serde(default)]
    pub blank: Option<Blank>,
    /// What a password has to hold, beside its least length.
    #[serde(default)]
    pub password_needs: Vec<PasswordNeed>,
    /// Whether upper and lower case of `choices` are the same to the LMS.
    #[serde(default)]
    pub choices_any_case: bool,
    /// Whether upper and lower case of several values, such as groups, are the same to the LMS.
    #[serde(default)]
    pub values_any_case: bool,
    /// The LMS keeps it in upper case, so that case alone is no change.
    #[serde(default)]
    pub stored_upper: bool,
    /// The LMS keeps it in lower case, so that case alone is no change.
    #[serde(default)]
    pub stored_lower: bool,
    /// What is not among `characters` is left out by the LMS, without a word, instead of being refused: two values may become
    /// one.
    #[serde(default)]
    pub leaves_out: bool,
    /// Values that the LMS has for itself, such as the name of a guest's account.
    #[serde(default)]
    pub reserved: Vec<String>,
    /// A file puts people into what is named here and takes nobody out of anything.
    #[serde(default)]
    pub only_adds: bool,
    /// What is named here and is not there is made by the import.
    #[serde(default)]
    pub made_if_lacking: bool,
    /// Digits alone are the LMS's own number of what is meant, and never what somebody calls it.
    #[serde(default)]
    pub digits_are_own: bool,
    /// What looks like a tag of a web page is left out of it by the LMS, or refused.
    #[serde(default)]
    pub no_tags: bool,
    /// Values that every such LMS takes, with `*` for whatever follows. Another one that nobody there has is looked at.
    #[serde(default)]
    pub usual: Vec<String>,
    /// What stands before a value that is to be taken away: `-`.
    #[serde(default)]
    pub takes_away: Option<String>,
    /// Where in the LMS this is changed for somebody who exists, because a file cannot.
    #[serde(default)]
    pub by_hand: Option<String>,
    /// A file does not set it for new people either: that is done there too.
    #[serde(default)]
    pub never_by_file: bool,
    /// Words that say the same as nothing: `No`. Nobody has to do that by hand for somebody new.
    #[serde(default)]
    pub nothing: Vec<String>,
    /// Words that the LMS's export shows as a blank cell.
    #[serde(default)]
    pub exported_as_blank: Vec<String>,
    /// A file only gives one of `choices` to somebody who has the first of them; any other change is done by hand.
    #[serde(default)]
    pub promote_only: bool,
    /// A change here is carried out only where another field of the row changes too; else it is done by hand.
    #[serde(default)]
    pub only_with_other_changes: bool,
    /// People of whom the LMS does not take it.
    #[serde(default)]
    pub not_for: Option<NotFor>,
    /// How a place is written. A country: `alpha-2`, `alpha-3`, `numeric`, `name`. A region: `short` (`QC`), `full`
    /// (`CA-QC`), `name`. Unset where nobody says: then as most of the column is.
    #[serde(default)]
    pub code: Option<PlaceCode>,
    /// The id of the field that says in which country a region is.
    #[serde(default)]
    pub of_country: Option<String>,
    /// The country, as two letters, where all regions of a field are in one: `US` for a column of US states.
    #[serde(default)]
    pub in_country: Option<String>,
    /// A field of regions takes a country instead, written so: `alpha-3`.
    #[serde(default)]
    pub or_country: Option<PlaceCode>,
    /// The connector chosen for a push has no place for it. No part of a profile's file.
    #[serde(skip)]
    pub unreached: bool,
    /// Under the connector's name for it go other fields too: it holds one of several values, such as one group of a person.
    /// No part of a profile's file.
    #[serde(skip)]
    pub shares: bool,
    /// Only the vendor's template knows it, and that says no more of it than its name. No part of a profile's file.
    #[serde(skip)]
    pub of_template: bool,
    /// The connector chosen for a push sets it for new people only. No part of a profile's file.
    #[serde(skip)]
    pub new_only: bool,
    /// The LMS gives it to somebody new, as its own key, while people are known by another column. No part of a profile's
    /// file.
    #[serde(skip)]
    pub is_given_there: bool,
    /// The field by which it names another person, as a manager's e-mail does.
    #[serde(default)]
    pub refers_to: Option<String>,
    /// What to know about it, in plain words.
    #[serde(default)]
    pub about: String,
}

/// People whose other field holds a word.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotFor {
    /// The id of the other field.
    pub field: String,
    /// What the other field holds then.
    pub word: String,
    /// What the LMS does then, after its name: "gives a learner no class to coach".
    pub says: String,
}

/// Something that a password has to hold at least one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordNeed {
    /// A letter in upper case.
    Upper,
    /// A letter in lower case.
    Lower,
    /// A digit, 0 to 9.
    Digit,
    /// A character that is neither a letter of any script, nor a digit, nor a space.
    Special,
    /// A digit or a special character.
    DigitOrSpecial,
}

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// Any text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A day; `date_forms` says how it is written.
    Date,
    /// A password; it is checked and sent, and shown nowhere.
    Password,
    /// A country, as `code` says it is written.
    Country,
    /// A region of a country, as `code` says it is written.
    Region,
    /// A yes or a no; `choices` says in which words.
    YesNo,
    /// A number, such as a year of birth.
    Number,
}

/// When two values of different people are the same to the LMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Unique {
    /// When they are written alike, upper and lower case included.
    CaseMatters,
    /// When they are alike but for upper and lower case.
    AnyCase,
}

/// What a blank cell of somebody who exists does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Blank {
    /// The LMS keeps the value it has.
    Keep,
    /// The LMS empties the value.
    Clear,
}

/// Columns beside the profile's fields.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OtherColumns {
    /// Whether an account can have columns of its own; those the snapshot has are then known.
    pub custom: bool,
    /// What the LMS does with a column it does not know, as a sentence.
    pub unknown: String,
    /// Families of columns of which a file may have any number: `cohort#` with a number behind, `profile_field_*` with a
    /// name behind.
    pub families: Vec<String>,
    /// Whether the LMS makes such a column into a new field for everybody.
    pub creates: bool,
    /// Whether the order of the columns matters.
    pub ordered: bool,
    /// Whether a file has to have all columns of the profile that it reads, filled or not.
    pub complete: bool,
    /// Words that the LMS's export has in a column of a family where there is nothing, and that its import takes for a
    /// value: an upload has a blank there.
    pub no_values: Vec<String>,
    /// How dates in such columns are to be written, the first the one to write. Empty where nobody says.
    pub date_forms: Vec<String>,
}

impl Default for OtherColumns {
    fn default() -> Self {
        Self {
            custom: true,
            unknown: String::new(),
            families: Vec::new(),
            creates: false,
            ordered: false,
            complete: false,
            no_values: Vec::new(),
            date_forms: Vec::new(),
        }
    }
}

/// What is otherwise about a rule for this LMS.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RuleSetting {
    /// Whether the rule is left out.
    pub off: bool,
    /// How grave it is here, where that differs from the rule's own.
    pub severity: Option<Severity>,
    /// Why this LMS minds.
    pub why: String,
    /// Where the vendor says so.
    pub source: String,
    /// The address of that, where it is another than the profile's `source_url` or `article_url` tells.
    pub source_url: Option<String>,
    /// Whether the vendor's own words say that the row or the file is refused; then it counts also for a value that the
    /// LMS itself exported.
    pub refuses: bool,
}

impl RuleSetting {
    /// Whether what it says is the vendor's word, and not that there is none.
    pub fn is_documented(&self) -> bool {
        !self.why.is_empty() && self.source != "Not documented"
    }
}

/// Something that this LMS does, in a sentence that has its source.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementText {
    /// "What identifies a person".
    pub topic: String,
    /// What this LMS does, as a sentence.
    pub says: String,
    /// The article behind it, or why there is none.
    pub source: String,
}

/// How much it takes to hold a plan; what is unset stays as usual.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GuardSetting {
    /// The most people before the plan is held.
    pub people: Option<u32>,
    /// The most people before the plan is held, in per cent of all; both have to be passed.
    pub percent: Option<u32>,
}

/// How sources begin that are none of the vendor's.
const UNDOCUMENTED: [&str; 5] =
    ["Not documented", "Inferred", "Seen at", "RFC", "EdApp's own message"];
/// Shorter numbers are steps and years.
const ARTICLE_DIGITS: usize = 7;

impl Profile {
    /// A profile that comes with Muster, by its id; none where there is none of it.
    pub fn built_in(id: &str) -> Option<Profile> {
        Profile::parse(Profile::built_in_text(id)?, id, |_| true).ok()
    }

    /// The LMS's name inside a sentence: "EdApp"; "the LMS" where nobody knows which it is.
    pub fn called(&self) -> &str {
        if self.id == "generic" {
            return "the LMS";
        }
        self.name.split(" (").next().unwrap_or(&self.name)
    }

    /// A field by its id, such as `email`; none where the profile has no such field.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.id == id)
    }

    /// The choice that the LMS asks for about a field, such as Add or Replace.
    pub fn policy_of(&self, field: &str) -> Option<&Policy> {
        self.policies.iter().find(|p| p.field.as_deref() == Some(field))
    }

    /// The policy of a meaning that the engine knows; none where the LMS asks nothing of the kind.
    pub fn policy(&self, id: PolicyId) -> Option<&Policy> {
        self.policies.iter().find(|p| p.known() == Some(id))
    }

    /// The policy of a name that somebody wrote.
    pub fn policy_named(&self, id: &str) -> Option<&Policy> {
        self.policies.iter().find(|p| p.id == id)
    }

    /// The address to open for a source, such as "Emtrain, 202983744": the article of that number, else the vendor's own
    /// article. None for what is documented nowhere, and where nobody has noted an address.
    pub fn url_of(&self, source: &str) -> Option<String> {
        if source.trim().is_empty() || UNDOCUMENTED.iter().any(|word| source.starts_with(word)) {
            return None;
        }
        let mut numbers = source.split(|c: char| !c.is_ascii_digit());
        let number = numbers.find(|number| number.len() >= ARTICLE_DIGITS);
        match (number, &self.article_url) {
            (Some(number), Some(url)) => Some(url.replace("{number}", number)),
            (Some(_), None) => None,
            (None, _) => self.source_url.clone(),
        }
    }

    /// The address behind what this LMS says of a rule.
    pub fn url_of_rule(&self, code: &str) -> Option<String> {
        let setting = self.rules.get(code)?;
        setting.source_url.clone().or_else(|| self.url_of(&setting.source))
    }

    /// Whether it has noted an address, so that this may be opened: its article's, a rule's, or a numbered article's.
    pub fn names_address(&self, url: &str) -> bool {
        let of_rules = self.rules.values().filter_map(|setting| setting.source_url.as_deref());
        let around = self.article_url.as_deref().and_then(|url| url.split_once("{number}"));
        let number = around.and_then(|(before, after)| {
            url.strip_prefix(before).and_then(|rest| rest.strip_suffix(after))
        });
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        of_rules.chain(self.source_url.as_deref()).any(|known| known == url)
            || number.is_some_and(is_number)
    }

    fn validate(&self) -> Result<(), String> {
        let urls = self.rules.values().filter_map(|setting| setting.source_url.as_deref());
        let urls = urls.chain(self.source_url.as_deref()).chain(self.article_url.as_deref());
        for url in urls {
            if !url.starts_with("https://") || url.contains(char::is_whitespace) {
                return Err(format!("`{url}` is no address that begins with https://"));
            }
        }
        if self.article_url.as_ref().is_some_and(|url| !url.contains("{number}")) {
            return Err("`article_url` has no `{number}` in it".into());
        }
        let known = |id: &str, what: &str| match self.field(id) {
            Some(_) => Ok(()),
            None => Err(format!("{what} names the field `{id}`, which is not there")),
        };
        if !self.key.field.is_empty() {
            known(&self.key.field, "the key")?;
        }
        for field in [&self.key.falls_back_to, &self.key.renamed_by].into_iter().flatten() {
            known(field, "the key")?;
        }
        for (n, policy) in self.policies.iter().enumerate() {
            if let Some(field) = &policy.field {
                known(field, &format!("the policy `{}`", policy.id))?;
            }
            for other in &self.policies[..n] {
                if other.id == policy.id {
                    return Err(format!("the policy `{}` stands twice", policy.id));
                }
                if policy.field.is_some() && other.field == policy.field {
                    let (one, two) = (&other.id, &policy.id);
                    return Err(format!("the policies `{one}` and `{two}` are about one field"));
                }
            }
            for choice in &policy.choices {
                if let Some(key) = &choice.key {
                    known(key, &format!("the policy `{}`", policy.id))?;
                }
            }
        }
        for field in &self.recognised_by {
            known(field, "`recognised_by`")?;
        }
        for field in &self.fields {
            if let Some(not_for) = &field.not_for {
                known(&not_for.field, &format!("`not_for` of `{}`", field.id))?;
            }
            if let Some(other) = &field.refers_to {
                known(other, &format!("`refers_to` of `{}`", field.id))?;
            }
            if field.promote_only && (field.choices.is_empty() || field.by_hand.is_none()) {
                return Err(format!("`{}` rises, and so needs `choices` and `by_hand`", field.id));
            }
        }
        for field in &self.fields {
            places::validate(self, field)?;
        }
        let mut heads: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (n, field) in self.fields.iter().enumerate() {
            for header in field.headers.iter().chain(&field.headers_inferred) {
                heads.entry(header_form(header)).or_default().push(n);
            }
        }
        for (n, field) in self.fields.iter().enumerate() {
            let elsewhere = |header: &&String| {
                heads.get(&header_form(header)).is_some_and(|all| all.iter().any(|at| *at != n))
            };
            if let Some(header) = field.headers_inferred.iter().find(elsewhere) {
                return Err(format!("`{header}` heads another field than `{}` already", field.id));
            }
            if field.headers.is_empty() {
                return Err(format!("the field `{}` has no header", field.id));
            }
            if self.fields[..n].iter().any(|f| f.id == field.id) {
                return Err(format!("the field `{}` stands twice", field.id));
            }
            if field.separator.as_deref().is_some_and(|s| s.trim().chars().count() != 1) {
                return Err(format!(
                    "the separator of `{}` is not one character, with or without a space",
                    field.id
                ));
            }
        }
        for (code, setting) in &self.rules {
            if setting.refuses && setting.source.trim().is_empty() {
                return Err(format!("`rules.{code}` says `refuses`, and names no `source` for it"));
            }
        }
        cross_check::validate(self)?;
        self.validate_connectors()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_is_sound_and_named_as_its_file() {
        for (id, text) in BUILT_IN {
            let profile = Profile::parse(text, id, |_| true).expect("sound");
            assert_eq!(profile.id, *id);
        }
    }

    #[test]
    fn an_article_s_address_is_made_of_its_number_and_of_nothing_that_is_not_documented() {
        let emtrain = Profile::built_in("emtrain-learners").expect("built in");
        let url =
            |number: &str| Some(format!("https://support.emtrain.com/hc/en-us/articles/{number}"));
        assert_eq!(emtrain.url_of_rule("region-unknown"), url("202986914"));
        assert_eq!(emtrain.url_of_rule("key-changed"), url("202983734"));
        assert!(url("202986914").is_some_and(|url| emtrain.names_address(&url)));
        for other in ["https://elsewhere.example/", "http://support.emtrain.com/", ""] {
            assert!(!emtrain.names_address(other), "{other}");
        }
        let beyond = url("202986914/../../evil").expect("a text");
        assert!(!emtrain.names_address(&beyond), "{beyond}");
        assert_eq!(emtrain.url_of("Not documented"), None);
        assert_eq!(emtrain.url_of_rule("value-rare"), None);
        let scim = Profile::built_in("scim").expect("built in");
        assert_eq!(scim.url_of_rule("group-unknown"), None);
        let told = |url: &str| {
            let text = format!("id = 'x'\nname = 'X'\nbased_on = 'edapp'\nsource_url = '{url}'\n");
            Profile::parse(&text, "x.toml", |_| true).map_err(|failure| failure.why)
        };
        assert!(told("https://example.com/a").is_ok());
        assert!(told("file:///etc/passwd").is_err());
    }

    #[test]
    fn a_broken_profile_says_where_and_why() {
        let text = "id = \"x\"\nname = \"X\"\nsummary = \"\"\nversion = \"2026-01-01\"\nkye = 1\n[key]\nfield = \"\"\n";
        let told = Profile::parse(text, "x.toml", |_| true).expect_err("refused");
        assert!(
            told.why.starts_with("line 5: nothing is called `kye` here; perhaps `key` is meant"),
            "{told}"
        );
        let text = text.replace("kye = 1\n", "").replace("field = \"\"", "field = \"mail\"");
        let told = Profile::parse(&text, "x.toml", |_| true).expect_err("refused");
        assert_eq!(told.why, "the key names the field `mail`, which is not there");
    }
}
