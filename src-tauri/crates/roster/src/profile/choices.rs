//! What was chosen of a profile's policies, read once: the only place where an answer's spelling counts.

use std::collections::BTreeMap;

use super::assignment::Rules;
use super::{Blank, Choice, OnErrors, Policy, PolicyId, Profile, header_form};
use muster_table::error::{Failure, FailureKind, Result};

/// What has one spelling in profiles, jobs, receipts and on the command line.
pub trait Spelt: Copy + PartialEq + 'static {
    /// All there are, in the order in which they are offered.
    const ALL: &'static [Self];

    /// How it is spelt in files and on the command line: "deactivate".
    fn word(self) -> &'static str;

    /// What a word means; none for a word that is not one of these.
    fn read(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.word() == word)
    }
}

/// The words of all there are.
pub fn words<S: Spelt>() -> impl Iterator<Item = &'static str> {
    S::ALL.iter().map(|one| one.word())
}

/// An enum whose variants each have a spelling, so that none can be without.
macro_rules! spelt {
    ($(#[$about:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$of])* $variant),+ }

        impl $crate::profile::Spelt for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}
pub(super) use spelt;

spelt! {
    /// What becomes of people who are not in the file.
    Missing {
        /// They stay as they are.
        Keep = "keep",
        /// They can no longer sign in, and what they did is kept.
        Deactivate = "deactivate",
        /// They are removed for good.
        Delete = "delete",
    }
}

spelt! {
    /// What the file holds.
    Scope {
        /// Everybody whom the LMS is to have.
        All = "all",
        /// Only people who are new.
        New = "new",
        /// Only people whom it changes.
        Changes = "changes",
    }
}

spelt! {
    /// What becomes of several values, such as groups, of somebody who has some already.
    AddOrReplace {
        /// The file's stand beside those that the LMS has.
        Add = "add",
        /// The file's take the place of the LMS's.
        Replace = "replace",
    }
}

spelt! {
    /// Whether new people get a mail.
    Invitations {
        /// Nobody gets one.
        Off = "off",
        /// Everybody gets one who is new.
        On = "on",
    }
}

spelt! {
    /// What becomes of a group that the LMS does not have.
    NewGroups {
        /// None is made; whoever would be put into it is held back.
        Refuse = "refuse",
        /// It is made before the people are sent.
        Create = "create",
    }
}

spelt! {
    /// Whether the LMS makes a field for everybody of a column that it does not know.
    NewFields {
        /// It makes none, and the column is not sent.
        Refuse = "refuse",
        /// It makes one, for everybody and not only for those in the file.
        Accept = "accept",
    }
}

impl Spelt for Blank {
    const ALL: &'static [Self] = &[Blank::Keep, Blank::Clear];

    fn word(self) -> &'static str {
        match self {
            Blank::Keep => "keep",
            Blank::Clear => "clear",
        }
    }
}

impl Spelt for OnErrors {
    const ALL: &'static [Self] = &[OnErrors::Stop, OnErrors::Skip];

    fn word(self) -> &'static str {
        match self {
            OnErrors::Stop => "stop",
            OnErrors::Skip => "skip",
        }
    }
}

/// The choices of a push: those that somebody made, and the profile's defaults for the rest.
///
/// None stands where the profile asks nothing of the kind, and where it asks and nobody has answered:
/// [`Profile::policy`] tells these apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// What becomes of people who are not in the file.
    pub missing: Option<Missing>,
    /// What the file holds: everybody, or only whom it is about.
    pub scope: Option<Scope>,
    /// Whether somebody said what the file holds; the default is nobody's word.
    pub scope_is_said: bool,
    /// Whether somebody said by which column people are known; the default is nobody's word.
    pub key_is_said: bool,
    /// What a blank cell does to somebody who exists.
    pub blanks: Option<Blank>,
    /// Whether new people get a mail.
    pub invitations: Option<Invitations>,
    /// What becomes of groups that the LMS does not have.
    pub new_groups: Option<NewGroups>,
    /// What becomes of columns that the LMS does not know.
    pub new_fields: Option<NewFields>,
    /// Whether an error stops the whole file or only its row.
    pub errors: Option<OnErrors>,
    /// How many people the licence allows.
    pub seats: Option<u32>,
    /// Groups that the import gives to everybody whom it has.
    pub import_groups: Vec<String>,
    /// By which rules the LMS puts new people into groups.
    pub assignment: Rules,
    /// By the field's id.
    values: BTreeMap<String, AddOrReplace>,
    /// All of it as it is kept, by the policy's id.
    written: BTreeMap<String, String>,
}

impl Choices {
    /// What holds unless somebody chooses otherwise.
    pub fn defaults(profile: &Profile) -> Choices {
        Choices::of(profile, &BTreeMap::new())
    }

