//! Serves the built page, and the engine's commands under `/call`, to a browser on this machine. For tests: what the
//! page does in the window it does here too, where a browser can be driven.
//!
//! `POST /call` takes `{"name": …, "request": …}` and answers 200 with the reply, or 422 with the failure.

use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use clap::Parser;
use muster_engine::error::Failure;
use muster_engine::session::Engine;
use serde::Deserialize;
use serde_json::Value;
use tiny_http::{Header, Method, Request, Response, Server};

#[derive(Parser)]
#[command(name = "muster-host")]
struct Arguments {
    /// The built page.
    #[arg(long, default_value = "ui/dist")]
    dist: PathBuf,
    /// The data folder, made if it is not there.
    #[arg(long)]
    home: PathBuf,
    /// 0 takes any that is free.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

struct Host {
    engine: Engine,
    dist: PathBuf,
}

#[derive(Deserialize)]
struct Call {
    name: String,
    #[serde(default)]
    request: Value,
}

/// A paste of a whole roster fits; nothing that would fill the memory does.
const LARGEST_REQUEST: u64 = 256 << 20;

fn main() -> ExitCode {
    match serve(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

/// Answers until it is stopped from outside.
fn serve(arguments: Arguments) -> Result<(), String> {
    let server = Server::http(("127.0.0.1", arguments.port))
        .map_err(|cause| format!("port {} cannot be used: {cause}", arguments.port))?;
    let profiles = arguments.home.join("profiles");
    let engine = Engine::new(arguments.home, profiles, SystemTime::now);
    let host = Arc::new(Host { engine, dist: arguments.dist });
    println!("http://{}", server.server_addr());
    for request in server.incoming_requests() {
        let host = Arc::clone(&host);
        std::thread::spawn(move || host.answer(request));
    }
    Ok(())
}

impl Host {
    /// A browser that has gone away before the answer is nobody's failure.
    fn answer(&self, mut request: Request) {
        let _ = match (request.method(), request.url()) {
            (Method::Post, "/call") => {
                let (status, body) = self.call(&mut request);
                request.respond(as_json(status, &body))
            }
            (Method::Get, url) => match self.file(url) {
                Some((bytes, kind)) => {
                    request.respond(Response::from_data(bytes).with_header(content(kind)))
                }
                None => request.respond(Response::from_string("not found").with_status_code(404)),
            },
            _ => request.respond(Response::from_string("not allowed").with_status_code(405)),
        };
    }

    fn call(&self, request: &mut Request) -> (u16, Value) {
        let mut body = Vec::new();
        let outcome = request
            .as_reader()
            .take(LARGEST_REQUEST)
            .read_to_end(&mut body)
            .map_err(|cause| Failure::internal("the request broke off").why(cause))
            .and_then(|_| {
                serde_json::from_slice::<Call>(&body).map_err(|cause| {
                    Failure::internal("the request is not `{name, request}`").why(cause)
                })
            })
            .and_then(|call| self.engine.call(&call.name, call.request));
        match outcome {
            Ok(reply) => (200, reply),
            Err(failure) => (422, serde_json::json!(failure)),
        }
    }

    fn file(&self, url: &str) -> Option<(Vec<u8>, &'static str)> {
        let path = url.split(['?', '#']).next()?.trim_start_matches('/');
        let path = Path::new(if path.is_empty() { "index.html" } else { path });
        let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        let bytes = inside.then(|| std::fs::read(self.dist.join(path)).ok())??;
        Some((bytes, kind_of(path)))
    }
}

fn kind_of(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn as_json(status: u16, body: &Value) -> Response<std::io::Cursor<Vec<u8>>> {
    Response::from_data(body.to_string())
        .with_status_code(status)
        .with_header(content("application/json"))
}

fn content(kind: &str) -> Header {
    Header::from_bytes("Content-Type", kind).unwrap_or_else(|()| unreachable!("both are ASCII"))
}
