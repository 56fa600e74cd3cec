//! Stopping under load (fault matrix, F28).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::support::program::{House, ask};

#[test]
fn a_stop_under_load_finishes_every_answer_it_began() {
    let house = House::furnished();
    let mut program = house.start(&[]);
    let (address, over, answered) = (
        program.address,
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let visitors: Vec<_> = ["/", "/zoeken?q=ouderen", "/organisaties", "/agenda"]
        .into_iter()
        .map(|path| {
            let (over, answered) = (Arc::clone(&over), Arc::clone(&answered));
            std::thread::spawn(move || {
                // `ask` fails the test on an answer that breaks off; no answer at all may be
                // asked again elsewhere, and is no loss.
                while !over.load(Ordering::Relaxed) {
                    let Some(answer) = ask(address, path) else {
                        return;
                    };
                    assert_eq!(answer.status, 200, "{path}");
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    program.wait_until("under load", |_| answered.load(Ordering::Relaxed) > 40);
    let begun = Instant::now();
    assert!(program.terminate().success(), "{}", program.log());
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "{:?}",
        begun.elapsed()
    );
    over.store(true, Ordering::Relaxed);
    for visitor in visitors {
        visitor.join().unwrap();
    }
}
