//! The door through which a browser comes in.

use std::sync::Arc;
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use sha2::{Digest, Sha256};

use super::error::Error;
use super::routes::{Guarded, MOST, router};
use super::shared::Shared;
use crate::server::{Address, Connections, Room, Stopper, Token, serve_connection};

/// The most connections: a browser opens six a tab.
const CONNECTIONS: usize = 256;
/// How long an answer may take when the review ends.
const GRACE: Duration = Duration::from_secs(5);
/// How long to wait when the system refuses connections.
const PAUSE: Duration = Duration::from_millis(50);

/// An open socket, and the secret that its callers must know.
pub(super) struct Door {
    listener: std::net::TcpListener,
    url: String,
    shared: Arc<Shared>,
    token: Token,
    stopper: Stopper,
}

impl Door {
    pub(super) fn open(shared: Arc<Shared>) -> Result<Self, Error> {
        let address = &shared.options.address;
        let fail = |source| Error::Listen { address: address.to_string(), source };
        let Address::Tcp(wanted) = address else { return Err(fail(std::io::ErrorKind::Unsupported.into())) };
        let listener = std::net::TcpListener::bind(wanted).map_err(fail)?;
        listener.set_nonblocking(true).map_err(fail)?;
        let found = listener.local_addr().map_err(fail)?;
        let key = key()?;
        let token = Token::new(&key).expect("it is long enough");
        let url = format!("http://{found}/?key={key}");
        Ok(Self { listener, url, shared, token, stopper: Stopper::new() })
    }

    /// Where the page is.
    pub(super) fn url(&self) -> String {
        self.url.clone()
    }

    pub(super) fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Answers until the review is stopped.
    pub(super) fn serve(self) -> Result<(), Error> {
        let Self { listener, shared, token, stopper, .. } = self;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(8)
            .thread_name("review")
            .enable_all()
            .build()?;
        let options = crate::server::Options::default().max_body(MOST);
        let router = router(Guarded { shared, token: Arc::new(token) });
        let served = runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let (connections, open) = (Arc::new(Connections::new(CONNECTIONS)), GracefulShutdown::new());
            loop {
                let accepted = tokio::select! {
                    () = stopper.stopped() => break,
                    accepted = listener.accept() => accepted,
                };
                match accepted {
                    Ok((stream, _)) if !matches!(connections.room(), Room::None) => {
                        // Small answers must not wait for more; without it they still come.
                        drop(stream.set_nodelay(true));
                        let place = Arc::clone(&connections).add();
                        tokio::spawn(serve_connection(stream, router.clone(), place, open.watcher(), options.clone()));
                    }
                    // The caller sees a connection that is closed.
                    Ok(_) => {}
                    Err(_) => tokio::time::sleep(PAUSE).await,
                }
            }
            drop(listener);
            // What takes longer is cut off.
            let _ = tokio::time::timeout(GRACE, open.shutdown()).await;
            Ok(())
        });
        runtime.shutdown_background();
        served
    }
}

/// A secret that nobody can guess: 32 hexadecimal digits.
fn key() -> Result<String, Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::Start(std::io::Error::other(error)))?;
    Ok(crate::io::hex(&Sha256::digest(bytes)[..16]))
}
