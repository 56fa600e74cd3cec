//! Somebody at a desk: a browser with its cookie, signed in or not.

use axum::body::Body;
use axum::http::{Method, Request};
use sqlx::PgPool;
use wijzer::access::{Actor, Role};
use wijzer::accounts::second_factor::{RecoveryCode, TotpSecret};
use wijzer::accounts::{Draft, Stage, commands, sessions};
use wijzer::base::Slug;
use wijzer::base::id::AccountId;

use super::page::TestPage;
use super::portal::{BASE, TUESDAY, TestPortal, Visitor};

/// What the cookie is called over https.
pub const COOKIE: &str = "__Host-wijzer";

pub const UNDER_WAY: &str = "__Host-wijzer-onderweg";

/// A browser. It sends what browsers send with a form.
#[derive(Clone)]
pub struct Browser {
    visitor: Visitor,
    pub cookie: Option<String>,
    /// The cookie of who left for a provider.
    pub under_way: Option<String>,
    /// From which address, as the proxy says; the test portal trusts what has no other end.
    pub from: String,
}

impl Browser {
    pub fn new(portal: &TestPortal) -> Self {
        Self {
            visitor: portal.visitor(),
            cookie: None,
            under_way: None,
            from: "192.0.2.1".to_owned(),
        }
    }

    /// Signed in as an account, without going by the page.
    pub async fn of(portal: &TestPortal, account: AccountId) -> Self {
        let mut conn = portal.pool.acquire().await.unwrap();
        let now = TUESDAY.now().to_utc();
        let secret = sessions::open(&mut conn, account, Stage::Full, "Test", now)
            .await
            .unwrap();
        let mut browser = Self::new(portal);
        browser.cookie = Some(secret.as_str().to_owned());
        browser
    }

