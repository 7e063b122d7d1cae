//! `oathbook serve`.

use super::{Context, Exit};
use crate::model::Mode;
use crate::pipeline::{self, Project, Settings};
use crate::render::{Renderer, Theme};
use crate::shell::{self, serve as server};
use std::path::PathBuf;
use std::sync::Arc;

const EXAMPLES: &str = "\
Examples:
  oathbook serve                    at http://127.0.0.1:3000
  oathbook serve docs -p 0          on any free port";

/// Arguments of `serve`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct ServeArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// The port; 0 takes a free one.
    #[arg(short, long, default_value_t = 3000)]
    port: u16,
    /// The address to listen on.
    #[arg(short = 'n', long, default_value = "127.0.0.1", value_name = "HOST")]
    hostname: String,
}

pub(super) fn serve(context: &Context, arguments: &ServeArguments) -> Exit {
    let (world, root) = match context.open(&arguments.dir) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let project = Project { root, mode: Mode::Book, without: Vec::new() };
    let overrides = shell::overrides();
    let settings = Settings { overrides: &overrides, render: true, ..Settings::default() };
    let checked = pipeline::run(&world, &project, settings);
    let theme = match Theme::load(&checked.config, &world) {
        Ok(theme) => theme,
        Err(error) => {
            context.error(&format!("the theme cannot be used: {error}"));
            return Exit::Usage;
        }
    };
    let listener = match server::bind(&arguments.hostname, arguments.port) {
        Ok(listener) => listener,
        Err(error) => return context.machine(&error),
    };
    let address = listener.local_addr().map_or_else(|_| String::new(), |address| address.to_string());
    context.say(&format!(
        "{} pages at {}",
        checked.site.pages.len(),
        context.bold(&format!("http://{address}/"))
    ));
    // The process serves until it is ended, so what it serves lives as long as the process.
    let checked = &*Box::leak(Box::new(checked));
    let (world, theme) = (&*Box::leak(Box::new(world)), &*Box::leak(Box::new(theme)));
    let renderer = Renderer::new(checked.subject(), theme, world);
    let output = renderer.output();
    server::run(
        &listener,
        Arc::new(move |address: &str| {
            let artifact = output.get(address)?;
            let body = renderer.render(address, artifact).ok()?;
            Some((body, server::media_type(address)))
        }),
    );
    Exit::Clean
}
