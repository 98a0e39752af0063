//! Texts that are something else than a table, by how they begin: what they are is said, and what to do.
//!
//! Each could be cut at commas like any text, and "nothing was found" would then be said of what nobody understood. They
//! are told by marks that no list of people begins with; whole detectors of file types look at far more kinds, and none
//! of those looked at (`infer`, `tree_magic_mini`) tells a web page named `.xls` from a list without guessing.

use crate::error::{Failure, FailureKind, Result};

/// So much of a text tells what it is.
const LOOKED_AT: usize = 8 << 10;

/// By what Excel 2003 names its spreadsheets in XML.
const IN_XML: &str = "urn:schemas-microsoft-com:office:spreadsheet";

const SAVE_AGAIN: &str = "Open it in Excel or LibreOffice, save it there as Excel workbook (.xlsx) or as CSV UTF-8, and \
                          open that.";
const EXPORT_AGAIN: &str = "Export the list as CSV or Excel (.xlsx) and open that.";

/// Refuses a text that is plainly no table, with kind `Format`.
pub fn refuse(text: &str) -> Result<()> {
    let Some((kind, hint)) = kind_of(text) else { return Ok(()) };
    Err(Failure::new(FailureKind::Format, "this is not a list of people")
        .why(format!("the file is {kind}"))
        .hint(hint))
}

/// Whether the end of a text may tell that it is no table, though its beginning does not.
pub fn is_told_by_its_end(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    start.starts_with(['<', '{', '[']) || start.starts_with("ID;P")
}

fn kind_of(text: &str) -> Option<(&'static str, &'static str)> {
    let whole = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').trim_end();
    let cut = (0..=whole.len().min(LOOKED_AT)).rev().find(|at| whole.is_char_boundary(*at));
    let start = &whole[..cut.unwrap_or(0)];
    let lower = start.to_ascii_lowercase();
    of_brackets(whole, &lower).or_else(|| of_lines(whole, start, &lower))
}

/// What begins and ends with brackets.
fn of_brackets(whole: &str, lower: &str) -> Option<(&'static str, &'static str)> {
    let ends = |sign: char| whole.ends_with(sign);
    if lower.starts_with("{\\rtf") {
        return Some(("a text of a word processor (RTF)", EXPORT_AGAIN));
    }
    let is_json = |open: char, close: char| {
        let inside = lower.strip_prefix(open).map(str::trim_start);
        ends(close) && inside.is_some_and(|inside| inside.starts_with(['"', '{', '[', close]))
    };
    // Also one object a line.
    if is_json('{', '}') || (is_json('[', ']') && lower.contains(['{', ':'])) {
        return Some(("JSON, which programs write for programs", EXPORT_AGAIN));
    }
    let tag = lower.strip_prefix('<')?;
    let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic() || "!?".contains(c));
    // Column names in such brackets stand above rows, which end otherwise.
    let is_document = lower.starts_with("<?xml") || lower.starts_with("<!doctype");
    if !is_tag || !(ends('>') || is_document) {
        return None;
    }
    let is_page =
        |tag: &&str| lower.starts_with(*tag) || (lower.contains(*tag) && !lower.contains(IN_XML));
    Some(if ["<html", "<table", "<!doctype html", "<body"].iter().any(is_page) {
        ("a web page (HTML), whatever its name says", SAVE_AGAIN)
    } else if lower.contains(IN_XML) {
        ("a spreadsheet of Excel 2003 in XML, whatever its name says", SAVE_AGAIN)
    } else {
        ("XML, which programs write for programs", EXPORT_AGAIN)
    })
}

