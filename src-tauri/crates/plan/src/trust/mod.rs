//! What a profile of somebody's own softens, or sends elsewhere, than the one that comes with Muster: said in sentences
//! before it is taken over, and on everything that leaves.
//!
//! Every part of a profile is taken apart by name, so that a new word of the format does not compile until somebody has
//! said here whether it can soften anything.

mod fields;
mod holds;
mod policies;
mod ways;

use std::sync::OnceLock;

use muster_roster::finding::Severity;
use muster_roster::profile::{
    BUILT_IN, CrossCheck, Existing, FileForm, KeyGiver, KeyRule, OnErrors, Origin, OtherColumns,
    OtherExport, Profile, RuleSetting, StatementText, header_form,
};
use muster_rules::rules::{RULES, Rule, as_seen};
use muster_table::words::listed;

/// What there is to tell of a profile.
#[derive(Debug, Default)]
pub struct Told {
    /// What it softens, or sends elsewhere.
    pub softens: Vec<String>,
    /// What else it says otherwise.
    pub differs: Vec<String>,
}

impl Told {
    fn softens(&mut self, sentence: String) {
        self.softens.push(sentence);
    }

    fn differs(&mut self, sentence: String) {
        self.differs.push(sentence);
    }
}

/// A profile of somebody's own with what there is to tell of it; one that comes with Muster as it is.
pub fn looked_at(mut profile: Profile, accepted: bool) -> Profile {
    if profile.origin.own {
        let Told { softens, differs } = told(&profile);
        let origin =
            Origin { softens: softens.into(), differs: differs.into(), accepted, ..profile.origin };
        profile.origin = origin;
    }
    profile
}

/// What a profile softens and says otherwise than the one that comes with Muster from which it differs, or as which it is
/// called. One that differs from none is put beside what holds for any LMS.
pub fn told(profile: &Profile) -> Told {
    let mut told = Told::default();
    let based_on = profile.based_on.as_deref().and_then(of_id);
    let named = named_as(profile);
    if let Some(named) = named {
        let base = based_on.filter(|base| base.id != named.id && base.id != "generic");
        let based = base.map_or(String::new(), |base| format!(", and is based on {}", base.name));
        told.softens(format!("It has the name of {}, which comes with Muster{based}.", named.name));
    }
    let base = named.or(based_on);
    rules(&mut told, profile, base);
    holds::told(&mut told, profile, base);
    match base {
        Some(base) => compared(&mut told, profile, base),
        None => ways::told(&mut told, profile, None),
    }
    told
}

/// The profiles that come with Muster, as they are.
fn built_in() -> &'static [Profile] {
    static ALL: OnceLock<Vec<Profile>> = OnceLock::new();
    ALL.get_or_init(|| BUILT_IN.iter().filter_map(|(id, _)| Profile::built_in(id)).collect())
}

fn of_id(id: &str) -> Option<&'static Profile> {
    built_in().iter().find(|profile| profile.id == id)
}

/// The profile that comes with Muster which somebody would take this one for: of its id, or called as it, be it in letters
/// of another alphabet that look the same.
fn named_as(profile: &Profile) -> Option<&'static Profile> {
    let seen = |name: &str| header_form(&as_seen(name));
    let form = seen(&profile.name);
    let is_called = |other: &&Profile| {
        other.id != "generic" && (seen(&other.name) == form || seen(other.called()) == form)
    };
    let based_on = profile.based_on.as_deref().and_then(of_id);
    let by_name = || based_on.filter(is_called).or_else(|| built_in().iter().find(is_called));
    of_id(&as_seen(&profile.id)).or_else(by_name)
}

/// Words of a file in a sentence of ours: not so many that they hide it, and none that ends it.
fn shown(words: &str) -> String {
    const LONGEST: usize = 60;
    let is_plain = |c: &char| !c.is_control() && *c != '`';
    let mut text: String = words.chars().filter(is_plain).take(LONGEST).collect();
    if words.chars().count() > LONGEST {
        text.push('…');
    }
    format!("`{text}`")
}

