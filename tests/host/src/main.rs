//! Serves the built page, and the engine's commands under `/call`, to a browser on this machine. For tests: what the
//! page does in the window it does here too, where a browser can be driven.
//!
//! `POST /call` takes `{"name": …, "request": …}` and answers 200 with the reply, or 422 with the failure.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Json, State};
use axum::http::StatusCode;
use axum::routing::post;
use clap::Parser;
use muster_engine::error::Failure;
use muster_engine::session::Engine;
use serde::Deserialize;
use serde_json::Value;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

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

#[derive(Deserialize)]
struct Call {
    name: String,
    #[serde(default)]
    request: Value,
}

/// A paste of a whole roster fits; nothing that would fill the memory does.
const LARGEST_REQUEST: usize = 256 << 20;

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
    let runtime = tokio::runtime::Runtime::new().map_err(|cause| cause.to_string())?;
    let profiles = arguments.home.join("profiles");
    let engine = Arc::new(Engine::new(arguments.home, profiles, SystemTime::now));
    let host = Router::new()
        .route("/call", post(call))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .with_state(engine)
        .fallback_service(ServeDir::new(arguments.dist));
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", arguments.port))
            .await
            .map_err(|cause| format!("port {} cannot be used: {cause}", arguments.port))?;
        let address = listener.local_addr().map_err(|cause| cause.to_string())?;
        println!("http://{address}");
        axum::serve(listener, host).await.map_err(|cause| cause.to_string())
    })
}

/// On a thread of its own, as in the window: one call that takes long keeps no other waiting.
async fn call(
    State(engine): State<Arc<Engine>>,
    Json(call): Json<Call>,
) -> (StatusCode, Json<Value>) {
    let outcome = tokio::task::spawn_blocking(move || engine.call(&call.name, call.request)).await;
    match outcome {
        Ok(Ok(reply)) => (StatusCode::OK, Json(reply)),
        Ok(Err(failure)) => (StatusCode::UNPROCESSABLE_ENTITY, Json(serde_json::json!(failure))),
        Err(cause) => {
            let failure = Failure::internal("the call broke off").why(cause);
            (StatusCode::UNPROCESSABLE_ENTITY, Json(serde_json::json!(failure)))
        }
    }
}
