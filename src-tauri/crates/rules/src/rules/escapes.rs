//! Letters that a program wrote as something else, for a web page, an address or a mail: `&uuml;`, `%27`, `=C3=A4`, `\u00eb`.

/// An escape in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escape<'t> {
    /// As it stands there.
    pub text: &'t str,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Entity,
    Address,
    Mail,
    Code,
    Tag,
}

impl Kind {
    pub fn called(self) -> &'static str {
        match self {
            Kind::Entity => "how a web page writes a letter or sign",
            Kind::Address => "how a web address writes a letter or sign",
            Kind::Mail => "how a mail writes a letter",
            Kind::Code => "how a program writes a letter",
            Kind::Tag => "a mark of a web page",
        }
    }
}

/// The first escape of a text; none where it has none. Signs that only look so are none: `AT&T`, `100%`, `5 < 6`.
pub fn first(text: &str) -> Option<Escape<'_>> {
    each(text).next().map(|(escape, _)| escape)
}

/// The text with its escapes read, where each is a letter or sign that does no harm; none where one is another, such as
/// `<`, from which a page would make a mark.
pub fn decoded(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (escape, meant) in each(text) {
        let at = escape.text.as_ptr() as usize - text.as_ptr() as usize;
        let meant = meant.filter(|meant| !meant.contains(is_harmful))?;
        out.push_str(&text[done..at]);
        out.push_str(&meant);
        done = at + escape.text.len();
    }
    out.push_str(&text[done..]);
    (done > 0).then_some(out)
}

fn is_harmful(c: char) -> bool {
    matches!(c, '<' | '>' | char::REPLACEMENT_CHARACTER) || c.is_control()
}

/// Each escape with what it stands for; none where that is nothing to be put in.
fn each(text: &str) -> impl Iterator<Item = (Escape<'_>, Option<String>)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let begins = |byte: &u8| matches!(byte, b'&' | b'%' | b'\\' | b'=' | b'<');
        while let Some(at) = text.as_bytes()[from..].iter().position(begins).map(|at| from + at) {
            let rest = &text[at..];
            let found = match rest.as_bytes()[0] {
                b'&' => entity(rest),
                b'%' => address(text, at),
                b'\\' => code(rest),
                b'=' => mail(rest),
                _ => tag(text, rest),
            };
            if let Some((kind, length, meant)) = found {
                from = at + length;
                return Some((Escape { text: &text[at..at + length], kind }, meant));
            }
            from = at + 1;
        }
        None
    })
}

type Found = Option<(Kind, usize, Option<String>)>;

fn entity(rest: &str) -> Found {
    const LONGEST: usize = 10;
    let end = rest.bytes().take(LONGEST).position(|b| b == b';')?;
    let name = &rest[1..end];
    let letter = match name.strip_prefix('#') {
        Some(number) => {
            let hex = number.strip_prefix(['x', 'X']);
            let code =
                hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
            char::from_u32(code)?
        }
        None => named(name)?,
    };
    Some((Kind::Entity, end + 1, Some(letter.to_string())))
}

/// `%27`, `%C3%A9`: beside a letter, and standing for one or for a sign. `20%25` is a number, and a web address is meant so.
fn address(text: &str, at: usize) -> Found {
    if text.contains("://") || text.starts_with("www.") {
        return None;
    }
    let (bytes, length) = bytes(&text[at..], b'%')?;
    let meant = String::from_utf8(bytes).ok()?;
    let beside = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let is_beside =
        beside(text[..at].chars().next_back()) || beside(text[at + length..].chars().next());
    let fits = !meant.chars().any(|c| c.is_control() || c.is_ascii_alphanumeric());
    (is_beside && fits && !text[..at].ends_with(|c: char| c.is_ascii_digit())).then_some((
        Kind::Address,
        length,
        Some(meant),
    ))
}

fn mail(rest: &str) -> Found {
    let (bytes, length) = bytes(rest, b'=')?;
    let meant = String::from_utf8(bytes)
        .ok()
        .filter(|meant| meant.chars().all(char::is_alphabetic) && !meant.is_ascii())?;
    Some((Kind::Mail, length, Some(meant)))
}

