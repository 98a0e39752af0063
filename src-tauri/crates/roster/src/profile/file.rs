//! Reading a profile file, whole or only what differs from a profile that comes with Muster.

use std::borrow::Cow;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer, ValueDeserializer};

use super::limits;
use super::plain_fault::told;
use super::{BUILT_IN, IsRule, Policy, Profile, old_keys};
use muster_table::error::{Failure, FailureKind, Result};

/// Names what the file begins from.
pub(super) const BASED_ON: &str = "based_on";
/// In a part of a file that is based on another profile: words of that profile that no longer hold.
pub(super) const UNSET: &str = "unset";
/// In an entry of a list: the other profile's entry of this name is left out.
pub(super) const REMOVED: &str = "removed";

/// The lists whose entries have a name, and the word that is it.
pub(super) const NAMED: [(&str, &str); 6] = [
    ("field", "id"),
    ("check", "id"),
    ("policy", "id"),
    ("choices", "id"),
    ("other_export", "id"),
    ("statement", "topic"),
];

/// Why a file cannot be used, and where in it.
struct Fault {
    why: String,
    at: Option<usize>,
    /// Whether the reader of TOML says so, and it is still to be put in plain words.
    by_reader: bool,
}

impl From<toml::de::Error> for Fault {
    fn from(e: toml::de::Error) -> Fault {
        let (why, at) = (e.message().to_owned(), e.span().map(|span| span.start));
        Fault { why, at, by_reader: true }
    }
}

impl Profile {
    /// The file of a profile that comes with Muster.
    pub fn built_in_text(id: &str) -> Option<&'static str> {
        BUILT_IN.iter().find(|(name, _)| *name == id).map(|(_, text)| *text)
    }

    /// Reads a profile file. `source` names it in the failure; `is_rule` knows the rules, which are built on profiles.
    ///
    /// Fails with kind `Profile` where the text is no TOML, lacks a word or has one too many, or names what is not there; `why`
    /// says on which line.
    ///
    /// ```
    /// use muster_roster::profile::Profile;
    /// use muster_table::error::FailureKind;
    ///
    /// # fn main() -> muster_table::error::Result<()> {
    /// let text = "id = 'ours'\nname = 'Our LMS'\nbased_on = 'edapp'\nsnapshot_max_age_days = 7\n";
    /// let profile = Profile::parse(text, "ours.toml", |_| true)?;
    /// assert_eq!(profile.snapshot_max_age_days, 7);
    /// assert_eq!(profile.key.field, "username");
    ///
    /// let failure = Profile::parse("id = 'ours'", "ours.toml", |_| true).expect_err("too short");
    /// assert_eq!(failure.kind, FailureKind::Profile);
    /// # Ok(())
    /// # }
    /// ```
    pub fn parse(text: &str, source: &str, is_rule: IsRule) -> Result<Profile> {
        // Longer than any is not even looked through.
        let text = match text.len() > limits::MOST_BYTES {
            true => Cow::Borrowed(text),
            false => old_keys::renamed(text),
        };
        let text = &*text;
        read(text, is_rule).map_err(|fault| {
            let line = fault.at.map(|at| text[..at.min(text.len())].matches('\n').count() + 1);
            let place = line.map_or(String::new(), |line| format!("line {line}: "));
            let stands = line.and_then(|line| text.lines().nth(line - 1)).unwrap_or_default();
            let why = if fault.by_reader { told(&fault.why, stands) } else { fault.why };
            Failure::new(FailureKind::Profile, format!("the profile `{source}` cannot be used"))
                .why(format!("{place}{why}"))
                .hint("Correct the file, or remove it from the profiles folder.")
        })
    }
}