    /// Answers as they were kept, and the profile's defaults for the rest. What the profile does not ask or take is
    /// passed over: it was answered for another LMS.
    pub fn of(profile: &Profile, answers: &BTreeMap<String, String>) -> Choices {
        let mut choices = Choices::default();
        for policy in &profile.policies {
            let answered =
                answers.get(&policy.id).filter(|answer| policy.refuses(answer).is_none());
            if let Some(answer) = answered.or(policy.default.as_ref()) {
                choices.answer(policy, answer);
            }
            choices.scope_is_said |= answered.is_some() && policy.known() == Some(PolicyId::Scope);
            choices.key_is_said |=
                answered.is_some() && policy.known() == Some(PolicyId::SyncField);
        }
        choices
    }

    /// What somebody asks for, checked: see [`Profile::answers`].
    pub fn asked(
        profile: &Profile,
        asked: &BTreeMap<String, String>,
        columns: &[String],
    ) -> Result<Choices> {
        Ok(Choices::of(profile, &profile.answers(asked, columns)?))
    }

    /// The choices of a push that was frozen. Its profile may be another one by now, or gone.
    pub fn recorded(written: &BTreeMap<String, String>) -> Choices {
        let mut choices = Choices { written: written.clone(), ..Choices::default() };
        for (id, answer) in written {
            if let Some(id) = PolicyId::read(id) {
                choices.read(id, answer);
            }
        }
        choices
    }

    /// Answers one policy.
    pub fn answer(&mut self, policy: &Policy, answer: &str) {
        match (policy.known(), &policy.field) {
            (_, Some(field)) => {
                self.values
                    .extend(AddOrReplace::read(answer).map(|values| (field.clone(), values)));
            }
            (Some(id), None) => self.read(id, answer),
            (None, None) => {}
        }
        self.written.insert(policy.id.clone(), answer.to_owned());
    }

    fn read(&mut self, id: PolicyId, answer: &str) {
        match id {
            PolicyId::Missing => self.missing = Missing::read(answer),
            PolicyId::Scope => self.scope = Scope::read(answer),
            PolicyId::Blanks => self.blanks = Blank::read(answer),
            PolicyId::Invitations => self.invitations = Invitations::read(answer),
            PolicyId::NewGroups => self.new_groups = NewGroups::read(answer),
            PolicyId::NewFields => self.new_fields = NewFields::read(answer),
            PolicyId::Errors => self.errors = OnErrors::read(answer),
            PolicyId::Seats => self.seats = answer.trim().parse().ok(),
            PolicyId::ImportGroups => {
                let groups = answer.split(';').map(str::trim).filter(|group| !group.is_empty());
                self.import_groups = groups.map(str::to_owned).collect();
            }
            PolicyId::Assignment => self.assignment = Rules::read(answer).unwrap_or_default(),
            // Of several values it is the field that counts, a column becomes the key, and words are passed on.
            PolicyId::Groups
            | PolicyId::Roles
            | PolicyId::SyncField
            | PolicyId::Message
            | PolicyId::Notes => {}
        }
    }

    /// What becomes of several values of a field; none where nobody chose or the LMS asks nothing.
    pub fn values_of(&self, field: &str) -> Option<AddOrReplace> {
        self.values.get(field).copied()
    }

    /// What was answered to a policy, as it is kept.
    pub fn answer_to(&self, policy: &Policy) -> Option<&str> {
        self.written.get(&policy.id).map(String::as_str)
    }

    /// What was chosen of a policy, as the profile puts it.
    pub fn chosen<'p>(&self, profile: &'p Profile, id: PolicyId) -> Option<&'p Choice> {
        let policy = profile.policy(id)?;
        policy.choice(self.answer_to(policy)?)
    }

    /// Whom the LMS leaves as they are by what was chosen, where no file shows who that is.
    pub fn passes_over<'p>(&self, profile: &'p Profile) -> Option<&'p str> {
        let chosen = |policy: &'p Policy| policy.choice(self.answer_to(policy)?);
        profile.policies.iter().filter_map(chosen).find_map(|choice| choice.passes_over.as_deref())
    }

    /// Everything as it is kept in jobs, pushes and receipts, by the policies' ids.
    pub fn written(&self) -> &BTreeMap<String, String> {
        &self.written
    }

    /// Whether the LMS takes away whoever is not in the file.
    pub fn takes_missing(&self) -> bool {
        matches!(self.missing, Some(Missing::Deactivate | Missing::Delete))
    }

    /// Whether the file is meant to hold only some of the people.
    pub fn is_partial(&self) -> bool {
        matches!(self.scope, Some(Scope::New | Scope::Changes))
    }
}

