//! Invented people by their number: always the same, of many countries and scripts, with the names that programs trip
//! over.

use fake::locales::{
    AR_SA, CY_GB, DE_DE, Data, EN, FA_IR, FR_FR, IT_IT, JA_JP, NL_NL, PT_BR, PT_PT, TR_TR, ZH_CN,
    ZH_TW,
};

/// Which letters an LMS takes in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    Ascii,
    Latin,
    Any,
}

pub struct Someone {
    pub n: usize,
    pub first: String,
    pub last: String,
}

type Names = (&'static [&'static str], &'static [&'static str]);

fn of<L: Data>(_: L) -> Names {
    (L::NAME_FIRST_NAME, L::NAME_LAST_NAME)
}

/// Countries that the library has not.
const MORE: [Names; 12] = [
    (
        &["Олена", "Дмитрий", "Юлія", "Ян", "Светлана"],
        &["Шевченко", "Иванов", "Ковальчук", "Мирзоян", "Ким"],
    ),
    (&["Ελένη", "Γιώργος", "Άννα", "Νίκος"], &["Παπαδόπουλος", "Οικονόμου", "Μιχαηλίδης", "Ξένος"]),
    (&["יעל", "דוד", "נועה", "אבי"], &["כהן", "לוי", "בן־דוד", "מזרחי"]),
    (&["지우", "민준", "서연", "하준"], &["김", "이", "박", "최"]),
    (&["अनन्या", "राहुल", "प्रिया", "आरव"], &["शर्मा", "पटेल", "सिंह", "अय्यर"]),
    (&["สมชาย", "กัญญา", "วิชัย"], &["ศรีสุข", "ทองดี", "แสงจันทร์"]),
    (&["Thị Hương", "Văn Đức", "Ngọc Ánh", "Quốc Bảo"], &["Nguyễn", "Trần", "Đặng", "Phạm"]),
    (
        &["Łukasz", "Zofia", "Michał", "Świętosława"],
        &["Wiśniewski", "Dąbrowska", "Żuk", "Ślusarczyk"],
    ),
    (&["Bjørn", "Åse", "Guðrún", "Sæmundur"], &["Ødegård", "Þórsdóttir", "Blåvand", "Ångström"]),
    (&["Ștefan", "Ágnes", "Jiří", "Čestmír"], &["Țepeș", "Kőszegi", "Dvořák", "Ďurica"]),
    (&["Ọlá", "Ngozi", "Kwabena", "Tendai"], &["Adébáyọ̀", "Okonkwo", "Asamoah", "Moyo"]),
    (&["Kauaʻi", "Leilani", "Tāne", "Aroha"], &["Kealoha", "Kamakawiwoʻole", "Ngāta", "Tūhoe"]),
];

/// Names that are words to a program, and others that are rare in lists and real all the same.
const ODD: [(&str, &str); 32] = [
    ("Jennifer", "Null"),
    ("True", "Johnson"),
    ("Ana", "True"),
    ("Kim", "N/A"),
    ("Mary", "Test"),
    ("Test", "Williams"),
    ("Bo", "None"),
    ("Ida", "False"),
    ("Jan", "Nan"),
    ("Ava", "Total"),
    ("X", "Li"),
    ("A", "B"),
    ("J.", "Y"),
    ("Mary Ann", "O'Neill"),
    ("Sean", "O'Brien-O'Hara"),
    ("Giulia", "D'Angelo"),
    ("Zoé", "D’Arcy"),
    ("Pieter", "van der Berg"),
    ("Juan Carlos", "de la Cruz y Ortega"),
    ("Otto", "von und zu Hohenstein"),
    ("Ahmed", "bin Rashid Al-Maktoum"),
    ("Luca", "Di Maio"),
    ("Ian", "MacDonald"),
    ("ian", "macdonald"),
    ("IAN", "MCDONALD"),
    ("Benjamin", "St. John"),
    ("Martin", "King Jr."),
    ("Henry", "Ford III"),
    ("Wei", "Ng"),
    ("Nguyen", "O"),
    ("Maria-José", "Núñez–Ibáñez"),
    ("Jo", "Mar"),
];