fn read(text: &str, is_rule: IsRule) -> Result<Profile, Fault> {
    let whole = whole(text)?;
    for policy in policies(whole.get_ref()) {
        // Of what is wrong between its words nobody but this list knows the place.
        let place = policy.span().start;
        <Policy as Deserialize>::deserialize(ValueDeserializer::from(policy.clone())).map_err(
            |e| {
                let fault = Fault::from(e);
                Fault { at: fault.at.or(Some(place)), ..fault }
            },
        )?;
    }
    let mut profile = Profile::deserialize(Deserializer::from(whole))?;
    let base = profile.based_on.as_deref().and_then(Profile::built_in);
    if let Some(base) = &base {
        profile.reach_only_what_is_left_of(base);
    }
    profile.validate().map_err(|why| fault(why, None))?;
    profile.origin.own = Profile::built_in_text(&profile.id) != Some(text);
    if profile.origin.own {
        profile.origin.unheeded = profile.keep_passwords(base.as_ref()).into();
        if let Some(why) = profile.shows_passwords() {
            return Err(fault(why, None));
        }
    }
    if let Some(code) = profile.rules.keys().find(|code| !is_rule(code)) {
        let at = text.find(&format!("rules.{code}"));
        return Err(fault(format!("there is no rule `{code}`"), at));
    }
    Ok(profile.with_scope())
}

/// The policies of an upload, and those of every connector.
fn policies<'w, 't>(whole: &'w DeTable<'t>) -> impl Iterator<Item = &'w Spanned<DeValue<'t>>> {
    let table = |value: &'w Spanned<DeValue<'t>>| value.get_ref().as_table();
    let connectors = whole.get("connector").and_then(table);
    let connectors = connectors.into_iter().flat_map(|all| all.values()).filter_map(table);
    let lists = connectors.chain([whole]).filter_map(|part| part.get("policy"));
    lists.filter_map(|list| list.get_ref().as_array()).flat_map(|list| list.iter())
}

/// What a file says, together with what it is based on.
pub(super) fn effective(text: &str) -> Option<toml::Table> {
    let text = &*old_keys::renamed(text);
    toml::Table::deserialize(Deserializer::from(whole(text).ok()?)).ok()
}

fn whole(text: &str) -> Result<Spanned<DeTable<'_>>, Fault> {
    if text.len() > limits::MOST_BYTES {
        return Err(fault(limits::too_long(), None));
    }
    let mut whole = DeTable::parse(text)?;
    if let Some(why) = limits::too_large(whole.get_ref()) {
        return Err(fault(why, None));
    }
    if let Some(id) = whole.get_ref().get(BASED_ON) {
        let own = whole.get_ref();
        for needed in ["id", "name"] {
            if !own.contains_key(needed) {
                return Err(fault(format!("it has no `{needed}` of its own"), None));
            }
        }
        let base = id.get_ref().as_str().and_then(Profile::built_in_text).ok_or_else(|| {
            let at = Some(id.span().start);
            fault("`based_on` does not name a profile that comes with Muster".into(), at)
        })?;
        let mut base = DeTable::parse(base)?;
        merge(base.get_mut(), whole.get_ref().clone())?;
        whole = base;
    }
    Ok(whole)
}

fn fault(why: String, at: Option<usize>) -> Fault {
    Fault { why, at, by_reader: false }
}

/// Lays what a file says over what it is based on.
fn merge<'t>(base: &mut DeTable<'t>, own: DeTable<'t>) -> Result<(), Fault> {
    for (name, value) in own {
        if name.get_ref() == UNSET {
            unset(base, &value)?;
            continue;
        }
        let list = NAMED.iter().find(|(list, _)| name.get_ref() == list);
        match (base.get_mut(&**name.get_ref()).map(Spanned::get_mut), value.get_ref(), list) {
            (Some(DeValue::Table(base)), DeValue::Table(own), _) => merge(base, own.clone())?,
            (Some(DeValue::Array(base)), DeValue::Array(own), Some((_, word))) => {
                merge_list(base, own, word)?;
            }
            _ => {
                base.insert(name, value);
            }
        }
    }
    Ok(())
}

fn unset(base: &mut DeTable, names: &Spanned<DeValue>) -> Result<(), Fault> {
    let wrong = |why: String, at: usize| Err(fault(why, Some(at)));
    let Some(list) = names.get_ref().as_array() else {
        return wrong("`unset` is not a list of words".into(), names.span().start);
    };
    for name in list.iter() {
        let at = name.span().start;
        match name.get_ref().as_str() {
            Some(word) if base.remove(word).is_some() => {}
            Some(word) => {
                let why = format!("`{word}` cannot be unset: the other profile does not say it");
                return wrong(why, at);
            }
            None => return wrong("`unset` is not a list of words".into(), at),
        }
    }
    Ok(())
}

