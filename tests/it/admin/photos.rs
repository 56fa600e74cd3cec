//! Photos of organisations and activities: from the file that someone sends to the page of a resident.

use axum::body::Body;
use axum::http::Method;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageEncoder, Rgb, RgbImage};
use wijzer::access::Role;
use wijzer::catalogue::pictures::store;

use super::records::two_organisations;
use crate::import::{export, import};
use crate::support::page::TestPage;
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::open_folder;
use crate::support::staff::{Browser, Filled, Staff, onward, with_file};

const EIGEN: &str = "/beheer/organisaties/eigen";
const KOFFIE: &str = "/beheer/activiteiten/koffie-eigen";
const ALT: &str = "Vier mensen drinken koffie.";

async fn signed_in(portal: &TestPortal, name: &str, role: Role) -> Browser {
    let staff = Staff::new(name, role);
    let staff = match role {
        Role::Provider => staff.organisation("eigen"),
        _ => staff,
    };
    let id = staff.registered(&portal.pool).await;
    Browser::of(portal, id).await
}

/// A photo that looks like no other.
fn photo(seed: u32, width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let shade = |by: u32| u8::try_from((x * by / 7 + y * seed / 3) % 200 + 20).unwrap();
        Rgb([shade(1), shade(2), shade(seed)])
    });
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 85);
    encoder
        .write_image(&picture, width, height, image::ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

/// Sends a photo with its words, from the form as it is now.
async fn send(browser: &mut Browser, record: &str, alt: &str, bytes: &[u8]) -> TestPage {
    send_named(browser, record, alt, ("foto.jpg", "image/jpeg", bytes)).await
}

async fn send_named(
    browser: &mut Browser,
    record: &str,
    alt: &str,
    file: (&str, &str, &[u8]),
) -> TestPage {
    let path = format!("{record}/foto");
    let form = browser.form(&path).await;
    let fields = [("versie", form.value("versie")), ("beschrijving", alt)];
    browser.send_file(&path, &fields, file).await
}

/// The addresses of the sizes on a page.
fn sizes(page: &TestPage) -> Vec<String> {
    let set = page.attribute("img.wijzer-photo", "srcset");
    set.split(", ")
        .map(|size| size.split(' ').next().unwrap().to_owned())
        .collect()
}

#[test]
fn a_photo_stands_on_the_page_in_all_sizes() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = signed_in(&portal, "Anja", Role::Editor).await;
        for (record, page) in [
            (EIGEN, "/organisaties/eigen"),
            (KOFFIE, "/activiteiten/koffie-eigen"),
        ] {
            assert!(!portal.get(page).await.ok().has("img"));
            let seed = u32::try_from(page.len()).unwrap();
            let sent = send(&mut anja, record, ALT, &photo(seed, 1600, 900)).await;
            assert_eq!(onward(&sent), format!("{record}?gedaan=online"));
            portal.turn().await;
            let page = portal.get(page).await.ok();
            let attribute = |name| page.attribute("img.wijzer-photo", name);
            assert_eq!(attribute("alt"), ALT);
            assert_eq!(
                (
                    attribute("width"),
                    attribute("height"),
                    attribute("loading")
                ),
                ("1280".to_owned(), "720".to_owned(), "lazy".to_owned())
            );
            let sizes = sizes(&page);
            assert_eq!(sizes.len(), 4);
            for (address, width) in sizes.iter().zip([320, 640, 960, 1280]) {
                let size = portal.get(address).await.ok();
                assert_eq!(size.header("content-type"), "image/jpeg");
                assert_eq!(size.header("x-content-type-options"), "nosniff");
                assert_eq!(
                    size.header("cache-control"),
                    "public, max-age=31536000, immutable"
                );
                let shown = image::load_from_memory(&size.bytes).unwrap();
                assert_eq!((shown.width(), shown.height()), (width, width * 9 / 16));
                let request = axum::http::Request::get(address)
                    .header("host", "wijzer.test")
                    .header("if-none-match", size.header("etag"))
                    .body(Body::empty());
                let again = portal.send(request.unwrap()).await;
                assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
            }
            // Every program on this database has it.
            let mut twin = portal.twin();
            twin.turn().await;
            twin.get(&sizes[0]).await.ok();
            let told = page.json_ld();
            let told = told.iter().filter(|block| block["image"].is_string());
            let largest = format!("https://wijzer.test{}", sizes[3]);
            assert!(told.clone().count() > 0);
            assert!(told.clone().all(|block| block["image"] == largest.as_str()));
        }
    });
}

