//! What a service says that it can do, and what is taken for granted where it says nothing (RFC 7643, 5).

use serde_json::Value as Json;

use crate::yes_or_no::is_yes;

/// The most people handed over in one call, whatever a service would take: what is written down between two calls is
/// what survives a crash.
const MOST_AT_ONCE: usize = 100;
const PAGE: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offered {
    pub patch: bool,
    pub filter: bool,
    pub etag: bool,
    pub bulk: Option<Bulk>,
    /// How many people to ask for at a time.
    pub page: usize,
}

/// How much one call for many may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bulk {
    pub operations: usize,
    pub bytes: usize,
}

impl Default for Offered {
    /// A service that does not say what it offers is tried: what it then turns out not to take is left off.
    fn default() -> Offered {
        Offered { patch: true, filter: true, etag: false, bulk: None, page: PAGE }
    }
}

impl Offered {
    pub fn read(config: &Json) -> Offered {
        let supported = |name: &str| is_yes(&config[name]["supported"]);
        let number = |name: &str, what: &str| {
            config[name][what].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
        };
        let bulk = Bulk {
            operations: number("bulk", "maxOperations").min(MOST_AT_ONCE),
            bytes: number("bulk", "maxPayloadSize"),
        };
        let most = match number("filter", "maxResults") {
            0 => PAGE,
            most => most.min(PAGE),
        };
        Offered {
            patch: supported("patch"),
            filter: supported("filter"),
            etag: supported("etag"),
            // With one at a time there is nothing to gain.
            bulk: Some(bulk).filter(|b| supported("bulk") && b.operations > 1 && b.bytes > 0),
            page: most,
        }
    }

    /// "bulk, PATCH and filters"
    pub fn in_words(&self) -> String {
        let all = [
            (self.bulk.is_some(), "many people in one call"),
            (self.patch, "changes of single values"),
            (self.filter, "looking somebody up"),
            (self.etag, "telling whether somebody else changed a person"),
        ];
        let offered: Vec<&str> = all.iter().filter(|(is, _)| *is).map(|(_, what)| *what).collect();
        match offered.as_slice() {
            [] => "nothing beyond the least that SCIM asks for".to_owned(),
            all => all.join(", "),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_a_service_says_is_used() {
        let all = json!({
            "patch": { "supported": true },
            "bulk": { "supported": true, "maxOperations": 1000, "maxPayloadSize": 1_048_576 },
            "filter": { "supported": true, "maxResults": 50 },
            "etag": { "supported": true },
        });
        let offered = Offered::read(&all);
        assert_eq!(offered.bulk, Some(Bulk { operations: MOST_AT_ONCE, bytes: 1_048_576 }));
        assert_eq!(offered.page, 50);
        let none = Offered::read(&json!({ "bulk": { "supported": true, "maxOperations": 0 } }));
        assert!(!none.patch && !none.filter && !none.etag && none.bulk.is_none(), "{none:?}");
    }
}
