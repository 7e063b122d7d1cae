//! The program: `serve` (the default), `openapi`, `health`.

use search_service::config::Config;
use search_service::{State, answers, api, router};
use std::process::ExitCode;
use tokio::net::TcpListener;

const USAGE: &str = "\
Usage: search-service [COMMAND]

Commands:
  serve      Serve requests (the default); settings come from variables SEARCH_*, see README.md
  openapi    Print the OpenAPI document
  health     Ask the service at SEARCH_ADDRESS whether it answers; for container health checks
  help       Print this
  version    Print the version";

#[tokio::main]
async fn main() -> ExitCode {
    let command = std::env::args().nth(1).unwrap_or_else(|| "serve".to_owned());
    let result = match command.as_str() {
        "serve" => serve().await,
        "openapi" => openapi().await,
        "health" => health().await,
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        "version" | "--version" | "-V" => {
            println!("search-service {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        other => {
            eprintln!("search-service: there is no command `{other}`\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("search-service: {error}");
            ExitCode::FAILURE
        }
    }
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

async fn serve() -> Outcome {
    let config = Config::from_env()?;
    let listener = TcpListener::bind(config.address).await?;
    let app = State::start(config).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router(app)).with_graceful_shutdown(stopped()).await?;
    Ok(())
}

/// Ends when the process is asked to end: requests that run are finished.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = interrupt.await;
}

/// The document needs the routers, and these need an application; one in memory will do.
async fn openapi() -> Outcome {
    let variables = [("SEARCH_DATABASE_URL", "sqlite::memory:"), ("SEARCH_SEED", "none")];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let app = State::start(Config::from_variables(&variables.into())?).await?;
    println!("{}", api(&app).into_openapi().to_pretty_json()?);
    Ok(())
}

async fn health() -> Outcome {
    let address = std::env::var("SEARCH_ADDRESS").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    // The address to listen on may be `every interface`.
    let port = address.rsplit_once(':').map_or("8080", |(_, port)| port);
    let url = format!("http://127.0.0.1:{port}/health");
    let (status, body) = answers::http::send("GET", &url, None, None).await?;
    println!("{}", String::from_utf8_lossy(&body));
    if status == 200 { Ok(()) } else { Err(format!("{url} answered {status}").into()) }
}