/// How grave a rule is by a profile.
fn severity(rule: &Rule, setting: Option<&RuleSetting>) -> Option<Severity> {
    match setting {
        Some(setting) if setting.off => None,
        Some(setting) => Some(setting.severity.unwrap_or(rule.severity)),
        None => Some(rule.severity),
    }
}

fn weight(severity: Option<Severity>) -> u8 {
    match severity {
        None => 0,
        Some(Severity::Note) => 1,
        Some(Severity::Warning) => 2,
        Some(Severity::Error) => 3,
    }
}

/// The rules that are left out, and those that are told as less than they are.
fn rules(told: &mut Told, profile: &Profile, base: Option<&Profile>) {
    let (mut off, mut lighter, mut not_refused, mut words, mut in_vain) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for rule in RULES {
        let (own, usual) =
            (profile.rules.get(rule.code), base.and_then(|base| base.rules.get(rule.code)));
        let (now, before) = (severity(rule, own), severity(rule, usual));
        // What doubts that a file was understood is looked for whatever a profile says.
        if weight(now) < weight(before) && rule.is_doubt() {
            in_vain.push(format!("“{}” (`{}`)", rule.title, rule.code));
        } else if weight(now) < weight(before) {
            match now {
                None => off.push(format!("“{}” (`{}`)", rule.title, rule.code)),
                Some(now) => lighter.push(format!("“{}” as {}", rule.title, a(now))),
            }
        }
        let own = own.cloned().unwrap_or_default();
        let usual = usual.cloned().unwrap_or_default();
        let RuleSetting { off: _, severity: _, why, source, source_url, refuses } = &own;
        if usual.refuses && !refuses {
            not_refused.push(format!("“{}”", rule.title));
        }
        if (why, source, source_url) != (&usual.why, &usual.source, &usual.source_url) {
            words.push(format!("“{}”", rule.title));
        }
    }
    if !off.is_empty() {
        let (count, all) = (off.len(), RULES.len());
        told.softens(format!("It switches off {count} of {all} checks: {}.", off.join(", ")));
    }
    if !in_vain.is_empty() {
        told.differs(format!(
            "It would have less made of {}: that has no effect, as no profile switches off what says that a file was not understood.",
            listed(&in_vain)
        ));
    }
    if !lighter.is_empty() {
        told.softens(format!("It takes more lightly: {}.", listed(&lighter)));
    }
    if !not_refused.is_empty() {
        told.softens(format!(
            "It no longer says that the LMS refuses a file for: {}.",
            listed(&not_refused)
        ));
    }
    if !words.is_empty() {
        told.differs(format!("It says in its own words why it matters: {}.", listed(&words)));
    }
}

fn a(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "a note",
        Severity::Warning => "a warning",
        Severity::Error => "an error",
    }
}

