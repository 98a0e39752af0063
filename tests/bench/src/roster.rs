//! The roster that is measured, and the same a month later: sixteen columns, names as they are spread in life, quoted
//! commas, a few line breaks. What changed, and which mistakes were planted, is known.
//!
//! Each person is made from their number alone, so that nobody has to be kept.

use muster_engine::geo;

use crate::edapp::Dice;
use crate::names::{Names, plain};

pub const HEADER: [&str; 16] = [
    "email",
    "username",
    "firstname",
    "lastname",
    "user groups",
    "roles",
    "password",
    "externalid",
    "active",
    "country",
    "region",
    "job title",
    "department",
    "hire date",
    "manager email",
    "cost centre",
];
pub const EMAIL: usize = 0;
pub const FIRST: usize = 2;
pub const LAST: usize = 3;
pub const GROUPS: usize = 4;
pub const ROLES: usize = 5;
pub const KEY: usize = 7;
pub const ACTIVE: usize = 8;
pub const COUNTRY: usize = 9;
pub const REGION: usize = 10;
pub const TITLE: usize = 11;
pub const DEPARTMENT: usize = 12;
pub const HIRED: usize = 13;
pub const MANAGER: usize = 14;
pub const CENTRE: usize = 15;

/// What somebody's cells may change in a month.
const MAY_CHANGE: [usize; 9] =
    [FIRST, LAST, GROUPS, ROLES, ACTIVE, TITLE, DEPARTMENT, HIRED, CENTRE];

const ALL_ROLES: [&str; 8] = [
    "Learner",
    "Instructor",
    "Manager",
    "Administrator",
    "Reporter",
    "Content Author",
    "Catalog Manager",
    "Mentor",
];
const TITLES: [&str; 12] = [
    "Software Engineer",
    "Account Executive",
    "Director, Sales",
    "Vice President, Operations",
    "Customer Success Manager",
    "Data Analyst",
    "Project Manager",
    "Nurse Practitioner",
    "Warehouse Associate",
    "Head of \"Special\" Projects",
    "Lawyer, Commercial",
    "Trainer",
];
const DEPARTMENTS: [&str; 10] = [
    "Engineering",
    "Sales",
    "Research, Development & Innovation",
    "Finance",
    "Human Resources",
    "Legal",
    "Marketing",
    "Operations",
    "Logistics",
    "Training",
];
const DOMAINS: [&str; 5] =
    ["example.com", "example.org", "corp.example.com", "eu.example.com", "mail.example.org"];
const AREAS: [&str; 8] =
    ["EMEA", "APAC", "LATAM", "North America", "DACH", "Nordics", "Île-de-France", "Österreich"];
const TEAMS: [&str; 10] = [
    "Field Sales",
    "Inside Sales",
    "Support",
    "Engineering",
    "Compliance",
    "New Hires",
    "Safety",
    "Leadership",
    "Contractors",
    "R&D",
];
/// Most people live in one of these.
const COMMON: [&str; 16] = [
    "US", "GB", "DE", "FR", "ES", "IT", "PL", "NL", "SE", "DK", "IE", "CA", "BR", "IN", "JP", "AU",
];

pub type Row = Vec<String>;

/// What people are made of.
pub struct World {
    pub groups: Vec<String>,
    first: Names,
    last: Names,
}

impl World {
    pub fn new(groups: usize) -> World {
        let name = |n: usize| format!("{} {} {:02}", AREAS[n % 8], TEAMS[n / 8 % 10], n / 80);
        World {
            groups: (0..groups).map(name).collect(),
            first: Names::new(3_000, 1),
            last: Names::new(20_000, 2),
        }
    }

