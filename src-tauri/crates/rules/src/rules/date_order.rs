//! Whether the dates of a column have the day or the month first, and what says so: the column as it was opened, so that
//! dates that were mended since still tell, and the snapshot.

use rayon::prelude::*;

use super::{Cell, CheckContext, stray};
use jiff::civil::Date;
use muster_roster::dates::{Fit, ISO, Reading, day_comes_first, fit, written};
use muster_roster::finding::{Finding, Fix, Safety};
use muster_roster::profile::FieldKind;
use muster_roster::roster::{Column, Roster};
use muster_table::edit::Edit;
use muster_table::going::GoOn;
use muster_table::words::people;

/// What tells in which order the dates of a column are written.
#[derive(Debug, Clone, Default)]
pub struct DateOrder {
    /// Dates that can only have the day first, and those that can only have the month.
    column: Sides,
    /// People whose date in the snapshot is this one with the day first, and those whose is with the month.
    snapshot: Sides,
    /// The ways in which the column's dates are written, a bit for each: see [`way_of`].
    ways: u8,
}

/// For either order, how many cells tell, and the first of them.
#[derive(Debug, Clone, Default)]
struct Sides {
    day: Side,
    month: Side,
}

#[derive(Debug, Clone, Default)]
struct Side {
    count: u32,
    first: Option<u32>,
}

impl Side {
    fn take(&mut self, row: u32) {
        self.count += 1;
        self.first = Some(self.first.map_or(row, |first| first.min(row)));
    }

    fn join(&mut self, other: Side) {
        self.count += other.count;
        self.first = [self.first, other.first].into_iter().flatten().min();
    }
}

impl Sides {
    fn take(&mut self, day_first: bool, row: u32) {
        if day_first { &mut self.day } else { &mut self.month }.take(row);
    }

    fn join(mut self, other: Sides) -> Sides {
        self.day.join(other.day);
        self.month.join(other.month);
        self
    }
}

impl DateOrder {
    /// Those of every column.
    pub(super) fn of_all(context: &CheckContext, go_on: GoOn) -> Vec<DateOrder> {
        let of = |column: &Column| match column.kind == FieldKind::Date && go_on(0) {
            true => DateOrder::of(context, column),
            false => DateOrder::default(),
        };
        context.roster.columns.iter().map(of).collect()
    }

    fn of(context: &CheckContext, column: &Column) -> DateOrder {
        let table = &context.roster.table;
        let take = |order: DateOrder, row: u32| {
            let DateOrder { column: mut own, snapshot: mut had, mut ways } = order;
            let Some(cell) = table.opened(row, column.at) else {
                return DateOrder { column: own, snapshot: had, ways };
            };
            ways |= way_of(&cell);
            if let Some(day_first) = day_comes_first(&cell) {
                own.take(day_first, row);
            } else if let Some(day_first) = as_in_the_snapshot(context, row, column.at, &cell) {
                had.take(day_first, row);
            }
            DateOrder { column: own, snapshot: had, ways }
        };
        let join = |a: DateOrder, b: DateOrder| DateOrder {
            column: a.column.join(b.column),
            snapshot: a.snapshot.join(b.snapshot),
            ways: a.ways | b.ways,
        };
        table
            .opened_rows()
            .into_par_iter()
            .fold(DateOrder::default, take)
            .reduce(DateOrder::default, join)
    }

    /// Whether the day comes first, where something tells and nothing says otherwise.
    pub fn proven(&self) -> Option<bool> {
        match self.counts() {
            (0, 0) => None,
            (_, 0) => Some(true),
            (0, _) => Some(false),
            _ => None,
        }
    }

    /// Whether the dates are written in more than one way, as by several hands: what one of them means says little of another's.
    fn is_of_several_hands(&self) -> bool {
        self.ways.count_ones() > 1
    }

    /// What all or nearly all that tells says.
    pub fn likely(&self) -> Option<bool> {
        let (day, month) = self.counts();
        if day > month * 10 {
            Some(true)
        } else if month > day * 10 {
            Some(false)
        } else {
            None
        }
    }

    fn counts(&self) -> (u32, u32) {
        let (column, snapshot) = (&self.column, &self.snapshot);
        (column.day.count + snapshot.day.count, column.month.count + snapshot.month.count)
    }

    /// What says so: "`05/15/2020` on line 6 has the month first".
    fn reason(&self, roster: &Roster, column: usize, day_first: bool) -> String {
        let of = |sides: &Sides| if day_first { sides.day.clone() } else { sides.month.clone() };
        let first = word(day_first);
        if let Some(row) = of(&self.column).first {
            let cell = roster.table.opened(row, column).unwrap_or_default();
            let line = roster.table.line(row).unwrap_or_default();
            return format!("this column has the {first} first: `{}` on line {line}", cell.trim());
        }
        let count = of(&self.snapshot).count as usize;
        format!("with the {first} first, {} would have the day of the snapshot", people(count))
    }
}

fn word(day_first: bool) -> &'static str {
    if day_first { "day" } else { "month" }
}

