use std::collections::{BTreeMap, BTreeSet};

use muster_roster::profile::{
    Choice, ConnectorMapping, Field, FieldKind, GuardSetting, OtherExport, Policy, Profile,
    RuleSetting, overlay, schema,
};
use muster_rules::rules::{RULES, is_rule, names};
use toml::{Table, Value};

use super::{Told, built_in, looked_at, shown, told};
use crate::plan::guard_kinds;

/// What a change of a word does to what is checked, held or sent.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Softens {
    /// Words for people, a name, or something that is looked at by itself.
    Never,
    /// Any change hides something or sends it otherwise.
    Changed,
    /// Where it says no that said yes.
    Off,
    /// Where it says yes that said no.
    On,
    /// With more in it, or where it is gone.
    Wider,
    /// With more in it.
    More,
    /// With less in it.
    Narrower,
    /// A higher number, or none.
    Higher,
    /// A lower number, or none.
    Lower,
    /// Where it was said and is said otherwise, or no longer.
    Lost,
}
use Softens::{Changed, Higher, Lost, Lower, More, Narrower, Never, Off, On, Wider};

/// Every word of the format with what a change of it does, and values to try.
const KEYS: &[(&str, &str, Softens, &[&str])] = &[
    ("Profile", "id", Never, &[]),
    ("Profile", "based_on", Never, &[]),
    // Told where it is another's: see `a_name_of_another_is_told`.
    ("Profile", "name", Never, &[]),
    ("Profile", "summary", Never, &[]),
    ("Profile", "version", Never, &[]),
    ("Profile", "provisional", Lost, &["'x'"]),
    ("Profile", "source_url", Changed, &["'https://elsewhere.example/'"]),
    ("Profile", "article_url", Changed, &["'https://elsewhere.example/{number}'"]),
    ("Profile", "file", Never, &[]),
    ("Profile", "key", Never, &[]),
    ("Profile", "errors", Changed, &["'skip'"]),
    ("Profile", "existing", Changed, &["'updated'", "'ignored'", "'unknown'"]),
    ("Profile", "always_invites", Off, &["true", "false"]),
    ("Profile", "inactive_may", Changed, &["'x'"]),
    ("Profile", "leavers", Never, &[]),
    ("Profile", "recognised_by", Narrower, &["[]"]),
    ("Profile", "distinctive", Narrower, &["[]"]),
    ("Profile", "field", Never, &[]),
    ("Profile", "check", Never, &[]),
    ("Profile", "columns", Never, &[]),
    ("Profile", "other_export", Never, &[]),
    ("Profile", "lists", Never, &[]),
    ("Profile", "policy", Never, &[]),
    ("Profile", "rules", Never, &[]),
    ("Profile", "statement", Never, &[]),
    ("Profile", "export", Never, &[]),
    ("Profile", "checklist", Never, &[]),
    ("Profile", "guards", Never, &[]),
    ("Profile", "snapshot_max_age_days", Higher, &["400", "4000000000"]),
    ("Profile", "unknown", Narrower, &["[]"]),
    ("Profile", "connector", Never, &[]),
    ("FileForm", "format", Never, &[]),
    ("FileForm", "encoding", Never, &[]),
    ("FileForm", "bom", Never, &[]),
    ("FileForm", "delimiter", Never, &[]),
    ("FileForm", "line_end", Never, &[]),
    ("FileForm", "most_people", Higher, &["4000000000", "0"]),
    ("FileForm", "error_rows_skip_header", Changed, &["true", "false"]),
    ("FileForm", "formula_prefixes", Changed, &["'x'", "''"]),
    ("KeyRule", "field", Changed, &["''"]),
    ("KeyRule", "falls_back_to", Changed, &["'email'"]),
    ("KeyRule", "case_matters", Changed, &["true", "false"]),
    ("KeyRule", "given_by", Changed, &["'you'", "'lms'"]),
    ("KeyRule", "by_hand", Changed, &["'x'"]),
    ("KeyRule", "renamed_by", Changed, &["'email'"]),
    ("Field", "id", Never, &[]),
    ("Field", "title", Never, &[]),
    ("Field", "headers", Narrower, &["['zzz']"]),
    ("Field", "headers_inferred", Narrower, &["[]"]),
    ("Field", "kind", Changed, &["'text'", "'email'", "'date'", "'yes-no'", "'number'"]),
    ("Field", "column_required", Off, &["false"]),
    ("Field", "value_required", Off, &["false"]),
    ("Field", "unique", Lost, &["'case-matters'"]),
    ("Field", "identifies", Off, &["false"]),
    ("Field", "separator", Changed, &["'; '", "'| '"]),
    ("Field", "list", Lost, &["'other'"]),
    ("Field", "choices", Wider, &["['zzz']", "[]"]),
    ("Field", "read_only", Changed, &["true", "false"]),
    ("Field", "create_only", Changed, &["true", "false"]),
    ("Field", "inactive", Changed, &["['zzz']", "[]"]),
    ("Field", "always", Changed, &["['zzz']", "[]"]),
    ("Field", "named_first", Off, &["false"]),
    ("Field", "admin", Narrower, &["[]", "['zzz']"]),
    ("Field", "min", Lower, &["0"]),
    ("Field", "max", Higher, &["100000"]),
    ("Field", "characters", Lost, &["'\\p{L}\\p{N}\\p{S}\\p{P}'"]),
    ("Field", "characters_unsure", Lost, &["'\\p{L}\\p{N}\\p{S}\\p{P}'"]),
    ("Field", "date_forms", Lost, &["['D.M.YYYY', 'M/D/YYYY']", "[]"]),
    ("Field", "name_part", Changed, &["0", "3"]),
    ("Field", "keep_word", Changed, &["'zzz'"]),
    ("Field", "blank", Changed, &["'keep'", "'clear'"]),
    ("Field", "password_needs", Narrower, &["[]"]),
    ("Field", "choices_any_case", Changed, &["true", "false"]),
    ("Field", "values_any_case", Changed, &["true", "false"]),
    ("Field", "stored_upper", Changed, &["true", "false"]),
    ("Field", "stored_lower", Changed, &["true", "false"]),
    ("Field", "leaves_out", Changed, &["true", "false"]),
    ("Field", "reserved", Changed, &["['zzz']", "[]"]),
    ("Field", "only_adds", Changed, &["true", "false"]),
    ("Field", "made_if_lacking", Changed, &["true", "false"]),
    ("Field", "digits_are_own", Changed, &["true", "false"]),
    ("Field", "no_tags", Changed, &["true", "false"]),
    ("Field", "usual", Changed, &["['zzz']", "[]"]),
    ("Field", "takes_away", Changed, &["'zzz'"]),
    ("Field", "by_hand", Changed, &["'zzz'"]),
    ("Field", "never_by_file", Changed, &["true", "false"]),
    ("Field", "nothing", Changed, &["['zzz']", "[]"]),
    ("Field", "exported_as_blank", Changed, &["['zzz']", "[]"]),
    ("Field", "promote_only", Off, &["false"]),
    ("Field", "only_with_other_changes", Changed, &["true", "false"]),
    ("Field", "not_for", Lost, &["{ field = 'email', word = 'x', says = 'y' }"]),
    ("Field", "code", Changed, &["'name'"]),
    ("Field", "of_country", Changed, &["'zzz'"]),
    ("Field", "in_country", Changed, &["'FR'"]),
    ("Field", "or_country", Changed, &["'name'"]),
    ("Field", "refers_to", Lost, &["'zzz'"]),
    ("Field", "about", Never, &[]),
    ("NotFor", "field", Never, &[]),
    ("NotFor", "word", Never, &[]),
    ("NotFor", "says", Never, &[]),
    ("CrossCheck", "id", Never, &[]),
    ("CrossCheck", "kind", Never, &[]),
    ("CrossCheck", "fields", Never, &[]),
    ("CrossCheck", "pairs", Never, &[]),
    ("CrossCheck", "says", Never, &[]),
    ("CrossCheck", "severity", Never, &[]),
    ("OtherColumns", "custom", On, &["true"]),
    ("OtherColumns", "unknown", Never, &[]),
    ("OtherColumns", "families", More, &["['zzz']"]),
    ("OtherColumns", "creates", Off, &["false"]),
    ("OtherColumns", "ordered", Off, &["false"]),
    ("OtherColumns", "complete", Off, &["false"]),
    ("OtherColumns", "no_values", Changed, &["['zzz']", "[]"]),
    ("OtherColumns", "date_forms", Changed, &["['D.M.YYYY']", "[]"]),
    // Each by itself: see `an_export_that_is_no_list_any_more_is_told`.
    ("OtherExport", "id", Never, &[]),
    ("OtherExport", "title", Never, &[]),
    ("OtherExport", "headers", Never, &[]),
    ("OtherExport", "at_least", Never, &[]),
    ("OtherExport", "says", Never, &[]),
    ("OtherExport", "next", Never, &[]),
    ("Policy", "id", Never, &[]),
    ("Policy", "own", Never, &[]),
    ("Policy", "title", Changed, &["'zzz'"]),
    ("Policy", "field", Changed, &["'zzz'"]),
    ("Policy", "type", Changed, &["'text'", "'column'"]),
    ("Policy", "choices", Never, &[]),
    ("Policy", "other", Changed, &["'zzz'"]),
    ("Policy", "other_title", Changed, &["'zzz'"]),
    (
        "Policy",
        "default",
        Changed,
        &[
            "'delete'",
            "'deactivate'",
            "'replace'",
            "'add'",
            "'keep'",
            "'clear'",
            "'on'",
            "'off'",
            "'all'",
            "'new'",
            "'skip'",
            "'stop'",
            "'create'",
            "'refuse'",
            "'accept'",
            "'x'",
            "'7'",
        ],
    ),
    ("Policy", "source", Changed, &["'zzz'"]),
    ("Choice", "id", Never, &[]),
    ("Choice", "title", Changed, &["'zzz'"]),
    ("Choice", "button", Changed, &["true", "false"]),
    ("Choice", "says", Changed, &["'zzz'"]),
    ("Choice", "key", Changed, &["'email'"]),
    ("Choice", "passes_over", Changed, &["'zzz'"]),
    ("RuleSetting", "off", On, &["true"]),
    // Each rule by what it weighs: see `every_rule_that_is_left_out_or_lightened_is_told`.
    ("RuleSetting", "severity", Never, &[]),
    ("RuleSetting", "why", Never, &[]),
    ("RuleSetting", "source", Never, &[]),
    ("RuleSetting", "source_url", Never, &[]),
    ("RuleSetting", "refuses", Off, &["false"]),
    ("StatementText", "topic", Never, &[]),
    ("StatementText", "says", Never, &[]),
    ("StatementText", "source", Never, &[]),
    ("GuardSetting", "people", Higher, &["4000000000"]),
    ("GuardSetting", "percent", Higher, &["4000000000"]),
    ("ConnectorMapping", "fields", Changed, &["{ email = 'displayName' }", "{}"]),
    ("ConnectorMapping", "login", Changed, &["'email'", "'zzz'"]),
    ("ConnectorMapping", "create_only", Changed, &["['zzz']", "[]"]),
    ("ConnectorMapping", "new_only", Changed, &["['zzz']", "[]"]),
    ("ConnectorMapping", "keep_blank", Changed, &["['zzz']", "[]"]),
    ("ConnectorMapping", "policy", Never, &[]),
    ("ConnectorMapping", "statement", Never, &[]),
    ("ConnectorMapping", "unknown", Narrower, &["[]"]),
];

