//! A provider of OpenID Connect, as a process of its own, and a person's way through it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use axum::http::{Request, Response};
use serde_json::Value;
use url::Url;
use wijzer::fetch::{Fetcher, Guard};

pub struct Provider {
    pub issuer: String,
    base: String,
    fetcher: Fetcher,
    child: Child,
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Provider {
    /// For a portal at `base`. `None`, said aloud, where it is not installed; `scripts/test` installs it.
    pub fn start(base: &str) -> Option<Self> {
        let library = std::env::var_os("OIDC_PROVIDER").filter(|path| !path.is_empty());
        let Some(library) = library else {
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: no oidc-provider (OIDC_PROVIDER is not set)"
            );
            return None;
        };
        let mut child = Command::new("node")
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/it/support/provider.mjs"
            ))
            .arg(library)
            .arg(format!("{base}/beheer/inloggen/oidc/terug"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let issuer = lines.next().expect("its address").unwrap();
        assert!(issuer.starts_with("http://127.0.0.1:"), "{issuer}");
        // What it goes on to say must not fill the pipe.
        std::thread::spawn(move || lines.count());
        Some(Self {
            issuer,
            base: base.to_owned(),
            fetcher: Fetcher::new(Guard::anywhere()).unwrap(),
            child,
        })
    }

    /// What a portal must be told of it.
    pub fn settings(&self) -> [(&'static str, String); 4] {
        [
            ("WIJZER_OIDC_ISSUER", self.issuer.clone()),
            ("WIJZER_OIDC_CLIENT_ID", "wijzer".to_owned()),
            (
                "WIJZER_OIDC_CLIENT_SECRET",
                "een geheim van de test".to_owned(),
            ),
            ("WIJZER_OIDC_NAME", "Testplein".to_owned()),
        ]
    }

    /// Who sits at the keyboard from now on; null refuses to sign in.
    pub async fn present(&self, person: Value) {
        let request = Request::post(format!("{}/present", self.issuer));
        let request = request.body(person.to_string().into_bytes()).unwrap();
        assert_eq!(self.ask(request).await.status(), 200);
    }

    async fn ask(&self, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        self.fetcher.exchange(request).await.unwrap()
    }

    /// Goes through the provider as a browser that has never been there; gives the path that it
    /// sends the person back to.
    pub async fn visit(&self, address: &str) -> String {
        let mut cookies = BTreeMap::new();
        let mut at = Url::parse(address).unwrap();
        for _ in 0..10 {
            let jar: Vec<String> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            let request = Request::get(at.as_str()).header("cookie", jar.join("; "));
            let answer = self.ask(request.body(Vec::new()).unwrap()).await;
            for cookie in answer.headers().get_all("set-cookie") {
                let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = cookie.split_once('=').unwrap();
                cookies.insert(name.to_owned(), value.to_owned());
            }
            let body = String::from_utf8_lossy(answer.body()).into_owned();
            let onward = answer.headers().get("location");
            let onward = onward.unwrap_or_else(|| panic!("{at}: {} {body}", answer.status()));
            at = at.join(onward.to_str().unwrap()).unwrap();
            if let Some(path) = at.as_str().strip_prefix(&self.base) {
                return path.to_owned();
            }
        }
        panic!("the provider goes round in circles");
    }
}
