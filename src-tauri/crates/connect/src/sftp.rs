//! A folder that an LMS takes files from, reached by SFTP: the file of an upload is put there.
//!
//! It is written under another name and renamed once it is whole, so that nobody takes half of it. Who answers there is
//! known by the key of the computer: nothing is sent, no password either, before that key is the one that the connection
//! names. What the LMS makes of the file cannot be seen from here.
//!
//! russh needs no C and no OpenSSL, but an asynchronous runtime and some sixty crates for one file; so it is `ssh2`.
#![expect(clippy::disallowed_methods, reason = "connectors are where the network is touched")]

use std::io::Write;
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use ssh2::{
    ErrorCode, HashType, HostKeyType, KeyboardInteractivePrompt, OpenFlags, OpenType, Prompt,
    Session, Sftp,
};

use super::http::watch::Watch;
use super::link::{ChangeRequest, ChangeResult, Link, OnProgress, RemotePerson};
use super::{Stop, ToTrust};
use muster_plan::push::{KEY, Order, Secret, Target, percent_decoded};
use muster_roster::profile::connector;
use muster_table::error::{Failure, FailureKind, Result};

const HOST_KEY: &str = "host-key";
const PATIENCE: Duration = Duration::from_secs(60);
const PART: &str = ".part";
/// Of the file that was there, while another takes its place.
const ASIDE: &str = ".before";
const CHUNK: usize = 32 * 1024;

pub(super) fn open(
    target: &Target,
    secret: &Secret,
    _: &[String],
    watch: Watch,
) -> Result<Box<dyn Link>> {
    let stop = watch.stop();
    Ok(Box::new(Folder { target: target.clone(), secret: secret.clone(), stop }))
}

pub(super) fn to_trust(target: &Target, stop: Stop) -> Result<Option<ToTrust>> {
    let folder = Folder { target: target.clone(), secret: Secret::new(""), stop };
    if folder.pinned().is_some() {
        return Ok(None);
    }
    let session = folder.connected()?;
    let (key, kind) = folder.shown(&session)?;
    let (host, option) = (target.host(), HOST_KEY.to_owned());
    Ok(Some(ToTrust { host, key, kind: kind.to_owned(), option }))
}

struct Folder {
    target: Target,
    secret: Secret,
    stop: Stop,
}

impl Link for Folder {
    fn identify(&mut self) -> Result<String> {
        let sftp = self.sign_in()?;
        let path = self.path()?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let found = sftp.stat(folder).map_err(|e| self.not_written(&e))?;
        if !found.is_dir() {
            return Err(Failure::state(format!("`{}` is no folder", folder.display())));
        }
        Ok(format!(
            "An SFTP folder at {}, as `{}`; the file will be `{}`",
            self.target.host(),
            self.target.user,
            path.display()
        ))
    }

    fn people(&mut self, _: OnProgress) -> Result<Vec<RemotePerson>> {
        Err(shows_nobody())
    }

    fn find(&mut self, _: &Order) -> Result<Option<RemotePerson>> {
        Err(shows_nobody())
    }

    fn missing_groups(&self, _: &[&Order]) -> Vec<String> {
        Vec::new()
    }

    fn make_group(&mut self, _: &str) -> Result<()> {
        Err(shows_nobody())
    }

    fn send(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult> {
        requests.iter().map(|_| ChangeResult::NotSent(shows_nobody())).collect()
    }

    fn deliver(&mut self, bytes: &[u8]) -> Result<()> {
        let path = self.path()?;
        let sftp = self.sign_in()?;
        let part = beside(&path, PART);
        let put = self
            .write(&sftp, &part, bytes)
            .and_then(|()| self.must_have(&sftp, &part, bytes.len()))
            .and_then(|()| self.put_in_place(&sftp, &part, &path));
        if let Err(failure) = put {
            // What is half, or could not take its place, is not left for anybody to take.
            let _ = sftp.unlink(&part);
            return Err(failure);
        }
        match sftp.stat(&path) {
            // An LMS may take it away at once.
            Err(e) if is_missing(&e) => Ok(()),
            _ => self.must_have(&sftp, &path, bytes.len()),
        }
    }
}

impl Folder {
    /// `/drop/roster.csv`; after `/~/` it begins where the account lands.
    fn path(&self) -> Result<PathBuf> {
        let path = percent_decoded(self.target.url()?.path());
        let path = path.strip_prefix("/~/").unwrap_or(&path);
        if path.is_empty() || path.ends_with('/') {
            return Err(Failure::state("the address names no file")
                .hint(format!("It looks like this: {}", connector::SFTP.example)));
        }
        Ok(PathBuf::from(path))
    }

