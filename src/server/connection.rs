//! One connection.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::Request;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::Watcher;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_io_timeout::TimeoutStream;

use super::connections::Place;
use super::options::Options;

/// Most bytes of the head of a request.
const MAX_HEAD: usize = 1 << 16;

/// Answers the requests of a connection until it ends, has to make room, or the server stops.
pub(crate) async fn serve(
    stream: impl AsyncRead + AsyncWrite + Send + 'static,
    router: Router,
    place: Place,
    watcher: Watcher,
    options: Options,
) {
    let place = Arc::new(place);
    let mut stream = TimeoutStream::new(stream);
    // Reading has limits of its own, for the head and for the body.
    stream.set_write_timeout(Some(options.timeout));
    let router = TowerToHyperService::new(router);
    let service = service_fn(|request: Request<Incoming>| {
        let busy = Busy::new(Arc::clone(&place));
        let answer = router.call(request);
        async move {
            let response = answer.await?;
            Ok::<_, std::convert::Infallible>(response.map(|body| Answering { body, _busy: busy }))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(options.head_timeout)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    tokio::select! {
        // What goes wrong with a connection is the caller's affair.
        _ = watcher.watch(connection) => {}
        () = place.evicted() => {}
    }
}

/// A request is in work, from its head to the end of its answer.
struct Busy(Arc<Place>);

impl Busy {
    fn new(place: Arc<Place>) -> Self {
        place.is_busy();
        Self(place)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.is_idle();
    }
}

/// The body of an answer.
struct Answering {
    body: Body,
    _busy: Busy,
}

impl HttpBody for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