/// Bytes that are written one after another, each as a sign and two digits.
fn bytes(rest: &str, sign: u8) -> Option<(Vec<u8>, usize)> {
    let digit = |b: &u8| char::from(*b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let byte = |three: &[u8]| match three {
        [first, a, b] if *first == sign && !(a.is_ascii_lowercase() || b.is_ascii_lowercase()) => {
            Some(digit(a)? * 16 + digit(b)?)
        }
        _ => None,
    };
    let all: Vec<u8> = rest.as_bytes().chunks(3).map_while(byte).collect();
    let length = all.len() * 3;
    (length > 0).then_some((all, length))
}

fn code(rest: &str) -> Found {
    let unit = |text: &str| {
        let hex = text.strip_prefix("\\u")?.get(..4)?;
        let all = hex.bytes().all(|b| b.is_ascii_hexdigit());
        if all { u16::from_str_radix(hex, 16).ok() } else { None }
    };
    const LENGTH: usize = 6;
    let one = unit(rest)?;
    // A letter beyond the first 65,536 is written as two.
    let (units, length) = match rest.get(LENGTH..).and_then(unit) {
        Some(other) if (0xD800..0xDC00).contains(&one) => (vec![one, other], 2 * LENGTH),
        _ => (vec![one], LENGTH),
    };
    let letter = String::from_utf16(&units).ok()?;
    Some((Kind::Code, length, Some(letter)))
}

/// A line break, or a mark that is closed: `A<B>C` is no page.
fn tag(text: &str, rest: &str) -> Found {
    const TAGS: [&str; 11] =
        ["p", "b", "i", "u", "em", "strong", "span", "div", "font", "a", "sup"];
    const LONGEST: usize = 80;
    let end = rest.bytes().take(LONGEST).position(|b| b == b'>')?;
    let inner = rest[1..end].trim_start_matches('/').trim_end_matches('/');
    let name = inner.split_whitespace().next()?.to_ascii_lowercase();
    let is_closed = || text.to_ascii_lowercase().contains(&format!("</{name}>"));
    let is_tag = name == "br" || (TAGS.contains(&name.as_str()) && is_closed());
    is_tag.then_some((Kind::Tag, end + 1, None))
}

/// The letters and signs that web pages have names for; not those of formulas.
fn named(name: &str) -> Option<char> {
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter)
}

