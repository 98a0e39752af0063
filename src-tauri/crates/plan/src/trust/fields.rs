//! The columns that the LMS knows.

use super::{Told, shown};
use muster_roster::profile::{
    Characters, Field, FieldKind, NotFor, Unique, header_form, is_secret_name,
};
use muster_table::words::listed;

/// What is otherwise of the fields.
pub fn told(told: &mut Told, now: &[Field], usual: &[Field]) {
    for before in usual {
        match now.iter().find(|field| field.id == before.id) {
            Some(field) => one(told, field, before, usual),
            None => told.softens(format!("It does not know `{}` any more.", before.title)),
        }
    }
    for own in now.iter().filter(|own| usual.iter().all(|before| before.id != own.id)) {
        match redirected(own, usual).or_else(|| of_passwords(own)) {
            Some(sentence) => told.softens(sentence),
            None => told.differs(format!("It knows a column more: {}.", shown(&own.title))),
        }
    }
}

/// Whether there is something that is looked for in it, or held for it, beside what is looked for in any column.
fn is_looked_at(field: &Field) -> bool {
    let holds_some = [&field.admin, &field.inactive, &field.choices].iter().any(|w| !w.is_empty());
    holds_some
        || field.value_required
        || field.unique.is_some()
        || field.identifies
        || field.list.is_some()
        || !matches!(field.kind, FieldKind::Text)
}

/// A column that is read as another field than it was.
fn redirected(own: &Field, usual: &[Field]) -> Option<String> {
    let elsewhere = |header: &&String| {
        let form = header_form(header);
        usual.iter().any(|field| field.id != own.id && field.is_headed(&form))
    };
    let header = own.headers.iter().chain(&own.headers_inferred).find(elsewhere)?;
    let was = usual.iter().find(|f| f.id != own.id && f.is_headed(&header_form(header)))?;
    Some(format!(
        "A column {} may be read as {}, and is `{}`.",
        shown(header),
        shown(&own.title),
        was.title
    ))
}

/// A column more in which passwords stand, be it that the profile calls them so or that the column is named so.
fn of_passwords(own: &Field) -> Option<String> {
    if own.kind != FieldKind::Password {
        return None;
    }
    let mut names = own.headers.iter().chain(&own.headers_inferred);
    let name = names.find(|name| is_secret_name(&header_form(name))).unwrap_or(&own.id);
    let title = shown(&own.title);
    Some(match own.read_only {
        true => format!(
            "It reads passwords, of a column {}, as {title}, which is no password to this LMS; they are not sent.",
            shown(name)
        ),
        false => format!("It sends passwords, of a column {}, as {title}.", shown(name)),
    })
}

