use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};
use url::Host;

use super::{Guard, Link};

/// How far one fetch may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For everything together: names, connections, redirects and the whole body.
    pub time: Duration,
    /// Bytes of the body.
    pub size: usize,
    pub redirects: usize,
}

impl Limits {
    /// More than a calendar of 5,000 items needs, and little enough to hold in memory.
    pub const SIZE: usize = 5 * 1024 * 1024;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(20),
            size: Self::SIZE,
            redirects: 3,
        }
    }
}

/// Why nothing was fetched, in words for who manages a source.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("the address cannot be followed: {0}")]
    Address(&'static str),
    #[error("the name {0} leads nowhere")]
    Name(String),
    #[error("{0} is not an address on the public web, and not one that was allowed")]
    Forbidden(SocketAddr),
    #[error("no connection: {0}")]
    Connection(#[from] io::Error),
    #[error("the answer breaks off or is not http: {0}")]
    Http(#[from] hyper::Error),
    #[error("it answers with status {0}")]
    Status(u16),
    #[error("the answer is compressed, which was not asked")]
    Compressed,
    #[error("it redirects more than {0} times")]
    Redirects(usize),
    #[error("the answer is larger than {0} bytes")]
    Size(usize),
    #[error("it took longer than {} seconds", .0.as_secs_f32())]
    Time(Duration),
}

/// What tells one state of a page from another (RFC 9110, 8.8); empty: not given.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Validators {
    pub etag: String,
    pub last_modified: String,
}

/// What was behind a link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The same as the last time, by its validators.
    Unchanged,
    Body(Vec<u8>, Validators),
}

/// Where names lead.
#[derive(Clone, Debug)]
pub enum Names {
    /// Where the system says.
    System,
    /// A table, and nowhere else.
    Table(HashMap<String, Vec<IpAddr>>),
}

/// Fetches one page at a time. It follows no proxy setting, keeps no cookie and no connection, and
/// asks for no compression, so that the size on the wire is the size in memory.
#[derive(Clone)]
pub struct Fetcher {
    guard: Guard,
    names: Names,
    limits: Limits,
    tls: TlsConnector,
}

impl Fetcher {
    /// Believes the certificates that Mozilla's list of authorities stands for.
    ///
    /// # Errors
    /// When the cryptography is not there.
    pub fn new(guard: Guard) -> Result<Self, rustls::Error> {
        let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        Self::believing(roots, guard)
    }

