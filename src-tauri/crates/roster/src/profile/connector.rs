//! What each way to an LMS is, as facts: the plan says what it leaves out by them, a profile says what goes where. How a
//! way is opened is not known here.

/// What a connector is, for the plan and for the form that asks for a connection.
#[derive(Debug)]
pub struct Connector {
    /// What profiles, connections and the command line call it: `scim`.
    pub id: &'static str,
    /// "Upload kit".
    pub title: &'static str,
    /// How the addresses begin that it takes; none for what reaches nobody.
    pub schemes: &'static [&'static str],
    /// An address, to show how one looks.
    pub example: &'static str,
    /// What the account is called; empty where a token alone says who asks.
    pub user: &'static str,
    /// "Password", "Token".
    pub secret: &'static str,
    /// Further questions: the option's id, and what is asked.
    pub options: &'static [(&'static str, &'static str)],
    /// What it was proved against: a server that was really written to.
    pub proved: Option<&'static str>,
    /// Whether it can delete people, and so take back that it made somebody.
    pub deletes: bool,
    /// Whether it can bring back whom it deleted.
    pub brings_back: bool,
    /// It puts the file of an upload into a folder, and cannot see what becomes of it.
    pub drops_files: bool,
    /// The profile whose rosters it fetches, where it is always the same.
    pub profile: Option<&'static str>,
}

impl PartialEq for Connector {
    fn eq(&self, other: &Connector) -> bool {
        self.id == other.id
    }
}

impl Eq for Connector {}

impl Connector {
    /// Whether it reaches the LMS itself.
    pub fn is_direct(&self) -> bool {
        !self.schemes.is_empty()
    }

    /// How much of this computer's time and memory an LMS may take: the options that say so, and what is asked.
    pub fn limits(&self) -> &'static [(&'static str, &'static str)] {
        if self.is_one_by_one() { LIMITS } else { &[] }
    }

    /// Whether people are sent one by one; else they go as a file.
    pub fn is_one_by_one(&self) -> bool {
        self.is_direct() && !self.drops_files
    }
}

const LIMITS: &[(&str, &str)] = &[
    (
        "timeout",
        "Seconds that it may say nothing (timeout; 120 if blank, more before a whole list)",
    ),
    ("minutes", "Minutes that a look at everybody may take (minutes; 15 if blank)"),
    ("answer_mb", "Megabytes of one answer (answer_mb; 64 if blank)"),
    ("people", "People of one list (people; 200,000 if blank)"),
];

/// The upload kit: files, and a checklist of what to click.
pub static KIT: Connector = Connector {
    id: "kit",
    title: "Upload kit",
    schemes: &[],
    example: "",
    user: "",
    secret: "",
    options: &[],
    proved: None,
    deletes: false,
    brings_back: false,
    drops_files: false,
    profile: None,
};

/// Kolibri's own interface, by an administrator's name and password.
pub static KOLIBRI: Connector = Connector {
    id: "kolibri",
    title: "Kolibri",
    schemes: &["https", "http"],
    example: "kolibri+https://kolibri.example.com/",
    user: "Username of an admin",
    secret: "Password",
    options: &[("facility", "Facility, if there are several")],
    proved: Some("Kolibri 0.19.5"),
    deletes: true,
    brings_back: true,
    drops_files: false,
    profile: Some("kolibri"),
};

/// SCIM 2.0, RFC 7643 and 7644, by a token.
pub static SCIM: Connector = Connector {
    id: "scim",
    title: "SCIM 2.0",
    schemes: &["https", "http"],
    example: "scim+https://lms.example.com/scim/v2",
    user: "",
    secret: "Token",
    options: &[],
    proved: Some("scim2-server 0.8.3, scimmy-routers 1.3.2, Canaille 0.3.6, django-scim2 0.23.0"),
    deletes: true,
    brings_back: false,
    drops_files: false,
    profile: None,
};

/// A folder on an SFTP server, from which the LMS takes the upload file.
pub static SFTP: Connector = Connector {
    id: "sftp",
    title: "SFTP folder",
    schemes: &["sftp"],
    example: "sftp://name@sftp.example.com/drop/roster.csv",
    user: "Account",
    secret: "Password",
    options: &[
        ("host-key", "Key of the computer (SHA256:…), as it is shown at the first try"),
        ("key", "File of a private key, if there is no password"),
    ],
    proved: Some("OpenSSH, and by a password against Twisted Conch"),
    deletes: false,
    brings_back: false,
    drops_files: true,
    profile: None,
};

/// Moodle's web services, by a token.
pub static MOODLE: Connector = Connector {
    id: "moodle",
    title: "Moodle",
    schemes: &["https", "http"],
    example: "moodle+https://moodle.example.com/",
    user: "",
    secret: "Web service token",
    options: &[],
    proved: Some("Moodle 4.5.6"),
    deletes: true,
    brings_back: false,
    drops_files: false,
    profile: Some("moodle"),
};

/// EdApp's REST interface, by a token.
pub static EDAPP: Connector = Connector {
    id: "edapp",
    title: "EdApp",
    schemes: &["https", "http"],
    example: "edapp+https://rest.edapp.com/",
    user: "",
    secret: "API token",
    options: &[],
    proved: None,
    deletes: false,
    brings_back: false,
    drops_files: false,
    profile: Some("edapp"),
};

/// SafetyCulture's REST interface, by a token.
pub static SAFETYCULTURE: Connector = Connector {
    id: "safetyculture",
    title: "SafetyCulture",
    schemes: &["https", "http"],
    example: "safetyculture+https://api.safetyculture.io/",
    user: "",
    secret: "API token",
    options: &[],
    proved: None,
    deletes: false,
    brings_back: false,
    drops_files: false,
    profile: Some("safetyculture"),
};

/// Every connector there is, in the order in which they are offered; the kit comes first.
pub static CONNECTORS: &[&Connector] =
    &[&KIT, &KOLIBRI, &SCIM, &SFTP, &MOODLE, &EDAPP, &SAFETYCULTURE];

/// The connector of an id; none where there is no such connector.
pub fn connector(id: &str) -> Option<&'static Connector> {
    CONNECTORS.iter().copied().find(|c| c.id == id)
}