fn one(told: &mut Told, field: &Field, before: &Field, usual: &[Field]) {
    let Field {
        id: _,
        title,
        headers,
        headers_inferred,
        kind,
        column_required,
        value_required,
        unique,
        identifies,
        separator,
        list,
        choices,
        read_only,
        create_only,
        inactive,
        always,
        named_first,
        admin,
        min,
        max,
        characters,
        characters_unsure,
        date_forms,
        name_part,
        keep_word,
        blank,
        password_needs,
        choices_any_case,
        values_any_case,
        stored_upper,
        stored_lower,
        leaves_out,
        reserved,
        only_adds,
        made_if_lacking,
        digits_are_own,
        no_tags,
        usual: seen_often,
        takes_away,
        by_hand,
        never_by_file,
        nothing,
        exported_as_blank,
        promote_only,
        only_with_other_changes,
        not_for,
        code,
        of_country,
        in_country,
        or_country,
        unreached: _,
        shares: _,
        of_template: _,
        new_only: _,
        is_given_there: _,
        refers_to,
        about,
    } = field;
    let name = &before.title;
    if title != name || about != &before.about {
        told.differs(format!("It speaks of `{name}` in its own words: {}.", shown(title)));
    }
    if let Some(sentence) = redirected(field, usual) {
        told.softens(sentence);
    }
    // A name that no longer is one leaves its column unchecked.
    let forms: Vec<String> =
        headers.iter().chain(headers_inferred).map(|header| header_form(header)).collect();
    let was = before.headers.iter().chain(&before.headers_inferred);
    let lost: Vec<String> = was.filter(|h| !forms.contains(&header_form(h))).cloned().collect();
    if !lost.is_empty() && is_looked_at(before) {
        told.softens(format!("A column {} is no longer read as `{name}`.", few(&lost)));
    } else if headers != &before.headers || headers_inferred != &before.headers_inferred {
        // What no field is is told as a column that nobody knows.
        told.differs(format!("`{name}` may be headed otherwise."));
    }
    if kind != &before.kind {
        told.softens(format!("`{name}` holds {}, not {}.", of_kind(*kind), of_kind(before.kind)));
    }
    let mut freed = |now: bool, was: bool, soft: &str, hard: &str| match (now, was) {
        (false, true) => told.softens(soft.to_owned()),
        (true, false) => told.differs(hard.to_owned()),
        _ => {}
    };
    freed(
        *column_required,
        before.column_required,
        &format!("The column `{name}` no longer has to be there."),
        &format!("The column `{name}` has to be there."),
    );
    freed(
        *value_required,
        before.value_required,
        &format!("`{name}` may be blank."),
        &format!("`{name}` has to be filled."),
    );
    freed(
        *identifies,
        before.identifies,
        &format!("`{name}` no longer says who somebody is."),
        &format!("`{name}` stays with a person."),
    );
    freed(
        *named_first,
        before.named_first,
        &format!("Whoever stands in `{name}` no longer has to be there before."),
        &format!("Whoever stands in `{name}` has to be there before."),
    );
    freed(
        *promote_only,
        before.promote_only,
        &format!("`{name}` is changed by a file in every direction."),
        &format!("`{name}` only rises by a file."),
    );
    // These hide a difference where they are said, and a mistake where they are not.
    let otherwise = [
        (
            only_with_other_changes != &before.only_with_other_changes,
            match only_with_other_changes {
                true => format!("`{name}` is changed by a file only along with something else."),
                false => format!("`{name}` is changed by a file by itself."),
            },
        ),
        (
            stored_lower != &before.stored_lower || leaves_out != &before.leaves_out,
            format!(
                "What the LMS makes of capitals and other signs in `{name}` is said otherwise."
            ),
        ),
        (
            reserved != &before.reserved,
            format!("Which values of `{name}` the LMS has for itself is said otherwise."),
        ),
        (
            only_adds != &before.only_adds || takes_away != &before.takes_away,
            format!("Whether a file takes anything away by `{name}` is said otherwise."),
        ),
        (
            no_tags != &before.no_tags || seen_often != &before.usual,
            format!("Which values of `{name}` are looked at twice is said otherwise."),
        ),
        (
            made_if_lacking != &before.made_if_lacking || digits_are_own != &before.digits_are_own,
            format!(
                "What the LMS makes of a value of `{name}` that it does not know is said otherwise."
            ),
        ),
        (
            stored_upper != &before.stored_upper,
            match stored_upper {
                true => format!("Upper and lower case of `{name}` make no difference."),
                false => format!("`{name}` is not kept in upper case."),
            },
        ),
        (
            read_only != &before.read_only,
            if *read_only {
                format!(
                    "`{name}` is written by the LMS alone, and what a file says of it is not sent."
                )
            } else {
                format!("`{name}` is sent, though the LMS writes it itself.")
            },
        ),
        (
            create_only != &before.create_only,
            if *create_only {
                format!("`{name}` is sent for new people only.")
            } else {
                format!("`{name}` is sent for people who exist, too.")
            },
        ),
        (
            choices_any_case != &before.choices_any_case
                || values_any_case != &before.values_any_case,
            format!("Upper and lower case of `{name}` count otherwise."),
        ),
        (
            never_by_file != &before.never_by_file,
            format!("Whether a file sets `{name}` at all is said otherwise."),
        ),
        (
            separator != &before.separator,
            format!("Several values of `{name}` are parted otherwise."),
        ),
        (
            inactive != &before.inactive,
            format!("Other words of `{name}` mean that somebody is not active: {}.", few(inactive)),
        ),
        (
            always != &before.always,
            format!("Other values of `{name}` count as everybody's: {}.", few(always)),
        ),
        (
            keep_word != &before.keep_word,
            match keep_word {
                Some(word) => format!("{} in `{name}` leaves it as it is.", shown(word)),
                None => format!("No word in `{name}` leaves it as it is."),
            },
        ),
        (
            blank != &before.blank,
            format!("What a blank `{name}` does to somebody who exists is said otherwise."),
        ),
        (
            by_hand != &before.by_hand,
            match by_hand {
                Some(place) => format!("`{name}` is left to be changed by hand: {}.", shown(place)),
                None => format!("`{name}` is changed by a file, and no longer by hand."),
            },
        ),
        (
            name_part != &before.name_part,
            format!("`{name}` is another part of what somebody is called."),
        ),
        (
            date_forms != &before.date_forms && !before.date_forms.is_empty(),
            format!("Dates in `{name}` are written in another form: {}.", few(date_forms)),
        ),
        (
            list != &before.list && before.list.is_some(),
            format!("`{name}` is held against another list, or none."),
        ),
        (
            refers_to != &before.refers_to && before.refers_to.is_some(),
            format!("Whom `{name}` names is looked for elsewhere, or nowhere."),
        ),
        (
            (code, of_country, in_country, or_country)
                != (&before.code, &before.of_country, &before.in_country, &before.or_country),
            format!("Countries and regions in `{name}` are read otherwise."),
        ),
    ];
    for (is, sentence) in otherwise {
        if is {
            told.softens(sentence);
        }
    }
    if date_forms != &before.date_forms && before.date_forms.is_empty() {
        told.differs(format!("It says how dates in `{name}` are written."));
    }
    if (list != &before.list && before.list.is_none())
        || (refers_to != &before.refers_to && before.refers_to.is_none())
    {
        told.differs(format!("`{name}` is held against what is known."));
    }
    let strict = |unique: &Option<Unique>| match unique {
        None => 0,
        Some(Unique::CaseMatters) => 1,
        Some(Unique::AnyCase) => 2,
    };
    if strict(unique) < strict(&before.unique) {
        told.softens(format!("Two people may have the same `{name}`."));
    } else if unique != &before.unique {
        told.differs(format!("No two people may have the same `{name}`."));
    }
    words(told, name, choices, &before.choices);
    let gone = more(&before.admin, admin);
    if !gone.is_empty() {
        told.softens(format!("{} in `{name}` no longer counts as an administrator.", few(&gone)));
    } else if admin != &before.admin {
        told.differs(format!("More values of `{name}` count as administrators."));
    }
    for (now, was, what) in [
        (nothing, &before.nothing, "say nothing"),
        (exported_as_blank, &before.exported_as_blank, "count as blank"),
    ] {
        if now != was {
            told.softens(format!("Other words of `{name}` {what}: {}.", few(now)));
        }
    }
    lengths(told, name, (*min, before.min), (*max, before.max));
    for (now, was) in
        [(characters, &before.characters), (characters_unsure, &before.characters_unsure)]
    {
        taken(told, name, now.as_ref(), was.as_ref());
    }
    let fewer = before.password_needs.iter().any(|need| !password_needs.contains(need));
    if fewer {
        told.softens(format!("`{name}` has to hold less."));
    } else if password_needs != &before.password_needs {
        told.differs(format!("`{name}` has to hold more."));
    }
    let for_whom = |not_for: &Option<NotFor>| {
        not_for
            .as_ref()
            .map(|NotFor { field, word, says }| (field.clone(), word.clone(), says.clone()))
    };
    match (for_whom(not_for), for_whom(&before.not_for)) {
        (now, was) if now == was => {}
        (Some(_), None) => told.differs(format!("Of some people `{name}` is not taken.")),
        _ => {
            told.softens(format!("Of whom `{name}` is not taken is said otherwise, or no longer."))
        }
    }
}

