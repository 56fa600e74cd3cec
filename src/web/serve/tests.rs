use std::sync::Mutex;

use axum::{Router, routing::get};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::{Notify, oneshot},
    task::JoinHandle,
    time::Instant,
};

use super::*;

/// Far above what any test needs; reached only by a failure.
const BOUND: Duration = Duration::from_secs(20);

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

async fn start(router: Router, change: impl FnOnce(&mut Limits)) -> Running {
    let mut limits = Limits {
        headers: Duration::from_millis(300),
        stalled_write: Duration::from_millis(300),
        ..Limits::new(50)
    };
    change(&mut limits);
    let listener = listen("127.0.0.1:0".parse().unwrap(), "WIJZER_LISTEN")
        .await
        .unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(serve(listener, router, limits, async move {
        let _ = stopped.await;
    }));
    Running {
        address,
        stop,
        server,
    }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn end(self) {
        let _ = self.stop.send(());
        timeout(BOUND, self.server).await.unwrap().unwrap();
    }
}

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hallo" }))
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let _ = timeout(BOUND, stream.read_to_end(&mut all))
        .await
        .expect("the connection must end");
    String::from_utf8_lossy(&all).into_owned()
}

async fn answer(stream: &mut TcpStream) -> String {
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut buffer = vec![0; 4096];
    let read = timeout(BOUND, stream.read(&mut buffer))
        .await
        .unwrap()
        .unwrap();
    String::from_utf8_lossy(&buffer[..read]).into_owned()
}

#[tokio::test]
async fn half_headers_silence_and_idleness_end() {
    let running = start(hello(), |_| {}).await;
    let mut half = running.connect().await;
    half.write_all(b"GET / HTTP/1.1\r\nhos").await.unwrap();
    let mut silent = running.connect().await;
    let mut idle = running.connect().await;
    assert!(answer(&mut idle).await.starts_with("HTTP/1.1 200"));
    for stream in [&mut half, &mut silent, &mut idle] {
        assert!(!rest(stream).await.contains("200 OK"));
    }
    running.end().await;
}

#[tokio::test]
async fn a_slow_body_ends() {
    let form = axum::routing::post(|body: String| async { body });
    let door = crate::web::Door::html("site", |fault, _| {
        format!("fault {}", fault.status.as_u16())
    });
    let router = door
        .patience(Duration::from_millis(200))
        .close(Router::new().route("/", form));
    let running = start(router, |limits| limits.headers = BOUND).await;
    let mut slow = running.connect().await;
    slow.write_all(
        b"POST / HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-length: 10\r\n\r\nab",
    )
    .await
    .unwrap();
    let text = rest(&mut slow).await;
    assert!(
        text.starts_with("HTTP/1.1 408") && text.ends_with("fault 408"),
        "{text}"
    );
    running.end().await;
}

#[tokio::test]
async fn a_full_house_serves_again_when_the_slow_ones_are_out() {
    let running = start(hello(), |limits| limits.connections = 3).await;
    let mut slow = Vec::new();
    for _ in 0..3 {
        let mut stream = running.connect().await;
        stream.write_all(b"GET / HT").await.unwrap();
        slow.push(stream);
    }
    assert!(
        answer(&mut running.connect().await)
            .await
            .ends_with("hallo")
    );
    running.end().await;
}

#[tokio::test]
async fn a_reader_who_does_not_read_is_let_go() {
    // More than the system's buffers of both sides take, so that the server has to wait.
    let large = bytes::Bytes::from(vec![b'x'; 64 * 1024 * 1024]);
    let router = Router::new().route("/", get(move || async { large }));
    let running = start(router, |limits| limits.connections = 1).await;
    let mut stuck = running.connect().await;
    stuck
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    // The only slot comes free although `stuck` stays open.
    assert!(
        timeout(BOUND, answer(&mut running.connect().await))
            .await
            .unwrap()
            .starts_with("HTTP/1.1 200")
    );
    drop(stuck);
    running.end().await;
}

