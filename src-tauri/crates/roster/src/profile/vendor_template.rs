//! What the vendor's own template says: how its columns are headed, and which values their drop-downs offer.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::vendor_workbook::VendorWorkbook;
use super::{Field, FieldKind, Profile, header_form};
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::format::xlsx::fill::{ListPlace, fill};
use muster_table::format::xlsx::{self, Kind, drop_downs};
use muster_table::reading::{self, OnProgress, Read, ReadAs};

/// A template that was looked at once. It becomes part of a profile: see [`Profile::with_template`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorTemplate {
    /// The name of the file.
    pub file: String,
    /// When it was looked at, ISO 8601.
    pub at: String,
    /// The columns as they are headed, in their order.
    pub headers: Vec<String>,
    /// What the drop-downs offer, by the place of the column.
    pub values: BTreeMap<usize, Vec<String>>,
    /// What could not be learnt, each a sentence.
    pub remarks: Vec<String>,
    /// The workbook itself, to be filled in; none for a text, and where the template was learnt before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workbook: Option<VendorWorkbook>,
}

/// No vendor's template is larger; of one that is, only what was learnt is kept.
const LARGEST: usize = 8 << 20;

impl VendorTemplate {
    /// Looks at a template: the first sheet that is not hidden of an XLSX file, or the header of a text.
    pub fn of(
        bytes: Vec<u8>,
        file: &str,
        at: &str,
        on_progress: OnProgress,
    ) -> Result<VendorTemplate> {
        let kind = xlsx::kind_of(&bytes);
        let other = match kind {
            Some(Kind::Xls) => Some("an old workbook (.xls)"),
            Some(Kind::Ods) => Some("an OpenDocument spreadsheet (.ods)"),
            _ => None,
        };
        if let Some(other) = other {
            return Err(Failure::new(FailureKind::Format, format!("`{file}` is {other}"))
            .why("its drop-downs cannot be read")
            .hint("Choose the template as the LMS offers it, or save it as Excel workbook (.xlsx) and choose that."));
        }
        let found = match kind {
            Some(_) => {
                let progress =
                    |done: u64, _: u64| on_progress(usize::try_from(done).unwrap_or(usize::MAX));
                drop_downs::read(&bytes, None, &progress)?
            }
            None => Vec::new(),
        };
        let own = (kind.is_some() && bytes.len() <= LARGEST).then(|| bytes.clone());
        let Read { table, reading, .. } =
            reading::read_bytes(bytes, file, &ReadAs::default(), on_progress)?;
        let workbook = own.zip(reading.sheet).map(|(bytes, sheet)| VendorWorkbook {
            sheet,
            header: reading.header,
            bytes,
        });
        let headers: Vec<String> =
            table.names().iter().map(|name| name.trim().to_owned()).collect();
        let mut template = VendorTemplate {
            file: file.to_owned(),
            at: at.to_owned(),
            headers,
            values: BTreeMap::new(),
            remarks: Vec::new(),
            workbook,
        };
        let mut rows: BTreeMap<usize, u32> = BTreeMap::new();
        for drop_down in found {
            for &(column, count) in &drop_down.columns {
                template.take(column as usize, count, &drop_down.values, &mut rows);
            }
        }
        Ok(template)
    }

    /// Of several drop-downs on one column, the one on most of its rows counts.
    fn take(
        &mut self,
        column: usize,
        count: u32,
        values: &Result<Vec<String>, String>,
        rows: &mut BTreeMap<usize, u32>,
    ) {
        let Some(header) = self.headers.get(column).filter(|header| !header.is_empty()) else {
            return;
        };
        if rows.get(&column).is_some_and(|&before| before >= count) {
            return;
        }
        match values {
            Ok(values) if values.is_empty() => {}
            Ok(values) => {
                let mut each: Vec<String> = Vec::new();
                let mut seen = rustc_hash::FxHashSet::default();
                each.extend(values.iter().filter(|v| seen.insert(v.as_str())).cloned());
                self.values.insert(column, each);
                rows.insert(column, count);
            }
            Err(why) => {
                let told = format!("The list of `{header}` could not be learnt: {why}.");
                if !self.remarks.contains(&told) {
                    self.remarks.push(told);
                }
            }
        }
    }

