//! An EdApp export of any size, of invented people: sixteen columns, Unicode names, quoted commas, a few line breaks.

use std::fmt::Write;

const FIRST: [&str; 16] = [
    "Ada",
    "Zoë",
    "José",
    "Łukasz",
    "Mei",
    "Anh",
    "Oluwaseun",
    "Björn",
    "Siobhán",
    "Renée",
    "Ivan",
    "Noor",
    "Kenji",
    "Priya",
    "Tomás",
    "Ève",
];
const LAST: [&str; 16] = [
    "Lovelace",
    "O'Neil",
    "García",
    "Nowak",
    "Zhang",
    "Nguyễn",
    "Adeyemi",
    "Lindqvist",
    "Ní Bhriain",
    "Dupont",
    "Petrov",
    "van der Berg",
    "Sato",
    "Sharma",
    "Novák",
    "Null",
];
/// What stands before the @, where names lose their accents.
const PLAIN: [&str; 8] =
    ["ada", "bjoern", "jose.maria", "lukasz", "mei", "oluwaseun", "siobhan", "van.der.berg"];
const NOTES: [&str; 4] = ["", "", "works from home on Fridays", "on leave until spring"];
const ROLES: [&str; 4] =
    ["Learner", "Learner; Prizing User", "Admin; Learner", "Learner; Reviewer"];
const COUNTRIES: [&str; 8] = ["US", "CA", "GB", "DE", "FR", "PL", "JP", "BR"];
const TITLES: [&str; 8] = [
    "Engineer",
    "Nurse",
    "\"Manager, Sales\"",
    "Clerk",
    "Driver",
    "\"Lead\nEngineer\"",
    "Analyst",
    "Cook",
];
const DEPARTMENTS: [&str; 6] =
    ["Sales", "Operations", "Marketing", "Finance", "People", "Research"];

/// Small, seeded and the same everywhere (SplitMix64): seeds that follow one another give numbers that do not.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        (mixed >> 11) as usize % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

/// A roster of so many people. About one in a thousand has a mistake in it.
pub fn roster(people: usize) -> String {
    let mut dice = Dice::new(42);
    let mut text = String::with_capacity(people * 250);
    text.push_str(
        "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),\
         roles (optional),externalid (optional),active,country,region,job title,department,hire date,manager,\
         cost centre,note\r\n",
    );
    for n in 0..people {
        let (first, last) = (dice.pick(&FIRST), dice.pick(&LAST));
        let (given, family) = (dice.pick(&PLAIN), dice.pick(&PLAIN));
        let _ = write!(text, "{given}.{family}.{n}@example.com,person{n:07},{first},{last},");
        for group in 0..=dice.roll(4) {
            let typo = if dice.roll(4000) == 0 { "x" } else { "" };
            let _ = write!(
                text,
                "{}Group {:03}{typo}",
                if group > 0 { "; " } else { "" },
                dice.roll(200)
            );
        }
        let active = if dice.roll(10) == 0 { "No" } else { "Yes" };
        let space = if dice.roll(2000) == 0 { " " } else { "" };
        let _ = write!(
            text,
            ",{},E{n:08},{active},{},R{:02},{},{}{space},20{:02}-{:02}-{:02},head.of.team.{}@example.com,CC-{:04},{}\r\n",
            dice.pick(&ROLES),
            dice.pick(&COUNTRIES),
            dice.roll(50),
            dice.pick(&TITLES),
            dice.pick(&DEPARTMENTS),
            dice.roll(25),
            dice.roll(12) + 1,
            dice.roll(28) + 1,
            n / 10,
            dice.roll(2000),
            dice.pick(&NOTES),
        );
    }
    text
}

/// The groups of [`roster`].
pub fn groups() -> Vec<String> {
    (0..200).map(|n| format!("Group {n:03}")).collect()
}