    pub fn roles() -> &'static [&'static str] {
        &ALL_ROLES
    }

    /// The person of this number, as the LMS has them.
    pub fn person(&self, number: usize) -> Row {
        let dice = &mut Dice::new(number as u64);
        let (first, last) = (self.first.pick(dice).to_owned(), self.last.pick(dice).to_owned());
        let (country, region) = place(dice);
        let account = plain(&last);
        let manager = dice.roll(2000);
        vec![
            format!("{}.{account}{number}@{}", plain(&first), DOMAINS[dice.roll(5)]),
            format!("{}{account}{number}", &plain(&first)[..1]),
            first,
            if dice.roll(100) == 0 { format!("{last}, Jr.") } else { last },
            self.some_groups(dice, 4),
            some_roles(dice),
            String::new(),
            format!("E{:08}", number * 7 + 1_000_003),
            if dice.roll(20) == 0 { "No" } else { "Yes" }.into(),
            country,
            region,
            title(dice),
            DEPARTMENTS[dice.roll(10)].into(),
            day(dice),
            format!("head.of.team{manager}@{}", DOMAINS[manager % 5]),
            format!("CC-{:05}", dice.roll(3000)),
        ]
    }

    /// One to so many different groups.
    pub fn some_groups(&self, dice: &mut Dice, most: usize) -> String {
        let count = 1 + dice.roll(most);
        let mut chosen: Vec<usize> = Vec::new();
        while chosen.len() < count {
            let group = dice.roll(self.groups.len());
            if !chosen.contains(&group) {
                chosen.push(group);
            }
        }
        let names: Vec<&str> = chosen.iter().map(|group| self.groups[*group].as_str()).collect();
        names.join("; ")
    }

    /// One to three cells say something else; how many.
    fn change(&self, row: &mut Row, dice: &mut Dice) -> u32 {
        let count = 1 + dice.roll(3);
        let mut changed: Vec<usize> = Vec::new();
        while changed.len() < count {
            let column = MAY_CHANGE[dice.roll(MAY_CHANGE.len())];
            let after = match column {
                FIRST => self.first.pick(dice).to_owned(),
                LAST => self.last.pick(dice).to_owned(),
                GROUPS => self.some_groups(dice, 4),
                ROLES => some_roles(dice),
                ACTIVE => if row[ACTIVE] == "Yes" { "No" } else { "Yes" }.into(),
                TITLE => title(dice),
                DEPARTMENT => DEPARTMENTS[dice.roll(10)].into(),
                HIRED => day(dice),
                _ => format!("CC-{:05}", dice.roll(3000)),
            };
            if !changed.contains(&column) && !same_set(&row[column], &after) {
                row[column] = after;
                changed.push(column);
            }
        }
        count as u32
    }
}

fn same_set(a: &str, b: &str) -> bool {
    let sorted = |text: &str| {
        let mut parts: Vec<String> = text.split("; ").map(str::to_owned).collect();
        parts.sort();
        parts
    };
    sorted(a) == sorted(b)
}

fn some_roles(dice: &mut Dice) -> String {
    let first = dice.roll(8);
    match dice.roll(3) {
        0 => format!("{}; {}", ALL_ROLES[first], ALL_ROLES[(first + 1 + dice.roll(7)) % 8]),
        _ => ALL_ROLES[first].into(),
    }
}

fn title(dice: &mut Dice) -> String {
    let title = TITLES[dice.roll(12)];
    match dice.roll(500) {
        0 => format!("{title}\n(acting, until {})", day(dice)),
        _ => title.into(),
    }
}

fn day(dice: &mut Dice) -> String {
    format!("{}-{:02}-{:02}", 1995 + dice.roll(30), 1 + dice.roll(12), 1 + dice.roll(28))
}

/// A country, and a region of it where it has some.
fn place(dice: &mut Dice) -> (String, String) {
    let countries = geo::countries();
    let country = match dice.roll(10) {
        0..7 => geo::by_alpha2(COMMON[dice.roll(16)]).unwrap_or(&countries[0]),
        _ => &countries[dice.roll(countries.len())],
    };
    let regions = geo::regions_of(country);
    let region = (!regions.is_empty()).then(|| regions[dice.roll(regions.len())].short());
    (country.alpha2.into(), region.unwrap_or_default().into())
}

/// A kind of mistake that is planted.
pub struct Mistake {
    /// The rule of Muster that finds it.
    pub rule: &'static str,
    /// What the polars script calls its count.
    pub peer: &'static str,
    make: fn(&mut Row, &World, usize),
}

fn without_a_letter(text: &mut String) {
    let at = text.find(|c: char| c.is_ascii_lowercase()).unwrap_or_default();
    text.remove(at);
}

