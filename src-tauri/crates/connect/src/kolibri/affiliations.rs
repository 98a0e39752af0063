//! What affiliates somebody with the facility and its classes: memberships of learners, roles of coaches and admins.

use serde_json::{Value as Json, json};

use super::errors::{refused, text};
use super::{CallError, Kolibri, Lost, Order, Repeat, Value, query, segment_of, unread};
use muster_table::error::Result;

pub struct Class {
    pub id: String,
    pub name: String,
}

/// What affiliates somebody with the facility and its classes.
#[derive(Debug, Clone, Default)]
pub struct Affiliations {
    /// Id and class.
    pub memberships: Vec<(String, String)>,
    /// Id, kind, and where.
    pub roles: Vec<(String, String, String)>,
}

/// Kinds of roles, from the highest: what Kolibri stores, and what its files call it.
const KINDS: [(&str, &str); 3] = [
    ("admin", "ADMIN"),
    ("coach", "FACILITY_COACH"),
    ("classroom assignable coach", "CLASS_COACH"),
];
pub const LEARNER: &str = "LEARNER";
pub const COACH: &str = "coach";

impl Affiliations {
    /// What Kolibri's files call the highest role that somebody has in the facility as a whole.
    pub fn kind(&self, facility: &str) -> &'static str {
        let has = |kind: &str| self.roles.iter().any(|(_, k, at)| k == kind && at == facility);
        KINDS.iter().find(|(kind, _)| has(kind)).map_or(LEARNER, |(_, word)| word)
    }
}

impl Kolibri {
    pub fn read_classes(&mut self) -> Result<()> {
        let path = format!("api/auth/classroom/?parent={}", query(&self.facility));
        let classes = self.get_list(&path, "the classes")?;
        let class = |c: &Json| Class { id: text(c, "id"), name: text(c, "name") };
        self.classes = classes.iter().map(class).collect();
        Ok(())
    }

    /// A class by its name; upper and lower case count only where two classes differ in nothing else.
    pub fn class(&self, name: &str) -> Option<&Class> {
        let exact = self.classes.iter().find(|c| c.name == name);
        exact.or_else(|| self.classes.iter().find(|c| same_class(&c.name, name)))
    }

    /// The role that somebody has in the facility as a whole.
    pub fn settle_kind(&mut self, id: &str, order: &Order) -> Result<(), CallError> {
        let Some(wanted) = order.after.get("user_type") else { return Ok(()) };
        let wanted = wanted.one().to_uppercase();
        let kind = KINDS.iter().find(|(_, word)| *word == wanted).map(|(kind, _)| *kind);
        if kind.is_none() && wanted != LEARNER {
            return Err(CallError::Refused(format!("Kolibri has no user type `{wanted}`")));
        }
        let facility = self.facility.clone();
        let affiliations = self.known.get(id).cloned().unwrap_or_default();
        let has =
            affiliations.roles.iter().any(|(_, k, at)| *at == facility && Some(k.as_str()) == kind);
        if let Some(kind) = kind.filter(|_| !has) {
            self.give_role(id, kind, &facility)?;
        }
        let extra: Vec<String> = affiliations
            .roles
            .iter()
            .filter(|(_, k, at)| match kind {
                // A learner coaches no class either.
                None => true,
                Some(kind) => *at == facility && k != kind,
            })
            .map(|(role, _, _)| role.clone())
            .collect();
        self.take_away("api/auth/role/", id, &extra)
    }

    pub fn settle_classes(&mut self, id: &str, order: &Order) -> Result<(), CallError> {
        if let Some(wanted) = order.after.get("classes") {
            let wanted = self.ids_of(wanted)?;
            let had = self.known.get(id).map(|t| t.memberships.clone()).unwrap_or_default();
            let more: Vec<Json> = wanted
                .iter()
                .filter(|class| !had.iter().any(|(_, at)| at == *class))
                .map(|class| json!({ "user": id, "collection": class }))
                .collect();
            if !more.is_empty() {
                let made = self.make_affiliations("api/auth/membership/", &more)?;
                let affiliations = self.known.entry(id.to_owned()).or_default();
                affiliations
                    .memberships
                    .extend(made.iter().map(|m| (text(m, "id"), text(m, "collection"))));
            }
            let extra: Vec<String> = had
                .iter()
                .filter(|(_, class)| self.classes.iter().any(|c| c.id == *class))
                .filter(|(_, class)| !wanted.contains(class))
                .map(|(membership, _)| membership.clone())
                .collect();
            self.take_away("api/auth/membership/", id, &extra)?;
        }
        if let Some(wanted) = order.after.get("coach_of") {
            let wanted = self.ids_of(wanted)?;
            let had = self.known.get(id).map(|t| t.roles.clone()).unwrap_or_default();
            for class in &wanted {
                if !had.iter().any(|(_, kind, at)| kind == COACH && at == class) {
                    self.give_role(id, COACH, class)?;
                }
            }
            let extra: Vec<String> = had
                .iter()
                .filter(|(_, kind, at)| {
                    kind == COACH && *at != self.facility && !wanted.contains(at)
                })
                .map(|(role, _, _)| role.clone())
                .collect();
            self.take_away("api/auth/role/", id, &extra)?;
        }
        Ok(())
    }

    fn ids_of(&self, names: &Value) -> Result<Vec<String>, CallError> {
        let id = |name: &String| {
            let class = self.class(name).map(|c| c.id.clone());
            class.ok_or_else(|| CallError::Refused(format!("this facility has no class `{name}`")))
        };
        names.many().iter().map(id).collect()
    }

    fn give_role(&mut self, id: &str, kind: &str, at: &str) -> Result<(), CallError> {
        let body = json!({ "user": id, "collection": at, "kind": kind });
        let made = self.make_affiliations("api/auth/role/", &[body])?;
        let affiliations = self.known.entry(id.to_owned()).or_default();
        affiliations
            .roles
            .extend(made.iter().map(|r| (text(r, "id"), text(r, "kind"), text(r, "collection"))));
        Ok(())
    }

    /// Makes memberships or roles. One that is there already makes Kolibri answer with a fault of its own and a page.
    fn make_affiliations(&mut self, path: &str, all: &[Json]) -> Result<Vec<Json>, CallError> {
        let body = match all {
            [one] => one.clone(),
            _ => Json::Array(all.to_vec()),
        };
        let reply = self.write("POST", path, Some(&body), Repeat::Once)?;
        if !reply.is_fine() {
            return Err(refused(&reply));
        }
        let said = reply.message();
        let made = match reply.json("the answer").map_err(Lost::Unknown)? {
            Json::Array(all) => all,
            one => vec![one],
        };
        if made.iter().any(|tie| text(tie, "id").is_empty()) {
            return Err(CallError::Lost(Lost::Unknown(unread(said))));
        }
        Ok(made)
    }

    fn take_away(
        &mut self,
        path: &str,
        id: &str,
        affiliations: &[String],
    ) -> Result<(), CallError> {
        for tie in affiliations {
            let one = format!("{path}{}/", segment_of(tie)?);
            let reply = self.write("DELETE", &one, None, Repeat::Safe)?;
            if !reply.is_fine() && reply.status != 404 {
                return Err(refused(&reply));
            }
            let left = self.known.entry(id.to_owned()).or_default();
            left.memberships.retain(|(membership, _)| membership != tie);
            left.roles.retain(|(role, _, _)| role != tie);
        }
        Ok(())
    }
}

pub fn same_class(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
