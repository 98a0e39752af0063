//! Ugly rosters: each takes at most three times as long as a plain one of the same bytes that is asked the same.

use crate::edapp::Dice;
use crate::roster::*;

/// What a roster is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// `check` with all rules; a list of 200 groups.
    AllRules,
    /// The same with a list of 2,000 groups.
    ManyGroups,
    /// `check --profile scim`; the plain one with all rules.
    Scim,
    /// `check` without a profile; the plain one with all rules.
    NoProfile,
    /// `check --against` the plain roster; the plain one against a roster of a month before.
    Against,
}

pub struct Shape {
    pub name: &'static str,
    pub people: usize,
    pub asked: Asked,
    /// Besides the sixteen.
    pub columns: usize,
    /// Makes a plain person ugly.
    pub spoil: fn(&mut Row, &World, usize),
}

pub const PEOPLE: usize = 100_000;
const UGLY: Shape =
    Shape { name: "", people: PEOPLE, asked: Asked::AllRules, columns: 0, spoil: |_, _, _| {} };
const OF_SCIM: [&str; 16] = [
    "emails",
    "userName",
    "name.givenName",
    "name.familyName",
    "groups",
    "userType",
    "password",
    "externalId",
    "active",
    "addresses.country",
    "addresses.region",
    "title",
    "department",
    "locale",
    "enterprise.manager",
    "costCenter",
];

impl Shape {
    pub fn header(&self) -> Row {
        let names = if self.asked == Asked::Scim { OF_SCIM } else { HEADER };
        let extra = (0..self.columns).map(|n| format!("extra {n}"));
        names.iter().map(|name| (*name).to_owned()).chain(extra).collect()
    }

    pub fn row(&self, world: &World, number: usize) -> Row {
        let mut row = world.person(number);
        if self.asked == Asked::Scim {
            as_scim(&mut row, world, number);
        }
        (self.spoil)(&mut row, world, number);
        row
    }
}

fn as_scim(row: &mut Row, world: &World, number: usize) {
    row[GROUPS] = row[GROUPS].replace("; ", ",");
    row[ROLES] = "Employee".into();
    row[ACTIVE] = if row[ACTIVE] == "Yes" { "true" } else { "false" }.into();
    row[HIRED] = "en-GB".into();
    row[MANAGER] = world.person(number / 20).swap_remove(1);
}

/// A letter left out, or one too many.
fn slip(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = dice.roll(letters.len());
    match dice.roll(2) {
        0 => drop(letters.remove(at)),
        _ => letters.insert(at, ['a', 'e', 'x', 'y'][dice.roll(4)]),
    }
    letters.into_iter().collect()
}

fn groups(
    row: &mut Row,
    world: &World,
    number: usize,
    count: usize,
    name: fn(&str, &mut Dice) -> String,
) {
    let dice = &mut Dice::new(number as u64 + 1);
    let start = dice.roll(world.groups.len());
    let named = (start..start + count).map(|at| name(&world.groups[at % world.groups.len()], dice));
    row[GROUPS] = named.collect::<Vec<_>>().join("; ");
}

fn as_it_is(name: &str, _: &mut Dice) -> String {
    name.to_owned()
}

fn long_title(number: usize) -> String {
    format!("Director of many things {:02} ", number % 50).repeat(40)[..1020].to_owned()
}

