//! What is fetched is guarded: private addresses, redirects, size and time.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use wijzer::fetch::{Answer, FetchError, Fetcher, Guard, Limits, Link, Names, Validators};

use super::server::{Reply, Server, page, redirect, whole};
use crate::support::run;

fn fetcher(allowed: &[SocketAddr]) -> Fetcher {
    let limits = Limits {
        time: Duration::from_secs(2),
        size: 10_000,
        redirects: 3,
    };
    Fetcher::new(Guard::allowing(allowed))
        .unwrap()
        .within(limits)
}

async fn get(fetcher: &Fetcher, link: &Link) -> Result<Answer, FetchError> {
    fetcher.get(link, &Validators::default()).await
}

fn body(answer: Answer) -> String {
    match answer {
        Answer::Body(bytes, _) => String::from_utf8(bytes).unwrap(),
        Answer::Unchanged => panic!("unchanged"),
    }
}

#[test]
fn a_page_is_fetched_whole_and_asked_for_in_words_that_say_who_asks() {
    run(async {
        let server = Server::new(|_| page("agenda")).await;
        let answer = get(&fetcher(&[server.address]), &server.link("/a.ics?b=c#d"))
            .await
            .unwrap();
        assert_eq!(body(answer), "agenda");
        let asked = server.asked.lock().unwrap()[0].to_lowercase();
        assert!(asked.starts_with("get /a.ics?b=c http/1.1\r\n"), "{asked}");
        assert!(
            asked.contains("user-agent: wijzer/") && asked.contains("accept-encoding: identity"),
            "{asked}"
        );
        assert!(
            asked.contains(&format!("host: {}", server.address)) && !asked.contains("cookie"),
            "{asked}"
        );
    });
}

#[test]
fn no_private_address_is_contacted() {
    run(async {
        let server = Server::new(|_| page("geheim")).await;
        let port = server.address.port();
        // Nothing is allowed: not even the server that is there.
        let fetcher = fetcher(&[]);
        for host in [
            "127.0.0.1",
            "localhost",
            "0x7f.1",
            "2130706433",
            "0.0.0.0",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::]",
        ] {
            let link = Link::parse(&format!("http://{host}:{port}/")).unwrap();
            let fault = get(&fetcher, &link).await.unwrap_err();
            assert!(matches!(fault, FetchError::Forbidden(_)), "{host}: {fault}");
        }
        for host in [
            "10.0.0.1",
            "169.254.169.254",
            "192.168.1.1",
            "100.64.0.1",
            "[fd00::1]",
            "[64:ff9b::7f00:1]",
        ] {
            let link = Link::parse(&format!("https://{host}/")).unwrap();
            assert!(
                matches!(get(&fetcher, &link).await, Err(FetchError::Forbidden(_))),
                "{host}"
            );
        }
        // A public address, but not on a port of the web.
        let link = Link::parse("http://1.1.1.1:22/").unwrap();
        assert!(matches!(
            get(&fetcher, &link).await,
            Err(FetchError::Forbidden(_))
        ));
        assert_eq!(server.asked(), 0);
    });
}

#[test]
fn a_name_that_leads_to_a_private_address_is_refused_whatever_else_it_leads_to() {
    run(async {
        let server = Server::new(|_| page("geheim")).await;
        let names = [
            ("intern.example.org", vec!["127.0.0.1"]),
            ("gemengd.example.org", vec!["1.1.1.1", "127.0.0.1"]),
            ("zes.example.org", vec!["::ffff:10.0.0.1"]),
        ];
        let table: HashMap<String, Vec<std::net::IpAddr>> = names
            .map(|(name, ips)| {
                (
                    name.to_owned(),
                    ips.iter().map(|ip| ip.parse().unwrap()).collect(),
                )
            })
            .into();
        let fetcher = fetcher(&[]).by_names(Names::Table(table.clone()));
        for name in table.keys() {
            for scheme in ["http", "https"] {
                let link = Link::parse(&format!("{scheme}://{name}/")).unwrap();
                assert!(
                    matches!(get(&fetcher, &link).await, Err(FetchError::Forbidden(_))),
                    "{name}"
                );
            }
        }
        let nowhere = Link::parse("https://nergens.example.org/").unwrap();
        assert!(matches!(
            get(&fetcher, &nowhere).await,
            Err(FetchError::Name(_))
        ));
        assert_eq!(server.asked(), 0);
    });
}

#[test]
fn redirects_are_few_and_each_is_checked_again() {
    run(async {
        let inside = Server::new(|_| page("geheim")).await;
        let secret = inside.address;
        let server = Server::new(move |head| match head.split(' ').nth(1).unwrap() {
            "/in" => redirect(&format!("http://{secret}/")),
            "/name" => redirect(&format!("http://localhost:{}/", secret.port())),
            "/file" => redirect("file:///etc/passwd"),
            "/user" => redirect("http://piet:geheim@example.org/"),
            "/loop" => redirect("/loop"),
            "/none" => redirect(""),
            "/3" => redirect("/2"),
            "/2" => redirect("/1"),
            "/1" => redirect("/agenda.ics"),
            _ => page("agenda"),
        })
        .await;
        let fetcher = fetcher(&[server.address]);
        let fault = async |path: &str| {
            get(&fetcher, &server.link(path))
                .await
                .unwrap_err()
                .to_string()
        };
        for path in ["/in", "/name"] {
            assert!(
                fault(path)
                    .await
                    .contains("not an address on the public web"),
                "{path}"
            );
        }
        assert_eq!(inside.asked(), 0);
        assert!(fault("/file").await.contains("only http"));
        assert!(fault("/user").await.contains("name or password"));
        let before = server.asked();
        assert_eq!(fault("/loop").await, "it redirects more than 3 times");
        assert_eq!(server.asked() - before, 4);
        assert!(fault("/none").await.contains("redirects more than"));
        assert_eq!(
            body(get(&fetcher, &server.link("/3")).await.unwrap()),
            "agenda"
        );
    });
}

