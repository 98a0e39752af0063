//! Whom a Moodle has, as far as the token may see it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::super::http::{Repeat, said};
use super::super::link::{OnProgress, RemotePerson};
use super::super::yes_or_no::{is_yes, yes_or_no};
use super::calls::{CallError, Fields, NO_ACCESS, list, text, written};
use super::{COHORTS, EMAIL, GUEST, Moodle, SUSPENDED, USERNAME};
use muster_plan::push::{ACTIVE, Order, Value, Values};
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::words::people;

/// Whose the token is, where the site tells it.
#[derive(Debug, Clone)]
pub(super) enum Site {
    Told(SiteInfo),
    /// Why it does not.
    Untold(String),
}

#[derive(Debug, Clone)]
pub(super) struct SiteInfo {
    pub user_id: String,
    pub username: String,
    /// A site administrator sees everything, and may suspend other administrators.
    pub is_admin: bool,
    pub release: String,
}

/// Cohorts as they were read.
#[derive(Debug, Clone, Default)]
pub(super) struct Cohorts {
    /// The site's id of each, by the name that a roster has for it.
    ids: BTreeMap<String, String>,
    /// The names of those of which somebody is a member, by the person's id.
    members: BTreeMap<String, BTreeSet<String>>,
}

impl Cohorts {
    /// The site's id of a cohort. As in an upload, a name of digits alone is that id.
    pub fn named(&self, name: &str) -> Option<&str> {
        self.ids.get(name.trim()).map(String::as_str)
    }

    fn of(&self, person: &str) -> Vec<String> {
        self.members.get(person).into_iter().flatten().cloned().collect()
    }
}

/// What a roster calls a cohort: its ID number, or where that is nothing, or could be taken for an id, the id itself.
fn cohort_name(cohort: &Json) -> String {
    let number = text(cohort, "idnumber").trim().to_owned();
    let is_an_id = number.bytes().all(|b| b.is_ascii_digit());
    if is_an_id { text(cohort, "id") } else { number }
}

/// Values that Moodle tells of a person to whoever may see them; what is blank of these it leaves out.
const TOLD: [&str; 16] = [
    USERNAME,
    "firstname",
    "lastname",
    EMAIL,
    "address",
    "phone1",
    "phone2",
    "department",
    "institution",
    "idnumber",
    "auth",
    ACTIVE,
    "lang",
    "timezone",
    "city",
    "country",
];
/// Of these, those that come with the department, which is told to whoever may see it, blank or not.
const WITH_DEPARTMENT: [&str; 2] = ["idnumber", "institution"];
/// Members are asked of so many cohorts at a time.
const COHORTS_AT_ONCE: usize = 100;

impl Moodle {
    /// Whose the token is; asked once.
    pub(super) fn site(&mut self) -> Result<&Site> {
        if self.site.is_none() {
            let function = "core_webservice_get_site_info";
            let site = match self.ask(function, Fields::new(), Repeat::Safe) {
                Ok(info) => Site::Told(SiteInfo {
                    user_id: text(&info, "userid"),
                    username: text(&info, "username"),
                    is_admin: is_yes(&info["userissiteadmin"]),
                    release: text(&info, "release"),
                }),
                Err(CallError::Said { code, words }) if code == NO_ACCESS => Site::Untold(words),
                Err(no) => return Err(no.failure("Moodle did not let Muster in", function)),
            };
            self.site = Some(site);
        }
        self.site.as_ref().ok_or_else(|| Failure::internal("the site was not asked"))
    }

    fn is_admin(&self) -> bool {
        matches!(&self.site, Some(Site::Told(site)) if site.is_admin)
    }

    /// Whether Moodle says what it holds under a name, to this token.
    pub(super) fn tells(&self, name: &str) -> bool {
        match name {
            COHORTS => self.cohorts.is_some(),
            _ => self.told.contains(name),
        }
    }

