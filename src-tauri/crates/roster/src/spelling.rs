//! Whether a word is another one misspelt, or another word. A proposal that turns a meaning round is worse than none: what
//! differs in a number, in a single letter that counts, or in a part that negates or opposes is not misspelt.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text as its words and numbers, without case and accents: made once where it is compared with many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    tokens: Vec<String>,
    sketch: Sketch,
}

/// What tells most texts apart at a glance, so that each need not be compared with each letter by letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sketch {
    /// Which letters it has, a bit for some of them each.
    letters: u64,
    /// All its numbers, in their order.
    numbers: u64,
}

impl Sketch {
    fn of(tokens: &[String]) -> Sketch {
        use std::hash::{Hash, Hasher};
        let mut hasher = rustc_hash::FxHasher::default();
        numbers(tokens).for_each(|number| number.hash(&mut hasher));
        let letters = letters_of(tokens.iter().flat_map(|token| token.chars()));
        Sketch { letters, numbers: hasher.finish() }
    }

    /// Whether one may be the other misspelt.
    fn may_be(self, other: Sketch) -> bool {
        self.numbers == other.numbers && may_be_off(self.letters, other.letters, MOST)
    }
}

/// Which letters a text has, a bit for some of them each.
pub fn letters_of(text: impl Iterator<Item = char>) -> u64 {
    text.fold(0, |all, c| all | 1 << (u32::from(c) % 64))
}

/// Whether two texts of such letters may differ in as few as `most`: each that is off is another bit in both at most.
pub fn may_be_off(one: u64, other: u64, most: usize) -> bool {
    (one ^ other).count_ones() as usize <= 2 * most
}

/// How far one text is from another of which it may be a misspelling; none where it is another text.
///
/// ```
/// use muster_roster::spelling::misspelt;
///
/// assert!(misspelt("Markting", "Marketing").is_some());
/// assert!(misspelt("inactive", "active").is_none());
/// assert!(misspelt("Cohort 2026", "Cohort 2025").is_none());
/// ```
pub fn misspelt(value: &str, known: &str) -> Option<usize> {
    Spelling::of(value).misspelt(&Spelling::of(known))
}

impl Spelling {
    /// The words and numbers of a text.
    pub fn of(text: &str) -> Spelling {
        let tokens = tokens(text);
        Spelling { sketch: Sketch::of(&tokens), tokens }
    }

    /// As [`misspelt`].
    pub fn misspelt(&self, known: &Spelling) -> Option<usize> {
        if !self.sketch.may_be(known.sketch) {
            return None;
        }
        let (one, other) = (&self.tokens, &known.tokens);
        if one.is_empty() || other.is_empty() || numbers(one).ne(numbers(other)) {
            return None;
        }
        if one.len() != other.len() {
            return is_parted_otherwise(one, other).then_some(1);
        }
        let mut all = 0;
        for (word, meant) in one.iter().zip(other).filter(|(word, meant)| word != meant) {
            all += of_word(word, meant)?;
        }
        (all <= MOST).then_some(all)
    }
}

/// Letters that may be off in all.
const MOST: usize = 2;
/// Shorter words are other words when a letter is another: `East` and `West`, `Ops` and `Ora`.
const SHORT: usize = 5;
/// In a word as long two letters may be off.
const LONG: usize = 9;

/// The words and the numbers of a text, without case and accents.
fn tokens(text: &str) -> Vec<String> {
    let is_seen = |c: &char| !crate::letters::is_invisible(*c);
    if text.is_ascii() {
        return tokens_of(text.chars().filter(is_seen).map(|c| c.to_ascii_lowercase()));
    }
    let letters = text.nfkd().filter(|c| !is_combining_mark(*c) && is_seen(c));
    tokens_of(letters.flat_map(char::to_lowercase))
}

fn tokens_of(letters: impl Iterator<Item = char>) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut before = None;
    for c in letters {
        let kind = match c {
            // An apostrophe parts nothing.
            '\'' | '’' | '‘' | '`' | '´' => continue,
            _ if c.is_numeric() => Some(true),
            _ if c.is_alphabetic() => Some(false),
            // A sign that means something is a word of its own: `C`, `C+`, `C#`.
            '+' | '#' | '&' | '%' | '*' | '/' | '<' | '>' | '=' => {
                tokens.push(c.to_string());
                None
            }
            _ => None,
        };
        match (kind, tokens.last_mut()) {
            (Some(_), Some(last)) if kind == before => last.push(c),
            (Some(_), _) => tokens.push(c.to_string()),
            (None, _) => {}
        }
        before = kind;
    }
    tokens
}

fn is_number(token: &str) -> bool {
    token.starts_with(char::is_numeric)
}