#[test]
fn what_is_not_public_has_no_photo_either() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = signed_in(&portal, "Anja", Role::Editor).await;
        onward(&send(&mut anja, KOFFIE, ALT, &photo(3, 400, 300)).await);
        portal.turn().await;
        let address = sizes(&portal.get("/activiteiten/koffie-eigen").await.ok()).remove(0);
        portal.get(&address).await.ok();
        for wrong in [
            address.replace("-320", "-321"),
            address.replace("-320", "-0320"),
            address.replace("-320", ""),
            format!("/foto/{}-320.jpg", "0".repeat(32)),
            "/foto/%27%22%3B--.jpg".to_owned(),
            "/foto/..%2f..%2fetc%2fpasswd-320.jpg".to_owned(),
        ] {
            assert_eq!(portal.get(&wrong).await.status, 404, "{wrong}");
        }
        // Gone with its own record, and with the organisation whose activity it is.
        for record in [KOFFIE, EIGEN] {
            onward(&anja.post(&format!("{record}/offline"), &[]).await);
            assert_eq!(portal.get(&address).await.status, 404, "{record}");
            onward(&anja.press(record, "/online").await);
            portal.get(&address).await.ok();
        }
    });
}

#[test]
fn what_is_wrong_is_told_and_nothing_has_to_be_sent_twice() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = signed_in(&portal, "Anja", Role::Editor).await;
        let path = format!("{EIGEN}/foto");
        let good = photo(5, 400, 300);
        let truncated = &good[..good.len() / 2];
        let large = vec![0xff; 10 * 1024 * 1024 + 1];
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let mut bomb = Vec::new();
        image::codecs::png::PngEncoder::new(&mut bomb)
            .write_image(
                &vec![0; 6000 * 6000],
                6000,
                6000,
                image::ExtendedColorType::L8,
            )
            .unwrap();
        assert!(bomb.len() < 200_000, "{}", bomb.len());
        for (name, kind, bytes, words) in [
            (
                "a.svg",
                "image/svg+xml",
                &svg[..],
                "geen foto die wij kunnen lezen",
            ),
            (
                "a.jpg",
                "image/jpeg",
                &svg[..],
                "geen foto die wij kunnen lezen",
            ),
            (
                "a.gif",
                "image/gif",
                b"GIF89a\x01\0\x01\0\0\0\0;",
                "geen foto die wij kunnen lezen",
            ),
            (
                "a.jpg",
                "image/jpeg",
                truncated,
                "beschadigd of niet compleet",
            ),
            ("a.jpg", "image/jpeg", &large, "groter dan 10 MB"),
            ("a.png", "image/png", &bomb, "te veel beeldpunten"),
            (
                "a.jpg",
                "image/jpeg",
                &photo(5, 100, 100),
                "te klein of te smal",
            ),
            ("", "application/octet-stream", b"", "Kies eerst een foto"),
        ] {
            let page =
                send_named(&mut anja, EIGEN, "  Wat ik \"typte\" ", (name, kind, bytes)).await;
            assert_eq!(page.status, 422, "{words}");
            let told = page.one("#foto-fout");
            assert!(told.contains(words), "{told}");
            assert_eq!(
                Filled(page.form("#form")).value("beschrijving"),
                "Wat ik \"typte\""
            );
        }
        assert_eq!(portal.count("pictures").await, 0);
        // Whatever it says to be, a photo is a photo.
        let page = send_named(&mut anja, EIGEN, " \t ", ("x.exe", "text/html", &good)).await;
        assert_eq!(page.status, 422);
        assert!(
            page.one("#beschrijving-fout")
                .contains("wat er op de foto te zien is")
        );
        assert!(page.html().contains("Uw foto is binnen"));
        let form = page.form("#form");
        let value = |name: &str| form.iter().find(|(own, _)| own == name).unwrap().1.clone();
        let long = "lang ".repeat(41);
        for (alt, status) in [(long.as_str(), 422), (ALT, 303)] {
            let fields = [
                ("versie", &value("versie")[..]),
                ("gekomen", &value("gekomen")),
                ("beschrijving", alt),
            ];
            let page = anja
                .send_file(&path, &fields, ("", "application/octet-stream", b""))
                .await;
            assert_eq!(page.status, status);
        }
        // The words alone are changed without the photo.
        let page = send_named(&mut anja, EIGEN, "Andere woorden", ("", "", b"")).await;
        onward(&page);
        let page = anja.get(&path).await.ok();
        assert_eq!(page.attribute("img", "alt"), "Andere woorden");
        assert_eq!(portal.count("pictures").await, 1);
        // A name of a photo that is not there is as if there was none.
        let fields = [
            ("versie", "1"),
            ("gekomen", &"0".repeat(32)),
            ("beschrijving", ALT),
        ];
        let page = anja
            .send_file(&format!("{KOFFIE}/foto"), &fields, ("", "", b""))
            .await;
        assert!(page.one("#foto-fout").contains("Kies eerst een foto"));
    });
}

