//! How a profile's fields write countries and regions.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Field, FieldKind, Profile};

/// How a place is written in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceCode {
    /// A country: `CA`.
    #[serde(rename = "alpha-2")]
    Alpha2,
    /// A country: `CAN`.
    #[serde(rename = "alpha-3")]
    Alpha3,
    /// A country: `124`.
    Numeric,
    /// A region without its country: `QC`.
    Short,
    /// A region with its country: `CA-QC`.
    Full,
    /// A country or a region: `Canada`.
    Name,
}

impl PlaceCode {
    fn is_of(self, kind: FieldKind) -> bool {
        match self {
            PlaceCode::Alpha2 | PlaceCode::Alpha3 | PlaceCode::Numeric => {
                kind == FieldKind::Country
            }
            PlaceCode::Short | PlaceCode::Full => kind == FieldKind::Region,
            PlaceCode::Name => matches!(kind, FieldKind::Country | FieldKind::Region),
        }
    }
}

pub(super) fn validate(profile: &Profile, field: &Field) -> Result<(), String> {
    let id = &field.id;
    if field.code.is_some_and(|code| !code.is_of(field.kind)) {
        return Err(format!("`code` of `{id}` is no way to write what its `kind` says"));
    }
    let region = field.kind == FieldKind::Region;
    if !region
        && (field.of_country.is_some() || field.in_country.is_some() || field.or_country.is_some())
    {
        return Err(format!("`{id}` is no region, and so belongs to no country"));
    }
    if field.or_country.is_some_and(|code| !code.is_of(FieldKind::Country)) {
        return Err(format!("`or_country` of `{id}` is no way to write a country"));
    }
    if let Some(other) = &field.of_country
        && !profile.field(other).is_some_and(|f| f.kind == FieldKind::Country)
    {
        return Err(format!("`of_country` of `{id}` names no field that is a country: `{other}`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &str) -> Result<Profile, String> {
        let text = format!(
            "id = \"x\"\nname = \"X\"\nsummary = \"\"\nversion = \"2026-01-01\"\n[key]\nfield = \"\"\n{fields}"
        );
        Profile::parse(&text, "x.toml", |_| true).map_err(|failure| failure.why)
    }

    const COUNTRY: &str = "[[field]]\nid = \"country\"\ntitle = \"Country\"\nheaders = [\"Country\"]\nkind = \"country\"\ncode = \"alpha-3\"\n";
    const REGION: &str = "[[field]]\nid = \"region\"\ntitle = \"Region\"\nheaders = [\"Region\"]\nkind = \"region\"\n";

    #[test]
    fn a_profile_says_how_places_are_written_and_which_belong_together() {
        let profile = read(&format!(
            "{COUNTRY}{REGION}code = \"full\"\nof_country = \"country\"\nor_country = \"numeric\"\n"
        ))
        .expect("sound");
        assert_eq!(profile.field("country").and_then(|f| f.code), Some(PlaceCode::Alpha3));
        assert_eq!(profile.field("region").and_then(|f| f.code), Some(PlaceCode::Full));
    }

    #[test]
    fn what_does_not_fit_together_is_refused_with_the_reason() {
        let told = |fields: &str| read(fields).expect_err("refused");
        assert_eq!(
            told(&format!("{REGION}code = \"alpha-2\"\n")),
            "`code` of `region` is no way to write what its `kind` says"
        );
        assert_eq!(
            told(&format!("{COUNTRY}in_country = \"US\"\n")),
            "`country` is no region, and so belongs to no country"
        );
        assert_eq!(
            told(&format!("{REGION}or_country = \"full\"\n")),
            "`or_country` of `region` is no way to write a country"
        );
        assert_eq!(
            told(&format!("{COUNTRY}{REGION}of_country = \"land\"\n")),
            "`of_country` of `region` names no field that is a country: `land`"
        );
    }
}