    pub(super) fn everybody(&mut self, on_progress: OnProgress) -> Result<Vec<RemotePerson>> {
        self.doubts.clear();
        if let Site::Untold(why) = self.site()?.clone() {
            self.doubts.push(format!(
                "Moodle does not tell whose account the token is ({why}): add the function core_webservice_get_site_info to its service. Until then nobody is suspended, deleted or renamed from here."
            ));
        }
        // A person is told only where what was searched is not blank in what the token may see. Nobody has neither name.
        let mut users: BTreeMap<u64, Json> = BTreeMap::new();
        for (done, field) in ["lastname", "firstname"].into_iter().enumerate() {
            if !on_progress("Asking Moodle for its users", done, 2) {
                return Err(super::super::http::cancelled());
            }
            self.http.expects(users.len());
            for user in self.look_up(field, "%")? {
                users.insert(user["id"].as_u64().unwrap_or(0), user);
            }
        }
        let users: Vec<Json> = users.into_values().collect();
        self.see_what_is_told(&users)?;
        if self.with_cohorts {
            self.read_cohorts(on_progress)?;
        }
        self.by_email = users
            .iter()
            .map(|user| (text(user, EMAIL).to_lowercase(), text(user, USERNAME)))
            .filter(|(email, _)| !email.is_empty())
            .collect();
        let been_there = users.iter().filter(|user| user["lastaccess"].as_u64().unwrap_or(0) > 0);
        self.logged_in = been_there.map(|user| text(user, "id")).collect();
        Ok(users.iter().map(|user| self.entry(user)).collect())
    }

    pub(super) fn one(&mut self, order: &Order) -> Result<Option<RemotePerson>> {
        let mut found = self.look_up(USERNAME, &order.login.to_lowercase())?;
        // Perhaps what is asked after was to give them another name.
        let renamed = order.after.get(USERNAME).map(|name| name.one().to_lowercase());
        if let Some(name) =
            renamed.filter(|name| found.is_empty() && *name != order.login.to_lowercase())
        {
            found = self.look_up(USERNAME, &name)?;
        }
        let Some(user) = found.first() else { return Ok(None) };
        let named = [&order.before, &order.after].into_iter().filter_map(|v| v.get(COHORTS));
        let named: BTreeSet<String> = named.flat_map(Value::many).cloned().collect();
        if self.cohorts.is_some() && !named.is_empty() {
            self.read_members(&named)?;
        }
        Ok(Some(self.entry(user)))
    }

    /// The users whose field has a value; `%` is any, but not none.
    pub(super) fn look_up(&mut self, field: &str, value: &str) -> Result<Vec<Json>> {
        let function = "core_user_get_users";
        let fields = vec![
            ("criteria[0][key]".to_owned(), field.to_owned()),
            ("criteria[0][value]".to_owned(), value.to_owned()),
        ];
        let mut found = self
            .ask(function, fields, Repeat::Safe)
            .map_err(|no| no.failure("Moodle did not tell its users", function))?;
        // A key that this Moodle does not know is passed over, and everybody comes back.
        if let Some(warning) = list(&found["warnings"]).first() {
            return Err(Failure::new(
                FailureKind::Refused,
                "Moodle did not search as it was asked",
            )
            .why(said(&text(warning, "message"))));
        }
        match found["users"].take() {
            Json::Array(users) => Ok(users),
            _ => Err(Failure::new(FailureKind::Network, "the users could not be read")
                .why("the answer has no list of users")),
        }
    }

    /// Goes by what is there which values this token is told. What it is not told is no blank.
    fn see_what_is_told(&mut self, users: &[Json]) -> Result<()> {
        let people_there = || users.iter().filter(|user| text(user, USERNAME) != GUEST);
        let nameless = users.iter().filter(|user| text(user, USERNAME).is_empty()).count();
        // Whoever has none is told with a blank one; what this token may not see is not there.
        let without_email = people_there().filter(|user| user.get(EMAIL).is_none()).count();
        let is_email_hidden = without_email > 0;
        if nameless > 0 {
            let failure = Failure::new(
                FailureKind::Refused,
                format!("Moodle tells {} without their username", people(nameless)),
            )
            .why("the token's account may not see all details of users, and nobody could be told from another");
            return Err(failure.hint(match is_email_hidden {
                false => "Give its role the capability moodle/user:viewalldetails, in the whole site.".to_owned(),
                true => format!("Give its role the capability moodle/user:viewalldetails, in the whole site, and moodle/site:viewuseridentity: {} come without their e-mail too.", people(without_email)),
            }));
        }
        if users.iter().any(|user| yes_or_no(&user[SUSPENDED]).is_err()) {
            return Err(Failure::new(
                FailureKind::Refused,
                "Moodle does not say of everybody whether they are suspended",
            )
            .why("what it says of one of them is neither yes nor no"));
        }
        self.told = users
            .iter()
            .flat_map(|user| user.as_object().into_iter().flatten())
            .map(|(name, _)| if name == SUSPENDED { ACTIVE } else { name })
            .map(str::to_owned)
            .collect();
        if self.is_admin() {
            self.told.extend(TOLD.map(str::to_owned));
        }
        if self.told.contains("department") {
            self.told.extend(WITH_DEPARTMENT.map(str::to_owned));
        }
        // Middle names and the like are never told; a description comes back as a page, whatever was written.
        self.told.retain(|name| TOLD.contains(&name.as_str()));
        if is_email_hidden {
            self.told.remove(EMAIL);
            self.doubts.push(format!(
                "Moodle tells {} without their e-mail: the token's account lacks the capability moodle/site:viewuseridentity. E-mails are therefore neither compared nor shown.",
                people(without_email)
            ));
        }
        Ok(())
    }