#[test]
fn the_door_is_shut_to_what_is_no_form_of_ours() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = signed_in(&portal, "Anja", Role::Editor).await;
        let path = format!("{EIGEN}/foto");
        let huge = vec![0; 25 * 1024 * 1024];
        let page = anja
            .send_file(&path, &[("versie", "1")], ("a", "b", &huge))
            .await;
        assert_eq!(page.status, 413, "by what it says");
        let (kind, body) = with_file(&[("versie", "1")], ("a", "b", &huge));
        let request = anja
            .request(Method::POST, &path)
            .header("origin", "https://wijzer.test")
            .header("content-type", kind)
            .body(Body::from(body));
        assert_eq!(
            anja.send(request.unwrap()).await.status,
            413,
            "by what comes"
        );
        // Only here: everywhere else a form is small.
        let page = anja
            .send_file(EIGEN, &[("versie", "1")], ("a", "b", &huge[..300_000]))
            .await;
        assert_eq!(page.status, 413);
        let many: Vec<(&str, &str)> = vec![("x", "y"); 20];
        let long = "x".repeat(5000);
        for fields in [
            &many[..],
            &[("versie", "een"), ("beschrijving", ALT)],
            &[("beschrijving", ALT)],
            &[("versie", "1"), ("beschrijving", &long)],
            &[("versie", "1"), ("beschrijving", "a\0b")],
        ] {
            let page = anja
                .send_file(&path, fields, ("a.jpg", "image/jpeg", &photo(1, 200, 200)))
                .await;
            assert_eq!(page.status, 400, "{:?}", fields.first());
        }
        for (kind, body) in [
            ("multipart/form-data; boundary=x", "--x--"),
            ("multipart/form-data", "--x\r\n"),
            (
                "multipart/form-data; boundary=x",
                "--x\r\ncontent-disposition: form-data; name=\"versie\"\r\n\r\n1",
            ),
            ("application/x-www-form-urlencoded", "versie=1"),
            ("application/json", "{}"),
        ] {
            let request = anja
                .request(Method::POST, &path)
                .header("origin", "https://wijzer.test")
                .header("content-type", kind)
                .body(Body::from(body));
            assert_eq!(
                anja.send(request.unwrap()).await.status,
                400,
                "{kind} {body}"
            );
        }
        // From another site, or from nobody.
        let (kind, body) = with_file(
            &[("versie", "1"), ("beschrijving", ALT)],
            ("a.jpg", "image/jpeg", &photo(1, 200, 200)),
        );
        for (origin, cookie, status) in [
            ("https://evil.test", true, 403),
            ("https://wijzer.test", false, 303),
        ] {
            let mut browser = anja.clone();
            browser.cookie = browser.cookie.filter(|_| cookie);
            let request = browser
                .request(Method::POST, &path)
                .header("origin", origin)
                .header("content-type", kind)
                .body(Body::from(body.clone()));
            assert_eq!(
                browser.send(request.unwrap()).await.status,
                status,
                "{origin}"
            );
        }
        assert_eq!(portal.count("pictures").await, 0);
    });
}

