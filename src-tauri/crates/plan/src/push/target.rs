//! Where a connection leads: which connector, which address, whose account. Nothing secret.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use muster_roster::profile::connector::{CONNECTORS, Connector, connector};
use muster_roster::profile::{header_form, is_secret_name};
use muster_table::error::{Failure, FailureKind, Result};

/// An LMS that can be reached, as a person names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// A connector's id.
    pub connector: String,
    /// `https://lms.example.com/`, without account and secret.
    pub address: String,
    /// The account; empty where a token alone says who asks.
    pub user: String,
    /// Further answers that this connector asks for, such as `facility`.
    pub options: BTreeMap<String, String>,
}

impl Target {
    /// Reads `kolibri+http://127.0.0.1:8080/` or `sftp://name@example.com/drop/roster.csv`.
    ///
    /// Fails with kind `State` where it is no such address or has a password, a token or anything else behind a `?` in it,
    /// and with `Refused` where it would be reached without encryption and is not on this computer.
    ///
    /// ```
    /// use muster_plan::push::Target;
    ///
    /// # fn main() -> muster_table::error::Result<()> {
    /// let target = Target::read("sftp://ana@sftp.example.com/drop/roster.csv")?;
    /// assert_eq!((target.connector.as_str(), target.user.as_str()), ("sftp", "ana"));
    /// assert_eq!(target.file_name(), "roster.csv");
    /// assert!(Target::read("scim+http://lms.example.com/scim/v2").is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn read(text: &str) -> Result<Target> {
        let refuse = |why: String| {
            Failure::new(
                FailureKind::State,
                format!("`{}` is no address of an LMS", without_secret(text)),
            )
            .why(why)
            .hint(format!("Addresses look like these: {}.", examples()))
        };
        const LEAVE_OUT: &str =
            "Leave it out. Muster asks for it, and keeps it in this computer's keychain.";
        let (scheme, _) =
            text.split_once("://").ok_or_else(|| refuse("it has no `://` in it".into()))?;
        let (id, bare) = match scheme.split_once('+') {
            Some((id, _)) => (id, &text[id.len() + 1..]),
            None => (scheme, text),
        };
        let connector = connector(id)
            .filter(|c| c.is_direct())
            .ok_or_else(|| refuse(format!("Muster knows no way named `{id}`")))?;
        let mut url = Url::parse(bare).map_err(|e| refuse(e.to_string()))?;
        if !connector.schemes.contains(&url.scheme()) {
            return Err(refuse(format!(
                "{} is not reached by `{}`",
                connector.title,
                url.scheme()
            )));
        }
        if url.host().is_none() {
            return Err(refuse("it names no computer".into()));
        }
        if url.password().is_some() {
            return Err(refuse("it has a password in it, and everybody could read that".into())
                .hint(LEAVE_OUT));
        }
        if let Some(name) = secret_in(&url) {
            return Err(refuse(format!(
                "it has a secret in it (`{name}`), and everybody could read that"
            ))
            .hint(LEAVE_OUT));
        }
        if url.query().is_some() {
            return Err(refuse("no LMS is reached by what stands behind a `?`".into())
                .hint("Leave out the `?` and what stands behind it."));
        }
        if connector.user.is_empty() && !url.username().is_empty() {
            // It may be the token itself.
            return Err(Failure::state(format!(
                "what stands before the `@` in an address of {} is not needed",
                connector.title
            ))
            .why("who asks is told by the token alone")
            .hint(LEAVE_OUT));
        }
        if url.scheme() == "http" && !is_this_machine(&url) {
            return Err(Failure::new(
                FailureKind::Refused,
                format!("`{url}` would be reached without encryption"),
            )
            .why("names, addresses and the token could be read on the way")
            .hint("Use the address that begins with https://."));
        }
        let user = url.username().to_owned();
        let user = percent_decoded(&user);
        let _ = url.set_username("");
        url.set_fragment(None);
        Ok(Target { connector: id.to_owned(), address: url.into(), user, options: BTreeMap::new() })
    }

    /// The connector that it names; fails with kind `State` where this Muster has none of that id.
    pub fn connector(&self) -> Result<&'static Connector> {
        connector(&self.connector).ok_or_else(|| {
            Failure::state(format!("this Muster knows no way named `{}`", self.connector))
        })
    }

    /// The address, taken apart; one that [`Target::read`] did not make may fail, with kind `Internal`.
    pub fn url(&self) -> Result<Url> {
        Url::parse(&self.address)
            .map_err(|e| Failure::internal("the address could not be read").why(e))
    }

    /// As it is typed: `kolibri+http://127.0.0.1:8080/`.
    pub fn shown(&self) -> String {
        // Earlier versions let somebody write a token behind it.
        self.typed(self.address.split(['?', '#']).next().unwrap_or_default())
    }

    fn typed(&self, address: &str) -> String {
        let plain = |c: &Connector| c.schemes.contains(&c.id);
        let account = match self.user.as_str() {
            "" => String::new(),
            user => format!("{user}@"),
        };
        match connector(&self.connector) {
            Some(c) if plain(c) => address.replacen("://", &format!("://{account}"), 1),
            _ => format!("{}+{address}", self.connector),
        }
    }

    /// Where it leads, in one form however it was typed: the same text is the same people there. The case of the host, the
    /// usual port, a slash at the end, and by which name this computer is called say nothing.
    ///
    /// ```
    /// use muster_plan::push::Target;
    ///
    /// # fn main() -> muster_table::error::Result<()> {
    /// let place = |text: &str| Ok::<_, muster_table::error::Failure>(Target::read(text)?.place());
    /// assert_eq!(place("scim+https://LMS.example.com:443/v2/")?, place("scim+https://lms.example.com/v2")?);
    /// assert_ne!(place("scim+https://lms.example.com/v2")?, place("scim+https://lms.example.com/v3")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn place(&self) -> String {
        let Ok(url) = self.url() else { return format!("{} {}", self.connector, self.address) };
        let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_lowercase();
        let bare = host.trim_matches(['[', ']']);
        let is_here = bare == "localhost" || bare.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        let host = if is_here { "localhost" } else { bare };
        let port = url.port_or_known_default().or((url.scheme() == "sftp").then_some(22));
        let port = port.map(|port| port.to_string()).unwrap_or_default();
        let path = percent_decoded(url.path());
        // Below the home of an account.
        let user = if path.starts_with("/~/") { self.user.as_str() } else { "" };
        format!("{} {user}@{host}:{port}{}", self.connector, path.trim_end_matches('/'))
    }

    /// What its secret is kept under in the keychain: the same for the same account at the same place.
    pub fn name_of_secret(&self) -> String {
        format!("{} {}", self.user, self.typed(&self.address))
    }

    /// `roster.csv`, where the address is one of a file.
    pub fn file_name(&self) -> String {
        let last = self.address.rsplit('/').next().unwrap_or_default();
        percent_decoded(last)
    }

    /// Whether nothing secret has to be known: a key in a file may have no passphrase.
    pub fn may_lack_secret(&self) -> bool {
        self.options.contains_key(KEY)
    }

    /// `lms.example.com`.
    pub fn host(&self) -> String {
        let url = Url::parse(&self.address).ok();
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// The option that names the file of a private key.
pub const KEY: &str = "key";

/// Whether an address is one of this computer's own.
pub fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn examples() -> String {
    let direct = CONNECTORS.iter().filter(|c| c.is_direct());
    direct.map(|c| format!("`{}`", c.example)).collect::<Vec<_>>().join(", ")
}

/// The name of something secret that an address has behind its path: `token` of `?token=…`.
fn secret_in(url: &Url) -> Option<String> {
    const NAMES: [&str; 9] =
        ["token", "key", "secret", "pass", "auth", "session", "sign", "credential", "jwt"];
    let parts = url.query().into_iter().chain(url.fragment());
    let names = parts.flat_map(|part| url::form_urlencoded::parse(part.as_bytes()));
    let is_secret = |name: &str| {
        let form: String = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        NAMES.iter().any(|own| form.contains(own)) || is_secret_name(&header_form(name))
    };
    names
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, _)| name.into_owned())
        .find(|n| is_secret(n))
}