    /// The vendor's own workbook with these people in it, a cell for each column that is headed; none where it was no
    /// workbook. Fails as [`fill()`] does.
    pub fn filled<C: AsRef<str>, R: IntoIterator<Item = C>>(
        &self,
        people: impl IntoIterator<Item = R>,
    ) -> Option<Result<Vec<u8>>> {
        let workbook = self.workbook.as_ref()?;
        let headed = (0..).zip(&self.headers).filter(|(_, header)| !header.is_empty());
        let columns: Vec<u32> = headed.map(|(column, _)| column).collect();
        let VendorWorkbook { sheet, header, bytes } = workbook;
        Some(fill(bytes, &ListPlace { sheet, header: *header, columns: &columns }, people))
    }

    /// Whether it has the column of a field.
    pub fn has(&self, field: &Field) -> bool {
        field.headers.first().is_some_and(|header| self.headers.contains(header))
    }

    /// How many lists it has.
    pub fn lists(&self) -> usize {
        self.values.len()
    }

    /// "template `users.xlsx`".
    pub fn source(&self) -> String {
        format!("template `{}`", self.file)
    }
}

impl Profile {
    /// The same profile as the vendor's own template has it: its headers are the ones to write, in its order, and what
    /// its drop-downs offer are the values. Fails where the template is not of this LMS.
    pub fn with_template(&self, template: Arc<VendorTemplate>) -> Result<Profile> {
        let mut profile = self.clone();
        let mut left: Vec<Option<Field>> =
            std::mem::take(&mut profile.fields).into_iter().map(Some).collect();
        let mut fields = Vec::new();
        let mut known = 0;
        for (at, header) in template.headers.iter().enumerate() {
            let form = header_form(header);
            if form.is_empty() {
                continue;
            }
            let of_it =
                |field: &&mut Option<Field>| field.as_ref().is_some_and(|f| f.is_headed(&form));
            let found = left.iter_mut().find(of_it).and_then(Option::take);
            known += usize::from(found.is_some());
            let mut field = found.unwrap_or_else(|| column_of_theirs(header, &form, self));
            field.headers.retain(|other| other != header);
            field.headers.insert(0, header.clone());
            if let Some(values) = template.values.get(&at) {
                match kind_of_list(&field) {
                    Some(kind) => {
                        profile.lists.insert(kind.to_owned(), values.clone());
                        profile.template_lists.insert(kind.to_owned());
                    }
                    None => field.choices = values.clone(),
                }
            }
            fields.push(field);
        }
        let needed = |field: &&Field| field.column_required;
        let missing = left.iter().flatten().filter(needed).count();
        if known <= missing {
            return Err(Failure::state(format!(
                "`{}` is no template of {}",
                template.file,
                self.called()
            ))
            .why("its columns are not those that Muster knows of it")
            .hint("Choose the template that the LMS itself offers, or another LMS."));
        }
        fields.extend(left.into_iter().flatten());
        profile.fields = fields;
        // The header is certain now.
        profile.provisional = None;
        profile.template = Some(template);
        Ok(profile)
    }

    /// The fields whose columns the LMS takes: those of its own template, once that was looked at.
    pub fn columns_to_send(&self) -> impl Iterator<Item = &Field> {
        let template = self.template.as_deref();
        self.fields.iter().filter(move |field| match template {
            Some(template) => template.has(field),
            None => field.column_required || !field.read_only,
        })
    }

    /// Where the values of one of its lists are from, and since when.
    pub fn source_of_list(&self, kind: &str) -> (String, Option<String>) {
        match &self.template {
            Some(template) if self.template_lists.contains(kind) => {
                (template.source(), Some(template.at.clone()))
            }
            _ => (self.name.clone(), None),
        }
    }
}

/// The list that a field's values are from: its own, or the one of its kind.
pub fn kind_of_list(field: &Field) -> Option<&str> {
    match (&field.list, field.kind) {
        (Some(kind), _) => Some(kind),
        (None, FieldKind::Country) => Some("countries"),
        (None, FieldKind::Region) => Some("regions"),
        _ => None,
    }
}