/// All but rules and holds, beside a profile that comes with Muster.
fn compared(told: &mut Told, profile: &Profile, base: &Profile) {
    let Profile {
        // What it is called by is told by itself.
        id: _,
        based_on: _,
        name: _,
        summary,
        version: _,
        provisional,
        source_url,
        article_url,
        file,
        key,
        errors,
        existing,
        always_invites,
        inactive_may,
        leavers,
        recognised_by,
        distinctive,
        fields,
        checks,
        other_exports,
        columns,
        lists,
        template: _,
        template_lists: _,
        policies,
        rules: _,
        statements,
        export_steps,
        checklist,
        guards: _,
        snapshot_max_age_days: _,
        unknown,
        connectors: _,
        sent_by: _,
        uses: _,
        origin: _,
    } = profile;
    key_rule(told, key, &base.key);
    if (*errors, base.errors) == (OnErrors::Skip, OnErrors::Stop) {
        told.softens(
            "An error no longer stops the whole file: the others are sent without that person."
                .into(),
        );
    } else if *errors != base.errors {
        told.differs("An error stops the whole file.".into());
    }
    if *existing != base.existing {
        let says = match existing {
            Existing::Updated => "are changed",
            Existing::Ignored => "are left as they are",
            Existing::Unknown => "may be changed or not",
        };
        told.softens(format!("It says that by an import people who exist {says}."));
    }
    if base.always_invites && !always_invites {
        told.softens(
            "It no longer says that everybody who is new gets an invitation by mail.".into(),
        );
    } else if *always_invites != base.always_invites {
        told.differs("It says that everybody who is new gets an invitation by mail.".into());
    }
    if inactive_may != &base.inactive_may {
        told.softens(match inactive_may {
            Some(may) => format!("It says that somebody who is set inactive {}.", shown(may)),
            None => {
                "It no longer says what else may become of somebody who is set inactive.".into()
            }
        });
    }
    if leavers != &base.leavers {
        told.differs("It says in its own words what to do with people who have left.".into());
    }
    if provisional != &base.provisional {
        told.softens(match provisional {
            Some(_) => "It says in its own words why its columns are not certain.".into(),
            None => "It no longer says that its columns are not certain.".into(),
        });
    }
    for (url, usual) in [(source_url, &base.source_url), (article_url, &base.article_url)] {
        if url != usual {
            told.softens(match url {
                Some(url) => format!("Its articles are opened at {}.", shown(url)),
                None => "It no longer names the vendor's articles.".into(),
            });
        }
    }
    let gone: Vec<String> = base
        .recognised_by
        .iter()
        .filter(|id| !recognised_by.contains(id))
        .map(|id| format!("`{id}`"))
        .collect();
    if !gone.is_empty() {
        told.softens(format!("A file is taken for one of this LMS without {}.", listed(&gone)));
    } else if recognised_by.len() != base.recognised_by.len() {
        told.differs("It tells a file of this LMS by other columns.".into());
    }
    let gone: Vec<String> = base
        .distinctive
        .iter()
        .filter(|header| !distinctive.contains(header))
        .map(|header| format!("`{}`", shown(header)))
        .collect();
    if !gone.is_empty() {
        let gone = listed(&gone);
        told.softens(format!(
            "A file is taken for one of this LMS, and not asked about, without {gone}."
        ));
    } else if distinctive.len() != base.distinctive.len() {
        told.differs("It tells a file of this LMS by other headers.".into());
    }
    file_form(told, file, &base.file);
    other_columns(told, columns, &base.columns);
    fields::told(told, fields, &base.fields);
    self::checks(told, checks, &base.checks);
    self::other_exports(told, other_exports, &base.other_exports);
    for (kind, usual) in &base.lists {
        match lists.get(kind) {
            None => told.softens(format!("It has no list of {kind} any more: any value passes.")),
            Some(now) => {
                let more = fields::more(now, usual);
                if !more.is_empty() {
                    told.softens(format!("Its list of {kind} has more: {}.", fields::few(&more)));
                } else if now.len() < usual.len() {
                    told.differs(format!("Its list of {kind} is shorter."));
                }
            }
        }
    }
    for kind in lists.keys().filter(|kind| !base.lists.contains_key(*kind)) {
        told.differs(format!("It has a list of its own: {}.", shown(kind)));
    }
    policies::told(told, "", policies, &base.policies);
    words(told, "", (statements, unknown), (&base.statements, &base.unknown));
    if export_steps != &base.export_steps {
        told.differs("It says in its own words how an export is taken.".into());
    }
    if checklist != &base.checklist {
        told.differs("The steps of its checklist are its own.".into());
    }
    if summary != &base.summary {
        told.differs("It describes itself in its own words.".into());
    }
    ways::told(told, profile, Some(base));
}

