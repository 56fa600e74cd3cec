//! Settings: one table in code, read from the environment over an optional TOML file.
//!
//! A wrong or unknown value stops the start. All faults are reported at once, each as one
//! sentence that names the setting, the value and what is expected; secrets are never repeated.

mod reader;
mod settings;

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use sqlx::postgres::PgConnectOptions;
use url::Url;

pub use reader::Faults;
use reader::Reader;
pub use settings::{SETTINGS, Setting, table};

/// Everything an operator can set, parsed. Not `Debug`: the database address holds a password.
#[derive(Clone)]
pub struct Config {
    /// Where the program listens and how much it takes on.
    pub server: Server,
    /// Which municipality this portal is of and how it looks.
    pub site: Site,
    /// The people a visitor is pointed to.
    pub contact: Contact,
    /// Where the records live.
    pub storage: Storage,
    /// What may be fetched from elsewhere.
    pub fetch: Fetch,
    /// How mail goes out.
    pub mail: Mail,
    /// `None`: everyone signs in with a password.
    pub openid: Option<Openid>,
    /// What is written about the running program, and where.
    pub log: Log,
}

/// Where the program listens and how much it takes on.
#[derive(Clone)]
pub struct Server {
    /// `WIJZER_LISTEN`
    pub listen: SocketAddr,
    /// `WIJZER_BASE_URL`: the public address, scheme and host only.
    pub base_url: Url,
    /// `WIJZER_METRICS_LISTEN`: `None` is off.
    pub metrics_listen: Option<SocketAddr>,
    /// `WIJZER_TRUSTED_PROXIES`: who may say for whom they ask.
    pub trusted_proxies: Vec<IpAddr>,
    /// `WIJZER_CONNECTIONS`: open HTTP connections at one time.
    pub connections: usize,
    /// `WIJZER_CACHE_MB`: the page cache, in megabytes.
    pub cache_mb: u32,
}

/// Which municipality this portal is of and how it looks.
#[derive(Clone)]
pub struct Site {
    /// `WIJZER_SITE_NAME`
    pub name: String,
    /// `WIJZER_MUNICIPALITY`
    pub municipality: String,
    /// `WIJZER_THEME`: a CSS file that exists.
    pub theme: Option<PathBuf>,
    /// `WIJZER_QUICK_EXIT_URL`
    pub quick_exit: Url,
}

/// The people a visitor is pointed to.
#[derive(Clone)]
pub struct Contact {
    /// `WIJZER_CONTACT_NAME`, Dutch, as it stands in a sentence.
    pub name: String,
    /// `WIJZER_CONTACT_PHONE`, as shown.
    pub phone: String,
    /// `WIJZER_CONTACT_EMAIL`
    pub email: Option<String>,
    /// `WIJZER_CONTACT_ADDRESS`
    pub address: Option<String>,
    /// `WIJZER_SECURITY_CONTACT`: `mailto:` or `https:`.
    pub security: Option<Url>,
}

/// Where the records live.
#[derive(Clone)]
pub struct Storage {
    /// `DATABASE_URL`: `None` means the private server.
    pub database: Option<PgConnectOptions>,
    /// `WIJZER_DATABASE_CONNECTIONS`
    pub connections: u32,
    /// `WIJZER_DATA_DIR`
    pub data_dir: PathBuf,
    /// `WIJZER_PG_BIN`: folder of the `PostgreSQL` server programs; `None` is "look for it".
    pub pg_bin: Option<PathBuf>,
    /// `WIJZER_DICTIONARY`: folder of the Dutch spelling dictionary; it need not exist.
    pub dictionary: PathBuf,
    /// `WIJZER_DEMO_DATA`: loaded when the database is empty.
    pub demo_data: Option<PathBuf>,
    /// `WIJZER_GRADED_QUERIES`: searches of these records with what should be found.
    pub graded_queries: Option<PathBuf>,
}

/// What may be fetched from elsewhere.
#[derive(Clone)]
pub struct Fetch {
    /// `WIJZER_FETCH_ALLOW`: addresses that may be contacted though they are not of the public web.
    pub allow: Vec<SocketAddr>,
}

/// How mail goes out.
#[derive(Clone)]
pub struct Mail {
    /// `WIJZER_SMTP_URL`, with a password perhaps: never shown, never logged. `None`: mail waits.
    pub server: Option<String>,
    /// `WIJZER_MAIL_FROM`, or the contact address; there is one when there is a server.
    pub from: Option<String>,
}

/// A provider that people may sign in with (OpenID Connect).
#[derive(Clone)]
pub struct Openid {
    /// `WIJZER_OIDC_ISSUER`: https, or http on this very machine.
    pub issuer: Url,
    /// `WIJZER_OIDC_CLIENT_ID`
    pub client_id: String,
    /// `WIJZER_OIDC_CLIENT_SECRET`: never shown, never logged.
    pub client_secret: String,
    /// `WIJZER_OIDC_NAME`, Dutch, as it stands on the button after "Inloggen met".
    pub name: String,
}

