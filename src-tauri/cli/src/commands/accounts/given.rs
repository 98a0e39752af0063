//! What an account is given to keep.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use muster_engine::accounts::{self, Origin, Packed, give, uses_for};
use muster_engine::error::{Failure, Result};
use muster_engine::profile::{Choices, Field, Profile, Use, VendorTemplate, header_form, matching};
use muster_engine::reading::ReadAs;
use muster_engine::recipe::Recipe;
use muster_engine::roster::Roster;
use muster_engine::rules::rule_index;
use muster_engine::store::accounts::{AccountFacts, AccountList, AccountRecord};
use muster_engine::store::own_files;
use muster_engine::verify::must_be_of;
use muster_engine::waiver::{Waiver, is_about_one_person, why_not_waived};

use crate::arguments::{pair, read_as};
use crate::clock;
use crate::commands::fix::{Replacement, replacement};
use crate::commands::rules::no_rule;
use crate::of_account::{OfAccount, taken_at};
use crate::opening::{lists_of, name, profiles, read, used_as};
use crate::reaching::target_named;

/// What it is to keep, and what it is to let go of.
#[derive(Debug, Args)]
pub struct Given {
    /// What the LMS has now: an export of it. Its passwords are not kept
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,

    /// How the snapshot is read where detection is wrong: delimiter=…,encoding=…,sheet=…,header=LINE
    #[arg(long = "as", value_name = "HOW", value_parser = read_as, default_value = "", hide_default_value = true)]
    pub reading: ReadAs,

    /// Known values, such as groups=groups.txt: one a line, or a column of a CSV or workbook, named as in
    /// groups=teams.csv#Team
    #[arg(long = "list", value_name = "KIND=FILE[#COLUMN]", value_parser = pair)]
    lists: Vec<(String, String)>,

    /// A value that is real though no list has it, such as groups=Night shift
    #[arg(long = "real", value_name = "KIND=VALUE", value_parser = pair)]
    real: Vec<(String, String)>,

    /// What a column is, where its name does not say so: a field of the profile as in "Work mail=email", `keep` or `leave`
    #[arg(long = "map", value_name = "COLUMN=FIELD", value_parser = pair)]
    map: Vec<(String, String)>,

    /// A value of a column and what it becomes, as in "Country:UK=GB"; `muster fix --account` does it
    #[arg(long = "map-value", value_name = "COLUMN:FROM=TO", value_parser = replacement)]
    map_values: Vec<Replacement>,

    /// Whether the day or the month comes first in the dates of a column where nothing in a file tells, as in
    /// "Hire Date=day"
    #[arg(long = "dates", value_name = "COLUMN=FIRST", value_parser = first_of_dates)]
    dates: Vec<(String, bool)>,

    /// The template that the LMS itself offers (.xlsx)
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,

    /// What the LMS is told at every upload, such as sync-field=email
    #[arg(long = "policy", value_name = "NAME=VALUE", value_parser = pair)]
    policies: Vec<(String, String)>,

    /// A finding to let stand, such as value-rare:Department:Legal; needs --reason. RULE:COLUMN is about all that the rule
    /// finds in a column, RULE about all that it finds
    #[arg(long = "waive", value_name = "RULE[:COLUMN[:VALUE]]", requires = "reason")]
    waive: Vec<String>,

    /// Somebody whom no plan suspends, deletes or renames unasked, by key, login or e-mail: an administrator, a technical
    /// account
    #[arg(long = "protect", value_name = "KEY")]
    protect: Vec<String>,

    /// Why it is let stand
    #[arg(long, value_name = "TEXT", requires = "waive")]
    reason: Option<String>,

    /// How the LMS is reached: a saved connection, or an address
    #[arg(long, value_name = "CONNECTION")]
    connection: Option<String>,

    /// A recipe, which `muster fix --account NAME --recipe NAME` finds by its name
    #[arg(long = "recipe", value_name = "FILE")]
    recipes: Vec<PathBuf>,

    /// Lets go of something: snapshot (the newest; the one before it counts again), template, connection, reports, or
    /// list=KIND, real=KIND, map=COLUMN, map-value=COLUMN, policy=NAME, recipe=NAME, waiver=RULE, protect=KEY
    #[arg(long = "drop", value_name = "WHAT")]
    drops: Vec<String>,
}