#[test]
fn every_word_of_the_format_is_known_here() {
    let schema = schema::schema(&names());
    let mut all = BTreeSet::new();
    let mut add = |of: &str, part: &serde_json::Value| {
        let keys = part["properties"].as_object().into_iter().flat_map(|keys| keys.keys());
        all.extend(keys.map(|key| (of.to_owned(), key.clone())));
    };
    add("Profile", &schema);
    let definitions = schema["definitions"].as_object().expect("parts");
    definitions.iter().for_each(|(name, part)| add(name, part));
    all.retain(|(_, key)| key != "unset" && key != "removed");
    let known: BTreeSet<(String, String)> =
        KEYS.iter().map(|(of, key, ..)| ((*of).to_owned(), (*key).to_owned())).collect();
    assert_eq!(all, known, "say in `trust` whether it softens anything, and here how it is tried");
}

fn value(text: &str) -> Value {
    let mut whole: Table = format!("v = {text}").parse().expect("TOML");
    whole.remove("v").expect("there")
}

fn default_of(key: &str) -> Option<Value> {
    match key {
        "custom" => Some(Value::Boolean(true)),
        "errors" => Some("stop".into()),
        "existing" => Some("updated".into()),
        "given_by" => Some("you".into()),
        "kind" => Some("text".into()),
        "type" => Some("choice".into()),
        "snapshot_max_age_days" => Some(Value::Integer(31)),
        _ => None,
    }
}

