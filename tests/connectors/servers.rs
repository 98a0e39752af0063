//! Servers that people are sent to, each on a free port of this machine. One is stopped when its value goes.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::kolibri_server::free_port;

/// A process that ends with its value.
pub struct Process(Child);

impl Process {
    pub fn start(command: &mut Command, port: u16) -> Process {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = Process(command.spawn().expect("the server starts"));
        let begun = Instant::now();
        loop {
            let answers = TcpStream::connect(("127.0.0.1", port)).is_ok();
            // Whoever answers when it has ended is another one.
            let ended = process.0.try_wait().expect("asked");
            assert!(ended.is_none(), "the server ended: {ended:?}");
            if answers {
                return process;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "the server does not answer");
            sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An SSH server for one folder, run by whoever runs the tests. It knows people by their keys.
pub struct Ssh {
    pub folder: TempDir,
    port: u16,
    process: Option<Process>,
}

impl Ssh {
    pub fn new() -> Ssh {
        let ssh = Ssh {
            folder: tempfile::tempdir().expect("a folder"),
            port: free_port(),
            process: None,
        };
        std::fs::create_dir(ssh.path("drop")).expect("a folder");
        ssh.make_key("host", "");
        ssh.make_key("own", "");
        ssh.make_key("locked", "a passphrase");
        ssh.make_key("stranger", "");
        let key = |name: &str| std::fs::read_to_string(ssh.path(name)).expect("a key");
        let known = key("own.pub") + &key("locked.pub");
        std::fs::write(ssh.path("authorized_keys"), known).expect("written");
        // One that is started by root wants this folder of the system's.
        let _ = std::fs::create_dir_all("/run/sshd");
        ssh
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn make_key(&self, name: &str, passphrase: &str) {
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-C", "tests", "-N", passphrase, "-f"])
            .arg(self.path(name))
            .stdin(Stdio::null())
            .status();
        assert!(made.expect("ssh-keygen starts").success());
    }

    /// `SHA256:…`, as OpenSSH itself prints it.
    pub fn fingerprint(&self) -> String {
        let told = Command::new("ssh-keygen").arg("-lf").arg(self.path("host.pub")).output();
        let told = String::from_utf8(told.expect("ssh-keygen starts").stdout).expect("UTF-8");
        told.split(' ').nth(1).expect("a fingerprint").to_owned()
    }

    pub fn start(&mut self) {
        let path = |name: &str| self.path(name).display().to_string();
        let config = format!(
            "Port {}\nListenAddress 127.0.0.1\nHostKey {}\nPidFile {}\nAuthorizedKeysFile {}\n\
             UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
             StrictModes no\nAllowTcpForwarding no\nX11Forwarding no\nPermitTTY no\n\
             Subsystem sftp internal-sftp\nForceCommand internal-sftp -d {} -u 0027\n",
            self.port,
            path("host"),
            path("sshd.pid"),
            path("authorized_keys"),
            path("drop")
        );
        std::fs::write(self.path("config"), config).expect("written");
        let mut command = Command::new(named("MUSTER_SSHD"));
        command.arg("-D").arg("-f").arg(self.path("config")).arg("-E").arg(self.path("log"));
        self.process = Some(Process::start(&mut command, self.port));
    }

    /// Another kind of server for the same folder, with the same key, that lets `courier` in by a password.
    pub fn start_with(&mut self, password: &str) {
        self.start_as(password, &[]);
    }

    /// The same, with what `conch.py` says of how it renames files.
    pub fn start_as(&mut self, password: &str, how: &[&str]) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/connectors/conch.py");
        let mut command = Command::new(named("MUSTER_CONCH"));
        command.arg(script).arg(self.port.to_string()).args([self.path("host"), self.path("drop")]);
        command.args(["courier", password]).args(how);
        self.process = Some(Process::start(&mut command, self.port));
    }

    pub fn stop(&mut self) {
        self.process = None;
    }

    /// The address of a file in its folder, for an account that it lets in by a password.
    pub fn address_of_courier(&self, file: &str) -> String {
        format!("sftp://courier@127.0.0.1:{}/~/{file}", self.port)
    }

    /// The address of a file in its folder.
    pub fn address(&self, file: &str) -> String {
        let user = Command::new("id").arg("-un").output().expect("id starts").stdout;
        let user = String::from_utf8(user).expect("UTF-8");
        format!("sftp://{}@127.0.0.1:{}/~/{file}", user.trim(), self.port)
    }
}

/// What a variable names, which `make test` sets.
pub fn named(variable: &str) -> PathBuf {
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.exists());
    named.unwrap_or_else(|| {
        panic!("{variable} does not name what it should. Run `make test ONLY=connectors`, which installs it")
    })
}
