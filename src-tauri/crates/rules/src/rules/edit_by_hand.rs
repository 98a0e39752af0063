use super::{
    Changed, CheckContext, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope,
};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::ByFile;

pub static RULE: Rule = Rule {
    code: "edit-by-hand",
    title: "Change to be made by hand",
    severity: Severity::Error,
    requires: Requires::Snapshot,
    concerns: Concerns::Change,
    scope: RuleScope::Person(check),
    page: include_str!("edit_by_hand.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    if !person.differs {
        return;
    }
    let context = person.context;
    let changes = person.changes();
    for changed in &changes {
        let Some(place) = only_by_hand(context, &changes, changed) else { continue };
        sink.row(person.row, Some(changed.column.at), || {
            let lms = context.roster.profile.called();
            let message = format!("no file can make this change; in {lms}, go to {place}");
            FindingText::new(&*changed.now, message)
                .fix(Some(person.put_back(changed, Safety::Unsafe)))
        });
    }
}

/// Where in the LMS a change is made that its import does not carry out.
pub fn only_by_hand<'a>(
    context: &'a CheckContext,
    changes: &[Changed],
    changed: &Changed,
) -> Option<&'a str> {
    let field = context.roster.field(changed.column.at)?;
    let place = field.by_hand.as_deref()?;
    match by_file(context, changed)? {
        ByFile::Yes => None,
        ByFile::No => Some(place),
        ByFile::Along => {
            let carries = |other: &Changed| by_file(context, other) == Some(ByFile::Yes);
            (!changes.iter().any(carries)).then_some(place)
        }
    }
}

/// Whether a file makes a change; none where nothing changes in the LMS.
fn by_file(context: &CheckContext, changed: &Changed) -> Option<ByFile> {
    let field = context.roster.field(changed.column.at)?;
    let form = &context.roster.profile.file;
    let (before, now) = (form.without_guard(&changed.before), form.without_guard(&changed.now));
    let nothing = before == now || field.same_kept(before, now);
    let passed_over = field.read_only || field.create_only;
    (!nothing && !passed_over).then(|| field.by_file(before, now))
}
