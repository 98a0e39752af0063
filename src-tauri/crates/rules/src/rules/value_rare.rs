use super::{
    Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, stray,
};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::FieldKind;

pub static RULE: Rule = Rule {
    code: "value-rare",
    title: "Rare spelling",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |context, column| {
            let listed = column.list.as_ref().is_some_and(|kind| context.lists.contains_key(kind));
            let names_someone = column.name_part > 0
                || column.unique.is_some()
                || column.is_secret()
                || matches!(column.kind, FieldKind::Email | FieldKind::Date);
            // Words of the LMS's own and codes of places are told by other rules; rare ones are not misspelt.
            let has_words = context.roster.field(column.at).is_some_and(|f| !f.choices.is_empty())
                || matches!(column.kind, FieldKind::Country | FieldKind::Region);
            !listed && !column.is_key && !names_someone && !has_words
        },
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("value_rare.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let stats = &cell.context.stats[cell.column.at];
    if !stray::is_understood(cell) {
        return;
    }
    for &value in cell.values {
        let Some(common) = stats.nearly(value) else { continue };
        sink.cell(cell, || {
            let (few, many) = (stats.count_of(value), stats.count_of(common));
            let people = |n: u32| {
                if n == 1 { "1 person has".to_owned() } else { format!("{n} people have") }
            };
            let after = cell.text.replacen(value, common, 1);
            let fix = cell.fix(format!("`{value}` → `{common}`"), Safety::Unsafe, after);
            FindingText::new(
                value,
                format!("{} `{value}`; {} `{common}`", people(few), people(many)),
            )
            .fix(Some(fix))
        });
    }
}