fn numbers(tokens: &[String]) -> impl Iterator<Item = &String> {
    tokens.iter().filter(|token| is_number(token))
}

/// The same letters, parted otherwise: `Plant7`, `Parttime`. What is parted off may be a word that negates.
fn is_parted_otherwise(one: &[String], other: &[String]) -> bool {
    let counts = |token: &String| token.chars().count() == 1 && !is_number(token);
    one.concat() == other.concat() && !one.iter().chain(other).any(counts)
}

/// How many letters of one word are off; none where it is another word.
fn of_word(word: &str, meant: &str) -> Option<usize> {
    let (one, other) = (word.chars().count(), meant.chars().count());
    let shorter = one.min(other);
    let most = if shorter >= LONG { MOST } else { 1 };
    let may_be = || may_be_off(letters_of(word.chars()), letters_of(meant.chars()), most);
    if shorter + 1 < SHORT || one.abs_diff(other) > most || !may_be() {
        return None;
    }
    let (a, b): (Vec<char>, Vec<char>) = (word.chars().collect(), meant.chars().collect());
    let is_a_word = |c: &char| c.is_alphabetic() && !is_sign_of_words(*c);
    if !a.iter().chain(&b).all(is_a_word) {
        return None;
    }
    let distance = strsim::osa_distance(word, meant);
    // Of four letters one is missing, as in `Sles`; no other letter stands for it.
    let is_long_enough = shorter >= SHORT || a.len() != b.len();
    (distance <= most && is_long_enough && !is_other_at_an_end(&a, &b) && !is_opposed(word, meant))
        .then_some(distance)
}

/// Chinese characters, Japanese and Korean syllables: each is a word, and another one is another word.
fn is_sign_of_words(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether two words differ where languages change the meaning of a word: at its beginning (`export` and `import`, `legal`
/// and `illegal`, `male` and `female`) or in its ending (`trainer` and `trainee`, `interno` and `interna`, `étudiante`).
/// A letter that was left out in the beginning or the ending is a slip all the same, where no language has such a word.
fn is_other_at_an_end(a: &[char], b: &[char]) -> bool {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let is_turned = |x: &[char], y: &[char]| x.len() == y.len() && x[0] == y[1] && x[1] == y[0];
    if a[0] != b[0] && !is_turned(a, b) {
        // A consonant that fell off: `arketing`. A vowel or an `s` in front negates or turns in a dozen languages.
        let fell_off = long.len() == short.len() + 1 && long[1..] == *short;
        return !fell_off || "aeiouyøåäöüs".contains(long[0]);
    }
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (rest_of_a, rest_of_b) = (&a[same..], &b[same..]);
    match (rest_of_a.len(), rest_of_b.len()) {
        // One letter more at the end: a plural, a doubled letter, or one that no word ends without.
        (0, 1) | (1, 0) => {
            let (last, before) = (long[long.len() - 1], short[short.len() - 1]);
            match last {
                's' => false,
                // No language ends a word so: `inactiv`, `financ`.
                'e' => !"vcgq".contains(before),
                'g' => before != 'n',
                't' | 'y' | 'k' | 'h' | 'l' | 'r' => false,
                other => other != before,
            }
        }
        (0, _) | (_, 0) => true,
        // Another last letter, or another ending of two.
        (1, 1) => true,
        (2, 2) => !is_turned(rest_of_a, rest_of_b),
        (1, 2) | (2, 1) => rest_of_a.last() != rest_of_b.last(),
        _ => false,
    }
}

/// Parts of words that oppose each other, in the languages of those who use Muster. Where two words differ in such a
/// part they are two words. Not named are those that begin with other letters: they are told by that.
const OPPOSED: &[(&str, &str)] = &[
    ("intra", "inter"),
    ("micro", "macro"),
    ("mikro", "makro"),
    ("mini", "maxi"),
    ("minim", "maxim"),
    ("hyper", "hypo"),
    ("hiper", "hipo"),
    ("on", "off"),
    ("pre", "post"),
    ("under", "over"),
    ("unter", "uber"),
    ("ober", "unter"),
    ("east", "west"),
    ("ost", "west"),
    ("est", "ouest"),
    ("est", "ovest"),
    ("este", "oeste"),
    ("ost", "vest"),
    ("north", "south"),
    ("nord", "sud"),
    ("in", "ex"),
    ("in", "out"),
    ("im", "ex"),
    ("ein", "aus"),
    ("zu", "ab"),
    ("auf", "ab"),
    ("up", "down"),
    ("mono", "multi"),
    ("uni", "bi"),
    ("bi", "tri"),
    ("gross", "klein"),
    ("groot", "klein"),
    ("man", "frau"),
    ("man", "woman"),
    ("men", "women"),
    ("boy", "girl"),
    ("senior", "junior"),
    ("ab", "an"),
    ("ante", "post"),
    ("endo", "exo"),
    ("homo", "hetero"),
    ("pro", "re"),
    ("pro", "contra"),
    ("ent", "ver"),
    ("be", "ent"),
    ("be", "ver"),
    ("er", "ee"),
    ("or", "ee"),
    ("ed", "er"),
    ("ed", "ing"),
    ("er", "in"),
    ("less", "ful"),
    ("los", "voll"),
];

/// Parts that negate inside of a word: `Nichtraucher`, `selfinactive`.
const NEGATING: &[&str] = &["in", "un", "non", "nicht", "not", "ex", "de", "dis", "anti"];

fn is_opposed(word: &str, meant: &str) -> bool {
    let ends = Ends::of(word.as_bytes(), meant.as_bytes());
    OPPOSED.iter().any(|(one, other)| ends.turns(one, other) || ends.turns(other, one))
        || NEGATING.iter().any(|no| ends.turns(no, "") || ends.turns("", no))
}

/// Two words, and how far they are the same from the beginning and from the end.
struct Ends<'w> {
    word: &'w [u8],
    meant: &'w [u8],
    begin: usize,
    end: usize,
}

impl<'w> Ends<'w> {
    fn of(word: &'w [u8], meant: &'w [u8]) -> Ends<'w> {
        let begin = word.iter().zip(meant).take_while(|(a, b)| a == b).count();
        let end = word.iter().rev().zip(meant.iter().rev()).take_while(|(a, b)| a == b).count();
        Ends { word, meant, begin, end }
    }

    /// Whether one word has a part where the other has another, and all else is the same.
    fn turns(&self, from: &str, to: &str) -> bool {
        let (word, meant) = (self.word, self.meant);
        if word.len() + to.len() != meant.len() + from.len() || word.len() < from.len() {
            return false;
        }
        let first = (word.len() - from.len()).saturating_sub(self.end);
        let last = self.begin.min(word.len() - from.len());
        (first..=last).any(|at| {
            word[at..].starts_with(from.as_bytes()) && meant[at..].starts_with(to.as_bytes())
        })
    }
}

