use super::{
    Cell, CharClasses, CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope,
    stray,
};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::geo::{self, Notation, Place, Resolved};
use muster_roster::lists::List;
use muster_roster::roster::Column;

pub static RULE: Rule = Rule {
    code: "country-unknown",
    title: "Country not known",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |context, column| notation(context, column).is_some_and(|notation| !notation.is_region),
        classes: CharClasses::FILLED,
        check: |cell, sink| unknown(cell, "countries", sink),
    },
    page: include_str!("country_unknown.md"),
};

/// How a column writes places, where no other rule says which words it takes.
pub(super) fn notation<'s>(context: &'s CheckContext, column: &Column) -> Option<&'s Notation> {
    let notation = context.places.get(column.at)?.as_ref()?;
    let has_words = context.roster.field(column.at).is_some_and(|f| !f.choices.is_empty());
    (!has_words).then_some(notation)
}

/// Reports each value of a cell that is no place in the form of its column.
pub(super) fn unknown(cell: &Cell, kind: &str, sink: &mut FindingSink) {
    let context = cell.context;
    let Some(notation) = notation(context, cell.column) else { return };
    let list = geo::own_list(&context.lists, kind);
    let takes = |text: &str| match list {
        Some(list) => list.has(text),
        None => notation.takes(text),
    };
    let keeps = context.roster.field(cell.column.at).and_then(|f| f.keep_word.as_deref());
    for &value in cell.values {
        // A stray character is reported by the rule about such.
        if takes(value)
            || value.trim().is_empty()
            || keeps == Some(value)
            || takes(&stray::normalized(value))
            || cell.is_nobodys
        {
            continue;
        }
        // What the LMS's own export has it takes, unless its words refuse it; others have it too.
        let had =
            list.is_none() && !context.refuses(sink.rule) && context.lms_has(cell.column.at, value);
        let unsure = list.is_none() && (notation.guessed || had);
        let severity = if unsure { Severity::Warning } else { Severity::Error };
        sink.cell_as(severity, cell, || match list {
            Some(list) => not_listed(cell, notation, list, kind, value),
            None => not_in_notation(cell, notation, value, had),
        });
    }
}

fn not_in_notation(cell: &Cell, notation: &Notation, value: &str, had: bool) -> FindingText {
    let lms = cell.context.roster.profile.called();
    let has_it = if had { format!(", though {lms} has it of others") } else { String::new() };
    let wanted = format!("`{value}` is not {}{has_it}", notation.called());
    let code_of = |place: Place| notation.writes(place).unwrap_or_default();
    match resolve(cell, notation, value) {
        Some(Resolved::One { place, certain }) => {
            let (code, name) = (code_of(place), place.name());
            let message = match certain {
                _ if code == name && certain => format!("{wanted}; `{name}` is"),
                _ if code == name => format!("{wanted}; perhaps `{name}` is meant"),
                true => format!("{wanted}; {name} is `{code}`"),
                false => format!("{wanted}; perhaps {name} is meant, which is `{code}`"),
            };
            let safety = if certain && !had { Safety::Safe } else { Safety::Unsafe };
            FindingText::new(value, message).fix(Some(put_in(cell, value, code, safety)))
        }
        Some(Resolved::Either(region, country)) => {
            let (region, state) = (code_of(region), region.name());
            let (country, land) = (code_of(country), country.name());
            let either =
                format!("the region {state}, `{region}`, or the country {land}, `{country}`");
            FindingText::new(value, format!("{wanted}; it may mean {either}"))
        }
        None => FindingText::new(value, wanted),
    }
}

fn not_listed(
    cell: &Cell,
    notation: &Notation,
    list: &List,
    kind: &str,
    value: &str,
) -> FindingText {
    let wanted = format!("`{value}` is not on your list of {kind}");
    let finding = |known: &str, name: String, safety| {
        FindingText::new(value, format!("{wanted}; `{known}`{name} is"))
            .fix(Some(put_in(cell, value, known, safety)))
    };
    if let Some(known) = list.same_but_form(value) {
        return finding(known, String::new(), Safety::Safe);
    }
    if let Some(Resolved::One { place, certain }) = resolve(cell, notation, value)
        && let Some(known) = geo::ways(place).into_iter().find(|way| list.has(way))
    {
        let name = if known == place.name() { "".into() } else { format!(" ({})", place.name()) };
        return finding(known, name, if certain { Safety::Safe } else { Safety::Unsafe });
    }
    // Codes are a letter or two from one another without being slips.
    match list.nearest(value).filter(|_| value.chars().count() > 4) {
        Some(known) => finding(known, String::new(), Safety::Unsafe),
        None => FindingText::new(value, wanted),
    }
}

fn resolve(cell: &Cell, notation: &Notation, value: &str) -> Option<Resolved> {
    let context = cell.context;
    let country = geo::country_of(&context.roster, &context.places, notation, cell.row);
    geo::resolve(&stray::normalized(value), notation, country)
}

fn put_in(cell: &Cell, value: &str, code: &str, safety: Safety) -> Fix {
    let after = cell.text.replacen(value, code, 1);
    cell.fix(format!("`{value}` → `{code}`"), safety, after)
}