impl Given {
    /// Keeps it: all of it, or nothing where something of it cannot be.
    pub fn keep(&self, account: &OfAccount) -> Result<()> {
        let id = account.record.id;
        let mut facts = account.record.facts.clone();
        for what in &self.drops {
            drop_from(&mut facts, what)?;
        }
        if let Some(file) = &self.template {
            let (bytes, _) = own_files::read(file)?;
            let template = VendorTemplate::of(bytes, &name(file), &clock::stamp(), &|_| true)?;
            for remark in &template.remarks {
                crate::exit::remark(remark);
            }
            facts.template = Some(template);
        }
        if let Some(template) = &facts.template {
            // One that is of another LMS is refused here.
            account.profile(None, false)?.profile.with_template(Arc::new(template.clone()))?;
        }
        let now = AccountRecord { facts: facts.clone(), ..account.record.clone() };
        let profile = accounts::profile_of(&now, &mut profiles()?)?.profile;
        self.keep_values(account, &mut facts, &profile)?;
        let packed = match &self.snapshot {
            None => None,
            Some(file) => {
                let table = read(file, &self.reading)?.table;
                let uses = matching::of_older(table.names(), &profile, &uses_for(&facts, &[]));
                let recognised = profiles()?.certain(table.names())?;
                let choices = Choices::of(&profile, &facts.choices);
                let seen = profile.with_policies(&choices).matched(uses.clone());
                let roster = Roster::read(table, seen);
                must_be_of(&roster, &name(file), recognised.as_deref())?;
                Some((Packed::of(roster.table, &profile.matched(uses))?, file))
            }
        };
        if let Some(connection) = &self.connection {
            target_named(&account.store, connection)?;
            facts.connection = Some(connection.clone());
        }
        let removes = self.drops.iter().any(|what| what == "snapshot");
        let kept = account.record.facts.snapshot().map(|snapshot| snapshot.id);
        if let Some(snapshot) = kept.filter(|_| removes) {
            account.store.remove_account_snapshot(id, snapshot)?;
        }
        account.store.change_account(id, |there| {
            // Snapshots have a way of their own; what is done by hand may have been ticked meanwhile.
            facts.snapshots = std::mem::take(&mut there.snapshots);
            facts.snapshots_taken = there.snapshots_taken;
            facts.to_do = std::mem::take(&mut there.to_do);
            *there = facts;
            Ok(())
        })?;
        if let Some((packed, file)) = packed {
            let at = taken_at(file);
            if let Some(newer) = accounts::newer_than(&account.store.account(id)?.facts, &at) {
                crate::exit::remark(&format!(
                    "{}. It is what the LMS has from now on, as you say; the newer one counts again with: muster \
                     accounts set \"{}\" --drop snapshot",
                    accounts::is_older(&name(file), &at, newer),
                    account.record.name
                ));
            }
            let origin = Origin { at, source: name(file), note: String::new() };
            accounts::keep_snapshot(&account.store, id, (&packed, origin))?;
        }
        Ok(())
    }

    fn keep_values(
        &self,
        account: &OfAccount,
        facts: &mut AccountFacts,
        profile: &Profile,
    ) -> Result<()> {
        let now = clock::stamp();
        for (kind, list) in lists_of(&self.lists, profile)? {
            let mut values: Vec<String> = list.values.into_iter().collect();
            values.sort_unstable();
            let list = AccountList { values, source: list.source, at: Some(now.clone()) };
            facts.lists.insert(kind, list);
        }
        for (kind, value) in &self.real {
            crate::opening::must_be_a_list(kind, profile)?;
            facts.said.is_real(kind, value, now.clone());
        }
        for (column, what) in &self.map {
            give(&mut facts.columns, header_form(column), used_as(what, profile, &[])?);
        }
        for Replacement { column, from, to } in &self.map_values {
            let place = accounts::place_of(column, profile);
            facts.values.entry(place).or_default().insert(from.clone(), to.clone());
        }
        for (column, day_first) in &self.dates {
            facts.said.day_first.insert(header_form(column), *day_first);
        }
        for (id, answer) in &self.policies {
            // A column that only the file has is looked for when there is one.
            let one = [(id.clone(), answer.clone())].into();
            let columns = [answer.clone()];
            facts.choices.extend(profile.answers(&one, &columns)?);
        }
        for waived in &self.waive {
            let waiver = self.waiver(waived, profile)?;
            if let Some(column) = &waiver.column
                && profile.field(column).is_none()
                && !facts.columns.contains_key(column)
            {
                self.must_be_a_column(account, column, waived)?;
            }
            facts.said.stands(waiver);
        }
        for key in &self.protect {
            facts.protect(key)?;
        }
        for file in &self.recipes {
            let text = muster_engine::store::own_recipes::read(file)?;
            let recipe = Recipe::parse(&text, &file.display().to_string())?;
            facts.recipes.insert(recipe.name, text);
        }
        Ok(())
    }
}