    fn sign_in(&self) -> Result<Sftp> {
        let session = self.connected()?;
        self.must_be_known(&session)?;
        self.let_in(&session)?;
        session.sftp().map_err(|e| {
            Failure::new(FailureKind::Refused, format!("`{}` offers no SFTP", self.target.host()))
                .why(e)
                .hint("Ask the people who run it whether this account may use SFTP.")
        })
    }

    /// The computer answers. It has been told nothing yet, and nothing of it is known but its key.
    fn connected(&self) -> Result<Session> {
        let patience = self.target.options.get("timeout").and_then(|text| text.parse().ok());
        let patience = patience.map_or(PATIENCE, Duration::from_secs);
        let lost = |e: &dyn std::fmt::Display| self.unreachable(e);
        let stream = self.connect(patience.min(Duration::from_secs(15)))?;
        let mut session = Session::new().map_err(|e| lost(&e))?;
        session.set_timeout(u32::try_from(patience.as_millis()).unwrap_or(u32::MAX));
        session.set_tcp_stream(stream);
        session.handshake().map_err(|e| lost(&e))?;
        Ok(session)
    }

    fn connect(&self, patience: Duration) -> Result<TcpStream> {
        let url = self.target.url()?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = url.port().unwrap_or(22);
        let all = (host.as_str(), port).to_socket_addrs().map_err(|e| self.unreachable(&e))?;
        let mut last = self.unreachable(&"no computer of this name was found");
        for address in all {
            match TcpStream::connect_timeout(&address, patience) {
                Ok(stream) => return Ok(stream),
                Err(_) => last = self.unreachable(&"nobody answers there"),
            }
        }
        Err(last)
    }

    fn unreachable(&self, why: &dyn std::fmt::Display) -> Failure {
        Failure::new(FailureKind::Network, format!("`{}` could not be reached", self.target.host()))
            .why(why)
            .hint("Check the network and the address.")
    }

    /// `SHA256:…` of the key that the computer shows, and its kind.
    fn shown(&self, session: &Session) -> Result<(String, &'static str)> {
        let hash = session.host_key_hash(HashType::Sha256).ok_or_else(|| {
            let host = self.target.host();
            Failure::new(FailureKind::Refused, format!("`{host}` shows no key"))
        })?;
        let kind = session.host_key().map_or("", |(_, kind)| name_of(kind));
        Ok((format!("SHA256:{}", BASE64_STANDARD_NO_PAD.encode(hash)), kind))
    }

    /// The key that the connection names.
    fn pinned(&self) -> Option<&str> {
        let key = self.target.options.get(HOST_KEY).map(|key| key.trim());
        key.filter(|key| !key.is_empty())
    }

    /// Compares the key of the computer with the one that the connection names.
    fn must_be_known(&self, session: &Session) -> Result<()> {
        let host = self.target.host();
        let (shown, kind) = self.shown(session)?;
        match self.pinned() {
            Some(key) if key.trim_end_matches('=') == shown => Ok(()),
            None => Err(Failure::new(
                FailureKind::Refused,
                format!("`{host}` is not known yet: nothing was sent"),
            )
            .why(format!("the key of that computer is {shown} ({kind})"))
            .hint(format!(
                "Ask the people who run it whether that is their key. If it is, test the connection \
                 in the window and trust it there, or name it: {HOST_KEY}={shown}"
            ))),
            Some(key) => Err(Failure::new(
                FailureKind::Refused,
                format!("`{host}` is another computer than before: nothing was sent"),
            )
            .why(format!(
                "its key was {key} and is {shown} ({kind}); it was set up anew, or somebody \
                 stands between"
            ))
            .hint(format!(
                "Ask the people who run it. Only if that is their new key, put it into the connection \
                 in place of the other: {HOST_KEY}={shown}"
            ))),
        }
    }

