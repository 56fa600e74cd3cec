use super::*;

#[test]
fn after_a_failure_one_caller_tries_per_pause() {
    let breaker = Breaker::new(Duration::from_millis(500));
    let at = Duration::from_millis;
    assert!(breaker.may_try_at(at(0)) && breaker.may_try_at(at(0)));
    breaker.failed_at(at(100));
    assert!(!breaker.may_try_at(at(599)));
    assert!(breaker.may_try_at(at(600)), "one probe");
    assert!(!breaker.may_try_at(at(600)), "the others fail at once");
    assert!(
        breaker.may_try_at(at(1100)),
        "a probe that never ended is followed by another"
    );
    breaker.succeeded();
    assert!(breaker.may_try_at(at(1100)) && breaker.may_try_at(at(1100)));
}

/// A port that accepts and never answers: the hanging server of the fault matrix (F2).
#[tokio::test]
async fn a_hanging_database_costs_one_wait_and_then_nothing() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(silent.local_addr().unwrap().port())
        .username("nobody");
    let database = Database::lazy(options, 2);
    assert!(database.is_up());
    assert!(matches!(database.acquire().await, Err(Error::DatabaseAway)));
    assert!(!database.is_up());
    let begun = Instant::now();
    for _ in 0..100 {
        assert!(matches!(database.acquire().await, Err(Error::DatabaseAway)));
        if begun.elapsed() >= PAUSE {
            return; // a very slow machine: the next probe is due, which is right as well
        }
    }
    assert!(
        begun.elapsed() < ACQUIRE,
        "a hundred refusals take less than one wait"
    );
}