/// How a date is written: with day, month and year as digits between slashes, points or hyphens, or otherwise, such as with
/// the year first or in words. None of these for what is no date.
fn way_of(cell: &str) -> u8 {
    let text = cell.trim();
    let between = |separator: char| {
        let mut parts = text.split(separator);
        parts.next().is_some_and(|first| first.len() <= 2)
            && text.split(separator).count() == 3
            && text.split(separator).all(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    match Reading::of(text) {
        Reading::NoDate => 0,
        _ if between('/') => 1,
        _ if between('.') => 2,
        _ if between('-') => 4,
        _ => 8,
    }
}

/// Whether the day comes first in a date that may be read in either way and is in the snapshot in one.
fn as_in_the_snapshot(context: &CheckContext, row: u32, column: usize, cell: &str) -> Option<bool> {
    context.snapshot.as_ref()?;
    let Reading::Either { day_first, month_first, .. } = Reading::of(cell) else { return None };
    let roster = &context.roster;
    let opened = |column: usize| roster.table.opened(row, column).unwrap_or_default();
    let key = roster.key.map(opened).filter(|key| !key.trim().is_empty());
    let key = key.or_else(|| roster.key_fallback.map(opened))?;
    let was = context.was_of_key(&key)?;
    let had = day_of(&context.was_cell(was, column)?, roster.date_forms(column))?;
    (had == day_first || had == month_first).then_some(had == day_first)
}

/// The day that a text says, where there is no doubt.
pub(super) fn day_of(text: &str, forms: &[String]) -> Option<Date> {
    let fits = forms.iter().find_map(|form| match fit(text.trim(), form) {
        Fit::Day(date) => Some(date),
        _ => None,
    });
    fits.or_else(|| Reading::of(text).certain_day())
}

/// What a date that may be read in either way says here.
pub(super) struct Decided {
    /// The day that is meant.
    pub date: Date,
    /// Whether that is proven, or only likely.
    pub certain: bool,
    /// What says so, to follow a semicolon.
    pub because: String,
}

/// Decides a date that may be read in either way: by this person's date in the snapshot, or by the column.
pub(super) fn decided(cell: &Cell, day_first: Date, month_first: Date) -> Option<Decided> {
    let context = cell.context;
    let forms = context.roster.date_forms(cell.column.at);
    let had = cell.was().and_then(|was| Some((day_of(&was, forms)?, was)));
    if let Some((date, was)) = had.filter(|(had, _)| *had == day_first || *had == month_first) {
        let because = format!("the snapshot has `{}` here", was.trim());
        return Some(Decided { date, certain: true, because });
    }
    let order = &context.date_orders[cell.column.at];
    let Some(likely) = order.likely() else {
        // Nothing in the file tells; what was said of an earlier one is worth a look.
        let said = *context.day_first.get(&cell.column.form)?;
        let because = format!("in an earlier file you said that the {} comes first", word(said));
        return Some(Decided {
            date: if said { day_first } else { month_first },
            certain: false,
            because,
        });
    };
    let proven = order.proven() == Some(likely);
    let certain = proven && !order.is_of_several_hands();
    let because = match proven {
        true if certain => order.reason(&context.roster, cell.column.at, likely),
        true => format!(
            "{}, but its dates are written in several ways, perhaps by several people",
            order.reason(&context.roster, cell.column.at, likely)
        ),
        false => format!("most dates of this column have the {} first", word(likely)),
    };
    Some(Decided { date: if likely { day_first } else { month_first }, certain, because })
}

/// A date of a finding that may be read in either way, and where nothing is certain.
#[derive(Debug, Clone, PartialEq)]
pub struct EitherWay {
    /// The cell's row.
    pub row: u32,
    /// The cell's column.
    pub column: u32,
    /// What the cell holds, without what strayed into it.
    pub text: String,
    /// The day that it is if the day comes first.
    pub day_first: Date,
    /// The day that it is if the month does.
    pub month_first: Date,
}

impl EitherWay {
    /// The date that a finding is about; none where it is about something else, or its own fix is certain.
    pub fn of(context: &CheckContext, finding: &Finding) -> Option<EitherWay> {
        const OF_DATES: [&str; 2] = ["date-ambiguous", "date-malformed"];
        let certain = finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe);
        if !OF_DATES.contains(&finding.rule.as_str()) || certain {
            return None;
        }
        let (row, column) = (finding.row?, finding.column?);
        let cell = context.roster.table.cell(row, column as usize);
        let text = stray::normalized(&cell).into_owned();
        let Reading::Either { day_first, month_first, .. } = Reading::of(&text) else {
            return None;
        };
        (day_first != month_first).then_some(EitherWay {
            row,
            column,
            text,
            day_first,
            month_first,
        })
    }

    /// The fix, once somebody has said which comes first: the day, in the form that the LMS reads.
    pub fn fix(&self, context: &CheckContext, day_first: bool) -> Fix {
        let roster = &context.roster;
        let column = self.column as usize;
        let form = roster.date_forms(column).first().map_or(ISO, String::as_str);
        let date = if day_first { self.day_first } else { self.month_first };
        let set = Edit::Set {
            row: self.row,
            column: self.column,
            before: roster.table.cell(self.row, column).into_owned(),
            after: written(date, form),
        };
        let title = format!("the {} comes first", word(day_first));
        Fix { title, safety: Safety::Unsafe, edits: vec![set] }
    }
}

/// A day as one says it: 4 March 2024.
pub fn day_in_words(date: Date) -> String {
    super::date_malformed::shown(date)
}