    fn let_in(&self, session: &Session) -> Result<()> {
        let (user, secret) = (self.target.user.as_str(), self.secret.reveal());
        if user.is_empty() {
            return Err(Failure::state("the address names no account")
                .hint(format!("It looks like this: {}", connector::SFTP.example)));
        }
        let refused = |why: String, hint: &str| {
            let what = format!("`{}` did not let `{user}` in", self.target.host());
            Failure::new(FailureKind::Refused, what).why(why).hint(hint)
        };
        if let Some(key) = self.target.options.get(KEY) {
            let file = Path::new(key);
            if let Err(e) = std::fs::File::open(file) {
                return Err(Failure::file(format!("the key `{key}` could not be read"), &e));
            }
            let passphrase = (!secret.is_empty()).then_some(secret);
            return session.userauth_pubkey_file(user, None, file, passphrase).map_err(|e| {
                match e.code() {
                    // libssh2: the file is no key, or the passphrase is not its own.
                    ErrorCode::Session(-16) => refused(
                        format!("the key `{key}` could not be used"),
                        "Check that it is a private key, and its passphrase.",
                    ),
                    _ => refused(
                        format!("the key `{key}` was not accepted ({})", e.message()),
                        "Give its public half to the people who run it, or check the account.",
                    ),
                }
            });
        }
        let offered = session.auth_methods(user).unwrap_or_default().to_owned();
        let by_prompt = !offered.contains("password") && offered.contains("keyboard-interactive");
        let result = if by_prompt {
            session.userauth_keyboard_interactive(user, &mut Answers(&self.secret))
        } else {
            session.userauth_password(user, secret)
        };
        result.map_err(|e| match offered.contains("password") || by_prompt {
            true => refused(
                format!("the account or the password is wrong ({})", e.message()),
                "Correct them in the connection, then try again.",
            ),
            false => refused(
                format!("it takes no passwords; it takes {offered}"),
                "Use a private key: put its file into the connection as `key`.",
            ),
        })
    }

    fn write(&self, sftp: &Sftp, part: &Path, bytes: &[u8]) -> Result<()> {
        let flags = OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::TRUNCATE;
        let file = sftp.open_mode(part, flags, 0o640, OpenType::File);
        let mut file = file.map_err(|e| self.not_written(&e))?;
        for chunk in bytes.chunks(CHUNK) {
            if self.stop.load(Relaxed) {
                return Err(super::http::cancelled());
            }
            file.write_all(chunk).map_err(|e| self.unreachable(&e))?;
        }
        file.close().map_err(|e| self.not_written(&e))
    }

    /// Gives the whole file its name. Not every server renames over a file that is there: that one is put aside then, and
    /// back again if the new one cannot take its place.
    fn put_in_place(&self, sftp: &Sftp, part: &Path, path: &Path) -> Result<()> {
        let Err(refused) = sftp.rename(part, path, None) else { return Ok(()) };
        if sftp.stat(path).is_err() {
            return Err(self.not_written(&refused));
        }
        let aside = beside(path, ASIDE);
        // What a break left there.
        let _ = sftp.unlink(&aside);
        sftp.rename(path, &aside, None).map_err(|e| self.not_written(&e))?;
        let Err(refused) = sftp.rename(part, path, None) else {
            let _ = sftp.unlink(&aside);
            return Ok(());
        };
        let failure = self.not_written(&refused);
        match sftp.rename(&aside, path, None) {
            Ok(()) => Err(failure),
            Err(_) => Err(failure.hint(format!(
                "The file that was there is `{}` now. Rename it back.",
                aside.display()
            ))),
        }
    }

    fn must_have(&self, sftp: &Sftp, path: &Path, bytes: usize) -> Result<()> {
        let found = sftp.stat(path).map_err(|e| self.not_written(&e))?;
        if found.size == Some(bytes as u64) {
            return Ok(());
        }
        let has = found.size.map_or("unknown".to_owned(), |size| size.to_string());
        Err(Failure::new(FailureKind::Network, "the file did not arrive whole")
            .why(format!("it has {bytes} bytes here and {has} there"))
            .hint("It is sent again as a whole."))
    }

    fn not_written(&self, e: &ssh2::Error) -> Failure {
        if matches!(e.code(), ErrorCode::Session(_)) {
            return self.unreachable(&e.message());
        }
        Failure::new(
            FailureKind::Refused,
            format!("`{}` did not take the file", self.target.host()),
        )
        .why(e.message())
        .hint("Check the folder in the address, and whether this account may write there.")
    }
}

/// The password, to whatever is asked.
struct Answers<'s>(&'s Secret);

impl KeyboardInteractivePrompt for Answers<'_> {
    fn prompt(&mut self, _: &str, _: &str, prompts: &[Prompt<'_>]) -> Vec<String> {
        prompts.iter().map(|_| self.0.reveal().to_owned()).collect()
    }
}

fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    name.into()
}

fn is_missing(e: &ssh2::Error) -> bool {
    const NO_SUCH_FILE: i32 = 2;
    e.code() == ErrorCode::SFTP(NO_SUCH_FILE)
}

fn name_of(kind: HostKeyType) -> &'static str {
    match kind {
        HostKeyType::Rsa => "RSA",
        HostKeyType::Dss => "DSA",
        HostKeyType::Ecdsa256 | HostKeyType::Ecdsa384 | HostKeyType::Ecdsa521 => "ECDSA",
        HostKeyType::Ed25519 => "ED25519",
        HostKeyType::Unknown => "of a kind of its own",
    }
}

fn shows_nobody() -> Failure {
    Failure::state("a folder does not show whom the LMS has")
        .hint("Export the roster in the LMS, and use that file.")
}