/// Each has one finding, but for two people of one address, who have one each.
pub const MISTAKES: [Mistake; 10] = [
    Mistake {
        rule: "email-malformed",
        peer: "email",
        make: |row, _, _| row[EMAIL] = row[EMAIL].replace('@', " at "),
    },
    Mistake {
        rule: "email-malformed",
        peer: "manager",
        make: |row, _, _| row[MANAGER] = row[MANAGER].replace('@', "@@"),
    },
    Mistake {
        rule: "group-unknown",
        peer: "groups",
        make: |row, _, _| without_a_letter(&mut row[GROUPS]),
    },
    Mistake {
        rule: "role-unknown",
        peer: "roles",
        make: |row, _, _| without_a_letter(&mut row[ROLES]),
    },
    Mistake {
        rule: "value-not-allowed",
        peer: "active",
        make: |row, _, _| row[ACTIVE] = "Maybe".into(),
    },
    Mistake {
        rule: "country-unknown",
        peer: "country",
        make: |row, _, _| row[COUNTRY] = "XX".into(),
    },
    Mistake {
        rule: "region-unknown",
        peer: "region",
        make: |row, _, _| row[REGION] = "ZZZ".into(),
    },
    Mistake {
        rule: "date-malformed",
        peer: "date",
        make: |row, _, _| row[HIRED] = "2021-02-30".into(),
    },
    Mistake {
        rule: "not-unique",
        peer: "email_twice",
        make: |row, world, number| row[EMAIL] = world.person(number - 1).swap_remove(EMAIL),
    },
    // The LMS has nobody of this key: somebody goes and somebody else comes.
    Mistake { rule: "", peer: "", make: |row, _, _| row[KEY].replace_range(..1, "X") },
];

/// What becomes of somebody in the month between the two files.
enum Fate {
    Same,
    Gone,
    Changed,
    Mistaken(usize),
}

fn fate(number: usize) -> (Fate, Dice) {
    let mut dice = Dice::new(number as u64 ^ 0xBAD_C0DE_0000_0000);
    let fate = match dice.roll(10_000) {
        0..10 => Fate::Gone,
        10..110 => Fate::Changed,
        n @ 110..120 => Fate::Mistaken(n - 110),
        _ => Fate::Same,
    };
    (fate, dice)
}

/// What is to be found between the two files, and in the newer one.
#[derive(Default)]
pub struct Truth {
    pub create: u32,
    pub update: u32,
    pub leave: u32,
    pub cells: u32,
    /// New people who share a key with another: nobody can be paired by it. An even number.
    pub twins: u32,
    pub planted: [u32; MISTAKES.len()],
}

/// Writes everybody as the LMS has them.
pub fn write_older(world: &World, people: usize, out: &mut dyn FnMut(&Row)) {
    (0..people).for_each(|number| out(&world.person(number)));
}

/// Writes the same a month later, in another order.
pub fn write_newer(world: &World, people: usize, out: &mut dyn FnMut(&Row)) -> Truth {
    let mut truth = Truth::default();
    let mut order: Vec<usize> = (0..people + people / 1000).collect();
    let mut dice = Dice::new(people as u64);
    for at in (1..order.len()).rev() {
        order.swap(at, dice.roll(at + 1));
    }
    for number in order {
        let mut row = world.person(number);
        if number >= people {
            // Of each twenty new people two have one key.
            if number % 20 < 2
                && people + people / 1000 > (number | 1)
                && number - number % 2 >= people
            {
                row[KEY] = format!("T{:08}", number / 2);
                truth.twins += 1;
            } else {
                truth.create += 1;
            }
            out(&row);
            continue;
        }
        match fate(number) {
            (Fate::Gone, _) => {
                truth.leave += 1;
                continue;
            }
            (Fate::Changed, mut dice) => {
                truth.cells += world.change(&mut row, &mut dice);
                truth.update += 1;
            }
            (Fate::Mistaken(kind), _) if number > 0 && may_be(kind, number) => {
                let mistake = &MISTAKES[kind];
                (mistake.make)(&mut row, world, number);
                truth.planted[kind] += 1;
                if mistake.rule.is_empty() {
                    truth.create += 1;
                    truth.leave += 1;
                } else {
                    truth.update += 1;
                    truth.cells += 1;
                }
            }
            _ => {}
        }
        out(&row);
    }
    truth
}

/// An address stands twice only if the other person still has it.
fn may_be(kind: usize, number: usize) -> bool {
    MISTAKES[kind].rule != "not-unique"
        || !matches!(fate(number - 1).0, Fate::Gone | Fate::Mistaken(_))
}

impl Truth {
    /// How many findings each rule has of what was planted.
    pub fn findings(&self) -> std::collections::BTreeMap<&'static str, u32> {
        let mut all = std::collections::BTreeMap::new();
        for (mistake, planted) in MISTAKES.iter().zip(self.planted) {
            let each = if mistake.rule == "not-unique" { 2 } else { 1 };
            *all.entry(mistake.rule).or_default() += each * planted;
        }
        all.remove("");
        all.insert("key-duplicate", self.twins);
        all.retain(|_, count| *count > 0);
        all
    }
}