#[test]
fn a_provider_proposes_a_photo_for_its_own_and_for_no_other() {
    run(async {
        let mut portal = two_organisations().await;
        let mut piet = signed_in(&portal, "Piet", Role::Provider).await;
        let mut anja = signed_in(&portal, "Anja", Role::Editor).await;
        let mut lies = signed_in(&portal, "Lies", Role::Reader).await;
        let file = ("a.jpg", "image/jpeg", &photo(9, 400, 300)[..]);
        let fields = [("versie", "1"), ("beschrijving", ALT)];
        let other = piet
            .send_file("/beheer/organisaties/ander/foto", &fields, file)
            .await;
        assert_eq!(other.status, 404);
        assert_eq!(
            lies.send_file(&format!("{EIGEN}/foto"), &fields, file)
                .await
                .status,
            403
        );
        assert_eq!(portal.count("pictures").await, 0, "not even kept");

        let sent = piet
            .send_file(&format!("{EIGEN}/foto"), &fields, file)
            .await;
        assert_eq!(onward(&sent), format!("{EIGEN}?gedaan=gestuurd"));
        assert!(!portal.get("/organisaties/eigen").await.ok().has("img"));
        let id: String = sqlx::query_scalar("select id from pictures")
            .fetch_one(&portal.pool)
            .await
            .unwrap();
        let public = format!("/foto/{id}-400.jpg");
        assert_eq!(
            portal.get(&public).await.status,
            404,
            "not before it is approved"
        );
        // Who may see the record sees it; by way of another record nobody does.
        let thumbnail = format!("{EIGEN}/foto/{id}");
        let seen = anja.get(&thumbnail).await.ok();
        assert_eq!(seen.header("content-type"), "image/jpeg");
        assert_eq!(seen.header("cache-control"), "private, no-store");
        assert_eq!(lies.get(&thumbnail).await.status, 200);
        assert_eq!(piet.get(&thumbnail).await.status, 200);
        assert_eq!(anja.get(&format!("{KOFFIE}/foto/{id}")).await.status, 404);
        assert_eq!(
            piet.get(&format!("/beheer/organisaties/ander/foto/{id}"))
                .await
                .status,
            404
        );
        // What is proposed later builds on it: words first, then other words for the photo.
        let form = piet
            .form(EIGEN)
            .await
            .with("samenvatting", "Van Piet.")
            .with("doen", "stuur");
        onward(&piet.submit(EIGEN, &form).await);
        onward(&send_named(&mut piet, EIGEN, "Een tafel met koffie.", ("", "", b"")).await);
        let page = anja.get(EIGEN).await.ok();
        assert_eq!(
            page.attribute(".beheer-box img", "alt"),
            "Een tafel met koffie."
        );
        assert!(page.texts(".beheer-box dt").contains(&"Foto".to_owned()));
        onward(&anja.press(EIGEN, "/voorstel/goedkeuren").await);
        portal.turn().await;
        let page = portal.get("/organisaties/eigen").await.ok();
        assert_eq!(
            page.attribute("img.wijzer-photo", "alt"),
            "Een tafel met koffie."
        );
        assert!(page.html().contains("Van Piet."));
        portal.get(&public).await.ok();
        // Taking it away is a proposal too.
        let form = piet.form(&format!("{EIGEN}/foto")).await;
        let gone = piet
            .post(
                &format!("{EIGEN}/foto/weg"),
                &[("versie", form.value("versie"))],
            )
            .await;
        assert_eq!(onward(&gone), format!("{EIGEN}?gedaan=gestuurd"));
        portal.turn().await;
        assert!(portal.get("/organisaties/eigen").await.ok().has("img"));
    });
}

#[test]
fn an_old_version_comes_back_with_its_photo_as_long_as_that_is_kept() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = signed_in(&portal, "Anja", Role::Editor).await;
        onward(&send(&mut anja, EIGEN, "De eerste", &photo(2, 400, 300)).await);
        onward(&send(&mut anja, EIGEN, "De tweede", &photo(4, 400, 300)).await);
        let form = anja.form(&format!("{EIGEN}/foto")).await;
        let gone = anja
            .post(
                &format!("{EIGEN}/foto/weg"),
                &[("versie", form.value("versie"))],
            )
            .await;
        assert_eq!(onward(&gone), format!("{EIGEN}?gedaan=weg"));
        portal.turn().await;
        assert!(!portal.get("/organisaties/eigen").await.ok().has("img"));
        let history = anja.get(&format!("{EIGEN}/geschiedenis")).await.ok();
        assert_eq!(history.texts(".beheer-history > li").len(), 4);
        let changes = history.texts(".beheer-history dd");
        assert!(
            changes[0].contains("De tweede") && changes[2].contains("De eerste"),
            "{changes:?}"
        );
        let mut conn = portal.pool.acquire().await.unwrap();
        store::sweep(&mut conn).await.unwrap();
        assert_eq!(portal.count("pictures").await, 2, "kept for a while");
        let back = |at: usize, page: &TestPage| {
            let form = page.form(&format!(".beheer-history > li:nth-child({at}) form"));
            let value = |name: &str| form.iter().find(|(own, _)| own == name).unwrap().1.clone();
            [("regel", value("regel")), ("versie", value("versie"))]
        };
        let restore = back(3, &history);
        let restore: Vec<(&str, &str)> = restore.iter().map(|(n, v)| (*n, v.as_str())).collect();
        onward(&anja.post(&format!("{EIGEN}/terugzetten"), &restore).await);
        portal.turn().await;
        let page = portal.get("/organisaties/eigen").await.ok();
        assert_eq!(page.attribute("img.wijzer-photo", "alt"), "De eerste");
        portal.get(&sizes(&page)[0]).await.ok();
        // A long time later: what is shown stays, the other is gone, and its version comes back without.
        store::sweep(&mut conn).await.unwrap();
        sqlx::query("update pictures set gone_after = gone_after - interval '91 days'")
            .execute(&portal.pool)
            .await
            .unwrap();
        store::sweep(&mut conn).await.unwrap();
        assert_eq!(portal.count("pictures").await, 1);
        let history = anja.get(&format!("{EIGEN}/geschiedenis")).await.ok();
        let restore = back(3, &history);
        let restore: Vec<(&str, &str)> = restore.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let done = anja.post(&format!("{EIGEN}/terugzetten"), &restore).await;
        assert_eq!(onward(&done), format!("{EIGEN}?gedaan=teruggezet"));
        portal.turn().await;
        assert!(!portal.get("/organisaties/eigen").await.ok().has("img"));
    });
}