/// What is written about the running program.
#[derive(Clone)]
pub struct Log {
    /// `WIJZER_LOG`, a valid tracing filter.
    pub filter: String,
    /// `WIJZER_LOG_FORMAT`
    pub format: LogFormat,
}

/// Lines for people or lines for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One readable line per event.
    Text,
    /// One JSON object per event.
    Json,
}

impl Config {
    /// Reads this process's environment over the file that `WIJZER_CONFIG` names; without it
    /// over `wijzer.toml`, when that exists.
    ///
    /// # Errors
    /// [`Faults`]: every wrong or unknown setting, one sentence each.
    pub fn load() -> Result<Self, Faults> {
        Self::read(settings::environment(std::env::vars_os()))
    }

    /// As [`Config::load`], from a given environment.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn read(environment: BTreeMap<String, String>) -> Result<Self, Faults> {
        let mut reader = Reader::new(environment);
        // Every part is read before the first `?`, so that all faults come out together.
        let server = Server::read(&mut reader);
        let site = Site::read(&mut reader);
        let contact = Contact::read(&mut reader);
        let storage = Storage::read(&mut reader);
        let fetch = Fetch::read(&mut reader);
        let mail = Mail::read(&mut reader, contact.as_ref());
        let openid = Openid::read(&mut reader);
        let log = Log::read(&mut reader);
        let config = (|| {
            Some(Self {
                server: server?,
                site: site?,
                contact: contact?,
                storage: storage?,
                fetch: fetch?,
                mail: mail?,
                openid: openid?,
                log: log?,
            })
        })();
        reader.finish(config)
    }
}

impl Server {
    fn read(reader: &mut Reader) -> Option<Self> {
        let address = "an address with a port, such as 127.0.0.1:8080";
        let listen = reader.required("WIJZER_LISTEN", address, |v| v.parse().ok());
        let base_url = reader.required(
            "WIJZER_BASE_URL",
            "http:// or https:// and a host name, without path or closing slash",
            origin,
        );
        let metrics_listen = reader.optional("WIJZER_METRICS_LISTEN", address, |v| v.parse().ok());
        let trusted_proxies = reader.optional(
            "WIJZER_TRUSTED_PROXIES",
            "IP addresses, with commas between them",
            |v| v.split(',').map(|part| part.trim().parse().ok()).collect(),
        );
        let connections = reader.number("WIJZER_CONNECTIONS", 10, 100_000);
        let cache_mb = reader.number("WIJZER_CACHE_MB", 1, 4096);
        Some(Self {
            listen: listen?,
            base_url: base_url?,
            metrics_listen: metrics_listen?,
            trusted_proxies: trusted_proxies?.unwrap_or_default(),
            connections: usize::try_from(connections?).ok()?,
            cache_mb: cache_mb?,
        })
    }
}

impl Site {
    fn read(reader: &mut Reader) -> Option<Self> {
        let name = reader.text("WIJZER_SITE_NAME");
        let municipality = reader.text("WIJZER_MUNICIPALITY");
        let theme = reader.optional("WIJZER_THEME", "an existing CSS file", |v| {
            let path = PathBuf::from(v);
            path.is_file().then_some(path)
        });
        let quick_exit = reader.required("WIJZER_QUICK_EXIT_URL", "an https:// address", |v| {
            url(v, &["https"])
        });
        Some(Self {
            name: name?,
            municipality: municipality?,
            theme: theme?,
            quick_exit: quick_exit?,
        })
    }
}

impl Contact {
    fn read(reader: &mut Reader) -> Option<Self> {
        let name = reader.text("WIJZER_CONTACT_NAME");
        let phone = reader.required("WIJZER_CONTACT_PHONE", "a phone number", |v| {
            (v.bytes().filter(u8::is_ascii_digit).count() >= 3).then(|| v.to_owned())
        });
        let email = reader.optional("WIJZER_CONTACT_EMAIL", "an e-mail address", email);
        let address = reader.optional("WIJZER_CONTACT_ADDRESS", "text", |v| Some(v.to_owned()));
        let security = reader.optional(
            "WIJZER_SECURITY_CONTACT",
            "a mailto: or https: address",
            |v| url(v, &["mailto", "https"]),
        );
        Some(Self {
            name: name?,
            phone: phone?,
            email: email?,
            address: address?,
            security: security?,
        })
    }
}

impl Storage {
    fn read(reader: &mut Reader) -> Option<Self> {
        let database = reader.optional(
            "DATABASE_URL",
            "a PostgreSQL address, such as postgres://user:password@host/name",
            |v| url(v, &["postgres", "postgresql"]).and_then(|_| v.parse().ok()),
        );
        let connections = reader.number("WIJZER_DATABASE_CONNECTIONS", 2, 1000);
        let data_dir = reader.required("WIJZER_DATA_DIR", "a folder", |v| Some(PathBuf::from(v)));
        let pg_bin = reader.optional("WIJZER_PG_BIN", "an existing folder", folder);
        let dictionary =
            reader.required("WIJZER_DICTIONARY", "a folder", |v| Some(PathBuf::from(v)));
        let demo_data = reader.optional("WIJZER_DEMO_DATA", "an existing folder", folder);
        let graded_queries = reader.optional("WIJZER_GRADED_QUERIES", "an existing file", |v| {
            let path = PathBuf::from(v);
            path.is_file().then_some(path)
        });
        Some(Self {
            database: database?,
            connections: connections?,
            data_dir: data_dir?,
            pg_bin: pg_bin?,
            dictionary: dictionary?,
            demo_data: demo_data?,
            graded_queries: graded_queries?,
        })
    }
}