/// An address that may be told: without what stands between a colon and the last `@`, and behind a `?` or `#`. A password
/// may have any of these signs in it.
fn without_secret(text: &str) -> String {
    let from = text.find("://").map_or(0, |at| at + 3);
    let told = match (text[from..].find(':'), text.rfind('@')) {
        (Some(colon), Some(at)) if from + colon < at => {
            format!("{}{}", &text[..from + colon], &text[at..])
        }
        _ => text.to_owned(),
    };
    match told.find(['?', '#']) {
        Some(at) => format!("{}…", &told[..=at]),
        None => told,
    }
}

/// A part of an address with its `%20` as blanks; a `+` stays one, and so does an `&`.
pub fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_which_way_and_where() {
        let target = Target::read("kolibri+http://127.0.0.1:8080/").expect("read");
        assert_eq!(
            (target.connector.as_str(), target.shown().as_str()),
            ("kolibri", "kolibri+http://127.0.0.1:8080/")
        );
        let target = Target::read("kolibri+https://ana%40b@example.com/learn").expect("read");
        assert_eq!(target.user, "ana@b");
        assert!(!target.address.contains("ana"), "{}", target.address);
    }

    #[test]
    fn one_place_is_one_place_however_it_is_typed() {
        let place = |text: &str| Target::read(text).expect(text).place();
        for (one, other) in [
            ("kolibri+https://Example.com/", "kolibri+https://example.com:443"),
            ("kolibri+https://example.com./learn/", "kolibri+https://ana@EXAMPLE.com/learn"),
            ("kolibri+http://127.0.0.1:8080/", "kolibri+http://localhost:8080"),
            ("kolibri+http://[::1]:8080/", "kolibri+http://127.0.0.1:8080"),
            ("sftp://a@files.example.com/drop/x.csv", "sftp://b@FILES.example.com:22/drop/x.csv"),
            ("sftp://a@127.0.0.1/drop/caf%C3%A9.csv", "sftp://a@localhost:22/drop/café.csv"),
        ] {
            assert_eq!(place(one), place(other));
        }
        for (one, other) in [
            ("kolibri+https://example.com/", "scim+https://example.com/"),
            ("kolibri+https://example.com/a", "kolibri+https://example.com/b"),
            ("kolibri+https://example.com/", "kolibri+https://example.com:8443/"),
            ("sftp://a@files.example.com/~/x.csv", "sftp://b@files.example.com/~/x.csv"),
        ] {
            assert_ne!(place(one), place(other));
        }
    }

    #[test]
    fn signs_of_a_name_are_those_that_were_meant() {
        for (address, user, file) in [
            ("sftp://r%26d@files.example.com/drop/a&b.csv", "r&d", "a&b.csv"),
            ("sftp://a+b@files.example.com/drop/caf%C3%A9%20=1%2B2.csv", "a+b", "café =1+2.csv"),
        ] {
            let target = Target::read(address).expect("read");
            assert_eq!((&*target.user, &*target.file_name()), (user, file));
        }
    }

    #[test]
    fn what_would_go_unencrypted_over_the_network_is_refused() {
        let refused = Target::read("kolibri+http://example.com/").expect_err("refused");
        assert_eq!(refused.kind, FailureKind::Refused);
        assert!(Target::read("kolibri+http://localhost:1/").is_ok());
        assert!(Target::read("kolibri+https://example.com/").is_ok());
    }

    #[test]
    fn a_password_in_an_address_is_refused_and_not_told() {
        let refused =
            Target::read("kolibri+https://ana:hunter2@example.com/").expect_err("refused");
        assert!(!refused.to_string().contains("hunter2"), "{refused}");
    }

    #[test]
    fn a_secret_in_an_address_is_refused_and_not_told_wherever_it_stands() {
        for (address, why) in [
            ("moodle+https://lms.example.com/?wstoken=hunter2", "a secret in it (`wstoken`)"),
            ("scim+https://lms.example.com/v2?a=1&access_token=hunter2", "(`access_token`)"),
            ("scim+https://lms.example.com/v2#access_token=hunter2&a=1", "(`access_token`)"),
            ("scim+https://lms.example.com/v2?api-key=hunter2", "(`api-key`)"),
            ("edapp+https://lms.example.com/?Passwort=hunter2", "(`Passwort`)"),
            ("edapp+https://lms.example.com/?hunter2", "behind a `?`"),
            ("scim+http://lms.example.com/?x=hunter2", "behind a `?`"),
            ("scim+https://hunter2@lms.example.com/", "by the token alone"),
            ("kolibri+https://ana:hunter2@example.com/", "a password in it"),
            ("kolibri+https://ana:x@hunter2@example.com/", "a password in it"),
            ("kolibri+https://ana:hunter2/x@example.com/", ""),
            ("kolibri+https://ana:hunter2?x@example.com/", ""),
            ("kolibri+https://ana:hunter2#x@example.com/", ""),
            ("ana:hunter2@example.com", "no `://`"),
            ("nothing+https://example.com/?token=hunter2", "no way named"),
        ] {
            let refused = Target::read(address).expect_err(address).to_string();
            assert!(!refused.contains("hunter2"), "{address}: {refused}");
            assert!(refused.contains(why), "{address}: {refused}");
        }
        // What a browser shows behind the path of a page.
        assert!(Target::read("kolibri+https://kolibri.example.com/en/user/#/signin").is_ok());
    }

    #[test]
    fn a_token_that_an_earlier_version_kept_is_not_shown() {
        let mut target = Target::read("scim+https://lms.example.com/v2").expect("read");
        target.address.push_str("?token=hunter2");
        assert_eq!(target.shown(), "scim+https://lms.example.com/v2");
    }

    #[test]
    fn what_is_no_address_is_told_with_examples() {
        for text in ["", "kolibri", "ftp://x/", "kit+https://x/", "kolibri+gopher://x/"] {
            let refused = Target::read(text).expect_err(text);
            assert!(refused.hint.contains("kolibri+https://"), "{refused}");
        }
    }
}
