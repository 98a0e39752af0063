use rustc_hash::FxHashMap;

use super::email_malformed::is_address;
use super::{
    Cell, CharClasses, CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope,
};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::FieldKind;

pub static RULE: Rule = Rule {
    code: "email-unlikely",
    title: "Unlikely e-mail address",
    severity: Severity::Warning,
    requires: Requires::Snapshot,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |_, column| column.kind == FieldKind::Email,
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("email_unlikely.md"),
};

/// A domain that fewer people have is no yardstick.
const MANY: u32 = 5;

fn check(cell: &Cell, sink: &mut FindingSink) {
    for &value in cell.values {
        // What is no address at all is told as that.
        let address = Some(value.trim()).filter(|value| is_address(value));
        let Some((local, domain)) = address.and_then(|a| a.rsplit_once('@')) else { continue };
        let Some((meant, count)) = cell.context.domain_meant(domain) else { continue };
        sink.cell(cell, || {
            let message = format!(
                "nobody in the last snapshot has an address at `{domain}`; {count} have one at `{meant}`"
            );
            let address = format!("{local}@{meant}");
            let after = cell.text.replacen(value, &address, 1);
            FindingText::new(value, message).fix(Some(cell.fix(
                format!("make it `{address}`"),
                Safety::Unsafe,
                after,
            )))
        });
    }
}

impl CheckContext {
    /// The domain of many people in the snapshot that another is but for a letter; none where somebody there has it.
    fn domain_meant(&self, domain: &str) -> Option<(&str, u32)> {
        let domains = self.known_domains.get_or_init(|| self.count_domains());
        if domains.is_empty() || domains.contains_key(domain) {
            return None;
        }
        let domain = domain.to_lowercase();
        if domains.contains_key(&domain) {
            return None;
        }
        let is_meant =
            |(other, count): &(&String, &u32)| **count >= MANY && is_a_letter_off(&domain, other);
        let (meant, count) = domains.iter().filter(is_meant).max_by_key(|(d, n)| (**n, *d))?;
        Some((meant, *count))
    }

    fn count_domains(&self) -> FxHashMap<String, u32> {
        let mut domains: FxHashMap<String, u32> = FxHashMap::default();
        let Some(snapshot) = &self.snapshot else { return domains };
        let columns = snapshot.columns.iter().filter(|c| c.kind == FieldKind::Email);
        for column in columns {
            for row in snapshot.table.rows() {
                let cell = snapshot.table.cell(row, column.at);
                for (_, domain) in column.values(&cell).filter_map(|v| v.trim().rsplit_once('@')) {
                    match domains.get_mut(domain) {
                        Some(count) => *count += 1,
                        None => *domains.entry(domain.to_lowercase()).or_default() += 1,
                    }
                }
            }
        }
        domains
    }
}

/// Whether one domain is the other, mistyped. `acme.de` and `acme.dk` are one company in two countries.
fn is_a_letter_off(one: &str, other: &str) -> bool {
    let country = |domain: &str| {
        let (name, last) = domain.rsplit_once('.')?;
        (last.len() == 2).then(|| name.to_owned())
    };
    let of_two_countries = country(one).is_some() && country(one) == country(other);
    !of_two_countries && strsim::osa_distance(one, other) == 1
}
