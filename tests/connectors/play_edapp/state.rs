//! Whom an EdApp has, in which groups, and what it was asked.

use std::collections::BTreeSet;
use std::time::Duration;

use super::switches::Switches;
use crate::strict::told::{Held, World};
use crate::strict::window::Window;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    List,
    Make,
    Join,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct User {
    pub id: String,
    pub email: String,
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub external_id: String,
    pub roles: BTreeSet<String>,
    /// By their ids.
    pub groups: BTreeSet<String>,
    pub password: String,
    /// Lists that it is not yet in.
    pub hidden: usize,
}

pub struct Group {
    pub id: String,
    pub name: String,
    pub parent: Option<String>,
}

pub struct State {
    pub switches: Switches,
    pub users: Vec<User>,
    pub groups: Vec<Group>,
    /// All calls together.
    pub window: Window,
    /// After so many of a kind, the next one is carried out and its answer is lost.
    pub loses: Vec<(Call, usize)>,
    /// A group, by its id, that is taken away when the next person was made.
    pub vanishes: Option<&'static str>,
    pub mails: Vec<String>,
    pub calls: Vec<String>,
    pub next: usize,
}

impl State {
    pub fn new(switches: Switches) -> State {
        let group = |id: &str, name: &str, parent: Option<&str>| Group {
            id: id.to_owned(),
            name: name.to_owned(),
            parent: parent.map(str::to_owned),
        };
        let groups = vec![
            group("g1", "Sales", None),
            group("g2", "Night shift", None),
            group("g3", "Everybody new", None),
            // [D groups] “Groups can be hierarchical”.
            group("g4", "Norway", None),
            group("g5", "Oslo", Some("g4")),
            // [U] Whether a name may be there twice.
            group("g6", "Twins", None),
            group("g7", "Twins", Some("g4")),
        ];
        State {
            switches,
            users: Vec::new(),
            groups,
            // [D auth] “1400 requests / 5 minutes”.
            window: Window::new(1400, Duration::from_secs(300)),
            loses: Vec::new(),
            vanishes: None,
            mails: Vec::new(),
            calls: Vec::new(),
            next: 0,
        }
    }

    pub fn user(&mut self, login: &str, names: (&str, &str), groups: &[&str]) -> &mut User {
        self.next += 1;
        self.users.push(User {
            id: format!("u{}", self.next),
            email: format!("{login}@example.com"),
            username: login.to_owned(),
            first_name: names.0.to_owned(),
            last_name: names.1.to_owned(),
            roles: ["app-user", "prizing-user"].map(str::to_owned).into(),
            groups: groups.iter().map(|id| (*id).to_owned()).collect(),
            ..User::default()
        });
        self.users.last_mut().expect("one")
    }

    /// [U] Whether usernames mean the same in any case.
    pub fn is_taken(&self, username: &str) -> bool {
        self.users.iter().any(|user| match self.switches.any_case {
            true => user.username.to_lowercase() == username.to_lowercase(),
            false => user.username == username,
        })
    }

    pub fn world(&self) -> World {
        let world: World =
            self.users.iter().map(|user| (user.username.clone(), self.held(user))).collect();
        assert_eq!(world.len(), self.users.len(), "nobody is there twice");
        world
    }

    fn held(&self, user: &User) -> Held {
        let named = |id: &String| {
            let group = self.groups.iter().find(|group| group.id == *id);
            format!(
                "{}{}",
                group.expect("one of its own").name,
                if id == "g7" { " of Norway" } else { "" }
            )
        };
        let list = |all: Vec<String>| all.join("; ");
        [
            ("email", user.email.clone()),
            ("firstname", user.first_name.clone()),
            ("lastname", user.last_name.clone()),
            ("externalid", user.external_id.clone()),
            ("roles", list(user.roles.iter().cloned().collect())),
            ("groups", list(user.groups.iter().map(named).collect())),
            ("password", user.password.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}