fn key_rule(told: &mut Told, key: &KeyRule, usual: &KeyRule) {
    let KeyRule { field, falls_back_to, case_matters, given_by, by_hand, renamed_by } = key;
    let called = |field: &str| match field {
        "" => "a column that you choose".to_owned(),
        field => shown(field),
    };
    if field != &usual.field {
        told.softens(format!(
            "People are known by {}, not by {}.",
            called(field),
            called(&usual.field)
        ));
    }
    if falls_back_to != &usual.falls_back_to {
        told.softens(match falls_back_to {
            Some(field) => format!("Where the key is blank, people are known by {}.", shown(field)),
            None => "Where the key is blank, nothing stands in for it.".into(),
        });
    }
    if renamed_by != &usual.renamed_by {
        told.softens(match renamed_by {
            Some(field) => format!("A file changes the keys of people, by {}.", shown(field)),
            None => "No file changes the keys of people.".into(),
        });
    }
    if *case_matters != usual.case_matters {
        told.softens(match case_matters {
            true => "Two keys that differ in upper and lower case are two people.".into(),
            false => "Two keys that differ in upper and lower case are one person.".into(),
        });
    }
    if *given_by != usual.given_by {
        told.softens(match given_by {
            KeyGiver::You => "New people come with a key of yours.".into(),
            KeyGiver::Lms => {
                "New people get their key in the LMS: blank keys are no mistake.".into()
            }
        });
    }
    if by_hand != &usual.by_hand {
        told.softens(match by_hand {
            Some(place) => format!("It says that a key is changed at {}.", shown(place)),
            None => "It no longer says where a key is changed by hand.".into(),
        });
    }
}

fn file_form(told: &mut Told, file: &FileForm, usual: &FileForm) {
    let FileForm {
        format,
        encoding,
        bom,
        delimiter,
        line_end,
        most_people,
        error_rows_skip_header,
        formula_prefixes,
    } = file;
    let form = (format, encoding, bom, delimiter, line_end);
    let usually = (&usual.format, &usual.encoding, &usual.bom, &usual.delimiter, &usual.line_end);
    if form != usually {
        told.differs(format!(
            "It writes the upload file in another form: {}, {}.",
            shown(format),
            shown(encoding)
        ));
    }
    let most = |most: u32| if most == 0 { u32::MAX } else { most };
    if most(*most_people) > most(usual.most_people) {
        told.softens(match most_people {
            0 => "It has no limit to the people in one file.".into(),
            most => format!("It puts up to {most} people into one file."),
        });
    } else if *most_people != usual.most_people {
        told.differs(format!("It puts at most {most_people} people into one file."));
    }
    if *error_rows_skip_header != usual.error_rows_skip_header {
        told.softens("It counts the rows of the LMS's error reports otherwise: what went wrong is told of another person.".into());
    }
    if formula_prefixes != &usual.formula_prefixes {
        told.softens(format!(
            "Before other characters it takes an apostrophe for the LMS's own: {}.",
            shown(formula_prefixes)
        ));
    }
}