/// Texts of which others may be misspellings.
#[derive(Debug, Clone, Default)]
pub struct Spellings {
    known: Vec<(String, Spelling)>,
    /// Their sketches, side by side: of most nothing else is looked at.
    sketches: Vec<Sketch>,
}

impl Spellings {
    /// Those of texts, in their order.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Spellings {
        let spelt = |text: &str| (text.to_owned(), Spelling::of(text));
        let known: Vec<(String, Spelling)> = texts.into_iter().map(spelt).collect();
        let sketches = known.iter().map(|(_, spelling)| spelling.sketch).collect();
        Spellings { known, sketches }
    }

    /// The text that a value is a misspelling of, where only one is nearest.
    pub fn nearest(&self, value: &str) -> Option<&str> {
        let spelling = Spelling::of(value);
        let mut best: Option<(usize, &str)> = None;
        let mut tie = false;
        let may_be = |(_, sketch): &(_, &Sketch)| spelling.sketch.may_be(**sketch);
        for ((known, written), _) in self.known.iter().zip(&self.sketches).filter(may_be) {
            let Some(distance) = spelling.misspelt(written) else { continue };
            match best {
                Some((least, _)) if distance > least => {}
                Some((least, _)) if distance == least => tie = true,
                _ => {
                    best = Some((distance, known));
                    tie = false;
                }
            }
        }
        best.filter(|_| !tie).map(|(_, known)| known)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_misspelling_is_known_as_one() {
        for (value, known) in [
            ("Markting", "Marketing"),
            ("Marketnig", "Marketing"),
            ("markeitng", "Marketing"),
            ("Slaes", "Sales"),
            ("Sles", "Sales"),
            ("arketing", "Marketing"),
            ("Marketin", "Marketing"),
            ("activ", "active"),
            ("inactiv", "inactive"),
            ("Manager", "Managers"),
            ("Cohrot 2025", "Cohort 2025"),
            ("Parttime", "Part-time"),
            ("Plant7", "Plant 7"),
            ("Süd", "Sud"),
            ("Buchhaltng", "Buchhaltung"),
            ("Ressources humaines", "Resources humaines"),
            ("First aid – trainde", "First aid – trained"),
            ("Отдел продж", "Отдел продаж"),
            ("O’Brien team", "O'Brien Team"),
            ("Verwaltnug Nord", "Verwaltung Nord"),
            ("Administracion", "Administración"),
            ("Human Resourcess", "Human Resources"),
        ] {
            assert!(misspelt(value, known).is_some(), "{value} → {known}");
            assert!(misspelt(known, value).is_some(), "{known} → {value}");
        }
    }

    proptest! {
        #[test]
        fn what_opposes_is_found_as_by_putting_it_in(
            begin in "[a-cinuxoté]{0,3}",
            part in 0..OPPOSED.len(),
            no in 0..NEGATING.len(),
            end in "[a-cinuxoté]{0,3}",
            word in "[einuxotr]{0,6}",
        ) {
            let put_in = |word: &str, meant: &str| {
                let negating = NEGATING.iter().map(|no| (*no, ""));
                OPPOSED.iter().copied().chain(negating).any(|(one, other)| {
                    [(one, other), (other, one)].iter().any(|(from, to)| {
                        // Also where it begins within itself, as in `nonon`.
                        word.char_indices().map(|(at, _)| at).chain([word.len()]).any(|at| {
                            let rest = word[at..].strip_prefix(from);
                            rest.is_some_and(|rest| format!("{}{to}{rest}", &word[..at]) == meant)
                        })
                    })
                })
            };
            let (one, other) = OPPOSED[part];
            let with = |part: &str| format!("{begin}{part}{end}");
            let words = [with(one), with(other), with(NEGATING[no]), with(""), word];
            for word in &words {
                for meant in &words {
                    prop_assert_eq!(is_opposed(word, meant), put_in(word, meant), "{} {}", word, meant);
                }
            }
        }
    }

    #[test]
    fn another_word_is_no_misspelling() {
        for (value, known) in [
            ("Inactive users", "Active users"),
            ("Non-managers", "Managers"),
            ("Nonmanagers", "Managers"),
            ("Ex-managers", "Managers"),
            ("Cohort 2026", "Cohort 2025"),
            ("Team B", "Team A"),
            ("Level 2", "Level 1"),
            ("Level II", "Level III"),
            ("Süd", "Nord"),
            ("First aid – untrained", "First aid – trained"),
            ("Part-time", "Full-time"),
            ("Offsite", "Onsite"),
            ("Sales US", "Sales EU"),
            ("Plant 21", "Plant 12"),
            ("Plant 1 12", "Plant 11 2"),
            ("External", "Internal"),
            ("Extern", "Intern"),
            ("Externe", "Interne"),
            ("Illegal", "Legal"),
            ("Female", "Male"),
            ("Females", "Males"),
            ("Women", "Men"),
            ("IR", "HR"),
            ("unsuspended", "suspended"),
            ("undeleted", "deleted"),
            ("reactivated", "activated"),
            ("deactivated", "activated"),
            ("Nordost", "Nordwest"),
            ("Northeast", "Northwest"),
            ("Sudest", "Sudouest"),
            ("Intranet", "Internet"),
            ("Microeconomics", "Macroeconomics"),
            ("Hypertension", "Hypotension"),
            ("Employee", "Employer"),
            ("Trainer", "Trainee"),
            ("Trained", "Trainer"),
            ("Interno", "Interna"),
            ("Trabajador", "Trabajadora"),
            ("Étudiant", "Étudiante"),
            ("Employé", "Employée"),
            ("Mitarbeiter", "Mitarbeiterin"),
            ("Import", "Export"),
            ("Importe", "Exporte"),
            ("Ugift", "Gift"),
            ("Atypical", "Typical"),
            ("Scontento", "Contento"),
            ("Maternity", "Paternity"),
            ("Minimum", "Maximum"),
            ("Bezrobotny", "Robotny"),
            ("Niepełnoletni", "Pełnoletni"),
            ("onbevoegd", "bevoegd"),
            ("第一営業部門課", "第二営業部門課"),
            ("Slovakia", "Slovenia"),
            ("C+", "C#"),
            ("R&D", "R+D"),
            ("Team A Nord", "Team Anord"),
            ("Resigned", "Re-assigned"),
            ("Abteilung Ein", "Abteilung Aus"),
            ("Wareneingang", "Warenausgang"),
            ("Gruppe 1a", "Gruppe 1b"),
            ("Shift AM", "Shift PM"),
            ("Kurs 101", "Kurs 110"),
            ("Sans permis", "Avec permis"),
            ("Sin contrato", "Con contrato"),
            ("ohne Vertrag", "mit Vertrag"),
            ("not active", "active"),
            ("in active", "active"),
            ("Minors", "Majors"),
        ] {
            assert!(misspelt(value, known).is_none(), "{value} → {known}");
            assert!(misspelt(known, value).is_none(), "{known} → {value}");
        }
    }
}