    /// Believes the certificates of other authorities.
    ///
    /// # Errors
    /// As [`Fetcher::new`].
    pub fn believing(roots: RootCertStore, guard: Guard) -> Result<Self, rustls::Error> {
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            guard,
            names: Names::System,
            limits: Limits::default(),
            tls: TlsConnector::from(Arc::new(tls)),
        })
    }

    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    #[must_use]
    pub fn by_names(self, names: Names) -> Self {
        Self { names, ..self }
    }

    /// Fetches what is behind a link, unless it is as `known`.
    ///
    /// # Errors
    /// [`FetchError`]; nothing of the answer is given when it is not whole.
    pub async fn get(&self, link: &Link, known: &Validators) -> Result<Answer, FetchError> {
        timeout(self.limits.time, self.follow(link.clone(), known))
            .await
            .map_err(|_| FetchError::Time(self.limits.time))?
    }

    async fn follow(&self, mut link: Link, known: &Validators) -> Result<Answer, FetchError> {
        for _ in 0..=self.limits.redirects {
            // Dropped with what it drives, also when the time is up.
            let mut connections = JoinSet::new();
            let request = question(&link, known)
                .body(String::new())
                .map_err(|_| FetchError::Address("it cannot be asked for"))?;
            let response = self.ask(&link, request, &mut connections).await?;
            match response.status() {
                StatusCode::OK => {
                    let response = self.whole(response).await?;
                    let validators = Validators {
                        etag: text(response.headers(), &header::ETAG),
                        last_modified: text(response.headers(), &header::LAST_MODIFIED),
                    };
                    return Ok(Answer::Body(response.into_body(), validators));
                }
                StatusCode::NOT_MODIFIED => return Ok(Answer::Unchanged),
                StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT => {
                    link = link.redirected(&text(response.headers(), &header::LOCATION))?;
                }
                other => return Err(FetchError::Status(other.as_u16())),
            }
        }
        Err(FetchError::Redirects(self.limits.redirects))
    }

    /// Asks one question and gives the answer whatever its status; follows no redirect. What is
    /// asked elsewhere with a secret in it must not be sent on.
    ///
    /// # Errors
    /// As [`Fetcher::get`].
    pub async fn exchange(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, FetchError> {
        let link = Link::parse(&request.uri().to_string())?;
        let (mut parts, body) = request.into_parts();
        parts.uri =
            (link.target().parse()).map_err(|_| FetchError::Address("it cannot be asked for"))?;
        let request = Request::from_parts(
            parts,
            String::from_utf8(body).map_err(|_| FetchError::Address("what is sent is no text"))?,
        );
        let asked = async {
            let mut connections = JoinSet::new();
            let response = self.ask(&link, request, &mut connections).await?;
            self.whole(response).await
        };
        timeout(self.limits.time, asked)
            .await
            .map_err(|_| FetchError::Time(self.limits.time))?
    }

    async fn ask(
        &self,
        link: &Link,
        request: Request<String>,
        connections: &mut JoinSet<()>,
    ) -> Result<Response<Incoming>, FetchError> {
        let stream = self.connect(link).await?;
        if !link.is_secure() {
            return send(stream, link, request, connections).await;
        }
        let name = match link.host() {
            Some(Host::Domain(name)) => ServerName::try_from(name.to_owned())
                .map_err(|_| FetchError::Name(name.to_owned()))?,
            Some(Host::Ipv4(ip)) => ServerName::from(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => ServerName::from(IpAddr::V6(ip)),
            None => return Err(FetchError::Address("it has no host")),
        };
        let stream = self.tls.connect(name, stream).await?;
        send(stream, link, request, connections).await
    }

    /// Connects to an address that was checked: a name that leads elsewhere a moment later
    /// changes nothing.
    async fn connect(&self, link: &Link) -> Result<TcpStream, FetchError> {
        let addresses = self.addresses(link).await?;
        if let Some(private) = addresses.iter().find(|at| !self.guard.allows(**at)) {
            return Err(FetchError::Forbidden(*private));
        }
        Ok(TcpStream::connect(addresses.as_slice()).await?)
    }

    async fn addresses(&self, link: &Link) -> Result<Vec<SocketAddr>, FetchError> {
        let port = link.port();
        let name = match link.host() {
            Some(Host::Ipv4(ip)) => return Ok(vec![(ip, port).into()]),
            Some(Host::Ipv6(ip)) => return Ok(vec![(ip, port).into()]),
            Some(Host::Domain(name)) => name.to_owned(),
            None => return Err(FetchError::Address("it has no host")),
        };
        let found: Vec<SocketAddr> = match &self.names {
            Names::System => match tokio::net::lookup_host((name.as_str(), port)).await {
                Ok(found) => found.collect(),
                Err(_) => Vec::new(),
            },
            Names::Table(table) => {
                let ips = table.get(&name).map(Vec::as_slice).unwrap_or_default();
                ips.iter().map(|ip| (*ip, port).into()).collect()
            }
        };
        if found.is_empty() {
            return Err(FetchError::Name(name));
        }
        Ok(found)
    }

    async fn whole(&self, response: Response<Incoming>) -> Result<Response<Vec<u8>>, FetchError> {
        let (head, mut body) = response.into_parts();
        let coding = text(&head.headers, &header::CONTENT_ENCODING);
        if !coding.is_empty() && !coding.eq_ignore_ascii_case("identity") {
            return Err(FetchError::Compressed);
        }
        let limit = self.limits.size;
        let mut bytes = Vec::new();
        if body.size_hint().lower() > limit as u64 {
            return Err(FetchError::Size(limit));
        }
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            if let Ok(data) = frame?.into_data() {
                if bytes.len() + data.len() > limit {
                    return Err(FetchError::Size(limit));
                }
                bytes.extend_from_slice(&data);
            }
        }
        Ok(Response::from_parts(head, bytes))
    }
}

/// The question of [`Fetcher::get`].
fn question(link: &Link, known: &Validators) -> hyper::http::request::Builder {
    let mut request =
        Request::get(link.target()).header(header::ACCEPT, "text/calendar, */*;q=0.1");
    for (name, value) in [
        (header::IF_NONE_MATCH, &known.etag),
        (header::IF_MODIFIED_SINCE, &known.last_modified),
    ] {
        if !value.is_empty() {
            request = request.header(name, value);
        }
    }
    request
}

async fn send(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    link: &Link,
    mut request: Request<String>,
    connections: &mut JoinSet<()>,
) -> Result<Response<Incoming>, FetchError> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    connections.spawn(async move {
        // Whoever waits for the answer is told of the fault.
        let _ = connection.await;
    });
    let host = HeaderValue::from_str(link.authority())
        .map_err(|_| FetchError::Address("it cannot be asked for"))?;
    let heads = request.headers_mut();
    heads.insert(header::HOST, host);
    for (name, value) in [
        (
            header::USER_AGENT,
            concat!("Wijzer/", env!("CARGO_PKG_VERSION")),
        ),
        (header::ACCEPT_ENCODING, "identity"),
        (header::CONNECTION, "close"),
    ] {
        heads.insert(name, HeaderValue::from_static(value));
    }
    Ok(sender.send_request(request).await?)
}

/// A header as text; empty when it is absent, longer than any validator, or not text.
fn text(headers: &HeaderMap, name: &HeaderName) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    let short = value.filter(|value| value.len() <= 2_000);
    short.unwrap_or_default().to_owned()
}
