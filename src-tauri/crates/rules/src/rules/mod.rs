//! Rules look at a roster and report findings. One file a rule, one page beside it that explains and tests it.
//!
//! To add one: its file, its page, a `mod` line and an entry in [`RULES`]. What a page holds stands in `tests/pages`.

mod across;
mod active_after_last_day;
mod apostrophe_added;
mod as_exported;
mod as_lms_writes;
mod blank_written;
mod called_alike;
mod cell_runs;
mod char_classes;
mod character_invisible;
mod character_refused;
mod checks_off;
mod column_family;
mod column_for_new;
pub(crate) mod column_guess;
mod column_not_read;
mod compared;
mod context;
mod country_unknown;
mod cross_refs;
mod damage;
mod date_ambiguous;
mod date_before;
mod date_made;
mod date_malformed;
mod date_order;
mod date_unlikely;
mod dates_turned;
mod days_at_work;
mod delimiters_left;
mod edit_by_hand;
mod edit_ignored;
mod email_malformed;
mod email_unlikely;
mod equals_kept;
mod escapes;
mod export_other;
mod field_created;
mod file_misread;
mod formula_kept;
mod group_repeated;
mod group_unknown;
mod header_blank;
mod header_duplicate;
mod header_inferred;
mod header_invisible;
mod header_missing;
mod header_moved;
mod header_none;
mod header_unknown;
mod holders;
mod identity;
mod inactive_at_work;
mod key_blank;
mod key_changed;
mod key_duplicate;
mod key_invented;
mod key_lost;
mod key_reused;
mod key_swapped;
mod languages;
mod law;
mod letter_lookalike;
mod letters_lost;
mod lookalike;
mod manager_unknown;
mod membership_lost;
mod mojibake;
mod name_of_another;
mod name_turned;
mod names_turned;
mod namesakes;
mod no_people;
mod not_unique;
mod nothing_written;
mod number_rounded;
mod number_scientific;
mod number_shown;
mod one_off;
mod other_form;
mod own_number;
mod pair_not_allowed;
mod partner_blank;
mod partners;
mod password_resets;
mod password_weak;
mod person_missing;
mod person_twice;
mod quote_kept;
mod quote_stray;
mod quotes_curled;
mod region_elsewhere;
mod region_unknown;
mod report_words;
mod required_blank;
mod role_not_by_file;
mod role_unknown;
mod row_blank;
mod row_not_a_person;
mod row_ragged;
mod rows_scrambled;
mod same_person;
mod scrambled;
mod seats_exceeded;
mod seems;
mod separator_in_name;
mod separator_wrong;
mod set_aside;
mod sink;
mod space_stray;
mod stats;
mod strangers;
mod stray;
mod subject;
mod tag_lost;
mod text_cut;
mod text_escaped;
mod text_mojibake;
mod too_long;
mod too_short;
mod unreached;
mod value_cache;
mod value_cleared;
mod value_failed;
mod value_not_allowed;
mod value_rare;
mod value_swapped;
mod value_unseen;
pub mod waiver;
mod zeros_lost;

use muster_roster::finding::Severity;
use muster_roster::profile::schema::RuleName;
use muster_roster::roster::Column;

pub use char_classes::CharClasses;
pub use compared::{Claim, ClaimBasis};
pub use context::CheckContext;
pub use date_order::{DateOrder, EitherWay, day_in_words};
pub use holders::{Holder, Keeps};
pub use identity::{SamePerson, is_slip};
pub use letter_lookalike::as_seen;
pub use name_of_another::CalledAnother;
pub use row_not_a_person::is_nobody;
pub(crate) use set_aside::{About, SetAside, Why};
use sink::two_bytes;
pub use sink::{FindingSink, FindingText, Mark};
pub use stats::ColumnStats;
pub use subject::{Absent, Cell, Changed, Person};
pub(crate) use value_cache::ValueCache;

