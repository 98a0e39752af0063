//! Which columns hold passwords, whatever a profile says of them: a password is never shown, and never sent as anything
//! else.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use super::{BUILT_IN, CrossCheck, CrossKind, Field, FieldKind, Profile, header_form};
use crate::profile::connector::connector;

/// What a password is called, in the languages in which our users' systems write column names.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "pass word",
    "passcode",
    "passphrase",
    "pass phrase",
    "Passwort",
    "Paßwort",
    "Kennwort",
    "Zugangscode",
    "Zugangskennwort",
    "Zugangspasswort",
    "Zugriffscode",
    "Anmeldecode",
    "Losungswort",
    "Losung",
    "Geheimwort",
    "Codewort",
    "PIN-Code des Logins",
    "access code",
    "login code",
    "sign-in code",
    "security word",
    "secret word",
    "code d'accès",
    "mot secret",
    "código de acceso",
    "codi d'accés",
    "codice di accesso",
    "codice d'accesso",
    "código de acesso",
    "toegangscode",
    "inlogcode",
    "åtkomstkod",
    "tilgangskode",
    "kirjautumiskoodi",
    "kod dostępu",
    "přístupový kód",
    "prístupový kód",
    "hozzáférési kód",
    "belépési kód",
    "cod de acces",
    "pristupni kod",
    "koda za dostop",
    "код доступа",
    "код за достъп",
    "erişim kodu",
    "giriş kodu",
    "アクセスコード",
    "访问码",
    "mot de passe",
    "mdp",
    "code secret",
    "contraseña",
    "contrasena",
    "palabra clave de acceso",
    "clave de acceso",
    "clave secreta",
    "contrasenya",
    "contrasinal",
    "pasahitza",
    "senha",
    "palavra-passe",
    "palavra passe",
    "palavra chave de acesso",
    "parola d'ordine",
    "parola di accesso",
    "wachtwoord",
    "wagwoord",
    "lösenord",
    "losenord",
    "adgangskode",
    "kodeord",
    "passord",
    "lykilorð",
    "lykilord",
    "salasana",
    "tunnussana",
    "parool",
    "salasõna",
    "salasona",
    "parole",
    "slaptažodis",
    "slaptazodis",
    "hasło",
    "haslo",
    "heslo",
    "jelszó",
    "jelszo",
    "geslo",
    "lozinka",
    "zaporka",
    "лозинка",
    "šifra za prijavu",
    "parolă",
    "parola",
    "парола",
    "пароль",
    "şifre",
    "sifre",
    "κωδικός πρόσβασης",
    "κωδικος προσβασης",
    "συνθηματικό",
    "fjalëkalimi",
    "fjalekalimi",
    "პაროლი",
    "գաղտնաբառ",
    "كلمة المرور",
    "كلمة السر",
    "رمز عبور",
    "گذرواژه",
    "پاس ورڈ",
    "סיסמה",
    "סיסמא",
    "पासवर्ड",
    "পাসওয়ার্ড",
    "கடவுச்சொல்",
    "密码",
    "密碼",
    "口令",
    "パスワード",
    "暗証番号",
    "비밀번호",
    "암호",
    "รหัสผ่าน",
    "mật khẩu",
    "mat khau",
    "kata sandi",
    "kata laluan",
    "nenosiri",
    "nywila",
    "የይለፍ ቃል",
    "pasfhocal",
    "cyfrinair",
];

/// What may be called so and is perhaps something else, such as the number by which a company knows somebody; and what is
/// short for a password in one language or another.
const SHORT: &[&str] = &[
    "PIN",
    "pass",
    "secret",
    "sandi",
    "PW",
    "PWD",
    "PWRD",
    "PSW",
    "PSWD",
    "PSWRD",
    "passw",
    "WW",
    "pwort",
    "Geheimzahl",
    "code confidentiel",
    "código PIN",
    "codice PIN",
    "pass-code",
    "пасс",
];