/// Whether a change of a word, by its kind, softens; what is not said is as if it were blank.
fn does(softens: Softens, key: &str, was: Option<&Value>, now: Option<&Value>) -> bool {
    let default = default_of(key);
    let (was, now) = (was.or(default.as_ref()), now.or(default.as_ref()));
    let yes = |value: Option<&Value>| value.and_then(Value::as_bool).unwrap_or_default();
    let blank = |value: Option<&Value>| match value {
        None | Some(Value::Boolean(false) | Value::Integer(0)) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(all)) => all.is_empty(),
        Some(Value::Table(all)) => all.is_empty(),
        Some(_) => false,
    };
    let number = |value: Option<&Value>| value.and_then(Value::as_integer);
    let all = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let same = was == now || (blank(was) && blank(now));
    let more = |now: &[Value], was: &[Value]| now.iter().any(|value| !was.contains(value));
    !same
        && match softens {
            Never => false,
            Changed if key == "errors" => now == Some(&Value::from("skip")),
            Changed => true,
            Off => yes(was) && !yes(now),
            On => !yes(was) && yes(now),
            Wider => !blank(was) && (blank(now) || more(&all(now), &all(was))),
            More => more(&all(now), &all(was)),
            Narrower => more(&all(was), &all(now)),
            Higher if key == "most_people" || key == "max" => {
                !blank(was)
                    && number(now).filter(|n| *n > 0).unwrap_or(i64::MAX)
                        > number(was).unwrap_or(i64::MAX)
            }
            Higher => number(now).unwrap_or_default() > number(was).unwrap_or_default(),
            Lower => number(now).unwrap_or_default() < number(was).unwrap_or_default(),
            Lost => !blank(was),
        }
}