/// Lays entries over those of the same name; others follow after them.
fn merge_list<'t>(base: &mut DeArray<'t>, own: &DeArray<'t>, word: &str) -> Result<(), Fault> {
    for entry in own.iter() {
        let DeValue::Table(own) = entry.get_ref() else {
            base.push(entry.clone());
            continue;
        };
        let mut own = own.clone();
        let name = named(&own, word);
        let there = base.iter().position(|e| match (&name, e.get_ref()) {
            (Some(name), DeValue::Table(e)) => named(e, word).as_ref() == Some(name),
            _ => false,
        });
        let removed = own.remove(REMOVED);
        let removed = removed.is_some_and(|r| matches!(r.get_ref(), DeValue::Boolean(true)));
        match (there, removed) {
            (Some(at), true) => {
                let rest = base.iter().enumerate().filter(|(n, _)| *n != at);
                *base = rest.map(|(_, entry)| entry.clone()).collect();
            }
            (Some(at), false) => {
                if let Some(there) = base.get_mut(at)
                    && let DeValue::Table(whole) = there.get_mut()
                {
                    merge(whole, own)?;
                    // A mistake in what comes of both is in the file that is read, not in the other one.
                    let whole = std::mem::take(whole);
                    *there = Spanned::new(entry.span(), DeValue::Table(whole));
                }
            }
            (None, true) => {
                let why = "what is to be removed is not in the other profile";
                return Err(fault(why.into(), Some(entry.span().start)));
            }
            (None, false) => base.push(Spanned::new(entry.span(), DeValue::Table(own))),
        }
    }
    Ok(())
}

fn named<'t>(entry: &DeTable<'t>, word: &str) -> Option<Cow<'t, str>> {
    match entry.get(word)?.get_ref() {
        DeValue::String(name) => Some(name.clone()),
        _ => None,
    }
}