/// What says in its first lines what it is.
fn of_lines(whole: &str, start: &str, lower: &str) -> Option<(&'static str, &'static str)> {
    let line = |n: usize| lower.lines().map(str::trim).filter(|line| !line.is_empty()).nth(n);
    let first = line(0)?;
    let any = |begins: &str| lower.lines().any(|line| line.starts_with(begins));
    let is_mail = [
        "mime-version:",
        "received:",
        "return-path:",
        "from:",
        "message-id:",
        "x-",
        "delivered-to:",
    ]
    .iter()
    .any(|mark| first.starts_with(mark));
    if is_mail && any("content-type:") {
        return Some(("an e-mail, or a web page saved as one file (MHT)", EXPORT_AGAIN));
    }
    if first.starts_with("begin:vcard") || first.starts_with("begin:vcalendar") {
        return Some(("address cards or a calendar (vCard, iCalendar)", EXPORT_AGAIN));
    }
    let is_entry = |line: &str| line.starts_with("dn:") && line.contains('=');
    if lower.lines().any(is_entry) && (any("objectclass:") || any("cn:") || any("changetype:")) {
        return Some(("what a directory writes for another (LDIF)", EXPORT_AGAIN));
    }
    if start.starts_with("ID;P") && whole.ends_with("\nE") {
        return Some(("an old exchange file of spreadsheets (SYLK)", SAVE_AGAIN));
    }
    if first == "table" && line(1) == Some("0,1") {
        return Some(("an old exchange file of spreadsheets (DIF)", SAVE_AGAIN));
    }
    let is_sql = [
        "insert into ",
        "create table ",
        "drop table ",
        "-- mysql dump",
        "-- mariadb dump",
        "-- postgresql database dump",
    ];
    if is_sql.iter().any(|mark| first.starts_with(mark))
        || (first.starts_with("--") && any("insert into "))
    {
        return Some(("what a database writes for another (SQL)", EXPORT_AGAIN));
    }
    let is_yaml = first == "---" || first.starts_with("%yaml");
    let named = |line: &str| line.starts_with("- ") || line.contains(": ") || line.ends_with(':');
    if is_yaml && line(1).is_some_and(named) {
        return Some(("YAML, which programs write for programs", EXPORT_AGAIN));
    }
    start.starts_with("%!PS").then_some(("a page to print (PostScript)", EXPORT_AGAIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_named() {
        for (text, is) in [
            ("<html><body><table><tr><td>a</td></tr></table></body></html>\n", "HTML"),
            ("\n  <!DOCTYPE html>\n<html lang=\"de\">", "HTML"),
            ("<table border=1><tr><th>username</th></tr></table>", "HTML"),
            (
                "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>",
                "Excel 2003",
            ),
            (
                "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Table/></Workbook>",
                "Excel 2003",
            ),
            ("<?xml version=\"1.0\"?>\n<users><user>ada</user></users>", "XML"),
            ("{\"users\": [{\"login\": \"ada\"}]}", "JSON"),
            ("[{\"login\": \"ada\"},\n {\"login\": \"bo\"}]\n", "JSON"),
            ("{\"login\":\"ada\"}\n{\"login\":\"bo\"}\n", "JSON"),
            ("{\\rtf1\\ansi Ada, Bo\\par}", "RTF"),
            (
                "version: 1\n\ndn: uid=ada,ou=People,dc=example,dc=com\nobjectClass: person\ncn: Ada\n",
                "LDIF",
            ),
            ("dn: cn=Bo,dc=example,dc=com\nchangetype: add\nmail: bo@example.com\n", "LDIF"),
            ("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n", "MHT"),
            (
                "From: <Saved by Blink>\nSubject: Users\nMIME-Version: 1.0\nContent-Type: text/html\n",
                "MHT",
            ),
            ("BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nEND:VCARD\n", "vCard"),
            ("ID;PWXL;N;E\nP;PGeneral\nC;Y1;X1;K\"Name\"\nE\n", "SYLK"),
            ("TABLE\n0,1\n\"EXCEL\"\n", "DIF"),
            ("INSERT INTO users VALUES ('ada', 'ada@example.com');\n", "SQL"),
            ("-- dump\nINSERT INTO users VALUES ('ada');\n", "SQL"),
            ("---\n- name: Ada\n  mail: ada@example.com\n", "YAML"),
        ] {
            let told = refuse(text).expect_err(text);
            assert!(told.why.contains(is) && !told.hint.is_empty(), "{text}: {told}");
        }
    }

    #[test]
    fn a_list_may_begin_with_strange_signs() {
        for text in [
            "<Name>,<Email>\nAda,ada@example.com\n",
            "[Name],[Email]\nAda,ada@example.com\n",
            "{name},{email}\nAda,ada@example.com\n",
            "\"Name\",\"Email\"\n\"{Ada}\",\"ada@example.com\"\n",
            "From,To\n2026-01-01,2026-02-01\n",
            "ID;Person;Mail\n1;Ada;ada@example.com\n",
            "id;p;q\n1;2;3\n",
            "--,Name\n1,Ada\n",
            "---\nemail,name\n",
            "Table\nName,Email\n",
            "dn,cn\nx,y\n",
            "",
            " \n",
        ] {
            refuse(text).unwrap_or_else(|told| panic!("{text:?}: {told}"));
        }
    }
}