/// Every change of one word of a part that softens, as the part would be then.
fn softer<'k>(of: &'k str, part: &Table) -> Vec<(&'k str, Table)> {
    let mut all = Vec::new();
    for (_, key, softens, values) in KEYS.iter().filter(|(part, ..)| *part == of) {
        let tried = values.iter().map(|text| Some(value(text))).chain([None]);
        for now in tried.filter(|_| *softens != Never) {
            let was = part.get(*key);
            if !does(*softens, key, was, now.as_ref()) {
                continue;
            }
            let mut part = part.clone();
            match now {
                Some(now) => part.insert((*key).to_owned(), now),
                None => part.remove(*key),
            };
            all.push((*key, part));
        }
    }
    all
}

fn whole(id: &str) -> Table {
    let text = Profile::built_in_text(id).expect("built in");
    let mut table = overlay::effective(text).expect("read");
    table.insert("based_on".into(), id.into());
    table.insert("id".into(), "acme".into());
    table.insert("name".into(), "Acme".into());
    table
}

fn read(table: &Table) -> Option<Profile> {
    overlay::profile_of(table).ok()
}

#[derive(Default)]
struct Tried(BTreeMap<(String, String), usize>, Vec<String>);

impl Tried {
    fn must_be_told(&mut self, of: &str, key: &str, id: &str, profile: &Profile) {
        if told(profile).softens.is_empty() {
            self.1.push(format!("{id}: {of}.{key}"));
        }
        *self.0.entry((of.to_owned(), key.to_owned())).or_default() += 1;
    }
}