fn other_columns(told: &mut Told, columns: &OtherColumns, usual: &OtherColumns) {
    let OtherColumns {
        custom,
        unknown,
        families,
        creates,
        ordered,
        complete,
        no_values,
        date_forms,
    } = columns;
    if no_values != &usual.no_values {
        told.softens(format!(
            "Other words of the LMS's export mean that there is nothing: {}.",
            shown(&no_values.join(", "))
        ));
    }
    if *custom && !usual.custom {
        told.softens("It takes columns that the LMS does not know.".into());
    } else if *custom != usual.custom {
        told.differs("It takes no columns of an account's own.".into());
    }
    if unknown != &usual.unknown {
        told.differs(
            "It says in its own words what becomes of columns that the LMS does not know.".into(),
        );
    }
    if families.iter().any(|family| !usual.families.contains(family)) {
        told.softens(format!(
            "It takes other columns for known by how they begin: {}.",
            shown(&families.join(", "))
        ));
    } else if families != &usual.families {
        told.differs("It knows fewer columns by how they begin.".into());
    }
    if usual.creates && !creates {
        told.softens("It no longer says that the LMS makes a field for everybody of a column that it does not know.".into());
    } else if *creates != usual.creates {
        told.differs("It says that the LMS makes fields of columns that it does not know.".into());
    }
    if usual.ordered && !ordered {
        told.softens("The order of the columns no longer matters.".into());
    } else if *ordered != usual.ordered {
        told.differs("The order of the columns matters.".into());
    }
    if usual.complete && !complete {
        told.softens("A file no longer has to have all columns.".into());
    } else if *complete != usual.complete {
        told.differs("A file has to have all columns.".into());
    }
    if date_forms != &usual.date_forms {
        told.softens("It writes dates in other columns in another form.".into());
    }
}

/// Checks across columns that are gone, or told as less than they were.
fn checks(told: &mut Told, now: &[CrossCheck], usual: &[CrossCheck]) {
    for before in usual {
        let CrossCheck { id, kind, fields, pairs, says, severity } = before;
        let Some(own) = now.iter().find(|check| check.id == *id) else {
            told.softens(format!("It leaves out the check `{id}` across columns."));
            continue;
        };
        let grave = |severity: &Option<Severity>| weight(severity.or(Some(Severity::Error)));
        if own.kind != *kind || own.fields != *fields {
            told.softens(format!("Its check `{id}` across columns looks at something else."));
        }
        if own.pairs != *pairs {
            told.softens(format!("Its check `{id}` across columns lets other pairs pass."));
        }
        if grave(&own.severity) < grave(severity) {
            told.softens(format!("It takes the check `{id}` across columns more lightly."));
        } else if own.severity != *severity || own.says != *says {
            told.differs(format!("It tells the check `{id}` across columns otherwise."));
        }
    }
    for own in now.iter().filter(|own| usual.iter().all(|before| before.id != own.id)) {
        told.differs(format!("It has a check of its own across columns: {}.", shown(&own.id)));
    }
}

/// The exports that it does not take for lists to upload.
fn other_exports(told: &mut Told, now: &[OtherExport], usual: &[OtherExport]) {
    for before in usual {
        let OtherExport { id, title, headers, at_least, says, next } = before;
        let Some(own) = now.iter().find(|other| other.id == *id) else {
            told.softens(format!("It takes {} for a list to upload.", shown(title)));
            continue;
        };
        if own.headers != *headers || own.at_least != *at_least {
            told.softens(format!("It knows {} by other columns.", shown(title)));
        }
        if own.title != *title || own.says != *says || own.next != *next {
            told.differs(format!("It speaks of {} in its own words.", shown(title)));
        }
    }
    for own in now.iter().filter(|own| usual.iter().all(|before| before.id != own.id)) {
        told.differs(format!("It knows one more export: {}.", shown(&own.title)));
    }
}

/// What it says of the LMS where somebody decides.
fn words(
    told: &mut Told,
    by: &str,
    (statements, unknown): (&[StatementText], &[String]),
    (usual, usually_unknown): (&[StatementText], &[String]),
) {
    let text = |StatementText { topic, says, source }: &StatementText| {
        (topic.clone(), says.clone(), source.clone())
    };
    let all = |statements: &[StatementText]| statements.iter().map(text).collect::<Vec<_>>();
    if all(statements) != all(usual) {
        told.differs(format!("It says in its own words what the LMS does{by}."));
    }
    let gone = usually_unknown.iter().any(|what| !unknown.contains(what));
    if gone {
        told.softens(format!("It no longer says all that is not known{by}."));
    } else if unknown.len() != usually_unknown.len() {
        told.differs(format!("It says what else is not known{by}."));
    }
}

#[cfg(test)]
mod tests;