/// A column of the template that the profile does not know. The LMS reads it: it stands in its own template.
fn column_of_theirs(header: &str, form: &str, profile: &Profile) -> Field {
    let mut id = form.to_owned();
    while profile.field(&id).is_some() {
        id.push_str("-of-the-template");
    }
    Field {
        id,
        title: header.to_owned(),
        headers: vec![header.to_owned()],
        of_template: true,
        ..Field::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_table::format::xlsx::form::{FormColumn, Guide, Others, form};
    use muster_table::format::xlsx::write::Making;

    fn template(columns: &[(&str, &[&str])]) -> Vec<u8> {
        let column = |(header, values): &(&str, &[&str])| FormColumn {
            header: (*header).to_owned(),
            values: values.iter().map(|v| ((*v).to_owned(), String::new())).collect(),
            others: Others::Refused,
            ..FormColumn::default()
        };
        let columns: Vec<FormColumn> = columns.iter().map(column).collect();
        let making = Making { sheet: "Users", made_at: 0, scratch: None };
        form(&columns, &Guide::default(), &making).expect("written")
    }

    fn vendor_template(columns: &[(&str, &[&str])]) -> Arc<VendorTemplate> {
        let bytes = template(columns);
        let template = VendorTemplate::of(bytes, "users.xlsx", "2026-11-03T08:00:00Z", &|_| true);
        Arc::new(template.expect("learnt"))
    }

    #[test]
    fn headers_and_drop_downs_become_the_profiles_own() {
        let workleap = Profile::built_in("workleap").expect("built in");
        let template = vendor_template(&[
            ("E-mail", &[]),
            ("FULL NAME", &[]),
            ("Country code", &["CA", "US"]),
            ("Province code", &["QC", "ON"]),
            ("Job level", &["Junior, new", "Senior"]),
        ]);
        assert_eq!(template.lists(), 3);
        let profile = workleap.with_template(template).expect("a template of Workleap");
        let headers: Vec<&str> = profile.fields.iter().map(|f| f.headers[0].as_str()).collect();
        assert_eq!(
            headers[..5],
            ["E-mail", "FULL NAME", "Country code", "Province code", "Job level"]
        );
        assert_eq!(profile.fields.len(), workleap.fields.len() + 1);
        assert_eq!(profile.fields[0].id, "email");
        assert_eq!(profile.lists["countries"], ["CA", "US"]);
        assert_eq!(profile.fields[4].choices, ["Junior, new", "Senior"]);
        let source = ("template `users.xlsx`".to_owned(), Some("2026-11-03T08:00:00Z".to_owned()));
        assert_eq!(profile.source_of_list("regions"), source);
        assert!(workleap.provisional.is_some() && profile.provisional.is_none());
    }

    #[test]
    fn the_workbook_is_kept_with_what_was_learnt_and_filled_in() {
        let template =
            vendor_template(&[("E-mail", &[]), ("Name", &[]), ("Language", &["French"])]);
        let json = serde_json::to_string(&*template).expect("written");
        let kept: VendorTemplate = serde_json::from_str(&json).expect("read");
        assert_eq!(kept, *template);
        let bytes = kept.filled([["ada@example.com", "Ada", "French"]]).expect("a workbook");
        let again = VendorTemplate::of(bytes.expect("filled"), "users.xlsx", &kept.at, &|_| true);
        let again = again.expect("learnt");
        assert_eq!((again.headers, again.values), (kept.headers, kept.values));
        // One that was learnt earlier has no workbook.
        let mut json: serde_json::Value = serde_json::from_str(&json).expect("read");
        json.as_object_mut().expect("an object").remove("workbook");
        let earlier: VendorTemplate = serde_json::from_value(json).expect("read");
        assert!(earlier.filled([["ada@example.com"]]).is_none());
    }

    #[test]
    fn a_file_of_another_kind_is_no_template_of_the_lms() {
        let workleap = Profile::built_in("workleap").expect("built in");
        let told = workleap.with_template(vendor_template(&[("Product", &[]), ("Price", &[])]));
        assert_eq!(told.expect_err("refused").what, "`users.xlsx` is no template of Workleap LMS");
    }
}