    pub async fn get(&mut self, path: &str) -> TestPage {
        let request = self.request(Method::GET, path).body(Body::empty());
        self.send(request.unwrap()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> TestPage {
        self.post_from(BASE, path, fields).await
    }

    /// Sends a form that was filled in.
    pub async fn submit(&mut self, path: &str, form: &Filled) -> TestPage {
        let fields: Vec<(&str, &str)> = form
            .0
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        self.post(path, &fields).await
    }

    /// The form of a record, to be filled in.
    pub async fn form(&mut self, path: &str) -> Filled {
        Filled(self.get(path).await.ok().form("#form"))
    }

    /// What a button on the page of a record sends: one of the forms beside the big one.
    pub async fn button(&mut self, record: &str, act: &str) -> Filled {
        let page = self.get(record).await.ok();
        Filled(page.form(&format!("form[action$='{act}']")))
    }

    /// Presses it.
    pub async fn press(&mut self, record: &str, act: &str) -> TestPage {
        let form = self.button(record, act).await;
        self.submit(&format!("{record}{act}"), &form).await
    }

    /// A form on a page of some site.
    pub async fn post_from(
        &mut self,
        origin: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> TestPage {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self
            .request(Method::POST, path)
            .header("origin", origin)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    /// Sends a form with a file, as browsers do: its name, what it says to be, its bytes.
    pub async fn send_file(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        file: (&str, &str, &[u8]),
    ) -> TestPage {
        self.send_form(path, with_file(fields, file)).await
    }

    /// Sends CSV files, each by its name.
    pub async fn send_tables(&mut self, path: &str, files: &[(&str, &[u8])]) -> TestPage {
        let files: Vec<_> = files
            .iter()
            .map(|(name, text)| (*name, "text/csv", *text))
            .collect();
        self.send_form(path, with_files(&[], &files)).await
    }

    async fn send_form(&mut self, path: &str, (kind, body): (&str, Vec<u8>)) -> TestPage {
        let request = self
            .request(Method::POST, path)
            .header("origin", BASE)
            .header("content-type", kind)
            .header("content-length", body.len())
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "wijzer.test")
            .header("x-forwarded-for", &self.from)
            .header("user-agent", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0");
        for (name, value) in [(COOKIE, &self.cookie), (UNDER_WAY, &self.under_way)] {
            if let Some(value) = value {
                request = request.header("cookie", format!("{name}={value}"));
            }
        }
        request
    }

    /// Sends, and keeps the cookie that comes back.
    pub async fn send(&mut self, request: Request<Body>) -> TestPage {
        let page = self.visitor.send(request).await;
        for given in page.headers.get_all("set-cookie") {
            let given = given.to_str().unwrap();
            let (value, _) = given.split_once(';').unwrap();
            let (name, value) = value.split_once('=').unwrap();
            let value = (!value.is_empty()).then(|| value.to_owned());
            match name {
                COOKIE => self.cookie = value,
                UNDER_WAY => self.under_way = value,
                other => panic!("an unknown cookie: {other}"),
            }
        }
        page
    }

    /// Signs in by the page.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> TestPage {
        let fields = [("email", email), ("wachtwoord", password)];
        self.post("/beheer/inloggen", &fields).await
    }
}

/// A form with a file (RFC 7578): its content type and its bytes.
pub fn with_file(fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> (&'static str, Vec<u8>) {
    with_files(fields, &[file])
}

fn with_files(fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> (&'static str, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!(
            "--grens\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend(part.into_bytes());
    }
    for (name, kind, bytes) in files {
        let head = format!(
            "--grens\r\ncontent-disposition: form-data; name=\"bestand\"; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--grens--\r\n");
    ("multipart/form-data; boundary=grens", body)
}

/// Where an answer leads to.
pub fn onward(page: &TestPage) -> &str {
    assert_eq!(page.status, 303, "{}: {}", page.path, page.html());
    page.header("location")
}

pub const PASSWORD: &str = "paarse olifant zingt";

/// `PASSWORD` hashed once for all tests, by the program itself.
pub async fn hash() -> &'static str {
    static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    HASH.get_or_init(async || {
        let new = wijzer::accounts::NewPassword::parse(PASSWORD, &[]).unwrap();
        let passwords = wijzer::accounts::Passwords::default();
        passwords.hash(new).await.unwrap()
    })
    .await
}

/// An account with a password, limited to what is given.
pub struct Staff {
    draft: Draft,
}

impl Staff {
    pub fn new(name: &str, role: impl Into<Option<Role>>) -> Self {
        let email = format!("{}@wijzer.test", name.to_lowercase().replace(' ', "."));
        Self {
            draft: Draft {
                email: email.try_into().unwrap(),
                name: name.to_owned(),
                role: role.into(),
                zones: Vec::new(),
                themes: Vec::new(),
                organisations: Vec::new(),
            },
        }
    }

    pub fn zone(mut self, slug: &str) -> Self {
        self.draft.zones.push(Slug::parse(slug).unwrap());
        self
    }

    pub fn theme(mut self, slug: &str) -> Self {
        self.draft.themes.push(Slug::parse(slug).unwrap());
        self
    }

    pub fn organisation(mut self, slug: &str) -> Self {
        self.draft.organisations.push(Slug::parse(slug).unwrap());
        self
    }

    pub async fn registered(self, pool: &PgPool) -> AccountId {
        let mut tx = pool.begin().await.unwrap();
        let id = commands::register(&mut tx, &Actor::Operator, &self.draft)
            .await
            .unwrap();
        commands::change_password(&mut tx, id, hash().await)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        id
    }
}

/// Gives an account a second factor that is in use, and its app.
pub async fn with_second_factor(pool: &PgPool, id: AccountId) -> (TotpSecret, Vec<String>) {
    let secret = TotpSecret::new();
    let before = TUESDAY.now().to_utc() - chrono::TimeDelta::minutes(5);
    let mut tx = pool.begin().await.unwrap();
    let code = code_at(&secret, before);
    let codes = commands::set_second_factor(&mut tx, id, (&secret, &code), before)
        .await
        .unwrap()
        .unwrap();
    tx.commit().await.unwrap();
    (secret, codes.iter().map(RecoveryCode::shown).collect())
}

/// What the app shows at the time of the tests.
pub fn code(secret: &TotpSecret) -> String {
    code_at(secret, TUESDAY.now().to_utc())
}

fn code_at(secret: &TotpSecret, at: chrono::DateTime<chrono::Utc>) -> String {
    let address = secret.address("x", "y").unwrap();
    let app = totp_rs::Totp::from_url(&address).unwrap();
    app.generate(u64::try_from(at.timestamp()).unwrap())
        .to_string()
}

/// A form as somebody fills it in.
#[derive(Clone, Debug)]
pub struct Filled(pub Vec<(String, String)>);

impl Filled {
    /// Fills in a field, over what was there.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(own, _)| own != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn value(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value)
    }
}