/// The words that a field takes: one more lets more pass, and of none any does.
fn words(told: &mut Told, name: &str, now: &[String], was: &[String]) {
    if now == was {
        return;
    }
    let added = more(now, was);
    if was.is_empty() {
        told.differs(format!("`{name}` takes only some words."));
    } else if now.is_empty() {
        told.softens(format!("`{name}` takes any word."));
    } else if !added.is_empty() {
        told.softens(format!("`{name}` takes more words: {}.", few(&added)));
    } else if now.len() == was.len() {
        told.softens(format!("The words of `{name}` stand in another order."));
    } else {
        told.differs(format!("`{name}` takes fewer words."));
    }
}

fn lengths(
    told: &mut Told,
    name: &str,
    (min, least): (Option<usize>, Option<usize>),
    (max, most): (Option<usize>, Option<usize>),
) {
    if min.unwrap_or(0) < least.unwrap_or(0) {
        told.softens(format!("`{name}` may be shorter: {} characters.", min.unwrap_or(0)));
    } else if min != least {
        told.differs(format!("`{name}` has to be longer."));
    }
    let open = |most: Option<usize>| most.unwrap_or(usize::MAX);
    if open(max) > open(most) {
        told.softens(match max {
            Some(max) => format!("`{name}` may be longer: {max} characters."),
            None => format!("`{name}` may be of any length."),
        });
    } else if max != most {
        told.differs(format!("`{name}` has to be shorter."));
    }
}

fn taken(told: &mut Told, name: &str, now: Option<&Characters>, was: Option<&Characters>) {
    match (now, was) {
        (Some(now), Some(was)) if now.written() == was.written() => {}
        (Some(now), Some(was)) if was.takes_all_of(now) => {
            told.differs(format!("`{name}` takes fewer characters."));
        }
        (_, Some(_)) => told.softens(format!("`{name}` takes more characters.")),
        (Some(_), None) => told.differs(format!("`{name}` takes only some characters.")),
        (None, None) => {}
    }
}

fn of_kind(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "any text",
        FieldKind::Email => "e-mail addresses",
        FieldKind::Date => "dates",
        FieldKind::Password => "passwords",
        FieldKind::Country => "countries",
        FieldKind::Region => "regions",
        FieldKind::YesNo => "yes or no",
        FieldKind::Number => "numbers",
    }
}

/// What the one has and the other has not.
pub fn more(now: &[String], was: &[String]) -> Vec<String> {
    now.iter().filter(|value| !was.contains(value)).cloned().collect()
}

/// The first few, in backticks, and how many more.
pub fn few(values: &[String]) -> String {
    const FEW: usize = 5;
    if values.is_empty() {
        return "none".to_owned();
    }
    let first: Vec<String> = values.iter().take(FEW).map(|value| shown(value)).collect();
    match values.len().saturating_sub(FEW) {
        0 => listed(&first),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
