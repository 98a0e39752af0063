//! `muster accounts`: what is true of one LMS of one company, kept once.

mod given;
mod shown;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use muster_engine::accounts;
use muster_engine::attaching::Attached;
use muster_engine::error::{Failure, Result};
use muster_engine::reading::ReadAs;
use muster_engine::store::accounts::{AccountFacts, AccountRecord, HandedOver, Taken};
use muster_engine::store::profile_folder;
use serde::Serialize;

use crate::clock;
use crate::exit::{Exit, remark};
use crate::of_account::OfAccount;
use crate::opening::{profile_named, profiles, read};
use crate::page::{Page, counted};
use crate::reaching::{store, tell};
use given::Given;
use shown::{Card, Whole, print_to_do};

/// Keeps what does not change from file to file: snapshot, lists, columns, template, choices, what is to do by hand
///
/// An account is one LMS of one company. Other commands take it with --account NAME.
#[derive(Debug, Args)]
pub struct Options {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// All accounts
    List,
    /// All that one keeps
    Show {
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Begins one, with what it is to keep
    Add {
        #[arg(value_name = "NAME")]
        name: String,
        /// Which LMS it is; `muster profiles` lists them [default: recognised from the snapshot]
        #[arg(long, value_name = "ID")]
        profile: Option<String>,
        #[command(flatten)]
        given: Box<Given>,
    },
    /// Keeps more of one, or something else
    Set {
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        given: Box<Given>,
    },
    /// Calls one otherwise
    Rename {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(value_name = "NEW")]
        new: String,
    },
    /// Writes one to a file for a colleague; nobody else can read it, and no password is in it
    Export {
        #[arg(value_name = "NAME")]
        name: String,
        /// The file to write [default: the account's name, .muster-account]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Write over a file that is there
        #[arg(long)]
        replace: bool,
    },
    /// Takes one over that a colleague exported
    Import {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Call it otherwise here
        #[arg(long, value_name = "NAME", conflicts_with = "replace")]
        name: Option<String>,
        /// Put it in the place of the one that is called so here
        #[arg(long)]
        replace: bool,
    },
    /// Erases one with everything that it keeps; your files stay
    Forget {
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Ticks what was done by hand; without a number, lists what is to be done
    Done {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(value_name = "ITEM")]
        items: Vec<u32>,
        /// Everything on the list
        #[arg(long, conflicts_with = "items")]
        all: bool,
    },
    /// Says which account a file is of, and why
    Of {
        #[arg(value_name = "ROSTER")]
        file: PathBuf,
    },
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    match options.what.unwrap_or(What::List) {
        What::List => list(page),
        What::Show { name } => show(&OfAccount::of(&name)?, page),
        What::Add { name, profile, given } => add(&name, profile.as_deref(), &given, page),
        What::Set { name, given } => {
            let account = OfAccount::of(&name)?;
            given.keep(&account)?;
            let account = again(account)?;
            tell_of_strangers(&account)?;
            show(&account, page)
        }
        What::Rename { name, new } => {
            let account = OfAccount::of(&name)?;
            account.store.rename_account(account.record.id, &new)?;
            show(&again(account)?, page)
        }
        What::Export { name, out, replace } => export(&OfAccount::of(&name)?, out, replace, page),
        What::Import { file, name, replace } => {
            let store = store()?;
            let called = HandedOver::read(&file)?.name;
            let taken = match &name {
                Some(name) => Some(Taken::As(name)),
                None => replace.then_some(Taken::InPlace),
            };
            let id =
                accounts::import(&store, &file, taken, &profile_folder()?).map_err(|failure| {
                    match store.account_named(&called).is_ok() && taken.is_none() {
                        true => failure.hint(TAKEN),
                        false => failure,
                    }
                })?;
            let record = store.account(id)?;
            show(&OfAccount { store, record }, page)
        }
        What::Forget { name } => {
            let account = OfAccount::of(&name)?;
            account.store.forget_account(account.record.id)?;
            let name = account.record.name;
            if page.is_json() {
                #[derive(Serialize)]
                struct Report {
                    forgotten: String,
                }
                page.json(&Report { forgotten: name });
            } else {
                page.line(format!("The account `{name}` is forgotten, with all that it kept."));
            }
            Ok(Exit::Fine)
        }
        What::Done { name, items, all } => done(OfAccount::of(&name)?, &items, all, page),
        What::Of { file } => of(&file, page),
    }
}

/// A slip in whom to protect protects nobody.
fn tell_of_strangers(account: &OfAccount) -> Result<()> {
    let people = accounts::protected_people(&account.store, &account.record, &mut profiles()?)?;
    for (key, name) in people {
        if name.is_some_and(|name| name.is_empty()) {
            remark(&format!("Nobody whom the LMS has is known by `{key}`, so it protects nobody."));
        }
    }
    Ok(())
}

/// What to do where an account of this name is here already.
const TAKEN: &str =
    "Call it otherwise with --name, or put it in the place of the one here with --replace.";

fn again(account: OfAccount) -> Result<OfAccount> {
    let record = account.store.account(account.record.id)?;
    Ok(OfAccount { record, ..account })
}

