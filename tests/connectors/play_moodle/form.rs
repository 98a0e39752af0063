//! The fields of a form, as PHP reads them: `users[0][customfields][0][type]=text` is a tree.

/// What a field or a part of one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Php {
    Text(String),
    List(Vec<(String, Php)>),
}

/// How many fields PHP reads: one more than `max_input_vars` says, which is a thousand unless somebody sets it. Those beyond
/// are dropped without a word.
pub const MOST_FIELDS: usize = 1001;

impl Php {
    pub fn empty() -> Php {
        Php::List(Vec::new())
    }

    pub fn get(&self, name: &str) -> Option<&Php> {
        self.items().iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The text under a name; blank where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Php::as_text).unwrap_or_default()
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Php::Text(text) => Some(text),
            Php::List(_) => None,
        }
    }

    pub fn items(&self) -> &[(String, Php)] {
        match self {
            Php::List(items) => items,
            Php::Text(_) => &[],
        }
    }

    /// The members of a list under a name.
    pub fn each(&self, name: &str) -> impl Iterator<Item = &Php> {
        self.get(name).map(Php::items).unwrap_or_default().iter().map(|(_, value)| value)
    }

    fn put(&mut self, path: &[&str], value: &str) {
        let Some((name, rest)) = path.split_first() else {
            *self = Php::Text(value.to_owned());
            return;
        };
        if let Php::Text(_) = self {
            *self = Php::empty();
        }
        let Php::List(items) = self else { return };
        let name = if name.is_empty() {
            let numbers = items.iter().filter_map(|(key, _)| key.parse::<u64>().ok());
            numbers.max().map_or(0, |last| last + 1).to_string()
        } else {
            (*name).to_owned()
        };
        let place = items.iter().position(|(key, _)| *key == name).unwrap_or_else(|| {
            items.push((name, Php::empty()));
            items.len() - 1
        });
        items[place].1.put(rest, value);
    }
}

/// The pairs of a form, decoded, and no more of them than PHP reads.
pub fn pairs(form: &str) -> Vec<(String, String)> {
    form.split('&')
        .filter(|pair| !pair.is_empty())
        .take(MOST_FIELDS)
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

pub fn tree(pairs: &[(String, String)]) -> Php {
    let mut tree = Php::empty();
    for (name, value) in pairs {
        tree.put(&path(name), value);
    }
    tree
}

/// `a[b][]` is `a`, `b` and a number that is the next one.
fn path(name: &str) -> Vec<&str> {
    let Some((first, mut rest)) = name.split_once('[') else { return vec![name] };
    let mut path = vec![first];
    while let Some((key, more)) = rest.split_once(']') {
        path.push(key);
        let Some(more) = more.strip_prefix('[') else { break };
        rest = more;
    }
    path
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, more)) = rest.split_first() {
        rest = more;
        let code = rest.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match (byte, code.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'+', _) => bytes.push(b' '),
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &rest[2..];
            }
            _ => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