/// Every rule there is. The order is the order in which findings of one cell are shown.
pub static RULES: &[&Rule] = &[
    // The file.
    &file_misread::RULE,
    &export_other::RULE,
    &delimiters_left::RULE,
    &quote_stray::RULE,
    &header_none::RULE,
    &no_people::RULE,
    &row_ragged::RULE,
    &row_blank::RULE,
    &row_not_a_person::RULE,
    &header_missing::RULE,
    &column_for_new::RULE,
    &header_unknown::RULE,
    &header_duplicate::RULE,
    &header_blank::RULE,
    &header_invisible::RULE,
    &header_inferred::RULE,
    &header_moved::RULE,
    &text_mojibake::RULE,
    &as_exported::RULE,
    &checks_off::RULE,
    // Who is who.
    &rows_scrambled::RULE,
    &key_blank::RULE,
    &key_changed::RULE,
    &key_lost::RULE,
    &key_invented::RULE,
    &key_swapped::RULE,
    &key_reused::RULE,
    &name_of_another::RULE,
    &value_swapped::RULE,
    &name_turned::RULE,
    &names_turned::RULE,
    &key_duplicate::RULE,
    &same_person::RULE,
    &person_missing::RULE,
    &person_twice::RULE,
    &active_after_last_day::RULE,
    &inactive_at_work::RULE,
    // Values.
    &required_blank::RULE,
    &not_unique::RULE,
    &email_malformed::RULE,
    &email_unlikely::RULE,
    &value_not_allowed::RULE,
    &value_unseen::RULE,
    &date_malformed::RULE,
    &date_ambiguous::RULE,
    &date_unlikely::RULE,
    &date_before::RULE,
    &dates_turned::RULE,
    &partner_blank::RULE,
    &pair_not_allowed::RULE,
    &too_long::RULE,
    &too_short::RULE,
    &character_refused::RULE,
    &text_escaped::RULE,
    &tag_lost::RULE,
    &quote_kept::RULE,
    &space_stray::RULE,
    &character_invisible::RULE,
    &letter_lookalike::RULE,
    // Lists.
    &separator_wrong::RULE,
    &separator_in_name::RULE,
    &group_unknown::RULE,
    &own_number::RULE,
    &group_repeated::RULE,
    &role_unknown::RULE,
    &role_not_by_file::RULE,
    &manager_unknown::RULE,
    &value_rare::RULE,
    // Places.
    &country_unknown::RULE,
    &region_unknown::RULE,
    &region_elsewhere::RULE,
    // What a spreadsheet did.
    &value_failed::RULE,
    &blank_written::RULE,
    &nothing_written::RULE,
    &zeros_lost::RULE,
    &number_scientific::RULE,
    &number_rounded::RULE,
    &date_made::RULE,
    &text_cut::RULE,
    &quotes_curled::RULE,
    &other_form::RULE,
    &number_shown::RULE,
    &formula_kept::RULE,
    &equals_kept::RULE,
    &cell_runs::RULE,
    &apostrophe_added::RULE,
    // What the LMS would do.
    &edit_ignored::RULE,
    &column_not_read::RULE,
    &edit_by_hand::RULE,
    &password_resets::RULE,
    &password_weak::RULE,
    &field_created::RULE,
    &seats_exceeded::RULE,
    &membership_lost::RULE,
    &value_cleared::RULE,
];

/// What a rule is: its name, how grave its findings are, what it needs, and what it looks at.
pub struct Rule {
    /// The fault it names, in kebab-case; stable.
    pub code: &'static str,
    /// The same in words, as a heading: "Group not known".
    pub title: &'static str,
    /// How grave its findings are, where neither the profile nor the finding says otherwise.
    pub severity: Severity,
    /// Without which it does not run; [`Checker::skipped`](crate::checker::Checker::skipped) says so then.
    pub requires: Requires,
    /// What its findings are about; whether they say anything of a cell that is as the LMS exported it rests on that.
    pub concerns: Concerns,
    /// What it looks at, and the function that looks.
    pub scope: RuleScope,
    /// Markdown: help above the first `##`, tests below.
    pub page: &'static str,
}

impl Rule {
    /// Whether its errors are doubts: that a file was perhaps not understood. While one stands there is no all-clear, and
    /// nothing is sent; no profile can switch such a rule off or make less of it.
    pub fn is_doubt(&self) -> bool {
        matches!(self.concerns, Concerns::Reading)
    }

