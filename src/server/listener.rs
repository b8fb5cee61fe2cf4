//! Where connections come in.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;

use super::address::Address;
use super::connection::serve;
use super::connections::{Connections, Room};
use super::error::Error;
use super::options::Options;
use super::stop::Stopper;

/// How long to wait when the system refuses connections, as it does when there are too many open files.
const PAUSE: Duration = Duration::from_millis(50);

/// An open socket. That of Unix is removed when it is dropped.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(std::net::TcpListener),
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener, std::path::PathBuf),
}

impl Listener {
    /// Opens a socket, and says where: port 0 becomes a real one.
    pub(crate) fn open(address: &Address) -> Result<(Self, Address), Error> {
        let fail = |source| Error::Listen { address: address.to_string(), source };
        match address {
            Address::Tcp(wanted) => {
                let listener = std::net::TcpListener::bind(wanted).map_err(fail)?;
                listener.set_nonblocking(true).map_err(fail)?;
                let found = listener.local_addr().map_err(fail)?;
                Ok((Self::Tcp(listener), Address::Tcp(found)))
            }
            #[cfg(unix)]
            Address::Unix(path) => {
                let listener = bind_unix(path).map_err(fail)?;
                let listener = Self::Unix(listener, path.clone());
                Ok((listener, address.clone()))
            }
            #[cfg(not(unix))]
            Address::Unix(_) => Err(fail(io::ErrorKind::Unsupported.into())),
        }
    }

    /// Takes connections until it is told to stop; returns those that are still open. `counted` sees whether there was room for each.
    pub(crate) async fn run(
        &self,
        router: &Router,
        connections: &Arc<Connections>,
        options: &Options,
        stopper: &Stopper,
        counted: impl Fn(&Room),
    ) -> io::Result<GracefulShutdown> {
        let open = GracefulShutdown::new();
        macro_rules! accept {
            ($listener:expr, $prepare:expr) => {
                loop {
                    let accepted = tokio::select! {
                        () = stopper.stopped() => break,
                        accepted = $listener.accept() => accepted,
                    };
                    let stream = match accepted {
                        Ok((stream, _)) => stream,
                        Err(_) => {
                            tokio::time::sleep(PAUSE).await;
                            continue;
                        }
                    };
                    let room = connections.room();
                    counted(&room);
                    // The caller sees a connection that is closed.
                    if !matches!(room, Room::None) {
                        $prepare(&stream);
                        let place = Arc::clone(connections).add();
                        tokio::spawn(serve(stream, router.clone(), place, open.watcher(), options.clone()));
                    }
                }
            };
        }
        match self {
            Self::Tcp(listener) => {
                let listener = TcpListener::from_std(listener.try_clone()?)?;
                // Small answers must not wait for more; without it they still come.
                accept!(listener, |stream: &tokio::net::TcpStream| drop(stream.set_nodelay(true)));
            }
            #[cfg(unix)]
            Self::Unix(listener, _) => {
                let listener = UnixListener::from_std(listener.try_clone()?)?;
                accept!(listener, |_: &tokio::net::UnixStream| ());
            }
        }
        Ok(open)
    }
}

/// Opens a socket for its owner and group. One that a server has left behind is replaced; any other file stays.
#[cfg(unix)]
fn bind_unix(path: &std::path::Path) -> io::Result<std::os::unix::net::UnixListener> {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    use std::os::unix::net::{UnixListener, UnixStream};
    let is_left_behind = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    if path.symlink_metadata().is_ok_and(|found| found.file_type().is_socket())
        && UnixStream::connect(path).is_err_and(|error| is_left_behind(&error))
    {
        std::fs::remove_file(path)?;
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

impl Drop for Listener {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Self::Unix(_, path) = self {
            // It may be gone already.
            let _ = std::fs::remove_file(path);
        }
    }
}