#[test]
fn size_and_time_are_limited() {
    run(async {
        let server = Server::new(|head| match head.split(' ').nth(1).unwrap() {
            "/told" => whole("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nx"),
            "/untold" => Reply {
                parts: std::iter::once(b"HTTP/1.1 200 OK\r\n\r\n".to_vec())
                    .chain((0..100).map(|_| vec![b'x'; 1_000]))
                    .collect(),
                pause: Duration::from_millis(1),
            },
            "/silent" => Reply {
                parts: vec![Vec::new(), Vec::new()],
                pause: Duration::from_secs(30),
            },
            "/drip" => Reply {
                parts: std::iter::once(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n".to_vec())
                    .chain((0..5_000).map(|_| vec![b'x']))
                    .collect(),
                pause: Duration::from_millis(50),
            },
            "/headers" => whole(&format!(
                "HTTP/1.1 200 OK\r\nx: {}\r\n\r\n",
                "y".repeat(1_000_000)
            )),
            "/short" => whole("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nBEGIN:VCALENDAR"),
            "/brotli" => {
                whole("HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 1\r\n\r\nx")
            }
            "/gone" => whole("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"),
            _ => whole("SSH-2.0-OpenSSH_9.9\r\n"),
        })
        .await;
        let fetcher = fetcher(&[server.address]);
        for (path, said) in [
            ("/told", "larger than 10000 bytes"),
            ("/untold", "larger than 10000 bytes"),
            ("/silent", "longer than 2 seconds"),
            ("/drip", "longer than 2 seconds"),
            ("/headers", "not http"),
            ("/short", "breaks off"),
            ("/brotli", "compressed"),
            ("/gone", "status 404"),
            ("/ssh", "not http"),
        ] {
            let begun = Instant::now();
            let fault = get(&fetcher, &server.link(path))
                .await
                .unwrap_err()
                .to_string();
            assert!(fault.contains(said), "{path}: {fault}");
            assert!(
                begun.elapsed() < Duration::from_secs(4),
                "{path}: {:?}",
                begun.elapsed()
            );
        }
    });
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    run(async {
        let server = Server::new(|head| {
            if head.contains("if-none-match: \"1\"") {
                assert!(head.contains("if-modified-since: Tue, 24 Nov 2026 08:00:00 GMT"), "{head}");
                whole("HTTP/1.1 304 Not Modified\r\n\r\n")
            } else {
                whole("HTTP/1.1 200 OK\r\netag: \"1\"\r\nlast-modified: Tue, 24 Nov 2026 08:00:00 GMT\r\ncontent-length: 1\r\n\r\nx")
            }
        })
        .await;
        let fetcher = fetcher(&[server.address]);
        let link = server.link("/");
        let Answer::Body(_, validators) = get(&fetcher, &link).await.unwrap() else {
            panic!("unchanged");
        };
        assert_eq!(validators.etag, "\"1\"");
        assert_eq!(
            fetcher.get(&link, &validators).await.unwrap(),
            Answer::Unchanged
        );
    });
}

/// A server that shows this certificate, and its address.
async fn secure_server(
    signed: &rcgen::CertifiedKey<rcgen::KeyPair>,
) -> (SocketAddr, JoinHandle<()>) {
    let key = PrivatePkcs8KeyDer::from(signed.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![signed.cert.der().clone()], key.into())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut buffer = [0; 4096];
            if stream.read(&mut buffer).await.is_ok() {
                let _ = stream.write_all(&page("agenda").parts[0]).await;
                let _ = stream.shutdown().await;
            }
        }
    });
    (address, task)
}

#[test]
fn https_believes_the_certificate_of_that_very_name_only() {
    run(async {
        let signed = rcgen::generate_simple_self_signed(["agenda.example.org".to_owned()]).unwrap();
        let (address, task) = secure_server(&signed).await;
        let names = ["agenda.example.org", "ander.example.org"];
        let table = names
            .map(|name| (name.to_owned(), vec![address.ip()]))
            .into();
        let table = Names::Table(table);
        let mut roots = RootCertStore::empty();
        roots.add(signed.cert.der().clone()).unwrap();
        let guard = Guard::allowing(&[address]);
        let knows = Fetcher::believing(roots, guard.clone())
            .unwrap()
            .by_names(table.clone());
        let link =
            |name: &str| Link::parse(&format!("webcal://{name}:{}/a.ics", address.port())).unwrap();
        assert_eq!(body(get(&knows, &link(names[0])).await.unwrap()), "agenda");
        let other = get(&knows, &link(names[1])).await.unwrap_err().to_string();
        assert!(other.contains("certificate"), "{other}");
        let stranger = Fetcher::new(guard).unwrap().by_names(table);
        let unknown = get(&stranger, &link(names[0]))
            .await
            .unwrap_err()
            .to_string();
        assert!(unknown.contains("certificate"), "{unknown}");
        task.abort();
    });
}

#[test]
fn https_is_spoken_to_who_shows_a_certificate_only() {
    run(async {
        let server = Server::new(|_| page("agenda")).await;
        let link = Link::parse(&format!("https://{}/", server.address)).unwrap();
        let fault = get(&fetcher(&[server.address]), &link).await.unwrap_err();
        assert!(
            matches!(fault, FetchError::Connection(_) | FetchError::Time(_)),
            "{fault}"
        );
        assert_eq!(server.asked(), 0, "nothing was asked in the clear");
    });
}