    /// What stands on a rule's page between its heading and its first example.
    pub fn help(&self) -> &str {
        let help = self.page.split("\n## ").next().unwrap_or_default();
        match help.strip_prefix("# ").and_then(|rest| rest.split_once('\n')) {
            Some((_, text)) => text.trim(),
            None => help.trim_start_matches("# ").trim(),
        }
    }
}

/// What a rule cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requires {
    /// The file alone.
    File,
    /// Values that a column may have: of a list that was loaded, of the profile, or of the snapshot.
    List(&'static str),
    /// A roster that the LMS is known to have.
    Snapshot,
}

/// What the findings of a rule are about. What is wrong with a value that the LMS itself has, and that nobody changed,
/// is the LMS's own affair: it is told once for the column, by [`as_exported`], and stops nobody.
#[derive(Clone, Copy)]
pub enum Concerns {
    /// The file: its rows, its columns, how it was read.
    File,
    /// Whether the file was understood: that it is a list of people, that its rows are as many and as long as they were
    /// written. An error is a doubt, see [`Rule::is_doubt`].
    Reading,
    /// Who is who, and who is there.
    Identity,
    /// What a spreadsheet or another program did to a cell.
    Damage,
    /// What was changed.
    Change,
    /// A value, and nothing beside it.
    Value,
    /// A value beside others. Whether all that it was found by is as in the snapshot is for the rule to say: asked are
    /// the row, the snapshot's row of that person, and the column.
    Beside(fn(&CheckContext, u32, u32, usize) -> bool),
}

/// What a rule looks at. An edit re-checks the scopes that can see it, and nothing else.
pub enum RuleScope {
    /// One text at a time, of the columns chosen, where it has one of the classes. Whether there is anything to report
    /// rests on the text alone, so what was looked at once in a column need not be again. Rows that are nobody's are
    /// the exception: see [`Cell`].
    Value {
        /// Which columns it looks at.
        of: fn(&CheckContext, &Column) -> bool,
        /// Which texts it looks at: those that have one of these traits.
        classes: CharClasses,
        /// Looks, and reports.
        check: fn(&Cell, &mut FindingSink),
    },
    /// One cell at a time: its text as in [`RuleScope::Value`], and its row.
    Cell {
        /// Which columns it looks at.
        of: fn(&CheckContext, &Column) -> bool,
        /// Which texts it looks at: those that have one of these traits.
        classes: CharClasses,
        /// Looks, and reports.
        check: fn(&Cell, &mut FindingSink),
    },
    /// One text at a time, with what stands beside it. Whether there is anything to report rests on the two texts alone.
    Pair {
        /// The other column, of those that it looks at.
        with: fn(&CheckContext, &Column) -> Option<usize>,
        /// Which texts it looks at: those that have one of these traits.
        classes: CharClasses,
        /// Looks, and reports.
        check: fn(&Cell, &mut FindingSink),
    },
    /// One person at a time: the row, the snapshot's row of the same key, and the indexes.
    Person(fn(&Person, &mut FindingSink)),
    /// Somebody whom the snapshot knows and the roster does not have.
    Absent(fn(&Absent, &mut FindingSink)),
    /// The column names. Looked at again when one is renamed.
    Header(fn(&CheckContext, &mut FindingSink)),
    /// Many rows at once. Looked at again when work pauses, not at each keystroke.
    Roster(fn(&CheckContext, &mut FindingSink)),
}

/// All rules by their codes and titles, for the schema of profiles.
pub fn names() -> Vec<RuleName> {
    RULES.iter().map(|rule| (rule.code, rule.title)).collect()
}

/// Whether there is a rule of this code.
pub fn is_rule(code: &str) -> bool {
    rule_index(code).is_some()
}

/// A rule's place in [`RULES`].
pub fn rule_index(code: &str) -> Option<u8> {
    (0u8..).zip(RULES).find(|(_, rule)| rule.code == code).map(|(n, _)| n)
}