/// What stands before or after such a name and leaves it what it is. `Password mail` is none, nor `Password changed on`.
const BESIDE: &[&str] = &[
    "new",
    "old",
    "initial",
    "temp",
    "temporary",
    "first",
    "default",
    "start",
    "user",
    "users",
    "login",
    "account",
    "lms",
    "plain",
    "cleartext",
    "current",
    "confirm",
    "repeat",
    "your",
    "ssha",
    "hashed",
    "neu",
    "neues",
    "initiales",
    "start",
    "erstes",
    "vorläufiges",
    "nutzer",
    "benutzer",
    "anmelde",
    "nouveau",
    "initial",
    "temporaire",
    "provisoire",
    "utilisateur",
    "nueva",
    "nuevo",
    "inicial",
    "temporal",
    "de usuario",
    "nova",
    "provisória",
    "nuova",
    "iniziale",
    "nieuw",
    "tijdelijk",
    "nytt",
    "ny",
    "nowe",
    "nové",
    "новый",
    "временный",
    "yeni",
    "新",
    "新しい",
    "初始",
    "初期",
    "1",
    "2",
    "erst",
    "einmal",
    "einmaliges",
    "standard",
    "temporäres",
    "provisorisches",
    "vorläufig",
    "altes",
    "web",
    "system",
    "portal",
    "app",
    "moodle",
    "zugang",
    "access",
    "klartext",
    "plaintext",
    "onetime",
    "generated",
    "generiertes",
    "d'origine",
    "premier",
    "primera",
    "prima",
    "första",
    "første",
    "pierwsze",
    "první",
    "wert",
    "value",
    "text",
];

/// Whether a column of this name holds passwords, by the name alone.
///
/// ```
/// use muster_roster::profile::{header_form, is_secret_name};
///
/// assert!(["Passwort", "Mot de passe", "New password"].iter().all(|n| is_secret_name(&header_form(n))));
/// assert!(!is_secret_name(&header_form("Password changed on")));
/// ```
pub fn is_secret_name(form: &str) -> bool {
    static ALL: OnceLock<Names> = OnceLock::new();
    ALL.get_or_init(|| Names::of(NAMES.iter().chain(SHORT))).has(form)
}

/// The same without what may be something else: a PIN may be the number by which a company knows somebody.
pub fn is_password_name(form: &str) -> bool {
    static ALL: OnceLock<Names> = OnceLock::new();
    ALL.get_or_init(|| Names::of(NAMES.iter())).has(form)
}

struct Names {
    names: FxHashSet<String>,
    beside: Vec<String>,
}

impl Names {
    fn of<'n>(names: impl Iterator<Item = &'n &'static str>) -> Names {
        let form = |name: &&str| folded(&header_form(name));
        Names { names: names.map(form).collect(), beside: BESIDE.iter().map(form).collect() }
    }

    fn has(&self, form: &str) -> bool {
        /// `New user password` has two words beside.
        const MOST_BESIDE: usize = 3;
        self.has_within(&folded(form), MOST_BESIDE)
    }

    fn has_within(&self, form: &str, most: usize) -> bool {
        if self.names.contains(form) {
            return true;
        }
        let around = |word: &String| {
            let rest = [form.strip_prefix(word.as_str()), form.strip_suffix(word.as_str())];
            rest.into_iter().flatten().any(|rest| self.has_within(rest, most - 1))
        };
        most > 0 && self.beside.iter().any(around)
    }
}

/// The dot that some writing of a Turkish capital leaves behind says nothing.
fn folded(form: &str) -> String {
    form.chars().filter(|c| *c != '\u{307}').collect()
}

impl Field {
    /// Whether its id or one of its column names is such a name.
    fn has_name(&self, is_such: fn(&str) -> bool) -> bool {
        let names = self.headers.iter().chain(&self.headers_inferred).map(String::as_str);
        names.chain([self.id.as_str()]).any(|name| is_such(&header_form(name)))
    }

