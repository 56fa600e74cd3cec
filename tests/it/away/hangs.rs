use std::process::Command;

use super::Island;
use crate::support::run;

/// The server and all its children.
async fn processes(island: &Island) -> Vec<u32> {
    let leader: i32 = sqlx::query_scalar("select pg_backend_pid()")
        .fetch_one(&island.portal.pool)
        .await
        .unwrap();
    let parent = |pid: u32| -> Option<u32> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
    };
    let server = parent(u32::try_from(leader).unwrap()).unwrap();
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| *pid == server || parent(*pid) == Some(server))
        .collect()
}

fn signal(name: &str, pids: &[u32]) {
    let pids = pids.iter().map(ToString::to_string);
    assert!(
        Command::new("kill")
            .arg(name)
            .args(pids)
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn a_server_that_hangs_is_as_good_as_away() {
    run(async {
        let island = Island::new().await;
        let pids = processes(&island).await;
        assert!(pids.len() > 3, "{pids:?}");
        signal("-STOP", &pids);
        let away = std::panic::AssertUnwindSafe(island.assert_away());
        let outcome = futures_catch(away).await;
        signal("-CONT", &pids);
        outcome.unwrap();
        island.assert_well_again().await;
    });
}

/// The stopped processes must go on again also when the test fails, or its server never ends.
async fn futures_catch<T>(
    work: std::panic::AssertUnwindSafe<impl Future<Output = T>>,
) -> std::thread::Result<T> {
    let mut work = Box::pin(work.0);
    std::future::poll_fn(move |context| {
        let polled =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work.as_mut().poll(context)));
        match polled {
            Ok(std::task::Poll::Pending) => std::task::Poll::Pending,
            Ok(std::task::Poll::Ready(value)) => std::task::Poll::Ready(Ok(value)),
            Err(panic) => std::task::Poll::Ready(Err(panic)),
        }
    })
    .await
}