pub const SHAPES: &[Shape] = &[
    Shape {
        name: "one wrong group 50,000 times, a list of 200",
        spoil: |row, _, n| {
            if n % 2 == 0 {
                row[GROUPS].push_str("; Nordics Inside Sles 01")
            }
        },
        ..UGLY
    },
    Shape {
        name: "a list of 2,000 groups, 3 wrong a person",
        asked: Asked::ManyGroups,
        spoil: |row, world, n| groups(row, world, n, 3, slip),
        ..UGLY
    },
    Shape {
        name: "a list of 2,000 groups, 3 like none a person",
        asked: Asked::ManyGroups,
        spoil: |row, world, n| {
            groups(row, world, n, 3, |_, dice| format!("unit {} of nowhere", dice.roll(1_000_000)));
        },
        ..UGLY
    },
    Shape {
        name: "a list of 2,000 groups, parted otherwise",
        asked: Asked::ManyGroups,
        spoil: |row, world, n| {
            groups(row, world, n, 3, as_it_is);
            row[GROUPS] = row[GROUPS].replace("; ", ",");
        },
        ..UGLY
    },
    Shape {
        name: "a wrong role each",
        spoil: |row, _, n| row[ROLES] = slip(&row[ROLES], &mut Dice::new(n as u64 + 1)),
        ..UGLY
    },
    Shape {
        name: "50 groups a person",
        spoil: |row, world, n| groups(row, world, n, 50, as_it_is),
        ..UGLY
    },
    Shape {
        name: "100 groups a person",
        spoil: |row, world, n| groups(row, world, n, 100, as_it_is),
        ..UGLY
    },
    Shape {
        name: "50 groups a person, each twice",
        spoil: |row, world, n| {
            groups(row, world, n, 25, as_it_is);
            row[GROUPS] = format!("{0}; {0}", row[GROUPS]);
        },
        ..UGLY
    },
    Shape { name: "SCIM, 10,000 people", people: 10_000, asked: Asked::Scim, ..UGLY },
    Shape { name: "SCIM", asked: Asked::Scim, ..UGLY },
    Shape {
        name: "SCIM, 10,000 managers who are not in the file",
        asked: Asked::Scim,
        spoil: |row, _, n| row[MANAGER] = format!("boss{}", n % 10_000),
        ..UGLY
    },
    Shape {
        name: "SCIM, managers a letter off",
        asked: Asked::Scim,
        spoil: |row, _, n| row[MANAGER] = slip(&row[MANAGER], &mut Dice::new(n as u64 + 1)),
        ..UGLY
    },
    Shape {
        name: "50 first names and 50 last names",
        spoil: |row, world, n| {
            row[FIRST] = world.person(n % 50).swap_remove(FIRST);
            row[LAST] = world.person(n / 50 % 50).swap_remove(LAST);
        },
        ..UGLY
    },
    Shape {
        name: "all of one name",
        spoil: |row, _, _| (row[FIRST], row[LAST]) = ("Ada".into(), "Lovelace".into()),
        ..UGLY
    },
    Shape {
        name: "a space behind every cell",
        spoil: |row, _, _| row.iter_mut().for_each(|cell| cell.push(' ')),
        ..UGLY
    },
    Shape {
        name: "several mistakes in every cell",
        spoil: |row, _, n| {
            row[EMAIL] = format!(" {} ", row[EMAIL].replace('@', "@@"));
            row[1].push('\u{200b}');
            row[FIRST] = format!("  {}", row[FIRST]);
            row[LAST].push_str("Ã©");
            row[GROUPS] = format!("{}x;;", row[GROUPS].replace("; ", ","));
            row[ROLES] = row[ROLES].to_lowercase() + "s";
            row[6] = "short".into();
            row[KEY].clear();
            row[ACTIVE].push('?');
            row[COUNTRY] = "Germny".into();
            row[REGION] = "ZZZ".into();
            row[TITLE] = format!(" {}", row[TITLE]);
            row[DEPARTMENT] = format!("\u{a0}{}", row[DEPARTMENT]);
            row[HIRED] = "13/13/2020".into();
            row[MANAGER].push('@');
            row[CENTRE] = format!("1.23E+{:02}", n % 30);
        },
        ..UGLY
    },
    Shape {
        name: "titles of 1,020 letters and a space",
        spoil: |row, _, n| row[TITLE] = long_title(n) + " ",
        ..UGLY
    },
    Shape {
        name: "one value in all rows",
        spoil: |row, world, _| {
            let first = world.person(1);
            for at in (0..HEADER.len()).filter(|at| ![EMAIL, 1, KEY].contains(at)) {
                row[at].clone_from(&first[at]);
            }
        },
        ..UGLY
    },
    Shape {
        name: "all values different",
        spoil: |row, _, n| {
            for at in [FIRST, LAST, TITLE, DEPARTMENT, CENTRE] {
                row[at].push_str(&n.to_string());
            }
            (row[GROUPS], row[ROLES]) = (format!("Group {n}"), format!("Role {n}"));
        },
        ..UGLY
    },
    Shape {
        name: "300 columns, 10,000 people",
        people: 10_000,
        columns: 284,
        spoil: |row, _, n| row.extend((0..284).map(|at| format!("v{at}-{}", n % 97))),
        ..UGLY
    },
    Shape {
        name: "a title of 5 MB",
        spoil: |row, _, n| {
            if n == 50 {
                row[TITLE] = "word ".repeat(1 << 20)
            }
        },
        ..UGLY
    },
    Shape {
        name: "a cell of half a million groups",
        spoil: |row, _, n| {
            if n == 50 {
                let groups: Vec<String> = (0..500_000).map(|n| format!("group {n}")).collect();
                row[GROUPS] = groups.join("; ");
            }
        },
        ..UGLY
    },
    Shape {
        name: "one key 200,000 times",
        people: 200_000,
        spoil: |row, _, _| row[KEY] = "E1".into(),
        ..UGLY
    },
    Shape {
        name: "one address for all",
        spoil: |row, _, _| row[EMAIL] = "ada@example.com".into(),
        ..UGLY
    },
    Shape {
        name: "everybody twice",
        people: 200_000,
        spoil: |row, world, n| *row = world.person(n / 2),
        ..UGLY
    },
    Shape { name: "no row has its last cell", spoil: |row, _, _| drop(row.pop()), ..UGLY },
    Shape {
        name: "500,000 blank rows",
        people: 500_000,
        spoil: |row, _, n| {
            if n > 9 {
                row.iter_mut().for_each(String::clear)
            }
        },
        ..UGLY
    },
    Shape { name: "against: as it was", asked: Asked::Against, ..UGLY },
    Shape {
        name: "against: all cells blank but the key",
        asked: Asked::Against,
        spoil: |row, _, _| {
            for at in (0..HEADER.len()).filter(|at| *at != KEY) {
                row[at].clear();
            }
        },
        ..UGLY
    },
    Shape {
        name: "against: all cells changed",
        asked: Asked::Against,
        spoil: |row, _, _| {
            for at in (0..HEADER.len()).filter(|at| *at != KEY) {
                row[at].insert(0, 'x');
            }
        },
        ..UGLY
    },
    Shape {
        name: "against: all keys new",
        asked: Asked::Against,
        spoil: |row, _, _| row[KEY].insert(0, 'N'),
        ..UGLY
    },
    Shape {
        name: "against: all keys and addresses new",
        asked: Asked::Against,
        spoil: |row, _, _| {
            row[KEY].insert(0, 'N');
            row[EMAIL].insert(0, 'n');
        },
        ..UGLY
    },
    Shape {
        name: "against: one key for all",
        asked: Asked::Against,
        spoil: |row, _, _| row[KEY] = "E1".into(),
        ..UGLY
    },
    Shape {
        name: "against: no keys",
        asked: Asked::Against,
        spoil: |row, _, _| row[KEY].clear(),
        ..UGLY
    },
    Shape {
        name: "against: keys a row further",
        asked: Asked::Against,
        spoil: |row, world, n| row[KEY] = world.person(n + 1).swap_remove(KEY),
        ..UGLY
    },
    Shape { name: "40 people without --profile", people: 40, asked: Asked::NoProfile, ..UGLY },
];