#[test]
fn every_single_softening_of_every_profile_is_told() {
    let mut tried = Tried::default();
    for base in built_in() {
        let id = base.id.as_str();
        let table = whole(id);
        let plain = read(&table).expect("sound");
        assert_eq!(told(&plain).softens, Vec::<String>::new(), "{id}");
        assert_eq!(told(&plain).differs, Vec::<String>::new(), "{id}");
        let no = Table::new();
        let part = |name: &str| table.get(name).and_then(Value::as_table).unwrap_or(&no);

        for (key, table) in softer("Profile", &table) {
            let Some(profile) = read(&table) else { continue };
            tried.must_be_told("Profile", key, id, &profile);
        }
        for (of, name) in [("FileForm", "file"), ("KeyRule", "key"), ("OtherColumns", "columns")] {
            for (key, part) in softer(of, part(name)) {
                let mut table = table.clone();
                table.insert(name.into(), Value::Table(part));
                let Some(profile) = read(&table) else { continue };
                tried.must_be_told(of, key, id, &profile);
            }
        }
        let fields = table.get("field").and_then(Value::as_array).cloned().unwrap_or_default();
        for (at, field) in fields.iter().filter_map(Value::as_table).enumerate() {
            // A name of what nothing is looked for in may be any.
            let is_plain = [
                "admin",
                "inactive",
                "choices",
                "value_required",
                "unique",
                "identifies",
                "list",
                "kind",
            ]
            .iter()
            .all(|key| !field.contains_key(*key));
            for (key, part) in softer("Field", field) {
                if is_plain && key.starts_with("headers") {
                    continue;
                }
                let Ok(field) = part.try_into::<Field>() else { continue };
                let mut profile = plain.clone();
                profile.fields[at] = field;
                tried.must_be_told("Field", key, id, &profile);
            }
            let mut profile = plain.clone();
            profile.fields.remove(at);
            tried.must_be_told("Field", "removed", id, &profile);
        }
        for at in 0..plain.checks.len() {
            let mut profile = plain.clone();
            profile.checks.remove(at);
            tried.must_be_told("CrossCheck", "removed", id, &profile);
        }
        for kind in plain.lists.keys() {
            let mut profile = plain.clone();
            profile.lists.remove(kind);
            tried.must_be_told("Profile", "lists", id, &profile);
            let mut profile = plain.clone();
            profile.lists.entry(kind.clone()).or_default().push("Zzz".into());
            tried.must_be_told("Profile", "lists", id, &profile);
        }
        of_policies(&mut tried, id, &plain, &table, |profile| &mut profile.policies);
        let connectors = part("connector");
        for (way, mapping) in connectors.iter().filter_map(|(w, m)| Some((w, m.as_table()?))) {
            for (key, part) in softer("ConnectorMapping", mapping) {
                let Ok(mapping) = part.try_into::<ConnectorMapping>() else { continue };
                let mut profile = plain.clone();
                profile.connectors.insert(way.clone(), mapping);
                tried.must_be_told("ConnectorMapping", key, id, &profile);
            }
            of_policies(&mut tried, id, &plain, mapping, |profile| {
                &mut profile.connectors.get_mut(way).expect("there").policies
            });
        }
    }
    assert!(tried.1.is_empty(), "not told: {:?}", tried.1);
    let untried: Vec<&(&str, &str, Softens, &[&str])> = KEYS
        .iter()
        .filter(|(of, key, softens, _)| {
            // The one by itself below; and no profile that comes with Muster has a limit of people.
            let elsewhere = ["RuleSetting", "GuardSetting"].contains(of) || *key == "most_people";
            *softens != Never && !elsewhere && !tried.0.contains_key(&((*of).into(), (*key).into()))
        })
        .collect();
    assert!(untried.is_empty(), "never tried: {untried:?}");
    assert!(tried.0.values().sum::<usize>() > 3_000, "{:?}", tried.0);
}