    fn read_cohorts(&mut self, on_progress: OnProgress) -> Result<()> {
        if !on_progress("Asking Moodle for its cohorts", 0, 1) {
            return Err(super::super::http::cancelled());
        }
        self.cohorts = None;
        let all = match self.ask("core_cohort_get_cohorts", Fields::new(), Repeat::Safe) {
            Ok(all) => all,
            Err(CallError::Lost(lost)) => return Err(lost.failure()),
            Err(CallError::Said { words, .. }) => return self.without_cohorts(&words),
        };
        let ids = list(&all).iter().map(|cohort| (cohort_name(cohort), text(cohort, "id")));
        self.cohorts = Some(Cohorts { ids: ids.collect(), members: BTreeMap::new() });
        let names = self.cohorts.iter().flat_map(|c| c.ids.keys().cloned()).collect();
        match self.ask_for_members(&names) {
            Ok(()) => Ok(()),
            Err(CallError::Lost(lost)) => Err(lost.failure()),
            Err(CallError::Said { words, .. }) => self.without_cohorts(&words),
        }
    }

    fn without_cohorts(&mut self, words: &str) -> Result<()> {
        self.cohorts = None;
        self.doubts.push(format!(
            "In which cohorts people are could not be read ({words}). The token's service needs the functions core_cohort_get_cohorts and core_cohort_get_cohort_members, and its account the capability moodle/cohort:view. Cohorts are therefore neither compared nor changed."
        ));
        Ok(())
    }

    fn read_members(&mut self, names: &BTreeSet<String>) -> Result<()> {
        let function = "core_cohort_get_cohort_members";
        self.ask_for_members(names)
            .map_err(|no| no.failure("Moodle did not tell who is in its cohorts", function))
    }

    fn ask_for_members(&mut self, names: &BTreeSet<String>) -> Result<(), CallError> {
        let Some(cohorts) = &self.cohorts else { return Ok(()) };
        let known: Vec<(String, String)> = names
            .iter()
            .filter_map(|name| Some((cohorts.named(name)?.to_owned(), name.clone())))
            .collect();
        for some in known.chunks(COHORTS_AT_ONCE) {
            let fields = some.iter().enumerate();
            let fields =
                fields.map(|(n, (id, _))| (format!("cohortids[{n}]"), id.clone())).collect();
            let told = self.ask("core_cohort_get_cohort_members", fields, Repeat::Safe)?;
            let Some(cohorts) = &mut self.cohorts else { return Ok(()) };
            for of in cohorts.members.values_mut() {
                of.retain(|name| some.iter().all(|(_, other)| other != name));
            }
            for cohort in list(&told) {
                let id = text(cohort, "cohortid");
                let Some((_, name)) = some.iter().find(|(known, _)| *known == id) else { continue };
                for person in list(&cohort["userids"]) {
                    let of = cohorts.members.entry(written(person)).or_default();
                    of.insert(name.clone());
                }
            }
        }
        Ok(())
    }

    fn entry(&self, user: &Json) -> RemotePerson {
        let id = text(user, "id");
        let mut values = Values::new();
        for name in self.told.iter().filter(|name| TOLD.contains(&name.as_str())) {
            let value = match name.as_str() {
                ACTIVE => (!is_yes(&user[SUSPENDED])).to_string(),
                // A blank is not told.
                _ => text(user, name),
            };
            values.insert(name.clone(), Value::One(value));
        }
        if let Some(cohorts) = &self.cohorts {
            values.insert(COHORTS.to_owned(), Value::Many(cohorts.of(&id)));
        }
        RemotePerson { login: text(user, USERNAME), id, values }
    }
}