#[test]
fn forms_and_tables_leave_a_photo_alone() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = signed_in(&portal, "Anja", Role::Editor).await;
        for (record, seed) in [(EIGEN, 6), (KOFFIE, 7)] {
            onward(&send(&mut anja, record, ALT, &photo(seed, 400, 300)).await);
        }
        for (record, title) in [(EIGEN, "naam"), (KOFFIE, "titel")] {
            let form = anja.form(record).await;
            let form = form.with(title, "Nieuwe naam").with("doen", "bewaar");
            onward(&anja.submit(record, &form).await);
        }
        let folder = open_folder();
        export(&portal.pool, folder.path()).await;
        let same = import(&portal.pool, folder.path(), false).await.unwrap();
        assert_eq!(same.changed(), 0, "{same}");
        for file in ["organisations.csv", "activities.csv"] {
            let file = folder.path().join(file);
            let text = std::fs::read_to_string(&file).unwrap();
            std::fs::write(&file, text.replace("Nieuwe naam", "Uit een tabel")).unwrap();
        }
        let other = import(&portal.pool, folder.path(), false).await.unwrap();
        assert_eq!(other.revised, 2);
        portal.turn().await;
        for page in ["/organisaties/eigen", "/activiteiten/koffie-eigen"] {
            let page = portal.get(page).await.ok();
            assert_eq!(page.one("h1"), "Uit een tabel");
            assert_eq!(page.attribute("img.wijzer-photo", "alt"), ALT);
        }
        // Not without words, whoever writes.
        for alt in ["null", "''", "'  '", "repeat('x', 201)"] {
            let statement =
                format!("update organisations set picture_alt = {alt} where slug = 'eigen'");
            let refused = sqlx::query(sqlx::AssertSqlSafe(statement))
                .execute(&portal.pool)
                .await;
            assert!(
                refused
                    .unwrap_err()
                    .to_string()
                    .contains("organisations_picture_alt"),
                "{alt}"
            );
        }
    });
}

/// Who looks for a photo halfway through a form finds it again, and is not overtaken by themselves.
#[test]
fn a_form_that_was_half_filled_in_goes_on_after_the_photo() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = signed_in(&portal, "Anja", Role::Editor).await;
        let mut bert = signed_in(&portal, "Bert", Role::Editor).await;
        for browser in [&mut anja, &mut bert] {
            let typed = browser.form(EIGEN).await.with("samenvatting", "Half af");
            let kept = browser.submit(&format!("{EIGEN}/onaf"), &typed).await;
            assert_eq!(kept.status, 204);
        }
        onward(&send(&mut anja, EIGEN, ALT, &photo(12, 400, 300)).await);
        let on = format!("{EIGEN}?verder=ja");
        for (browser, status) in [(&mut bert, 422), (&mut anja, 303)] {
            let form = browser.form(&on).await.with("doen", "bewaar");
            assert_eq!(form.value("samenvatting"), "Half af");
            assert_eq!(browser.submit(EIGEN, &form).await.status, status);
        }
        assert!(anja.get(EIGEN).await.ok().has("img"));
    });
}