impl Fetch {
    fn read(reader: &mut Reader) -> Option<Self> {
        let allow = reader.optional(
            "WIJZER_FETCH_ALLOW",
            "addresses with a port, with commas between them",
            |v| v.split(',').map(|part| part.trim().parse().ok()).collect(),
        );
        Some(Self {
            allow: allow?.unwrap_or_default(),
        })
    }
}

impl Mail {
    fn read(reader: &mut Reader, contact: Option<&Contact>) -> Option<Self> {
        let server = reader.optional(
            "WIJZER_SMTP_URL",
            "the address of a mail server, such as smtps://user:password@host",
            |v| url(v, &["smtp", "smtps"]).map(|_| v.to_owned()),
        );
        let from = reader.optional("WIJZER_MAIL_FROM", "an e-mail address", email);
        let (server, from) = (server?, from?.or_else(|| contact?.email.clone()));
        if server.is_some() && from.is_none() {
            reader.fault("WIJZER_SMTP_URL needs a sender: set WIJZER_MAIL_FROM.");
            return None;
        }
        Some(Self { server, from })
    }
}

impl Openid {
    /// `Some(None)`: there is no provider.
    #[expect(clippy::option_option, reason = "absent is no fault")]
    fn read(reader: &mut Reader) -> Option<Option<Self>> {
        let issuer = reader.optional(
            "WIJZER_OIDC_ISSUER",
            "an https:// address without a question mark (http:// only on this machine)",
            issuer,
        );
        let text = |v: &str| Some(v.to_owned());
        let client_id = reader.optional("WIJZER_OIDC_CLIENT_ID", "text", text);
        let client_secret = reader.optional("WIJZER_OIDC_CLIENT_SECRET", "text", text);
        let name = reader.text("WIJZER_OIDC_NAME");
        match (issuer?, client_id?, client_secret?) {
            (None, None, None) => Some(None),
            (Some(issuer), Some(client_id), Some(client_secret)) => Some(Some(Self {
                issuer,
                client_id,
                client_secret,
                name: name?,
            })),
            _ => {
                reader.fault(
                    "WIJZER_OIDC_ISSUER, WIJZER_OIDC_CLIENT_ID and WIJZER_OIDC_CLIENT_SECRET belong together: set all three, or none.",
                );
                None
            }
        }
    }
}

/// An issuer (OpenID Connect Discovery 1.0, 3): without query and fragment.
fn issuer(text: &str) -> Option<Url> {
    let issuer = url(text, &["https", "http"])?;
    let here = match issuer.host()? {
        url::Host::Ipv4(ip) => ip.is_loopback(),
        url::Host::Ipv6(ip) => ip.is_loopback(),
        url::Host::Domain(name) => name == "localhost",
    };
    let plain = issuer.query().is_none() && issuer.fragment().is_none();
    (plain && (here || issuer.scheme() == "https")).then_some(issuer)
}

impl Log {
    fn read(reader: &mut Reader) -> Option<Self> {
        let filter = reader.required(
            "WIJZER_LOG",
            "a tracing filter, such as info or wijzer=debug",
            |v| {
                tracing_subscriber::EnvFilter::try_new(v)
                    .ok()
                    .map(|_| v.to_owned())
            },
        );
        let format = reader.required("WIJZER_LOG_FORMAT", "text or json", |v| match v {
            "text" => Some(LogFormat::Text),
            "json" => Some(LogFormat::Json),
            _ => None,
        });
        Some(Self {
            filter: filter?,
            format: format?,
        })
    }
}

/// A base address must be bare: links are made by putting a path behind it.
fn origin(value: &str) -> Option<Url> {
    let parsed = url(value, &["http", "https"])?;
    let bare = parsed.path() == "/"
        && !value.ends_with('/')
        && parsed.query().is_none()
        && parsed.fragment().is_none()
        && parsed.username().is_empty()
        && parsed.password().is_none();
    bare.then_some(parsed)
}

fn url(value: &str, schemes: &[&str]) -> Option<Url> {
    Url::parse(value)
        .ok()
        .filter(|url| schemes.contains(&url.scheme()))
}

fn folder(value: &str) -> Option<PathBuf> {
    let path = PathBuf::from(value);
    path.is_dir().then_some(path)
}

fn email(value: &str) -> Option<String> {
    let (name, host) = value.split_once('@')?;
    let plain = !name.is_empty()
        && host.contains('.')
        && !value.contains(|c: char| c.is_whitespace() || c.is_control());
    plain.then(|| value.to_owned())
}

#[cfg(test)]
mod tests;