fn of_policies(
    tried: &mut Tried,
    id: &str,
    plain: &Profile,
    part: &Table,
    of: impl Fn(&mut Profile) -> &mut Vec<Policy>,
) {
    let policies = part.get("policy").and_then(Value::as_array).cloned().unwrap_or_default();
    for (at, policy) in policies.iter().filter_map(Value::as_table).enumerate() {
        for (key, part) in softer("Policy", policy) {
            let Ok(policy) = part.try_into::<Policy>() else { continue };
            let mut profile = plain.clone();
            of(&mut profile)[at] = policy;
            tried.must_be_told("Policy", key, id, &profile);
        }
        let mut profile = plain.clone();
        of(&mut profile).remove(at);
        tried.must_be_told("Policy", "removed", id, &profile);
        let choices = policy.get("choices").and_then(Value::as_array).cloned().unwrap_or_default();
        for (nth, choice) in choices.iter().filter_map(Value::as_table).enumerate() {
            for (key, part) in softer("Choice", choice) {
                let Ok(choice) = part.try_into::<Choice>() else { continue };
                let mut profile = plain.clone();
                of(&mut profile)[at].choices[nth] = choice;
                tried.must_be_told("Choice", key, id, &profile);
            }
            let mut profile = plain.clone();
            of(&mut profile)[at].choices.remove(nth);
            tried.must_be_told("Choice", "removed", id, &profile);
        }
    }
}

#[test]
fn every_rule_that_is_left_out_or_lightened_and_every_hold_that_is_raised_is_told() {
    use muster_roster::finding::Severity;
    for base in built_in() {
        let plain = read(&whole(&base.id)).expect("sound");
        for rule in RULES {
            let own = plain.rules.get(rule.code).cloned().unwrap_or_default();
            if own.off {
                continue;
            }
            let mut all = vec![RuleSetting { off: true, ..own.clone() }];
            if own.refuses {
                all.push(RuleSetting { refuses: false, ..own.clone() });
            }
            let now = own.severity.unwrap_or(rule.severity);
            for lighter in [Severity::Warning, Severity::Note] {
                if super::weight(Some(lighter)) < super::weight(Some(now)) {
                    all.push(RuleSetting { severity: Some(lighter), ..own.clone() });
                }
            }
            for setting in all {
                let mut profile = plain.clone();
                let is_in_vain = rule.is_doubt() && setting.refuses == own.refuses;
                profile.rules.insert(rule.code.to_owned(), setting);
                let Told { softens, differs } = told(&profile);
                if is_in_vain {
                    // What no profile switches off is not said to be off.
                    let of = |all: &[String]| all.iter().any(|s| s.contains(rule.title));
                    assert!(!of(&softens) && of(&differs), "{}: {differs:?}", rule.code);
                    assert!(differs.iter().any(|s| s.contains("has no effect")));
                    continue;
                }
                assert!(
                    softens.iter().any(|s| s.contains(rule.title)),
                    "{}: {softens:?}",
                    rule.code
                );
            }
        }
        for (id, ..) in guard_kinds() {
            for setting in [
                GuardSetting { people: Some(4_000_000_000), percent: None },
                GuardSetting { people: None, percent: Some(4_000_000_000) },
            ] {
                let mut profile = plain.clone();
                profile.guards.insert(id.to_owned(), setting);
                let softens = told(&profile).softens;
                assert!(
                    softens.iter().any(|s| s.contains(&format!("`{id}`"))),
                    "{id}: {softens:?}"
                );
            }
        }
    }
}

fn own(text: &str) -> Profile {
    looked_at(Profile::parse(text, "own.toml", is_rule).expect("sound"), false)
}

