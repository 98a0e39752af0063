//! JSON as values, within a limit of memory: what takes two bytes of a text, such as `0,`, takes seventy as a value.
//!
//! serde_json limits how deep values lie, and not how many there are.

use std::cell::Cell;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

/// Why a text came to no values.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// They would take more memory than allowed.
    TooMuch,
    /// It is no JSON from this line and column on.
    Broken(usize, usize),
}

/// Reads JSON into values of so many bytes at most.
pub(super) fn unfolded(text: &str, most: usize) -> Result<Json, Fault> {
    let budget = Budget { left: Cell::new(most), over: Cell::new(false) };
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Values(&budget).deserialize(&mut reader);
    read.and_then(|json| reader.end().map(|()| json)).map_err(|e| match budget.over.get() {
        true => Fault::TooMuch,
        false => Fault::Broken(e.line(), e.column()),
    })
}

struct Budget {
    left: Cell<usize>,
    over: Cell<bool>,
}

impl Budget {
    fn spend<E: Error>(&self, bytes: usize) -> Result<(), E> {
        match self.left.get().checked_sub(bytes) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => {
                self.over.set(true);
                Err(E::custom("too much"))
            }
        }
    }

    fn text<E: Error>(&self, text: &str) -> Result<(), E> {
        const AROUND: usize = 16;
        self.spend(text.len() + AROUND)
    }

    /// One more of so many: memory is taken for twice as many whenever it is full.
    fn one_more<E: Error>(&self, of: usize, each: usize) -> Result<(), E> {
        const FIRST: usize = 4;
        match of {
            0 => self.spend(FIRST * each),
            full if full >= FIRST && full.is_power_of_two() => self.spend(full * each),
            _ => Ok(()),
        }
    }
}

const VALUE: usize = size_of::<Json>();
/// Its name, and what finds it again.
const NAMED: usize = VALUE + size_of::<String>() + 3 * size_of::<usize>();

#[derive(Clone, Copy)]
struct Values<'b>(&'b Budget);

impl<'de> DeserializeSeed<'de> for Values<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Values<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Json, E> {
        Ok(Json::Bool(yes))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        self.0.text(text)?;
        Ok(Json::String(text.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(one) = all.next_element_seed(self)? {
            self.0.one_more(list.len(), VALUE)?;
            list.push(one);
        }
        Ok(Json::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Json, A::Error> {
        let mut map = Map::new();
        while let Some(name) = all.next_key::<String>()? {
            self.0.text(&name)?;
            self.0.one_more(map.len(), NAMED)?;
            map.insert(name, all.next_value_seed(self)?);
        }
        Ok(Json::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            any::<u64>().prop_map(Json::from),
            (-1e300..1e300_f64).prop_map(Json::from),
            ".{0,12}".prop_map(Json::from),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..8).prop_map(Json::from),
                proptest::collection::vec((".{0,6}", inner), 0..8)
                    .prop_map(|all| Json::Object(all.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_fits_is_read_as_serde_json_reads_it(json in any_json()) {
            let text = json.to_string();
            prop_assert_eq!(unfolded(&text, 1 << 20), Ok(serde_json::from_str(&text).expect("JSON")));
        }
    }

    #[test]
    fn what_would_take_more_memory_than_allowed_is_not_read() {
        let most = 1 << 20;
        for (one, name) in [
            ("0", "numbers"),
            ("[]", "lists"),
            ("[0]", "lists of one"),
            ("{}", "objects"),
            ("{\"a\":0}", "objects of one"),
            ("\"\"", "texts"),
        ] {
            let many = format!("[{}0]", format!("{one},").repeat(200_000));
            assert_eq!(unfolded(&many, most), Err(Fault::TooMuch), "{name}");
            let few = format!("[{}0]", format!("{one},").repeat(100));
            assert!(unfolded(&few, most).is_ok(), "{name}");
        }
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        assert_eq!(unfolded("{\"a\":\n 1,}", 1000), Err(Fault::Broken(2, 4)));
        assert_eq!(unfolded("{} {}", 1000), Err(Fault::Broken(1, 4)));
        assert!(matches!(unfolded("", 1000), Err(Fault::Broken(..))));
        assert!(matches!(unfolded(&"[".repeat(10_000), 1000), Err(Fault::Broken(..))));
        assert!(matches!(unfolded(r#""\ud800""#, 1000), Err(Fault::Broken(..))));
    }
}
