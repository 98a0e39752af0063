//! A program in a process of its own, and what the system says of it afterwards.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};
use std::time::Instant;

use nix::sys::resource::{Resource, UsageWho, getrusage, setrlimit};
use nix::sys::time::TimeVal;
use serde::{Deserialize, Serialize};

/// No program may work longer, on all cores together.
pub const SECONDS: u64 = 60;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// Milliseconds from beginning to end.
    pub wall: f64,
    /// Milliseconds of work, on all cores together.
    pub cpu: f64,
    /// Bytes of memory at the most.
    pub peak: u64,
    /// None where it was ended for taking too long.
    pub exit: Option<i32>,
}

/// Runs it to its end, with what it says in a file.
pub fn run(command: &[String], out: &Path, home: &Path) -> io::Result<Run> {
    // The system tells of all the children of a process together, so that each has a parent of its own.
    let me = std::env::current_exe()?;
    let told = Command::new(me)
        .arg("measured")
        .arg(out)
        .args(command)
        .env("MUSTER_HOME", home)
        .output()?;
    serde_json::from_slice(&told.stdout).map_err(|_| {
        io::Error::other(format!(
            "`{}` could not be begun: {}",
            command.join(" "),
            String::from_utf8_lossy(&told.stderr)
        ))
    })
}

/// The parent: `measured OUT COMMAND…` tells on standard output what it took.
pub fn measured(mut arguments: impl Iterator<Item = String>) -> io::Result<ExitCode> {
    let out = PathBuf::from(arguments.next().unwrap_or_default());
    let program = arguments.next().unwrap_or_default();
    setrlimit(Resource::RLIMIT_CPU, SECONDS, SECONDS)?;
    let (said, complaints) = (File::create(&out)?, File::create(out.with_extension("err"))?);
    let mut command = Command::new(program);
    command.args(arguments).stdout(said).stderr(complaints);
    let begun = Instant::now();
    let status: ExitStatus = command.status()?;
    let wall = begun.elapsed().as_secs_f64() * 1e3;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let ms = |time: TimeVal| time.tv_sec() as f64 * 1e3 + time.tv_usec() as f64 / 1e3;
    let run = Run {
        wall,
        cpu: ms(usage.user_time()) + ms(usage.system_time()),
        peak: usage.max_rss() as u64 * 1024,
        exit: status.code(),
    };
    println!("{}", serde_json::to_string(&run)?);
    Ok(ExitCode::SUCCESS)
}

/// The one in the middle by time; of none, none.
pub fn median(runs: &[Run]) -> Option<Run> {
    let mut runs = runs.to_vec();
    runs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    runs.get(runs.len() / 2).cloned()
}