#[rustfmt::skip]
const NAMED: &[(&str, char)] = &[
    ("amp", '&'), ("AMP", '&'), ("quot", '"'), ("QUOT", '"'), ("apos", '\''), ("lt", '<'), ("gt", '>'), ("LT", '<'),
    ("GT", '>'), ("nbsp", ' '), ("iexcl", '¡'), ("cent", '¢'), ("pound", '£'), ("curren", '¤'), ("yen", '¥'),
    ("brvbar", '¦'), ("sect", '§'), ("uml", '¨'), ("copy", '©'), ("ordf", 'ª'), ("laquo", '«'), ("not", '¬'),
    ("shy", '\u{AD}'), ("reg", '®'), ("macr", '¯'), ("deg", '°'), ("plusmn", '±'), ("sup2", '²'), ("sup3", '³'),
    ("acute", '´'), ("micro", 'µ'), ("para", '¶'), ("middot", '·'), ("cedil", '¸'), ("sup1", '¹'), ("ordm", 'º'),
    ("raquo", '»'), ("frac14", '¼'), ("frac12", '½'), ("frac34", '¾'), ("iquest", '¿'),
    ("Agrave", 'À'), ("Aacute", 'Á'), ("Acirc", 'Â'), ("Atilde", 'Ã'), ("Auml", 'Ä'), ("Aring", 'Å'), ("AElig", 'Æ'),
    ("Ccedil", 'Ç'), ("Egrave", 'È'), ("Eacute", 'É'), ("Ecirc", 'Ê'), ("Euml", 'Ë'), ("Igrave", 'Ì'), ("Iacute", 'Í'),
    ("Icirc", 'Î'), ("Iuml", 'Ï'), ("ETH", 'Ð'), ("Ntilde", 'Ñ'), ("Ograve", 'Ò'), ("Oacute", 'Ó'), ("Ocirc", 'Ô'),
    ("Otilde", 'Õ'), ("Ouml", 'Ö'), ("times", '×'), ("Oslash", 'Ø'), ("Ugrave", 'Ù'), ("Uacute", 'Ú'), ("Ucirc", 'Û'),
    ("Uuml", 'Ü'), ("Yacute", 'Ý'), ("THORN", 'Þ'), ("szlig", 'ß'), ("agrave", 'à'), ("aacute", 'á'), ("acirc", 'â'),
    ("atilde", 'ã'), ("auml", 'ä'), ("aring", 'å'), ("aelig", 'æ'), ("ccedil", 'ç'), ("egrave", 'è'), ("eacute", 'é'),
    ("ecirc", 'ê'), ("euml", 'ë'), ("igrave", 'ì'), ("iacute", 'í'), ("icirc", 'î'), ("iuml", 'ï'), ("eth", 'ð'),
    ("ntilde", 'ñ'), ("ograve", 'ò'), ("oacute", 'ó'), ("ocirc", 'ô'), ("otilde", 'õ'), ("ouml", 'ö'), ("divide", '÷'),
    ("oslash", 'ø'), ("ugrave", 'ù'), ("uacute", 'ú'), ("ucirc", 'û'), ("uuml", 'ü'), ("yacute", 'ý'), ("thorn", 'þ'),
    ("yuml", 'ÿ'), ("OElig", 'Œ'), ("oelig", 'œ'), ("Scaron", 'Š'), ("scaron", 'š'), ("Yuml", 'Ÿ'), ("Zcaron", 'Ž'),
    ("zcaron", 'ž'), ("Ccaron", 'Č'), ("ccaron", 'č'), ("Cacute", 'Ć'), ("cacute", 'ć'), ("Dstrok", 'Đ'), ("dstrok", 'đ'),
    ("Ecaron", 'Ě'), ("ecaron", 'ě'), ("Eogon", 'Ę'), ("eogon", 'ę'), ("Aogon", 'Ą'), ("aogon", 'ą'), ("Lstrok", 'Ł'),
    ("lstrok", 'ł'), ("Nacute", 'Ń'), ("nacute", 'ń'), ("Ncaron", 'Ň'), ("ncaron", 'ň'), ("Odblac", 'Ő'), ("odblac", 'ő'),
    ("Rcaron", 'Ř'), ("rcaron", 'ř'), ("Sacute", 'Ś'), ("sacute", 'ś'), ("Scedil", 'Ş'), ("scedil", 'ş'), ("Tcaron", 'Ť'),
    ("tcaron", 'ť'), ("Udblac", 'Ű'), ("udblac", 'ű'), ("Uring", 'Ů'), ("uring", 'ů'), ("Zacute", 'Ź'), ("zacute", 'ź'),
    ("Zdot", 'Ż'), ("zdot", 'ż'), ("Abreve", 'Ă'), ("abreve", 'ă'), ("Gbreve", 'Ğ'), ("gbreve", 'ğ'), ("Idot", 'İ'),
    ("imath", 'ı'), ("inodot", 'ı'), ("fnof", 'ƒ'), ("circ", 'ˆ'), ("tilde", '˜'), ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'), ("thinsp", '\u{2009}'), ("ndash", '–'), ("mdash", '—'), ("lsquo", '‘'), ("rsquo", '’'),
    ("sbquo", '‚'), ("ldquo", '“'), ("rdquo", '”'), ("bdquo", '„'), ("dagger", '†'), ("bull", '•'), ("hellip", '…'),
    ("permil", '‰'), ("prime", '′'), ("Prime", '″'), ("lsaquo", '‹'), ("rsaquo", '›'), ("euro", '€'), ("trade", '™'),
    ("plus", '+'), ("comma", ','), ("period", '.'), ("colon", ':'), ("semi", ';'), ("excl", '!'), ("num", '#'),
    ("lpar", '('), ("rpar", ')'), ("commat", '@'), ("lowbar", '_'), ("sol", '/'), ("percnt", '%'), ("equals", '='),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_write_for_letters_is_read() {
        for (text, meant) in [
            ("O&#39;Brien", "O'Brien"),
            ("J&uuml;rgen M&#252;ller", "Jürgen Müller"),
            ("R&amp;D; Sales", "R&D; Sales"),
            ("&quot;Bob&quot;", "\"Bob\""),
            ("Li&nbsp;Wu", "Li Wu"),
            ("Zo\\u00eb", "Zoë"),
            ("\\uD83D\\uDE00 team", "😀 team"),
            ("O%27Neil", "O'Neil"),
            ("Jos%C3%A9", "José"),
            ("Sales%20East", "Sales East"),
            ("M=C3=A4rz", "März"),
            ("=C3=84rzte", "Ärzte"),
            ("&Scaron;imi&cacute; &#x17D;", "Šimić Ž"),
            ("Caf&eacute; &ndash; Bar", "Café – Bar"),
        ] {
            assert_eq!(decoded(text).as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn nothing_is_made_that_a_page_would_run() {
        for text in [
            "&lt;b&gt;",
            "a &#60; b",
            "&#x3C;script&#x3E;",
            "A%3CB",
            "Ann<br>Marie",
            "&uuml;&lt;",
            "\\u003cb",
            "&#7;x",
        ] {
            assert!(first(text).is_some(), "{text}");
            assert_eq!(decoded(text), None, "{text}");
        }
        // Escaped twice: the first time a sign comes out, and no mark.
        assert_eq!(decoded("R&amp;amp;D").as_deref(), Some("R&amp;D"));
        assert_eq!(decoded("&amp;lt;b").as_deref(), Some("&lt;b"));
    }

    #[test]
    fn signs_that_people_write_are_no_escapes() {
        for text in [
            "AT&T",
            "B&B",
            "R&D; Sales",
            "Q&A;",
            "Tom & Jerry; Co",
            "100%",
            "5%20",
            "10%25 off",
            "50%AB",
            "%",
            "C:\\users\\ada",
            "C:\\Users",
            "\\u12",
            "a=b",
            "x=AB",
            "=1+1",
            "E=MC2",
            "5 < 6",
            "a <b",
            "<3",
            "<ada@example.com>",
            "A<B>C",
            "https://example.com/?q=%27a",
            "&;",
            "&#;",
            "&nosuchname;",
            "S&P;500",
            "=AA=BB",
            "20%C3",
        ] {
            assert_eq!(first(text), None, "{text}");
        }
    }
}