fn list(page: &mut Page) -> Result<Exit> {
    let store = store()?;
    let told = store.notices().len();
    let all = store.accounts()?;
    tell(&store, told);
    if page.is_json() {
        #[derive(Serialize)]
        struct Report<'a> {
            accounts: Vec<Card<'a>>,
        }
        page.json(&Report { accounts: all.iter().map(Card::of).collect() });
    } else if all.is_empty() {
        page.line("There is no account yet: muster accounts add NAME --profile ID");
    } else {
        let row = |record: &AccountRecord| Card::of(record).row();
        page.columns(&all.iter().map(row).collect::<Vec<_>>());
    }
    Ok(Exit::Fine)
}

fn show(account: &OfAccount, page: &mut Page) -> Result<Exit> {
    let whole = Whole::of(&account.record);
    if page.is_json() {
        page.json(&whole);
    } else {
        whole.print(page);
        let open: Vec<_> = account.record.facts.to_do.open().collect();
        if !open.is_empty() {
            page.line("");
            print_to_do(&open, page);
        }
    }
    Ok(Exit::Fine)
}

fn add(name: &str, profile: Option<&str>, given: &Given, page: &mut Page) -> Result<Exit> {
    let profile = match (profile, &given.snapshot) {
        (Some(id), _) => profile_named(id, &[])?.profile.id.clone(),
        (None, Some(file)) => {
            let names = read(file, &given.reading)?.table.names().to_vec();
            profiles()?.recognised(&names)?.profile.id.clone()
        }
        (None, None) => {
            return Err(Failure::state("nobody has said which LMS it is")
                .hint("Name its profile: --profile ID. `muster profiles` lists them."));
        }
    };
    let store = store()?;
    let id = store.add_account(name, &profile, &AccountFacts::default())?;
    let account = OfAccount { record: store.account(id)?, store };
    // Half of it would look as if it were whole.
    if let Err(failure) = given.keep(&account) {
        account.store.forget_account(id)?;
        return Err(failure);
    }
    let account = again(account)?;
    tell_of_strangers(&account)?;
    show(&account, page)
}

fn export(
    account: &OfAccount,
    out: Option<PathBuf>,
    replace: bool,
    page: &mut Page,
) -> Result<Exit> {
    let plain = |c: char| if c.is_alphanumeric() || " -_.,".contains(c) { c } else { '-' };
    let named: String = account.record.name.chars().map(plain).collect();
    let ending = muster_engine::store::accounts::ENDING;
    let out = out.unwrap_or_else(|| PathBuf::from(format!("{named}.{ending}")));
    accounts::export(&account.store, &account.record, &profile_folder()?, &out, replace)?;
    let out = out.display().to_string();
    if page.is_json() {
        #[derive(Serialize)]
        struct Report<'a> {
            name: &'a str,
            out: String,
        }
        page.json(&Report { name: &account.record.name, out });
    } else {
        page.line(format!("{out}: the account `{}`", account.record.name));
    }
    Ok(Exit::Fine)
}

fn done(account: OfAccount, items: &[u32], all: bool, page: &mut Page) -> Result<Exit> {
    let (by, now) = (muster_engine::store::account(), clock::stamp());
    let id = account.record.id;
    account.store.change_account(id, |facts| {
        let list = &mut facts.to_do;
        let open: Vec<u32> = list.open().map(|to_do| to_do.id).collect();
        let ticked = if all { &open[..] } else { items };
        for item in ticked {
            if !list.tick(*item, &by, &now) {
                return Err(Failure::state(format!(
                    "there is nothing open with the number {item}"
                ))
                .hint("`muster accounts done NAME` lists what is to be done."));
            }
        }
        Ok(())
    })?;
    let account = again(account)?;
    if page.is_json() {
        return show(&account, page);
    }
    let open: Vec<_> = account.record.facts.to_do.open().collect();
    if open.is_empty() {
        page.line("Nothing is left to be done by hand.");
    } else {
        print_to_do(&open, page);
    }
    Ok(Exit::Fine)
}

fn of(file: &Path, page: &mut Page) -> Result<Exit> {
    let table = read(file, &ReadAs::default())?.table;
    let attached = accounts::attach(&store()?, &profiles()?, &table, &|_| true)?;
    let (account, fitting) = match &attached {
        Attached::To(evidence) => (Some(evidence), std::slice::from_ref(evidence)),
        Attached::Asked(all) => (None, all.as_slice()),
        Attached::Nowhere => (None, &[][..]),
    };
    if page.is_json() {
        #[derive(Serialize)]
        struct Fits<'a> {
            name: &'a str,
            why: &'a str,
            known: Option<u32>,
            people: u32,
        }
        #[derive(Serialize)]
        struct Report<'a> {
            account: Option<&'a str>,
            fitting: Vec<Fits<'a>>,
        }
        let fits = fitting.iter().map(|e| Fits {
            name: &e.name,
            why: &e.says,
            known: e.known,
            people: e.people,
        });
        page.json(&Report { account: account.map(|e| e.name.as_str()), fitting: fits.collect() });
    } else {
        match (account, fitting) {
            (Some(evidence), _) => page.line(format!("{}: {}", evidence.name, evidence.says)),
            (None, []) => page.line("It is of no account that is kept here."),
            (None, all) => {
                page.line(format!("It may be of {}:", counted(all.len(), "account", "accounts")));
                page.columns(
                    &all.iter().map(|e| [e.name.clone(), e.says.clone()]).collect::<Vec<_>>(),
                );
            }
        }
    }
    Ok(Exit::found(account.is_none()))
}
