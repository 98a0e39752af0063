use super::{Cell, Look, Needs, Report, Rule, Scene, Shape, Told, stray};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::lists::List;
use muster_roster::places::{self, Form, Meant, Place};
use muster_roster::roster::Column;

pub static RULE: Rule = Rule {
    code: "country-unknown",
    title: "Country not known",
    severity: Severity::Error,
    needs: Needs::File,
    look: Look::Value {
        of: |scene, column| form(scene, column).is_some_and(|form| !form.is_region),
        shape: Shape::FILLED,
        check: |cell, report| unknown(cell, "countries", report),
    },
    page: include_str!("country_unknown.md"),
};

/// How a column writes places, where no other rule says which words it takes.
pub(super) fn form<'s>(scene: &'s Scene, column: &Column) -> Option<&'s Form> {
    let form = scene.places.get(column.at)?.as_ref()?;
    let has_words = scene.roster.field(column.at).is_some_and(|f| !f.choices.is_empty());
    (!has_words).then_some(form)
}

/// Reports each value of a cell that is no place in the form of its column.
pub(super) fn unknown(cell: &Cell, kind: &str, report: &mut Report) {
    let scene = cell.scene;
    let Some(form) = form(scene, cell.column) else { return };
    let list = places::own_list(&scene.lists, kind);
    let takes = |text: &str| match list {
        Some(list) => list.has(text),
        None => form.takes(text),
    };
    let keeps = scene.roster.field(cell.column.at).and_then(|f| f.keep_word.as_deref());
    for &value in cell.values {
        // A stray character is reported by the rule about such.
        if takes(value)
            || value.trim().is_empty()
            || keeps == Some(value)
            || takes(&stray::meant(value))
            || cell.is_nobodys
        {
            continue;
        }
        let severity =
            if form.guessed && list.is_none() { Severity::Warning } else { Severity::Error };
        report.cell_as(severity, cell, || match list {
            Some(list) => not_listed(cell, form, list, kind, value),
            None => not_in_form(cell, form, value),
        });
    }
}

fn not_in_form(cell: &Cell, form: &Form, value: &str) -> Told {
    let wanted = format!("`{value}` is not {}", form.called());
    let code_of = |place: Place| form.writes(place).unwrap_or_default();
    match meant(cell, form, value) {
        Some(Meant::One { place, certain }) => {
            let (code, name) = (code_of(place), place.name());
            let message = match certain {
                _ if code == name && certain => format!("{wanted}; `{name}` is"),
                _ if code == name => format!("{wanted}; perhaps `{name}` is meant"),
                true => format!("{wanted}; {name} is `{code}`"),
                false => format!("{wanted}; perhaps {name} is meant, which is `{code}`"),
            };
            let safety = if certain { Safety::Safe } else { Safety::Unsafe };
            Told::new(value, message).fix(Some(put_in(cell, value, code, safety)))
        }
        Some(Meant::Either(region, country)) => {
            let (region, state) = (code_of(region), region.name());
            let (country, land) = (code_of(country), country.name());
            let either =
                format!("the region {state}, `{region}`, or the country {land}, `{country}`");
            Told::new(value, format!("{wanted}; it may mean {either}"))
        }
        None => Told::new(value, wanted),
    }
}

fn not_listed(cell: &Cell, form: &Form, list: &List, kind: &str, value: &str) -> Told {
    let wanted = format!("`{value}` is not on your list of {kind}");
    let told = |known: &str, name: String, safety| {
        Told::new(value, format!("{wanted}; `{known}`{name} is"))
            .fix(Some(put_in(cell, value, known, safety)))
    };
    if let Some(known) = list.same_but_form(value) {
        return told(known, String::new(), Safety::Safe);
    }
    if let Some(Meant::One { place, certain }) = meant(cell, form, value)
        && let Some(known) = places::ways(place).into_iter().find(|way| list.has(way))
    {
        let name = if known == place.name() { "".into() } else { format!(" ({})", place.name()) };
        return told(known, name, if certain { Safety::Safe } else { Safety::Unsafe });
    }
    // Codes are a letter or two from one another without being slips.
    match list.nearest(value).filter(|_| value.chars().count() > 4) {
        Some(known) => told(known, String::new(), Safety::Unsafe),
        None => Told::new(value, wanted),
    }
}

fn meant(cell: &Cell, form: &Form, value: &str) -> Option<Meant> {
    let scene = cell.scene;
    let country = places::country_beside(&scene.roster, &scene.places, form, cell.row);
    places::meant(&stray::meant(value), form, country)
}

fn put_in(cell: &Cell, value: &str, code: &str, safety: Safety) -> Fix {
    let after = cell.text.replacen(value, code, 1);
    cell.fix(format!("`{value}` → `{code}`"), safety, after)
}