#[tokio::test]
async fn a_stop_finishes_what_runs_and_loses_no_request() {
    let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (seen, gate) = (Arc::clone(&entered), Arc::clone(&leave));
    let waiting = get(move || async move {
        seen.notify_one();
        gate.notified().await;
        "klaar"
    });
    let running = start(Router::new().route("/", waiting), |limits| {
        limits.headers = BOUND;
    })
    .await;
    let mut busy = running.connect().await;
    busy.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut idle = running.connect().await;
    entered.notified().await;
    running.stop.send(()).unwrap();
    assert_eq!(rest(&mut idle).await, "", "an idle connection ends at once");
    leave.notify_one();
    let text = rest(&mut busy).await;
    assert!(
        text.starts_with("HTTP/1.1 200")
            && text.contains("connection: close")
            && text.ends_with("klaar"),
        "{text}"
    );
    timeout(BOUND, running.server).await.unwrap().unwrap();
    assert!(
        TcpStream::connect(running.address).await.is_err(),
        "no new connections"
    );
}

/// A proxy's habit: keep-alive connections, and a retry elsewhere when one ended before any answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load_a_stop_breaks_no_answer_off() {
    let running = start(hello(), |_| {}).await;
    let broken = Arc::new(Mutex::new(Vec::new()));
    let (answered, mut enough) = watch::channel(0_u32);
    let answered = Arc::new(answered);
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let (broken, answered, address) =
                (Arc::clone(&broken), Arc::clone(&answered), running.address);
            tokio::spawn(async move {
                let Ok(mut stream) = TcpStream::connect(address).await else {
                    return;
                };
                loop {
                    if stream
                        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
                        .await
                        .is_err()
                    {
                        return;
                    }
                    let mut buffer = vec![0; 1024];
                    let Ok(read) = stream.read(&mut buffer).await else {
                        return;
                    };
                    let text = String::from_utf8_lossy(&buffer[..read]).into_owned();
                    if text.is_empty() {
                        return;
                    }
                    if !(text.starts_with("HTTP/1.1 200") && text.ends_with("hallo")) {
                        broken.lock().unwrap().push(text.clone());
                    }
                    answered.send_modify(|count| *count += 1);
                    if text.contains("connection: close") {
                        return;
                    }
                }
            })
        })
        .collect();
    timeout(BOUND, enough.wait_for(|count| *count > 200))
        .await
        .unwrap()
        .unwrap();
    running.end().await;
    for client in clients {
        timeout(BOUND, client).await.unwrap().unwrap();
    }
    assert_eq!(*broken.lock().unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_hold_up_the_stop() {
    let entered = Arc::new(Notify::new());
    let seen = Arc::clone(&entered);
    let endless = get(move || async move {
        seen.notify_one();
        std::future::pending::<()>().await;
    });
    let running = start(Router::new().route("/", endless), |limits| {
        limits.drain = Duration::from_millis(200);
    })
    .await;
    let mut stuck = running.connect().await;
    stuck
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    entered.notified().await;
    let begun = Instant::now();
    running.end().await;
    assert!(begun.elapsed() < BOUND);
}

#[tokio::test]
async fn raw_nonsense_is_refused_and_the_next_visitor_is_served() {
    let running = start(hello(), |_| {}).await;
    for nonsense in [
        &b"GET / HTTP/1.1\r\nhost: x\r\nbad\x01name: y\r\n\r\n"[..],
        b"GET /\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"\x16\x03\x01\x02\x00",
    ] {
        let mut stream = running.connect().await;
        stream.write_all(nonsense).await.unwrap();
        let text = rest(&mut stream).await;
        assert!(text.is_empty() || text.starts_with("HTTP/1.1 4"), "{text}");
    }
    assert!(
        answer(&mut running.connect().await)
            .await
            .ends_with("hallo")
    );
    running.end().await;
}

#[tokio::test]
async fn a_taken_port_is_told_in_a_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let said = listen(address, "WIJZER_LISTEN")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        said.contains(&address.port().to_string()) && said.contains("WIJZER_LISTEN"),
        "{said}"
    );
}
