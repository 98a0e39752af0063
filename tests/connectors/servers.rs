//! Servers that people are sent to, each on a free port of this machine. One is stopped when its value goes.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::kolibri_server::free_port;

/// What every SCIM service of these tests lets in.
pub const TOKEN: &str = "token-of-the-tests-0815";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Somebody's values by the name of the column.
pub type Person = BTreeMap<&'static str, String>;

pub const COLUMNS: [&str; 13] = [
    "userName",
    "externalId",
    "name.givenName",
    "name.familyName",
    "emails",
    "phoneNumbers",
    "title",
    "addresses.locality",
    "active",
    "employeeNumber",
    "department",
    "manager",
    "groups",
];

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

/// A SCIM service.
pub struct Service {
    pub name: &'static str,
    pub port: u16,
    _process: Process,
    _folder: Option<TempDir>,
}

impl Service {
    /// Every service of these tests: strict with everything, lax with little, and strict with nothing beyond the least.
    pub fn all() -> [Service; 3] {
        [Service::scim2(), Service::scimmy(), Service::plain()]
    }

    pub fn scim2() -> Service {
        let port = free_port();
        let mut command = scim2_server(port);
        let process = Process::start(&mut command, port);
        Service { name: "scim2-server", port, _process: process, _folder: None }
    }

    /// The same server, which offers nothing that the standard leaves open.
    pub fn plain() -> Service {
        let folder = tempfile::tempdir().expect("a folder");
        let config = folder.path().join("config.json");
        let none = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
            "patch": { "supported": false },
            "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
            "filter": { "supported": false, "maxResults": 50 },
            "changePassword": { "supported": true },
            "sort": { "supported": false },
            "etag": { "supported": false },
            "authenticationSchemes": [],
        });
        std::fs::write(&config, none.to_string()).expect("written");
        let port = free_port();
        let mut command = scim2_server(port);
        command.arg("--service-provider-config").arg(&config);
        let process = Process::start(&mut command, port);
        Service { name: "scim2-server, plain", port, _process: process, _folder: Some(folder) }
    }

    pub fn scimmy() -> Service {
        let port = free_port();
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/connectors/scimmy.mjs");
        let mut command = Command::new("node");
        command.arg(script).arg(named("MUSTER_SCIMMY")).arg(port.to_string()).arg(TOKEN);
        let process = Process::start(&mut command, port);
        Service { name: "scimmy", port, _process: process, _folder: None }
    }

    pub fn address(&self) -> String {
        format!("scim+http://127.0.0.1:{}/v2", self.port)
    }

    /// Asks the service itself, not by way of Muster.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("connected");
        let head = format!(
            "{method} /v2/{path} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {TOKEN}\r\n\
             Content-Type: application/scim+json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.port,
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).expect("asked");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        let answer = String::from_utf8(answer).expect("UTF-8");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).unwrap_or_default();
        assert!(status.starts_with('2'), "{method} {path}: {answer}");
        if body.is_empty() { Value::Null } else { serde_json::from_str(body).expect("JSON") }
    }

    /// Makes somebody of the service's own; answers with their id.
    pub fn make(&self, kind: &str, resource: &Value) -> String {
        let made = self.ask("POST", kind, Some(resource));
        made["id"].as_str().expect("an id").to_owned()
    }

    /// Everything of a kind. Not every service reads what an address says about pages, but all read it here.
    pub fn all_of(&self, kind: &str) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let body = json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
                "startIndex": all.len() + 1, "count": 1000,
            });
            let page = self.ask("POST", &format!("{kind}/.search"), Some(&body));
            let before = all.len();
            all.extend(page["Resources"].as_array().into_iter().flatten().cloned());
            let total = page["totalResults"].as_u64().expect("a number");
            if all.len() as u64 >= total {
                return all;
            }
            assert!(all.len() > before, "{}: {before} of {total} {kind}", self.name);
        }
    }

    /// Everybody whom the service has, by user name.
    pub fn people(&self) -> BTreeMap<String, Person> {
        let (users, groups) = (self.all_of("Users"), self.all_of("Groups"));
        let login = |id: &Value| {
            let found = users.iter().find(|user| user["id"] == *id);
            found.map_or(String::new(), |user| string(&user["userName"]))
        };
        let person = |user: &Value| -> Person {
            let mut of: Vec<String> = groups
                .iter()
                .filter(|group| {
                    let members = group["members"].as_array();
                    members.is_some_and(|all| all.iter().any(|m| m["value"] == user["id"]))
                })
                .map(|group| string(&group["displayName"]))
                .collect();
            of.sort();
            let work = |name: &str, part: &str| {
                let all = user[name].as_array().map(Vec::as_slice).unwrap_or_default();
                let one = all.iter().find(|one| one["type"] == "work");
                one.map_or(String::new(), |one| string(&one[part]))
            };
            let more = &user[ENTERPRISE];
            let values = [
                string(&user["userName"]),
                string(&user["externalId"]),
                string(&user["name"]["givenName"]),
                string(&user["name"]["familyName"]),
                work("emails", "value"),
                work("phoneNumbers", "value"),
                string(&user["title"]),
                work("addresses", "locality"),
                (user["active"] != false).to_string(),
                string(&more["employeeNumber"]),
                string(&more["department"]),
                login(&more["manager"]["value"]),
                of.join("; "),
            ];
            COLUMNS.into_iter().zip(values).collect()
        };
        let everybody = users.iter().map(|user| (string(&user["userName"]), person(user)));
        let people: BTreeMap<String, Person> = everybody.collect();
        assert_eq!(people.len(), users.len(), "{}: nobody is there twice", self.name);
        people
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

fn string(value: &Value) -> String {
    value.as_str().map(str::to_owned).unwrap_or_default()
}

fn scim2_server(port: u16) -> Command {
    let mut command = Command::new(named("MUSTER_SCIM2"));
    let port = port.to_string();
    command.args(["--hostname", "127.0.0.1", "--port", &port, "--bearer-token", TOKEN]);
    command
}

/// What a variable names, which `make test` sets.
pub fn named(variable: &str) -> PathBuf {
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.exists());
    named.unwrap_or_else(|| {
        panic!("{variable} does not name what it should. Run `make test ONLY=connectors`, which installs it")
    })
}