/// A photo that came in with a form that was never finished is gone after a day.
#[test]
fn what_nothing_shows_is_not_kept() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = signed_in(&portal, "Anja", Role::Editor).await;
        onward(&send(&mut anja, EIGEN, ALT, &photo(13, 400, 300)).await);
        let unfinished = send(&mut anja, EIGEN, "", &photo(14, 400, 300)).await;
        assert_eq!(
            (unfinished.status.as_u16(), portal.count("pictures").await),
            (422, 2)
        );
        let mut conn = portal.pool.acquire().await.unwrap();
        for (hours, left) in [(0, 2), (23, 2), (2, 1), (99_999, 1)] {
            sqlx::query("update pictures set gone_after = gone_after - make_interval(hours => $1)")
                .bind(hours)
                .execute(&portal.pool)
                .await
                .unwrap();
            store::sweep(&mut conn).await.unwrap();
            assert_eq!(portal.count("pictures").await, left, "{hours}");
        }
        assert_eq!(portal.count("picture_sizes").await, 2);
    });
}

#[test]
fn words_and_names_are_never_run() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = signed_in(&portal, "Anja", Role::Editor).await;
        let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
        let mut bytes = photo(8, 400, 300);
        bytes.extend(b"<html><script>alert('polyglot')</script></html>");
        let name = "%22%3E%3Cscript%3Ealert(2)%3C/script%3E.jpg.html";
        onward(&send_named(&mut anja, EIGEN, evil, (name, "text/html", &bytes)).await);
        portal.turn().await;
        let page = portal.get("/organisaties/eigen").await.ok();
        assert_eq!(page.attribute("img.wijzer-photo", "alt"), evil);
        assert_eq!(page.elements("img").len(), 1);
        for address in sizes(&page) {
            let size = portal.get(&address).await.ok();
            assert!(!size.bytes.windows(6).any(|part| part == b"script"));
        }
        for page in [
            EIGEN.to_owned(),
            format!("{EIGEN}/foto"),
            format!("{EIGEN}/geschiedenis"),
            "/beheer/logboek".to_owned(),
        ] {
            let page = anja.get(&page).await.ok();
            assert!(
                !page.html().contains("<script>alert") && !page.has("img[onerror]"),
                "{}",
                page.path
            );
        }
        let named: i64 =
            sqlx::query_scalar("select count(*) from audit_log where content::text like '%.jpg%'")
                .fetch_one(&portal.pool)
                .await
                .unwrap();
        assert_eq!(named, 0, "the name of the file is not kept");
    });
}

#[test]
fn several_at_once_and_a_double_click() {
    run(async {
        let portal = two_organisations().await;
        let anja = signed_in(&portal, "Anja", Role::Editor).await;
        let fields = [("versie", "1"), ("beschrijving", ALT)];
        // The same form twice at one time: one change, and both see that it is done.
        let twice = photo(11, 1200, 900);
        let path = format!("{EIGEN}/foto");
        let mut browsers = [anja.clone(), anja.clone()];
        let [one, other] = &mut browsers;
        let file = ("a.jpg", "image/jpeg", &twice[..]);
        let (one, other) = tokio::join!(
            one.send_file(&path, &fields, file),
            other.send_file(&path, &fields, file)
        );
        assert!(onward(&one).starts_with(EIGEN) && onward(&other).starts_with(EIGEN));
        let version: i32 =
            sqlx::query_scalar("select version from organisations where slug = 'eigen'")
                .fetch_one(&portal.pool)
                .await
                .unwrap();
        assert_eq!(version, 2);
        // Many different ones for one record: the first is kept, the others are told.
        let path = format!("{KOFFIE}/foto");
        let mut at_once = tokio::task::JoinSet::new();
        for seed in 20..32 {
            let (mut browser, path) = (anja.clone(), path.clone());
            at_once.spawn(async move {
                let bytes = photo(seed, 600, 400);
                let file = ("a.jpg", "image/jpeg", &bytes[..]);
                let fields = [("versie", "1"), ("beschrijving", ALT)];
                let page = browser.send_file(&path, &fields, file).await;
                page.status.as_u16()
            });
        }
        let answers = at_once.join_all().await;
        let of = |status| answers.iter().filter(|answer| **answer == status).count();
        assert_eq!((of(303), of(422)), (1, 11), "{answers:?}");
    });
}