fn locales() -> [Names; 15] {
    [
        of(EN),
        of(FR_FR),
        of(DE_DE),
        of(IT_IT),
        of(NL_NL),
        of(PT_BR),
        of(PT_PT),
        of(TR_TR),
        of(CY_GB),
        of(AR_SA),
        of(FA_IR),
        of(JA_JP),
        of(ZH_CN),
        of(ZH_TW),
        of(EN),
    ]
}

/// A number that is always the same for the same two, and else looks like chance.
pub fn chance(n: usize, of: u64) -> usize {
    let mut x =
        (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ of.wrapping_mul(0xD1B5_4A32_D192_ED03);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    usize::try_from((x ^ (x >> 31)) >> 2).unwrap_or(0)
}

pub fn pick<T: Copy>(all: &[T], n: usize, of: u64) -> T {
    all[chance(n, of) % all.len()]
}

/// Person number `n`, in letters that an LMS takes; `takes` says of each name whether it does.
pub fn someone(n: usize, script: Script, takes: fn(&str) -> bool) -> Someone {
    let locales = locales();
    // The first name of a country that fits; each is tried from another place on.
    let found = (0..400).find_map(|again| {
        let seed = n * 400 + again;
        let (first, last) = match chance(seed, 1) % 40 {
            0 => pick(&ODD, seed, 2),
            kind => {
                // One in nine of a country that the library has not.
                let at = chance(seed, 3) % 135;
                let (first, last) = if at < 120 { locales[at % 15] } else { MORE[at % MORE.len()] };
                let given = pick(first, seed, 4).trim();
                // A few have the family name of another country.
                let last = if kind == 1 { locales[chance(seed, 5) % 15].1 } else { last };
                (given, pick(last, seed, 6).trim())
            }
        };
        let fits = |name: &str| match script {
            Script::Ascii => name.is_ascii(),
            Script::Latin => name.chars().all(|c| c < '\u{250}' || matches!(c, '\u{300}'..='\u{36F}' | '\u{1E00}'..='\u{1EFF}' | '‘'..='’' | '–')),
            Script::Any => true,
        };
        (fits(first) && fits(last) && takes(first) && takes(last)).then(|| (first.to_owned(), last.to_owned()))
    });
    let (first, last) = found.expect("some name fits");
    Someone { n, first, last }
}

impl Someone {
    /// For addresses and logins: letters that every LMS takes, and nobody else's.
    pub fn login(&self) -> String {
        let plain = |name: &str| {
            let letters = name.chars().filter(char::is_ascii_alphabetic);
            letters.collect::<String>().to_lowercase()
        };
        let (first, last) = (plain(&self.first), plain(&self.last));
        match (first.as_str(), last.as_str()) {
            ("", "") => format!("user{}", self.n),
            ("", one) | (one, "") => format!("{one}{}", self.n),
            (first, last) => format!("{first}.{last}{}", self.n),
        }
    }

    /// An address; some with a sign or domain that simple checks refuse.
    pub fn address(&self) -> String {
        let login = self.login();
        match chance(self.n, 11) % 20 {
            0 => format!("{login}+lms@example.com"),
            1 => format!("{login}@mail.campus.example.com"),
            2 => format!("{login}@xn--mnchen-3ya.example.com"),
            3 => format!("{}@Example.com", login.replace('.', "_")),
            4 => format!("o'{login}@example.com"),
            5 => format!("{login}@example.museum"),
            _ => format!("{login}@example.com"),
        }
    }

    /// The same, where domains in other letters are taken.
    pub fn any_address(&self) -> String {
        match chance(self.n, 12) % 25 {
            0 => format!("{}@münchen.example.com", self.login()),
            1 => format!("{}@例え.example.com", self.login()),
            _ => self.address(),
        }
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    /// An ID with zeros at the front.
    pub fn number(&self) -> String {
        format!("{:08}", 40_210 + self.n * 7)
    }

    pub fn day(&self, from: i16, years: usize, of: u64) -> String {
        let c = chance(self.n, of);
        format!("{:04}-{:02}-{:02}", from as usize + c % years, c / 64 % 12 + 1, c / 1024 % 28 + 1)
    }
}