    /// The words that name the column by which it is a password; blank where that is its id.
    fn named_like_one(&self) -> String {
        let mut names = self.headers.iter().chain(&self.headers_inferred);
        let name = names.find(|name| is_secret_name(&header_form(name)));
        name.map_or(String::new(), |name| format!(", and that its column may be `{name}`"))
    }

    /// What comes of it for a password: whatever else it is said to be, it is shown nowhere, and held against nothing that
    /// would say it. Answers whether it was said to be anything of the kind.
    fn keep_secret(&mut self) -> bool {
        let was = std::mem::replace(&mut self.kind, FieldKind::Password);
        let words = [
            std::mem::take(&mut self.choices),
            std::mem::take(&mut self.admin),
            std::mem::take(&mut self.inactive),
            std::mem::take(&mut self.date_forms),
        ];
        let told = [self.list.take(), self.separator.take(), self.refers_to.take()];
        let is_name = std::mem::take(&mut self.name_part) > 0;
        let says_who = std::mem::take(&mut self.identifies) || self.unique.take().is_some();
        was != FieldKind::Password
            || is_name
            || says_who
            || words.iter().any(|words| !words.is_empty())
            || told.iter().any(Option::is_some)
    }
}

/// By which names the profiles that come with Muster send passwords, with the way.
fn attributes() -> &'static BTreeSet<(String, String)> {
    static ALL: OnceLock<BTreeSet<(String, String)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let built_in = BUILT_IN.iter().filter_map(|(id, _)| Profile::built_in(id));
        let names = built_in.flat_map(|profile| {
            let of = |way: &String, field: &String, name: &String| {
                let is = profile.field(field).is_some_and(|f| f.kind == FieldKind::Password);
                is.then(|| (way.clone(), name.clone()))
            };
            let ways = profile.connectors.iter();
            let all = ways.flat_map(|(way, mapping)| {
                mapping.fields.iter().filter_map(move |(field, name)| of(way, field, name))
            });
            all.collect::<Vec<_>>()
        });
        names.collect()
    })
}

impl Profile {
    /// Passwords stay passwords, and go where passwords go, whatever a file of somebody's own says. Answers what it says
    /// and is not heeded, each a sentence.
    pub(super) fn keep_passwords(&mut self, base: Option<&Profile>) -> Vec<String> {
        let mut told = Vec::new();
        let of_base = |id: &str| {
            base.and_then(|base| base.field(id)).is_some_and(|f| f.kind == FieldKind::Password)
        };
        for field in &mut self.fields {
            // Some know people by a PIN: who somebody is cannot be kept from sight.
            let is_key = self.key.field == field.id && !field.has_name(is_password_name);
            let is_secret = of_base(&field.id) || (field.has_name(is_secret_name) && !is_key);
            let is_secret = is_secret || field.kind == FieldKind::Password;
            if is_secret && field.keep_secret() {
                // Nothing says as what the LMS takes it, and so it would be sent as what it is called.
                field.read_only |= !of_base(&field.id);
                let where_to = match field.read_only {
                    true => "and not sent",
                    false => "and sent as nothing else",
                };
                told.push(format!(
                    "It says that `{}` is something else than a password{}. Muster keeps it one: shown nowhere, {where_to}.",
                    field.id,
                    field.named_like_one()
                ));
            }
        }
        let secret: BTreeSet<&str> = self
            .fields
            .iter()
            .filter(|field| field.kind == FieldKind::Password)
            .map(|field| field.id.as_str())
            .collect();
        for (way, mapping) in &mut self.connectors {
            let title = connector(way).map_or(way.as_str(), |known| known.title);
            let before = base.and_then(|base| base.connectors.get(way));
            mapping.fields.retain(|field, name| {
                if !secret.contains(field.as_str()) {
                    return true;
                }
                let usual = before.and_then(|before| before.fields.get(field));
                let goes_there = |name: &String| {
                    attributes().contains(&(way.clone(), name.clone()))
                };
                if usual.is_none_or(|usual| usual == name) && goes_there(name) {
                    return true;
                }
                told.push(format!(
                    "It says that by {title} passwords of `{field}` are sent as `{name}`. Muster does not: {}.",
                    match usual {
                        Some(usual) => format!("they go as `{usual}`, or not at all"),
                        None => "they are not sent".to_owned(),
                    }
                ));
                match usual {
                    Some(usual) => {
                        name.clone_from(usual);
                        true
                    }
                    None => false,
                }
            });
        }
        told
    }

