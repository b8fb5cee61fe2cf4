//! The door through which a browser comes in.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::error::Error;
use super::routes::{Guarded, MOST, router};
use super::shared::Shared;
use crate::server::{self, Address, Connections, Listener, Stopper, Token};

/// The most connections: a browser opens six a tab.
const CONNECTIONS: usize = 256;
/// How long an answer may take when the review ends.
const GRACE: Duration = Duration::from_secs(5);

/// An open socket, and the secret that its callers must know.
pub(super) struct Door {
    listener: Listener,
    url: String,
    shared: Arc<Shared>,
    token: Token,
    stopper: Stopper,
}

impl Door {
    pub(super) fn open(shared: Arc<Shared>) -> Result<Self, Error> {
        let address = &shared.options.address;
        if !matches!(address, Address::Tcp(_)) {
            let (address, source) = (address.to_string(), std::io::ErrorKind::Unsupported.into());
            return Err(server::Error::Listen { address, source }.into());
        }
        let (listener, found) = Listener::open(address)?;
        let key = key()?;
        let token = Token::new(&key).expect("it is long enough");
        let url = format!("{found}/?key={key}");
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
        let options = server::Options::default().max_body(MOST);
        let router = router(Guarded { shared, token: Arc::new(token) });
        let served = runtime.block_on(async {
            let connections = Arc::new(Connections::new(CONNECTIONS));
            let open = listener.run(&router, &connections, &options, &stopper, |_| {}).await?;
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
