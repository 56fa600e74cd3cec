//! The accept loop. `axum::serve` has no time limit on headers; this one has limits on all that
//! a stranger can hold open.

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use axum::{
    body::{Body, HttpBody},
    http::Request,
    response::Response,
};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    sync::{Semaphore, watch},
    time::timeout,
};
use tower::{Service, ServiceExt};

use super::client::Peer;
use super::patience::Patient;

/// What a connection may take. Time and size of a request are the door's ([`super::Door`]).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open connections at one time; more wait in the system's queue.
    pub connections: usize,
    /// For the headers of a request to come in, counted from the end of the one before: also the
    /// time a connection may be silent.
    pub headers: Duration,
    /// For a reader to take in at least 4 KiB of an answer.
    pub stalled_write: Duration,
    /// For running requests to end at a stop.
    pub drain: Duration,
}

impl Limits {
    /// The times of production, for so many connections.
    #[must_use]
    pub const fn new(connections: usize) -> Self {
        let seconds = Duration::from_secs;
        Self {
            connections,
            headers: seconds(5),
            stalled_write: seconds(10),
            drain: seconds(10),
        }
    }
}

/// Opens the address for visitors.
///
/// # Errors
/// One sentence that says what to do when the port is taken or may not be opened.
pub async fn listen(address: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    let port = address.port();
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "Port {port} is taken by another program (perhaps Wijzer runs already; `ss -ltnp 'sport = :{port}'` names it): stop that one, or choose another port with {setting}."
        ),
        io::ErrorKind::PermissionDenied => anyhow::anyhow!(
            "Port {port} may not be opened by this user: choose one above 1023 with {setting}, or put a proxy in front."
        ),
        io::ErrorKind::AddrNotAvailable => anyhow::anyhow!(
            "{address} is not an address of this machine: correct {setting}."
        ),
        _ => anyhow::Error::new(error).context(format!("{address} ({setting}) cannot be opened")),
    })
}

/// Ends when the program is asked to stop: SIGTERM, or SIGINT (Ctrl+C).
///
/// # Errors
/// When the system does not let us listen to signals.
pub async fn stop_signal() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen to SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen to SIGINT")?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// What can be served: a [`Router`](axum::Router), or a [`House`](super::House) around one.
pub trait Serve:
    Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static
{
}

impl<S> Serve for S where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static
{
}

/// Serves `house` until `stop` ends; then takes no new connection, lets running requests finish
/// within `limits.drain` and returns.
pub async fn serve<S: Serve>(
    listener: TcpListener,
    house: S,
    limits: Limits,
    stop: impl Future<Output = ()>,
) where
    S::Future: Send,
{
    let slots = Arc::new(Semaphore::new(limits.connections));
    let (stopping, stopped) = watch::channel(());
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        let Some((stream, slot)) = accepted else {
            break;
        };
        let connection = connection(stream, house.clone(), limits, stopped.clone());
        tokio::spawn(async move {
            connection.await;
            drop(slot);
        });
    }
    drop(listener);
    let _ = stopping.send(());
    // All slots back means: all connections ended. Each ends itself after `drain`.
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    let _ = timeout(
        limits.drain + Duration::from_secs(1),
        slots.acquire_many(all),
    )
    .await;
}

type Slot = tokio::sync::OwnedSemaphorePermit;

/// The next connection and its slot. `None` only when the semaphore was closed, which nobody does.
async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> Option<(TcpStream, Slot)> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return Some((stream, slot)),
            Err(error) => {
                // Out of file descriptors, most likely: wait for others to close, or this spins.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn connection<S: Serve>(
    stream: TcpStream,
    house: S,
    limits: Limits,
    mut stopped: watch::Receiver<()>,
) where
    S::Future: Send,
{
    // Answers are written whole; waiting for more to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let peer = stream.peer_addr().ok().map(|address| Peer(address.ip()));
    let service = house.map_request(move |mut request: Request<Incoming>| {
        if let Some(peer) = peer {
            request.extensions_mut().insert(peer);
        }
        request.map(|body| {
            if body.is_end_stream() {
                Body::empty()
            } else {
                Body::new(body)
            }
        })
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .max_buf_size(64 * 1024)
        .serve_connection(
            TokioIo::new(Patient::new(stream, limits.stalled_write)),
            TowerToHyperService::new(service),
        );
    tokio::pin!(connection);
    let ended = tokio::select! {
        biased; // a request that has come in is read before the stop is seen
        ended = connection.as_mut() => Ok(ended),
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            timeout(limits.drain, connection).await
        }
    };
    if let Ok(Err(error)) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests;