impl Profile {
    /// What becomes of people whom the file leaves out, by what was chosen or as the vendor says; none where nobody has
    /// written it down.
    pub fn says_of_left_out<'p>(&'p self, choices: &Choices) -> Option<&'p str> {
        const RULE: &str = "person-missing";
        let chosen = choices.chosen(self, PolicyId::Missing).map(|choice| choice.says.as_str());
        let written = || {
            let rule = self.rules.get(RULE).filter(|rule| rule.is_documented())?;
            Some(rule.why.as_str())
        };
        chosen.or_else(written).filter(|says| !says.is_empty())
    }

    /// Answers as they are kept, by policy: a choice by its id, a column by its header in the file, whichever way
    /// somebody wrote them. One that the LMS does not ask for or does not take is refused with those that it does.
    pub fn answers(
        &self,
        asked: &BTreeMap<String, String>,
        columns: &[String],
    ) -> Result<BTreeMap<String, String>> {
        let kept = |(id, answer): (&String, &String)| {
            let policy = self.policy_named(id).ok_or_else(|| self.asks_no(id))?;
            Ok((id.clone(), self.kept(policy, answer, columns)?))
        };
        asked.iter().map(kept).collect()
    }

    fn asks_no(&self, id: &str) -> Failure {
        let known: Vec<&str> = self.policies.iter().map(|p| p.id.as_str()).collect();
        let hint = match known.as_slice() {
            [] => "Leave it out.".to_owned(),
            known => format!("It leaves you these: {}.", known.join(", ")),
        };
        Failure::new(FailureKind::Refused, format!("{} has no choice named `{id}`", self.called()))
            .hint(hint)
    }

    fn kept(&self, policy: &Policy, answer: &str, columns: &[String]) -> Result<String> {
        let refuse = |what: String, takes: &str| {
            let hint = format!("{} takes: {takes}.", self.called());
            Err(Failure::new(FailureKind::Refused, what).hint(hint))
        };
        if policy.known() == Some(PolicyId::SyncField) {
            return match self.column_meant(policy, answer, columns) {
                Some(kept) => Ok(kept),
                None if answer.trim().is_empty() => {
                    refuse(format!("`{}` is blank", policy.id), &policy.columns(columns))
                }
                None => refuse(
                    format!("`{answer}` is no column that `{}` can be", policy.id),
                    &policy.columns(columns),
                ),
            };
        }
        match policy.refuses(answer) {
            None => Ok(answer.to_owned()),
            Some(takes) => refuse(format!("`{answer}` is no choice for `{}`", policy.id), &takes),
        }
    }

    /// The choice whose column is meant by its id or header; else, where any will do, the column as the file has it.
    fn column_meant(&self, policy: &Policy, answer: &str, columns: &[String]) -> Option<String> {
        if policy.choice(answer).is_some() {
            return Some(answer.to_owned());
        }
        let form = header_form(answer);
        if form.is_empty() {
            return None;
        }
        let field = self.fields.iter().find(|f| f.id == answer || f.is_headed(&form));
        let by_choice = field.and_then(|f| policy.choices.iter().find(|c| c.column() == f.id));
        if let Some(choice) = by_choice {
            return Some(choice.id.clone());
        }
        if !policy.takes_any_column() {
            return None;
        }
        let is_it = |name: &&String| {
            let named = header_form(name);
            named == form || field.is_some_and(|field| field.is_headed(&named))
        };
        let header = columns.iter().find(is_it).or_else(|| field.and_then(|f| f.headers.first()));
        header.cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(id: &str) -> Profile {
        Profile::built_in(id).expect("built in")
    }

    fn map(answers: &[(&str, &str)]) -> BTreeMap<String, String> {
        answers.iter().map(|(id, answer)| ((*id).to_owned(), (*answer).to_owned())).collect()
    }

    fn spellings<S: Spelt + std::fmt::Debug>() {
        for one in S::ALL {
            assert_eq!(S::read(one.word()), Some(*one));
            assert_eq!(S::ALL.iter().filter(|other| other.word() == one.word()).count(), 1);
        }
    }

    #[test]
    fn every_spelling_reads_back_as_what_it_spells() {
        spellings::<PolicyId>();
        spellings::<Missing>();
        spellings::<Scope>();
        spellings::<AddOrReplace>();
        spellings::<Invitations>();
        spellings::<NewGroups>();
        spellings::<NewFields>();
        spellings::<Blank>();
        spellings::<OnErrors>();
    }

    /// Whether Muster read an answer, and not only keeps it.
    fn is_read(choices: &Choices, policy: &Policy) -> bool {
        let Some(id) = policy.known().filter(|_| policy.field.is_none()) else {
            return policy.field.as_ref().is_some_and(|f| choices.values_of(f).is_some());
        };
        match id {
            PolicyId::Missing => choices.missing.is_some(),
            PolicyId::Scope => choices.scope.is_some(),
            PolicyId::Blanks => choices.blanks.is_some(),
            PolicyId::Invitations => choices.invitations.is_some(),
            PolicyId::NewGroups => choices.new_groups.is_some(),
            PolicyId::NewFields => choices.new_fields.is_some(),
            PolicyId::Errors => choices.errors.is_some(),
            other => panic!("`{}` gives no choice", other.word()),
        }
    }

    #[test]
    fn every_choice_of_every_built_in_profile_is_read_and_kept_as_it_was() {
        let mut read = 0;
        for (id, _) in crate::profile::BUILT_IN {
            let whole = profile(id);
            let ways = whole.connectors.values().map(|mapping| mapping.policies.clone());
            for policies in ways.chain([whole.policies.clone()]) {
                let profile = Profile { policies, ..whole.clone() };
                for policy in &profile.policies {
                    for choice in &policy.choices {
                        let answers = map(&[(&policy.id, &choice.id)]);
                        let choices = Choices::asked(&profile, &answers, &[]).expect("taken");
                        assert_eq!(choices.answer_to(policy), Some(choice.id.as_str()), "{id}");
                        if policy.own || policy.known() == Some(PolicyId::SyncField) {
                            continue;
                        }
                        assert!(is_read(&choices, policy), "{id}: {}={}", policy.id, choice.id);
                        read += 1;
                    }
                }
            }
        }
        assert!(read > 50, "{read}");
    }

    #[test]
    fn what_is_not_asked_not_answered_and_answered_stay_apart() {
        let emtrain = profile("emtrain-learners");
        let none = Choices::defaults(&emtrain);
        assert!(emtrain.policy(PolicyId::Blanks).is_some() && none.blanks.is_none());
        assert_eq!((none.missing, none.takes_missing()), (Some(Missing::Keep), false));
        assert!(emtrain.policy(PolicyId::Invitations).is_none() && none.invitations.is_none());
        let all = map(&[("blanks", "clear"), ("missing", "deactivate"), ("invitations", "on")]);
        let chosen = Choices::of(&emtrain, &all);
        assert_eq!((chosen.blanks, chosen.takes_missing()), (Some(Blank::Clear), true));
        assert_eq!(chosen.invitations, None, "it was answered for another LMS");
        let kept = map(&[
            ("blanks", "clear"),
            ("missing", "deactivate"),
            ("scope", "all"),
            ("sync-field", "unique_key"),
        ]);
        assert_eq!(chosen.written(), &kept);

        let roster = profile("emtrain-roster");
        assert!(!Choices::defaults(&roster).scope_is_said);
        let said = Choices::of(&roster, &map(&[("scope", "all")]));
        assert_eq!((said.scope, said.scope_is_said), (Some(Scope::All), true));
    }

    #[test]
    fn a_push_of_which_only_the_record_is_left_is_read_without_its_profile() {
        let written =
            map(&[("new-groups", "create"), ("invitations", "on"), ("stickiness", "keep")]);
        let choices = Choices::recorded(&written);
        assert_eq!(choices.new_groups, Some(NewGroups::Create));
        assert_eq!(choices.invitations, Some(Invitations::On));
        assert_eq!(choices.written(), &written);
    }

    #[test]
    fn a_column_is_named_by_its_field_or_its_header_and_kept_in_one_form() {
        let columns = ["First Name", "e-mail", "EMPLOYEE ID", "Shoe size"].map(String::from);
        let kept = |id: &str, answer: &str| {
            let answers = profile(id).answers(&map(&[("sync-field", answer)]), &columns);
            answers.map(|all| all["sync-field"].clone())
        };
        for written in ["employee_id", "Employee ID", "employee id"] {
            assert_eq!(kept("emtrain-roster", written).expect("taken"), "employee_id");
        }
        assert_eq!(kept("emtrain-roster", "Email").expect("taken"), "email");
        // Any column will do here, and the file says how it is headed.
        assert_eq!(kept("emtrain-learners", "Employee ID").expect("taken"), "EMPLOYEE ID");
        assert_eq!(kept("emtrain-learners", "shoe-size").expect("taken"), "Shoe size");
        assert_eq!(kept("emtrain-learners", "Unique Key").expect("taken"), "unique_key");
        for (id, written) in [
            ("emtrain-roster", "Shoe size"),
            ("emtrain-roster", "First Name"),
            ("emtrain-learners", "Badge"),
            ("emtrain-learners", "--"),
        ] {
            let refused = kept(id, written).expect_err("neither");
            assert_eq!(refused.what, format!("`{written}` is no column that `sync-field` can be"));
        }
        let hint = kept("emtrain-roster", "Badge").expect_err("neither").hint;
        assert_eq!(hint, "Emtrain takes: email, employee_id, or the header of one of these.");
        let hint = kept("emtrain-learners", "Badge").expect_err("neither").hint;
        assert!(hint.contains("unique_key, or a column of the file: `First Name`, "), "{hint}");
    }
}
