//! Reading a profile file, whole or only what differs from a profile that comes with Muster.

use std::borrow::Cow;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer};

use super::{BUILT_IN, IsRule, Profile};
use muster_table::error::{Failure, FailureKind, Outcome};

/// Names what the file begins from.
pub(super) const BASED_ON: &str = "based_on";
/// In a part of a file that is based on another profile: words of that profile that no longer hold.
pub(super) const UNSET: &str = "unset";
/// In an entry of a list: the other profile's entry of this name is left out.
pub(super) const REMOVED: &str = "removed";

/// The lists whose entries have a name, and the word that is it.
pub(super) const NAMED: [(&str, &str); 4] =
    [("field", "id"), ("policy", "id"), ("choices", "id"), ("statement", "topic")];

/// Why a file cannot be used, and where in it.
struct Fault {
    why: String,
    at: Option<usize>,
}

impl From<toml::de::Error> for Fault {
    fn from(e: toml::de::Error) -> Fault {
        Fault { why: plainly(e.message()), at: e.span().map(|span| span.start) }
    }
}

impl Profile {
    /// The file of a profile that comes with Muster.
    pub fn built_in_text(id: &str) -> Option<&'static str> {
        BUILT_IN.iter().find(|(name, _)| *name == id).map(|(_, text)| *text)
    }

    /// Reads a profile file. `source` names it in the failure; `is_rule` knows the rules, which are built on profiles.
    pub fn parse(text: &str, source: &str, is_rule: IsRule) -> Outcome<Profile> {
        read(text, is_rule).map_err(|fault| {
            let line = fault.at.map(|at| text[..at.min(text.len())].matches('\n').count() + 1);
            let place = line.map_or(String::new(), |line| format!("line {line}: "));
            Failure::new(FailureKind::Profile, format!("the profile `{source}` cannot be used"))
                .why(format!("{place}{}", fault.why))
                .hint("Correct the file, or remove it from the profiles folder.")
        })
    }
}

fn read(text: &str, is_rule: IsRule) -> Result<Profile, Fault> {
    let mut profile = Profile::deserialize(Deserializer::from(whole(text)?))?;
    if let Some(base) = profile.based_on.as_deref().and_then(Profile::built_in) {
        profile.reach_only_what_is_left_of(&base);
    }
    profile.sound().map_err(|why| fault(why, None))?;
    if let Some(code) = profile.rules.keys().find(|code| !is_rule(code)) {
        return Err(fault(format!("there is no rule `{code}`"), None));
    }
    Ok(profile)
}

/// What a file says, together with what it is based on.
pub(super) fn effective(text: &str) -> Option<toml::Table> {
    toml::Table::deserialize(Deserializer::from(whole(text).ok()?)).ok()
}

fn whole(text: &str) -> Result<Spanned<DeTable<'_>>, Fault> {
    let mut whole = DeTable::parse(text)?;
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
    Fault { why, at }
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
                if let Some(DeValue::Table(base)) = base.get_mut(at).map(Spanned::get_mut) {
                    merge(base, own)?;
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

/// What the reader of TOML says, without the list of all the words there are.
fn plainly(message: &str) -> String {
    let Some((word, known)) =
        message.strip_prefix("unknown field `").and_then(|rest| rest.split_once("`, expected "))
    else {
        return message.lines().collect::<Vec<_>>().join(" ");
    };
    let known = known.split('`').skip(1).step_by(2);
    let near = known
        .map(|k| (strsim::osa_distance(k, word), k))
        .filter(|(typos, _)| *typos <= 2 && *typos < word.len().div_ceil(2))
        .min();
    match near {
        Some((_, near)) => format!("nothing is called `{word}` here; perhaps `{near}` is meant"),
        None => format!("nothing is called `{word}` here"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(acme.field("email").map(|f| f.required), Some(true));
        assert!(!acme.rules["group-unknown"].why.is_empty());
        assert_eq!(acme.policy("groups").and_then(|p| p.default.as_deref()), Some("replace"));
        assert_eq!(acme.policy("groups").map(|p| p.choices.len()), Some(2));
        assert_eq!(acme.lists["roles"], ["Learner"]);
        assert_eq!(acme.statements.len(), edapp.statements.len());
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
            "unset = [\"cadence_days\"]\n\
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
            ("[[field]]\nid = \"team\"\nheaders = [\"t\"]\n", "line 4: missing field `title`"),
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