    /// Why it would have passwords say who somebody is, or be told in a sentence; none where it does not.
    pub(super) fn shows_passwords(&self) -> Option<String> {
        let is_secret =
            |id: &str| self.field(id).is_some_and(|field| field.kind == FieldKind::Password);
        let ways = self.connectors.values();
        let policies = || ways.clone().flat_map(|way| &way.policies).chain(&self.policies);
        let by_choice =
            policies().flat_map(|policy| &policy.choices).filter_map(|c| c.key.as_deref());
        let logins = ways.clone().map(|way| way.login.as_str());
        let mut who = std::iter::once(self.key.field.as_str())
            .chain(self.key.falls_back_to.as_deref())
            .chain(by_choice)
            .chain(logins);
        if let Some(id) = who.find(|id| is_secret(id)) {
            return Some(format!("`{id}` holds passwords, and so says of nobody who they are"));
        }
        let compares = |check: &&CrossCheck| {
            check.kind != CrossKind::RequiredTogether && check.fields.iter().any(|id| is_secret(id))
        };
        let check = self.checks.iter().find(compares)?;
        Some(format!("the check `{}` would tell passwords", check.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_name_in_every_language_and_nothing_else_is() {
        for name in [
            "Password",
            "PASSWORD (required)",
            "Passwort",
            "Kennwort",
            "Neues Passwort",
            "Mot de passe",
            "Contraseña",
            "contrasen\u{303}a",
            "Senha inicial",
            "Wachtwoord",
            "Lösenord",
            "Hasło",
            "Heslo",
            "Пароль",
            "ŞİFRE",
            "密码",
            "新密码",
            "パスワード",
            "비밀번호",
            "كلمة المرور",
            "סיסמה",
            "PIN",
            "pwd",
            "user_password",
            "Temporary password",
            "ssha_password",
            "รหัสผ่าน",
            "mật khẩu",
            "Parola",
            "PW",
            "Initial PW",
            "PW neu",
            "Start-Kennwort",
            "Startkennwort",
            "Zugangscode",
            "Losungswort",
            "Code d'accès",
            "Kod dostępu",
            "psw",
            "New user password",
            "Temporäres Zugangskennwort",
        ] {
            assert!(is_secret_name(&header_form(name)), "{name}");
        }
        for name in [
            "canvas_password_notification",
            "Password changed on",
            "Passport",
            "Passing score",
            "Pin code",
            "Pincode",
            "Access level",
            "Access",
            "Promo code",
            "Webtext",
            "PW changed on",
            "Power",
            "Compass",
            "Email",
            "Key",
            "Clave",
            "Login",
            "Secretary",
            "Spinnerei",
            "Department",
            "Passed",
            "Boarding pass",
            "User",
            "Name",
            "名前",
            "Postal code",
            "Password expires",
            "Compassion",
            "Schlüssel",
            "Shift",
            "Sandia",
            "Hesloun",
        ] {
            assert!(!is_secret_name(&header_form(name)), "{name}");
        }
    }

    fn read(text: &str) -> Profile {
        let text = format!("id = 'acme'\nname = 'Acme'\n{text}");
        Profile::parse(&text, "acme.toml", |_| true).expect("sound")
    }

    #[test]
    fn a_profile_makes_no_text_of_a_password_and_sends_none_as_a_name() {
        let acme = read(
            "based_on = 'scim'\n[[field]]\nid = 'password'\nkind = 'text'\n\
             [connector.scim.fields]\npassword = 'displayName'\n",
        );
        let field = acme.field("password").expect("there");
        assert_eq!(field.kind, FieldKind::Password);
        let scim = Profile::built_in("scim").expect("built in");
        assert_eq!(acme.names_at("scim").get("password"), scim.names_at("scim").get("password"));
        assert_eq!(acme.origin.unheeded.len(), 2, "{:?}", acme.origin.unheeded);
        assert!(acme.origin.unheeded[1].contains("`displayName`"), "{:?}", acme.origin.unheeded);
        assert!(scim.origin.unheeded.is_empty() && !scim.origin.own && acme.origin.own);
    }

    #[test]
    fn under_another_id_or_in_another_language_it_is_a_password_all_the_same() {
        for (id, header) in
            [("kennwort", "Kennwort"), ("nick", "Mot de passe"), ("x", "password"), ("пароль", "p")]
        {
            let acme = read(&format!(
                "based_on = 'scim'\n[[field]]\nid = 'password'\nremoved = true\n\
                 [[field]]\nid = '{id}'\ntitle = 'Nick name'\nheaders = ['{header}']\n\
                 [connector.scim.fields]\n'{id}' = 'nickName'\n"
            ));
            assert_eq!(acme.field(id).map(|f| f.kind), Some(FieldKind::Password), "{id}");
            assert_eq!(acme.names_at("scim").get(id), None, "{id}");
        }
    }

    #[test]
    fn a_password_is_no_name_no_key_and_no_word_of_a_sentence() {
        for said in [
            "name_part = 1",
            "list = 'groups'",
            "identifies = true",
            "refers_to = 'email'",
            "admin = ['x']",
        ] {
            let acme = read(&format!("based_on = 'edapp'\n[[field]]\nid = 'password'\n{said}\n"));
            let field = acme.field("password").expect("there");
            assert!(field.name_part == 0 && field.list.is_none() && !field.identifies, "{said}");
            assert!(field.refers_to.is_none() && field.admin.is_empty(), "{said}");
            assert_eq!(acme.origin.unheeded.len(), 1, "{said}: {:?}", acme.origin.unheeded);
        }
        let refused = |text: &str| {
            let text = format!("id = 'acme'\nname = 'Acme'\n{text}");
            Profile::parse(&text, "acme.toml", |_| true).expect_err("refused").why
        };
        for text in [
            "based_on = 'scim'\n[key]\nfield = 'password'\n",
            "based_on = 'edapp'\n[key]\nfalls_back_to = 'password'\n",
            "based_on = 'scim'\n[connector.scim]\nlogin = 'password'\n",
        ] {
            assert!(refused(text).contains("`password` holds passwords"), "{text}");
        }
        let pairs = "based_on = 'edapp'\n[[check]]\nid = 'x'\nkind = 'allowed-pairs'\n\
                     fields = ['email', 'password']\npairs = [['a', 'b']]\n";
        assert_eq!(refused(pairs), "the check `x` would tell passwords");
    }

    #[test]
    fn a_company_that_knows_people_by_a_pin_keeps_its_key() {
        let pin = "[[field]]\nid = 'pin'\ntitle = 'PIN'\nheaders = ['PIN']\n";
        let acme = read(&format!("based_on = 'generic'\n[key]\nfield = 'pin'\n{pin}"));
        assert_eq!(acme.field("pin").map(|f| f.kind), Some(FieldKind::Text));
        let acme = read(&format!("based_on = 'edapp'\n{pin}"));
        assert_eq!(acme.field("pin").map(|f| f.kind), Some(FieldKind::Password));
    }

    #[test]
    fn every_profile_that_comes_with_muster_is_as_it_was_written() {
        for (id, _) in BUILT_IN {
            let mut profile = Profile::built_in(id).expect("built in");
            assert_eq!(profile.keep_passwords(None), Vec::<String>::new(), "{id}");
        }
    }
}
