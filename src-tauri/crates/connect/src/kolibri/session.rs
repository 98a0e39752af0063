//! Signing in to Kolibri, and its calls: every write needs a token that changes now and then.

use serde_json::{Value as Json, json};

use super::errors::{list, text};
use super::{Http, Kolibri, Lost, Repeat, Reply};
use muster_table::error::{Failure, FailureKind, Result};

const CSRF_COOKIE: &str = "kolibri_csrftoken";
const CSRF_HEADER: &str = "X-CSRFToken";

impl Kolibri {
    /// Signs in, unless that is done. Kolibri ends a session after twenty minutes without a call.
    pub fn sign_in(&mut self) -> Result<()> {
        if !self.facility.is_empty() {
            return Ok(());
        }
        let facilities = self.http.get("api/public/v1/facility/", "the list of facilities")?;
        let facility = self.choose(list(&facilities))?;
        let id = text(&facility, "id");
        // The answer is a refusal, and brings the token that every write needs.
        self.http
            .call("GET", "api/auth/session/current/", &[], None, Repeat::Safe)
            .map_err(Lost::failure)?;
        let body = json!({
            "username": self.user, "password": self.password.reveal(), "facility": id,
        });
        let token = self.http.cookie(CSRF_COOKIE).unwrap_or_default();
        let reply = self
            .http
            .call("POST", "api/auth/session/", &[(CSRF_HEADER, &token)], Some(&body), Repeat::Safe)
            .map_err(Lost::failure)?;
        if !reply.is_fine() {
            return Err(Failure::new(FailureKind::Refused, "Kolibri did not let Muster sign in")
                .why(if reply.status == 401 {
                    "the username or the password is wrong".to_owned()
                } else {
                    reply.message()
                })
                .hint("Correct them in the connection, then try again."));
        }
        let session = reply.json("the answer to signing in")?;
        let kinds: Vec<String> =
            list(&session["kind"]).iter().filter_map(|k| Some(k.as_str()?.to_owned())).collect();
        if !kinds.iter().any(|kind| kind == "admin" || kind == "superuser") {
            return Err(Failure::new(
                FailureKind::Refused,
                format!("`{}` may not change people", self.user),
            )
            .why("it is no admin of this facility")
            .hint("Use the account of an admin."));
        }
        self.me = text(&session, "user_id");
        self.facility_named = text(&facility, "name");
        self.facility = id;
        Ok(())
    }

    fn choose(&self, facilities: &[Json]) -> Result<Json> {
        let wanted = self.facility_named.trim();
        let named =
            |f: &&Json| text(f, "name").eq_ignore_ascii_case(wanted) || text(f, "id") == wanted;
        let found: Vec<&Json> = match wanted {
            "" => facilities.iter().collect(),
            _ => facilities.iter().filter(named).collect(),
        };
        let names: Vec<String> =
            facilities.iter().map(|f| format!("`{}`", text(f, "name"))).collect();
        match found.as_slice() {
            [one] => Ok((*one).clone()),
            [] if wanted.is_empty() => {
                Err(Failure::new(FailureKind::Network, "this Kolibri has no facility"))
            }
            [] => Err(Failure::state(format!("there is no facility `{wanted}`"))
                .hint(format!("There are {}.", names.join(", ")))),
            _ => Err(Failure::state("this Kolibri has several facilities")
                .hint(format!("Choose one as `facility`: {}.", names.join(", ")))),
        }
    }

    pub fn get(&mut self, path: &str, what: &str) -> Result<Json> {
        let reply = self.http.call("GET", path, &[], None, Repeat::Safe).map_err(Lost::failure)?;
        if !self.signed_out(&reply) {
            return reply.json(what);
        }
        self.facility.clear();
        self.sign_in()?;
        self.http.get(path, what)
    }

    /// Everything of a kind, which Kolibri tells in one piece.
    pub fn get_list(&mut self, path: &str, what: &str) -> Result<Vec<Json>> {
        self.http.expects(0);
        let Json::Array(all) = self.get(path, what)? else {
            return Err(Failure::new(FailureKind::Network, format!("{what} could not be read"))
                .why("the answer is no list")
                .hint("Check the address, then try again."));
        };
        self.http.within(what, all.len(), 1)?;
        Ok(all)
    }

    fn signed_out(&self, reply: &Reply) -> bool {
        matches!(reply.status, 401 | 403)
    }

    pub fn write(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&Json>,
        repeat: Repeat,
    ) -> Result<Reply, Lost> {
        let call = |http: &Http| {
            // It changes now and then.
            let token = http.cookie(CSRF_COOKIE).unwrap_or_default();
            http.call(method, path, &[(CSRF_HEADER, &token)], body, repeat)
        };
        let mut reply = call(&self.http)?;
        if self.signed_out(&reply) {
            self.facility.clear();
            self.sign_in().map_err(Lost::NotSent)?;
            reply = call(&self.http)?;
        }
        self.wrote |= reply.is_fine();
        Ok(reply)
    }
}