/// Of the words that there are, the one that is fewest letters off, and not too many.
pub(super) fn nearest<'k>(
    word: &str,
    most: usize,
    known: impl Iterator<Item = &'k str>,
) -> Option<&'k str> {
    known
        .map(|k| (strsim::osa_distance(k, word), k))
        .filter(|(typos, _)| *typos <= most && *typos < word.len().div_ceil(2))
        .min()
        .map(|(_, near)| near)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::PolicyId;

    const HEAD: &str = "id = \"acme\"\nname = \"Acme\"\nbased_on = \"edapp\"\n";

    fn acme(rest: &str) -> Profile {
        Profile::parse(&format!("{HEAD}{rest}"), "acme.toml", |_| true).expect("sound")
    }

    fn refused(text: &str) -> String {
        Profile::parse(text, "acme.toml", |_| true).expect_err("refused").why
    }

    #[test]
    fn a_profile_that_is_based_on_another_holds_only_what_differs() {
        let edapp = Profile::built_in("edapp").expect("built in");
        let acme = acme(
            "[[field]]\nid = \"firstname\"\nheaders = [\"given name\"]\nmax = 40\n\
             [[field]]\nid = \"team\"\ntitle = \"Team\"\nheaders = [\"team\"]\n\
             [rules.group-unknown]\nseverity = \"warning\"\n\
             [[policy]]\nid = \"groups\"\ndefault = \"replace\"\n\
             [lists]\nroles = [\"Learner\"]\n",
        );
        assert_eq!((acme.id.as_str(), acme.name.as_str()), ("acme", "Acme"));
        assert_eq!(acme.based_on.as_deref(), Some("edapp"));
        let first = acme.field("firstname").expect("there");
        assert_eq!((first.headers.len(), first.max, first.name_part), (1, Some(40), 1));
        assert_eq!(acme.fields.len(), edapp.fields.len() + 1);
        assert_eq!(acme.field("email").map(|f| f.value_required), Some(true));
        assert!(!acme.rules["group-unknown"].why.is_empty());
        assert_eq!(
            acme.policy(PolicyId::Groups).and_then(|p| p.default.as_deref()),
            Some("replace")
        );
        assert_eq!(acme.policy(PolicyId::Groups).map(|p| p.choices.len()), Some(2));
        assert_eq!(acme.lists["roles"], ["Learner"]);
        assert_eq!(acme.statements.len(), edapp.statements.len());
    }

    /// A whole profile that asks one thing.
    fn asking(policy: &str) -> String {
        format!(
            "id = \"acme\"\nname = \"Acme\"\nsummary = \"\"\nversion = \"2026-01-01\"\n\n\
             [key]\nfield = \"\"\n\n\
             [[field]]\nid = \"team\"\ntitle = \"Team\"\nheaders = [\"team\"]\n\n\
             [[policy]]\n{policy}"
        )
    }

    const KEEP: &str = "[[policy.choices]]\nid = \"keep\"\ntitle = \"Keep\"\nsays = \"\"\n";
    const DROP: &str = "[[policy.choices]]\nid = \"deactivat\"\ntitle = \"Go\"\nsays = \"\"\n";
    const ADD: &str = "[[policy.choices]]\nid = \"add\"\ntitle = \"Add\"\nsays = \"\"\n";

    #[test]
    fn a_policy_that_nobody_knows_is_refused_with_the_nearest() {
        let known = "There are `groups`, `roles`, `invitations`, `blanks`, `missing`, `errors`, `scope`, `sync-field`, \
                     `seats`, `import-groups`, `message`, `notes`, `new-fields`, `new-groups`, `assignment`; a switch of \
                     the vendor's own, which is only passed on, says `own = true`";
        let sound = asking(&format!("id = \"missing\"\ntitle = \"Missing\"\n{KEEP}"));
        assert!(Profile::parse(&sound, "acme.toml", |_| true).is_ok());
        assert_eq!(
            refused(&sound.replace("\"missing\"", "\"misssing\"")),
            format!("line 14: there is no policy `misssing`; did you mean `missing`? {known}")
        );
        assert_eq!(
            refused(&sound.replace("\"missing\"", "\"weather\"")),
            format!("line 14: there is no policy `weather`. {known}")
        );
        // What only differs from another profile says the same, and so does a connector's.
        let why = refused(&format!("{HEAD}[[policy]]\nid = \"gruops\"\ndefault = \"replace\"\n"));
        assert!(
            why.starts_with("line 4: there is no policy `gruops`; did you mean `groups`?"),
            "{why}"
        );
        let scim = "[[connector.scim.policy]]\nid = \"mising\"\ndefault = \"delete\"\n";
        let why = refused(&format!("{HEAD}{scim}"));
        assert!(
            why.starts_with("line 4: there is no policy `mising`; did you mean `missing`?"),
            "{why}"
        );
    }

    #[test]
    fn a_choice_that_means_nothing_is_refused_with_the_nearest() {
        let policy = format!("id = \"missing\"\ntitle = \"Missing\"\n{KEEP}{DROP}");
        assert_eq!(
            refused(&asking(&policy)),
            "line 14: the policy `missing` has no choice `deactivat`; did you mean `deactivate`? \
             There are `keep`, `deactivate`, `delete`"
        );
        let differs = format!(
            "{HEAD}\n[[field]]\nid = \"email\"\nmax = 40\n\n[[policy]]\nid = \"groups\"\ndefault = \"repalce\"\n"
        );
        assert_eq!(
            refused(&differs),
            "line 9: the policy `groups` has no choice `repalce`; did you mean `replace`? There are `add`, `replace`"
        );
    }

    #[test]
    fn a_switch_of_the_vendors_own_is_marked_and_a_field_s_policy_has_a_name_of_its_own() {
        let own = format!("id = \"stickiness\"\nown = true\ntitle = \"Edits\"\n{KEEP}{DROP}");
        let acme =
            Profile::parse(&asking(&own), "acme.toml", |_| true).expect("any choice will do");
        assert_eq!(acme.policy_named("stickiness").map(|p| p.choices.len()), Some(2));
        let team = format!("id = \"crews\"\nfield = \"team\"\ntitle = \"Teams\"\n{ADD}");
        let acme = Profile::parse(&asking(&team), "acme.toml", |_| true).expect("about a field");
        assert_eq!(acme.policy_of("team").map(|p| p.id.as_str()), Some("crews"));

        let titled = |policy: &str| asking(&format!("title = \"T\"\n{policy}{KEEP}"));
        for (policy, why) in [
            (
                "id = \"missing\"\nown = true\n",
                "line 14: Muster knows what the policy `missing` means, so it is no vendor's `own`",
            ),
            (
                "id = \"crews\"\nown = true\nfield = \"team\"\n",
                "line 14: the policy `crews` is the vendor's `own`, so it is about no `field`",
            ),
            (
                "id = \"groups\"\n",
                "line 14: the policy `groups` does not say which `field` it is about",
            ),
            (
                "id = \"missing\"\nfield = \"team\"\n",
                "line 14: the policy `missing` is about no `field`",
            ),
            (
                "id = \"missing\"\ntype = \"text\"\n",
                "line 14: the policy `missing` takes `choice`, not `text`",
            ),
            (
                "id = \"crews\"\nown = true\ntype = \"column\"\n",
                "line 14: the policy `crews` takes `choice` or `text` or `number` or `values`, not `column`",
            ),
            (
                "id = \"crews\"\nfield = \"team\"\n",
                "line 14: the policy `crews` has no choice `keep`. There are `add`, `replace`",
            ),
        ] {
            assert_eq!(refused(&titled(policy)), why);
        }
        let nearly = refused(&asking(&team.replace("crews", "grups")));
        assert!(nearly.contains("there is no policy `grups`; did you mean `groups`?"), "{nearly}");
        assert_eq!(
            refused(&asking(&format!("id = \"crews\"\nfield = \"team\"\n{ADD}"))),
            "line 14: the policy `crews` has no `title`"
        );
        let key = own.replace("says", "key = \"team\"\nsays");
        assert_eq!(
            refused(&asking(&key)),
            "line 14: no choice of the policy `stickiness` stands for a `key`"
        );
        assert_eq!(
            refused(
                &format!("{}\n[[policy]]\n{team}", asking(&own)).replace("crews", "stickiness")
            ),
            "the policy `stickiness` stands twice"
        );
        assert_eq!(
            refused(&format!("{}\n[[policy]]\n{}", asking(&team), team.replace("crews", "squads"))),
            "the policies `crews` and `squads` are about one field"
        );
    }

    #[test]
    fn the_profile_that_the_readme_shows_is_sound() {
        let readme = include_str!("../../../../../README.md");
        let shown = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
        let shown =
            Profile::parse(shown.expect("an example"), "README.md", |_| true).expect("sound");
        assert_eq!(shown.field("firstname").and_then(|field| field.max), Some(40));
    }

    #[test]
    fn what_does_not_hold_is_unset_or_removed() {
        let acme = acme(
            "unset = [\"snapshot_max_age_days\"]\n\
             [[field]]\nid = \"password\"\nunset = [\"min\"]\n\
             [[field]]\nid = \"externalid\"\nremoved = true\n",
        );
        assert!(!acme.names_at("scim").contains_key("externalid"), "and goes nowhere");
        assert_eq!(acme.field("password").map(|f| f.min), Some(None));
        assert!(acme.field("externalid").is_none());
    }

    #[test]
    fn a_mistake_in_what_differs_is_named_with_its_line() {
        for (rest, why) in [
            (
                "[[field]]\nid = \"email\"\nmaxx = 4\n",
                "line 6: nothing is called `maxx` here; perhaps `max` is meant",
            ),
            (
                "[[field]]\nid = \"email\"\nunset = [\"max\"]\n",
                "line 6: `max` cannot be unset: the other profile does not say it",
            ),
            (
                "[[field]]\nid = \"mail\"\nremoved = true\n",
                "line 4: what is to be removed is not in the other profile",
            ),
            ("[key]\nfield = \"mail\"\n", "the key names the field `mail`, which is not there"),
            ("[[field]]\nid = \"team\"\nheaders = [\"t\"]\n", "line 4: `title` is missing here"),
        ] {
            assert_eq!(refused(&format!("{HEAD}{rest}")), why);
        }
        assert_eq!(
            refused("id = \"acme\"\nname = \"Acme\"\nbased_on = \"nobody\"\n"),
            "line 3: `based_on` does not name a profile that comes with Muster"
        );
        assert_eq!(refused("based_on = \"edapp\"\n"), "it has no `id` of its own");
    }
}
