//! What differs from one Moodle to the next, and what can go wrong with it.

use std::collections::BTreeSet;
use std::time::Duration;

use super::FUNCTIONS;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    V4_5,
    /// It mails new passwords before it knows whether the call will be refused. Seen.
    V4_2,
    /// An update tells of nobody whom it did not change. Read in source.
    V3_10,
}

impl Version {
    pub fn release(self) -> &'static str {
        match self {
            Version::V4_5 => "4.5.6 (Build: 20250811)",
            Version::V4_2 => "4.2.3 (Build: 20231009)",
            Version::V3_10 => "3.10 (Build: 20201109)",
        }
    }
}

/// Whose token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    Administrator,
    /// An account of its own, whose role has just the capabilities that Moodle lists for the functions.
    Limited,
    /// And `moodle/user:viewalldetails`.
    Details,
    /// And `moodle/site:viewuseridentity`.
    Identity,
    /// And both.
    Both,
}

impl Token {
    pub fn is_administrator(self) -> bool {
        self == Token::Administrator
    }

    /// What its role has beside what Moodle lists.
    pub fn more(self) -> &'static [&'static str] {
        const BOTH: [&str; 2] = ["moodle/user:viewalldetails", "moodle/site:viewuseridentity"];
        match self {
            Token::Administrator | Token::Limited => &[],
            Token::Details => &BOTH[..1],
            Token::Identity => &BOTH[1..],
            Token::Both => &BOTH,
        }
    }

    pub fn sees_details(self) -> bool {
        matches!(self, Token::Administrator | Token::Details | Token::Both)
    }

    pub fn sees_identity(self) -> bool {
        matches!(self, Token::Administrator | Token::Identity | Token::Both)
    }
}

#[derive(Debug, Clone)]
pub struct Settings {
    pub version: Version,
    pub token: Token,
    pub functions: BTreeSet<&'static str>,
    /// Capabilities that the token lacks, which are those of an ordinary one else.
    pub lacks: BTreeSet<&'static str>,
    pub languages: Vec<String>,
    /// `allowaccountssameemail`
    pub same_email: bool,
    /// Whether `showuseridentity` lists the phones.
    pub phones_listed: bool,
    pub debugging: bool,
    pub services_on: bool,
    /// Closed by whoever keeps the machine.
    pub maintenance: bool,
    /// Closed on its page, for everybody but administrators.
    pub closed: bool,
    /// The address of the site, where it is another one.
    pub wwwroot: Option<String>,
    pub expired: bool,
    pub token_is_gone: bool,
    /// The account of the token lacks a custom field that is required.
    pub not_set_up: bool,
    pub policy_not_agreed: bool,
    pub cannot_mail: bool,
    /// What a person costs who is told of.
    pub cost: Duration,
    /// What every call costs besides.
    pub delay: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            version: Version::V4_5,
            token: Token::Administrator,
            functions: FUNCTIONS.into(),
            lacks: BTreeSet::new(),
            languages: vec!["en".to_owned()],
            same_email: false,
            phones_listed: false,
            debugging: false,
            services_on: true,
            maintenance: false,
            closed: false,
            wwwroot: None,
            expired: false,
            token_is_gone: false,
            not_set_up: false,
            policy_not_agreed: false,
            cannot_mail: false,
            cost: Duration::ZERO,
            delay: Duration::ZERO,
        }
    }
}

/// What becomes of a call, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is carried out, and the connection is cut before the answer.
    LoseAnswer,
    /// The connection is cut, and nothing is done.
    Cut,
    /// It is carried out, and answered so much later.
    Stall(Duration),
    /// Refused in the one sentence, and nothing is done.
    Refuse,
    /// The token has expired a moment before.
    Expires,
    /// It was closed on its page a moment before.
    Closes,
    /// It is answered as if it were done, and nothing is.
    Pretend,
}