#[test]
fn a_name_of_another_is_told_and_what_it_says_is_put_beside_that() {
    let acme = own("id = 'acme'\nname = 'EdApp (SC Training)'\nbased_on = 'generic'\n");
    assert!(
        acme.origin.softens[0].contains("It has the name of EdApp"),
        "{:?}",
        acme.origin.softens
    );
    assert!(
        acme.origin.softens.iter().any(|s| s.contains("`E-mail`")),
        "{:?}",
        acme.origin.softens
    );
    let edapp = own("id = 'acme'\nname = 'EdApp'\nbased_on = 'edapp'\n");
    assert_eq!(edapp.origin.softens.len(), 1, "{:?}", edapp.origin.softens);
    // In Cyrillic letters, with what nobody sees, and in wide ones.
    for name in ["EdАpp (SC Training)", "Ed\u{200B}App", "Ｅｄａｐｐ", "ЕdАрр"] {
        let acme = own(&format!("id = 'acme'\nname = '{name}'\nbased_on = 'edapp'\n"));
        let softens = &acme.origin.softens;
        assert!(softens.iter().any(|s| s.contains("the name of EdApp")), "{name}: {softens:?}");
    }
}

#[test]
fn a_column_that_is_named_like_a_password_is_told_held_and_kept_one() {
    let acme = own("id = 'acme'\nname = 'Acme'\nbased_on = 'edapp'\n\
         [[field]]\nid = 'city'\ntitle = 'City'\nheaders = ['Kennwort', 'City']\n");
    let city = acme.field("city").expect("there");
    assert!(city.kind == FieldKind::Password && city.read_only);
    let softens = &acme.origin.softens;
    assert!(
        softens.iter().any(|s| s.contains("`Kennwort`") && s.contains("not sent")),
        "{softens:?}"
    );
    assert!(!acme.origin.is_trusted() && acme.origin.unheeded.len() == 1);
    // Where it is called a password it is sent as one, and that is told too.
    let acme = own("id = 'acme'\nname = 'Acme'\nbased_on = 'edapp'\n\
         [[field]]\nid = 'wlan'\ntitle = 'WLAN'\nheaders = ['Losungswort']\nkind = 'password'\n");
    assert!(!acme.field("wlan").expect("there").read_only);
    assert!(acme.origin.softens.iter().any(|s| s.contains("sends passwords")));
}

#[test]
fn what_tightens_or_only_speaks_in_its_own_words_softens_nothing() {
    for text in [
        "",
        "summary = 'Ours'\n",
        "snapshot_max_age_days = 7\n",
        "[[field]]\nid = 'firstname'\nmax = 20\n",
        "[[field]]\nid = 'firstname'\nheaders = ['given name']\n",
        "[[field]]\nid = 'externalid'\nvalue_required = true\n",
        "[[field]]\nid = 'team'\ntitle = 'Team'\nheaders = ['team']\n",
        "[rules.value-rare]\nseverity = 'error'\n",
        "[guards.delete]\npeople = 0\n",
    ] {
        let acme = own(&format!("id = 'acme'\nname = 'Acme'\nbased_on = 'edapp'\n{text}"));
        assert_eq!(&*acme.origin.softens, &[] as &[String], "{text}");
        assert!(acme.origin.own && acme.told() == "Acme (own profile)");
    }
    let built_in = looked_at(Profile::built_in("edapp").expect("built in"), false);
    assert!(!built_in.origin.own && built_in.told() == built_in.name);
}

#[test]
fn words_of_a_file_do_not_pass_for_ours() {
    assert_eq!(shown("a` is fine. `b\nc"), "`a is fine. bc`");
    assert!(shown(&"x".repeat(500)).chars().count() < 70);
}

#[test]
fn an_export_that_is_no_list_any_more_is_told() {
    let whole = whole("moodle");
    let moodle = read(&whole).expect("sound");
    assert!(!moodle.other_exports.is_empty());
    for at in 0..moodle.other_exports.len() {
        let changes: [fn(&mut Vec<OtherExport>, usize); 3] = [
            |all, at| drop(all.remove(at)),
            |all, at| all[at].at_least += 1,
            |all, at| all[at].headers.clear(),
        ];
        for change in changes {
            let mut profile = moodle.clone();
            change(&mut profile.other_exports, at);
            assert_eq!(told(&profile).softens.len(), 1);
        }
        let mut profile = moodle.clone();
        profile.other_exports[at].says.push('!');
        assert_eq!((told(&profile).softens.len(), told(&profile).differs.len()), (0, 1));
    }
}
