//! Names as they are spread in life: many are rare, so that few people share both, and some are not written in ASCII.

use crate::edapp::Dice;

const BEGINNINGS: &str =
    "b c d f g h j k l m n p r s t v w z br ch cl dr fr gr kr ph pl pr sch sh sl sp st th tr";
const VOWELS: &str = "a e i o u ai ou ie é ö ü á ø";
const ENDS: &str = "n r s l t nd ck rt z m son ski ez ini ova mann sen";
/// The more, the less do the frequent names stand out.
const FLAT: f64 = 20.0;

pub struct Names {
    names: Vec<String>,
    /// How many of all people have this name or one before it: the frequent ones come first.
    up_to: Vec<f64>,
}

impl Names {
    pub fn new(count: usize, seed: u64) -> Names {
        let mut dice = Dice::new(seed);
        let parts = |text: &'static str| text.split(' ').collect::<Vec<_>>();
        let (beginnings, vowels, ends) = (parts(BEGINNINGS), parts(VOWELS), parts(ENDS));
        let mut seen = std::collections::HashSet::new();
        let mut names = Vec::with_capacity(count);
        while names.len() < count {
            let mut name = String::new();
            for _ in 0..=usize::from(dice.roll(10) < 6) {
                name.push_str(beginnings[dice.roll(beginnings.len())]);
                name.push_str(vowels[dice.roll(vowels.len())]);
            }
            name.push_str(ends[dice.roll(ends.len())]);
            name[..1].make_ascii_uppercase();
            if seen.insert(name.clone()) {
                names.push(name);
            }
        }
        let mut sum = 0.0;
        let shares = (0..count).map(|rank| 1.0 / (rank as f64 + FLAT));
        let up_to = shares.map(|share| {
            sum += share;
            sum
        });
        Names { up_to: up_to.collect(), names }
    }

    pub fn pick(&self, dice: &mut Dice) -> &str {
        const FINE: usize = 1 << 30;
        let all = self.up_to.last().copied().unwrap_or_default();
        let at = dice.roll(FINE) as f64 / FINE as f64 * all;
        &self.names[self.up_to.partition_point(|sum| *sum <= at).min(self.names.len() - 1)]
    }
}

/// As it stands in an address.
pub fn plain(name: &str) -> String {
    let letters = name.chars().map(|letter| match letter {
        'é' => 'e',
        'ö' | 'ø' => 'o',
        'ü' => 'u',
        'á' => 'a',
        other => other.to_ascii_lowercase(),
    });
    letters.collect()
}