impl Given {
    /// Refuses a column that neither the profile nor what the LMS has knows: what is let stand there would be nothing.
    fn must_be_a_column(&self, account: &OfAccount, form: &str, waived: &str) -> Result<()> {
        let table = match &self.snapshot {
            Some(file) => Some(read(file, &self.reading)?.table),
            None => account.snapshot()?.0,
        };
        let Some(table) = table else { return Ok(()) };
        if table.names().iter().any(|name| header_form(name) == form) {
            return Ok(());
        }
        let name = waived.split(':').nth(1).unwrap_or_default();
        let known: Vec<&str> = table.names().iter().map(String::as_str).collect();
        Err(Failure::state(format!("there is no column `{name}`"))
            .why("neither the profile nor the snapshot has it, so nothing would be let stand")
            .hint(format!("The columns are {}.", known.join(", "))))
    }

    fn waiver(&self, waived: &str, profile: &Profile) -> Result<Waiver> {
        let (rule, place) = waived.split_once(':').map_or((waived, None), |(r, p)| (r, Some(p)));
        if rule_index(rule).is_none() {
            return Err(no_rule(rule));
        }
        if let Some(why) = why_not_waived(rule, profile) {
            return Err(Failure::state(format!("`{rule}` cannot be let stand"))
                .why(why)
                .hint("Put right what it finds; `muster rules` tells of each."));
        }
        let (column, value) = match place {
            None => (None, ""),
            Some(place) => {
                let (column, value) = place.split_once(':').unwrap_or((place, ""));
                let form = header_form(column);
                let of = |f: &&Field| f.id == column || f.is_headed(&form);
                let field = profile.fields.iter().find(of).map(|field| field.id.clone());
                (Some(field.unwrap_or(form)), value)
            }
        };
        if is_about_one_person(rule) && value.trim().is_empty() {
            return Err(Failure::state(format!(
                "`{rule}` stands for one person, and none is named"
            ))
            .why("whoever is somebody new is nobody whom the LMS knows under another key")
            .hint("Name the column of the key, and their key: same-person:COLUMN:KEY."));
        }
        let reason = self.reason.as_deref().unwrap_or_default().trim();
        if reason.is_empty() {
            return Err(Failure::state("nobody has said why it is let stand")
                .hint("Say it with --reason, for whoever asks in a year."));
        }
        Ok(Waiver {
            rule: rule.to_owned(),
            column,
            value: value.to_owned(),
            person: None,
            reason: reason.to_owned(),
            at: clock::stamp(),
            by: muster_engine::store::account(),
        })
    }
}

fn drop_from(facts: &mut AccountFacts, what: &str) -> Result<()> {
    let (kind, name) = what.split_once('=').unwrap_or((what, ""));
    let form = header_form(name);
    let gone = match (kind, name) {
        // It is removed from the disk too, once all else is known to be right.
        ("snapshot", "") => facts.snapshot().is_some(),
        ("template", "") => facts.template.take().is_some(),
        ("connection", "") => facts.connection.take().is_some(),
        ("reports", "") => !std::mem::take(&mut facts.reports).is_empty(),
        ("list", kind) => facts.lists.remove(kind).is_some(),
        ("real", kind) => facts.said.real.remove(kind).is_some(),
        ("map", _) => facts.columns.remove(&form).is_some(),
        ("map-value", _) => {
            let of = facts.values.len();
            facts
                .values
                .retain(|place, _| header_form(place.split(':').next_back().unwrap_or("")) != form);
            of > facts.values.len()
        }
        ("waiver", rule) => {
            let of = facts.said.waivers.len();
            facts.said.waivers.retain(|waiver| waiver.rule != rule);
            of > facts.said.waivers.len()
        }
        ("protect", key) => facts.unprotect(key),
        ("dates", _) => facts.said.day_first.remove(&form).is_some(),
        ("policy", id) => facts.choices.remove(id).is_some(),
        ("recipe", name) => facts.recipes.remove(name).is_some(),
        _ => {
            return Err(Failure::state(format!("`{what}` is nothing that an account keeps"))
                .hint("There are snapshot, template, connection, reports, list=KIND, real=KIND, map=COLUMN, map-value=COLUMN, policy=NAME, recipe=NAME, waiver=RULE, dates=COLUMN, protect=KEY."));
        }
    };
    match gone {
        true => Ok(()),
        false => Err(Failure::state(format!("the account does not keep `{what}`"))
            .hint("`muster accounts show NAME` says what it keeps.")),
    }
}

/// "Hire Date=day".
fn first_of_dates(text: &str) -> std::result::Result<(String, bool), String> {
    match pair(text)? {
        (column, first) if first == "day" => Ok((column, true)),
        (column, first) if first == "month" => Ok((column, false)),
        (_, other) => Err(format!("`{other}` is neither `day` nor `month`")),
    }
}

/// What a column is used as, in words.
pub fn in_words(used: &Use) -> &str {
    match used {
        Use::Keep => "keep",
        Use::Leave => "leave",
        Use::Field { field } => field,
    }
}
