//! A server, from its socket to its end.

use std::sync::{Arc, OnceLock};
use std::thread;

use super::access::Access;
use super::address::Address;
use super::budget::Budget;
use super::connections::{Connections, Room};
use super::dispatch::Dispatchers;
use super::engine::Engine;
use super::error::Error;
use super::listener::Listener;
use super::metrics::Metrics;
use super::options::Options;
use super::queue::{Queue, Waiting};
use super::routes::router;
use super::shared::Shared;
use super::stop::Stopper;
use super::work::Work;

/// Threads that read and write; the tagger has threads of its own.
const THREADS: usize = 2;

/// A server that listens, but does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: Listener,
    address: Address,
    shared: Arc<Shared>,
    waiting: Waiting,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All requests were answered.
    Whole,
    /// Some were not when their time was over ([`Options::grace`]).
    Cut,
}

impl Server {
    /// Opens the socket.
    ///
    /// # Errors
    /// When other machines could connect and the options have no token, or the address cannot be had.
    pub fn bind(options: Options) -> Result<Self, Error> {
        if matches!(options.access, Access::Local) && !options.address.is_local() {
            return Err(Error::Open { address: options.address.to_string() });
        }
        let (listener, address) = Listener::open(&options.address)?;
        let (queue, waiting) = Queue::new(options.max_waiting);
        let shared = Shared {
            metrics: Arc::new(Metrics::new()),
            budget: Budget::new(options.max_held),
            queue,
            work: Work::default(),
            connections: Arc::new(Connections::new(options.max_connections)),
            stopper: Stopper::new(),
            engine: OnceLock::new(),
            options,
        };
        Ok(Self { listener, address, shared: Arc::new(shared), waiting })
    }

    /// Where it listens: the port is the real one.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// What ends the server.
    pub fn stopper(&self) -> Stopper {
        self.shared.stopper.clone()
    }

    /// Answers until the server is stopped. `load` makes the engine; meanwhile `/healthz` answers already, and all that needs the engine
    /// is refused with the status 503. `ready` is called when it is there.
    ///
    /// ```
    /// # #[cfg(feature = "embedded-model")] {
    /// use std::io::{Read, Write};
    /// use std::net::TcpStream;
    ///
    /// use allonym::server::{Engine, Options, Server};
    /// use allonym::{Linker, Tagger};
    ///
    /// let server = Server::bind(Options::default().address("127.0.0.1:0".parse()?))?;
    /// let (address, stopper) = (server.address().to_string(), server.stopper());
    /// let load = || Ok::<_, Box<dyn std::error::Error + Send + Sync>>(Engine::new(Tagger::embedded()?, Linker::default()));
    /// server.run(load, move || {
    ///     std::thread::spawn(move || {
    ///         let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    ///         let request = "POST /v1/tag HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: text/plain\r\n\
    ///                        Content-Length: 14\r\n\r\nRain in Beirut";
    ///         stream.write_all(request.as_bytes()).unwrap();
    ///         let mut answer = String::new();
    ///         stream.read_to_string(&mut answer).unwrap();
    ///         assert!(answer.contains(r#""text":"Beirut","label":"LOC""#), "{answer}");
    ///         stopper.stop();
    ///     });
    /// })?;
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    /// ```
    ///
    /// # Errors
    /// When `load` fails, or the system refuses threads.
    ///
    /// # Panics
    /// When `load` or `ready` panics.
    pub fn run<E: From<Error> + Send>(
        self,
        load: impl FnOnce() -> Result<Engine, E> + Send,
        ready: impl FnOnce() + Send,
    ) -> Result<Ended, E> {
        let Self { listener, shared, waiting, .. } = self;
        let start = |error: std::io::Error| E::from(Error::Start(error));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(THREADS)
            .max_blocking_threads(THREADS * 8)
            .thread_name("server")
            .enable_all()
            .build()
            .map_err(start)?;
        let loading = || -> Result<Dispatchers, E> {
            let loaded = load().and_then(|engine| {
                let dispatchers = Dispatchers::start(waiting, &engine, &shared.metrics).map_err(start)?;
                shared.engine.set(engine).expect("it is loaded once");
                ready();
                Ok(dispatchers)
            });
            if loaded.is_err() {
                shared.stopper.stop();
            }
            loaded
        };
        let ended = thread::scope(|scope| {
            let loading = scope.spawn(loading);
            let ended = runtime.block_on(async {
                let counted = |room: &Room| match room {
                    Room::Free => {}
                    Room::Made => _ = shared.metrics.evicted.inc(),
                    Room::None => _ = shared.metrics.refused.inc(),
                };
                let Shared { connections, options, stopper, .. } = &*shared;
                let open = listener.run(&router(&shared), connections, options, stopper, counted).await?;
                drop(listener);
                let rest = tokio::time::timeout(shared.options.grace, open.shutdown()).await;
                Ok(if rest.is_ok() { Ended::Whole } else { Ended::Cut })
            });
            shared.stopper.stop();
            let dispatchers = loading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            shared.queue.close();
            if matches!(ended, Ok(Ended::Whole)) {
                dispatchers.join();
            }
            ended.map_err(start)
        });
        runtime.shutdown_background();
        ended
    }
}
