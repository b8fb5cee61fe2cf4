//! `allonym serve`

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::groups::{Computing, Messages, size};
use super::interrupt;
use super::link::Linking;
use super::model_args::{self, ModelArgs};
use super::outcome::Outcome;
use super::terminal::say;
use crate::server::{Access, Address, Ended, Engine, Options, Server, Token};

/// Answer requests over HTTP: tag, link, compare and score
///
/// One loaded model serves all callers, and their documents are tagged in common batches. Documents come out as `allonym tag` writes them.
/// POST /v1/tag, /v1/link, /v1/compare, /v1/eval; GET / (a page to try), /openapi.json, /metrics, /healthz, /readyz. SIGTERM and SIGINT
/// end it once the requests that were begun are answered.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym serve
  curl -d 'Rain in Beirut' -H 'Content-Type: text/plain' localhost:8019/v1/tag
  curl -T dump.jsonl -X POST -H 'Content-Type: application/x-ndjson' localhost:8019/v1/tag > tagged.jsonl
  allonym serve --listen 0.0.0.0:8019 --token secret.txt
  allonym serve --unix /run/allonym/socket")]
pub(crate) struct Serve {
    /// Address and port; port 0 is one that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8019")]
    listen: Address,
    /// Listen on a Unix socket, which its owner and group may use
    #[arg(long, value_name = "PATH", conflicts_with = "listen")]
    unix: Option<PathBuf>,
    /// File with a token that callers must send (Authorization: Bearer TOKEN); needed where other machines can connect
    #[arg(long, value_name = "FILE")]
    token: Option<PathBuf>,
    /// Let anyone ask who can connect, from other machines too
    #[arg(long, conflicts_with = "token")]
    no_token: bool,
    /// Further name by which callers may ask for the server, such as that of a proxy; may be given several times. (Without a token, only
    /// localhost and loopback addresses pass, so that no web page reaches it by a name of its own)
    #[arg(long, value_name = "NAME", conflicts_with_all = ["token", "no_token", "unix"])]
    host: Vec<String>,
    /// Most bytes of a body, or of a line in NDJSON
    #[arg(long, value_name = "SIZE", default_value = "16MiB", value_parser = size)]
    max_body: u64,
    /// Most bytes of bodies in memory, over all callers; beyond it they get status 429
    #[arg(long, value_name = "SIZE", default_value = "64MiB", value_parser = size)]
    max_held: u64,
    /// Most pieces of work (16 KiB of documents, or less) that wait; beyond it callers get status 429
    #[arg(long, value_name = "N", default_value = "1024", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_waiting: u32,
    /// Most connections; a new one closes the one that is idle for the longest time
    #[arg(long, value_name = "N", default_value = "4096", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_connections: u32,
    /// Most seconds to read a body, to answer it, and to wait for a caller that neither takes nor sends
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    timeout: u32,
    /// Most seconds to read the head of a request, and for a connection to be idle
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    head_timeout: u32,
    /// Most seconds that requests have to finish after SIGTERM or SIGINT; a second signal ends it at once
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = clap::value_parser!(u32).range(0..=86_400))]
    grace: u32,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    linking: Linking,
    #[command(flatten)]
    computing: Computing,
    #[command(flatten)]
    pub(crate) messages: Messages,
}

impl Serve {
    fn options(&self) -> Result<Options> {
        let seconds = |seconds: u32| Duration::from_secs(u64::from(seconds));
        let access = match (&self.token, self.no_token) {
            (Some(path), _) => Access::Token(token(path)?),
            (None, true) => Access::Anyone,
            (None, false) => Access::Local,
        };
        let address = self.unix.clone().map_or_else(|| self.listen.clone(), Address::Unix);
        if matches!(access, Access::Local) && !address.is_local() {
            bail!(
                "--listen: other machines can connect to {address}: expected --token FILE, or --no-token to let anyone ask"
            );
        }
        if self.max_body > self.max_held {
            bail!("--max-body: expected at most --max-held ({}), found {}", self.max_held, self.max_body);
        }
        Ok(Options::default()
            .address(address)
            .access(access)
            .hosts(&self.host)
            .max_body(usize::try_from(self.max_body).context("--max-body")?)
            .max_held(usize::try_from(self.max_held).context("--max-held")?)
            .max_waiting(self.max_waiting as usize)
            .max_connections(self.max_connections as usize)
            .timeout(seconds(self.timeout))
            .head_timeout(seconds(self.head_timeout))
            .grace(seconds(self.grace)))
    }

    fn engine(&self) -> Result<Engine> {
        let pool = self.computing.threads.pool();
        let linker = self.linking.linker(&pool)?;
        let options = self.computing.options(pool)?;
        Ok(Engine::new(model_args::pipeline(&self.model.models()?, &options)?, linker))
    }
}

/// The token in a file, without the blanks around it.
fn token(path: &Path) -> Result<Token> {
    let text = std::fs::read_to_string(path).with_context(|| format!("--token: {}: cannot be read", path.display()))?;
    Token::new(text.trim()).with_context(|| format!("--token: {}", path.display()))
}

pub(crate) fn run(args: &Serve) -> Result<Outcome> {
    let server = Server::bind(args.options()?)?;
    let (address, stopper) = (server.address().clone(), server.stopper());
    interrupt::watch(move || stopper.stop());
    let ready = || {
        if !args.messages.quiet {
            say(&format!("listening on {address}"));
        }
    };
    match server.run(|| args.engine(), ready)? {
        Ended::Whole => {}
        Ended::Cut => say(&format!("note: requests that took longer than {} s were cut off (--grace)", args.grace)),
    }
    Ok(interrupt::caught().map_or(Outcome::Done, Outcome::Interrupted))
}
